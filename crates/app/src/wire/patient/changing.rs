//! Changing a record: the dialog for it, and the act, which goes on while one moves between pages.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use medkey_client::{add_record::Details, fault::Fault, list_records::Record};
use medkey_protocol::blocks::Category;

use super::{Patient, folders, use_patient};
use crate::{
    components::{choice::Choice, dialog::ConfirmDialog},
    pages::{
        change_record::{Change, MoveDialog, RenameDialog, ReplaceDialog, ReplaceInput},
        folders::Destination,
    },
    wire::{
        acts::{Label, Shape},
        filing,
        own_chart::OwnChart,
        said,
        uploading::Upload,
    },
};

/// A record as it was when the change of it began.
#[derive(Clone)]
struct Held {
    chart: Rc<OwnChart>,
    at: usize,
}

impl Held {
    fn of(patient: Patient, id: &str) -> Option<Self> {
        let chart = patient.chart()?;
        let at = chart.records.records.iter().position(|record| record.id.to_string() == id)?;
        Some(Self { chart, at })
    }

    fn record(&self) -> &Record {
        &self.chart.records.records[self.at]
    }

    fn title(&self) -> String {
        self.record().meta.title.clone()
    }
}

/// The dialog for a change of the record with this id.
#[component]
pub fn Changing(
    /// Its id.
    id: Memo<String>,
    /// Which change; none while nothing is being changed.
    change: RwSignal<Option<Change>>,
) -> impl IntoView {
    let patient = use_patient()?;
    let navigate = use_navigate();
    let close = move |()| change.set(None);
    Some(move || {
        let change = change.get()?;
        let held = Held::of(patient, &id.get_untracked())?;
        let kept = StoredValue::new_local(held.clone());
        let wallet = patient.wallet();
        let navigate = navigate.clone();
        Some(match change {
            Change::Rename => {
                let on_rename = move |title: String| {
                    let held = kept.get_value();
                    close(());
                    rename(patient, &held, title);
                };
                view! {
                    <RenameDialog title=held.title() wallet=wallet on_rename=on_rename on_close=close />
                }
                .into_any()
            }
            Change::Move => {
                let folder = held.record().folder.to_string();
                let folders = folder_choices(&held.chart);
                let draft = folders::has_room(&held.chart).then(|| folders::draft(&held.chart, "", None));
                let on_move = move |to: Destination| {
                    let held = kept.get_value();
                    close(());
                    move_to(patient, &held, to);
                };
                view! {
                    <MoveDialog
                        folders=folders
                        private=said::category_word(Some(Category::Private))
                        folder=folder
                        draft=draft
                        wallet=wallet
                        on_move=on_move
                        on_close=close
                    />
                }
                .into_any()
            }
            Change::Replace => {
                let folder = held.chart.folder_word(held.record().folder);
                let title = held.title();
                let on_replace = move |input: ReplaceInput| {
                    let held = kept.get_value();
                    close(());
                    replace(patient, &held, input);
                };
                view! {
                    <ReplaceDialog
                        title=title
                        folder=folder
                        wallet=wallet
                        on_replace=on_replace
                        on_close=close
                    />
                }
                .into_any()
            }
            Change::Remove => {
                let on_remove = move |()| {
                    let held = kept.get_value();
                    close(());
                    remove(patient, &held);
                    navigate("/records", Default::default());
                };
                view! {
                    <ConfirmDialog
                        title="Remove this record?"
                        sentence="It leaves your chart and the server hands it to nobody else any more, but the chain keeps that it was there, and whoever read it may have kept a copy."
                        act="Remove"
                        danger=true
                        on_act=on_remove
                        on_leave=close
                    />
                }
                .into_any()
            }
        })
    })
}

fn folder_choices(chart: &OwnChart) -> Vec<Choice> {
    let note = |category| match category {
        Some(Category::Private) => "Never shared as a whole",
        _ => "",
    };
    chart
        .folders
        .iter()
        .map(|folder| {
            let choice = Choice::new(folder.id.to_string(), folder.word(), note(folder.category));
            choice.set_apart(folder.is_sensitive())
        })
        .collect()
}

fn rename(patient: Patient, held: &Held, title: String) {
    let held = held.clone();
    let done = format!("It is called {title} now.");
    patient.start(format!("Renaming {}", held.title()), done, move |open, listen| {
        let (held, title) = (held.clone(), title.clone());
        async move { open.client().rename_record(&open.me, held.record(), &title, &*listen).await.map(drop) }
    });
}

fn move_to(patient: Patient, held: &Held, to: Destination) {
    let held = held.clone();
    let title = held.title();
    let Some((folder, new)) = folders::place(patient, to) else { return };
    let word = new.as_ref().map_or_else(|| held.chart.folder_word(folder), |new| &new.name.name);
    let done = format!("{title} is in {word} now.");
    patient.start(format!("Moving {title}"), done, move |open, listen| {
        let (held, new) = (held.clone(), new.clone());
        async move {
            let moved = match &new {
                Some(new) => open.client().move_to_new_folder(&open.me, held.record(), new, &*listen).await,
                None => open.client().move_record(&open.me, held.record(), folder, &*listen).await,
            };
            moved.map(drop)
        }
    });
}

fn remove(patient: Patient, held: &Held) {
    let held = held.clone();
    let title = held.title();
    patient.start(format!("Removing {title}"), format!("{title} is no longer in your chart."), move |open, listen| {
        let manifest = held.record().manifest;
        async move { open.client().remove_record(&open.me, manifest, &*listen).await.map(drop) }
    });
}

fn replace(patient: Patient, held: &Held, input: ReplaceInput) {
    if !patient.may_change() {
        return;
    }
    let ReplaceInput { file, title, date } = input;
    let record = held.record();
    let details = Details { kind: record.meta.kind.clone(), ..filing::details(&file, &title, "", &date) };
    let upload = Upload::new(file, details.in_place_of(record));
    let label = Label {
        title: format!("Replacing {}", held.title()),
        done: format!("{title} has taken its place."),
        wallet: patient.wallet(),
        shape: Shape::Filing(upload.length()),
    };
    let (open, held) = (patient.open(), held.clone());
    patient.acts.start(label, move |listen| {
        let (open, held, upload) = (Rc::clone(&open), held.clone(), upload.clone());
        async move {
            let stored = upload.store(&open, &listen).await?;
            open.client().replace_record(&open.me, held.record(), &stored, &*listen).await?;
            patient.desk.read_again();
            Ok::<(), Fault>(())
        }
    });
}
