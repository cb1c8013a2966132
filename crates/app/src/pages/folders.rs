//! Folders of one's own: named, set apart, removed.

use leptos::prelude::*;

use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip};
use crate::components::choice::{Choice, TickCards};
use crate::components::dialog::{ConfirmDialog, Dialog, DialogFoot};
use crate::components::field::Field;
use crate::components::icon::{Glyph, Icon};
use crate::speaking::{count, sentence};

/// The tick that sets a folder apart.
const SENSITIVE: &str = "sensitive";

/// What a sensitive folder is, in one sentence.
const APART: &str = "Listed apart from the others, never suggested when you share, and kept off Home.";

/// A folder as the list of records filters by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FolderItem {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It is one of the patient's own.
    pub own: bool,
    /// It stands apart.
    pub sensitive: bool,
    /// How many records are in it.
    pub records: usize,
    /// How many people can read it now.
    pub readers: usize,
    /// Codes for it that can be used.
    pub codes: usize,
}

impl FolderItem {
    /// Why it cannot be removed, and what to do first; none if it can.
    fn held_by(&self) -> Option<String> {
        let Self { name, records, readers, codes, .. } = self;
        let move_them = match records {
            0 => None,
            1 => Some("One record is in it. Open the record and move it to another folder.".to_owned()),
            many => Some(format!(
                "{} are in it. Open each and move it to another folder.",
                sentence(&count(*many, "record", "records"))
            )),
        };
        let end_them = match (readers, codes) {
            (0, 0) => None,
            (0, _) => Some(format!("A code for {name} can still be used. Withdraw it under People, Share by QR.")),
            (1, _) => Some(format!("One person can read {name}. Revoke that under People.")),
            (many, _) => {
                Some(format!("{} can read {name}. Revoke that under People.", sentence(&count(*many, "", "people"))))
            }
        };
        let why: Vec<String> = [move_them, end_them].into_iter().flatten().collect();
        (!why.is_empty()).then(|| why.join(" "))
    }

    /// What is said beside its name.
    fn state(&self) -> String {
        let records = match self.records {
            0 => "No records yet".to_owned(),
            some => sentence(&count(some, "record", "records")),
        };
        let readers = match self.readers {
            0 => "only you can read it".to_owned(),
            1 => "one person besides you can read it".to_owned(),
            some => format!("{} people besides you can read it", count(some, "", "").trim()),
        };
        format!("{records} · {readers}")
    }
}

/// What is done about folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderChange {
    /// One more.
    Make,
    /// The one with this id gets another name.
    Rename(String),
    /// The one with this id is set apart, or no longer.
    SetApart(String),
    /// The one with this id goes.
    Remove(String),
}

/// A name and whether the folder stands apart, while they are typed.
#[derive(Clone, Copy, Debug)]
pub struct FolderDraft {
    name: RwSignal<String>,
    ticked: RwSignal<Vec<String>>,
    /// The name as it will be, or why it cannot be.
    check: Callback<String, Result<String, String>>,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderInput {
    /// Its name.
    pub name: String,
    /// It stands apart.
    pub sensitive: bool,
}

/// Where a record goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into the folder with this id.
    Folder(String),
    /// Into a folder that is made for it.
    New(FolderInput),
}

/// The id of the choice of a folder that is made for a record.
const NEW: &str = "new";

/// The choice of a folder that is made for a record.
#[must_use]
pub fn new_folder_choice() -> Choice {
    Choice::new(NEW, "New folder…", "")
}

impl Destination {
    /// What the choice with this id comes to; none while a new folder has no name.
    #[must_use]
    pub fn chosen(id: &str, draft: Option<FolderDraft>) -> Option<Self> {
        match draft {
            Some(draft) if id == NEW => draft.said().map(Self::New),
            _ => Some(Self::Folder(id.to_owned())),
        }
    }
}

/// The fields of a new folder, while its choice is chosen.
#[component]
pub fn InlineFolder(
    /// The id of the choice.
    #[prop(into)]
    chosen: Signal<String>,
    /// What is typed.
    draft: Option<FolderDraft>,
) -> impl IntoView {
    let is_new = Memo::new(move |_| chosen.with(|chosen| chosen == NEW));
    move || draft.filter(|_| is_new.get()).map(|draft| view! { <FolderFields draft=draft /> })
}

impl FolderDraft {
    /// A draft that begins with this name.
    #[must_use]
    pub fn new(name: impl Into<String>, check: Callback<String, Result<String, String>>) -> Self {
        Self { name: RwSignal::new(name.into()), ticked: RwSignal::new(Vec::new()), check }
    }

    /// What was decided; none while the name is not one.
    #[must_use]
    pub fn said(&self) -> Option<FolderInput> {
        let name = self.check.run(self.name.get()).ok()?;
        Some(FolderInput { name, sensitive: self.ticked.with(|ticked| !ticked.is_empty()) })
    }

    /// What is wrong with what was typed.
    fn error(&self) -> Option<String> {
        let typed = self.name.get();
        if typed.trim().is_empty() { None } else { self.check.run(typed).err() }
    }
}

/// The fields of a new folder.
#[component]
pub fn FolderFields(
    /// What is typed.
    draft: FolderDraft,
) -> impl IntoView {
    let tick = Choice::new(SENSITIVE, "Sensitive", APART);
    view! {
        <Field
            label="Name of the folder"
            value=draft.name
            error=Signal::derive(move || draft.error())
            first=true
        />
        <TickCards label="Set apart" choices=Signal::stored(vec![tick]) chosen=draft.ticked />
    }
}

/// One more folder.
#[component]
pub fn MakeFolderDialog(
    /// What is typed.
    draft: FolderDraft,
    /// How many more there may be, where that is worth saying.
    #[prop(into)]
    room: String,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Makes it.
    #[prop(into)]
    on_make: Callback<FolderInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title="New folder" on_close=on_close>
            <div class="fields">
                <FolderFields draft=draft />
                <p class="second">
                    {format!(
                        "Only you and the people you share it with can read its name. {room}{wallet} asks once.",
                    )}
                </p>
            </div>
            <DialogFoot
                act="Make folder"
                disabled=Signal::derive(move || draft.said().is_none())
                on_act=move |()| {
                    if let Some(input) = untrack(move || draft.said()) {
                        on_make.run(input);
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Another name.
#[component]
pub fn RenameFolderDialog(
    /// The folder.
    folder: FolderItem,
    /// What is typed.
    draft: FolderDraft,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// The new name.
    #[prop(into)]
    on_rename: Callback<String>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let who = match folder.readers {
        0 => "Only you see the new name.".to_owned(),
        1 => "The one who reads the folder sees the new name too.".to_owned(),
        _ => "Those who read the folder see the new name too.".to_owned(),
    };
    let renamed = {
        let now = folder.name.clone();
        Signal::derive(move || draft.said().map(|input| input.name).filter(|name| *name != now))
    };
    view! {
        <Dialog title=format!("Rename {}", folder.name) on_close=on_close>
            <div class="fields">
                <Field
                    label="Name of the folder"
                    value=draft.name
                    error=Signal::derive(move || draft.error())
                    first=true
                />
                <p class="second">{format!("{who} {wallet} asks once.")}</p>
            </div>
            <DialogFoot
                act="Rename"
                disabled=Signal::derive(move || renamed.with(Option::is_none))
                on_act=move |()| {
                    if let Some(name) = renamed.get_untracked() {
                        on_rename.run(name);
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// What setting a folder apart means, or listing it with the others again.
#[must_use]
pub fn set_apart_sentence(folder: &FolderItem, wallet: &str) -> String {
    let what = if folder.sensitive {
        "It is listed with your other folders again, and can be suggested when you share.".to_owned()
    } else {
        let readers = match folder.readers {
            0 => "",
            1 => " The one who reads it now goes on reading it.",
            _ => " Those who read it now go on reading it.",
        };
        format!("{APART}{readers}")
    };
    format!("{what} {wallet} asks once.")
}

/// The question before a folder goes, or why it cannot go yet.
#[component]
pub fn RemoveFolderDialog(
    /// The folder.
    folder: FolderItem,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Removes it.
    #[prop(into)]
    on_remove: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let name = folder.name.clone();
    match folder.held_by() {
        Some(why) => view! {
            <Dialog title=format!("{name} cannot be removed yet") on_close=on_close>
                <p>{why}</p>
                <div class="dialog__foot">
                    <Button label="Close" on_press=on_close />
                </div>
            </Dialog>
        }
        .into_any(),
        None => view! {
            <ConfirmDialog
                title=format!("Remove the folder {name}?")
                sentence=format!(
                    "It is empty, and nobody but you can read it. No record is lost. {wallet} asks once.",
                )
                act="Remove"
                danger=true
                on_act=on_remove
                on_leave=on_close
            />
        }
        .into_any(),
    }
}

/// The folder that is looked at, and what can be done about it.
#[component]
pub fn FolderLine(
    /// The folder.
    folder: FolderItem,
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Begins a change.
    on_change: Callback<FolderChange>,
) -> impl IntoView {
    let state = folder.state();
    let FolderItem { id, name, sensitive, .. } = folder;
    let button = |label: &'static str, weight: Weight, change: FolderChange| {
        view! {
            <Button
                label=label
                about=name.clone()
                small=true
                weight=weight
                disabled=read_only
                on_press=move |()| on_change.run(change.clone())
            />
        }
    };
    let apart = if sensitive { "Not sensitive" } else { "Make sensitive" };
    view! {
        <section class="folder-line" aria-label=format!("Folder {name}")>
            <Glyph icon=Icon::Folder />
            <div class="folder-line__text">
                <p class="row__title">
                    {name.clone()} {sensitive.then(|| view! { <Chip badge=Badge::sensitive() /> })}
                </p>
                <p class="row__sub">{state}</p>
            </div>
            <div class="button-row folder-line__acts">
                {button("Rename", Weight::Second, FolderChange::Rename(id.clone()))}
                {button(apart, Weight::Second, FolderChange::SetApart(id.clone()))}
                {button("Remove", Weight::Danger, FolderChange::Remove(id))}
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(records: usize, readers: usize, codes: usize) -> FolderItem {
        let (id, name) = ("1".to_owned(), "Travel".to_owned());
        FolderItem { id, name, own: true, sensitive: false, records, readers, codes }
    }

    #[test]
    fn what_holds_a_folder_is_said_with_what_to_do() {
        assert_eq!(folder(0, 0, 0).held_by(), None);
        assert_eq!(
            folder(1, 0, 0).held_by().unwrap(),
            "One record is in it. Open the record and move it to another folder."
        );
        let both = folder(3, 2, 1).held_by().unwrap();
        assert!(both.starts_with("Three records are in it."), "{both}");
        assert!(both.ends_with("Two people can read Travel. Revoke that under People."), "{both}");
        assert!(folder(0, 0, 1).held_by().unwrap().starts_with("A code for Travel can still be used."));
    }

    #[test]
    fn a_folder_says_what_is_in_it_and_who_reads_it() {
        assert_eq!(folder(0, 0, 0).state(), "No records yet · only you can read it");
        assert_eq!(folder(1, 1, 0).state(), "One record · one person besides you can read it");
        assert_eq!(folder(12, 3, 0).state(), "12 records · three people besides you can read it");
    }

    #[test]
    fn setting_apart_says_who_reads_on() {
        assert!(set_apart_sentence(&folder(1, 1, 0), "MetaMask").contains("The one who reads it now goes on"));
        assert!(!set_apart_sentence(&folder(1, 0, 0), "MetaMask").contains("goes on"));
        let apart = FolderItem { sensitive: true, ..folder(1, 0, 0) };
        assert!(set_apart_sentence(&apart, "MetaMask").contains("with your other folders again"));
    }
}
