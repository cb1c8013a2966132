//! What waits for the doctor today.

use leptos::prelude::*;

use super::asked::{AskedItem, AskedRow};
use super::patients::{PatientItem, PatientRows, WaitingForRegistrar};
use crate::clock::use_clock;
use crate::components::blank::Empty;
use crate::components::button::{Button, MoreLink, Weight};
use crate::components::chip::{Badge, Standing, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, sentence};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodayModel {
    /// Charts in which something is new.
    pub news: Vec<PatientItem>,
    /// Accesses that end within a week.
    pub ending: Vec<PatientItem>,
    /// Requests the patients have not answered.
    pub unanswered: Vec<AskedItem>,
    /// The registrar has verified this doctor.
    pub verified: bool,
}

fn summary(model: &TodayModel) -> String {
    let mut parts = Vec::new();
    match model.news.len() {
        0 => {}
        1 => parts.push("One chart has something new.".to_owned()),
        many => parts.push(sentence(&format!("{} have something new.", count(many, "chart", "charts")))),
    }
    if !model.unanswered.is_empty() {
        parts.push(sentence(&format!(
            "{} not answered yet.",
            count(model.unanswered.len(), "request is", "requests are")
        )));
    }
    parts.join(" ")
}

/// The page.
#[component]
pub fn TodayView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<TodayModel>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Asks a patient for access.
    #[prop(into)]
    on_ask: Callback<()>,
    /// Asks to extend an access, by chart.
    #[prop(into)]
    on_extend: Callback<String>,
) -> impl IntoView {
    let clock = use_clock();
    let verified = Memo::new(move |_| model.with(|model| model.ready().is_none_or(|model| model.verified)));
    let sub = Signal::derive(move || model.with(|model| model.ready().map(summary).unwrap_or_default()));
    view! {
        <PageHead title=Signal::derive(move || clock.speaker().today()) sub=sub>
            <Button
                label="Ask for access"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=Signal::derive(move || !verified.get())
                on_press=on_ask
            />
        </PageHead>
        <Loaded
            model=model
            on_retry=on_retry
            children={move |today: TodayModel| {
                let TodayModel { news, ending, unanswered, verified } = today;
                if !verified {
                    return view! { <WaitingForRegistrar /> }.into_any();
                }
                if news.is_empty() && ending.is_empty() && unanswered.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Tick
                            title="Nothing waits for you"
                            sentence="New records of your patients, answers to your requests and accesses about to end appear here."
                        >
                            <crate::components::button::ButtonLink
                                label="All patients"
                                href="/patients"
                            />
                        </Empty>
                    }
                        .into_any();
                }
                let no_news = news.is_empty();
                view! {
                    {(!no_news)
                        .then(|| {
                            view! {
                                <Section
                                    title="New since your last visit"
                                    first=true
                                    end=|| view! { <MoreLink label="All patients" href="/patients" /> }
                                >
                                    <PatientRows items=news with_news=true />
                                </Section>
                            }
                        })}
                    {(!unanswered.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Not answered yet" first=no_news>
                                    <div class="rows">
                                        {unanswered
                                            .into_iter()
                                            .map(|item| view! { <AskedRow item=item /> })
                                            .collect_view()}
                                    </div>
                                </Section>
                            }
                        })}
                    {(!ending.is_empty())
                        .then(|| view! { <Ending ending=ending on_extend=on_extend /> })}
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn Ending(ending: Vec<PatientItem>, on_extend: Callback<String>) -> impl IntoView {
    let clock = use_clock();
    view! {
        <Section title="Access about to end">
            <div class="rows">
                {ending
                    .into_iter()
                    .map(|item| {
                        let until = item.until;
                        let chart = item.chart.clone();
                        let name = item.name.clone();
                        let badge = until
                            .and_then(|until| clock.speaker().ends_soon(until))
                            .map(|text| Badge::new(Tone::Warn, text));
                        let person = Person {
                            address: item.chart,
                            name: item.name,
                            detail: String::new(),
                            standing: Standing::Plain,
                        };
                        view! {
                            <PersonRow person=person sub=item.scopes.join(", ") badge=badge>
                                <span class="row__fact">
                                    {move || {
                                        until
                                            .map(|until| {
                                                format!("until {}", clock.speaker().say(until, Say::Date))
                                            })
                                    }}
                                </span>
                                <Button
                                    label="Ask to extend"
                                    about=name
                                    small=true
                                    on_press=move |()| on_extend.run(chart.clone())
                                />
                            </PersonRow>
                        }
                    })
                    .collect_view()}
            </div>
        </Section>
    }
}
