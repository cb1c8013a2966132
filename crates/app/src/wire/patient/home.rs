//! Home: what needs an answer, what is new, who looked.

use leptos::prelude::*;

use super::{Above, records::record_item, requests, sharing, treatments, use_patient};
use crate::{
    components::record_row::RecordItem,
    pages::home::{EmergencyUse, HomeModel, HomeView, Opening},
    wire::{desk::now, kin::Kinship, moving::Acting, own_chart::OwnChart, said},
};

/// What counts as new, in seconds.
const NEW_FOR: u64 = 7 * 24 * 60 * 60;
/// How many openings are shown.
const OPENINGS: usize = 4;
/// How many new records are shown.
const NEWS: usize = 5;

fn model(chart: &OwnChart) -> HomeModel {
    let name = chart.about.as_ref().map(|about| about.name.clone()).unwrap_or_default();
    let kinship = Kinship::of(&chart.records);
    let new = chart.records.records.iter().filter(|record| record.author != record.chart);
    let shown = new.filter(|record| !chart.is_sensitive(record.folder));
    let new = shown.filter(|record| record.at.time + NEW_FOR > now()).take(NEWS);
    HomeModel {
        name,
        moving: chart.acting == Acting::Yes && chart.read.state.moving.is_some(),
        emergencies: emergencies(chart),
        requests: requests::waiting(chart).map(|request| requests::item(chart, request)).collect(),
        treatments: treatments::lately(chart),
        news: new.map(|record| RecordItem { form: String::new(), ..record_item(chart, &kinship, record) }).collect(),
        openings: openings(chart),
        first_day: chart.records.pending == 0
            && chart.records.records.iter().all(medkey_client::tell_about_me::is_about_me),
        seal: said::seal(&chart.read.seal),
    }
}

/// Who used the emergency card in the last days.
fn emergencies(chart: &OwnChart) -> Vec<EmergencyUse> {
    let cards = chart.read.state.offers.iter().filter(|offer| offer.emergency);
    let uses = cards.flat_map(|offer| offer.claimed.iter().map(|(claimer, at)| (offer.scope, *claimer, at.time)));
    let lately = uses.filter(|(.., at)| at + NEW_FOR > now());
    let mut found: Vec<EmergencyUse> = lately
        .map(|(scope, claimer, at)| EmergencyUse {
            name: said::person(claimer, chart.people.get(&claimer)).name,
            at,
            scope: sharing::scope_word(chart, scope),
        })
        .collect();
    found.sort_by_key(|used| std::cmp::Reverse(used.at));
    found
}

/// The latest visits: what one person opened in one block is one visit.
fn openings(chart: &OwnChart) -> Vec<Opening> {
    let mut found: Vec<Opening> = Vec::new();
    for grant in &chart.read.state.grants {
        for at in &grant.opened {
            let address = grant.grantee.to_string();
            let scope = sharing::scope_word(chart, grant.scope);
            let same = found.iter_mut().find(|opening| opening.person.address == address && opening.at == at.time);
            if let Some(opening) = same {
                opening.scopes.push(scope);
                continue;
            }
            found.push(Opening {
                person: said::person(grant.grantee, chart.people.get(&grant.grantee)),
                at: at.time,
                scopes: vec![scope],
                until: sharing::until(grant.expiry),
                ended: !grant.is_live(now()),
            });
        }
    }
    found.sort_by_key(|opening| std::cmp::Reverse(opening.at));
    found.truncate(OPENINGS);
    found
}

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    Some(view! {
        <HomeView
            model=model
            notices=patient.notices()
            read_only=patient.read_only()
            on_renew=move |()| patient.renew_keys()
            on_team=move |(id, acts): (String, bool)| patient.answer_team(&id, acts)
            on_past=move |folder: String| {
                if let Ok(folder) = folder.parse() {
                    patient.reencrypt(folder);
                }
            }
            on_retry=move |()| patient.desk.read_again()
            on_add=move |()| patient.show(Above::Adding)
            on_review=move |id: String| requests::review(patient, &id)
            on_deny=move |id: String| requests::deny(patient, &id)
        />
    })
}
