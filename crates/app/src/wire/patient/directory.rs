//! The directory: verified doctors and laboratories, the hospitals, and the page of each.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use medkey_client::{
    fault::Fault,
    people::{Hospital, Professional},
};
use medkey_protocol::{Address, api, blocks::HospitalPage};

use super::{Above, sharing, use_patient};
use crate::{
    load::Load,
    pages::directory::{DirectoryView, HospitalModel, HospitalView, Listed, ProfessionalModel, ProfessionalView, Sort},
    wire::{desk::Client, said},
};

fn listed(one: &Professional) -> Listed {
    let person = said::person(one.member, Some(one));
    let sort = if one.standing.role == api::Role::Lab { Sort::Laboratory } else { Sort::Doctor };
    let detail = if person.detail.is_empty() { sort.word().to_owned() } else { person.detail };
    Listed {
        sort,
        name: person.name,
        detail,
        besides: [one.profile.profession.as_str(), &one.profile.languages.join(" "), &one.profile.address].join(" "),
        href: format!("/directory/{}", one.member),
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

fn by_name(mut all: Vec<Listed>) -> Vec<Listed> {
    all.sort_by_key(|one| one.name.to_lowercase());
    all
}

/// All verified doctors, and all verified laboratories after them.
pub(in crate::wire) async fn verified(client: &Client) -> Result<Vec<Professional>, Fault> {
    let mut found = client.professionals(api::Role::Doctor, None).await?;
    found.extend(client.professionals(api::Role::Lab, None).await?);
    Ok(found)
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

async fn everybody(client: &Client) -> Result<Vec<Listed>, Fault> {
    let people = verified(client).await?;
    let hospitals = client.hospitals().await?;
    let people = people.iter().map(listed);
    Ok(by_name(people.chain(hospitals.iter().filter(|hospital| hospital.open).map(listed_hospital)).collect()))
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
    let read = move || {
        let open = patient.open();
        load(model, async move { everybody(open.client()).await });
    };
    read();
    Some(view! {
        <DirectoryView
            model=model
            search=RwSignal::new(String::new())
            sort=RwSignal::new(String::new())
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
                doctors: by_name(found.iter().map(listed).collect()),
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
