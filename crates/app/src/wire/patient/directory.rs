//! The directory: verified doctors and laboratories, the hospitals, and the page of each.

use std::{collections::BTreeMap, sync::Arc};

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use medkey_client::{
    fault::Fault,
    list_members as members,
    people::{Hospital, Professional},
};
use medkey_protocol::{
    Address,
    api::{self, MemberQuery},
    blocks::{HospitalPage, Profile},
};

use super::{Above, sharing, use_patient};
use crate::{
    components::person_row::Person,
    load::{Load, Trouble},
    pages::directory::{DirectoryView, HospitalModel, HospitalView, Listed, ProfessionalModel, ProfessionalView, Sort},
    wire::{desk::Client, said},
};

/// Members that are compared with the chain at the same time.
const AT_ONCE: usize = 4;

fn listed(one: &members::Listed, names: &BTreeMap<u32, String>) -> Option<Listed> {
    let profile = one.profile.as_ref()?;
    let person = said::listed_person(one, names.get(&one.entry.hospital).map(String::as_str));
    Some(entry(person, one.entry.role, profile))
}

fn listed_doctor(one: &Professional) -> Listed {
    entry(said::person(one.member, Some(one)), one.standing.role, &one.profile)
}

fn entry(person: Person, role: api::Role, profile: &Profile) -> Listed {
    let sort = if role == api::Role::Lab { Sort::Laboratory } else { Sort::Doctor };
    let detail = if person.detail.is_empty() { sort.word().to_owned() } else { person.detail };
    Listed {
        sort,
        name: person.name,
        detail,
        besides: [profile.profession.as_str(), &profile.languages.join(" "), &profile.address].join(" "),
        href: format!("/directory/{}", person.address),
    }
}

fn listed_hospital(hospital: &Hospital) -> Listed {
    let page = &hospital.page;
    let mut parts = vec![page.address.clone(), page.specialties.join(", ")];
    parts.retain(|part| !part.is_empty());
    Listed {
        sort: Sort::Hospital,
        name: page.name.clone(),
        detail: parts.join(" · "),
        besides: String::new(),
        href: format!("/hospitals/{}", hospital.id),
    }
}

fn by_name(mut all: Vec<Listed>) -> Arc<[Listed]> {
    all.sort_by_cached_key(|one| one.name.to_lowercase());
    all.into()
}

/// All doctors that the relay lists as verified, and all laboratories after them. Whoever is chosen is looked up on the
/// chain before anything is shared.
pub(in crate::wire) async fn verified(client: &Client) -> Result<Vec<members::Listed>, Fault> {
    let mut found = Vec::new();
    for role in [api::Role::Doctor, api::Role::Lab] {
        let status = Some(api::Status::Active);
        found.extend(client.all_members(&MemberQuery { role: Some(role), status, ..MemberQuery::default() }).await?);
    }
    found.retain(|one| one.profile.is_some());
    Ok(found)
}

/// The same as people to choose from.
pub(in crate::wire) async fn verified_people(client: &Client) -> Result<Vec<Person>, Fault> {
    let found = verified(client).await?;
    let names = said::hospital_names(&client.hospitals().await?);
    let person = |one: &members::Listed| said::listed_person(one, names.get(&one.entry.hospital).map(String::as_str));
    Ok(found.iter().map(person).collect())
}

/// Reads something into what a page shows.
pub(in crate::wire) fn load<T: Send + Sync + 'static>(
    into: RwSignal<Load<T>>,
    reading: impl Future<Output = Result<T, Fault>> + 'static,
) {
    into.set(Load::Loading);
    spawn_local(async move {
        let read = reading.await;
        let _left = into.try_set(read.map_or_else(|fault| Load::Failed(said::trouble(&fault)), Load::Ready));
    });
}

/// The entries by name, and the members among them by page.
type Everybody = (Arc<[Listed]>, BTreeMap<String, members::Listed>);

async fn everybody(client: &Client) -> Result<Everybody, Fault> {
    let people = verified(client).await?;
    let hospitals = client.hospitals().await?;
    let names = said::hospital_names(&hospitals);
    let open = hospitals.iter().filter(|hospital| hospital.open).map(listed_hospital);
    let all = people.iter().filter_map(|one| listed(one, &names)).chain(open).collect();
    let people = people.into_iter().map(|one| (format!("/directory/{}", one.entry.member), one));
    Ok((by_name(all), people.collect()))
}

/// Compares who is seen with the chain, each once.
async fn compare(client: &Client, seen: Vec<members::Listed>, lie: RwSignal<Option<Trouble>>) {
    let compared = seen.iter().map(|one| client.compare_listed(one));
    let mut compared = futures::stream::iter(compared).buffer_unordered(AT_ONCE);
    while let Some(found) = compared.next().await {
        // A node that cannot be asked now is asked before anything is shared.
        if let Err(fault @ Fault::Lie(_)) = found {
            let _left = lie.try_set(Some(said::trouble(&fault)));
        }
    }
}

/// Values that are there, each with its name.
fn facts<const N: usize>(facts: [(&str, &str); N]) -> Vec<(String, String)> {
    let there = facts.into_iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn professional(client: &Client, member: Address) -> Result<ProfessionalModel, Fault> {
    let one = client.professional(member).await?;
    let key_words = client.card_of(member).await?.fingerprint()?;
    let profile = &one.profile;
    let facts = facts([
        ("Profession", &profile.profession),
        ("Specialty", &profile.specialty),
        ("Qualification", &profile.qualification),
        ("Licence", &profile.licence),
        ("Languages", &profile.languages.join(", ")),
        ("Telephone", &profile.phone),
        ("E-mail", &profile.email),
        ("Address", &profile.address),
        ("Account", &member.to_string()),
    ]);
    let hospital =
        one.hospital.as_ref().map(|page| (page.name.clone(), format!("/hospitals/{}", one.standing.hospital)));
    let is_asked = one.standing.role == api::Role::Doctor && one.standing.status == api::Status::Active;
    let asking = is_asked.then(|| format!("/treatment/new?doctor={member}"));
    Ok(ProfessionalModel { person: said::person(member, Some(&one)), hospital, facts, key_words, asking })
}

/// A hospital and the doctors who can be shared with.
async fn hospital(client: &Client, id: u32) -> Result<(Hospital, Vec<Professional>), Fault> {
    let hospital = client.hospital(id).await?;
    let doctors = client.professionals(api::Role::Doctor, Some(id)).await?;
    Ok((hospital, doctors))
}

fn hospital_facts(page: &HospitalPage) -> Vec<(String, String)> {
    facts([
        ("Address", &page.address),
        ("Specialties", &page.specialties.join(", ")),
        ("Telephone", &page.phone),
        ("E-mail", &page.email),
        ("Website", &page.website),
    ])
}

/// The list.
#[component]
pub fn Directory() -> impl IntoView {
    let patient = use_patient()?;
    let model = RwSignal::new(Load::Loading);
    let lie = RwSignal::new(None);
    let left = StoredValue::new_local(BTreeMap::<String, members::Listed>::new());
    let read = move || {
        let open = patient.open();
        lie.set(None);
        load(model, async move {
            let (all, people) = everybody(open.client()).await?;
            let _left = left.try_set_value(people);
            Ok(all)
        });
    };
    read();
    let seen = move |items: Arc<[Listed]>| {
        let seen: Vec<_> = left
            .try_update_value(|left| items.iter().filter_map(|item| left.remove(&item.href)).collect())
            .unwrap_or_default();
        let open = patient.open();
        spawn_local(async move { compare(open.client(), seen, lie).await });
    };
    Some(view! {
        <DirectoryView
            model=model
            lie=lie
            search=RwSignal::new(String::new())
            sort=RwSignal::new(String::new())
            on_seen=seen
            on_retry=move |()| read()
        />
    })
}

/// The page of a doctor or a laboratory.
#[component]
pub fn ProfessionalPage() -> impl IntoView {
    let patient = use_patient()?;
    let params = use_params_map();
    let member = Memo::new(move |_| params.with(|params| params.get("member")?.parse::<Address>().ok()));
    let model = RwSignal::new(Load::Loading);
    let read = move || {
        let open = patient.open();
        let member = member.get();
        load(model, async move {
            match member {
                Some(member) => professional(open.client(), member).await,
                None => Err(Fault::NoMember(Address::ZERO)),
            }
        });
    };
    Effect::new(move |_| read());
    let share = move |()| {
        if let Some(member) = member.get_untracked() {
            patient.show(Above::Sharing(sharing::About::person(member)));
        }
    };
    Some(
        view! { <ProfessionalView model=model read_only=patient.read_only() on_retry=move |()| read() on_share=share /> },
    )
}

/// The page of a hospital.
#[component]
pub fn HospitalPageOf() -> impl IntoView {
    let patient = use_patient()?;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<u32>().ok()).unwrap_or_default());
    let model = RwSignal::new(Load::Loading);
    let doctors = StoredValue::new(Vec::<Address>::new());
    let read = move || {
        let open = patient.open();
        let id = id.get();
        load(model, async move {
            let (hospital, found) = hospital(open.client(), id).await?;
            let _left = doctors.try_set_value(found.iter().map(|one| one.member).collect());
            Ok(HospitalModel {
                name: hospital.page.name.clone(),
                open: hospital.open,
                facts: hospital_facts(&hospital.page),
                doctors: by_name(found.iter().map(listed_doctor).collect()),
            })
        });
    };
    Effect::new(move |_| read());
    let share = move |()| {
        let name = model.with_untracked(|model| model.ready().map(|model| model.name.clone()));
        let Some(name) = name else { return };
        patient.show(Above::Sharing(sharing::About::doctors(id.get_untracked(), name, doctors.get_value())));
    };
    Some(view! { <HospitalView model=model read_only=patient.read_only() on_retry=move |()| read() on_share=share /> })
}
