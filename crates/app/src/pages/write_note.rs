//! A doctor writes a note into a patient's chart.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::AnswersField;
use super::draft::{Draft, DraftLine};
use super::prescribe::leave_word;
use crate::components::blank::TroubleLine;
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;

const TITLE: &str = "Consultation note";

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteInput {
    /// Its title.
    pub title: String,
    /// Its words.
    pub text: String,
    /// The category it is filed under; empty for the first that there is.
    pub folder: String,
}

impl Default for NoteInput {
    fn default() -> Self {
        Self { title: TITLE.to_owned(), text: String::new(), folder: String::new() }
    }
}

/// The dialog.
#[component]
pub fn WriteNoteDialog(
    /// The patient's name.
    #[prop(into)]
    patient: String,
    /// The folders it can be filed in; one of them is the private one.
    #[prop(into)]
    folders: Signal<Vec<Choice>>,
    /// What was begun.
    draft: Draft<NoteInput>,
    /// The patient's request that it may answer.
    #[prop(optional_no_strip, into)]
    request: Option<String>,
    /// It is being filed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Files it; whether it answers the request.
    #[prop(into)]
    on_write: Callback<(NoteInput, bool)>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let Draft { text: begun, restored, on_change } = draft;
    let title = RwSignal::new(begun.title);
    let text = RwSignal::new(begun.text);
    let first = folders.with_untracked(|folders| folders.first().map(|folder| folder.id.clone()).unwrap_or_default());
    let folder = RwSignal::new(Some(begun.folder).filter(|id| !id.is_empty()).unwrap_or(first));
    let restored = RwSignal::new(restored);
    let answers = RwSignal::new(request.is_some());
    let note = Signal::derive(move || {
        folders.with(|folders| {
            folders.iter().find(|one| folder.with(|id| *id == one.id)).map(|one| one.note.clone()).unwrap_or_default()
        })
    });
    let chips = Signal::derive(move || folders.get());
    let input = Memo::new(move |_| NoteInput {
        title: title.with(|title| title.trim().to_owned()),
        text: text.with(|text| text.trim().to_owned()),
        folder: folder.get(),
    });
    Effect::new(move |before: Option<()>| {
        let input = input.get();
        if before.is_some() {
            on_change.run(input);
        }
    });
    let is_begun = Memo::new(move |_| input.with(|input| !input.text.is_empty() || input.title != TITLE));
    let discard = move |()| {
        title.set(TITLE.to_owned());
        text.set(String::new());
        restored.set(false);
    };
    view! {
        <Dialog title=format!("Note for {patient}") on_close=on_close>
            <DraftLine restored=restored on_discard=discard />
            <div class="fields">
                <Field label="Title" value=title />
                <Field label="Note" value=text takes=Takes::Text first=true />
                <div class="block">
                    <ChoiceChips
                        label="Folder"
                        labelled=true
                        choices=chips
                        chosen=folder
                        on_choose=move |id| folder.set(id)
                    />
                    <p class="second">{move || note.get()}</p>
                </div>
            </div>
            {request
                .map(|title| {
                    view! { <AnswersField title=title word="answered" answers=answers /> }
                })}
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="File note"
                icon=Icon::Lock
                leave=Signal::derive(move || leave_word(is_begun.get()))
                busy=busy
                disabled=Signal::derive(move || {
                    input.with(|input| input.text.is_empty() || input.title.is_empty())
                })
                on_act=move |()| {
                    on_write.run((input.get_untracked(), answers.get_untracked()));
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
