//! Settings: how the account opens, when it locks, how it looks.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_protocol::api;

use super::{
    acts::{Label, Shape, use_acts},
    build,
    desk::{Open, Seat, Stage, lock_after, set_lock_after, use_desk},
};
use crate::{
    components::{button::Button, icon::Icon},
    pages::settings::{SettingsModel, SettingsView, SlotItem, SlotState, Theme},
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
    let kept = document().document_element().and_then(|page| page.get_attribute("data-theme"));
    let theme = RwSignal::new(Theme::from_key(&kept.unwrap_or_default()));
    let minutes = RwSignal::new(lock_after());
    let account = seat.client.account();
    // A member keeps its address for ever, whichever account acts for it.
    let member = me.as_ref().map_or(account, |open| open.me.address);
    let (address, account) = (member.to_string(), account.to_string());
    let acts_here = me.as_ref().is_none_or(|open| open.acts.get());
    let words = me.as_ref().and_then(|open| open.me.card().fingerprint().ok()).unwrap_or_default();
    let is_patient = me.as_ref().is_some_and(|open| open.me.role == api::Role::Patient);
    let at = *seat.client.deployment();
    let slots = me.as_ref().map_or_else(Vec::new, |open| {
        let here = !open.me.card().block.body.slots.is_empty();
        let wallet = SlotItem {
            icon: Icon::Lock,
            title: "Wallet".to_owned(),
            note: seat.wallet.clone(),
            state: if here { SlotState::Ready } else { SlotState::Missing },
            renews: false,
        };
        let code = SlotItem {
            icon: Icon::Key,
            title: "Recovery code".to_owned(),
            note: "On paper, with you. Renew it if it was lost, or if somebody saw it.".to_owned(),
            state: SlotState::Ready,
            renews: true,
        };
        vec![wallet, code]
    });
    let slots = Signal::derive(move || {
        let mut slots = slots.clone();
        if let (true, Some(code)) = (exposed.get(), slots.last_mut()) {
            code.note = "Somebody else has used it. Renew it, and the old one opens nothing new.".to_owned();
            code.state = SlotState::Exposed;
        }
        slots
    });
    let copied = address.clone();
    let model = Signal::derive(move || SettingsModel {
        name: name.get(),
        role: role.clone(),
        about: is_patient,
        address: address.clone(),
        account: (account != address).then(|| (account.clone(), account_note(acts_here).to_owned())),
        key_words: words.clone(),
        slots: slots.get(),
        auto_lock: u32::try_from(minutes.get()).unwrap_or(u32::MAX),
        theme: theme.get(),
        details: vec![
            ("Chain".to_owned(), at.chain.to_string()),
            ("Contract".to_owned(), at.contract.to_string()),
            ("Deployed in block".to_owned(), at.block.to_string()),
        ],
        demo: build::is_demo(),
    });
    // After a recovery this wallet opens nothing here yet.
    let locked_out = RwSignal::new(false);
    if let Some(open) = me.clone() {
        spawn_local(async move {
            let _left = locked_out.try_set(!open.client().unlocks_here(&open.me).await);
        });
    }
    let renew = me.clone().filter(|open| open.acts.get()).map(|open| {
        let open = StoredValue::new_local(open);
        Callback::new(move |()| desk.stage.set(Stage::Renewing(open.get_value())))
    });
    let add = me.filter(|open| open.acts.get()).map(|open| {
        let open = StoredValue::new_local(open);
        let add = move |()| {
            let open = open.get_value();
            let label = Label {
                title: "Adding this wallet".to_owned(),
                done: "This wallet unlocks your vault here now.".to_owned(),
                wallet: open.seat.wallet.clone(),
                shape: Shape::Signing,
            };
            let open = Rc::clone(&open);
            acts.start(label, move |listen| {
                let open = Rc::clone(&open);
                async move {
                    let key = open.client().enrol_wallet(|_| listen(medkey_client::chain::Step::Confirm)).await;
                    let key = key.map_err(super::said::enrol_fault)?;
                    open.client().add_slot(&open.me, &key, &*listen).await?;
                    let _left = locked_out.try_set(false);
                    Ok(())
                }
            });
        };
        Callback::new(add)
    });
    let forget = move |()| {
        spawn_local(async move {
            desk.leave();
        });
    };
    view! {
        <SettingsView
            model=model
            on_copy=move |()| drop(window().navigator().clipboard().write_text(&copied))
            on_lock=move |()| desk.lock(false)
            on_auto_lock=move |chosen: u32| {
                set_lock_after(u64::from(chosen));
                minutes.set(u64::from(chosen));
            }
            on_theme=move |chosen| {
                keep(chosen);
                apply(chosen);
                theme.set(chosen);
            }
            on_forget=forget
            on_renew=renew
        />
        {move || {
            add.filter(|_| locked_out.get())
                .map(|add| view! { <Button label="Let this wallet unlock here" on_press=add /> })
        }}
    }
}
