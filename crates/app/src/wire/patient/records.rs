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
    wire::{kin::Kinship, own_chart::OwnChart, said, viewer::form_word},
};

/// What a record is whose author did not say.
const OTHER: &str = "Other document";

/// A record as lists show it.
pub(super) fn record_item(chart: &OwnChart, kinship: &Kinship<'_>, record: &Record) -> RecordItem {
    let from = match record.origin.unwrap_or(record.author) {
        author if author == record.chart => "added by you".to_owned(),
        author => format!("from {}", said::person(author, chart.people.get(&author)).name),
    };
    let kind = said::record_kind(&record.meta, chart.category(record.folder));
    let sensitive = chart.is_sensitive(record.folder).then(Badge::sensitive);
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
        badge: sensitive.or_else(|| kinship.badge(record)).or_else(|| {
            is_new.then(|| match kind {
                crate::components::record_row::RecordKind::Prescription => Badge::new(Tone::Accent, "Prescribed"),
                _ => Badge::new(Tone::Info, "New"),
            })
        }),
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
    let kinship = Kinship::of(&chart.records);
    // A confirmation stands with what it confirms.
    let records = chart.records.records.iter().filter(|record| kinship.confirmed(record).is_none());
    RecordsModel {
        records: records.map(|record| listed(chart, &kinship, record)).collect(),
        folders: chart.folders.iter().map(|folder| folders::item(chart, folder)).collect(),
        pending: chart.records.pending,
        seal: said::seal(&chart.read.seal),
    }
}

fn listed(chart: &OwnChart, kinship: &Kinship<'_>, record: &Record) -> Listed {
    let kind = match record.meta.kind.display.trim() {
        "" => OTHER,
        word => word,
    };
    let sensitive = chart.is_sensitive(record.folder);
    Listed { item: record_item(chart, kinship, record), kind: kind.to_owned(), sensitive }
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
