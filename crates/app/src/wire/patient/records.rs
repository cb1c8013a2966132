//! Records: everything in the chart, by month and folder.

use leptos::prelude::*;
use medkey_client::list_records::Record;

use super::{Above, folders, use_patient};
use crate::{
    components::{
        chip::{Badge, Tone},
        record_row::RecordItem,
    },
    pages::records::{Listed, RecordsModel, RecordsView},
    speaking::size,
    wire::{own_chart::OwnChart, said, viewer::form_word},
};

/// What a record is whose author did not say.
const OTHER: &str = "Other document";

/// A record as lists show it.
pub(super) fn record_item(chart: &OwnChart, record: &Record) -> RecordItem {
    let from = match record.origin.unwrap_or(record.author) {
        author if author == record.chart => "added by you".to_owned(),
        author => format!("from {}", said::person(author, chart.people.get(&author)).name),
    };
    let kind = said::record_kind(&record.meta, chart.category(record.folder));
    let is_new = record.author != record.chart && record.at.time + 3 * 24 * 60 * 60 > crate::wire::desk::now();
    RecordItem {
        id: record.id.to_string(),
        href: format!("/records/{}", record.id),
        title: record.meta.title.clone(),
        kind,
        folder: record.folder.to_string(),
        folder_name: chart.folder_word(record.folder).to_owned(),
        from,
        form: format!("{}, {}", form_word(&record.meta), size(record.meta.length)),
        at: record.first.time,
        badge: match kind {
            _ if chart.is_sensitive(record.folder) => Some(Badge::sensitive()),
            crate::components::record_row::RecordKind::Prescription if is_new => {
                Some(Badge::new(Tone::Accent, "Prescribed"))
            }
            _ => is_new.then(|| Badge::new(Tone::Info, "New")),
        },
        trouble: if record.differs {
            Some("You and the people you share with may not see the same file here. Ask its author.".to_owned())
        } else {
            let strayed = chart.folder(record.folder).is_none();
            strayed
                .then(|| "Its folder was removed on another device. Open it and move it to another folder.".to_owned())
        },
    }
}

fn model(chart: &OwnChart) -> RecordsModel {
    RecordsModel {
        records: chart.records.records.iter().map(|record| listed(chart, record)).collect(),
        folders: chart.folders.iter().map(|folder| folders::item(chart, folder)).collect(),
        pending: chart.records.pending,
        seal: said::seal(&chart.read.seal),
    }
}

fn listed(chart: &OwnChart, record: &Record) -> Listed {
    let kind = match record.meta.kind.display.trim() {
        "" => OTHER,
        word => word,
    };
    let sensitive = chart.is_sensitive(record.folder);
    Listed { item: record_item(chart, record), kind: kind.to_owned(), sensitive }
}

/// The page.
#[component]
pub fn RecordsPage() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    let changing = RwSignal::new(None);
    Some(view! {
        <RecordsView
            model=model
            finding=patient.finding
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            exporting=patient.exporting
            on_export=move |()| patient.export()
            on_add=move |()| patient.show(Above::Adding)
            on_folder=move |change| {
                if patient.may_change() {
                    changing.set(Some(change));
                }
            }
            on_drop=move |files| {
                patient.dropped.set_value(files);
                patient.show(Above::Adding);
            }
        />
        <folders::Foldering change_of=changing />
    })
}
