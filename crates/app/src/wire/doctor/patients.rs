//! Patients: who shares what until when, and what is new of each.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::query_signal_with_options};
use medkey_client::{ask_for_treatment::is_treatment, list_records::Record};
use medkey_protocol::Address;

use super::desk::{Dealt, DoctorDesk, Known, Opened, Opening, Whom, use_doctor};
use crate::{
    load::Load,
    pages::patients::{PatientItem, PatientsModel, PatientsView},
    speaking::say_date,
};

/// What the charts come to, once they are here.
pub(super) fn with_dealt<T>(desk: DoctorDesk, make: impl FnOnce(&[Dealt]) -> T) -> Load<T> {
    desk.dealt.with(|dealt| match dealt {
        Load::Loading => Load::Loading,
        Load::Failed(trouble) => Load::Failed(trouble.clone()),
        Load::Ready(dealt) => Load::Ready(make(dealt)),
    })
}

/// `born 4 May 1971`; empty where it is not known.
pub(super) fn born(desk: DoctorDesk, chart: Address) -> String {
    let date = desk.names.with(|names| names.get(&chart).and_then(|known| say_date(&known.birth_date)));
    date.map(|date| format!("born {date}")).unwrap_or_default()
}

/// What is new of a chart since the last visit.
struct News {
    number: usize,
    titles: Vec<String>,
    at: u64,
}

/// An open chart is exact. Of one that is not, only the chain is known: that something was added, not whether it is in
/// a folder that is shared.
fn news(desk: DoctorDesk, known: &Known, opened: Option<&Opened>) -> News {
    let me = desk.open().me.address;
    if let Some(grant) = known.live().filter(|grant| grant.opened.is_empty()).last() {
        return News { number: 0, titles: vec!["Shared with you, not opened yet".to_owned()], at: grant.since.time };
    }
    let visit = known.visits().last().copied().unwrap_or_default();
    match opened {
        Some(opened) => {
            let seen = desk.seen.with(|seen| seen.get(&known.read.chart).copied()).unwrap_or_default().max(visit);
            let is_new = |record: &&Record| record.at.time > seen && record.author != me && !is_treatment(record);
            let fresh: Vec<&Record> = opened.records.records.iter().filter(is_new).collect();
            let at = fresh.iter().map(|record| record.at.time).max().unwrap_or(visit);
            let titles = fresh.iter().map(|record| record.meta.title.clone()).collect();
            News { number: fresh.len(), titles, at }
        }
        None => {
            let added = known.read.state.current().filter(|record| record.author != me && record.at.time > visit);
            let newest = added.map(|record| record.at.time).max();
            let titles = newest.map(|_| "Something was added since your last visit".to_owned());
            News { number: 0, titles: titles.into_iter().collect(), at: newest.unwrap_or(visit) }
        }
    }
}

/// A patient as the lists show it; none where nothing was ever shared.
pub(super) fn patient_item(desk: DoctorDesk, dealt: &Dealt) -> Option<PatientItem> {
    let Dealt { chart, granted, known } = dealt;
    let blank = PatientItem {
        chart: chart.to_string(),
        href: format!("/patients/{chart}"),
        name: desk.name(*chart),
        born: born(desk, *chart),
        scopes: Vec::new(),
        until: None,
        new: 0,
        news: Vec::new(),
        at: 0,
        ended: false,
    };
    let known = match known {
        Ok(known) => known,
        Err(fault) => return granted.then(|| PatientItem { scopes: vec![fault.to_string()], ..blank }),
    };
    if !known.is_shared() {
        return known.ended().map(|(at, _)| PatientItem { at, ended: true, ..blank });
    }
    let opened = match desk.opening(*chart) {
        Some(Opening::Open(opened)) => Some(opened),
        Some(Opening::Failed(_)) | None => None,
    };
    let News { number, titles, at } = news(desk, known, opened.as_deref());
    Some(PatientItem {
        scopes: known.scopes(opened.as_deref()),
        until: known.until(),
        new: number,
        news: titles,
        at,
        ..blank
    })
}

/// The page.
#[component]
pub fn Patients() -> impl IntoView {
    let desk = use_doctor()?;
    let model = Memo::new(move |_| {
        with_dealt(desk, |dealt| {
            let mut patients: Vec<PatientItem> = dealt.iter().filter_map(|one| patient_item(desk, one)).collect();
            patients.sort_by_cached_key(|patient| patient.name.to_lowercase());
            PatientsModel { patients, verified: desk.is_verified(), more: !desk.whole.get() }
        })
    });
    let in_place = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (search, set_search) = query_signal_with_options::<String>("search", in_place);
    Some(view! {
        <PatientsView
            model=model
            search=Signal::derive(move || search.get().unwrap_or_default())
            on_search=move |text: String| set_search.set(Some(text).filter(|text| !text.is_empty()))
            on_retry=move |()| desk.read_again()
            on_ask=move |()| desk.asking.set(Some(Whom::Anybody))
        />
    })
}
