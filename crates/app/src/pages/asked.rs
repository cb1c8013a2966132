//! What a doctor has asked patients for, and how it was answered.

use leptos::prelude::*;

use crate::clock::When;
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Standing, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, list, short_address};

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskedState {
    /// The patient has not answered.
    Pending,
    /// Access was given.
    Shared,
    /// It was denied.
    Denied,
}

/// A request of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AskedItem {
    /// The chart.
    pub chart: String,
    /// The patient's name where it is known; the address stands in for it otherwise.
    pub name: Option<String>,
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// When it was asked.
    pub at: u64,
    /// How it stands.
    pub state: AskedState,
}

/// A request as a row.
#[component]
pub fn AskedRow(
    /// The request.
    item: AskedItem,
) -> impl IntoView {
    let badge = match item.state {
        AskedState::Pending => Badge::new(Tone::Warn, "Pending"),
        AskedState::Shared => Badge::new(Tone::Accent, "Shared"),
        AskedState::Denied => Badge::new(Tone::Quiet, "Denied"),
    };
    let name = item.name.unwrap_or_else(|| format!("Patient {}", short_address(&item.chart)));
    let person = Person { address: item.chart, name, detail: String::new(), standing: Standing::Plain };
    let at = item.at;
    view! {
        <PersonRow person=person sub=format!("asked for {}", list(&item.scopes)) badge=badge>
            <When at=at how=Say::DayTime />
        </PersonRow>
    }
}

/// The page.
#[component]
pub fn AskedView(
    /// The requests, the newest first.
    #[prop(into)]
    model: Signal<Load<Vec<AskedItem>>>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Asks another patient.
    #[prop(into)]
    on_ask: Callback<()>,
) -> impl IntoView {
    view! {
        <PageHead
            title="Requests"
            sub="What you have asked patients for. They see who asks and why, and decide."
        >
            <Button
                label="Ask for access"
                icon=Icon::Plus
                weight=Weight::Primary
                on_press=on_ask
            />
        </PageHead>
        <Loaded
            model=model
            rows=3
            on_retry=on_retry
            children={move |asked: Vec<AskedItem>| {
                if asked.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Request
                            title="You have not asked anybody yet"
                            sentence="Ask a patient for a folder with the address of the record."
                        />
                    }
                        .into_any();
                }
                view! {
                    <div class="rows">
                        {asked.into_iter().map(|item| view! { <AskedRow item=item /> }).collect_view()}
                    </div>
                }
                    .into_any()
            }}
        />
    }
}
