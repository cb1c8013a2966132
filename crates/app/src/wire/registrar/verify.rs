//! Verify: everybody who waits, with exactly the profile that is verified.

use leptos::prelude::*;
use medkey_client::verify_member::{Candidate, Why};
use medkey_protocol::{
    Address,
    api::{Role, Status},
    blocks::Profile,
};

use super::desk::{RegistrarDesk, use_registrar};
use crate::{
    components::{chip::Standing, person_row::Person},
    load::{Load, Trouble},
    pages::verify::{Applicant, RefuseDialog, RefuseInput, VerifyDialog, VerifyInput, VerifyView},
    speaking::short_address,
    wire::acts::{Acts, use_acts},
};

fn facts(profile: &Profile) -> Vec<(String, String)> {
    let languages = profile.languages.join(", ");
    [
        ("Name", &profile.name),
        ("Profession", &profile.profession),
        ("Specialty", &profile.specialty),
        ("Qualification", &profile.qualification),
        ("Licence", &profile.licence),
        ("Languages", &languages),
        ("Telephone", &profile.phone),
        ("E-mail", &profile.email),
        ("Address", &profile.address),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

fn applicant(desk: RegistrarDesk, candidate: &Candidate) -> Applicant {
    let Candidate { entry, digest, profile, hospital } = candidate;
    let address = entry.member.to_string();
    let laboratory = entry.role == Role::Lab;
    let name = profile.as_ref().map(|profile| profile.name.clone()).filter(|name| !name.is_empty());
    let field = profile.as_ref().map(|profile| match profile.specialty.as_str() {
        "" => profile.profession.clone(),
        specialty => specialty.to_owned(),
    });
    let detail = if laboratory { "Laboratory".to_owned() } else { field.unwrap_or_default() };
    let hospitals = desk.registry.with(|registry| {
        let hospitals = registry.ready().into_iter().flat_map(|registry| &registry.hospitals);
        hospitals.into_iter().find(|one| one.id == *hospital).map(|one| one.page.name.clone())
    });
    Applicant {
        person: Person {
            name: name.unwrap_or_else(|| format!("Unknown account {}", short_address(&address))),
            address,
            detail,
            standing: Standing::Pending,
        },
        licence: profile.as_ref().map(|profile| profile.licence.clone()).unwrap_or_default(),
        hospital: hospitals.or_else(|| (*hospital != 0).then(|| format!("hospital {hospital}"))),
        hospital_id: if *hospital == 0 { String::new() } else { hospital.to_string() },
        profile: profile.as_ref().map(facts).unwrap_or_default(),
        digest: digest.to_string(),
        changed: entry.profile.is_some() && entry.status == Status::Active,
        laboratory,
    }
}

/// The reasons of the dialog as the contract's codes.
fn why(reason: u8) -> Why {
    match reason {
        1 | 2 => Why::Licence,
        3 => Why::Incomplete,
        4 => Why::Hospital,
        _ => Why::Other,
    }
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

fn changed() -> Trouble {
    Trouble::new("The profile has changed since you looked at it.", "Nothing was verified. Look at it again.")
}

/// Verifies exactly the profile that was seen, with the hospital that the registrar confirms.
fn verify(desk: RegistrarDesk, acts: Acts, input: &VerifyInput) -> Result<(), Trouble> {
    let candidate = found(desk, &input.address, &input.digest).ok_or_else(changed)?;
    let hospital = input.hospital.parse().unwrap_or_default();
    let candidate = Candidate { hospital, ..candidate };
    let name = name_of(&candidate);
    let said = (format!("Verifying {name}"), format!("{name} is verified."));
    desk.act(acts, said, async move |client, listen| client.verify_member(&candidate, listen).await);
    Ok(())
}

fn refuse(desk: RegistrarDesk, acts: Acts, input: &RefuseInput) -> Result<(), Trouble> {
    let candidate = found(desk, &input.address, &input.digest).ok_or_else(changed)?;
    let (member, why): (Address, Why) = (candidate.entry.member, why(input.reason));
    let name = name_of(&candidate);
    let said = (format!("Refusing {name}"), format!("{name} was refused and sees why."));
    desk.act(acts, said, async move |client, listen| client.refuse_member(member, why, listen).await);
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
                Some(
                    view! {
                        <VerifyDialog
                            applicant=applicant
                            hospitals=hospitals
                            on_verify=on_verify
                            on_close=close
                        />
                    }
                        .into_any(),
                )
            }
            Above::Refusing(applicant) => {
                Some(view! { <RefuseDialog applicant=applicant on_refuse=on_refuse on_close=close /> }.into_any())
            }
        }}
    })
}
