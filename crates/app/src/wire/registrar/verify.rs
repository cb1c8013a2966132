//! Verify: everybody who waits, with exactly the profile that is verified.

use leptos::prelude::*;
use medkey_client::verify_member::{Candidate, Why};
use medkey_protocol::api::Role;

use super::desk::{RegistrarDesk, use_registrar};
use crate::{
    components::{changes::changed, chip::Standing, person_row::Person},
    load::{Load, Trouble},
    pages::verify::{Applicant, RefuseDialog, RefuseInput, VerifyDialog, VerifyInput, VerifyView},
    speaking::short_address,
    wire::{
        acts::{Acts, use_acts},
        said::profile_facts,
    },
};

fn applicant(desk: RegistrarDesk, candidate: &Candidate) -> Applicant {
    let Candidate { entry, digest, profile, hospital, verified } = candidate;
    let address = entry.member.to_string();
    let laboratory = entry.role == Role::Lab;
    let name = profile.as_ref().map(|profile| profile.name.clone()).filter(|name| !name.is_empty());
    let field = profile.as_ref().map(|profile| match profile.specialty.as_str() {
        "" => profile.profession.clone(),
        specialty => specialty.to_owned(),
    });
    let detail = if laboratory { "Laboratory".to_owned() } else { field.unwrap_or_default() };
    let names = desk.registry.with(|registry| registry.ready().map(|registry| registry.names())).unwrap_or_default();
    let named = |id: u32| (id != 0).then(|| names.get(&id).cloned().unwrap_or_else(|| format!("hospital {id}")));
    let (works_at, worked_at) = (named(*hospital), named(entry.hospital));
    let facts: Vec<_> = profile.as_ref().map(|profile| profile_facts(profile, works_at.as_deref())).unwrap_or_default();
    let changes = verified.as_ref().map(|verified| changed(&profile_facts(verified, worked_at.as_deref()), &facts));
    let open = desk.open_hospitals().contains_key(hospital);
    Applicant {
        person: Person {
            name: name.unwrap_or_else(|| format!("Unknown account {}", short_address(&address))),
            address,
            detail,
            standing: Standing::Pending,
        },
        licence: profile.as_ref().map(|profile| profile.licence.clone()).unwrap_or_default(),
        hospital: works_at.map(|name| if open { name } else { format!("{name}, which is closed") }),
        named: *hospital,
        hospital_id: if open { hospital.to_string() } else { String::new() },
        profile: facts,
        digest: digest.to_string(),
        changes,
        leaves: worked_at.filter(|_| *hospital == 0),
        laboratory,
    }
}

/// The reasons of a refusal or a suspension.
pub(super) fn reasons() -> Vec<(String, String)> {
    let reason = |why: Why| ((why as u8).to_string(), why.sentence().trim_end_matches('.').to_owned());
    Why::ALL.into_iter().map(reason).collect()
}

/// What is open above the list.
#[derive(Clone)]
enum Above {
    Nothing,
    Reviewing(Applicant),
    Refusing(Applicant),
}

fn found(desk: RegistrarDesk, address: &str, digest: &str) -> Option<Candidate> {
    desk.candidates.with_untracked(|candidates| {
        let same = |one: &&Candidate| one.entry.member.to_string() == address && one.digest.to_string() == digest;
        candidates.ready()?.iter().find(same).cloned()
    })
}

fn name_of(candidate: &Candidate) -> String {
    let name = candidate.profile.as_ref().map(|profile| profile.name.clone());
    name.unwrap_or_else(|| short_address(&candidate.entry.member.to_string()))
}

fn changed_meanwhile() -> Trouble {
    Trouble::new("The profile has changed since you looked at it.", "Nothing was verified. Look at it again.")
}

/// Verifies exactly the profile that was seen, with the hospital that the registrar confirms.
fn verify(desk: RegistrarDesk, acts: Acts, input: &VerifyInput) -> Result<(), Trouble> {
    let candidate = found(desk, &input.address, &input.digest).ok_or_else(changed_meanwhile)?;
    let hospital = input.hospital.parse().unwrap_or_default();
    let candidate = Candidate { hospital, ..candidate };
    let name = name_of(&candidate);
    let said = (format!("Verifying {name}"), format!("{name} is verified."));
    desk.act(acts, said, async move |client, listen| client.verify_member(&candidate, listen).await);
    Ok(())
}

fn refuse(desk: RegistrarDesk, acts: Acts, input: &RefuseInput) -> Result<(), Trouble> {
    let candidate = found(desk, &input.address, &input.digest).ok_or_else(changed_meanwhile)?;
    let name = name_of(&candidate);
    match input.reason {
        Some(reason) => {
            let (member, why) = (candidate.entry.member, Why::of(reason));
            let said = (format!("Refusing {name}"), format!("{name} was refused and sees why."));
            desk.act(acts, said, async move |client, listen| client.refuse_member(member, why, listen).await);
        }
        None => {
            let said = (format!("Keeping {name} as verified"), format!("{name} stays as verified."));
            desk.act(acts, said, async move |client, listen| client.keep_verified(&candidate, listen).await);
        }
    }
    Ok(())
}

/// The page.
#[component]
pub fn Verify() -> impl IntoView {
    let desk = use_registrar()?;
    let acts = use_acts();
    let above = RwSignal::new(Above::Nothing);
    let trouble = RwSignal::new(None::<Trouble>);
    let model = Memo::new(move |_| {
        desk.candidates.with(|candidates| match candidates {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(found) => {
                Load::Ready(found.iter().map(|candidate| applicant(desk, candidate)).collect::<Vec<_>>())
            }
        })
    });
    let hospitals = Signal::derive(move || {
        desk.open_hospitals().into_iter().map(|(id, name)| (id.to_string(), name)).collect::<Vec<_>>()
    });
    let review = move |applicant: Applicant| {
        // Nobody verifies what they have not seen.
        if applicant.profile.is_empty() {
            let what = format!("The server does not hand out the profile of {}.", applicant.person.name);
            trouble.set(Some(Trouble::new(what, "It cannot be verified before it was looked at.")));
        } else {
            trouble.set(None);
            above.set(Above::Reviewing(applicant));
        }
    };
    let close = Callback::new(move |()| above.set(Above::Nothing));
    let on_verify = Callback::new(move |input: VerifyInput| {
        above.set(Above::Nothing);
        trouble.set(verify(desk, acts, &input).err());
    });
    let on_refuse = Callback::new(move |input: RefuseInput| {
        above.set(Above::Nothing);
        trouble.set(refuse(desk, acts, &input).err());
    });
    Some(view! {
        <VerifyView
            model=model
            trouble=trouble
            on_retry=move |()| desk.read_again()
            on_review=review
            on_refuse=move |applicant: Applicant| {
                trouble.set(None);
                above.set(Above::Refusing(applicant));
            }
        />
        {move || match above.get() {
            Above::Nothing => None,
            Above::Reviewing(applicant) => {
                let address = applicant.person.address.clone();
                let newest = Signal::derive(move || {
                    model
                        .with(|model| match model.ready() {
                            Some(found) => found.iter().find(|one| one.person.address == address).cloned(),
                            None => None,
                        })
                });
                Some(
                    view! {
                        <VerifyDialog
                            applicant=applicant
                            newest=newest
                            hospitals=hospitals
                            on_verify=on_verify
                            on_close=close
                        />
                    }
                        .into_any(),
                )
            }
            Above::Refusing(applicant) => {
                Some(view! { <RefuseDialog applicant=applicant reasons=reasons() on_refuse=on_refuse on_close=close /> }.into_any())
            }
        }}
    })
}
