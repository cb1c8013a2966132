//! Who asks to read what, until when and why.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::{When, use_clock};
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, StandingChip, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{Say, Speaker, list, sentence};

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestItem {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub person: Person,
    /// The page about who asks; none where no verified profile is known.
    pub href: Option<String>,
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// Until when; none when no end was named.
    pub until: Option<u64>,
    /// Why, in the doctor's words.
    pub reason: String,
    /// When it was asked.
    pub at: u64,
    /// What may be done about it.
    pub may: May,
    /// What is to be known before it is answered: a folder that is gone, a doctor who is suspended.
    pub mind: Option<String>,
    /// What the same person asked before and is answered with it.
    pub earlier: Vec<Before>,
}

/// What may be done about a request, besides denying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum May {
    /// It may be shared as it was asked for.
    ShareAsAsked,
    /// Something has to be chosen first.
    Choose,
    /// Nothing may be shared with who asks.
    OnlyDeny,
}

/// A request that the same person made before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Before {
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// Why.
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
    /// The time that was asked for went by.
    Expired,
}

/// A request that was answered, or no longer waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnsweredItem {
    /// Who asked.
    pub person: Person,
    /// The folders asked for.
    pub scopes: Vec<String>,
    /// When it was answered, or ran out.
    pub at: u64,
    /// How.
    pub answer: Answer,
    /// Its id, where it still can be answered.
    pub open: Option<String>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestsModel {
    /// What waits, the newest first.
    pub waiting: Vec<RequestItem>,
    /// What was answered or ran out, the newest first.
    pub answered: Vec<AnsweredItem>,
    /// The wallet's name.
    pub wallet: String,
}

/// What sharing a request as it was asked for will be.
fn as_asked_sentence(item: &RequestItem, wallet: &str, speaker: &Speaker) -> String {
    let until = item.until.map(|until| format!(" until {}", speaker.say(until, Say::FullDate))).unwrap_or_default();
    format!(
        "{wallet} asks once, to share {} with {}{until}. You can revoke it earlier. What has been read cannot be taken back.",
        list(&item.scopes),
        item.person.name
    )
}

/// A request with what can be done about it.
#[component]
pub fn RequestCard(
    /// The request.
    item: RequestItem,
    /// Shares it as it was asked for, by its id. Without it the request is looked at first.
    #[prop(optional, into)]
    on_share: Option<Callback<String>>,
    /// The wallet's name, where it is shared at once.
    #[prop(optional, into)]
    wallet: String,
    /// Looks at it, by its id.
    #[prop(into)]
    on_review: Callback<String>,
    /// Denies it, by its id.
    #[prop(into)]
    on_deny: Callback<String>,
) -> impl IntoView {
    let clock = use_clock();
    let asked = item.clone();
    let RequestItem { id, person, href, scopes, until, reason, at, may, mind, earlier } = item;
    let (share, deny) = (id.clone(), id.clone());
    let detail = if person.detail.is_empty() { String::new() } else { format!("{} · ", person.detail) };
    let avatar = person.name.clone();
    let about = person.name.clone();
    let name = match href {
        Some(href) => view! { <A href=href>{person.name}</A> }.into_any(),
        None => person.name.into_any(),
    };
    let on_share = on_share.filter(|_| may == May::ShareAsAsked);
    view! {
        <article class="card card--accent ask" title=move || clock.speaker().say(at, Say::Full)>
            <Avatar name=avatar />
            <div class="ask__body">
                <h2 class="row__title ask__name">
                    {name} <StandingChip standing=person.standing what="doctor" />
                </h2>
                <p class="row__sub">
                    {detail} "asks to read " <strong>{what(&scopes)}</strong>
                    {move || {
                        until
                            .map(|until| format!(" until {}", clock.speaker().say(until, Say::Date)))
                    }}
                </p>
                {(!reason.is_empty())
                    .then(|| view! { <p class="ask__words">{format!("“{reason}”")}</p> })}
                {mind.map(|mind| view! { <p class="ask__mind">{mind}</p> })}
                {(!earlier.is_empty()).then(|| view! { <EarlierAsked earlier=earlier /> })}
                <div class="button-row button-row--stack ask__acts">
                    {on_share
                        .map(|on_share| {
                            view! {
                                <Button
                                    label="Share as asked"
                                    about=about.clone()
                                    weight=Weight::Primary
                                    small=true
                                    on_press=move |()| on_share.run(share.clone())
                                />
                            }
                        })}
                    {(may != May::OnlyDeny)
                        .then(|| {
                            let weight = if on_share.is_some() { Weight::Second } else { Weight::Primary };
                            view! {
                                <Button
                                    label="Review request"
                                    about=about.clone()
                                    weight=weight
                                    small=true
                                    on_press=move |()| on_review.run(id.clone())
                                />
                            }
                        })}
                    <Button
                        label="Deny"
                        about=about
                        small=true
                        on_press=move |()| on_deny.run(deny.clone())
                    />
                </div>
                {on_share
                    .map(|_| {
                        view! {
                            <p class="row__sub ask__means">
                                {move || as_asked_sentence(&asked, &wallet, &clock.speaker())}
                            </p>
                        }
                    })}
            </div>
        </article>
    }
}

/// The folders, or what stands for them where none is known.
fn what(scopes: &[String]) -> String {
    if scopes.is_empty() { "a part of your record".to_owned() } else { list(scopes) }
}

/// What the same person asked for before.
#[component]
fn EarlierAsked(earlier: Vec<Before>) -> impl IntoView {
    let clock = use_clock();
    let lines = earlier
        .into_iter()
        .map(|Before { scopes, reason, at }| {
            let words = if reason.is_empty() { String::new() } else { format!(": “{reason}”") };
            view! {
                <li>
                    {move || sentence(&clock.speaker().say(at, Say::DayTime))} ", for " {what(&scopes)} {words}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="ask__earlier row__sub">
            <p>"Asked before, and answered together with this:"</p>
            <ul class="bullets">{lines}</ul>
        </div>
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
    /// Shares as it was asked for, by the request's id.
    #[prop(into)]
    on_share: Callback<String>,
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
                let RequestsModel { waiting, answered, wallet } = requests;
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
                            view! {
                                <RequestCard
                                    item=item
                                    on_share=on_share
                                    wallet=wallet.clone()
                                    on_review=on_review
                                    on_deny=on_deny
                                />
                            }
                        })
                        .collect_view()}
                    {(!answered.is_empty())
                        .then(|| view! { <AnsweredRows answered=answered on_review=on_review /> })}
                }
            }}
        />
    }
}

#[component]
fn AnsweredRows(answered: Vec<AnsweredItem>, on_review: Callback<String>) -> impl IntoView {
    view! {
        <Section title="Earlier requests">
            <div class="rows">
                {answered
                    .into_iter()
                    .map(|item| {
                        let badge = match item.answer {
                            Answer::Shared => Badge::new(Tone::Accent, "Shared"),
                            Answer::Claimed => Badge::new(Tone::Accent, "Used your code"),
                            Answer::Denied => Badge::new(Tone::Quiet, "Denied"),
                            Answer::Expired => Badge::new(Tone::Quiet, "Not answered in time"),
                        };
                        let at = item.at;
                        let name = item.person.name.clone();
                        view! {
                            <PersonRow
                                person=item.person
                                sub=format!("asked for {}", what(&item.scopes))
                                badge=badge
                            >
                                <When at=at how=Say::DayTime />
                                {item
                                    .open
                                    .map(|id| {
                                        view! {
                                            <Button
                                                label="Review request"
                                                about=name
                                                small=true
                                                on_press=move |()| on_review.run(id.clone())
                                            />
                                        }
                                    })}
                            </PersonRow>
                        }
                    })
                    .collect_view()}
            </div>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::chip::Standing;

    #[test]
    fn what_is_shared_at_once_is_said_before() {
        let person = Person {
            address: String::new(),
            name: "Dr. Nadia Kern".to_owned(),
            detail: String::new(),
            standing: Standing::Verified,
        };
        let item = RequestItem {
            id: String::new(),
            person,
            href: None,
            scopes: vec!["General".to_owned(), "Laboratory".to_owned()],
            until: Some(1_797_750_000),
            reason: String::new(),
            at: 0,
            may: May::ShareAsAsked,
            mind: None,
            earlier: Vec::new(),
        };
        let speaker = Speaker { now: 1_795_161_600, offset: |_| 0 };
        assert_eq!(
            as_asked_sentence(&item, "MetaMask", &speaker),
            "MetaMask asks once, to share General and Laboratory with Dr. Nadia Kern until 20 December 2026. You can \
             revoke it earlier. What has been read cannot be taken back."
        );
        assert_eq!(what(&[]), "a part of your record");
    }
}
