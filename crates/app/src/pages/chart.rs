//! A patient's chart as a doctor sees it: what must not be overlooked on top.

use leptos::prelude::*;
use leptos_router::components::A;

use super::about::{Looking, LookingLine, Moment, Newest};
use super::treatments::{AnswerItem, Became};
use super::vital::Value;
use super::write_entry::Writing;
use crate::clock::{When, use_clock};
use crate::components::avatar::Avatar;
use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::chip::Chip;
use crate::components::icon::{Glyph, Icon};
use crate::components::key_words::KeyWords;
use crate::components::page_head::{Crumb, Crumbs, Section};
use crate::components::record_row::{RecordItem, RecordRows};
use crate::components::seal::{Facts, Seal, SealLine};
use crate::components::spark::{Spark, Trend};
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{Say, list};

/// A measurement worth its own card.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// `LDL cholesterol`.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// `−6 % since August`; may be empty.
    pub note: String,
    /// The last values.
    pub trend: Option<Trend>,
}

/// What a doctor writes, and the request that it answers.
type OnWrite = Callback<(Writing, Option<String>)>;

/// What a patient asks to be treated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The id of its record.
    pub record: String,
    /// What an answer names.
    pub request: String,
    /// The complaint.
    pub words: String,
    /// Since when; may be empty.
    pub since: String,
    /// When it was asked.
    pub at: u64,
    /// Who else was asked.
    pub also: Vec<String>,
    /// What became of it.
    pub became: Became,
    /// The answers that this doctor can read, oldest first.
    pub answers: Vec<AnswerItem>,
}

/// An open chart.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenChart {
    /// What is shared, by name.
    pub scopes: Vec<String>,
    /// Until when; none until it is revoked.
    pub until: Option<u64>,
    /// When this visit was logged.
    pub logged: u64,
    /// `blood group A+` and the like, after the birth date.
    pub facts: Vec<String>,
    /// Allergies, drawn in the header.
    pub allergies: Vec<String>,
    /// Conditions, medicines and whom to call: the word, and what the documents say.
    pub told: Vec<(String, String)>,
    /// What the patient asks of this doctor, the newest first.
    pub needs: Vec<Need>,
    /// Measurements worth a card; at most two are drawn.
    pub figures: Vec<Figure>,
    /// Since when records count as new; none at the first visit.
    pub since: Option<u64>,
    /// What is new, the newest first.
    pub fresh: Vec<RecordItem>,
    /// What was there before, the newest first.
    pub earlier: Vec<RecordItem>,
    /// Whether this is the whole story.
    pub seal: Seal,
}

/// How the chart stands.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartState {
    /// Access is there; opening it is logged first.
    Closed {
        /// What is shared, by name.
        scopes: Vec<String>,
        /// Until when.
        until: Option<u64>,
    },
    /// Open.
    Open(Box<OpenChart>),
    /// Access has ended.
    Ended {
        /// When.
        at: u64,
        /// The patient revoked it.
        revoked: bool,
    },
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartModel {
    /// The chart.
    pub chart: String,
    /// The patient's name.
    pub name: String,
    /// `born 4 May 1971`; may be empty.
    pub born: String,
    /// The wallet's name.
    pub wallet: String,
    /// How it stands.
    pub state: ChartState,
}

/// The page.
#[component]
pub fn ChartView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<ChartModel>>,
    /// The visit is being logged.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Words of the patient's key, to compare in person; empty while they are not here.
    #[prop(optional, into)]
    key_words: Signal<String>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Logs the visit and opens the chart.
    #[prop(into)]
    on_open: Callback<()>,
    /// Asks for more, or again.
    #[prop(into)]
    on_ask: Callback<()>,
    /// Writes something, as an answer to a request or of its own.
    #[prop(into)]
    on_write: OnWrite,
    /// What was written and is not filed, by title.
    #[prop(optional, into)]
    unfiled: Signal<Vec<String>>,
    /// Goes on with it.
    #[prop(into)]
    on_go_on: Callback<()>,
    /// The newest value of each vital sign, as far as the doctor may read them.
    #[prop(into)]
    newest: Signal<Vec<Newest>>,
    /// How far the records have been looked through for them.
    #[prop(into)]
    looking: Signal<Looking>,
    /// Opens again what could not be opened.
    #[prop(into)]
    on_look_again: Callback<()>,
    /// Looks through more records.
    #[prop(into)]
    on_look_on: Callback<()>,
) -> impl IntoView {
    let measured = Measured { newest, looking, on_look_again, on_look_on };
    view! {
        <Loaded
            model=model
            on_retry=on_retry
            children={move |chart: ChartModel| {
                let ChartModel { chart, name, born, wallet, state } = chart;
                let way = vec![Crumb::to("Patients", "/patients"), Crumb::here(name.clone())];
                let (facts, allergies, open) = match &state {
                    ChartState::Open(open) => (open.facts.clone(), open.allergies.clone(), true),
                    _ => (Vec::new(), Vec::new(), false),
                };
                let first = name.clone();
                view! {
                    <Crumbs way=way />
                    <ChartHead
                        name=name
                        born=born
                        facts=facts
                        allergies=allergies
                        open=open
                        on_write=on_write
                    />
                    <TroubleLine trouble=trouble />
                    <UnfiledLine unfiled=unfiled on_go_on=on_go_on />
                    {match state {
                        ChartState::Open(open) => {
                            let at = format!("/patients/{chart}/vitals");
                            view! { <ChartBody open=*open at=at measured=measured on_ask=on_ask on_write=on_write /> }
                                .into_any()
                        }
                        ChartState::Closed { scopes, until } => {
                            view! {
                                <Gate
                                    name=first
                                    scopes=scopes
                                    until=until
                                    wallet=wallet
                                    busy=busy
                                    on_open=on_open
                                />
                            }
                                .into_any()
                        }
                        ChartState::Ended { at, revoked } => {
                            view! { <EndedCard name=first at=at revoked=revoked on_ask=on_ask /> }
                                .into_any()
                        }
                    }}
                    <ChartDetails chart=chart key_words=key_words />
                }
            }}
        />
    }
}

/// Says that something was written and is not in the chart.
#[component]
fn UnfiledLine(unfiled: Signal<Vec<String>>, on_go_on: Callback<()>) -> impl IntoView {
    move || {
        let titles = unfiled.get();
        let said = match titles.as_slice() {
            [] => return None,
            [one] => format!("{one} is not filed yet."),
            all => format!("{} are not filed yet.", list(all)),
        };
        Some(view! {
            <div class="say say--boxed draft-line">
                <Glyph icon=Icon::Pencil />
                <div class="say__text">
                    <strong>{said}</strong>
                    " It is kept on this device, encrypted."
                </div>
                <div class="say__act">
                    <Button label="Go on writing" small=true on_press=on_go_on />
                </div>
            </div>
        })
    }
}

/// Whose chart it is, for those who want to be sure.
#[component]
fn ChartDetails(chart: String, key_words: Signal<String>) -> impl IntoView {
    view! {
        <details class="details">
            <summary>"Details"</summary>
            <dl class="facts">
                <dt>"Address"</dt>
                <dd>{chart}</dd>
                {move || {
                    let words = key_words.get();
                    (!words.is_empty())
                        .then(|| {
                            view! {
                                <dt>"Words of the key"</dt>
                                <dd>
                                    <KeyWords words=words />
                                    ". The patient sees the same under Settings: compare them in person."
                                </dd>
                            }
                        })
                }}
            </dl>
        </details>
    }
}

#[component]
fn ChartHead(
    name: String,
    born: String,
    facts: Vec<String>,
    allergies: Vec<String>,
    open: bool,
    on_write: OnWrite,
) -> impl IntoView {
    let mut facts: Vec<String> = std::iter::once(born).chain(facts).collect();
    facts.retain(|part| !part.is_empty());
    let alarm = match allergies.as_slice() {
        [] => None,
        [one] => Some(format!("Allergy: {one}")),
        many => Some(format!("Allergies: {}", many.join(", "))),
    };
    let dot = (!facts.is_empty() && alarm.is_some()).then_some(" · ");
    let avatar = name.clone();
    view! {
        <header class="page-head">
            <div class="page-head__who">
                <Avatar name=avatar large=true />
                <div class="page-head__text">
                    <h1 tabindex="-1">{name}</h1>
                    <p class="page-head__sub">
                        {facts.join(" · ")} {dot}
                        {alarm.map(|alarm| view! { <span class="page-head__alarm">{alarm}</span> })}
                    </p>
                </div>
            </div>
            {open
                .then(|| {
                    view! {
                        <div class="page-head__actions page-head__actions--pair">
                            <Button
                                label="Note"
                                icon=Icon::Pencil
                                on_press=move |()| on_write.run((Writing::Note, None))
                            />
                            <Button
                                label="Diagnosis"
                                icon=Icon::Pulse
                                on_press=move |()| on_write.run((Writing::Diagnosis, None))
                            />
                            <Button
                                label="Plan"
                                icon=Icon::Tick
                                on_press=move |()| on_write.run((Writing::Plan, None))
                            />
                            <Button
                                label="Prescribe"
                                icon=Icon::Pill
                                weight=Weight::Primary
                                on_press=move |()| on_write.run((Writing::Prescription, None))
                            />
                        </div>
                    }
                })}
        </header>
    }
}

#[component]
fn Gate(
    name: String,
    scopes: Vec<String>,
    until: Option<u64>,
    wallet: String,
    busy: Signal<bool>,
    on_open: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    view! {
        <section class="card card--pad gate">
            <h2>"Open the chart"</h2>
            <p>
                {format!("{name} shares ")} <Names names=scopes />
                {move || match until {
                    Some(until) => {
                        format!(" with you until {}.", clock.speaker().say(until, Say::Date))
                    }
                    None => " with you.".to_owned(),
                }}
            </p>
            <p class="second gate__note">
                {format!(
                    "{wallet} asks once: the visit is logged before anything is handed out, and the patient sees it.",
                )}
            </p>
            <div class="button-row gate__acts">
                <Button
                    label="Open chart"
                    icon=Icon::Eye
                    weight=Weight::Primary
                    busy=busy
                    on_press=on_open
                />
            </div>
        </section>
    }
}

#[component]
fn EndedCard(name: String, at: u64, revoked: bool, on_ask: Callback<()>) -> impl IntoView {
    let clock = use_clock();
    let sentence = Signal::derive(move || {
        let day = clock.speaker().say(at, Say::Date);
        if revoked {
            format!("{name} ended your access on {day}. Nothing of the record can be opened.")
        } else {
            format!("Your access ended on {day}. You can ask {name} for a new one.")
        }
    });
    view! {
        {move || {
            view! {
                <Empty icon=Icon::Lock title="You can no longer open this chart" sentence=sentence.get()>
                    <Button
                        label="Ask for access"
                        icon=Icon::Request
                        weight=Weight::Primary
                        on_press=on_ask
                    />
                </Empty>
            }
        }}
    }
}

/// Names in bold with commas and "and" between them.
#[component]
fn Names(names: Vec<String>) -> impl IntoView {
    let last = names.len().saturating_sub(1);
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let before = match at {
                0 => "",
                at if at == last => " and ",
                _ => ", ",
            };
            view! {
                {before}
                <strong>{name}</strong>
            }
        })
        .collect_view()
}

#[component]
fn ChartBody(
    open: OpenChart,
    at: String,
    measured: Measured,
    on_ask: Callback<()>,
    on_write: OnWrite,
) -> impl IntoView {
    let clock = use_clock();
    let OpenChart { scopes, until, logged, told, needs, figures, since, fresh, earlier, seal, .. } = open;
    let nothing = fresh.is_empty() && earlier.is_empty() && needs.is_empty();
    let fresh_title = move || match since {
        Some(since) => format!("New since {}", clock.speaker().say(since, Say::Date)),
        None => "Records".to_owned(),
    };
    view! {
        <div class="say say--boxed visit">
            <Glyph icon=Icon::Eye />
            <p class="say__text visit__text">
                "You read " <Names names=scopes />
                {move || {
                    let speaker = clock.speaker();
                    let until = until
                        .map(|until| format!(" until {}", speaker.say(until, Say::Date)))
                        .unwrap_or_default();
                    format!("{until}. This visit was logged at {}.", speaker.say(logged, Say::Time))
                }}
            </p>
            <div class="say__act">
                <Button label="Ask for more" small=true on_press=on_ask />
            </div>
        </div>
        {(!told.is_empty())
            .then(|| {
                view! {
                    <div class="card card--pad chart__told">
                        <Facts facts=told />
                    </div>
                }
            })}
        {needs.into_iter().map(|need| view! { <NeedCard need=need on_write=on_write /> }).collect_view()}
        {(!figures.is_empty()).then(|| view! { <Figures figures=figures /> })}
        <VitalCards at=at measured=measured />
        {nothing
            .then(|| {
                view! {
                    <Section title="Records">
                        <Empty
                            icon=Icon::Record
                            title="Nothing is filed here yet"
                            sentence="What the patient or a laboratory adds to these folders appears here."
                        />
                    </Section>
                }
            })}
        {(!fresh.is_empty())
            .then(|| {
                view! {
                    <Section title=fresh_title()>
                        <RecordRows items=fresh how=Say::Recent />
                    </Section>
                }
            })}
        {(!earlier.is_empty())
            .then(|| {
                view! {
                    <Section title="Earlier">
                        <RecordRows items=earlier />
                    </Section>
                }
            })}
        <SealLine seal=seal />
    }
    .into_any()
}

#[component]
fn NeedCard(need: Need, on_write: OnWrite) -> impl IntoView {
    let Need { request, words, since, at, also, became, answers, .. } = need;
    let heading = if became.is_answered() { "Answered" } else { "Needs you" };
    let (note, plan) = (request.clone(), request.clone());
    view! {
        <section
            class="card card--pad need"
            class:card--accent=!became.is_answered()
            aria-label=words.clone()
        >
            <div class="need__head">
                <h2>{heading}</h2>
                <Chip badge=became.badge() />
            </div>
            <p class="need__words">{format!("“{words}”")}</p>
            <p class="second">
                {(!since.is_empty()).then(|| format!("since {since} · "))} "asked "
                <When at=at how=Say::Recent />
                {(!also.is_empty()).then(|| format!(" · also asked of {}", list(&also)))}
            </p>
            {answers
                .into_iter()
                .map(|answer| {
                    view! {
                        <p class="treatment__answer">
                            {answer.who} " " <A href=answer.href>{answer.title}</A>
                            <span class="second">" · " <When at=answer.at how=Say::DayTime /></span>
                        </p>
                    }
                })
                .collect_view()}
            {(!became.is_answered())
                .then(|| {
                    view! {
                        <div class="button-row need__acts">
                            <Button
                                label="Prescribe"
                                about="as an answer"
                                icon=Icon::Pill
                                small=true
                                on_press=move |()| {
                                    on_write.run((Writing::Prescription, Some(request.clone())));
                                }
                            />
                            <Button
                                label="Note"
                                about="as an answer"
                                icon=Icon::Pencil
                                small=true
                                on_press=move |()| on_write.run((Writing::Note, Some(note.clone())))
                            />
                            <Button
                                label="Plan"
                                about="as an answer"
                                icon=Icon::Tick
                                small=true
                                on_press=move |()| on_write.run((Writing::Plan, Some(plan.clone())))
                            />
                        </div>
                    }
                })}
        </section>
    }
}

/// What was measured, and how far it was looked for.
#[derive(Clone, Copy, Debug)]
struct Measured {
    newest: Signal<Vec<Newest>>,
    looking: Signal<Looking>,
    on_look_again: Callback<()>,
    on_look_on: Callback<()>,
}

/// The newest of each vital sign, as cards that lead to its whole course.
#[component]
fn VitalCards(
    /// Where the courses are.
    at: String,
    measured: Measured,
) -> impl IntoView {
    let Measured { newest, looking, on_look_again, on_look_on } = measured;
    let some = Memo::new(move |_| newest.with(|newest| !newest.is_empty()));
    let at = StoredValue::new(at);
    view! {
        <Show when=move || some.get()>
            <Section title="Measurements">
                <ul class="vital-cards" aria-label="Newest measurements">
                    {move || {
                        let card = |one| view! { <VitalCard href=at.get_value() one=one /> };
                        newest.get().into_iter().map(card).collect_view()
                    }}
                </ul>
                <LookingLine looking=looking on_again=on_look_again on_on=on_look_on />
            </Section>
        </Show>
    }
}

#[component]
fn VitalCard(href: String, one: Newest) -> impl IntoView {
    let Newest { key, word, value, trend } = one;
    let Value { shown, unit, flag, at, .. } = value;
    view! {
        <li class="card vital-card row--opens">
            <A href=format!("{href}/{key}") attr:class="row__open vital-card__name">
                {word}
            </A>
            <p class="vital-card__value">
                <span class="table__value">{shown}</span>
                " "
                <span class="table__unit">{unit}</span>
            </p>
            <p class="row__sub">
                <Moment at=at />
            </p>
            <div class="vital-card__foot">
                {flag.map(|badge| view! { <Chip badge=badge /> })}
                {trend.map(|trend| view! { <Spark trend=trend /> })}
            </div>
        </li>
    }
}

#[component]
fn Figures(figures: Vec<Figure>) -> impl IntoView {
    view! {
        <div class="pair figures">
            {figures
                .into_iter()
                .take(2)
                .map(|figure| {
                    view! {
                        <section class="card card--pad">
                            <h2>{figure.name}</h2>
                            <div class="figure">
                                <div>
                                    <p>
                                        <span class="figure__value">{figure.value}</span>
                                        <span class="figure__unit">{figure.unit}</span>
                                    </p>
                                    <p class="second">{figure.note}</p>
                                </div>
                                {figure.trend.map(|trend| view! { <Spark trend=trend large=true /> })}
                            </div>
                        </section>
                    }
                })
                .collect_view()}
        </div>
    }
}
