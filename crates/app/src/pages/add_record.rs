//! Adding a record: a file, what it is, and where it belongs.

use leptos::{ev, html, prelude::*};
use web_sys::File;

use crate::components::blank::TroubleLine;
use crate::components::button::Button;
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::load::Trouble;
use crate::pages::folders::{Destination, FolderDraft, InlineFolder, new_folder_choice};
use crate::speaking::size;

/// What a form says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// Its title.
    pub title: String,
    /// The kind's key.
    pub kind: String,
    /// The folder's id.
    pub folder: String,
    /// The date it carries, `2026-11-20`; may be empty.
    pub date: String,
}

/// A file with what the person says of it.
pub struct AddInput {
    /// The file.
    pub file: File,
    /// What is said of it.
    pub said: Suggestion,
    /// Where it goes.
    pub to: Destination,
}

/// The form of one file, while it is filled in.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    title: RwSignal<String>,
    kind: RwSignal<String>,
    folder: RwSignal<String>,
    date: RwSignal<String>,
    /// The title under which the chart holds the same file already.
    twin: RwSignal<Option<String>>,
}

impl Draft {
    /// A form with what the file's name suggests.
    #[must_use]
    pub fn new(first: Suggestion) -> Self {
        let Suggestion { title, kind, folder, date } = first;
        Self {
            title: RwSignal::new(title),
            kind: RwSignal::new(kind),
            folder: RwSignal::new(folder),
            date: RwSignal::new(date),
            twin: RwSignal::new(None),
        }
    }

    /// A better suggestion, once the file was read: what the person has changed meanwhile stays.
    pub fn suggest_again(&self, before: &Suggestion, now: &Suggestion) {
        for (field, before, now) in [
            (self.title, &before.title, &now.title),
            (self.kind, &before.kind, &now.kind),
            (self.folder, &before.folder, &now.folder),
            (self.date, &before.date, &now.date),
        ] {
            // The dialog may be gone by now.
            if field.try_get_untracked().as_ref() == Some(before) && before != now {
                let _left = field.try_set(now.clone());
            }
        }
    }

    /// The chart holds the same file already, under this title.
    pub fn warn_of_twin(&self, title: String) {
        let _left = self.twin.try_set(Some(title));
    }

    fn said(&self) -> Suggestion {
        Suggestion {
            title: self.title.get_untracked().trim().to_owned(),
            kind: self.kind.get_untracked(),
            folder: self.folder.get_untracked(),
            date: self.date.get_untracked(),
        }
    }
}

/// A file that was chosen.
#[derive(Clone, Debug)]
struct Chosen {
    number: usize,
    name: String,
    length: u64,
    draft: Draft,
}

fn files_of(list: Option<web_sys::FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default()
}

fn length_of(file: &File) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's length is a whole number")]
    let length = file.size() as u64;
    length
}

/// A page that takes files which are dropped anywhere on it.
#[component]
pub fn DropPage(
    /// Takes none now.
    #[prop(into)]
    closed: Signal<bool>,
    /// Files were dropped.
    #[prop(into)]
    on_files: Callback<Vec<File>>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let holds_files = move |event: &ev::DragEvent| {
        let types = event.data_transfer().map(|transfer| transfer.types());
        !closed.get_untracked() && types.is_some_and(|types| types.includes(&"Files".into(), 0))
    };
    view! {
        <div
            class="drop-page"
            class:drop-page--over=move || over.get()
            on:dragover=move |event: ev::DragEvent| {
                if holds_files(&event) {
                    event.prevent_default();
                    over.set(true);
                }
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event: ev::DragEvent| {
                over.set(false);
                if holds_files(&event) {
                    event.prevent_default();
                    on_files.run(files_of(event.data_transfer().and_then(|transfer| transfer.files())));
                }
            }
        >
            {children()}
        </div>
    }
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
    /// A picture can be taken, where there is a camera at hand.
    #[prop(optional)]
    camera: bool,
    /// Less high.
    #[prop(optional)]
    slim: bool,
    /// Files were chosen.
    #[prop(into)]
    on_files: Callback<Vec<File>>,
) -> impl IntoView {
    let input: NodeRef<html::Input> = NodeRef::new();
    let lens: NodeRef<html::Input> = NodeRef::new();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        let files = files_of(files);
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
            {camera
                .then(|| {
                    view! {
                        <div class="drop__camera">
                            <input
                                type="file"
                                node_ref=lens
                                class="unseen"
                                tabindex="-1"
                                aria-label="Take a photo"
                                accept="image/*"
                                capture="environment"
                                on:change=move |_| {
                                    if let Some(input) = lens.get_untracked() {
                                        take(input.files());
                                        input.set_value("");
                                    }
                                }
                            />
                            <Button
                                label="Take a photo"
                                icon=Icon::Camera
                                on_press=move |()| {
                                    if let Some(input) = lens.get_untracked() {
                                        input.click();
                                    }
                                }
                            />
                        </div>
                    }
                })}
        </div>
    }
}

/// The dialog.
#[component]
pub fn AddRecordDialog(
    /// The folders.
    #[prop(into)]
    folders: Signal<Vec<Choice>>,
    /// Key and word of the kinds.
    #[prop(into)]
    kinds: Signal<Vec<(String, String)>>,
    /// A folder that is made for a record, where one more fits.
    new_folder: Option<FolderDraft>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Files that were chosen already.
    #[prop(optional)]
    files: Vec<File>,
    /// Begins the form of a file: what its name suggests now, and what is in it in a moment.
    #[prop(into)]
    draft: Callback<File, Draft>,
    /// Encrypts and files them.
    #[prop(into)]
    on_add: Callback<Vec<AddInput>>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    // A form lives as long as the dialog, not as the place where its file was dropped.
    let owner = StoredValue::new(Owner::current().unwrap_or_default());
    let held = StoredValue::new_local(Vec::<File>::new());
    let chosen = RwSignal::new(Vec::<Chosen>::new());
    let choose = move |files: Vec<File>| {
        for file in files {
            let draft = owner.get_value().with(|| draft.run(file.clone()));
            let (name, length) = (file.name(), length_of(&file));
            let number = held.with_value(Vec::len);
            held.update_value(|held| held.push(file));
            chosen.update(|chosen| chosen.push(Chosen { number, name, length, draft }));
        }
    };
    choose(files);
    let choose = Callback::new(choose);
    let count = Memo::new(move |_| chosen.with(Vec::len));
    let untitled = Signal::derive(move || {
        chosen.with(|chosen| chosen.iter().any(|one| one.draft.title.with(|title| title.trim().is_empty())))
    });
    let add = move |()| {
        let files = held.get_value();
        let input = |one: &Chosen| {
            let said = one.draft.said();
            let to = Destination::chosen(&said.folder, new_folder)?;
            Some(AddInput { file: files.get(one.number)?.clone(), said, to })
        };
        on_add.run(chosen.with_untracked(|chosen| chosen.iter().filter_map(input).collect()));
    };
    let nowhere = Signal::derive(move || {
        let to = |one: &Chosen| one.draft.folder.with(|folder| Destination::chosen(folder, new_folder));
        chosen.with(|chosen| chosen.iter().any(|one| to(one).is_none()))
    });
    let begin_again = move || chosen.set(Vec::new());
    let act = Signal::derive(move || match count.get() {
        0 | 1 => "Add record".to_owned(),
        number => format!("Add {number} records"),
    });
    let title = Signal::derive(move || match count.get() {
        0 | 1 => "Add a record".to_owned(),
        number => format!("Add {number} records"),
    });
    view! {
        <Dialog title=title on_close=on_close>
            {move || match count.get() {
                0 => {
                    view! {
                        <FileDrop
                            title="Drop files here"
                            sentence="PDF, images, FHIR or DICOM, up to 200 MB each."
                            several=true
                            camera=true
                            on_files=choose
                        />
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                number => {
                    let forms = chosen
                        .get_untracked()
                        .into_iter()
                        .map(|one| {
                            let drop = move |number: usize| {
                                chosen.update(|chosen| chosen.retain(|one| one.number != number));
                            };
                            view! {
                                <DraftForm
                                    one=one
                                    alone=number == 1
                                    folders=folders
                                    new_folder=new_folder
                                    kinds=kinds
                                    on_drop=drop
                                    on_others=move |()| begin_again()
                                />
                            }
                        })
                        .collect_view();
                    view! {
                        <div class="fields">
                            {forms}
                            <p class="second">{encrypting_sentence(number, &wallet)}</p>
                        </div>
                        <DialogFoot
                            act=act
                            icon=Icon::Lock
                            disabled=Signal::derive(move || untitled.get() || nowhere.get())
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

fn encrypting_sentence(number: usize, wallet: &str) -> String {
    let (it, them) =
        if number == 1 { ("It is", "it in your chart") } else { ("They are", "all of them in your chart") };
    format!(
        "{it} encrypted on this device and uploaded. Then {wallet} asks once, to file {them}. Everyone who reads the folder can read {}.",
        if number == 1 { "it" } else { "them" }
    )
}

/// The form of one file; beside others it is smaller.
#[component]
fn DraftForm(
    one: Chosen,
    alone: bool,
    folders: Signal<Vec<Choice>>,
    new_folder: Option<FolderDraft>,
    kinds: Signal<Vec<(String, String)>>,
    #[prop(into)] on_drop: Callback<usize>,
    #[prop(into)] on_others: Callback<()>,
) -> impl IntoView {
    let Chosen { number, name, length, draft } = one;
    let what = format!("{name}, {}", size(length));
    let twin = move || {
        draft
            .twin
            .get()
            .map(|title| Trouble::new("Your chart holds this very file already.", format!("It is there as {title}.")))
    };
    let trouble = Signal::derive(twin);
    // A list that folds out has no room for groups: there the word says it.
    let words = Signal::derive(move || {
        let (apart, others): (Vec<_>, Vec<_>) = folders.get().into_iter().partition(|choice| choice.sensitive);
        let apart = apart.into_iter().map(|choice| (choice.id, format!("{} (sensitive)", choice.title)));
        others.into_iter().map(|choice| (choice.id, choice.title)).chain(apart).collect::<Vec<_>>()
    });
    if !alone {
        return view! {
            <fieldset class="draft">
                <legend class="unseen">{name.clone()}</legend>
                <div class="draft__head">
                    <span class="second">{what}</span>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=format!("Take {name} out")
                        on:click=move |_| on_drop.run(number)
                    >
                        <Glyph icon=Icon::Cross />
                    </button>
                </div>
                <Field label="Title" value=draft.title />
                <div class="fields__line">
                    <SelectField label="Kind" value=draft.kind choices=kinds />
                    <SelectField label="Folder" value=draft.folder choices=words />
                    <Field label="Date" value=draft.date takes=Takes::Day />
                </div>
                <TroubleLine trouble=trouble />
            </fieldset>
        }
        .into_any();
    }
    let choices = Signal::derive(move || {
        folders.get().into_iter().chain(new_folder.map(|_| new_folder_choice())).collect::<Vec<_>>()
    });
    view! {
        <p class="second">
            {what} " "
            <button
                type="button"
                class="link-button link-button--inline"
                on:click=move |_| on_others.run(())
            >
                "Choose another"
            </button>
        </p>
        <Field label="Title" value=draft.title first=true />
        <div class="fields__line fields__line--two">
            <SelectField label="Kind" value=draft.kind choices=kinds />
            <Field label="Date" value=draft.date takes=Takes::Day />
        </div>
        <ChoiceChips
            label="Folder"
            labelled=true
            choices=choices
            chosen=draft.folder
            on_choose=move |id| draft.folder.set(id)
        />
        <InlineFolder chosen=draft.folder draft=new_folder />
        <TroubleLine trouble=trouble />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(title: &str, date: &str) -> Suggestion {
        Suggestion { title: title.to_owned(), date: date.to_owned(), ..Suggestion::default() }
    }

    #[test]
    fn a_later_suggestion_leaves_alone_what_the_person_wrote() {
        let owner = Owner::new();
        owner.set();
        let (by_name, by_content) = (said("Head ct", ""), said("CT head", "2025-11-18"));
        let draft = Draft::new(by_name.clone());
        draft.suggest_again(&by_name, &by_content);
        assert_eq!(draft.said(), by_content);

        let draft = Draft::new(by_name.clone());
        draft.title.set(" My head ".to_owned());
        draft.suggest_again(&by_name, &by_content);
        assert_eq!(draft.said(), said("My head", "2025-11-18"));
    }

    #[test]
    fn one_file_and_several_are_told_apart() {
        assert!(encrypting_sentence(1, "MetaMask").contains("MetaMask asks once, to file it in your chart."));
        assert!(encrypting_sentence(3, "MetaMask").contains("to file all of them in your chart."));
    }
}
