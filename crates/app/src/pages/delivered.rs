//! What a laboratory has delivered.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::When;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::long_list::WhileSeen;
use crate::components::page_head::PageHead;
use crate::components::record_row::{RecordKind, Tile};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, search_words, sentence, thousands};

/// How many rows are drawn at a time, and how high one is on a wide page, in pixels.
const PART: usize = 25;
const ROW: f64 = 77.0;

/// How a delivered report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeliveredState {
    /// In the patient's chart.
    InChart,
    /// Corrected by the laboratory itself.
    Amended,
    /// The patient renamed or moved it, or put another file in its place.
    FiledAnew,
    /// The patient took it out.
    Removed,
}

impl DeliveredState {
    /// In a word or two.
    #[must_use]
    pub fn badge(self) -> Badge {
        match self {
            Self::InChart => Badge::new(Tone::Accent, "In the chart"),
            Self::Amended => Badge::new(Tone::Info, "Corrected"),
            Self::FiledAnew => Badge::new(Tone::Quiet, "Changed by the patient"),
            Self::Removed => Badge::new(Tone::Quiet, "Removed by the patient"),
        }
    }

    /// How it stands in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InChart => "in-chart",
            Self::Amended => "corrected",
            Self::FiledAnew => "changed",
            Self::Removed => "removed",
        }
    }

    /// All, in the order in which they can be chosen.
    pub const ALL: [Self; 4] = [Self::InChart, Self::Amended, Self::FiledAnew, Self::Removed];

    /// What that means, where the word alone does not say.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FiledAnew => {
                "The patient renamed or moved it, or put another file in its place. Which of these, only the patient and \
                 those who read the folder can see. Your copy is as you delivered it."
            }
            Self::InChart | Self::Amended | Self::Removed => "",
        }
    }
}

/// A delivered report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveredItem {
    /// Where the laboratory's own copy opens.
    pub href: String,
    /// The patient's name or short address.
    pub patient: String,
    /// The report's title.
    pub title: String,
    /// What it is.
    pub kind: RecordKind,
    /// The folder's name; may be empty.
    pub folder: String,
    /// When.
    pub at: u64,
    /// How it stands; none while that is not known.
    pub state: Option<DeliveredState>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredModel {
    /// The reports, the newest first, each with what a search finds it by, in small letters.
    pub items: Arc<[(DeliveredItem, String)]>,
    /// How many copies are still to be opened.
    pub pending: usize,
    /// How many charts are still to be asked how their reports stand.
    pub unread: usize,
}

impl DeliveredModel {
    /// Reports, the newest first, each with the patient's whole address.
    #[must_use]
    pub fn new(items: impl IntoIterator<Item = (DeliveredItem, String)>, pending: usize, unread: usize) -> Self {
        let text = |(item, address): (DeliveredItem, String)| {
            let text = format!("{}\n{address}\n{}\n{}", item.patient, item.title, item.folder).to_lowercase();
            (item, text)
        };
        Self { items: items.into_iter().map(text).collect(), pending, unread }
    }

    /// The reports in which every word occurs, and which stand like that; all with an empty word for it.
    fn find(&self, search: &str, state: &str) -> Vec<usize> {
        let words = search_words(search);
        let fits = |(item, text): &(DeliveredItem, String)| {
            (state.is_empty() || item.state.is_some_and(|is| is.key() == state))
                && words.iter().all(|word| text.contains(word))
        };
        (0..self.items.len()).filter(|at| fits(&self.items[*at])).collect()
    }

    /// The rows with these places.
    fn parts(&self, found: &[usize]) -> Vec<Part> {
        let last = found.len().div_ceil(PART).saturating_sub(1);
        let part = |(at, places): (usize, &[usize])| Part {
            first: at == 0,
            goes_on: at < last,
            items: places.iter().filter_map(|at| Some(self.items.get(*at)?.0.clone())).collect(),
        };
        found.chunks(PART).enumerate().map(part).collect()
    }

    /// What is still being read.
    fn progress(&self) -> Option<String> {
        match (self.pending, self.unread) {
            (0, 0) => None,
            (0, 1) => Some("One patient’s chart is still to be read.".to_owned()),
            (0, unread) => Some(format!("{} patients’ charts are still to be read.", thousands(unread as u64))),
            (pending, _) => Some(format!("{} older reports are still to be opened.", thousands(pending as u64))),
        }
    }
}

/// Rows that are drawn together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Part {
    /// Nothing stands above it.
    first: bool,
    /// More follow.
    goes_on: bool,
    items: Vec<DeliveredItem>,
}

impl Part {
    /// Stays as it is for as long as nothing in it changes.
    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// The page. Search and filter stand in its address.
#[component]
pub fn DeliveredView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<DeliveredModel>>,
    /// The search.
    #[prop(into)]
    search: Signal<String>,
    /// Another search.
    #[prop(into)]
    on_search: Callback<String>,
    /// Reports of which state are shown; empty for all.
    #[prop(into)]
    state: Signal<String>,
    /// Those of another.
    #[prop(into)]
    on_state: Callback<String>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| {
            let all = model.ready().map(|model| model.items.len() + model.pending).filter(|all| *all > 0);
            all.map(|all| match all {
                1..=12 => sentence(&format!("{}, encrypted for their patients.", count(all, "report", "reports"))),
                all => format!("{} reports, encrypted for their patients.", thousands(all as u64)),
            })
            .unwrap_or_default()
        })
    });
    // Drawn anew only when it appears: what is in it follows by itself.
    let shown = Memo::new(move |_| {
        model.with(|model| match model {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(model) => Load::Ready(model.items.is_empty()),
        })
    });
    view! {
        <PageHead title="Delivered" sub=sub />
        <Loaded
            model=shown
            on_retry=on_retry
            children={move |empty: bool| {
                if empty {
                    return view! {
                        <Empty
                            icon=Icon::Deliver
                            title="Nothing was delivered yet"
                            sentence="Drop reports, name the patient, and confirm once for the batch."
                        >
                            <ButtonLink
                                label="Deliver reports"
                                href="/deliver"
                                weight=Weight::Primary
                            />
                        </Empty>
                    }
                        .into_any();
                }
                view! {
                    <DeliveredList
                        model=model
                        search=search
                        on_search=on_search
                        state=state
                        on_state=on_state
                    />
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn DeliveredList(
    model: Signal<Load<DeliveredModel>>,
    search: Signal<String>,
    on_search: Callback<String>,
    state: Signal<String>,
    on_state: Callback<String>,
) -> impl IntoView {
    let mut states = vec![Choice::new("", "All", "")];
    states.extend(DeliveredState::ALL.map(|state| Choice::new(state.key(), state.badge().text, "")));
    let found = Memo::new(move |_| {
        let (search, state) = (search.get(), state.get());
        model.with(|model| model.ready().map(|model| model.find(&search, &state)).unwrap_or_default())
    });
    let parts = move || {
        let found = found.get();
        model.with(|model| model.ready().map(|model| model.parts(&found)).unwrap_or_default())
    };
    let nothing = Memo::new(move |_| found.with(Vec::is_empty));
    let progress = Memo::new(move |_| model.with(|model| model.ready().and_then(DeliveredModel::progress)));
    view! {
        <div class="filters">
            <SearchField label="Search by patient or title" value=search on_change=on_search />
            <ChoiceChips
                label="How they stand"
                scrolls=true
                choices=Signal::stored(states)
                chosen=state
                on_choose=on_state
            />
        </div>
        {move || {
            progress.get().map(|progress| view! { <p class="second delivered__progress" role="status">{progress}</p> })
        }}
        <Show when=move || nothing.get()>
            <Empty
                icon=Icon::Search
                title="Nothing matches"
                sentence="No report fits this search. Try fewer words, or reports of every state."
            >
                <Button
                    label="Clear the search"
                    on_press=move |()| {
                        on_search.run(String::new());
                        on_state.run(String::new());
                    }
                />
            </Empty>
        </Show>
        <div>
            <For each=parts key=Part::key let:part>
                {
                    let Part { first, goes_on, items } = part;
                    #[expect(clippy::cast_precision_loss, reason = "it is a few rows")]
                    let height = items.len() as f64 * ROW;
                    view! {
                        <WhileSeen height=height at_once=first>
                            <ul class="rows" class:rows--from-above=!first class:rows--goes-on=goes_on>
                                {items
                                    .iter()
                                    .cloned()
                                    .map(|item| view! { <DeliveredRow item=item /> })
                                    .collect_view()}
                            </ul>
                        </WhileSeen>
                    }
                }
            </For>
        </div>
    }
}

#[component]
fn DeliveredRow(item: DeliveredItem) -> impl IntoView {
    let badge = item.state.map(DeliveredState::badge);
    let at = item.at;
    let sub = if item.folder.is_empty() { item.patient } else { format!("{} · {}", item.patient, item.folder) };
    view! {
        <li class="row row--opens">
            <Tile icon=item.kind.icon() />
            <div class="row__main">
                <div class="row__title">
                    <A href=item.href attr:class="row__open">
                        {item.title}
                    </A>
                    {badge.map(|badge| view! { <Chip badge=badge /> })}
                </div>
                <div class="row__sub">
                    {sub} <span class="row__when--phone">" · " <When at=at how=Say::Recent /></span>
                </div>
            </div>
            <div class="row__end row__end--when">
                <When at=at how=Say::Recent />
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> DeliveredModel {
        let item = |title: &str, state| DeliveredItem {
            href: String::new(),
            patient: "Patient 0x7099…79C8".to_owned(),
            title: title.to_owned(),
            kind: RecordKind::Laboratory,
            folder: "Laboratory".to_owned(),
            at: 0,
            state,
        };
        let address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8".to_owned();
        DeliveredModel::new(
            [
                (item("Lipid panel", Some(DeliveredState::InChart)), address.clone()),
                (item("Ferritin", Some(DeliveredState::Removed)), address.clone()),
                (item("Lipid panel, again", None), address),
            ],
            0,
            1,
        )
    }

    #[test]
    fn reports_are_found_by_words_address_and_state() {
        let model = model();
        assert_eq!(model.find("panel LIPID", ""), [0, 2]);
        assert_eq!(model.find("0x70997970c51812dc", ""), [0, 1, 2]);
        assert_eq!(model.find("", "removed"), [1]);
        assert_eq!(model.find("lipid", "in-chart"), [0], "what is not known yet is in no state");
        assert!(model.find("insulin", "").is_empty());
    }

    #[test]
    fn what_is_still_read_is_said() {
        assert_eq!(model().progress().unwrap(), "One patient’s chart is still to be read.");
        assert_eq!(DeliveredModel { unread: 0, ..model() }.progress(), None);
        let opening = DeliveredModel { pending: 9_940, ..model() };
        assert_eq!(opening.progress().unwrap(), "9,940 older reports are still to be opened.");
    }
}
