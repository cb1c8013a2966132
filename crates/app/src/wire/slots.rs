//! What opens the vault: read from the card, passkeys added, what is not wanted any more taken off.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    add_passkey::{EnrolPasskeyError, EnrolledPasskey, PasskeyPrompt},
    fault::Fault,
    list_slots::{KnownSlot, Opens},
    ports::{Passkeys as _, Ports as _},
};
use medkey_protocol::{Link, api::Role};

use super::{
    acts::{Acts, Label, Shape},
    confirming::Steps,
    desk::Open,
    patient::directory::load,
    said::sentence_of,
};
use crate::{
    clock::Clock,
    components::{icon::Icon, toast::Toasts},
    load::{Load, Trouble},
    pages::{
        confirm::Prompt,
        slots::{AddPasskeyDialog, RemoveSlotDialog, Removing, SlotAct, SlotItem, SlotState},
    },
    speaking::{Say, short_address},
};

/// What is known of the ways to open a vault.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways {
    slots: Vec<KnownSlot>,
    /// This browser may have passkeys that hold a key.
    passkeys: bool,
    /// The vault was made anew on this device.
    renewed: bool,
}

/// The ways of one vault.
#[derive(Clone, Copy)]
pub struct WaysDesk {
    open: StoredValue<Rc<Open>, LocalStorage>,
    /// As they were read last.
    pub ways: RwSignal<Load<Ways>>,
}

impl WaysDesk {
    /// Reads them.
    #[must_use]
    pub fn new(open: Rc<Open>) -> Self {
        let desk = Self { open: StoredValue::new_local(open), ways: RwSignal::new(Load::Loading) };
        desk.read();
        desk
    }

    /// Reads them anew.
    pub fn read(self) {
        let Some(open) = self.open.try_get_value() else { return };
        load(self.ways, async move {
            let slots = open.client().list_slots(&open.me).await?;
            let passkeys = open.client().ports().passkeys().are_here().await;
            // Without the notebook this device says what it knows.
            let notebook = open.client().read_notebook(&open.me).await.unwrap_or_default();
            let renewed = open.client().renewed_in(&open.me, &notebook).await != 0;
            Ok::<_, Fault>(Ways { slots, passkeys, renewed })
        });
    }

    /// The member, whose vault is open.
    #[must_use]
    pub fn open(self) -> Rc<Open> {
        self.open.get_value()
    }

    /// Whether a passkey can be added here.
    #[must_use]
    pub fn adds_passkeys(self) -> bool {
        let acts = self.open.with_value(|open| open.acts.get());
        acts && self.ways.with(|ways| ways.ready().is_some_and(|ways| ways.passkeys))
    }

    /// What is to be said about passkeys.
    #[must_use]
    pub fn about_passkeys(self) -> String {
        self.ways
            .with(|ways| match ways.ready() {
                None => "",
                Some(ways) if !ways.passkeys => {
                    "Passkeys cannot be added here: this browser has none that hold a key for this site."
                }
                Some(ways) if ways.renewed && !ways.slots.iter().any(is_passkey) => {
                    "Your keys were renewed. Passkeys from before open nothing any more; add them anew."
                }
                Some(_) => "",
            })
            .to_owned()
    }

    /// As the page lists them: this wallet first, then the others, the recovery code last.
    #[must_use]
    pub fn items(self, clock: Clock, exposed: bool) -> Load<Vec<SlotItem>> {
        self.ways.with(|ways| match ways {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(ways) => Load::Ready(self.open.with_value(|open| items(open, ways, clock, exposed))),
        })
    }
}

fn is_passkey(slot: &KnownSlot) -> bool {
    matches!(slot.opens, Opens::Passkey { .. })
}

fn items(open: &Open, ways: &Ways, clock: Clock, exposed: bool) -> Vec<SlotItem> {
    let (mine, others): (Vec<_>, Vec<_>) =
        ways.slots.iter().partition(|slot| slot.here && matches!(slot.opens, Opens::Wallet(_)));
    let acts = open.acts.get();
    let mut items: Vec<SlotItem> = mine.iter().map(|slot| item(open, slot, clock)).collect();
    if items.is_empty() && acts {
        items.push(SlotItem {
            id: String::new(),
            icon: Icon::Wallet,
            title: open.seat.wallet.clone(),
            note: "This wallet does not open it on this site yet.".to_owned(),
            state: SlotState::Missing,
            act: SlotAct::SetUp,
        });
    }
    items.extend(others.iter().map(|slot| item(open, slot, clock)));
    let (note, state) = match exposed {
        false => ("On paper, with you. Renew it if it was lost, or if somebody saw it.", SlotState::Ready),
        true => ("Somebody else has used it. Renew it, and the old one opens nothing new.", SlotState::Exposed),
    };
    let act = if acts { SlotAct::Renew } else { SlotAct::None };
    let (title, note) = ("Recovery code".to_owned(), note.to_owned());
    items.push(SlotItem { id: String::new(), icon: Icon::Record, title, note, state, act });
    items
}

fn item(open: &Open, slot: &KnownSlot, clock: Clock) -> SlotItem {
    let this_site = slot.domain == window().location().host().unwrap_or_default();
    let place = match (slot.opens, this_site) {
        (Opens::Passkey { used_here: true }, true) => "On this device and site".to_owned(),
        (Opens::Passkey { .. }, true) => "On this site, not used on this device".to_owned(),
        (Opens::Missing, _) => "The server does not have it; it opens nothing".to_owned(),
        (_, true) => "On this site".to_owned(),
        (_, false) => format!("On {}", slot.domain),
    };
    let speaker = clock.speaker();
    let since = slot.made.map(|made| match speaker.since(made) {
        today if today == "today" => format!(", since today, {}", speaker.say(made, Say::Time)),
        since => format!(", {since}"),
    });
    let title = match slot.opens {
        Opens::Passkey { .. } => "Passkey".to_owned(),
        Opens::Wallet(account) if account == open.client().account() => open.seat.wallet.clone(),
        Opens::Wallet(account) => format!("Wallet {}", short_address(&account.to_string())),
        Opens::Missing => "Unknown wallet or passkey".to_owned(),
    };
    let is_own = slot.here && !is_passkey(slot);
    SlotItem {
        id: slot.link.to_string(),
        icon: if is_passkey(slot) { Icon::Key } else { Icon::Wallet },
        title,
        note: format!("{place}{}", since.unwrap_or_default()),
        state: match slot.opens {
            Opens::Missing => SlotState::Missing,
            _ if slot.here => SlotState::Ready,
            _ => SlotState::Elsewhere,
        },
        act: if open.acts.get() && !is_own { SlotAct::Remove } else { SlotAct::None },
    }
}

/// Lets this wallet open the vault on this site.
pub fn set_up_wallet(desk: WaysDesk, acts: Acts) {
    let open = desk.open();
    let label = Label {
        title: "Adding this wallet".to_owned(),
        done: "This wallet unlocks your vault here now.".to_owned(),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let open = Rc::clone(&open);
        async move {
            let key = open.client().enrol_wallet(|_| listen(medkey_client::chain::Step::Confirm)).await;
            let key = key.map_err(super::said::enrol_fault)?;
            open.client().add_slot(&open.me, &key, &*listen).await?;
            desk.read();
            Ok(())
        }
    });
}

/// A passkey is made, while this is shown.
#[component]
pub fn AddingPasskey(
    /// The ways to open the vault.
    desk: WaysDesk,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let toasts = use_context::<Toasts>().unwrap_or_default();
    let open = desk.open();
    let what = if open.me.role == Role::Patient { "record" } else { "account" };
    let steps = Steps::new(prompts(&open.seat.wallet), &open.seat.wallet, "");
    // What is made before the wallet has confirmed is kept for another try.
    let made = StoredValue::new_local(Rc::new(RefCell::new(None::<EnrolledPasskey>)));
    let add = move |()| {
        let (open, made) = (desk.open(), made.get_value());
        spawn_local(async move {
            steps.go_on();
            match add_passkey(&open, &made, steps).await {
                Ok(()) => {
                    toasts.say("Your passkey opens this now.");
                    desk.read();
                    on_close.run(());
                }
                Err(trouble) => steps.stop(trouble),
            }
        });
    };
    let close = move |()| {
        let (open, left) = (desk.open(), made.get_value().take());
        on_close.run(());
        if let Some(left) = left {
            spawn_local(async move { open.client().give_up_passkey(left).await });
        }
    };
    view! { <AddPasskeyDialog confirming=steps.shown what=what on_add=add on_close=close /> }
}

fn prompts(wallet: &str) -> Vec<Prompt> {
    [
        "Your device makes the passkey.".to_owned(),
        "Your device asks for it again, to be sure that it always opens.".to_owned(),
        format!("{wallet} asks once, to put it on your list."),
    ]
    .map(|sentence| Prompt { sentence, done: false })
    .into()
}

async fn add_passkey(open: &Open, made: &RefCell<Option<EnrolledPasskey>>, steps: Steps) -> Result<(), Trouble> {
    let client = open.client();
    // Taken out while it is used, and put back if it is needed again.
    let before = made.take();
    let enrolled = match before {
        Some(enrolled) => enrolled,
        None => {
            let prompt = |prompt| match prompt {
                PasskeyPrompt::Make => steps.at(0, "Answer what your device asks."),
                PasskeyPrompt::Check => steps.at(1, "Answer what your device asks, once more."),
            };
            client.enrol_passkey(&open.me, prompt).await.map_err(|error| refused(&error))?
        }
    };
    steps.at(2, "Open your wallet.");
    let added = client.add_passkey(&open.me, &enrolled, &|step| steps.at_step(2, step)).await;
    added.map_err(|fault| {
        made.replace(Some(enrolled));
        Trouble::new(sentence_of(&fault), "The passkey is made, and opens once the wallet has confirmed.")
    })
}

fn refused(error: &EnrolPasskeyError) -> Trouble {
    Trouble::new(sentence_of(error), "Nothing was added. Your wallet opens as before.")
}

/// A way to open the vault goes, while this is shown.
#[component]
pub fn RemovingSlot(
    /// The ways to open the vault.
    desk: WaysDesk,
    /// Which goes.
    item: SlotItem,
    /// Makes everything anew instead.
    #[prop(into)]
    on_renew: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let acts = super::acts::use_acts();
    let wallet = desk.open().seat.wallet.clone();
    let removed = item.clone();
    let remove = move |why| {
        on_close.run(());
        match why {
            Removing::Exposed => on_renew.run(()),
            Removing::Unused => remove_slot(desk, acts, &removed),
        }
    };
    view! { <RemoveSlotDialog item=item wallet=wallet on_remove=remove on_close=on_close /> }
}

fn remove_slot(desk: WaysDesk, acts: Acts, slot: &SlotItem) {
    let Ok(link) = slot.id.parse::<Link>() else { return };
    let open = desk.open();
    let noun = if slot.icon == Icon::Key { "passkey" } else { "wallet" };
    let label = Label {
        title: format!("Removing the {noun}"),
        done: format!("The {noun} is off your list."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let open = Rc::clone(&open);
        async move {
            open.client().remove_slot(&open.me, link, &*listen).await?;
            desk.read();
            Ok(())
        }
    });
}
