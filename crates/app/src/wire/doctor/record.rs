//! One record of a patient's chart.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use medkey_client::list_records::Record;
use medkey_protocol::Address;

use super::desk::{DoctorDesk, Door, Known, Opened, Opening, use_doctor};
use crate::{
    components::{
        chip::{Badge, Tone},
        page_head::Crumb,
    },
    load::{Load, Trouble},
    pages::record::RecordModel,
    speaking::sentence,
    wire::{
        professional::{Found, dated, proof, record_page},
        said::NO_FOLDER,
    },
};

fn place(opened: &Opened, id: &str) -> Option<usize> {
    opened.records.records.iter().position(|record| record.id.to_string() == id)
}

fn model(desk: DoctorDesk, known: &Known, opened: &Opened, record: &Record) -> RecordModel {
    let name = desk.author_name(record);
    let folder = known.folder_word(record.folder, Some(opened)).unwrap_or(NO_FOLDER).to_owned();
    let refiled = record.author == record.chart && record.origin.is_some();
    let filed = if refiled { format!("{name}, as filed by the patient") } else { format!("Filed by {name}") };
    let from: Vec<String> = [Some(sentence(&filed)), dated(record)].into_iter().flatten().collect();
    RecordModel {
        title: record.meta.title.clone(),
        from: from.join(" · "),
        way: vec![
            Crumb::to("Patients", "/patients"),
            Crumb::to(desk.name(record.chart), format!("/patients/{}", record.chart)),
            Crumb::here(folder.clone()),
        ],
        folder,
        badge: record.meta.amends.map(|_| Badge::new(Tone::Info, "Amends an earlier record")),
        readers: Vec::new(),
        proof: proof(record, &name),
        own: false,
        kin: Vec::new(),
    }
}

/// The page.
#[component]
pub fn DoctorRecord() -> impl IntoView {
    let desk = use_doctor()?;
    let params = use_params_map();
    let navigate = use_navigate();
    let chart = Memo::new(move |_| params.with(|params| params.get("chart")?.parse::<Address>().ok()));
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let door = move || {
        let Some(chart) = chart.get() else {
            return Door::Failed(Trouble::new("There is no such patient.", "Go back to your patients."));
        };
        match (desk.door(chart), desk.opening(chart)) {
            // Whoever reads on is not interrupted.
            (Door::Closed(known), Some(Opening::Open(opened))) => Door::Open(known, opened),
            (door, _) => door,
        }
    };
    let gone = || Trouble::new("This record is not shared with you any more.", "Go back to the chart.");
    let model = Memo::new(move |_| match door() {
        Door::Waiting | Door::Closed(_) => Load::Loading,
        Door::Failed(trouble) => Load::Failed(trouble),
        Door::Ended(..) => Load::Failed(gone()),
        Door::Open(known, opened) => match id.with(|id| place(&opened, id)) {
            Some(at) => Load::Ready(model(desk, &known, &opened, &opened.records.records[at])),
            None => Load::Failed(gone()),
        },
    });
    let find = move || -> Option<Found> {
        let Door::Open(_, opened) = door() else { return None };
        let at = id.with(|id| place(&opened, id))?;
        Some((Rc::clone(&opened.records), at))
    };
    // A chart is opened on its own page, where one is told what that means.
    Effect::new(move |_| {
        if let (Door::Closed(_), Some(chart)) = (door(), chart.get()) {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(&format!("/patients/{chart}"), options);
        }
    });
    Some(record_page(desk.held(), find, model.into(), Callback::new(move |()| desk.read_again())))
}
