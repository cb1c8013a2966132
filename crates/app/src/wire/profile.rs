//! My profile: what is verified, what is proposed, and what the registrar said.

use std::{collections::BTreeMap, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    people::Hospital,
    read_registration::{No, Proposed, Registration as Known},
};
use medkey_protocol::{api::Role, blocks::Profile};

use super::{
    acts::{Label, Shape, use_acts},
    desk::Open,
    professional::Registration,
    said::{hospital_names, profile_facts},
};
use crate::{
    components::changes::changed,
    load::{Load, Trouble},
    pages::profile::{ProfileInput, ProfileModel, ProfileView, ProposeDialog, SaidNo, WaitingProfile},
};

/// The hospitals by number, closed ones too.
type Names = BTreeMap<u32, String>;

fn facts(profile: &Profile, hospital: u32, names: &Names) -> Vec<(String, String)> {
    let unnamed = format!("Hospital {hospital}");
    let name = (hospital != 0).then(|| names.get(&hospital).unwrap_or(&unnamed).as_str());
    profile_facts(profile, name)
}

fn said_no(no: &No) -> SaidNo {
    match no.why {
        Some(why) => SaidNo {
            at: no.at,
            what: "The registrar did not verify you",
            why: format!("{} Propose a better profile; what you entered is kept.", why.sentence()),
        },
        None => SaidNo {
            at: no.at,
            what: "The registrar did not take your change over",
            why: "What was verified before stays. Ask the registrar why, or propose something else.".to_owned(),
        },
    }
}

fn model(known: &Known, names: &Names) -> ProfileModel {
    let Known { standing, verified, course, proposed, .. } = known;
    let verified = verified.as_ref().map(|profile| facts(profile, standing.hospital, names)).unwrap_or_default();
    let waiting = course.waiting.zip(proposed.as_ref()).map(|(Proposed { hospital, at, .. }, profile)| {
        let facts = facts(profile, hospital, names);
        let changes = if verified.is_empty() { Vec::new() } else { changed(&verified, &facts) };
        WaitingProfile { since: at, facts, changes }
    });
    ProfileModel {
        verified_at: course.verified_at,
        what: if standing.role == Role::Lab { "laboratory" } else { "doctor" },
        waiting,
        no: course.no.as_ref().map(said_no),
        suspended: course.suspended.map(|(why, at)| (at, why.sentence().to_owned())),
        verified,
    }
}

/// What the fields begin with: what waits or was refused, else what is verified.
fn input(known: &Known) -> ProfileInput {
    let Known { standing, verified, course, proposed, .. } = known;
    let (profile, hospital) = match (course.waiting.or(course.no.map(|no| no.to)), proposed) {
        (Some(to), Some(profile)) => (profile.clone(), to.hospital),
        _ => (verified.clone().unwrap_or_else(empty), standing.hospital),
    };
    ProfileInput {
        name: profile.name,
        profession: profile.profession,
        specialty: profile.specialty,
        qualification: profile.qualification,
        licence: profile.licence,
        languages: profile.languages.join(", "),
        phone: profile.phone,
        email: profile.email,
        address: profile.address,
        hospital: if hospital == 0 { String::new() } else { hospital.to_string() },
    }
}

fn empty() -> Profile {
    profile(ProfileInput::default()).0
}

/// The profile as it is filled in, and the hospital.
fn profile(input: ProfileInput) -> (Profile, u32) {
    let hospital = input.hospital.parse().unwrap_or_default();
    let languages = input.languages.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty());
    let profile = Profile {
        name: input.name,
        profession: input.profession,
        specialty: input.specialty,
        qualification: input.qualification,
        licence: input.licence,
        languages: languages.collect(),
        phone: input.phone,
        email: input.email,
        address: input.address,
    };
    (profile, hospital)
}

/// The page of a doctor or a laboratory.
#[component]
pub fn MyProfile(
    /// The member, whose vault is open.
    open: StoredValue<Rc<Open>, LocalStorage>,
    /// How it stands with the registrar.
    #[prop(into)]
    registration: Signal<Option<Registration>>,
    /// Something was proposed, or is to be read again.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let acts = use_acts();
    let hospitals = RwSignal::new(Vec::<Hospital>::new());
    spawn_local(async move {
        // Without their names they are numbered.
        if let Ok(found) = open.get_value().client().hospitals().await {
            let _left = hospitals.try_set(found);
        }
    });
    let proposing = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let names = hospitals.with(|hospitals| hospital_names(hospitals));
        registration.with(|registration| match registration {
            None => Load::Loading,
            Some(Registration { known: Some(known), .. }) => Load::Ready(model(known, &names)),
            Some(_) => Load::Failed(Trouble::new("Your profile cannot be read now.", "Nothing was changed.")),
        })
    });
    let known = move || registration.with_untracked(|registration| registration.as_ref()?.known.clone());
    let choices = Signal::derive(move || {
        hospitals.with(|hospitals| {
            let open = hospitals.iter().filter(|hospital| hospital.open);
            open.map(|hospital| (hospital.id.to_string(), hospital.page.name.clone())).collect::<Vec<_>>()
        })
    });
    let propose = Callback::new(move |input: ProfileInput| {
        proposing.set(false);
        let open = open.get_value();
        let label = Label {
            title: "Proposing your profile".to_owned(),
            done: "Your profile is proposed. The registrar looks at it.".to_owned(),
            wallet: open.seat.wallet.clone(),
            shape: Shape::Signing,
        };
        let (profile, hospital) = profile(input);
        let profile = Rc::new(profile);
        acts.start(label, move |listen| {
            let (open, profile) = (Rc::clone(&open), Rc::clone(&profile));
            async move {
                let done = open.client().propose_profile(&open.me, &profile, hospital, &*listen).await;
                on_changed.try_run(());
                done.map(drop)
            }
        });
    });
    let close = Callback::new(move |()| proposing.set(false));
    view! {
        <ProfileView
            model=shown
            on_retry=on_changed
            on_propose=move |()| proposing.set(true)
        />
        {move || {
            let known = proposing.get().then(known).flatten()?;
            Some(
                view! {
                    <ProposeDialog
                        input=input(&known)
                        laboratory=known.standing.role == Role::Lab
                        replaces=known.course.waiting.is_some()
                        hospitals=choices
                        wallet=open.get_value().seat.wallet.clone()
                        on_propose=propose
                        on_close=close
                    />
                },
            )
        }}
    }
}
