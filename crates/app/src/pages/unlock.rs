//! The record is here but locked: a passkey or one signature opens it.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::components::shell::Brand;
use crate::load::Trouble;
use crate::speaking::short_address;

/// What is locked, and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The account.
    pub address: String,
    /// The wallet's name.
    pub wallet: String,
    /// `record` for a patient, `account` for others.
    pub what: String,
    /// How often the wallet will ask: once on a known device, twice on a new one.
    pub prompts: u8,
    /// It was locked by itself after a while.
    pub by_itself: bool,
    /// Whether a passkey opens it.
    pub passkey: PasskeyWay,
}

/// Whether a passkey opens what is locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasskeyWay {
    /// No, or it is not known yet.
    #[default]
    None,
    /// There may be one for this site, on a device that is new to it.
    Possible,
    /// One was used on this device.
    Known,
}

/// The page.
#[component]
pub fn UnlockView(
    /// What is locked.
    #[prop(into)]
    locked: Signal<Locked>,
    /// The wallet is open.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The device asks for the passkey.
    #[prop(optional, into)]
    passkey_busy: Signal<bool>,
    /// Why it did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Opens the wallet.
    #[prop(into)]
    on_unlock: Callback<()>,
    /// Has the device ask for the passkey.
    #[prop(into)]
    on_passkey: Callback<()>,
    /// Chooses another wallet or account.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    let way = Memo::new(move |_| locked.with(|locked| locked.passkey));
    let any_busy = Signal::derive(move || busy.get() || passkey_busy.get());
    let by_wallet = Signal::derive(move || format!("Unlock with {}", locked.get().wallet));
    view! {
        <main class="entry">
            <Brand />
            <header class="entry__head">
                <h1>{move || format!("Unlock your {}", locked.get().what)}</h1>
                <p>{move || sentence(&locked.get())}</p>
            </header>
            <div class="entry__body">
                <TroubleLine trouble=trouble />
                <p class="second">
                    {move || format!("Account {}", short_address(&locked.get().address))}
                </p>
            </div>
            <div class="entry__foot">
                <Button label="Another account" on_press=on_leave disabled=any_busy />
                {move || match way.get() {
                    PasskeyWay::Known => {
                        view! {
                            <div class="entry__ways">
                                <Button
                                    label=by_wallet
                                    busy=busy
                                    disabled=passkey_busy
                                    on_press=on_unlock
                                />
                                <Button
                                    label="Unlock with passkey"
                                    icon=Icon::Key
                                    weight=Weight::Primary
                                    busy=passkey_busy
                                    disabled=busy
                                    on_press=on_passkey
                                />
                            </div>
                        }
                            .into_any()
                    }
                    PasskeyWay::Possible | PasskeyWay::None => {
                        view! {
                            <Button
                                label=by_wallet
                                icon=Icon::Lock
                                weight=Weight::Primary
                                busy=busy
                                disabled=passkey_busy
                                on_press=on_unlock
                            />
                        }
                            .into_any()
                    }
                }}
            </div>
            {move || {
                (way.get() == PasskeyWay::Possible)
                    .then(|| {
                        view! {
                            <p class="entry__aside">
                                "Have you added a passkey for this site? "
                                <button
                                    type="button"
                                    class="link-button link-button--inline"
                                    disabled=move || any_busy.get()
                                    on:click=move |_| on_passkey.run(())
                                >
                                    "Unlock with passkey"
                                </button>
                                {move || format!(". {} asks you to sign in first.", locked.get().wallet)}
                            </p>
                        }
                    })
            }}
            <p class="entry__aside">
                "Is the wallet lost? " <A href="/recover">"Use your recovery code"</A> "."
            </p>
        </main>
    }
}

/// Why it is locked, and what will be asked.
fn sentence(locked: &Locked) -> String {
    let Locked { wallet, prompts, by_itself, passkey, .. } = locked;
    let why = if *by_itself { "It was locked because nothing happened for a while. " } else { "" };
    if *passkey == PasskeyWay::Known {
        return format!("{why}Your fingerprint, face or PIN opens it on this device. {wallet} opens it, too.");
    }
    let times = if *prompts > 1 {
        "will ask twice: to sign in, and for your key. The signatures stay"
    } else {
        "will ask you to sign once. The signature stays"
    };
    let cost = if *prompts > 1 { "cost" } else { "costs" };
    format!("{why}{wallet} {times} on this device and {cost} nothing.")
}
