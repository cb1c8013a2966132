//! Everything that happened to a chart, in plain sentences, the seal on top.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::blank::Empty;
use crate::components::button::Button;
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::components::long_list::WhileSeen;
use crate::components::page_head::PageHead;
use crate::components::record_row::Tile;
use crate::components::seal::{Facts, Seal, SealLine};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, thousands};

/// What kind of entry, for its icon and the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A chart or a member began.
    Began,
    /// A record was added, of this look.
    Added(crate::components::record_row::RecordKind),
    /// A record was removed or replaced.
    Removed,
    /// A record was encrypted anew.
    Renewed,
    /// Somebody opened the chart.
    Opened,
    /// Access was given.
    Shared,
    /// Access was ended.
    Ended,
    /// Somebody asked.
    Asked,
    /// A request was denied.
    Denied,
    /// An author was blocked or allowed again.
    Blocked,
    /// The server refused somebody; its word only.
    Refused,
    /// The server handed something out; its word only.
    Delivered,
    /// The record goes, or does not go, to another account.
    Moving,
}

impl EntryKind {
    fn icon(self) -> Icon {
        match self {
            Self::Began | Self::Renewed => Icon::Key,
            Self::Added(kind) => kind.icon(),
            Self::Removed | Self::Denied | Self::Blocked => Icon::Cross,
            Self::Opened => Icon::Eye,
            Self::Shared => Icon::Share,
            Self::Ended | Self::Refused => Icon::Lock,
            Self::Delivered => Icon::Download,
            Self::Asked => Icon::Request,
            Self::Moving => Icon::Wallet,
        }
    }

    fn belongs(self, filter: &str) -> bool {
        match filter {
            "" => true,
            "opened" => matches!(self, Self::Opened | Self::Refused | Self::Delivered),
            "shared" => matches!(self, Self::Shared | Self::Ended),
            "added" => matches!(self, Self::Added(_) | Self::Removed | Self::Renewed),
            "requests" => matches!(self, Self::Asked | Self::Denied),
            "moves" => matches!(self, Self::Moving),
            _ => false,
        }
    }
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// The words.
    pub text: String,
    /// A name: a person, a record, a folder.
    pub strong: bool,
}

impl Words {
    /// Plain words.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: false }
    }

    /// A name.
    pub fn name(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: true }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What kind.
    pub kind: EntryKind,
    /// The sentence in pieces, spaces included.
    pub sentence: Vec<Words>,
    /// What else there is to say; may be empty.
    pub note: String,
    /// When, by the block.
    pub at: u64,
    /// The block; none for the server's word.
    pub block: Option<u64>,
    /// Whom it is about besides the patient: the address; may be empty.
    pub who: String,
    /// The transaction; empty for the server's word.
    pub transaction: String,
    /// Where the transaction can be looked up.
    pub link: Option<String>,
}

impl Entry {
    /// Of this kind and about this person, either of which may be empty for any.
    fn is_of(&self, kind: &str, who: &str) -> bool {
        self.kind.belongs(kind) && (who.is_empty() || who == self.who)
    }

    /// The server says so; nothing on chain proves it.
    #[must_use]
    pub fn is_word(&self) -> bool {
        matches!(self.kind, EntryKind::Refused | EntryKind::Delivered)
    }
}

/// Entries that are drawn together.
const PART: usize = 25;
/// An entry on a wide page, and the label of a day, in pixels.
const ROW: f64 = 77.0;
const LABEL: f64 = 50.0;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineModel {
    /// The entries, the newest first.
    pub entries: Vec<Entry>,
    /// Everybody whom an entry is about: address and name.
    pub people: Vec<(String, String)>,
    /// Whether this is the whole story.
    pub seal: Seal,
}

/// The page. The kind stands in the page's address.
#[component]
pub fn TimelineView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<TimelineModel>>,
    /// `opened`, `shared`, `added`, `requests`, `moves`, or empty for everything.
    #[prop(into)]
    filter: Signal<String>,
    /// Another kind.
    #[prop(into)]
    on_filter: Callback<String>,
    /// The address of the one person it is about, or empty for everybody.
    who: RwSignal<String>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Saves it as a table.
    #[prop(into)]
    on_csv: Callback<()>,
) -> impl IntoView {
    view! {
        <PageHead
            title="Timeline"
            sub="Everything that happened to your chart, in order. Nothing can be added, removed or changed unnoticed."
        >
            <Button label="Save as CSV" icon=Icon::Download on_press=on_csv />
        </PageHead>
        <Loaded
            model=model
            rows=5
            on_retry=on_retry
            children={move |timeline: TimelineModel| {
                let TimelineModel { entries, people, seal } = timeline;
                let moves = entries.iter().any(|entry| entry.kind == EntryKind::Moving);
                view! {
                    <SealLine seal=seal boxed=true />
                    <Filters filter=filter moves=moves on_filter=on_filter people=people who=who />
                    <Days entries=entries filter=filter who=who />
                }
            }}
        />
    }
}

#[component]
fn Filters(
    filter: Signal<String>,
    /// A move was ever asked for, which few charts see.
    moves: bool,
    on_filter: Callback<String>,
    people: Vec<(String, String)>,
    who: RwSignal<String>,
) -> impl IntoView {
    const FILTERS: [(&str, &str); 6] = [
        ("", "Everything"),
        ("opened", "Opened"),
        ("shared", "Shared"),
        ("added", "Added"),
        ("requests", "Requests"),
        ("moves", "Moves"),
    ];
    let shown = FILTERS.iter().filter(|(id, _)| moves || *id != "moves");
    let choices: Vec<Choice> = shown.map(|(id, word)| Choice::new(*id, *word, "")).collect();
    let several = people.len() > 1;
    let everybody = std::iter::once((String::new(), "Everybody".to_owned()));
    let people: Vec<(String, String)> = everybody.chain(people).collect();
    view! {
        <div class="timeline__filters">
            <ChoiceChips
                label="Show"
                scrolls=true
                choices=Signal::stored(choices)
                chosen=filter
                on_choose=on_filter
            />
            {several
                .then(|| {
                    view! { <SelectField label="About" choices=Signal::stored(people) value=who /> }
                })}
        </div>
    }
}

#[component]
fn Days(entries: Vec<Entry>, filter: Signal<String>, who: RwSignal<String>) -> impl IntoView {
    let clock = use_clock();
    if entries.is_empty() {
        return view! {
            <Empty
                icon=Icon::Clock
                title="Nothing has happened yet"
                sentence="Every record, every share and every opening will be told here, in order."
            />
        }
        .into_any();
    }
    let days = move || {
        let speaker = clock.speaker();
        let (filter, who) = (filter.get(), who.get());
        let mut days: Vec<(String, Vec<Entry>)> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.is_of(&filter, &who)) {
            let day = speaker.say(entry.at, Say::Heading);
            match days.last_mut() {
                Some((last, members)) if *last == day => members.push(entry.clone()),
                _ => days.push((day, vec![entry.clone()])),
            }
        }
        if days.is_empty() {
            return view! {
                <p class="second month" role="status">
                    "Nothing like this has happened."
                </p>
            }
            .into_any();
        }
        let parts = days.iter().flat_map(|(day, entries)| parts(day, entries)).enumerate();
        parts.map(|(at, part)| view! { <PartView part=part first=at == 0 /> }).collect_view().into_any()
    };
    view! { <div>{days}</div> }.into_any()
}

/// Entries of one day that are drawn together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// The day, before its first entries.
    day: Option<String>,
    /// More of the day follow.
    goes_on: bool,
    entries: Vec<Entry>,
}

/// The entries of a day in parts.
fn parts(day: &str, entries: &[Entry]) -> Vec<Part> {
    let last = entries.len().div_ceil(PART).saturating_sub(1);
    let part = |(at, entries): (usize, &[Entry])| Part {
        day: (at == 0).then(|| day.to_owned()),
        goes_on: at < last,
        entries: entries.to_vec(),
    };
    entries.chunks(PART).enumerate().map(part).collect()
}

#[component]
fn PartView(part: Part, first: bool) -> impl IntoView {
    let Part { day, goes_on, entries } = part;
    #[expect(clippy::cast_precision_loss, reason = "it is a few rows")]
    let height = entries.len() as f64 * ROW + if day.is_some() { LABEL } else { 0.0 };
    let from_above = day.is_none();
    view! {
        <WhileSeen height=height at_once=first>
            <section class:month=!from_above>
                {day.clone().map(|day| view! { <h2 class="rows__label">{day}</h2> })}
                <ol class="rows" class:rows--from-above=from_above class:rows--goes-on=goes_on>
                    {entries.iter().map(|entry| view! { <EntryRow entry=entry.clone() /> }).collect_view()}
                </ol>
            </section>
        </WhileSeen>
    }
}

#[component]
fn EntryRow(entry: Entry) -> impl IntoView {
    let clock = use_clock();
    let is_word = entry.is_word();
    let Entry { kind, sentence, note, at, block, transaction, link, .. } = entry;
    let when = move || {
        let time = clock.speaker().say(at, Say::Time);
        match block {
            Some(block) => format!("{time} · block {}", thousands(block)),
            None => time,
        }
    };
    let full = move || clock.speaker().say(at, Say::Full);
    let facts = move || {
        let time = ("Time".to_owned(), full());
        let block = block.map(|block| ("Block".to_owned(), thousands(block)));
        let transaction = (!transaction.is_empty()).then(|| ("Transaction".to_owned(), transaction.clone()));
        std::iter::once(time).chain(block).chain(transaction).collect::<Vec<_>>()
    };
    view! {
        <li>
            <details class="unfolds">
                <summary class="row row--opens">
                    <Tile icon=kind.icon() />
                    <div class="row__main">
                        <p class="row__title row__title--plain">
                            {sentence
                                .into_iter()
                                .map(|words| {
                                    if words.strong {
                                        view! { <strong>{words.text}</strong> }.into_any()
                                    } else {
                                        words.text.into_any()
                                    }
                                })
                                .collect_view()}
                            " "
                            {is_word
                                .then(|| {
                                    view! { <Chip badge=Badge::new(Tone::Quiet, "The server’s word") /> }
                                })}
                        </p>
                        <p class="row__sub">
                            {note.clone()}
                            <span class="row__when--phone">
                                {(!note.is_empty()).then_some(" · ")} {when}
                            </span>
                        </p>
                    </div>
                    <div class="row__end row__end--when" title=full>
                        {when}
                    </div>
                </summary>
                <div class="unfolds__more">
                    {move || view! { <Facts facts=facts() /> }}
                    {link
                        .map(|link| {
                            view! {
                                <p>
                                    <a href=link target="_blank" rel="noreferrer">
                                        "Look the transaction up"
                                    </a>
                                </p>
                            }
                        })}
                    {is_word
                        .then(|| {
                            view! {
                                <p class="second">
                                    "The server says so. It does not stand on the chain, so nothing proves it."
                                </p>
                            }
                        })}
                </div>
            </details>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_day_comes_in_parts_and_no_entry_is_lost() {
        let entry = |at: u64| Entry {
            kind: EntryKind::Opened,
            sentence: Vec::new(),
            note: String::new(),
            at,
            block: None,
            who: String::new(),
            transaction: String::new(),
            link: None,
        };
        let entries: Vec<Entry> = (0..60).map(entry).collect();
        let parts = parts("Today", &entries);
        assert_eq!(parts.iter().map(|part| part.entries.len()).collect::<Vec<_>>(), [25, 25, 10]);
        assert_eq!(parts.iter().map(|part| part.goes_on).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(parts.iter().filter_map(|part| part.day.as_deref()).collect::<Vec<_>>(), ["Today"]);
        assert_eq!(parts.into_iter().flat_map(|part| part.entries).collect::<Vec<_>>(), entries);
    }

    #[test]
    fn filters_know_their_kinds() {
        assert!(EntryKind::Opened.belongs(""));
        assert!(EntryKind::Opened.belongs("opened"));
        assert!(!EntryKind::Opened.belongs("shared"));
        assert!(EntryKind::Ended.belongs("shared"));
        assert!(EntryKind::Denied.belongs("requests"));
        assert!(EntryKind::Moving.belongs("moves"));
        assert!(!EntryKind::Moving.belongs("shared"));
        assert!(!EntryKind::Opened.belongs("something else"));
        assert!(EntryKind::Delivered.belongs("opened"));
    }

    #[test]
    fn a_filter_lets_through_what_is_of_its_kind_and_about_its_person() {
        let entry = Entry {
            kind: EntryKind::Opened,
            sentence: Vec::new(),
            note: String::new(),
            at: 1,
            block: Some(1),
            who: "0x1".to_owned(),
            transaction: String::new(),
            link: None,
        };
        assert!(entry.is_of("", ""));
        assert!(entry.is_of("opened", "0x1"));
        assert!(!entry.is_of("opened", "0x2"));
        assert!(!entry.is_of("shared", "0x1"));
    }
}
