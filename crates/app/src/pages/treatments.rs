//! What a patient asked to be treated for, of whom, and what became of it.

use leptos::prelude::*;
use leptos_router::components::A;

use super::term::{Term, TermField, TermInput};
use crate::clock::{When, use_clock};
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::record_row::Tile;
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, list, sentence};

/// What became of a request, as both sides say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Became {
    /// Nobody has answered yet.
    Pending,
    /// A prescription answers it.
    Prescribed,
    /// A treatment plan answers it.
    Planned,
    /// A note or something else answers it.
    Answered,
    /// Nobody answered in the time that was given.
    Ended,
    /// The patient took it back.
    Withdrawn,
}

impl Became {
    /// The word, as a chip.
    #[must_use]
    pub fn badge(self) -> Badge {
        match self {
            Self::Pending => Badge::new(Tone::Warn, "Pending"),
            Self::Prescribed => Badge::new(Tone::Accent, "Prescribed"),
            Self::Planned => Badge::new(Tone::Accent, "Planned"),
            Self::Answered => Badge::new(Tone::Accent, "Answered"),
            Self::Ended => Badge::new(Tone::Quiet, "Ended"),
            Self::Withdrawn => Badge::new(Tone::Quiet, "Withdrawn"),
        }
    }

    /// Whether somebody has answered.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Prescribed | Self::Planned | Self::Answered)
    }

    /// Whether the patient may take it back, or give it more time.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Ended)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnswerItem {
    /// `Dr. Paul Lindqvist prescribed`.
    pub who: String,
    /// The title of the record.
    pub title: String,
    /// Its page.
    pub href: String,
    /// When it came.
    pub at: u64,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TreatmentItem {
    /// The id of its record.
    pub id: String,
    /// The beginning of the complaint.
    pub title: String,
    /// Its page; none where it is out of the chart.
    pub href: Option<String>,
    /// Who was asked.
    pub doctors: Vec<String>,
    /// Those among them who are not verified at present.
    pub unverified: Vec<String>,
    /// The folders that came with it.
    pub scopes: Vec<String>,
    /// When it was asked.
    pub at: u64,
    /// Until when they may read it; none until it is revoked.
    pub until: Option<u64>,
    /// What became of it.
    pub became: Became,
    /// The answers, oldest first.
    pub answers: Vec<AnswerItem>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreatmentsModel {
    /// All of them, the newest first.
    pub items: Vec<TreatmentItem>,
}

fn summary(model: &TreatmentsModel) -> String {
    match model.items.iter().filter(|item| item.became == Became::Pending).count() {
        0 => "Doctors whom you asked for help, and what they answered.".to_owned(),
        1 => "One request is waiting for an answer.".to_owned(),
        many => sentence(&format!("{} are waiting for an answer.", count(many, "request", "requests"))),
    }
}

/// The page.
#[component]
pub fn TreatmentsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<TreatmentsModel>>,
    /// A request is begun and not sent.
    #[prop(into)]
    begun: Signal<bool>,
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Gives a request more time, by its id.
    #[prop(into)]
    on_extend: Callback<String>,
    /// Takes a request back, by its id.
    #[prop(into)]
    on_withdraw: Callback<String>,
) -> impl IntoView {
    let sub = Signal::derive(move || model.with(|model| model.ready().map(summary).unwrap_or_default()));
    view! {
        <Crumbs way=vec![Crumb::to("Home", "/home"), Crumb::here("Treatment")] />
        <PageHead title="Treatment" sub=sub>
            <ButtonLink
                label="Ask for treatment"
                href="/treatment/new"
                icon=Icon::Plus
                weight=Weight::Primary
            />
        </PageHead>
        {move || begun.get().then(|| view! { <BegunLine /> })}
        <Loaded
            model=model
            rows=2
            on_retry=on_retry
            children={move |model: TreatmentsModel| {
                let (open, done): (Vec<_>, Vec<_>) = model
                    .items
                    .into_iter()
                    .partition(|item| item.became.is_open());
                if open.is_empty() && done.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Request
                            title="You have not asked for treatment yet"
                            sentence="Say what the matter is, choose one or several doctors, and they answer with a note, a prescription or a plan. Only the doctors you choose can read it."
                        />
                    }
                        .into_any();
                }
                let first = open.is_empty();
                view! {
                    {(!open.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Not answered yet" first=true>
                                    <TreatmentRows
                                        items=open
                                        acts=(on_extend, on_withdraw)
                                        read_only=read_only
                                    />
                                </Section>
                            }
                        })}
                    {(!done.is_empty())
                        .then(|| {
                            view! {
                                <Section title="Earlier" first=first>
                                    <TreatmentRows items=done />
                                </Section>
                            }
                        })}
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn BegunLine() -> impl IntoView {
    view! {
        <div class="say say--boxed draft-line">
            <Glyph icon=Icon::Pencil />
            <div class="say__text">
                <strong>"One request is not sent yet."</strong>
                "What you wrote is kept on this device, encrypted."
            </div>
            <div class="say__act">
                <ButtonLink label="Go on writing" href="/treatment/new" small=true />
            </div>
        </div>
    }
}

/// Requests in a card.
#[component]
pub fn TreatmentRows(
    /// In order.
    items: Vec<TreatmentItem>,
    /// Gives a request more time, and takes one back, by its id; without them the rows only lead on.
    #[prop(optional)]
    acts: Option<(Callback<String>, Callback<String>)>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
) -> impl IntoView {
    view! {
        <ul class="rows">
            {items
                .into_iter()
                .map(|item| view! { <TreatmentRow item=item acts=acts read_only=read_only /> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn TreatmentRow(
    item: TreatmentItem,
    acts: Option<(Callback<String>, Callback<String>)>,
    read_only: Signal<bool>,
) -> impl IntoView {
    let clock = use_clock();
    let TreatmentItem { id, title, href, doctors, unverified, scopes, at, until, became, answers } = item;
    let quoted = format!("“{title}”");
    let mut asked = vec![format!("asked of {}", list(&doctors))];
    if !scopes.is_empty() {
        asked.push(format!("with {}", list(&scopes)));
    }
    let asked = asked.join(" · ");
    let over = !became.is_open();
    let withdraw = id.clone();
    let about = title.clone();
    view! {
        <li class="row row--acts treatment">
            <Tile icon=Icon::Request />
            <div class="row__main">
                <div class="row__title">
                    {match href {
                        Some(href) => view! { <A href=href>{quoted}</A> }.into_any(),
                        None => quoted.into_any(),
                    }} <Chip badge=became.badge() />
                </div>
                <div class="row__sub">
                    {asked} " · " <When at=at how=Say::DayTime />
                    {move || {
                        let speaker = clock.speaker();
                        match (became, until) {
                            (Became::Ended, _) => {
                                " · nobody answered in time; you can give more time".to_owned()
                            }
                            (_, Some(until)) if !over => {
                                format!(" · can be read until {}", speaker.say(until, Say::Date))
                            }
                            _ => String::new(),
                        }
                    }}
                </div>
                {(!unverified.is_empty() && !over)
                    .then(|| {
                        let are = if unverified.len() == 1 { "is" } else { "are" };
                        view! {
                            <div class="row__sub row__trouble">
                                {format!(
                                    "{} {are} not verified at present and cannot answer. Withdraw the request and ask somebody else.",
                                    list(&unverified),
                                )}
                            </div>
                        }
                    })}
                {answers
                    .into_iter()
                    .map(|answer| {
                        view! {
                            <div class="treatment__answer">
                                {answer.who} " " <A href=answer.href>{answer.title}</A>
                                <span class="second">
                                    " · " <When at=answer.at how=Say::DayTime />
                                </span>
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
            {acts
                .filter(|_| became.is_open())
                .map(|(on_extend, on_withdraw)| {
                    view! {
                        <div class="row__end">
                            <Button
                                label="Extend"
                                about=about.clone()
                                small=true
                                disabled=read_only
                                on_press=move |()| on_extend.run(id.clone())
                            />
                            <Button
                                label="Withdraw"
                                about=about
                                weight=Weight::Danger
                                small=true
                                disabled=read_only
                                on_press=move |()| on_withdraw.run(withdraw.clone())
                            />
                        </div>
                    }
                })}
        </li>
    }
}

/// Gives a request more time.
#[component]
pub fn ExtendTreatmentDialog(
    /// The request.
    item: TreatmentItem,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Does it: until then; none until it is revoked.
    #[prop(into)]
    on_extend: Callback<Option<u64>>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let term = TermInput::new(Term::Month, String::new());
    let what = list(&std::iter::once("your request".to_owned()).chain(item.scopes).collect::<Vec<_>>());
    let who = list(&item.doctors);
    let meaning = move || match term.end() {
        Ok(Some(until)) => format!(
            "{who} can read {what} until {}, or longer where that was given before. {wallet} asks once.",
            clock.speaker().say(until, Say::FullDate)
        ),
        Ok(None) => format!("{who} can read {what} until you revoke it. {wallet} asks once."),
        Err(_) => String::new(),
    };
    view! {
        <Dialog title="Give more time" on_close=on_close>
            <p class="treatment__words">{format!("“{}”", item.title)}</p>
            <div class="block">
                <TermField label="Until" by_hand="I revoke it" input=term />
                <p class="second">{meaning}</p>
            </div>
            <DialogFoot
                act="Extend"
                icon=Icon::Clock
                disabled=Signal::derive(move || term.end().is_err())
                on_act=move |()| {
                    if let Ok(until) = term.end() {
                        on_extend.run(until);
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Takes a request back.
#[component]
pub fn WithdrawTreatmentDialog(
    /// The request.
    item: TreatmentItem,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Does it; whether the folders that came with it are revoked too.
    #[prop(into)]
    on_withdraw: Callback<bool>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let all = RwSignal::new(true);
    let who = list(&item.doctors);
    let folders = (!item.scopes.is_empty()).then(|| list(&item.scopes));
    view! {
        <Dialog title="Withdraw this request" on_close=on_close>
            <p class="treatment__words">{format!("“{}”", item.title)}</p>
            <p>
                {format!(
                    "It is taken out of your record, and {who} can no longer open it. What was read cannot be taken back. {wallet} asks once.",
                )}
            </p>
            {folders
                .map(|folders| {
                    view! {
                        <label class="radio">
                            <input
                                type="checkbox"
                                prop:checked=move || all.get()
                                on:change=move |event| all.set(event_target_checked(&event))
                            />
                            <span class="radio__box">
                                <Glyph icon=Icon::Tick />
                            </span>
                            <span class="radio__text">
                                <span class="radio__title">{format!("Revoke {folders} too")}</span>
                                <span class="radio__note">
                                    "What you shared for this request. New records are locked with a new key."
                                </span>
                            </span>
                        </label>
                    }
                })}
            <DialogFoot
                act="Withdraw"
                danger=true
                on_act=move |()| on_withdraw.run(all.get_untracked())
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_answered_can_be_taken_back() {
        for became in [Became::Prescribed, Became::Planned, Became::Answered] {
            assert!(became.is_answered() && !became.is_open());
        }
        assert!(Became::Pending.is_open() && Became::Ended.is_open());
        assert!(!Became::Withdrawn.is_open() && !Became::Withdrawn.is_answered());
    }
}
