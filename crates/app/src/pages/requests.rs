//! Who asks to read what, until when and why.

use leptos::prelude::*;

use crate::clock::{When, use_clock};
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, StandingChip, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{Say, list};

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestItem {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub person: Person,
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// Until when; none when no end was named.
    pub until: Option<u64>,
    /// Why, in the doctor's words.
    pub reason: String,
    /// When it was asked.
    pub at: u64,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Access was given.
    Shared,
    /// The doctor used a code of the patient's meanwhile.
    Claimed,
    /// It was denied.
    Denied,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnsweredItem {
    /// Who asked.
    pub person: Person,
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// When it was answered.
    pub at: u64,
    /// How.
    pub answer: Answer,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestsModel {
    /// What waits, the newest first.
    pub waiting: Vec<RequestItem>,
    /// What was answered, the newest first.
    pub answered: Vec<AnsweredItem>,
}

/// A request with what can be done about it.
#[component]
pub fn RequestCard(
    /// The request.
    item: RequestItem,
    /// Looks at it, by its id.
    #[prop(into)]
    on_review: Callback<String>,
    /// Denies it, by its id.
    #[prop(into)]
    on_deny: Callback<String>,
) -> impl IntoView {
    let clock = use_clock();
    let RequestItem { id, person, scopes, until, reason, at } = item;
    let deny = id.clone();
    let detail = if person.detail.is_empty() { String::new() } else { format!("{} · ", person.detail) };
    let avatar = person.name.clone();
    let about = person.name.clone();
    view! {
        <article class="card card--accent ask" title=move || clock.speaker().say(at, Say::Full)>
            <Avatar name=avatar />
            <div class="ask__body">
                <h2 class="row__title ask__name">
                    {person.name} <StandingChip standing=person.standing what="doctor" />
                </h2>
                <p class="row__sub">
                    {detail} "asks to read " <strong>{list(&scopes)}</strong>
                    {move || {
                        until
                            .map(|until| format!(" until {}", clock.speaker().say(until, Say::Date)))
                    }}
                </p>
                {(!reason.is_empty())
                    .then(|| view! { <p class="ask__words">{format!("“{reason}”")}</p> })}
                <div class="button-row button-row--stack ask__acts">
                    <Button
                        label="Review request"
                        about=about.clone()
                        weight=Weight::Primary
                        small=true
                        on_press=move |()| on_review.run(id.clone())
                    />
                    <Button
                        label="Deny"
                        about=about
                        small=true
                        on_press=move |()| on_deny.run(deny.clone())
                    />
                </div>
            </div>
        </article>
    }
}

/// The page.
#[component]
pub fn RequestsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<RequestsModel>>,
    /// Why the last answer did not arrive.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Looks at a request, by its id.
    #[prop(into)]
    on_review: Callback<String>,
    /// Denies a request, by its id.
    #[prop(into)]
    on_deny: Callback<String>,
) -> impl IntoView {
    view! {
        <PageHead
            title="Requests"
            sub="Doctors who ask to read a part of your record. Nobody reads anything until you share it."
        />
        <crate::components::blank::TroubleLine trouble=trouble />
        <Loaded
            model=model
            on_retry=on_retry
            rows=2
            children={move |requests: RequestsModel| {
                let RequestsModel { waiting, answered } = requests;
                let none = waiting.is_empty();
                view! {
                    {none
                        .then(|| {
                            view! {
                                <Empty
                                    icon=Icon::Request
                                    title="Nobody is waiting for an answer"
                                    sentence="When a doctor asks for a folder, you read here who it is and why, and decide."
                                />
                            }
                        })}
                    {waiting
                        .into_iter()
                        .map(|item| {
                            view! { <RequestCard item=item on_review=on_review on_deny=on_deny /> }
                        })
                        .collect_view()}
                    {(!answered.is_empty())
                        .then(|| view! { <AnsweredRows answered=answered /> })}
                }
            }}
        />
    }
}

#[component]
fn AnsweredRows(answered: Vec<AnsweredItem>) -> impl IntoView {
    view! {
        <Section title="Answered">
            <div class="rows">
                {answered
                    .into_iter()
                    .map(|item| {
                        let badge = match item.answer {
                            Answer::Shared => Badge::new(Tone::Accent, "Shared"),
                            Answer::Claimed => Badge::new(Tone::Accent, "Used your code"),
                            Answer::Denied => Badge::new(Tone::Quiet, "Denied"),
                        };
                        let at = item.at;
                        view! {
                            <PersonRow
                                person=item.person
                                sub=format!("asked for {}", list(&item.scopes))
                                badge=badge
                            >
                                <When at=at how=Say::DayTime />
                            </PersonRow>
                        }
                    })
                    .collect_view()}
            </div>
        </Section>
    }
}
