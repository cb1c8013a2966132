//! The record is here but locked: one signature opens it.

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
    /// Why it did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Opens the wallet.
    #[prop(into)]
    on_unlock: Callback<()>,
    /// Chooses another wallet or account.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    view! {
        <main class="entry">
            <Brand />
            <header class="entry__head">
                <h1>{move || format!("Unlock your {}", locked.get().what)}</h1>
                <p>
                    {move || {
                        let locked = locked.get();
                        let why = if locked.by_itself {
                            "It was locked because nothing happened for a while. "
                        } else {
                            ""
                        };
                        let times = if locked.prompts > 1 {
                            "will ask twice: to sign in, and for your key"
                        } else {
                            "will ask you to sign once"
                        };
                        format!(
                            "{why}{} {times}. The signature stays on this device and costs nothing.",
                            locked.wallet,
                        )
                    }}
                </p>
            </header>
            <div class="entry__body">
                <TroubleLine trouble=trouble />
                <p class="second">
                    {move || format!("Account {}", short_address(&locked.get().address))}
                </p>
            </div>
            <div class="entry__foot">
                <Button label="Another account" on_press=on_leave disabled=busy />
                <Button
                    label=Signal::derive(move || format!("Unlock with {}", locked.get().wallet))
                    icon=Icon::Lock
                    weight=Weight::Primary
                    busy=busy
                    on_press=on_unlock
                />
            </div>
            <p class="entry__aside">
                "Is the wallet lost? " <A href="/recover">"Use your recovery code"</A> "."
            </p>
        </main>
    }
}
