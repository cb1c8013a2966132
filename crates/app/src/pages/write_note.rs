//! A doctor writes a note into a patient's chart.

use leptos::prelude::*;

use crate::components::blank::TroubleLine;
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteInput {
    /// Its title.
    pub title: String,
    /// Its words.
    pub text: String,
    /// The category it is filed under.
    pub folder: String,
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
    /// It is being filed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Files it.
    #[prop(into)]
    on_write: Callback<NoteInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let title = RwSignal::new("Consultation note".to_owned());
    let text = RwSignal::new(String::new());
    let folder = RwSignal::new(
        folders.with_untracked(|folders| folders.first().map(|folder| folder.id.clone()).unwrap_or_default()),
    );
    let note = Signal::derive(move || {
        folders.with(|folders| {
            folders.iter().find(|one| folder.with(|id| *id == one.id)).map(|one| one.note.clone()).unwrap_or_default()
        })
    });
    let chips = Signal::derive(move || folders.get());
    view! {
        <Dialog title=format!("Note for {patient}") on_close=on_close>
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
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="File note"
                icon=Icon::Lock
                busy=busy
                disabled=Signal::derive(move || {
                    text.with(|text| text.trim().is_empty())
                        || title.with(|title| title.trim().is_empty())
                })
                on_act=move |()| {
                    on_write
                        .run(NoteInput {
                            title: title.get_untracked().trim().to_owned(),
                            text: text.get_untracked().trim().to_owned(),
                            folder: folder.get_untracked(),
                        });
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
