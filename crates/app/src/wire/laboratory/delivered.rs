//! Delivered: what the laboratory filed, and how it stands in the patients' charts.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::query_signal_with_options};

use super::desk::{Deliveries, LabDesk, use_laboratory};
use crate::{
    load::Load,
    pages::delivered::{DeliveredItem, DeliveredModel, DeliveredView},
    speaking::short_address,
    wire::said::{category_word, record_kind},
};

fn model(desk: LabDesk, found: &Deliveries) -> DeliveredModel {
    desk.known.with(|known| {
        let items = found.records.records.iter().map(|record| {
            let chart = known.get(&record.chart);
            let category = chart.and_then(|chart| chart.folders.get(&record.folder).copied());
            let address = record.chart.to_string();
            let item = DeliveredItem {
                href: format!("/delivered/{}", record.id),
                patient: format!("Patient {}", short_address(&address)),
                title: record.meta.title.clone(),
                kind: record_kind(&record.meta, category),
                folder: category.map(|category| category_word(Some(category)).to_owned()).unwrap_or_default(),
                at: record.at.time,
                state: LabDesk::state(found, chart, record),
            };
            (item, address)
        });
        let unread = found.charts.iter().filter(|chart| !known.contains_key(*chart)).count();
        DeliveredModel::new(items, found.records.pending, unread)
    })
}

/// The page.
#[component]
pub fn Delivered() -> impl IntoView {
    let desk = use_laboratory()?;
    let model = Memo::new(move |_| {
        desk.deliveries.with(|found| match found {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(found) => Load::Ready(model(desk, found)),
        })
    });
    let in_place = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (search, set_search) = query_signal_with_options::<String>("search", in_place.clone());
    let (state, set_state) = query_signal_with_options::<String>("state", in_place);
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(view! {
        <DeliveredView
            model=model
            search=Signal::derive(move || search.get().unwrap_or_default())
            on_search=move |text: String| set_search.set(some(text))
            state=Signal::derive(move || state.get().unwrap_or_default())
            on_state=move |text: String| set_state.set(some(text))
            on_retry=move |()| desk.read_again()
        />
    })
}
