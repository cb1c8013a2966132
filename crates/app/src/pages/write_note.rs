//! A note in the doctor's words.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::{Field, Takes};

const TITLE: &str = "Consultation note";
/// The folders that a doctor's words go into, the second for what is sensitive; and what each means.
const FOLDERS: [(&str, &str); 2] = [
    ("General", "Everybody reads it with whom the patient shares this folder."),
    (PRIVATE, "Only the patient reads it, and you; nobody is given this folder."),
];
/// The folder for what is sensitive.
pub const PRIVATE: &str = "Private";

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteInput {
    /// Its title.
    pub title: String,
    /// Its words.
    pub text: String,
    /// The folder; empty for the general one.
    pub folder: String,
}

impl Default for NoteInput {
    fn default() -> Self {
        Self { title: TITLE.to_owned(), text: String::new(), folder: String::new() }
    }
}

/// Its fields.
#[component]
pub fn NoteFields(
    /// What stands in them at first.
    begun: NoteInput,
    /// The folder is settled.
    fixed: bool,
    /// They changed.
    #[prop(into)]
    on_change: Callback<NoteInput>,
) -> impl IntoView {
    let title = RwSignal::new(begun.title);
    let text = RwSignal::new(begun.text);
    let folder = RwSignal::new(begun.folder);
    let input = Memo::new(move |_| NoteInput {
        title: title.with(|title| title.trim().to_owned()),
        text: text.with(|text| text.trim().to_owned()),
        folder: folder.get(),
    });
    tell(input, on_change);
    view! {
        <div class="fields">
            <Field label="Title" value=title />
            <Field label="Note" value=text takes=Takes::Text first=true />
            {(!fixed).then(|| view! { <FolderChips folder=folder /> })}
        </div>
    }
}

/// Tells of every change of fields, not of what they were set to at first.
pub fn tell<T: Clone + PartialEq + Send + Sync + 'static>(input: Memo<T>, on_change: Callback<T>) {
    Effect::new(move |before: Option<()>| {
        let input = input.get();
        if before.is_some() {
            on_change.run(input);
        }
    });
}

/// Where it goes, and who reads it there.
#[component]
pub fn FolderChips(
    /// The folder; empty for the first.
    folder: RwSignal<String>,
) -> impl IntoView {
    let chosen = Signal::derive(move || match folder.get() {
        none if none.is_empty() => FOLDERS[0].0.to_owned(),
        folder => folder,
    });
    let note = move || FOLDERS.iter().find(|(word, _)| chosen.with(|id| id == word)).map(|(_, note)| *note);
    view! {
        <div class="block">
            <ChoiceChips
                label="Folder"
                labelled=true
                choices=Signal::stored(FOLDERS.map(|(word, note)| Choice::new(word, word, note)).to_vec())
                chosen=chosen
                on_choose=move |id| folder.set(id)
            />
            <p class="second">{note}</p>
        </div>
    }
}
