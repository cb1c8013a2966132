//! The laboratory's own copy of a report it delivered.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use medkey_client::read_chart::ReadChart;

use super::desk::{Deliveries, use_laboratory};
use crate::{
    clock::use_clock,
    components::{icon::Icon, page_head::Crumb},
    load::{Load, Trouble},
    pages::{earlier::Kin, record::RecordModel},
    speaking::{Speaker, short_address},
    wire::{
        kin::{Kinship, Said},
        professional::{Found, dated, proof, record_page},
        said::category_word,
    },
};

fn place(found: &Deliveries, id: &str) -> Option<usize> {
    found.records.records.iter().position(|record| record.id.to_string() == id)
}

/// What the laboratory itself corrected, and what its report meant for the patient's list.
fn kin(found: &Deliveries, read: &ReadChart, at: usize, speaker: &Speaker) -> Vec<Kin> {
    let Some((record, state)) = found.records.records.get(at).zip(found.states.get(at)) else { return Vec::new() };
    let said = Said {
        name: &|_| "you".to_owned(),
        href: &|other| format!("/delivered/{}", other.id),
        request: &|_| Kin::plain(Icon::Request, "Answers a request"),
        speaker,
    };
    let mut lines = Kinship::of(&found.records).lines(record, &read.state, &said);
    if !state.sentence().is_empty() {
        lines.insert(0, Kin::plain(Icon::Folder, state.sentence()));
    }
    lines
}

fn model(found: &Deliveries, at: usize, speaker: &Speaker) -> Option<RecordModel> {
    let (record, state) = (found.records.records.get(at)?, found.states.get(at)?);
    let category = found.folders.get(&record.folder).copied();
    let patient = format!("Patient {}", short_address(&record.chart.to_string()));
    let from: Vec<String> = [Some(format!("Delivered to {patient}")), dated(record)].into_iter().flatten().collect();
    let read = found.reads.get(&record.chart)?;
    Some(RecordModel {
        title: record.meta.title.clone(),
        folder: category.map(|category| category_word(Some(category)).to_owned()).unwrap_or_default(),
        from: from.join(" · "),
        way: vec![Crumb::to("Delivered", "/delivered"), Crumb::here(record.meta.title.clone())],
        badge: Some(state.badge()),
        readers: Vec::new(),
        proof: proof(record, read, "you", "changed by the patient", speaker),
        own: false,
        may_check: false,
        may_amend: false,
        kin: kin(found, read, at, speaker),
    })
}

/// The page.
#[component]
pub fn OwnCopy() -> impl IntoView {
    let desk = use_laboratory()?;
    let params = use_params_map();
    let clock = use_clock();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let found = move |found: &Rc<Deliveries>| id.with(|id| place(found, id));
    let model = Memo::new(move |_| {
        desk.deliveries.with(|deliveries| match deliveries {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(deliveries) => match found(deliveries).and_then(|at| model(deliveries, at, &clock.speaker())) {
                Some(model) => Load::Ready(model),
                None => Load::Failed(Trouble::new("There is no such delivery.", "Go back to what was delivered.")),
            },
        })
    });
    let find = move || -> Option<Found> {
        desk.deliveries.with(|deliveries| {
            let deliveries = deliveries.ready()?;
            Some((Rc::clone(&deliveries.records), found(deliveries)?))
        })
    };
    Some(record_page(desk.held(), find, model.into(), Callback::new(move |()| desk.read_again()), None, None))
}
