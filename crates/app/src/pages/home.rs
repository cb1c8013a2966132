//! The patient's first page: what needs an answer, what is new, who looked.

use leptos::prelude::*;

use super::notices::{Notices, NoticesView};
use super::requests::{RequestCard, RequestItem};
use super::treatments::{Became, TreatmentItem, TreatmentRows};
use crate::clock::{When, use_clock};
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, MoreLink, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::Person;
use crate::components::record_row::{RecordItem, RecordRows};
use crate::components::seal::{Seal, SealLine};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, Speaker, count, list, sentence};

/// Somebody opened the chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Opening {
    /// Who.
    pub person: Person,
    /// When.
    pub at: u64,
    /// The folders read.
    pub scopes: Vec<String>,
    /// Until when that access lasts; none when it lasts until revoked.
    pub until: Option<u64>,
    /// It has ended since.
    pub ended: bool,
}

/// Somebody used the emergency card.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmergencyUse {
    /// Who.
    pub name: String,
    /// When.
    pub at: u64,
    /// What it opened.
    pub scope: String,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeModel {
    /// The patient's name.
    pub name: String,
    /// Somebody asked to move the record away; said above the page.
    pub moving: bool,
    /// Who used the emergency card lately, the latest first.
    pub emergencies: Vec<EmergencyUse>,
    /// What waits for an answer.
    pub requests: Vec<RequestItem>,
    /// What was asked to be treated for and is not answered, or was answered lately.
    pub treatments: Vec<TreatmentItem>,
    /// What is new, the newest first.
    pub news: Vec<RecordItem>,
    /// Who looked lately, the latest first.
    pub openings: Vec<Opening>,
    /// There is no record yet at all.
    pub first_day: bool,
    /// Whether this is the whole story.
    pub seal: Seal,
}

/// What waits and what is new; `questions` are those of the notices.
fn summary(model: &HomeModel, questions: usize, speaker: &Speaker) -> String {
    let mut parts = Vec::new();
    if model.moving {
        parts.push("A move of your record needs your answer.".to_owned());
    }
    match questions {
        0 => {}
        1 => parts.push("Something needs your decision.".to_owned()),
        many => parts.push(sentence(&format!("{} need your decision.", count(many, "thing", "things")))),
    }
    match model.requests.len() {
        0 => {}
        1 => parts.push("One request is waiting for you.".to_owned()),
        many => parts.push(sentence(&format!("{} are waiting for you.", count(many, "request", "requests")))),
    }
    match model.treatments.iter().filter(|item| item.became == Became::Pending).count() {
        0 => {}
        1 => parts.push("You asked for treatment and wait for an answer.".to_owned()),
        many => parts.push(format!("You wait for {}.", count(many, "answer", "answers to requests for treatment"))),
    }
    if let Some(oldest) = model.news.iter().map(|item| item.at).min() {
        let new = count(model.news.len(), "new entry", "new entries");
        parts.push(sentence(&format!("{new} {}.", speaker.since(oldest))));
    }
    if parts.is_empty() { "Nothing is waiting for you.".to_owned() } else { parts.join(" ") }
}

/// The page.
#[component]
pub fn HomeView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<HomeModel>>,
    /// What waits for the patient's word besides.
    #[prop(optional, into)]
    notices: Signal<Notices>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Renews the keys of what ran out.
    #[prop(into)]
    on_renew: Callback<()>,
    /// Answers a notice about doctors who joined or left, by its id.
    #[prop(into)]
    on_team: Callback<(String, bool)>,
    /// Goes on with past records, by the folder's id.
    #[prop(into)]
    on_past: Callback<String>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Adds a record.
    #[prop(into)]
    on_add: Callback<()>,
    /// Looks at a request, by its id.
    #[prop(into)]
    on_review: Callback<String>,
    /// Denies a request, by its id.
    #[prop(into)]
    on_deny: Callback<String>,
) -> impl IntoView {
    let clock = use_clock();
    let title = Signal::derive(move || {
        let greeting = clock.speaker().greeting();
        model.with(|model| match model.ready().and_then(|home| home.name.split_whitespace().next()) {
            Some(first) => format!("{greeting}, {first}"),
            None => greeting.to_owned(),
        })
    });
    let sub = Signal::derive(move || {
        let questions = notices.with(Notices::questions);
        model.with(|model| model.ready().map(|home| summary(home, questions, &clock.speaker())).unwrap_or_default())
    });
    view! {
        <PageHead title=title sub=sub>
            <ButtonLink label="Ask for treatment" href="/treatment" icon=Icon::Request />
            <Button
                label="Add record"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=read_only
                on_press=on_add
            />
        </PageHead>
        <NoticesView
            notices=notices
            read_only=read_only
            on_renew=on_renew
            on_team=on_team
            on_past=on_past
        />
        <Loaded
            model=model
            on_retry=on_retry
            children={move |home: HomeModel| {
                view! { <HomeBody home=home on_add=on_add on_review=on_review on_deny=on_deny /> }
            }}
        />
    }
}

#[component]
fn HomeBody(
    home: HomeModel,
    on_add: Callback<()>,
    on_review: Callback<String>,
    on_deny: Callback<String>,
) -> impl IntoView {
    let HomeModel { emergencies, requests, treatments, news, openings, first_day, seal, .. } = home;
    let emergencies = emergencies.into_iter().map(|used| view! { <EmergencyLine used=used /> }).collect_view();
    let first = requests.is_empty();
    let news_first = first && treatments.is_empty();
    let treatments = (!treatments.is_empty()).then(|| {
        view! {
            <Section
                title="Treatment you asked for"
                first=first
                end=|| view! { <MoreLink label="All requests" href="/treatment" /> }
            >
                <TreatmentRows items=treatments />
            </Section>
        }
    });
    let requests = requests
        .into_iter()
        .map(|item| view! { <RequestCard item=item on_review=on_review on_deny=on_deny /> })
        .collect_view();
    if first_day {
        return view! {
            {emergencies}
            {requests}
            {treatments}
            <Empty
                icon=Icon::Record
                title="Your record is empty"
                sentence="Add a report, a scan or a letter. It is encrypted here before it leaves this device, and only you can read it until you share it."
            >
                <Button label="Add your first record" icon=Icon::Plus on_press=on_add />
                <ButtonLink label="Say more about you" href="/about" icon=Icon::Pencil />
            </Empty>
            <SealLine seal=seal />
        }
        .into_any();
    }
    view! {
        {emergencies}
        {requests}
        {treatments}
        {(!news.is_empty())
            .then(|| {
                view! {
                    <Section
                        title="New for you"
                        first=news_first
                        end=|| view! { <MoreLink label="All records" href="/records" /> }
                    >
                        <RecordRows items=news how=Say::Recent />
                    </Section>
                }
            })}
        <Section
            title="Who opened your record"
            end=|| view! { <MoreLink label="Timeline" href="/timeline" /> }
        >
            {if openings.is_empty() {
                view! {
                    <p class="second">"Nobody has opened it. When somebody does, you see it here."</p>
                }
                    .into_any()
            } else {
                view! {
                    <ul class="rows">
                        {openings
                            .into_iter()
                            .map(|opening| view! { <OpeningRow opening=opening /> })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
            <SealLine seal=seal />
        </Section>
    }
    .into_any()
}

#[component]
fn EmergencyLine(used: EmergencyUse) -> impl IntoView {
    let EmergencyUse { name, at, scope } = used;
    view! {
        <div class="say say--boxed say--warn notice">
            <Glyph icon=Icon::Pulse />
            <div class="say__text">
                <strong>{format!("{name} used your emergency card.")}</strong>
                {format!("It opened {scope}, ")}
                <When at=at how=Say::DayTime />
                "."
            </div>
            <div class="say__act">
                <ButtonLink label="See who reads" href="/people" small=true />
            </div>
        </div>
    }
}

#[component]
fn OpeningRow(opening: Opening) -> impl IntoView {
    let clock = use_clock();
    let Opening { person, at, scopes, until, ended } = opening;
    let scopes = list(&scopes);
    let name = person.name.clone();
    view! {
        <li class="row">
            <Avatar name=name />
            <div class="row__main">
                <div class="row__title row__title--plain">
                    <strong>{person.name}</strong>
                    " opened your chart"
                </div>
                <div class="row__sub">
                    {move || match (ended, until) {
                        (true, _) => format!("read {scopes}; that access has ended"),
                        (false, Some(until)) => {
                            format!("reads {scopes} until {}", clock.speaker().say(until, Say::Date))
                        }
                        (false, None) => format!("reads {scopes} until you revoke it"),
                    }}
                    <span class="row__when--phone">" · " <When at=at how=Say::DayTime /></span>
                </div>
            </div>
            <div class="row__end row__end--when">
                <When at=at how=Say::DayTime />
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_waits_only_where_nothing_does() {
        let speaker = Speaker { now: 1_795_161_600, offset: |_| 3600 };
        let quiet = HomeModel {
            name: String::new(),
            moving: false,
            emergencies: Vec::new(),
            requests: Vec::new(),
            treatments: Vec::new(),
            news: Vec::new(),
            openings: Vec::new(),
            first_day: false,
            seal: Seal::Complete { block: 1 },
        };
        assert_eq!(summary(&quiet, 0, &speaker), "Nothing is waiting for you.");
        assert_eq!(summary(&quiet, 1, &speaker), "Something needs your decision.");
        assert_eq!(summary(&quiet, 2, &speaker), "Two things need your decision.");
        let moving = HomeModel { moving: true, ..quiet };
        assert_eq!(summary(&moving, 0, &speaker), "A move of your record needs your answer.");
    }
}
