//! What waits for the doctor today.

use leptos::prelude::*;
use leptos_router::components::A;

use super::asked::{AskedItem, AskedRow};
use super::patients::{PatientItem, PatientRows, WaitingForRegistrar};
use super::treatments::Became;
use crate::clock::{When, use_clock};
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, MoreLink, Weight};
use crate::components::chip::{Badge, Chip, Standing, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, sentence};

/// A patient who asks for treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingItem {
    /// The chart.
    pub chart: String,
    /// Where it opens.
    pub href: String,
    /// The patient's name.
    pub name: String,
    /// The beginning of the complaint; empty before the chart was opened.
    pub words: String,
    /// The folders that are shared.
    pub scopes: Vec<String>,
    /// When it was asked.
    pub at: u64,
    /// The request that an answer names; none before the chart was opened.
    pub request: Option<String>,
    /// What became of it so far.
    pub became: Became,
}

/// What was written for a patient and is not in the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfiledItem {
    /// Where it goes on.
    pub href: String,
    /// The patient's name.
    pub name: String,
    /// What it is called.
    pub titles: Vec<String>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodayModel {
    /// Who asks for treatment and waits for an answer, the newest first.
    pub waiting: Vec<WaitingItem>,
    /// Requests that were answered lately with neither a prescription nor a plan, the newest first.
    pub unprescribed: Vec<WaitingItem>,
    /// What was written and is not filed.
    pub unfiled: Vec<UnfiledItem>,
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
    match model.waiting.len() {
        0 => {}
        1 => parts.push("One patient waits for an answer.".to_owned()),
        many => parts.push(sentence(&format!("{} for an answer.", count(many, "request waits", "requests wait")))),
    }
    if !model.unfiled.is_empty() {
        let entries = model.unfiled.iter().map(|item| item.titles.len()).sum();
        parts.push(sentence(&format!("{} not filed yet.", count(entries, "entry is", "entries are"))));
    }
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
    /// Prescribes in a chart, as an answer to a request.
    #[prop(into)]
    on_prescribe: Callback<(String, String)>,
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
                let TodayModel { waiting, unprescribed, unfiled, news, ending, unanswered, verified } = today;
                if !verified {
                    return view! { <WaitingForRegistrar /> }.into_any();
                }
                let nobody_waits = waiting.is_empty();
                let nothing_begun = unprescribed.is_empty() && unfiled.is_empty();
                if nobody_waits && nothing_begun && news.is_empty() && ending.is_empty() && unanswered.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Tick
                            title="Nothing waits for you"
                            sentence="Patients who ask for treatment, new records, answers to your requests and accesses about to end appear here."
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
                let all_prescribed = unprescribed.is_empty();
                let nothing_unfiled = unfiled.is_empty();
                let nobody_waits_before = nobody_waits && nothing_begun;
                view! {
                    {(!nobody_waits)
                        .then(|| {
                            view! {
                                <Section title="Waiting for you" first=true>
                                    <ul class="rows">
                                        {waiting
                                            .into_iter()
                                            .map(|item| {
                                                view! { <WaitingRow item=item on_prescribe=on_prescribe /> }
                                            })
                                            .collect_view()}
                                    </ul>
                                </Section>
                            }
                        })}
                    {(!unfiled.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Not filed yet" first=nobody_waits>
                                    <ul class="rows">
                                        {unfiled
                                            .into_iter()
                                            .map(|item| view! { <UnfiledRow item=item /> })
                                            .collect_view()}
                                    </ul>
                                </Section>
                            }
                        })}
                    {(!all_prescribed)
                        .then(|| {
                            view! {
                                <Section
                                    title="Answered without a prescription"
                                    first=nobody_waits && nothing_unfiled
                                >
                                    <ul class="rows">
                                        {unprescribed
                                            .into_iter()
                                            .map(|item| {
                                                view! { <WaitingRow item=item on_prescribe=on_prescribe /> }
                                            })
                                            .collect_view()}
                                    </ul>
                                </Section>
                            }
                        })}
                    {(!no_news)
                        .then(|| {
                            view! {
                                <Section
                                    title="New since your last visit"
                                    first=nobody_waits_before
                                    end=|| view! { <MoreLink label="All patients" href="/patients" /> }
                                >
                                    <PatientRows items=news with_news=true />
                                </Section>
                            }
                        })}
                    {(!unanswered.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Not answered yet" first=no_news && nobody_waits_before>
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
fn WaitingRow(item: WaitingItem, on_prescribe: Callback<(String, String)>) -> impl IntoView {
    let WaitingItem { chart, href, name, words, scopes, at, request, became } = item;
    // What waits for an answer comes before what was answered.
    let weight = if became.is_answered() { Weight::Second } else { Weight::Primary };
    let avatar = name.clone();
    let about = name.clone();
    let open = href.clone();
    let mut sub = vec![match words.as_str() {
        "" => "asks you something; open the chart to read it".to_owned(),
        words => format!("“{words}”"),
    }];
    if !scopes.is_empty() {
        sub.push(format!("shares {}", scopes.join(", ")));
    }
    view! {
        <li class="row row--acts row--opens">
            <Avatar name=avatar />
            <div class="row__main">
                <div class="row__title">
                    <A href=href attr:class="row__open">
                        {name}
                    </A>
                    <Chip badge=became.badge() />
                </div>
                <div class="row__sub">
                    {sub.join(" · ")} " · " <When at=at how=Say::Recent />
                </div>
            </div>
            <div class="row__end">
                {match request {
                    Some(request) => {
                        view! {
                            <Button
                                label="Prescribe"
                                about=format!("for {about}")
                                weight=weight
                                small=true
                                on_press=move |()| on_prescribe.run((chart.clone(), request.clone()))
                            />
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <ButtonLink
                                label="Open chart"
                                about=format!("of {about}")
                                href=open
                                weight=Weight::Primary
                                small=true
                            />
                        }
                            .into_any()
                    }
                }}
            </div>
        </li>
    }
}

#[component]
fn UnfiledRow(item: UnfiledItem) -> impl IntoView {
    let UnfiledItem { href, name, titles } = item;
    let avatar = name.clone();
    view! {
        <li class="row row--opens">
            <Avatar name=avatar />
            <div class="row__main">
                <div class="row__title">
                    <A href=href attr:class="row__open">
                        {name}
                    </A>
                </div>
                <div class="row__sub">{titles.join(", ")}</div>
            </div>
        </li>
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
