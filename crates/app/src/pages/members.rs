//! The registrar's members: doctors and laboratories, how they stand, and the page of each.

use std::sync::Arc;

use leptos::prelude::*;

use super::directory::WorksAt;
use crate::clock::When;
use crate::components::blank::{Empty, TroubleView};
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::changes::{ChangedField, Changes};
use crate::components::chip::{Badge, Chip, Standing, StandingChip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::{FilterField, SearchField};
use crate::components::icon::{Glyph, Icon};
use crate::components::long_list::LongRows;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::person_row::{Person, PersonRow};
use crate::components::record_row::Tile;
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{Say, search_words, thousands};

/// How a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Verified.
    Verified,
    /// Not verified yet.
    Waiting,
    /// Refused.
    Refused,
    /// Suspended.
    Suspended,
}

impl State {
    /// Each with its key and its word.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Verified, "verified", "Verified"),
        (Self::Waiting, "waiting", "Not verified yet"),
        (Self::Refused, "refused", "Refused"),
        (Self::Suspended, "suspended", "Suspended"),
    ];

    fn key(self) -> &'static str {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(_, key, _)| key)
    }

    /// The mark beside the name; what is verified has its own.
    #[must_use]
    pub fn badge(self) -> Option<Badge> {
        match self {
            Self::Verified => None,
            Self::Waiting => Some(Badge::new(Tone::Warn, "Not verified yet")),
            Self::Refused => Some(Badge::new(Tone::Quiet, "Refused")),
            Self::Suspended => Some(Badge::new(Tone::Danger, "Suspended")),
        }
    }
}

/// A member in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberItem {
    /// Who.
    pub person: Person,
    /// A laboratory, not a doctor.
    pub laboratory: bool,
    /// How it stands.
    pub state: State,
    /// What is searched besides: the licence, languages.
    pub besides: String,
    /// Its page.
    pub href: String,
}

/// What is looked for: everybody where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Words; each has to be somewhere.
    pub search: String,
    /// `doctors` or `laboratories`.
    pub role: String,
    /// The key of a state.
    pub state: String,
}

const DOCTORS: &str = "doctors";
const LABORATORIES: &str = "laboratories";

/// The members with all that a search finds them by, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Index {
    items: Arc<[MemberItem]>,
    texts: Arc<[String]>,
}

impl Index {
    fn new(items: Arc<[MemberItem]>) -> Self {
        let text = |MemberItem { person, besides, .. }: &MemberItem| {
            [&person.name, &person.detail, besides, &person.address].map(|part| part.to_lowercase()).join("\n")
        };
        Self { texts: items.iter().map(text).collect(), items }
    }

    fn find(&self, finding: &Finding) -> Arc<[MemberItem]> {
        let words = search_words(&finding.search);
        let fits = |(item, text): &(&MemberItem, &String)| {
            let role = if item.laboratory { LABORATORIES } else { DOCTORS };
            (finding.role.is_empty() || finding.role == role)
                && (finding.state.is_empty() || finding.state == item.state.key())
                && words.iter().all(|word| text.contains(word))
        };
        self.items.iter().zip(self.texts.iter()).filter(fits).map(|(item, _)| item.clone()).collect()
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersModel {
    /// Doctors and laboratories, by name.
    pub items: Arc<[MemberItem]>,
    /// More are being read.
    pub more: bool,
}

/// The page. What is looked for stands in its address.
#[component]
pub fn MembersView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<MembersModel>>,
    /// Why what is shown is not to be relied on.
    #[prop(optional, into)]
    lie: Signal<Option<Trouble>>,
    /// What is looked for.
    #[prop(into)]
    finding: Signal<Finding>,
    /// Something else.
    #[prop(into)]
    on_find: Callback<Finding>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// These are seen now.
    #[prop(into)]
    on_seen: Callback<Arc<[MemberItem]>>,
    /// Suspends a verified member.
    #[prop(into)]
    on_suspend: Callback<Person>,
    /// Reinstates a suspended member.
    #[prop(into)]
    on_reinstate: Callback<Person>,
) -> impl IntoView {
    let model = Memo::new(move |_| model.get());
    let index = Memo::new(move |_| model.with(|model| model.ready().map(|model| Index::new(Arc::clone(&model.items)))));
    let found = Memo::new(move |_| {
        index.with(|index| finding.with(|finding| index.as_ref().map(|index| index.find(finding)))).unwrap_or_default()
    });
    let all = move || index.with(|index| index.as_ref().map_or(0, |index| index.items.len()));
    let more = Memo::new(move |_| model.with(|model| model.ready().is_some_and(|model| model.more)));
    let said = move || {
        let (found, all) = (found.with(|found| found.len()), all());
        match (more.get(), found == all) {
            (true, _) => format!("{} read so far…", thousands(all as u64)),
            (false, true) => String::new(),
            (false, false) => format!("{} of {}", thousands(found as u64), thousands(all as u64)),
        }
    };
    // Drawn once, whatever is read again.
    let some = Memo::new(move |_| match model.get() {
        Load::Loading => Load::Loading,
        Load::Failed(trouble) => Load::Failed(trouble),
        Load::Ready(model) => Load::Ready(!model.items.is_empty() || model.more),
    });
    view! {
        <PageHead
            title="Members"
            sub="Doctors and laboratories. Patients are not listed: the registry has no say over them."
        />
        {move || lie.get().map(|lie| view! { <TroubleView trouble=lie on_retry=on_retry /> })}
        <Loaded
            model=some
            on_retry=on_retry
            children={move |some: bool| {
                if !some {
                    return view! {
                        <Empty
                            icon=Icon::People
                            title="Nobody has registered yet"
                            sentence="Doctors and laboratories appear here once they have registered."
                        />
                    }
                        .into_any();
                }
                view! {
                    <Filters finding=finding on_find=on_find />
                    <p class="found" role="status">
                        {said}
                    </p>
                    <Show when=move || found.with(|found| found.is_empty()) && !more.get()>
                        <Empty
                            icon=Icon::Search
                            title="Nobody matches"
                            sentence="No member fits this search. Try fewer words, or another role or state."
                        >
                            <Button label="Clear the search" on_press=move |()| on_find.run(Finding::default()) />
                        </Empty>
                    </Show>
                    <LongRows
                        items=found
                        draw=move |item| {
                            view! { <MemberRow item=item on_suspend=on_suspend on_reinstate=on_reinstate /> }.into_any()
                        }
                        on_seen=on_seen
                    />
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn Filters(finding: Signal<Finding>, on_find: Callback<Finding>) -> impl IntoView {
    let roles = [("", "All"), (DOCTORS, "Doctors"), (LABORATORIES, "Laboratories")];
    let roles: Vec<Choice> = roles.iter().map(|(id, word)| Choice::new(*id, *word, "")).collect();
    let states: Vec<(String, String)> = std::iter::once((String::new(), "Every state".to_owned()))
        .chain(State::ALL.iter().map(|(_, key, word)| ((*key).to_owned(), (*word).to_owned())))
        .collect();
    view! {
        <div class="filters">
            <div class="filters__line">
                <SearchField
                    label="Search by name, specialty, hospital or licence"
                    value=Signal::derive(move || finding.with(|finding| finding.search.clone()))
                    on_change=move |search| on_find.run(Finding { search, ..finding.get_untracked() })
                />
                <FilterField
                    label="State"
                    choices=Signal::stored(states)
                    value=Signal::derive(move || finding.with(|finding| finding.state.clone()))
                    on_change=move |state| on_find.run(Finding { state, ..finding.get_untracked() })
                />
            </div>
            <ChoiceChips
                label="Role"
                scrolls=true
                choices=Signal::stored(roles)
                chosen=Signal::derive(move || finding.with(|finding| finding.role.clone()))
                on_choose=move |role| on_find.run(Finding { role, ..finding.get_untracked() })
            />
        </div>
    }
}

#[component]
fn MemberRow(item: MemberItem, on_suspend: Callback<Person>, on_reinstate: Callback<Person>) -> impl IntoView {
    let MemberItem { person, state, href, .. } = item;
    let (sub, name, whom) = (person.detail.clone(), person.name.clone(), person.clone());
    let act = match state {
        State::Verified => view! {
            <Button
                label="Suspend"
                about=name
                weight=Weight::Danger
                small=true
                on_press=move |()| on_suspend.run(whom.clone())
            />
        }
        .into_any(),
        State::Suspended => view! {
            <Button
                label="Reinstate"
                about=name
                small=true
                on_press=move |()| on_reinstate.run(whom.clone())
            />
        }
        .into_any(),
        State::Waiting | State::Refused => ().into_any(),
    };
    view! {
        <PersonRow person=person sub=sub badge=state.badge() href=href>
            {act}
        </PersonRow>
    }
}

/// A member's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberModel {
    /// Who.
    pub person: Person,
    /// How it stands.
    pub state: State,
    /// Why it was refused or suspended; may be empty.
    pub why: String,
    /// What the verified profile says; empty where none is verified.
    pub facts: Vec<(String, String)>,
    /// The hospital: its name, and its page.
    pub hospital: Option<(String, String)>,
    /// What waits: since when, and what it changes or says.
    pub waiting: Option<(u64, Proposal)>,
    /// What happened, the newest first.
    pub history: Vec<HistoryItem>,
    /// What the comparison with the chain said.
    pub checked: Checked,
    /// Addresses and digests, for those who look.
    pub details: Vec<(String, String)>,
}

/// What was proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// A first profile.
    First(Vec<(String, String)>),
    /// Another than the verified one.
    Change(Vec<ChangedField>),
}

/// Something that happened to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// When.
    pub at: u64,
    /// What, in a few words.
    pub what: String,
    /// Why, or what exactly; may be empty.
    pub detail: String,
    /// Its icon.
    pub icon: Icon,
}

/// What the comparison of a member with the chain said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is so at this block.
    Agrees(u64),
    /// It could not be compared; ends the sentence "Not checked yet, because".
    Not(String),
}

/// A member's page.
#[component]
pub fn MemberView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<MemberModel>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Suspends it.
    #[prop(into)]
    on_suspend: Callback<Person>,
    /// Reinstates it.
    #[prop(into)]
    on_reinstate: Callback<Person>,
    /// The doctor has left the hospital.
    #[prop(into)]
    on_left: Callback<Person>,
) -> impl IntoView {
    view! {
        <Crumbs way=vec![Crumb::to("Members", "/members"), Crumb::here("Member")] />
        <Loaded
            model=model
            rows=4
            on_retry=on_retry
            children={move |model: MemberModel| {
                view! { <Member model=model on_suspend=on_suspend on_reinstate=on_reinstate on_left=on_left /> }
            }}
        />
    }
}

#[component]
fn Member(
    model: MemberModel,
    on_suspend: Callback<Person>,
    on_reinstate: Callback<Person>,
    on_left: Callback<Person>,
) -> impl IntoView {
    let MemberModel { person, state, why, facts, hospital, waiting, history, checked, details } = model;
    let (suspended, reinstated, left) = (person.clone(), person.clone(), person.clone());
    let leaves = hospital.is_some() && state == State::Verified;
    view! {
        <PageHead title=person.name.clone() sub=person.detail.clone() pair=leaves>
            {leaves
                .then(|| {
                    view! { <Button label="Has left the hospital" on_press=move |()| on_left.run(left.clone()) /> }
                })}
            {(state == State::Verified)
                .then(|| {
                    view! {
                        <Button
                            label="Suspend"
                            weight=Weight::Danger
                            on_press=move |()| on_suspend.run(suspended.clone())
                        />
                    }
                })}
            {(state == State::Suspended)
                .then(|| {
                    view! {
                        <Button
                            label="Reinstate"
                            weight=Weight::Primary
                            on_press=move |()| on_reinstate.run(reinstated.clone())
                        />
                    }
                })}
        </PageHead>
        <p class="member__state">
            {match state.badge() {
                Some(badge) => view! { <Chip badge=badge /> }.into_any(),
                None => view! { <StandingChip standing=Standing::Verified /> }.into_any(),
            }} {(!why.is_empty()).then(|| view! { <span class="second">{why}</span> })}
        </p>
        {waiting
            .map(|(since, proposal)| {
                view! {
                    <Section title="Waits for you">
                        <div class="card card--pad">
                            <p class="second">"Proposed " <When at=since how=Say::DayTime /></p>
                            {match proposal {
                                Proposal::First(facts) => view! { <Facts facts=facts /> }.into_any(),
                                Proposal::Change(fields) => view! { <Changes fields=fields /> }.into_any(),
                            }}
                            <div class="button-row">
                                <ButtonLink label="To verify" href="/verify" small=true />
                            </div>
                        </div>
                    </Section>
                }
            })}
        {(!facts.is_empty())
            .then(|| {
                view! {
                    <Section title="Verified profile" note="as patients see it">
                        <div class="card card--pad">
                            <Facts facts=facts />
                        </div>
                    </Section>
                }
            })}
        <WorksAt hospital=hospital />
        <Section title="What happened">
            <History items=history />
        </Section>
        <CheckedLine checked=checked />
        <details class="details">
            <summary>"Details"</summary>
            <Facts facts=details />
        </details>
    }
}

#[component]
fn History(items: Vec<HistoryItem>) -> impl IntoView {
    view! {
        <ul class="rows">
            {items
                .into_iter()
                .map(|HistoryItem { at, what, detail, icon }| {
                    view! {
                        <li class="row">
                            <Tile icon=icon />
                            <div class="row__main">
                                <div class="row__title">{what}</div>
                                <div class="row__sub">
                                    {detail} <span class="row__when--phone">" " <When at=at how=Say::DayTime /></span>
                                </div>
                            </div>
                            <div class="row__end row__end--when">
                                <When at=at how=Say::DayTime />
                            </div>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// Whether a member stands on chain as the server says.
#[component]
fn CheckedLine(checked: Checked) -> impl IntoView {
    let (class, icon, word, rest) = match checked {
        Checked::Agrees(block) => (
            "say seal say--good",
            Icon::Checked,
            "Checked",
            format!("— role, state, hospital and profile are those on the chain, block {}", thousands(block)),
        ),
        Checked::Not(because) => ("say seal", Icon::Unchecked, "Not checked yet", format!("because {because}")),
    };
    view! {
        <div class="member__checked">
            <div class=class role="status">
                <Glyph icon=icon />
                <p class="say__text">
                    <strong>{word}</strong>
                    {rest}
                </p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, detail: &str, laboratory: bool, state: State) -> MemberItem {
        let person = Person {
            address: format!("0x{name}"),
            name: name.to_owned(),
            detail: detail.to_owned(),
            standing: Standing::Verified,
        };
        MemberItem { person, laboratory, state, besides: "HH-20417".to_owned(), href: String::new() }
    }

    #[test]
    fn members_are_found_by_words_role_and_state() {
        let index = Index::new(
            vec![
                item("Dr. Nadia Kern", "Cardiology, Marienhospital", false, State::Verified),
                item("Dr. Ben Okafor", "General practice", false, State::Suspended),
                item("Nordlab", "Clinical chemistry", true, State::Verified),
            ]
            .into(),
        );
        let names = |search: &str, role: &str, state: &str| {
            let text = str::to_owned;
            let finding = Finding { search: text(search), role: text(role), state: text(state) };
            index.find(&finding).iter().map(|item| item.person.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names("", "", "").len(), 3);
        assert_eq!(names("cardio MARIEN", "", ""), ["Dr. Nadia Kern"]);
        assert_eq!(names("hh-204", DOCTORS, ""), ["Dr. Nadia Kern", "Dr. Ben Okafor"]);
        assert_eq!(names("", LABORATORIES, ""), ["Nordlab"]);
        assert_eq!(names("", DOCTORS, "suspended"), ["Dr. Ben Okafor"]);
        assert!(names("", LABORATORIES, "suspended").is_empty());
    }
}
