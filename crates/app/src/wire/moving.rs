//! A record moves to another account: what this wallet's account is to it, and the way over for the new one.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use medkey_client::{
    WalletKey,
    fault::{Fault, Refusal},
    move_chart::WaitingMove,
    ports::{Device as _, Ports as _},
    recover::RecoverError,
};
use medkey_protocol::{Address, api};
use zeroize::Zeroizing;

use super::{
    acts::step_sentence,
    confirming::Steps,
    desk::{Client, Desk, Open, Seat, Stage, now, use_desk},
    said::{sentence_of, trouble},
};
use crate::{
    load::Trouble,
    pages::{
        confirm::{ConfirmStep, Prompt},
        moving::{Expected, ExpectedMoveView, MovedAwayView, Proposal, ProposeMoveView},
    },
};

/// How long a move waits: for what is said before the chain names the day.
const WAITING_PERIOD: u64 = 7 * 24 * 60 * 60;

/// What the wallet's account is to a member whose vault is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acting {
    /// It acts for the member.
    Yes,
    /// A move of the record to it waits.
    Soon(WaitingMove),
    /// It is nobody yet: the record could move to it.
    MayMove,
    /// It is somebody else.
    No,
}

/// Asks the chain. An account whose own record has moved away is refused.
pub async fn acting(client: &Client, member: Address, role: api::Role) -> Result<Acting, Fault> {
    if client.member().await? == member {
        return Ok(Acting::Yes);
    }
    if role != api::Role::Patient || client.look_up(client.account()).await?.is_some() {
        return Ok(Acting::No);
    }
    let waiting = client.waiting_move(member).await?.filter(|waiting| waiting.account == client.account());
    Ok(waiting.map_or(Acting::MayMove, Acting::Soon))
}

/// Whether the waiting period has ended, by the chain's clock or this device's.
#[must_use]
pub fn is_ready(waiting: &WaitingMove) -> bool {
    waiting.effective <= waiting.now.max(now())
}

/// The name under which the device keeps which record is to move to an account.
fn note(account: Address) -> String {
    format!("moving to {account}")
}

/// Where the device keeps nothing, the recovery code finds the move again.
async fn remember(client: &Client, chart: Address) {
    let _kept = client.ports().device().keep(&note(client.account()), chart.as_slice()).await;
}

async fn forget(client: &Client) {
    let _gone = client.ports().device().forget(&note(client.account())).await;
}

/// The record that was to move to this account, as the device remembers, and what has become of it.
pub async fn expected(client: &Client) -> Result<Option<(Address, Option<WaitingMove>)>, Fault> {
    let kept = client.ports().device().load(&note(client.account())).await.ok().flatten();
    let Some(chart) = kept.and_then(|bytes| Address::try_from(bytes.as_slice()).ok()) else { return Ok(None) };
    let waiting = client.waiting_move(chart).await?.filter(|waiting| waiting.account == client.account());
    Ok(Some((chart, waiting)))
}

/// Back with the wallet that a record was to move to.
#[component]
pub fn ExpectedMove(
    /// The wallet.
    seat: Rc<Seat>,
    /// The record.
    chart: Address,
    /// The move, unless it was stopped.
    waiting: Option<WaitingMove>,
) -> impl IntoView {
    let desk = use_desk();
    let state = match waiting {
        None => Expected::Stopped,
        Some(waiting) if is_ready(&waiting) => Expected::Ready,
        Some(waiting) => Expected::Waits(waiting.effective),
    };
    let account = seat.client.account().to_string();
    let seat = StoredValue::new_local(seat);
    let forget = move |()| {
        let seat = seat.get_value();
        spawn_local(async move {
            forget(&seat.client).await;
            desk.stage.set(Stage::Stranger(seat));
        });
    };
    view! {
        <ExpectedMoveView
            state=state
            record=chart.to_string()
            account=account
            on_leave=move |()| desk.leave()
            on_forget=forget
        />
    }
}

/// The account whose record has moved.
#[component]
pub fn MovedAway(
    /// The wallet.
    seat: Rc<Seat>,
    /// To where.
    to: Address,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <MovedAwayView
            to=to.to_string()
            account=seat.client.account().to_string()
            on_leave=move |()| desk.leave()
        />
    }
}

/// Whether to move the record to this account.
#[component]
pub fn ProposeMove(
    /// The record, opened with the recovery code.
    open: Rc<Open>,
    /// The code, where it has just been typed.
    code: Option<Rc<Zeroizing<String>>>,
) -> impl IntoView {
    let desk = use_desk();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<Trouble>);
    let from = RwSignal::new(None::<String>);
    let (client, member) = (Rc::clone(&open.seat), open.me.address);
    spawn_local(async move {
        // Until the chain says otherwise it belongs to the account that began it.
        let owner = client.client.account_of(member).await.unwrap_or(member);
        let _left = from.try_set(Some(owner.to_string()));
    });
    let needs_code = code.is_none();
    let (record, to, wallet) = (member.to_string(), open.client().account().to_string(), open.seat.wallet.clone());
    let open = StoredValue::new_local(open);
    let code = StoredValue::new_local(code);
    let leave = {
        let navigate = navigate.clone();
        move |()| {
            desk.go_in(open.get_value());
            navigate("/home", Default::default());
        }
    };
    let leave = Callback::new(leave);
    let ask = Callback::new(move |typed: Option<Zeroizing<String>>| {
        let (open, navigate) = (open.get_value(), navigate.clone());
        let Some(code) = typed.map(Rc::new).or_else(|| code.get_value()) else { return };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let wallet = open.seat.wallet.clone();
            let listen = move |step| drop(said.try_set(step_sentence(step, &wallet)));
            match open.client().propose_move(member, &code, &listen).await {
                Ok(_) => {
                    remember(open.client(), member).await;
                    desk.go_in(open);
                    navigate("/home", Default::default());
                }
                Err(error) => {
                    let _left = failed.try_set(Some(propose_trouble(&error)));
                    let _left = said.try_set(String::new());
                    let _left = busy.try_set(false);
                }
            }
        });
    });
    move || {
        let proposal = Proposal {
            record: record.clone(),
            from: from.get()?,
            to: to.clone(),
            wallet: wallet.clone(),
            effective: now() + WAITING_PERIOD,
            needs_code,
        };
        Some(view! {
            <ProposeMoveView
                proposal=proposal
                busy=busy
                now=said
                trouble=failed
                on_leave=leave
                on_move=ask
            />
        })
    }
}

fn propose_trouble(error: &RecoverError) -> Trouble {
    match error {
        RecoverError::Fault(fault) => trouble(fault),
        other => Trouble::new(sentence_of(other), "Nothing was changed. Check the code and try again."),
    }
}

/// What of taking over is done already.
#[derive(Default)]
struct Taken {
    accepted: bool,
    key: Option<WalletKey>,
}

/// The waiting period has ended: the account takes the record over, and its wallet is let in.
#[component]
pub fn TakeOver(
    /// The record, opened with the recovery code.
    open: Rc<Open>,
) -> impl IntoView {
    let desk = use_desk();
    let navigate = use_navigate();
    let steps = Steps::new(prompts(), &open.seat.wallet, KEPT);
    let taken = Rc::new(RefCell::new(Taken::default()));
    let open = StoredValue::new_local(open);
    let taken = StoredValue::new_local(taken);
    let leave = {
        let navigate = navigate.clone();
        move |()| {
            desk.go_in(open.get_value());
            navigate("/home", Default::default());
        }
    };
    let start = move |()| {
        let (open, taken, navigate) = (open.get_value(), taken.get_value(), navigate.clone());
        spawn_local(async move {
            steps.go_on();
            match take_over(&open, &taken, steps).await {
                Ok(()) => {
                    go_home(desk, open);
                    navigate("/home", Default::default());
                }
                Err(trouble) => steps.stop(trouble),
            }
        });
    };
    view! { <ConfirmStep confirming=steps.shown on_back=leave on_start=start /> }
}

fn go_home(desk: Desk, open: Rc<Open>) {
    open.acts.set(true);
    desk.go_in(open);
}

fn prompts() -> Vec<Prompt> {
    [
        "Take your record over.",
        "Sign once to make the key that unlocks on this device.",
        "Sign the same again, to be sure that it always unlocks.",
        "Let this wallet open your record, and no longer the former one.",
    ]
    .map(|sentence| Prompt { sentence: sentence.to_owned(), done: false })
    .into()
}

/// What is kept when it stops.
const KEPT: &str = "What was confirmed is kept; go on where you stopped.";

async fn take_over(open: &Open, taken: &RefCell<Taken>, steps: Steps) -> Result<(), Trouble> {
    let client = open.client();
    // It may have been included although nobody saw it.
    let accepted = taken.borrow().accepted || acts_already(client, open).await;
    if !accepted {
        steps.at(0, "Open your wallet.");
        client.accept_move(open.me.address, &|step| steps.at_step(0, step)).await.map_err(|fault| match fault {
            Fault::Refused(Refusal::NoMove) => Trouble::new(
                "The move was stopped by the account that your record belongs to.",
                "You can still read it.",
            ),
            other => steps.trouble(&other),
        })?;
        forget(client).await;
    }
    taken.borrow_mut().accepted = true;
    open.acts.set(true);
    // Taken out while it is made and used, and put back if it is needed again.
    let mut key = taken.borrow_mut().key.take();
    steps.enrol(client, 1, &mut key).await?;
    steps.at(3, "Open your wallet.");
    let Some(key) = key else { return Err(Trouble::new("The key has to be made anew.", KEPT)) };
    let added = client.add_slot(&open.me, &key, &|step| steps.at_step(3, step)).await;
    if let Err(fault) = added {
        taken.borrow_mut().key = Some(key);
        return Err(steps.trouble(&fault));
    }
    Ok(())
}

async fn acts_already(client: &Client, open: &Open) -> bool {
    matches!(acting(client, open.me.address, open.me.role).await, Ok(Acting::Yes))
}
