//! Adding a record: a file, what it is, and where it belongs.

use leptos::{ev, html, prelude::*};
use web_sys::File;

use crate::components::blank::TroubleLine;
use crate::components::button::Button;
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;
use crate::speaking::size;

/// What the form starts with once a file is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// A title from the file.
    pub title: String,
    /// The kind's key.
    pub kind: String,
    /// The folder's id.
    pub folder: String,
    /// The date it carries, `2026-11-20`.
    pub date: String,
}

/// A file with what the person says of it.
pub struct AddInput {
    /// The file.
    pub file: File,
    /// Its title.
    pub title: String,
    /// The kind's key.
    pub kind: String,
    /// The folder's id.
    pub folder: String,
    /// The date it carries, `2026-11-20`; may be empty.
    pub date: String,
}

/// Files from a picker or dropped onto the page.
#[component]
pub fn FileDrop(
    /// `Drop reports here`.
    #[prop(into)]
    title: String,
    /// What can be dropped.
    #[prop(into)]
    sentence: String,
    /// More than one at a time.
    #[prop(optional)]
    several: bool,
    /// Less high.
    #[prop(optional)]
    slim: bool,
    /// Files were chosen.
    #[prop(into)]
    on_files: Callback<Vec<File>>,
) -> impl IntoView {
    let input: NodeRef<html::Input> = NodeRef::new();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        let files: Vec<File> =
            files.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
        if !files.is_empty() {
            on_files.run(files);
        }
    };
    let label = if several { "Choose files" } else { "Choose a file" };
    view! {
        <div
            class="drop"
            class:drop--over=move || over.get()
            class:drop--slim=slim
            on:dragover=move |event: ev::DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event: ev::DragEvent| {
                event.prevent_default();
                over.set(false);
                take(event.data_transfer().and_then(|transfer| transfer.files()));
            }
        >
            <p class="drop__title">{title}</p>
            <p>{sentence}</p>
            <input
                type="file"
                node_ref=input
                class="unseen"
                tabindex="-1"
                aria-label=label
                multiple=several
                on:change=move |_| {
                    if let Some(input) = input.get_untracked() {
                        take(input.files());
                        input.set_value("");
                    }
                }
            />
            <Button
                label=label
                on_press=move |()| {
                    if let Some(input) = input.get_untracked() {
                        input.click();
                    }
                }
            />
        </div>
    }
}

/// The dialog.
#[component]
pub fn AddRecordDialog(
    /// Id and name of the folders.
    #[prop(into)]
    folders: Signal<Vec<(String, String)>>,
    /// Key and word of the kinds.
    #[prop(into)]
    kinds: Signal<Vec<(String, String)>>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// What a file suggests: a title from its name, a kind, a folder.
    #[prop(into)]
    suggest: Callback<File, Suggestion>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Encrypts and files it.
    #[prop(into)]
    on_add: Callback<AddInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let file: RwSignal<Option<File>, LocalStorage> = RwSignal::new_local(None);
    let title = RwSignal::new(String::new());
    let kind = RwSignal::new(String::new());
    let folder = RwSignal::new(String::new());
    let date = RwSignal::new(String::new());
    let choose = move |files: Vec<File>| {
        if let Some(chosen) = files.into_iter().next() {
            let suggestion = suggest.run(chosen.clone());
            title.set(suggestion.title);
            kind.set(suggestion.kind);
            folder.set(suggestion.folder);
            date.set(suggestion.date);
            file.set(Some(chosen));
        }
    };
    let untitled = Signal::derive(move || title.with(|title| title.trim().is_empty()));
    let add = move |()| {
        if let Some(file) = file.get_untracked() {
            on_add.run(AddInput {
                file,
                title: title.get_untracked().trim().to_owned(),
                kind: kind.get_untracked(),
                folder: folder.get_untracked(),
                date: date.get_untracked(),
            });
        }
    };
    let chips = Signal::derive(move || {
        folders.get().into_iter().map(|(id, name)| Choice::new(id, name, "")).collect::<Vec<_>>()
    });
    view! {
        <Dialog title="Add a record" on_close=on_close>
            {move || match file.get() {
                None => {
                    view! {
                        <FileDrop
                            title="Drop a file here"
                            sentence="A PDF, an image, FHIR or DICOM, up to 200 MB."
                            on_files=choose
                        />
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                Some(chosen) => {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a file's length is a whole number"
                    )]
                    let length = chosen.size() as u64;
                    view! {
                        <div class="fields">
                            <p class="second">
                                {format!("{}, {}", chosen.name(), size(length))} " "
                                <button
                                    type="button"
                                    class="link-button link-button--inline"
                                    on:click=move |_| file.set(None)
                                >
                                    "Choose another"
                                </button>
                            </p>
                            <Field label="Title" value=title first=true />
                            <div class="fields__line fields__line--two">
                                <SelectField label="Kind" value=kind choices=kinds />
                                <Field label="Date" value=date takes=Takes::Day />
                            </div>
                            <ChoiceChips
                                label="Folder"
                                labelled=true
                                choices=chips
                                chosen=folder
                                on_choose=move |id| folder.set(id)
                            />
                            <p class="second">
                                {format!(
                                    "It is encrypted on this device and uploaded. Then {wallet} asks once, to file it in your chart. Everyone who reads the folder can read it.",
                                )}
                            </p>
                            <TroubleLine trouble=trouble />
                        </div>
                        <DialogFoot
                            act="Add record"
                            icon=Icon::Lock
                            disabled=untitled
                            on_act=add
                            on_leave=on_close
                        />
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}
