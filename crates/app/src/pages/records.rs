//! All records: search, folders, months.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::record_row::{RecordItem, RecordRows};
use crate::components::seal::{Seal, SealLine};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, Speaker};

/// A folder as the filter shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FolderItem {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsModel {
    /// The records, the newest first.
    pub records: Vec<RecordItem>,
    /// The folders.
    pub folders: Vec<FolderItem>,
    /// Whether this is the whole story.
    pub seal: Seal,
}

/// The records that are asked for: in the folder (all when empty), and with
/// every word of the search somewhere in title, folder, author or form.
#[must_use]
pub fn find(records: &[RecordItem], search: &str, folder: &str) -> Vec<RecordItem> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    records
        .iter()
        .filter(|item| folder.is_empty() || item.folder == folder)
        .filter(|item| {
            let text =
                [&item.title, &item.folder_name, &item.from, &item.form].map(|part| part.to_lowercase()).join("\n");
            words.iter().all(|word| text.contains(word))
        })
        .cloned()
        .collect()
}

/// Neighbours with the same label, the order kept.
fn by_label(items: Vec<RecordItem>, label: impl Fn(&RecordItem) -> String) -> Vec<(String, Vec<RecordItem>)> {
    let mut groups: Vec<(String, Vec<RecordItem>)> = Vec::new();
    for item in items {
        let name = label(&item);
        match groups.last_mut() {
            Some((last, members)) if *last == name => members.push(item),
            _ => groups.push((name, vec![item])),
        }
    }
    groups
}

fn summary(model: &RecordsModel) -> String {
    let (records, folders) = (model.records.len(), model.folders.len());
    format!(
        "{records} {} in {folders} {}. Only you and the people you choose can read them.",
        if records == 1 { "record" } else { "records" },
        if folders == 1 { "folder" } else { "folders" }
    )
}

/// The page. Search and folder stand in its address.
#[component]
pub fn RecordsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<RecordsModel>>,
    /// The search.
    #[prop(into)]
    search: Signal<String>,
    /// The folder's id; empty for all.
    #[prop(into)]
    folder: Signal<String>,
    /// Another search.
    #[prop(into)]
    on_search: Callback<String>,
    /// Another folder.
    #[prop(into)]
    on_folder: Callback<String>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Adds a record.
    #[prop(into)]
    on_add: Callback<()>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| model.ready().filter(|model| !model.records.is_empty()).map(summary).unwrap_or_default())
    });
    let folders = Memo::new(move |_| {
        let mut choices = vec![Choice::new("", "All", "")];
        model.with(|model| {
            if let Some(model) = model.ready() {
                choices.extend(model.folders.iter().map(|folder| Choice::new(&folder.id, &folder.name, "")));
            }
        });
        choices
    });
    let some = Memo::new(move |_| model.with(|model| !model.ready().is_some_and(|model| model.records.is_empty())));
    view! {
        <PageHead title="Records" sub=sub>
            <Button
                label="Add record"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=read_only
                on_press=on_add
            />
        </PageHead>
        <Show when=move || some.get()>
            <div class="filters">
                <SearchField
                    label="Search by name, kind or author"
                    value=search
                    on_change=on_search
                />
                <ChoiceChips
                    label="Folder"
                    scrolls=true
                    choices=folders
                    chosen=folder
                    on_choose=on_folder
                />
            </div>
        </Show>
        <Loaded
            model=model
            rows=6
            on_retry=on_retry
            children={move |records: RecordsModel| {
                view! { <RecordsBody model=records search=search folder=folder on_add=on_add /> }
            }}
        />
    }
}

#[component]
fn RecordsBody(
    model: RecordsModel,
    search: Signal<String>,
    folder: Signal<String>,
    on_add: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let RecordsModel { records, seal, .. } = model;
    if records.is_empty() {
        return view! {
            <Empty
                icon=Icon::Record
                title="No records yet"
                sentence="Add a report, a scan or a letter. It is encrypted here before it leaves this device. Laboratories and doctors can add to your record too."
            >
                <Button label="Add your first record" icon=Icon::Plus on_press=on_add />
            </Empty>
            <SealLine seal=seal />
        }
        .into_any();
    }
    let shown = move || {
        let speaker: Speaker = clock.speaker();
        let found = find(&records, &search.get(), &folder.get());
        if found.is_empty() {
            return view! {
                <p class="second" role="status">
                    "Nothing here matches. Try fewer words or another folder."
                </p>
            }
            .into_any();
        }
        by_label(found, |item| speaker.say(item.at, Say::Month))
            .into_iter()
            .map(|(month, items)| {
                view! {
                    <section class="month">
                        <h2 class="rows__label">{month}</h2>
                        <RecordRows items=items />
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        {shown}
        <SealLine seal=seal />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::record_row::RecordKind;

    fn item(title: &str, folder: &str, at: u64) -> RecordItem {
        RecordItem {
            id: title.to_owned(),
            href: String::new(),
            title: title.to_owned(),
            kind: RecordKind::Letter,
            folder: folder.to_owned(),
            folder_name: folder.to_owned(),
            from: "Nordlab Diagnostics".to_owned(),
            form: "PDF, 184 KB".to_owned(),
            at,
            badge: None,
            trouble: None,
        }
    }

    #[test]
    fn a_search_needs_every_word_somewhere() {
        let all = [item("Lipid panel", "laboratory", 3), item("MRI knee", "imaging", 2)];
        assert_eq!(find(&all, "", "").len(), 2);
        assert_eq!(find(&all, "LIPID nordlab", "").len(), 1);
        assert_eq!(find(&all, "lipid knee", "").len(), 0);
        assert_eq!(find(&all, "pdf", "imaging").len(), 1);
    }

    #[test]
    fn neighbours_share_a_label() {
        let all = vec![item("a", "x", 9), item("b", "x", 8), item("c", "x", 1)];
        let groups = by_label(all, |item| (item.at / 5).to_string());
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].1.len(), 2);
    }
}
