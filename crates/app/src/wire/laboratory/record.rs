//! The laboratory's own copy of a report it delivered.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::desk::{Deliveries, use_laboratory};
use crate::{
    components::{
        chip::{Badge, Tone},
        page_head::Crumb,
    },
    load::{Load, Trouble},
    pages::{delivered::DeliveredState, record::RecordModel},
    speaking::short_address,
    wire::{
        professional::{Found, dated, proof, record_page},
        said::category_word,
    },
};

fn place(found: &Deliveries, id: &str) -> Option<usize> {
    found.records.records.iter().position(|record| record.id.to_string() == id)
}

fn model(found: &Deliveries, at: usize) -> Option<RecordModel> {
    let (record, state) = (found.records.records.get(at)?, found.states.get(at)?);
    let category = found.folders.get(&record.folder).copied();
    let patient = format!("Patient {}", short_address(&record.chart.to_string()));
    let from: Vec<String> = [Some(format!("Delivered to {patient}")), dated(record)].into_iter().flatten().collect();
    let badge = match state {
        DeliveredState::InChart => Badge::new(Tone::Accent, "In the chart"),
        DeliveredState::Amended => Badge::new(Tone::Info, "Amended"),
        DeliveredState::Removed => Badge::new(Tone::Quiet, "Removed by the patient"),
    };
    Some(RecordModel {
        title: record.meta.title.clone(),
        folder: category.map(|category| category_word(Some(category)).to_owned()).unwrap_or_default(),
        from: from.join(" · "),
        way: vec![Crumb::to("Delivered", "/delivered"), Crumb::here(record.meta.title.clone())],
        badge: Some(badge),
        readers: Vec::new(),
        proof: proof(record, "you"),
        own: false,
        kin: Vec::new(),
    })
}

/// The page.
#[component]
pub fn OwnCopy() -> impl IntoView {
    let desk = use_laboratory()?;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let found = move |found: &Rc<Deliveries>| id.with(|id| place(found, id));
    let model = Memo::new(move |_| {
        desk.deliveries.with(|deliveries| match deliveries {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(deliveries) => match found(deliveries).and_then(|at| model(deliveries, at)) {
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
    Some(record_page(desk.held(), find, model.into(), Callback::new(move |()| desk.read_again())))
}
