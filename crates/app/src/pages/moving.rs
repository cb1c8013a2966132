//! A record moves to another account: asked for with the recovery code, stopped by the account it belongs to, or taken
//! over once the waiting period has ended.

use leptos::prelude::*;
use zeroize::Zeroizing;

use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::code_fields::{CodeFields, TypedCode};
use crate::components::dialog::Dialog;
use crate::components::entry_frame::EntryFrame;
use crate::components::icon::{Glyph, Icon};
use crate::components::seal::Facts;
use crate::load::Trouble;
use crate::speaking::{Say, Speaker, short_address};

/// A move that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedMove {
    /// To where.
    pub account: String,
    /// When it was asked for.
    pub asked: u64,
    /// From when on that account may take the record over.
    pub effective: u64,
    /// That time has come.
    pub ready: bool,
}

/// To the account that the record belongs to: somebody asked to move it away. Stands above every page.
#[component]
pub fn MoveAlarm(
    /// The move.
    asked: AskedMove,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Stops it.
    #[prop(into)]
    on_stop: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let AskedMove { account, asked, effective, ready } = asked;
    let body = move || {
        let speaker = clock.speaker();
        let facts = vec![
            ("To the account".to_owned(), account.clone()),
            ("Asked for".to_owned(), speaker.say(asked, Say::DayTime)),
            ("Not before".to_owned(), full_day(&speaker, effective)),
        ];
        let then = if ready {
            "The waiting period is over: that account can take your record over at any moment, and this one can then do nothing any more."
        } else {
            "Unless you stop it, that account can then take your record over, and this one can do nothing any more."
        };
        view! {
            <Facts facts=facts />
            <p>{then}</p>
        }
    };
    view! {
        <section class="card card--danger alarm alarm--above" role="alert">
            <Glyph icon=Icon::Warning />
            <div class="row__main">
                <h2>"Somebody asked to move your record to another account"</h2>
                <p>
                    "Whoever asked holds your recovery code. If this was not you, stop it now. If it was you, there is nothing to do."
                </p>
                {body}
                <div class="button-row">
                    <Button
                        label="Stop the move"
                        weight=Weight::Primary
                        small=true
                        on_press=on_stop
                    />
                    <span class="second alarm__aside">{format!("{wallet} asks once.")}</span>
                </div>
            </div>
        </section>
    }
}

/// After a move was stopped: what the one who asked can still do, and what can be done about it.
#[component]
pub fn StoppedDialog(
    /// Read.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title="The move was stopped" on_close=on_close>
            <p>
                "Your record stays with this account. But whoever asked holds your recovery code. With it they can read your record, and ask again, until you renew it."
            </p>
            <div>
                <h3>"What you can do now"</h3>
                <ul class="bullets">
                    <li>
                        "Renew the recovery code in the settings. The old one then opens nothing that is added from now on, and can ask for no move."
                    </li>
                    <li>
                        "Find out who could have seen your code. What they have read by now cannot be recalled."
                    </li>
                </ul>
            </div>
            <div class="dialog__foot">
                <Button label="Close" weight=Weight::Primary on_press=on_close />
            </div>
        </Dialog>
    }
}

/// What an account may do that opened a record with the recovery code and does not act for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingOnly {
    /// It is nobody yet: the record can move to it.
    MayMove,
    /// The record moves to it from this time on; the account that it belongs to can still stop it.
    Waits {
        /// From when on.
        effective: u64,
        /// That time has come.
        ready: bool,
    },
    /// It is somebody else.
    Other,
}

/// Above every page of a record that this account can only read.
#[component]
pub fn ReadingOnlyBar(
    /// Why.
    state: ReadingOnly,
    /// The account of the wallet.
    #[prop(into)]
    account: String,
    /// Moves the record to it.
    #[prop(into)]
    on_move: Callback<()>,
    /// Takes the record over.
    #[prop(into)]
    on_take: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let account = short_address(&account);
    let strong = {
        let state = state.clone();
        move || match state {
            ReadingOnly::Waits { ready: true, .. } => "Your record can move to this account now.".to_owned(),
            ReadingOnly::Waits { effective, .. } => {
                format!("Your record moves to this account on {}.", clock.speaker().say(effective, Say::Date))
            }
            ReadingOnly::MayMove | ReadingOnly::Other => "You can only read here.".to_owned(),
        }
    };
    let (rest, act) = match &state {
        ReadingOnly::MayMove => (
            format!("Your record belongs to another account than this wallet’s, {account}."),
            Some(("Move it here", Weight::Second, on_move)),
        ),
        ReadingOnly::Waits { ready: false, .. } => {
            ("Until then you can only read here, and the account that it belongs to now can stop it.".to_owned(), None)
        }
        ReadingOnly::Waits { .. } => (
            "From then on this wallet opens it, and the former account can do nothing any more.".to_owned(),
            Some(("Take it over", Weight::Primary, on_take)),
        ),
        ReadingOnly::Other => (
            format!(
                "Your record belongs to another account than this wallet’s, {account}, which has a role of its own. Connect that one, or move your record to an account that is used for nothing else."
            ),
            None,
        ),
    };
    let ready = matches!(state, ReadingOnly::Waits { ready: true, .. });
    view! {
        <section
            class="say say--boxed reading-only"
            class:say--good=ready
            aria-label="What this wallet can do"
        >
            <Glyph icon=Icon::Wallet />
            <p class="say__text">
                <strong>{strong}</strong>
                {rest}
            </p>
            {act
                .map(|(label, weight, on_press)| {
                    view! {
                        <div class="say__act">
                            <Button label=label weight=weight small=true on_press=on_press />
                        </div>
                    }
                })}
        </section>
    }
}

/// Who moves what to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The record.
    pub record: String,
    /// The account that it belongs to now.
    pub from: String,
    /// The account of this wallet.
    pub to: String,
    /// The wallet's name.
    pub wallet: String,
    /// When the waiting period would end if it was asked for now.
    pub effective: u64,
    /// The code has to be typed first.
    pub needs_code: bool,
}

/// The decision to move the record to the account of this wallet.
#[component]
pub fn ProposeMoveView(
    /// What it is about.
    proposal: Proposal,
    /// It is being asked for.
    #[prop(into)]
    busy: Signal<bool>,
    /// What happens now; empty before it starts.
    #[prop(into)]
    now: Signal<String>,
    /// Why it did not work.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
    /// Only reads for now.
    #[prop(into)]
    on_leave: Callback<()>,
    /// Asks for it, with the code where it had to be typed.
    #[prop(into)]
    on_move: Callback<Option<Zeroizing<String>>>,
) -> impl IntoView {
    let clock = use_clock();
    let Proposal { record, from, to, wallet, effective, needs_code } = proposal;
    let typed = needs_code.then(TypedCode::new);
    let incomplete = Memo::new(move |_| typed.is_some_and(|typed| !typed.is_complete()));
    let day = move || full_day(&clock.speaker(), effective);
    let sentence = format!(
        "Your record is open. It belongs to the account {}; with this wallet, {}, you can only read it.",
        short_address(&from),
        short_address(&to),
    );
    view! {
        <EntryFrame title="Move your record to this account?" sentences=vec![sentence]>
            <form on:submit=move |event| {
                event.prevent_default();
                if !incomplete.get_untracked() && !busy.get_untracked() {
                    on_move.run(typed.map(TypedCode::join));
                }
            }>
                <div class="entry__body">
                    <ul class="card card--pad points">
                        <li class="say">
                            <Glyph icon=Icon::Clock />
                            <span>
                                <strong>"It takes 7 days."</strong>
                                {move || {
                                    format!(
                                        "Until {}, you can read everything here, and change nothing.",
                                        day(),
                                    )
                                }}
                            </span>
                        </li>
                        <li class="say">
                            <Glyph icon=Icon::Unchecked />
                            <span>
                                <strong>"The other account can stop it."</strong>
                                "That keeps somebody who found your code from taking your record."
                            </span>
                        </li>
                        <li class="say">
                            <Glyph icon=Icon::Key />
                            <span>
                                <strong>"Then only this account acts."</strong>
                                "The other one can do nothing any more. Your records, and who may read them, stay as they are."
                            </span>
                        </li>
                    </ul>
                    <details class="details">
                        <summary>"Details"</summary>
                        <Facts facts=vec![
                            ("Record".to_owned(), record),
                            ("Belongs to".to_owned(), from),
                            ("Moves to".to_owned(), to),
                        ] />
                    </details>
                    {typed.map(|typed| view! { <CodeFields typed=typed /> })}
                    <p class="second" role="status">
                        {move || {
                            let now = now.get();
                            if now.is_empty() { format!("{wallet} asks once.") } else { now }
                        }}
                    </p>
                    <TroubleLine trouble=trouble />
                </div>
                <div class="entry__foot">
                    <Button label="Only read for now" disabled=busy on_press=on_leave />
                    <Button
                        label="Move my record to this account"
                        icon=Icon::Wallet
                        weight=Weight::Primary
                        submits=true
                        busy=busy
                        disabled=incomplete
                    />
                </div>
            </form>
        </EntryFrame>
    }
}

/// What has become of a move that was asked for from this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It waits until then.
    Waits(u64),
    /// The time has come.
    Ready,
    /// It was stopped, or asked for anew for another account.
    Stopped,
}

/// Back with the wallet that the record was to move to, the vault still closed.
#[component]
pub fn ExpectedMoveView(
    /// What has become of it.
    state: Expected,
    /// The record.
    #[prop(into)]
    record: String,
    /// The account of this wallet.
    #[prop(into)]
    account: String,
    /// Another account.
    #[prop(into)]
    on_leave: Callback<()>,
    /// Forgets that the move was asked for.
    #[prop(into)]
    on_forget: Callback<()>,
) -> impl IntoView {
    let speaker = use_clock().speaker();
    let (title, sentence, recover, primary) = match state {
        Expected::Waits(effective) => (
            "Your record is on its way",
            format!(
                "It moves to this account on {}. Until then the account that it belongs to can stop it, and with your recovery code you can read it here.",
                full_day(&speaker, effective)
            ),
            "Read it with the code",
            true,
        ),
        Expected::Ready => (
            "Your record can move now",
            "The 7 days are over, and nobody stopped it. Type your recovery code once more, so that this wallet can open your record from now on.".to_owned(),
            "Take my record over",
            true,
        ),
        Expected::Stopped => (
            "The move was stopped",
            "The account that your record belongs to stopped it, or it was asked for anew for another account. With your recovery code you can still read your record, and ask once more.".to_owned(),
            "Use your recovery code",
            false,
        ),
    };
    view! {
        <EntryFrame title=title sentences=vec![sentence]>
            <div class="entry__body">
                <div class="card card--pad">
                    <Facts facts=vec![
                        ("Record".to_owned(), record),
                        ("Account of this wallet".to_owned(), account),
                    ] />
                </div>
            </div>
            <div class="entry__foot">
                {if primary {
                    view! { <Button label="Another account" on_press=on_leave /> }.into_any()
                } else {
                    view! { <Button label="Register this account instead" on_press=on_forget /> }.into_any()
                }}
                <ButtonLink label=recover href="/recover" weight=Weight::Primary />
            </div>
        </EntryFrame>
    }
}

/// To the account that a record has left.
#[component]
pub fn MovedAwayView(
    /// Where it acts from now.
    #[prop(into)]
    to: String,
    /// The account of this wallet.
    #[prop(into)]
    account: String,
    /// Chooses another wallet or account.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    let sentence = format!(
        "It belongs to the account {} now. This one can neither open nor change it any more.",
        short_address(&to)
    );
    view! {
        <EntryFrame
            title="This record has moved"
            sentences=vec![sentence, "Connect that account to go on.".to_owned()]
        >
            <div class="entry__body">
                <div class="card card--pad">
                    <Facts facts=vec![
                        ("Moved to".to_owned(), to),
                        ("Account of this wallet".to_owned(), account),
                    ] />
                </div>
                <p class="second">
                    "Was it not you who moved it? Then somebody found your recovery code and nobody stopped the move in time. It cannot be undone; tell your doctors, so that they no longer rely on that record."
                </p>
            </div>
            <div class="entry__foot entry__foot--end">
                <Button
                    label="Connect another account"
                    icon=Icon::Wallet
                    weight=Weight::Primary
                    on_press=on_leave
                />
            </div>
        </EntryFrame>
    }
}

/// `Friday 27 November, 08:12`; the year where it is another.
fn full_day(speaker: &Speaker, at: u64) -> String {
    format!("{}, {}", speaker.say(at, Say::Heading), speaker.say(at, Say::Time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_waiting_is_named_with_its_day() {
        // Friday 20 November 2026, 09:00 in a place one hour east of UTC.
        let speaker = Speaker { now: 1_795_161_600, offset: |_| 3600 };
        assert_eq!(full_day(&speaker, speaker.now + 7 * 86_400), "Friday 27 November, 09:00");
        assert_eq!(full_day(&speaker, speaker.now), "Today, 09:00");
    }
}
