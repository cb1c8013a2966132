//! Overview: who there is, what happened, and whether server and chain agree.

use std::{cmp::Reverse, collections::BTreeMap, rc::Rc};

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    fault::Fault,
    list_members::{Apart, Compared, Listed},
};
use medkey_protocol::api::{HealthReport, MonthCount, RegistryCounts, Role, Status};

use super::desk::{Registry, use_registrar};
use crate::{
    clock::use_clock,
    load::Load,
    pages::overview::{CountsModel, DoctorsModel, FigureRow, OverviewView, Tells, Told, untold},
    speaking::{Say, Speaker, count, say_month, sentence, thousands},
    wire::{desk::Client, said},
};

/// Members of a spot check.
const SPOTS: usize = 20;
/// Members that are compared at the same time.
const AT_ONCE: usize = 4;
/// Blocks that a relay may be behind: it reads them a moment after they are there.
const FEW: u64 = 3;

fn counts_model(counts: &RegistryCounts) -> CountsModel {
    let number = |role: Role, status: Status| {
        let found = counts.members.iter().find(|one| (one.role, one.status) == (role, status));
        found.map_or(0, |one| one.number)
    };
    let row = |word: &str, role: Role| FigureRow {
        word: word.to_owned(),
        figures: [Status::Active, Status::Pending, Status::Refused, Status::Suspended]
            .map(|status| number(role, status))
            .to_vec(),
    };
    let month = |month: &MonthCount| FigureRow {
        word: say_month(&month.month),
        figures: vec![month.patients, month.doctors, month.labs, month.verified, month.refused, month.suspended],
    };
    CountsModel {
        members: vec![row("Doctors", Role::Doctor), row("Laboratories", Role::Lab), row("Patients", Role::Patient)],
        months: counts.months.iter().map(month).collect(),
    }
}

fn largest_first(counted: BTreeMap<String, u64>) -> Vec<FigureRow> {
    let mut rows: Vec<(String, u64)> = counted.into_iter().collect();
    rows.sort_by_key(|(_, number)| Reverse(*number));
    rows.into_iter().map(|(word, number)| FigureRow { word, figures: vec![number] }).collect()
}

fn doctors_model(registry: &Registry) -> DoctorsModel {
    let names = registry.names();
    let (mut hospitals, mut specialties) = (BTreeMap::new(), BTreeMap::new());
    let doctor = |listed: &&Rc<Listed>| listed.entry.role == Role::Doctor && listed.entry.status == Status::Active;
    for Listed { entry, profile, .. } in registry.members.iter().filter(doctor).map(|listed| &**listed) {
        let hospital = match entry.hospital {
            0 => "No hospital".to_owned(),
            id => names.get(&id).cloned().unwrap_or_else(|| format!("Hospital {id}")),
        };
        *hospitals.entry(hospital).or_default() += 1;
        let specialty = profile.as_ref().map(|profile| profile.specialty.trim()).filter(|one| !one.is_empty());
        *specialties.entry(sentence(specialty.unwrap_or("None named"))).or_default() += 1;
    }
    DoctorsModel { hospitals: largest_first(hospitals), specialties: largest_first(specialties) }
}

fn blocks(apart: &Apart) -> Told {
    let detail = format!("server at block {}, chain at {}", thousands(apart.relay), thousands(apart.chain));
    match apart.behind() {
        0..=FEW => Told::new(Tells::Well, "The server has followed the chain to its newest block", sentence(&detail)),
        behind => Told::new(
            Tells::Wrong,
            sentence(&format!("The server is {} behind the chain", count(behind as usize, "block", "blocks"))),
            sentence(&detail),
        ),
    }
}

fn seat(apart: &Apart) -> Told {
    match apart.is_registrar {
        true => Told::new(
            Tells::Well,
            "The contract is the one this app was built for, and names this account as registrar",
            "Asked of the chain through your wallet",
        ),
        false => Told::new(
            Tells::Wrong,
            "The contract names another account as registrar",
            "What you decide here will be refused by the chain.",
        ),
    }
}

/// Compares some members, chosen at random, with the chain.
async fn spot_check(client: &Client, members: &[Rc<Listed>]) -> Told {
    let mut left: Vec<&Rc<Listed>> = members.iter().collect();
    let mut spots = Vec::new();
    while spots.len() < SPOTS && !left.is_empty() {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let at = (js_sys::Math::random() * left.len() as f64) as usize;
        spots.push(left.swap_remove(at.min(left.len() - 1)));
    }
    if spots.is_empty() {
        return Told::new(Tells::Waits, "No member to compare with the chain yet", "");
    }
    let compared = spots.iter().map(|spot| client.compare_listed(spot));
    let compared: Vec<Result<Compared, Fault>> = futures::stream::iter(compared).buffered(AT_ONCE).collect().await;
    let all = count(spots.len(), "member", "members");
    let lies = compared.iter().filter(|one| matches!(one, Err(Fault::Lie(_)))).count();
    if lies > 0 {
        return Told::new(
            Tells::Wrong,
            format!("{} of {all} are listed otherwise than the chain has them", thousands(lies as u64)),
            "The server cannot be believed. Decide nothing by its lists.",
        );
    }
    let asked = compared.iter().filter(|one| one.is_ok()).count();
    if asked < spots.len() {
        return Told::new(
            Tells::Waits,
            format!("{asked} of {all} could be compared with the chain"),
            "The wallet's node did not answer for all. Check again.",
        );
    }
    Told::new(
        Tells::Well,
        sentence(&format!("{all} chosen at random stand on the chain as they are listed")),
        "Role, state, hospital and profile, asked of the chain through your wallet",
    )
}

fn store(health: &HealthReport, speaker: &Speaker) -> Told {
    match health.scrub {
        None => Told::new(Tells::Waits, "The store has not been gone through since the server was started", ""),
        Some(scrub) => {
            let blocks = count(scrub.blocks as usize, "block", "blocks");
            let when = format!("Last gone through {}, {blocks}", speaker.say(scrub.ended, Say::DayTime));
            match scrub.damaged {
                0 => Told::new(Tells::Well, "Everything in the store is as it was put there", when),
                damaged => Told::new(
                    Tells::Wrong,
                    sentence(&format!(
                        "{} of the store are gone or damaged",
                        count(damaged as usize, "block", "blocks")
                    )),
                    format!("{when}. Whoever runs the server has to bring them back from a copy."),
                ),
            }
        }
    }
}

fn readiness(health: &HealthReport) -> Option<Told> {
    health.waits.as_ref().map(|waits| Told::new(Tells::Wrong, "The server is not ready", sentence(waits)))
}

async fn tell(client: &Client, members: &[Rc<Listed>], speaker: Speaker) -> Vec<Told> {
    let fault = |fault: Fault| untold(&said::trouble(&fault));
    let mut told = Vec::new();
    match client.apart().await {
        Ok(apart) => told.extend([seat(&apart), blocks(&apart)]),
        Err(error) => told.push(fault(error)),
    }
    told.push(spot_check(client, members).await);
    match client.relay_health().await {
        Ok(health) => {
            told.extend(readiness(&health));
            told.push(store(&health, &speaker));
        }
        Err(error) => told.push(fault(error)),
    }
    told
}

/// The page.
#[component]
pub fn Overview() -> impl IntoView {
    let desk = use_registrar()?;
    let clock = use_clock();
    desk.read_registry();
    let counts = RwSignal::new(Load::Loading);
    let told = RwSignal::new(Load::Loading);
    let looking = RwSignal::new(false);
    let count = move || {
        let seat = desk.seat();
        spawn_local(async move {
            let read = seat.client.registry_counts().await;
            let _left =
                counts.try_set(read.map_or_else(
                    |fault| Load::Failed(said::trouble(&fault)),
                    |found| Load::Ready(counts_model(&found)),
                ));
        });
    };
    let look = move || {
        let (seat, speaker) = (desk.seat(), clock.speaker());
        let members =
            desk.registry.with_untracked(|registry| registry.ready().map(|registry| registry.members.clone()));
        looking.set(true);
        spawn_local(async move {
            let found = tell(&seat.client, &members.unwrap_or_default(), speaker).await;
            let _left = told.try_set(Load::Ready(found));
            let _left = looking.try_set(false);
        });
    };
    let whole =
        Memo::new(move |_| desk.registry.with(|registry| registry.ready().is_some_and(|registry| registry.whole)));
    Effect::new(move |_| {
        if whole.get() {
            untrack(look);
        }
    });
    // Whatever the registry was read again for is counted again.
    Effect::new(move |_| {
        desk.registry.track();
        count();
    });
    let doctors = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Ready(registry) if registry.whole => Load::Ready(doctors_model(registry)),
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Loading | Load::Ready(_) => Load::Loading,
        })
    });
    // Where members cannot be read, the rest is told all the same.
    let failed = Memo::new(move |_| desk.registry.with(|registry| matches!(registry, Load::Failed(_))));
    Effect::new(move |_| {
        if failed.get() {
            untrack(look);
        }
    });
    Some(view! {
        <OverviewView
            counts=counts
            doctors=doctors
            told=told
            looking=looking
            on_look=move |()| look()
            on_retry=move |()| {
                desk.read_again();
                count();
            }
        />
    })
}
