//! Who reads what until when, who writes, and who no longer does.

use leptos::prelude::*;

use super::notices::{Notices, NoticesView, PastSection};
use crate::clock::use_clock;
use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, ButtonLink, MoreLink, Weight};
use crate::components::chip::{Badge, Tone};
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded, Trouble};
use crate::pages::offers::{OfferItem, UsableCodes};
use crate::speaking::{Say, count, sentence};

/// Somebody who reads a part of the chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GrantItem {
    /// Its id.
    pub id: String,
    /// Who.
    pub person: Person,
    /// The names of what is shared.
    pub scopes: Vec<String>,
    /// `through your code` where it was not given to this person by name; may be empty.
    pub through: String,
    /// Until when; none until it is revoked.
    pub until: Option<u64>,
    /// When it was last opened.
    pub opened: Option<u64>,
}

/// Somebody who wrote into the chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WriterItem {
    /// Who.
    pub person: Person,
    /// How many records.
    pub records: usize,
    /// When the last one came.
    pub last: u64,
    /// Is blocked.
    pub blocked: bool,
}

/// Why an access is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndedBy {
    /// The patient revoked it.
    Revoked,
    /// Its time ran out.
    Expired,
    /// The registrar suspended the member.
    Suspended,
}

/// An access that is over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndedItem {
    /// Who.
    pub person: Person,
    /// The names of what was shared.
    pub scopes: Vec<String>,
    /// When it ended.
    pub at: u64,
    /// Why.
    pub by: EndedBy,
    /// How often it was opened.
    pub opened: usize,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleModel {
    /// Who reads now.
    pub reading: Vec<GrantItem>,
    /// Who writes.
    pub writing: Vec<WriterItem>,
    /// Who no longer reads.
    pub ended: Vec<EndedItem>,
    /// Codes that can be used.
    pub codes: Vec<OfferItem>,
}

/// The page.
#[component]
pub fn PeopleView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<PeopleModel>>,
    /// What waits for the patient's word besides.
    #[prop(optional, into)]
    notices: Signal<Notices>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Shares with somebody new.
    #[prop(into)]
    on_share: Callback<()>,
    /// Changes a grant, by its id.
    #[prop(into)]
    on_change: Callback<String>,
    /// Revokes a grant, by its id.
    #[prop(into)]
    on_revoke: Callback<String>,
    /// Shares again, by address.
    #[prop(into)]
    on_share_again: Callback<String>,
    /// Blocks (true) or admits (false) an author, by address.
    #[prop(into)]
    on_block: Callback<(String, bool)>,
    /// Renews the keys of what ran out.
    #[prop(into)]
    on_renew: Callback<()>,
    /// Answers a notice about doctors who joined or left, by its id.
    #[prop(into)]
    on_team: Callback<(String, bool)>,
    /// Goes on with past records, by the folder's id.
    #[prop(into)]
    on_past: Callback<String>,
    /// Begins with past records, by the folder's id.
    #[prop(into)]
    on_begin_past: Callback<String>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| {
            model
                .ready()
                .map(|model| {
                    let mut readers: Vec<&str> =
                        model.reading.iter().map(|grant| grant.person.address.as_str()).collect();
                    readers.sort_unstable();
                    readers.dedup();
                    match readers.len() {
                        0 => "Nobody but you can read your record today.".to_owned(),
                        1 => "One can read parts of your record today.".to_owned(),
                        many => {
                            format!("{} can read parts of your record today.", sentence(count(many, "", "").trim()))
                        }
                    }
                })
                .unwrap_or_default()
        })
    });
    view! {
        <PageHead title="People" sub=sub trio=true>
            <ButtonLink label="Find somebody" href="/directory" icon=Icon::Search />
            <ButtonLink label="Share by QR" href="/offers" icon=Icon::Qr />
            <Button
                label="Share"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=read_only
                on_press=on_share
            />
        </PageHead>
        <TroubleLine trouble=trouble />
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
            children={move |people: PeopleModel| {
                let PeopleModel { reading, writing, ended, codes } = people;
                view! {
                    <Section
                        title="Can read now"
                        first=true
                        end=|| view! { <MoreLink label="Ask for treatment" href="/treatment" /> }
                    >
                        {if reading.is_empty() {
                            view! {
                                <Empty
                                    icon=Icon::People
                                    title="Only you"
                                    sentence="Share a folder with a doctor for a day, a month or until you say so. You see every time it is opened."
                                />
                            }
                                .into_any()
                        } else {
                            view! {
                                <div class="rows">
                                    {reading
                                        .into_iter()
                                        .map(|grant| {
                                            view! {
                                                <GrantRow grant=grant on_change=on_change on_revoke=on_revoke />
                                            }
                                        })
                                        .collect_view()}
                                </div>
                            }
                                .into_any()
                        }}
                    </Section>
                    {(!codes.is_empty()).then(|| view! { <UsableCodes codes=codes /> })}
                    {(!writing.is_empty())
                        .then(|| view! { <Writers writing=writing on_block=on_block /> })}
                    {(!ended.is_empty())
                        .then(|| view! { <Ended ended=ended on_share_again=on_share_again /> })}
                    <PastSection notices=notices read_only=read_only on_past=on_begin_past />
                    <p class="note">
                        "What someone has already read cannot be taken back. New records are locked with a new key after each revocation."
                    </p>
                }
            }}
        />
    }
}

#[component]
fn GrantRow(grant: GrantItem, on_change: Callback<String>, on_revoke: Callback<String>) -> impl IntoView {
    let clock = use_clock();
    let GrantItem { id, person, scopes, through, until, opened } = grant;
    let change = id.clone();
    let name = person.name.clone();
    let mut sub = vec![scopes.join(", "), through, person.detail.clone()];
    sub.retain(|part| !part.is_empty());
    let badge = until.and_then(|until| clock.speaker().ends_soon(until)).map(|text| Badge::new(Tone::Warn, text));
    view! {
        <PersonRow person=person sub=sub.join(" · ") badge=badge>
            <span class="row__fact">
                {move || match until {
                    Some(until) => format!("until {}", clock.speaker().say(until, Say::Date)),
                    None => "until you revoke it".to_owned(),
                }} <br /> <span class="row__fact-dot">" · "</span>
                {move || match opened {
                    Some(at) => format!("opened {}", clock.speaker().say(at, Say::Short)),
                    None => "never opened".to_owned(),
                }}
            </span>
            <Button
                label="Change"
                about=name.clone()
                small=true
                on_press=move |()| on_change.run(change.clone())
            />
            <Button
                label="Revoke"
                about=name
                weight=Weight::Danger
                small=true
                on_press=move |()| on_revoke.run(id.clone())
            />
        </PersonRow>
    }
}

#[component]
fn Writers(writing: Vec<WriterItem>, on_block: Callback<(String, bool)>) -> impl IntoView {
    let clock = use_clock();
    view! {
        <Section title="Write to your record">
            <div class="rows">
                {writing
                    .into_iter()
                    .map(|writer| {
                        let WriterItem { person, records, last, blocked } = writer;
                        let address = person.address.clone();
                        let name = person.name.clone();
                        let badge = blocked.then(|| Badge::new(Tone::Danger, "Blocked"));
                        let sub = if records == 0 {
                            "has not added anything".to_owned()
                        } else {
                            format!(
                                "added {}, the last one {}",
                                count(records, "record", "records"),
                                clock.speaker().say(last, Say::Short),
                            )
                        };
                        view! {
                            <PersonRow person=person sub=sub badge=badge>
                                <Button
                                    label=if blocked { "Allow again" } else { "Block" }
                                    about=name
                                    small=true
                                    on_press=move |()| on_block.run((address.clone(), !blocked))
                                />
                            </PersonRow>
                        }
                    })
                    .collect_view()}
            </div>
        </Section>
    }
}

#[component]
fn Ended(ended: Vec<EndedItem>, on_share_again: Callback<String>) -> impl IntoView {
    let clock = use_clock();
    view! {
        <Section title="Ended">
            <div class="rows">
                {ended
                    .into_iter()
                    .map(|item| {
                        let EndedItem { person, scopes, at, by, opened } = item;
                        let address = person.address.clone();
                        let name = person.name.clone();
                        let day = clock.speaker().say(at, Say::Date);
                        let how = match by {
                            EndedBy::Revoked => format!("revoked by you on {day}"),
                            EndedBy::Expired => format!("ended on {day}"),
                            EndedBy::Suspended => format!("suspended by the registrar on {day}"),
                        };
                        let often = match opened {
                            0 => "never opened".to_owned(),
                            1 => "opened once".to_owned(),
                            many => format!("opened {many} times"),
                        };
                        view! {
                            <PersonRow
                                person=person
                                sub=format!("{} · {how} · {often}", scopes.join(", "))
                                plain=true
                            >
                                {(by != EndedBy::Suspended)
                                    .then(|| {
                                        view! {
                                            <Button
                                                label="Share again"
                                                about=name
                                                small=true
                                                on_press=move |()| on_share_again.run(address.clone())
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
