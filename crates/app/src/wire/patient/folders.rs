//! Folders of one's own: the dialogs about them, and the acts.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_client::{
    FolderName,
    folders::Folder,
    make_folder::{MOST_FOLDERS, NewFolder, parse_name},
};
use medkey_protocol::{FolderId, Scope};

use super::{Patient, use_patient};
use crate::{
    components::button::Button,
    components::dialog::{ConfirmDialog, Dialog},
    pages::folders::{
        Destination, FolderChange, FolderDraft, FolderInput, FolderItem, MakeFolderDialog, RemoveFolderDialog,
        RenameFolderDialog, set_apart_sentence,
    },
    speaking::{count, sentence},
    wire::{desk::now, own_chart::OwnChart, said::sentence_of},
};

/// From how many on it is said how many more there may be.
const SAY_ROOM_FROM: usize = MOST_FOLDERS - 10;

/// A folder as the pages show it.
pub(super) fn item(chart: &OwnChart, folder: &Folder) -> FolderItem {
    let (state, scope, now) = (&chart.read.state, Scope::from(folder.id), chart.read.time.max(now()));
    FolderItem {
        id: folder.id.to_string(),
        name: folder.word().to_owned(),
        own: folder.is_own(),
        sensitive: folder.is_sensitive(),
        records: chart.records_in(folder.id),
        readers: state.live_grants(now).filter(|grant| grant.scope == scope).count(),
        codes: state.live_offers(now).filter(|offer| offer.scope == scope).count(),
    }
}

/// How many of the patient's own there are.
fn own(chart: &OwnChart) -> usize {
    chart.folders.iter().filter(|folder| folder.is_own()).count()
}

/// What is said of how many more there may be.
fn room(own: usize) -> String {
    match MOST_FOLDERS.saturating_sub(own) {
        _ if own < SAY_ROOM_FROM => String::new(),
        left => format!("You have {own} folders of your own; {} more can be made. ", count(left, "", "").trim()),
    }
}

/// A folder that is being named, other than all that are there but this one.
pub(super) fn draft(chart: &Rc<OwnChart>, first: &str, but: Option<FolderId>) -> FolderDraft {
    let others: Vec<Folder> = chart.folders.iter().filter(|folder| Some(folder.id) != but).cloned().collect();
    let check = Callback::new(move |typed: String| parse_name(&typed, &others).map_err(|error| sentence_of(&error)));
    FolderDraft::new(first, check)
}

/// A folder that is not there yet.
fn plan(patient: Patient, input: FolderInput) -> NewFolder {
    let FolderInput { name, sensitive } = input;
    patient.open().client().plan_folder(FolderName { name, sensitive })
}

/// The folder that a record goes into, and where it is made for it that one.
pub(super) fn place(patient: Patient, to: Destination) -> Option<(FolderId, Option<NewFolder>)> {
    match to {
        Destination::Folder(id) => Some((id.parse().ok()?, None)),
        Destination::New(input) => {
            let new = plan(patient, input);
            Some((new.id, Some(new)))
        }
    }
}

/// Whether one more folder fits.
pub(super) fn has_room(chart: &OwnChart) -> bool {
    own(chart) < MOST_FOLDERS
}

fn make(patient: Patient, input: FolderInput) {
    let new = plan(patient, input);
    let (title, done) = (format!("Making the folder {}", new.name.name), format!("{} is there.", new.name.name));
    patient.start(title, sentence(&done), move |open, listen| {
        let new = new.clone();
        async move {
            open.client().make_folder(&open.me, &new, &*listen).await?;
            // Whoever made it goes on in it.
            let _left = patient.finding.try_update(|finding| finding.folder = new.id.to_string());
            Ok(())
        }
    });
}

fn change(patient: Patient, folder: &FolderItem, name: FolderName, done: String) {
    let Ok(id) = folder.id.parse::<FolderId>() else { return };
    patient.start(format!("Changing the folder {}", folder.name), done, move |open, listen| {
        let name = name.clone();
        async move { open.client().rename_folder(&open.me, id, &name, &*listen).await }
    });
}

fn remove(patient: Patient, folder: &FolderItem) {
    let Ok(id) = folder.id.parse::<FolderId>() else { return };
    let FolderItem { name, .. } = folder;
    patient.start(
        format!("Removing the folder {name}"),
        format!("The folder {name} is removed."),
        move |open, listen| async move {
            open.client().remove_folder(&open.me, id, &*listen).await?;
            let _left = patient.finding.try_update(|finding| finding.folder.clear());
            Ok(())
        },
    );
}

/// The dialog for a change of the folders.
#[component]
pub(super) fn Foldering(
    /// Which change; none while nothing is being changed.
    change_of: RwSignal<Option<FolderChange>>,
) -> impl IntoView {
    let patient = use_patient()?;
    let close = move |()| change_of.set(None);
    Some(move || {
        let what = change_of.get()?;
        let chart = patient.chart()?;
        let wallet = patient.wallet();
        let (FolderChange::Rename(id) | FolderChange::SetApart(id) | FolderChange::Remove(id)) = &what else {
            return Some(making(patient, &chart, close));
        };
        let known = chart.folders.iter().find(|folder| folder.id.to_string() == *id)?;
        let folder = item(&chart, known);
        let kept = folder.clone();
        Some(match what {
            FolderChange::Make => return None,
            FolderChange::Rename(_) => {
                let sensitive = folder.sensitive;
                let on_rename = move |name: String| {
                    close(());
                    let done = format!("The folder is called {name} now.");
                    change(patient, &kept, FolderName { name, sensitive }, done);
                };
                let draft = draft(&chart, &folder.name, Some(known.id));
                view! {
                    <RenameFolderDialog
                        folder=folder
                        draft=draft
                        wallet=wallet
                        on_rename=on_rename
                        on_close=close
                    />
                }
                .into_any()
            }
            FolderChange::SetApart(_) => {
                let apart = !folder.sensitive;
                let name = folder.name.clone();
                let (title, act) = match apart {
                    true => (format!("Make {name} sensitive?"), "Make sensitive"),
                    false => (format!("List {name} with the others again?"), "Not sensitive"),
                };
                let on_act = move |()| {
                    close(());
                    let FolderItem { name, .. } = kept.clone();
                    let done = match apart {
                        true => format!("{name} stands apart now."),
                        false => format!("{name} is listed with the others."),
                    };
                    change(patient, &kept, FolderName { name, sensitive: apart }, done);
                };
                view! {
                    <ConfirmDialog
                        title=title
                        sentence=set_apart_sentence(&folder, &wallet)
                        act=act
                        on_act=on_act
                        on_leave=close
                    />
                }
                .into_any()
            }
            FolderChange::Remove(_) => {
                let on_remove = move |()| {
                    close(());
                    remove(patient, &kept);
                };
                view! {
                    <RemoveFolderDialog
                        folder=folder
                        wallet=wallet
                        on_remove=on_remove
                        on_close=close
                    />
                }
                .into_any()
            }
        })
    })
}

fn making(patient: Patient, chart: &Rc<OwnChart>, close: impl Fn(()) + Copy + Send + Sync + 'static) -> AnyView {
    if !has_room(chart) {
        let sentence = sentence_of(&medkey_client::folders::FolderError::TooMany);
        return view! {
            <Dialog title="No more folders fit" on_close=close>
                <p>{sentence}</p>
                <div class="dialog__foot">
                    <Button label="Close" on_press=close />
                </div>
            </Dialog>
        }
        .into_any();
    }
    let on_make = move |input: FolderInput| {
        close(());
        make(patient, input);
    };
    view! {
        <MakeFolderDialog
            draft=draft(chart, "", None)
            room=room(own(chart))
            wallet=patient.wallet()
            on_make=on_make
            on_close=close
        />
    }
    .into_any()
}
