//! What a laboratory has delivered.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::When;
use crate::components::blank::Empty;
use crate::components::button::ButtonLink;
use crate::components::button::Weight;
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::record_row::{RecordKind, Tile};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, sentence};

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
    /// How it stands.
    pub state: DeliveredState,
}

/// The page. The search stands in its address.
#[component]
pub fn DeliveredView(
    /// The reports, the newest first.
    #[prop(into)]
    model: Signal<Load<Vec<DeliveredItem>>>,
    /// The search.
    #[prop(into)]
    search: Signal<String>,
    /// Another search.
    #[prop(into)]
    on_search: Callback<String>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| {
            model
                .ready()
                .filter(|items| !items.is_empty())
                .map(|items| {
                    sentence(&format!("{}, encrypted for their patients.", count(items.len(), "report", "reports")))
                })
                .unwrap_or_default()
        })
    });
    view! {
        <PageHead title="Delivered" sub=sub />
        <Loaded
            model=model
            on_retry=on_retry
            children={move |items: Vec<DeliveredItem>| {
                if items.is_empty() {
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
                    <div class="filters">
                        <SearchField
                            label="Search by patient or title"
                            value=search
                            on_change=on_search
                        />
                    </div>
                    <ul class="rows">
                        {move || {
                            let wanted = search.get().to_lowercase();
                            items
                                .iter()
                                .filter(|item| {
                                    format!("{}\n{}", item.patient, item.title)
                                        .to_lowercase()
                                        .contains(wanted.trim())
                                })
                                .cloned()
                                .map(|item| view! { <DeliveredRow item=item /> })
                                .collect_view()
                        }}
                    </ul>
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn DeliveredRow(item: DeliveredItem) -> impl IntoView {
    let badge = item.state.badge();
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
                    <Chip badge=badge />
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
