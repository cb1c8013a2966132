//! All records: search, folders, months.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::{FilterField, SearchField};
use crate::components::icon::{Glyph, Icon};
use crate::components::long_list::WhileSeen;
use crate::components::page_head::PageHead;
use crate::components::record_row::{RecordItem, RecordRows};
use crate::components::seal::{Seal, SealLine};
use crate::load::{Load, Loaded, Trouble};
use crate::pages::add_record::DropPage;
use crate::pages::folders::{FolderChange, FolderItem, FolderLine};
use crate::speaking::{Say, Speaker, search_words, thousands};

/// A record in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listed {
    /// Its row.
    pub item: RecordItem,
    /// What people call its kind: `Laboratory report`.
    pub kind: String,
    /// It lies in a sensitive folder.
    pub sensitive: bool,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsModel {
    /// The records, the newest first.
    pub records: Arc<[Listed]>,
    /// The folders.
    pub folders: Vec<FolderItem>,
    /// Records that are still to be opened on this device.
    pub pending: usize,
    /// Whether this is the whole story.
    pub seal: Seal,
}

/// What is looked for: everything where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Words; each has to be somewhere in title, kind, folder, author, form or month.
    pub search: String,
    /// The folder's id.
    pub folder: String,
    /// The kind's word.
    pub kind: String,
}

/// How far an export of everything is.
#[derive(Clone, Debug, PartialEq)]
pub enum Exporting {
    /// None is on its way.
    No,
    /// So much is fetched and checked, from 0 to 1.
    At {
        /// How much.
        part: f64,
    },
    /// Not all of it came about.
    Failed(Trouble),
}

/// Rows that are drawn together. More of them make longer jumps, fewer of them more boxes.
const PART: usize = 25;
/// A row on a wide page, and the label of a month, in pixels.
const ROW: f64 = 77.0;
const LABEL: f64 = 50.0;
/// What stands over the records of sensitive folders.
const SENSITIVE: &str = "Sensitive";

/// The records with all that a search finds them by, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Index {
    records: Arc<[Listed]>,
    texts: Arc<[String]>,
    months: Arc<[String]>,
}

impl Index {
    fn new(records: Arc<[Listed]>, month: impl Fn(u64) -> String) -> Self {
        let months: Arc<[String]> = records.iter().map(|record| month(record.item.at)).collect();
        let text = |(Listed { item, kind, .. }, month): (&Listed, &String)| {
            [&item.title, kind, &item.folder_name, &item.from, &item.form, month]
                .map(|part| part.to_lowercase())
                .join("\n")
        };
        let texts = records.iter().zip(months.iter()).map(text).collect();
        Self { records, texts, months }
    }

    /// The places of the records that are looked for.
    fn find(&self, finding: &Finding) -> Vec<usize> {
        let Finding { search, folder, kind } = finding;
        let words = search_words(search);
        let fits = |at: &usize| {
            let Listed { item, kind: its, .. } = &self.records[*at];
            (folder.is_empty() || item.folder == *folder)
                && (kind.is_empty() || its == kind)
                && words.iter().all(|word| self.texts[*at].contains(word))
        };
        let found = (0..self.records.len()).filter(fits);
        if !folder.is_empty() {
            return found.collect();
        }
        // Among all others, what is sensitive stands apart at the end.
        let (apart, others): (Vec<usize>, Vec<usize>) = found.partition(|at| self.records[*at].sensitive);
        others.into_iter().chain(apart).collect()
    }

    /// What was found, by month and in parts that are drawn together; what stands apart under that word.
    fn parts(&self, found: &[usize], apart: bool) -> Vec<Part> {
        let label = |at: usize| {
            if apart && self.records[at].sensitive { SENSITIVE } else { self.months[at].as_str() }
        };
        let months = found.chunk_by(|one, next| label(*one) == label(*next));
        let parts = months.flat_map(|month| {
            let last = month.len().div_ceil(PART) - 1;
            month.chunks(PART).enumerate().map(move |(at, part)| (at, last, part))
        });
        parts
            .map(|(at, last, part)| Part {
                month: (at == 0).then(|| label(part[0]).to_owned()),
                goes_on: at < last,
                items: part.iter().map(|place| self.records[*place].item.clone()).collect(),
            })
            .collect()
    }

    /// The kinds that there are, in the order of the alphabet.
    fn kinds(&self) -> Vec<String> {
        self.records.iter().map(|record| record.kind.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Rows of one month that are drawn together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Part {
    /// The month, before its first rows.
    month: Option<String>,
    /// More of the month follow.
    goes_on: bool,
    items: Vec<RecordItem>,
}

impl Part {
    fn height(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "it is a few rows")]
        let rows = self.items.len() as f64;
        rows * ROW + if self.month.is_some() { LABEL } else { 0.0 }
    }

    /// Stays as it is for as long as nothing in it changes.
    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

fn summary(model: &RecordsModel) -> String {
    let (records, folders) = (model.records.len() + model.pending, model.folders.len());
    format!(
        "{} in {folders} {}. Only you and the people you choose can read them.",
        counted(records),
        if folders == 1 { "folder" } else { "folders" }
    )
}

/// `1 record`, `10,000 records`.
fn counted(records: usize) -> String {
    let word = if records == 1 { "record" } else { "records" };
    format!("{} {word}", thousands(records as u64))
}

/// How much was found; nothing where everything is shown.
fn found_sentence(found: usize, all: usize) -> String {
    if found == all { String::new() } else { format!("{} of {}", thousands(found as u64), counted(all)) }
}

/// What is said while records are still being opened.
fn pending_sentence(opened: usize, pending: usize) -> String {
    let all = thousands((opened + pending) as u64);
    format!(
        "Opening your records on this device: {} of {all}. The search finds what is opened.",
        thousands(opened as u64)
    )
}

/// The page.
#[component]
pub fn RecordsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<RecordsModel>>,
    /// What is looked for.
    finding: RwSignal<Finding>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// How far an export is.
    #[prop(into)]
    exporting: Signal<Exporting>,
    /// Exports everything.
    #[prop(into)]
    on_export: Callback<()>,
    /// Adds a record.
    #[prop(into)]
    on_add: Callback<()>,
    /// Changes something about the folders.
    #[prop(into)]
    on_folder: Callback<FolderChange>,
    /// Adds files that were dropped.
    #[prop(into)]
    on_drop: Callback<Vec<web_sys::File>>,
) -> impl IntoView {
    let clock = use_clock();
    // What is the same as before is not drawn again.
    let model = Memo::new(move |_| model.get());
    let sub = Signal::derive(move || {
        model.with(|model| model.ready().filter(|model| !model.records.is_empty()).map(summary).unwrap_or_default())
    });
    let index = Memo::new(move |_| {
        let speaker: Speaker = clock.speaker();
        let records = model.with(|model| model.ready().map(|model| Arc::clone(&model.records)));
        records.map(|records| Index::new(records, |at| speaker.say(at, Say::Month)))
    });
    let folders = Memo::new(move |_| {
        let mut choices = vec![Choice::new("", "All", "")];
        model.with(|model| {
            if let Some(model) = model.ready() {
                let choice =
                    |folder: &FolderItem| Choice::new(&folder.id, &folder.name, "").set_apart(folder.sensitive);
                choices.extend(model.folders.iter().map(choice));
            }
        });
        choices
    });
    // One of the patient's own, while it is looked at.
    let folder = Memo::new(move |_| {
        let id = finding.with(|finding| finding.folder.clone());
        let own = |folder: &&FolderItem| folder.own && folder.id == id;
        model.with(|model| model.ready().and_then(|model| model.folders.iter().find(own).cloned()))
    });
    let kinds = Memo::new(move |_| {
        let mut choices = vec![(String::new(), "All kinds".to_owned())];
        let kinds = index.with(|index| index.as_ref().map(Index::kinds)).unwrap_or_default();
        choices.extend(kinds.into_iter().map(|kind| (kind.clone(), kind)));
        choices
    });
    let some = Memo::new(move |_| model.with(|model| !model.ready().is_some_and(|model| model.records.is_empty())));
    let whole = Memo::new(move |_| model.with(|model| model.ready().is_some_and(|model| model.pending == 0)));
    let opening = Memo::new(move |_| {
        let counts = model.with(|model| model.ready().map(|model| (model.records.len(), model.pending)));
        counts.filter(|(_, pending)| *pending > 0).map(|(opened, pending)| pending_sentence(opened, pending))
    });
    view! {
        <DropPage closed=read_only on_files=on_drop>
            <PageHead title="Records" sub=sub>
                <Button
                    label="Export"
                    icon=Icon::Download
                    roomy_only=true
                    disabled=Signal::derive(move || !some.get() || !whole.get())
                    busy=Signal::derive(move || matches!(exporting.get(), Exporting::At { .. }))
                    on_press=on_export
                />
                <Button
                    label="Add record"
                    icon=Icon::Plus
                    weight=Weight::Primary
                    disabled=read_only
                    on_press=on_add
                />
            </PageHead>
            <ExportLine exporting=exporting />
            <p class="export" role="status">
                {move || opening.get().unwrap_or_default()}
            </p>
            <Show when=move || some.get()>
                <div class="filters">
                    <div class="filters__line">
                        <SearchField
                            label="Search by name, kind or author"
                            value=Signal::derive(move || finding.with(|finding| finding.search.clone()))
                            on_change=move |text| finding.update(|finding| finding.search = text)
                        />
                        <FilterField
                            label="Kind"
                            choices=kinds
                            value=Signal::derive(move || finding.with(|finding| finding.kind.clone()))
                            on_change=move |kind| finding.update(|finding| finding.kind = kind)
                        />
                    </div>
                    <ChoiceChips
                        label="Folder"
                        scrolls=true
                        choices=folders
                        chosen=Signal::derive(move || finding.with(|finding| finding.folder.clone()))
                        on_choose=move |id| finding.update(|finding| finding.folder = id)
                    >
                        <button
                            type="button"
                            class="choice choice--new"
                            disabled=move || read_only.get()
                            on:click=move |_| on_folder.run(FolderChange::Make)
                        >
                            <Glyph icon=Icon::Plus />
                            "New folder"
                        </button>
                    </ChoiceChips>
                    {move || {
                        folder
                            .get()
                            .map(|folder| {
                                view! { <FolderLine folder=folder read_only=read_only on_change=on_folder /> }
                            })
                    }}
                </div>
            </Show>
            <Loaded
                model=Signal::derive(move || model.with(outcome))
                rows=6
                on_retry=on_retry
                children={move |is_empty: bool| {
                    if is_empty {
                        view! { <NoRecords read_only=read_only on_add=on_add /> }.into_any()
                    } else {
                        view! { <Found index=index finding=finding /> }.into_any()
                    }
                }}
            />
            {move || {
                let seal = model.with(|model| model.ready().map(|model| model.seal.clone()));
                seal.map(|seal| view! { <SealLine seal=seal /> })
            }}
            // On a phone the head has room for one action.
            <div class="on-phone" hidden=move || !some.get() || !whole.get()>
                <Button
                    label="Export everything"
                    icon=Icon::Download
                    wide=true
                    busy=Signal::derive(move || matches!(exporting.get(), Exporting::At { .. }))
                    on_press=on_export
                />
            </div>
        </DropPage>
    }
}

/// How far an export is, or why not all of it came about.
#[component]
fn ExportLine(exporting: Signal<Exporting>) -> impl IntoView {
    let sentence = move || match exporting.get() {
        Exporting::At { part } => format!("Fetching and checking every file, {:.0} %", part * 100.0),
        Exporting::No | Exporting::Failed(_) => String::new(),
    };
    let trouble = Signal::derive(move || match exporting.get() {
        Exporting::Failed(trouble) => Some(trouble),
        Exporting::No | Exporting::At { .. } => None,
    });
    view! {
        <p class="export" role="status">
            {sentence}
        </p>
        <TroubleLine trouble=trouble />
    }
}

/// Whether there is nothing, once that is known.
fn outcome(model: &Load<RecordsModel>) -> Load<bool> {
    match model {
        Load::Loading => Load::Loading,
        Load::Ready(model) => Load::Ready(model.records.is_empty()),
        Load::Failed(trouble) => Load::Failed(trouble.clone()),
    }
}

#[component]
fn NoRecords(read_only: Signal<bool>, on_add: Callback<()>) -> impl IntoView {
    view! {
        <Empty
            icon=Icon::Record
            title="No records yet"
            sentence="Add a report, a scan or a letter. It is encrypted here before it leaves this device. Laboratories and doctors can add to your record too."
        >
            <Button
                label="Add your first record"
                icon=Icon::Plus
                disabled=read_only
                on_press=on_add
            />
        </Empty>
    }
}

/// What is found, by month.
#[component]
fn Found(index: Memo<Option<Index>>, finding: RwSignal<Finding>) -> impl IntoView {
    let found = Memo::new(move |_| {
        index.with(|index| {
            let index = index.as_ref()?;
            let places = finding.with(|finding| index.find(finding));
            let apart = finding.with(|finding| finding.folder.is_empty());
            Some((index.parts(&places, apart), places.len(), index.records.len()))
        })
    });
    let count = move || found.with(|found| found.as_ref().map(|(_, found, all)| (*found, *all))).unwrap_or_default();
    let sentence = move || {
        let (found, all) = count();
        found_sentence(found, all)
    };
    let nothing = Memo::new(move |_| count().0 == 0);
    let looks = Memo::new(move |_| finding.with(|finding| *finding != Finding::default()));
    let empty = Memo::new(move |_| {
        finding.with(|finding| *finding == Finding { folder: finding.folder.clone(), ..Finding::default() })
    });
    let clear = move |()| finding.set(Finding::default());
    let parts = move || found.with(|found| found.as_ref().map(|(parts, ..)| parts.clone())).unwrap_or_default();
    view! {
        <p class="found" role="status" hidden=move || !looks.get()>
            {sentence}
        </p>
        <Show when=move || nothing.get() && empty.get()>
            <Empty
                icon=Icon::Folder
                title="Nothing in this folder yet"
                sentence="Add a record to it, or open one that is in another folder and move it here."
            />
        </Show>
        <Show when=move || nothing.get() && !empty.get()>
            <Empty
                icon=Icon::Search
                title="Nothing matches"
                sentence="No record fits this search. Try fewer words, another kind or another folder."
            >
                <Button label="Clear the search" on_press=clear />
            </Empty>
        </Show>
        <div>
            <For each=move || parts().into_iter().enumerate() key=|(at, part)| (*at == 0, part.key()) let:numbered>
                {
                    let (at, part) = numbered;
                    view! { <PartView first=at == 0 part=part /> }
                }
            </For>
        </div>
    }
}

#[component]
fn PartView(part: Part, first: bool) -> impl IntoView {
    let height = part.height();
    let Part { month, goes_on, items } = part;
    let joins = (month.is_none(), goes_on);
    view! {
        <WhileSeen height=height at_once=first>
            <section class:month=month.is_some() class:month--first=first>
                {month.clone().map(|month| {
                    let mark = (month == SENSITIVE).then(|| view! { <Glyph icon=Icon::Lock /> });
                    view! { <h2 class="rows__label">{mark} {month}</h2> }
                })}
                <RecordRows items=items.clone() joins=joins />
            </section>
        </WhileSeen>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::record_row::RecordKind;

    fn listed(title: &str, kind: &str, folder: &str, at: u64) -> Listed {
        let item = RecordItem {
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
        };
        Listed { item, kind: kind.to_owned(), sensitive: folder == "apart" }
    }

    fn index(records: Vec<Listed>) -> Index {
        Index::new(records.into(), |at| format!("Month {}", at / 100))
    }

    fn looking(search: &str, folder: &str, kind: &str) -> Finding {
        Finding { search: search.to_owned(), folder: folder.to_owned(), kind: kind.to_owned() }
    }

    #[test]
    fn a_search_needs_every_word_somewhere() {
        let all = index(vec![
            listed("Lipid panel", "Laboratory report", "laboratory", 310),
            listed("MRI knee", "Imaging", "imaging", 200),
        ]);
        let found = |search, folder, kind| all.find(&looking(search, folder, kind)).len();
        assert_eq!(found("", "", ""), 2);
        assert_eq!(found("LIPID nordlab", "", ""), 1);
        assert_eq!(found("lipid knee", "", ""), 0);
        assert_eq!(found("pdf", "imaging", ""), 1);
        assert_eq!(found("report", "", ""), 1, "the kind");
        assert_eq!(found("month 3", "", ""), 1, "the month");
        assert_eq!(found("", "laboratory", "Imaging"), 0, "folder and kind together");
        assert_eq!(found("", "imaging", "Imaging"), 1);
        assert_eq!(all.kinds(), ["Imaging", "Laboratory report"]);
    }

    #[test]
    fn ten_thousand_records_come_in_parts_by_month_and_none_is_lost() {
        let all = index((0..10_000).rev().map(|at| listed(&at.to_string(), "Imaging", "imaging", at)).collect());
        let parts = all.parts(&all.find(&Finding::default()), true);
        assert!(parts.iter().all(|part| !part.items.is_empty() && part.items.len() <= PART));
        let titles: Vec<&str> = parts.iter().flat_map(|part| &part.items).map(|item| item.title.as_str()).collect();
        assert_eq!(titles.len(), 10_000);
        assert_eq!((titles[0], titles[9_999]), ("9999", "0"));
        let labels: Vec<&String> = parts.iter().filter_map(|part| part.month.as_ref()).collect();
        assert_eq!(labels.len(), 100, "each month is named once");
        // A part goes on exactly where the next one has no label of its own.
        for pair in parts.windows(2) {
            assert_eq!(pair[0].goes_on, pair[1].month.is_none());
        }
        assert!(parts.last().is_some_and(|part| !part.goes_on));
    }

    #[test]
    fn what_is_sensitive_stands_apart_among_all_and_by_month_in_its_folder() {
        let all = index(vec![
            listed("a", "", "x", 310),
            listed("diary", "", "apart", 305),
            listed("c", "", "x", 200),
            listed("d", "", "apart", 100),
        ]);
        let labels = |finding: &Finding| {
            let parts = all.parts(&all.find(finding), finding.folder.is_empty());
            let label = |part: Part| (part.month.unwrap(), part.items.len());
            parts.into_iter().map(label).collect::<Vec<_>>()
        };
        let of = |label: &str, number: usize| (label.to_owned(), number);
        assert_eq!(labels(&Finding::default()), [of("Month 3", 1), of("Month 2", 1), of(SENSITIVE, 2)]);
        assert_eq!(labels(&looking("diary", "", "")), [of(SENSITIVE, 1)], "a search finds it");
        assert_eq!(labels(&looking("", "apart", "")), [of("Month 3", 1), of("Month 1", 1)]);
    }

    #[test]
    fn a_part_is_drawn_again_only_if_something_in_it_changed() {
        let before = index(vec![listed("a", "", "x", 1), listed("b", "", "x", 2)]);
        let mut changed = listed("b", "", "x", 2);
        changed.item.title = "c".to_owned();
        let after = index(vec![listed("a", "", "x", 1), changed]);
        let key = |index: &Index| index.parts(&[0, 1], true)[0].key();
        assert_eq!(key(&before), key(&before.clone()));
        assert_ne!(key(&before), key(&after));
    }

    #[test]
    fn what_was_found_is_said_in_a_sentence() {
        assert_eq!(found_sentence(3, 10_000), "3 of 10,000 records");
        assert_eq!(found_sentence(1, 1), "");
        assert_eq!(counted(1), "1 record");
        let opening = "Opening your records on this device: 256 of 10,000. The search finds what is opened.";
        assert_eq!(pending_sentence(256, 9_744), opening);
    }
}
