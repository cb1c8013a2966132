//! Settings: how the account opens, when it locks, how it looks.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_protocol::api;

use super::{
    acts::use_acts,
    build,
    comparing::{self, Comparing},
    desk::{Open, Seat, Stage, lock_after, set_lock_after, stays_open, use_desk},
    qr,
    slots::{AddingPasskey, RemovingSlot, WaysDesk, set_up_wallet},
};
use crate::{
    clock::use_clock,
    pages::{
        own_code::OwnCodeDialog,
        settings::{SettingsModel, SettingsView, Theme, VaultModel},
        slots::{SlotAct, SlotItem},
    },
};

/// Where the theme is kept.
const THEME_KEY: &str = "medkey.theme";

/// Shows the page as it was chosen last.
pub fn apply_kept_theme() {
    let kept = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(THEME_KEY).ok().flatten());
    apply(Theme::from_key(&kept.unwrap_or_default()));
}

fn apply(theme: Theme) {
    let Some(page) = document().document_element() else { return };
    // Neither can fail on an element of the page.
    let _set = match theme {
        Theme::Device => page.remove_attribute("data-theme"),
        chosen => page.set_attribute("data-theme", chosen.key()),
    };
}

fn keep(theme: Theme) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _kept = storage.set_item(THEME_KEY, theme.key());
    }
}

fn account_note(acts: bool) -> &'static str {
    if acts { "The account of this wallet; it acts for you" } else { "The account of this wallet; it can only read" }
}

/// The page. The registrar has no vault, and fewer settings.
#[component]
pub fn Settings(
    /// The wallet.
    seat: Rc<Seat>,
    /// The member, whose vault is open.
    me: Option<Rc<Open>>,
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// The role in words.
    #[prop(into)]
    role: String,
    /// Somebody else has used the recovery code.
    #[prop(optional, into)]
    exposed: Signal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let acts = use_acts();
    let clock = use_clock();
    let kept = document().document_element().and_then(|page| page.get_attribute("data-theme"));
    let theme = RwSignal::new(Theme::from_key(&kept.unwrap_or_default()));
    let minutes = RwSignal::new(lock_after());
    let stays = RwSignal::new(stays_open());
    let account = seat.client.account();
    // A member keeps its address for ever, whichever account acts for it.
    let member = me.as_ref().map_or(account, |open| open.me.address);
    let (address, account) = (member.to_string(), account.to_string());
    let acts_here = me.as_ref().is_none_or(|open| open.acts.get());
    let words = me.as_ref().and_then(|open| open.me.card().fingerprint().ok()).unwrap_or_default();
    let about = me.as_ref().map(|open| match open.me.role {
        api::Role::Patient => ("About me", "/about"),
        api::Role::Doctor | api::Role::Lab => ("My profile", "/profile"),
    });
    let has_code = me.as_ref().is_some_and(|open| open.me.role == api::Role::Patient);
    let at = *seat.client.deployment();
    let ways = me.clone().map(WaysDesk::new);
    let vault = move || {
        ways.map(|ways| VaultModel {
            key_words: words.clone(),
            slots: ways.items(clock, exposed.get()),
            about_passkeys: ways.about_passkeys(),
            adds_passkeys: ways.adds_passkeys(),
            auto_lock: u32::try_from(minutes.get()).unwrap_or(u32::MAX),
            stays_open: stays.get(),
        })
    };
    let copied = address.clone();
    let model = Signal::derive(move || SettingsModel {
        name: name.get(),
        role: role.clone(),
        about,
        has_code,
        address: address.clone(),
        account: (account != address).then(|| (account.clone(), account_note(acts_here).to_owned())),
        vault: vault(),
        theme: theme.get(),
        details: vec![
            ("Chain".to_owned(), at.chain.to_string()),
            ("Contract".to_owned(), at.contract.to_string()),
            ("Deployed in block".to_owned(), at.block.to_string()),
        ],
        demo: build::is_demo(),
    });
    let renew = Callback::new(move |()| {
        if let Some(ways) = ways {
            desk.stage.set(Stage::Renewing(ways.open()));
        }
    });
    let comparing = RwSignal::new(comparing::Stage::Closed);
    let above = RwSignal::new(Above::Nothing);
    let close = Callback::new(move |()| above.set(Above::Nothing));
    let on_slot = move |slot: SlotItem| match (slot.act, ways) {
        (SlotAct::SetUp, Some(ways)) => set_up_wallet(ways, acts),
        (SlotAct::Renew, _) => renew.run(()),
        (SlotAct::Remove, _) => above.set(Above::Removing(slot)),
        (SlotAct::None | SlotAct::SetUp, _) => {}
    };
    view! {
        <SettingsView
            model=model
            on_copy=move |()| drop(window().navigator().clipboard().write_text(&copied))
            on_code=move |()| above.set(Above::Code)
            on_lock=move |()| desk.lock(false)
            on_auto_lock=move |chosen: u32| {
                set_lock_after(u64::from(chosen));
                minutes.set(u64::from(chosen));
            }
            on_stay=move |chosen| {
                desk.set_stays_open(chosen);
                stays.set(chosen);
            }
            on_theme=move |chosen| {
                keep(chosen);
                apply(chosen);
                theme.set(chosen);
            }
            on_compare=move |()| comparing.set(comparing::Stage::Picking)
            on_slot=on_slot
            on_passkey=move |()| above.set(Above::AddingPasskey)
            on_retry=move |()| {
                if let Some(ways) = ways {
                    ways.read();
                }
            }
            on_forget=move |()| desk.leave_device()
        />
        {me.map(|open| view! { <Comparing open=open stage=comparing /> })}
        {move || {
            ways.map(|ways| match above.get() {
                Above::Nothing => ().into_any(),
                Above::Code => own_code(&ways.open(), close).into_any(),
                Above::AddingPasskey => {
                    view! { <AddingPasskey desk=ways on_close=close /> }.into_any()
                }
                Above::Removing(item) => {
                    view! { <RemovingSlot desk=ways item=item on_renew=renew on_close=close /> }
                        .into_any()
                }
            })
        }}
    }
}

/// The code that a patient shows to be found by.
fn own_code(open: &Open, close: Callback<()>) -> Option<impl IntoView + use<>> {
    let squares = qr::squares(&open.client().patient_code(&open.me).ok()?)?;
    let words = open.me.card().fingerprint().ok()?;
    let address = open.me.address.to_string();
    Some(view! { <OwnCodeDialog squares=squares address=address words=words on_close=close /> })
}

/// What is open above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Above {
    Nothing,
    Code,
    AddingPasskey,
    Removing(SlotItem),
}
