//! Delivered: what the laboratory filed, and how it stands in the patients' charts.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::query_signal_with_options};

use super::desk::{Deliveries, use_laboratory};
use crate::{
    load::Load,
    pages::delivered::{DeliveredItem, DeliveredView},
    speaking::short_address,
    wire::said::{category_word, record_kind},
};

fn items(found: &Deliveries) -> Vec<DeliveredItem> {
    let item = |(record, state): (&medkey_client::list_records::Record, &_)| {
        let category = found.folders.get(&record.folder).copied();
        DeliveredItem {
            href: format!("/delivered/{}", record.id),
            patient: format!("Patient {}", short_address(&record.chart.to_string())),
            title: record.meta.title.clone(),
            kind: record_kind(&record.meta, category),
            folder: category.map(|category| category_word(Some(category)).to_owned()).unwrap_or_default(),
            at: record.at.time,
            state: *state,
        }
    };
    found.records.records.iter().zip(&found.states).map(item).collect()
}

/// The page.
#[component]
pub fn Delivered() -> impl IntoView {
    let desk = use_laboratory()?;
    let model = Memo::new(move |_| {
        desk.deliveries.with(|found| match found {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(found) => Load::Ready(items(found)),
        })
    });
    let in_place = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (search, set_search) = query_signal_with_options::<String>("search", in_place);
    Some(view! {
        <DeliveredView
            model=model
            search=Signal::derive(move || search.get().unwrap_or_default())
            on_search=move |text: String| set_search.set(Some(text).filter(|text| !text.is_empty()))
            on_retry=move |()| desk.read_again()
        />
    })
}
