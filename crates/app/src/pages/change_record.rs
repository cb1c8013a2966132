//! Changing a record that is in the chart: its title, its folder, its file, or that it is there at all.

use leptos::prelude::*;
use web_sys::File;

use crate::components::button::{Button, Weight};
use crate::components::choice::{Choice, ChoiceCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::components::page_head::Section;
use crate::pages::add_record::FileDrop;
use crate::pages::folders::{Destination, FolderDraft, InlineFolder, new_folder_choice};
use crate::speaking::size;

/// What can be changed about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its title.
    Rename,
    /// Its folder.
    Move,
    /// Its file.
    Replace,
    /// It leaves the chart.
    Remove,
}

/// A file for a record that is there.
pub struct ReplaceInput {
    /// The file.
    pub file: File,
    /// Its title.
    pub title: String,
    /// The date it carries, `2026-11-20`; may be empty.
    pub date: String,
}

/// What can be changed, at the end of the record's page.
#[component]
pub fn ChangeSection(
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Begins a change.
    on_change: Callback<Change>,
) -> impl IntoView {
    let button = move |label: &'static str, icon: Icon, change: Change| {
        let weight = if change == Change::Remove { Weight::Danger } else { Weight::Second };
        view! {
            <Button
                label=label
                icon=icon
                small=true
                weight=weight
                disabled=read_only
                on_press=move |()| on_change.run(change)
            />
        }
    };
    view! {
        <Section title="Change this record">
            <div class="button-row changes">
                {button("Rename", Icon::Pencil, Change::Rename)}
                {button("Move", Icon::Folder, Change::Move)}
                {button("Replace file", Icon::Deliver, Change::Replace)}
                {button("Remove", Icon::Cross, Change::Remove)}
            </div>
        </Section>
    }
}

/// Another title.
#[component]
pub fn RenameDialog(
    /// The title it has.
    #[prop(into)]
    title: String,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// The new title.
    #[prop(into)]
    on_rename: Callback<String>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let now = title.clone();
    let value = RwSignal::new(title);
    let same = Signal::derive(move || value.with(|value| is_no_title(value, &now)));
    view! {
        <Dialog title="Rename this record" on_close=on_close>
            <div class="fields">
                <Field label="Title" value=value first=true />
                <p class="second">
                    {format!(
                        "Whoever reads the record sees the new title, and can look up the first one. {wallet} asks once.",
                    )}
                </p>
            </div>
            <DialogFoot
                act="Rename"
                disabled=same
                on_act=move |()| on_rename.run(value.get_untracked().trim().to_owned())
                on_leave=on_close
            />
        </Dialog>
    }
}

/// A title that is none, or the one that is there.
fn is_no_title(value: &str, now: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value == now
}

/// What moving a record from one folder to another means for those who read them. Nobody is given the private folder,
/// which is `private` by name.
#[must_use]
pub fn move_sentence(from: &str, to: &str, private: &str) -> String {
    if from == to {
        return format!("It is in {from} now. Choose another folder.");
    }
    let mut said = Vec::new();
    said.push(if to == private {
        format!("{to} is never shared as a whole, so nobody else is given it there.")
    } else {
        format!("Who reads {to} can read it from now on.")
    });
    if from != private {
        said.push(format!("Who reads only {from} is not given it any more, but may have kept what was read."));
    }
    said.push("Whoever you shared this record alone with goes on reading it.".to_owned());
    said.join(" ")
}

/// What moving a record to a folder means that is made for it.
fn move_to_new_sentence(from: &str) -> String {
    format!(
        "Nobody but you reads a new folder. Who reads {from} is not given the record any more, but may have kept what was \
         read. Whoever you shared this record alone with goes on reading it."
    )
}

/// Another folder.
#[component]
pub fn MoveDialog(
    /// Id, name and a note of the folders.
    folders: Vec<Choice>,
    /// The name of the private folder.
    #[prop(into)]
    private: String,
    /// The id of the folder it is in.
    #[prop(into)]
    folder: String,
    /// A folder that is made for it, where one more fits.
    draft: Option<FolderDraft>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Where it goes.
    #[prop(into)]
    on_move: Callback<Destination>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let now = folder.clone();
    let chosen = RwSignal::new(folder.clone());
    let to = Signal::derive(move || {
        let changed = chosen.with(|chosen| *chosen != folder);
        changed.then(|| chosen.with(|chosen| Destination::chosen(chosen, draft))).flatten()
    });
    let word = {
        let folders = folders.clone();
        move |id: &str| folders.iter().find(|one| one.id == id).map(|one| one.title.clone())
    };
    let sentence = move || {
        let from = word(&now).unwrap_or_else(|| "no folder".to_owned());
        match chosen.with(|chosen| word(chosen)) {
            Some(to) => move_sentence(&from, &to, &private),
            None => move_to_new_sentence(&from),
        }
    };
    let choices = folders.into_iter().chain(draft.map(|_| new_folder_choice())).collect::<Vec<_>>();
    view! {
        <Dialog title="Move to another folder" on_close=on_close>
            <div class="fields">
                <ChoiceCards
                    label="Folder"
                    silent_label=true
                    choices=Signal::stored(choices)
                    chosen=chosen
                    on_choose=move |id| chosen.set(id)
                />
                <InlineFolder chosen=chosen draft=draft />
                <p class="second" role="status">
                    {sentence}
                </p>
                <p class="second">
                    {format!("The file is not uploaded again. {wallet} asks once.")}
                </p>
            </div>
            <DialogFoot
                act="Move"
                disabled=Signal::derive(move || to.with(Option::is_none))
                on_act=move |()| {
                    if let Some(to) = to.get_untracked() {
                        on_move.run(to);
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Another file.
#[component]
pub fn ReplaceDialog(
    /// The title it has.
    #[prop(into)]
    title: String,
    /// The folder's name.
    #[prop(into)]
    folder: String,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Encrypts it and files it in the place of the old one.
    #[prop(into)]
    on_replace: Callback<ReplaceInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let file: RwSignal<Option<File>, LocalStorage> = RwSignal::new_local(None);
    let value = RwSignal::new(title);
    let date = RwSignal::new(String::new());
    let untitled = Signal::derive(move || value.with(|value| value.trim().is_empty()));
    let choose = move |files: Vec<File>| file.set(files.into_iter().next());
    let replace = move |()| {
        if let Some(file) = file.get_untracked() {
            let title = value.get_untracked().trim().to_owned();
            on_replace.run(ReplaceInput { file, title, date: date.get_untracked() });
        }
    };
    view! {
        <Dialog title="Replace the file" on_close=on_close>
            {move || match file.get() {
                None => {
                    view! {
                        <FileDrop
                            title="Drop the new file here"
                            sentence="It takes the place of this record, in the same folder."
                            on_files=choose
                        />
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                Some(chosen) => {
                    view! {
                        <div class="fields">
                            <ChosenFile file=chosen on_other=move |()| file.set(None) />
                            <Field label="Title" value=value first=true />
                            <Field label="Date" value=date takes=Takes::Day optional=true />
                            <p class="second">
                                {format!(
                                    "Who reads {folder} reads the new file there. Whoever you shared this record alone with needs the new one shared too. The old file stays with you, and with whoever kept it. {wallet} asks once.",
                                )}
                            </p>
                        </div>
                        <DialogFoot
                            act="Replace file"
                            icon=Icon::Lock
                            disabled=untitled
                            on_act=replace
                            on_leave=on_close
                        />
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}

/// The file that was chosen, and the way to another.
#[component]
pub fn ChosenFile(
    /// The file.
    file: File,
    /// Lets another be chosen.
    #[prop(into)]
    on_other: Callback<()>,
) -> impl IntoView {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's length is a whole number")]
    let length = file.size() as u64;
    view! {
        <p class="second">
            {format!("{}, {}", file.name(), size(length))} " "
            <button type="button" class="link-button link-button--inline" on:click=move |_| on_other.run(())>
                "Choose another"
            </button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_says_who_reads_on_and_who_does_not() {
        let said = move_sentence("Laboratory", "Imaging", "Private");
        assert!(said.starts_with("Who reads Imaging can read it"));
        assert!(said.contains("Who reads only Laboratory is not given it any more"));
        let said = move_sentence("Laboratory", "Private", "Private");
        assert!(said.starts_with("Private is never shared as a whole, so nobody else is given it there."));
        assert!(!said.contains("Who reads Private"));
        assert!(!move_sentence("Private", "General", "Private").contains("Who reads only Private"));
        assert!(move_to_new_sentence("Vitals").contains("Who reads Vitals is not given the record any more"));
        assert_eq!(move_sentence("General", "General", "Private"), "It is in General now. Choose another folder.");
    }

    #[test]
    fn a_title_has_to_be_one_and_another() {
        assert!(is_no_title("  ", "Lipids"));
        assert!(is_no_title(" Lipids ", "Lipids"));
        assert!(!is_no_title("Lipid panel", "Lipids"));
    }
}
