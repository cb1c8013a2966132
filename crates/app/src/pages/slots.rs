//! What opens the account: wallets, passkeys, the recovery code; adding a passkey and taking one off.

use leptos::prelude::*;

use super::confirm::{Confirming, PromptList};
use crate::components::blank::TroubleLine;
use crate::components::button::Button;
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::choice::{Choice, ChoiceCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::Icon;
use crate::components::record_row::Tile;

/// A way to open the account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotItem {
    /// By which it is removed.
    pub id: String,
    /// Its icon.
    pub icon: Icon,
    /// `Demo wallet`, `Passkey`, `Recovery code`.
    pub title: String,
    /// `On this site, since 12 September`.
    pub note: String,
    /// Whether it works.
    pub state: SlotState,
    /// What can be done about it.
    pub act: SlotAct,
}

/// Whether a way to open the account works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotState {
    /// It works.
    Ready,
    /// It works on another site.
    Elsewhere,
    /// It is not there yet.
    Missing,
    /// It works, and not only for its owner.
    Exposed,
}

/// What can be done about a way to open the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotAct {
    /// Nothing.
    None,
    /// It can be made.
    SetUp,
    /// It can be made anew.
    Renew,
    /// It can be taken off.
    Remove,
}

impl SlotAct {
    fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::SetUp => Some("Set up"),
            Self::Renew => Some("Renew"),
            Self::Remove => Some("Remove"),
        }
    }
}

impl SlotState {
    fn badge(self) -> Badge {
        match self {
            Self::Ready => Badge::new(Tone::Accent, "Ready"),
            Self::Elsewhere => Badge::new(Tone::Quiet, "Another site"),
            Self::Missing => Badge::new(Tone::Warn, "Not set up"),
            Self::Exposed => Badge::new(Tone::Warn, "Known to others"),
        }
    }
}

/// The ways to open the account.
#[component]
pub fn SlotRows(
    /// In the order in which they are shown.
    slots: Vec<SlotItem>,
    /// Something is to be done about one.
    #[prop(into)]
    on_act: Callback<SlotItem>,
) -> impl IntoView {
    view! {
        <ul class="rows">
            {slots
                .into_iter()
                .map(|slot| {
                    let about = slot.title.clone();
                    let button = slot
                        .act
                        .word()
                        .map(|word| {
                            let slot = slot.clone();
                            view! {
                                <Button
                                    label=word
                                    about=about
                                    small=true
                                    on_press=move |()| on_act.run(slot.clone())
                                />
                            }
                        });
                    let acts = button.is_some();
                    view! {
                        <li class="row" class:row--acts=acts>
                            <Tile icon=slot.icon />
                            <div class="row__main">
                                <div class="row__title">{slot.title}</div>
                                <div class="row__sub">{slot.note}</div>
                            </div>
                            <div class="row__end">
                                <Chip badge=slot.state.badge() />
                                {button}
                            </div>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// A passkey is made: what the device and the wallet are asked, in order.
#[component]
pub fn AddPasskeyDialog(
    /// What is asked, and where it is.
    #[prop(into)]
    confirming: Signal<Confirming>,
    /// `record` for a patient, `account` for others.
    what: &'static str,
    /// Makes it, or goes on where it stopped.
    #[prop(into)]
    on_add: Callback<()>,
    /// Leaves; what was made of it is given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let act = Signal::derive(move || {
        let stopped = confirming.with(|confirming| confirming.trouble.is_some());
        if stopped { "Try again".to_owned() } else { "Add passkey".to_owned() }
    });
    let busy = Signal::derive(move || confirming.with(Confirming::is_busy));
    let close = move |()| {
        if !busy.get_untracked() {
            on_close.run(());
        }
    };
    view! {
        <Dialog title="Add a passkey" on_close=close>
            <p>
                {format!(
                    "Your fingerprint, face or PIN then opens your {what} on this site, without your wallet. The wallet still confirms everything that you change.",
                )}
            </p>
            <PromptList confirming=confirming />
            <TroubleLine trouble=Signal::derive(move || {
                confirming.with(|confirming| confirming.trouble.clone())
            }) />
            <DialogFoot act=act icon=Icon::Key busy=busy on_act=on_add on_leave=close />
        </Dialog>
    }
}

/// Why a passkey or a wallet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removing {
    /// Nobody else has it.
    Unused,
    /// Somebody else may have it: everything gets new keys.
    Exposed,
}

/// A passkey, or a wallet on another site, is taken off.
#[component]
pub fn RemoveSlotDialog(
    /// Which.
    item: SlotItem,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Takes it off, or makes everything anew.
    #[prop(into)]
    on_remove: Callback<Removing>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    const UNUSED: &str = "unused";
    const EXPOSED: &str = "exposed";
    let chosen = RwSignal::new(UNUSED.to_owned());
    let noun = if item.icon == Icon::Key { "passkey" } else { "wallet" };
    let choices = vec![
        Choice::new(
            UNUSED,
            "I do not need it any more",
            format!(
                "It comes off your list, and {wallet} asks once. Your keys stay as they are: a copy of it that somebody made would still open them."
            ),
        ),
        Choice::new(
            EXPOSED,
            "Somebody else may have it",
            "You get new keys and a new recovery code. Nothing that was copied opens what comes after. Passkeys are added again afterwards.",
        ),
    ];
    let exposed = Signal::derive(move || chosen.with(|chosen| chosen == EXPOSED));
    let remove = move |()| {
        on_remove.run(if exposed.get_untracked() { Removing::Exposed } else { Removing::Unused });
    };
    view! {
        <Dialog title=format!("Remove this {noun}?") on_close=on_close>
            <p class="second">{item.note}</p>
            <ChoiceCards
                label="Why does it go?"
                choices=Signal::stored(choices)
                chosen=chosen
                on_choose=move |id| chosen.set(id)
            />
            <DialogFoot
                act=Signal::derive(move || {
                    if exposed.get() { "Renew my keys".to_owned() } else { "Remove".to_owned() }
                })
                danger=true
                on_act=remove
                on_leave=on_close
            />
        </Dialog>
    }
}
