//! First visit: what it is, and the wallets found in this browser.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::blank::TroubleLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::shell::Brand;
use crate::load::Trouble;

/// A wallet that announced itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WalletItem {
    /// What is handed back when it is chosen.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Found in this browser`, `Try every role, nothing to install`.
    pub note: String,
    /// Its own icon as a `data:` address; its initial is drawn without one.
    pub icon: Option<String>,
}

/// The page.
#[component]
pub fn WelcomeView(
    /// The wallets, in the order they announced themselves.
    #[prop(into)]
    wallets: Signal<Vec<WalletItem>>,
    /// The id of the wallet that is being asked.
    #[prop(optional, into)]
    asking: Signal<Option<String>>,
    /// Why it did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Opens this page inside a wallet on a phone.
    #[prop(optional, into)]
    phone_href: Option<String>,
    /// A wallet was chosen.
    #[prop(into)]
    on_connect: Callback<String>,
) -> impl IntoView {
    view! {
        <main class="welcome">
            <div class="welcome__story">
                <Brand />
                <div class="welcome__pitch">
                    <h1>"Your health record, under your key."</h1>
                    <p class="welcome__lead">
                        "Files are encrypted on this device. You decide who reads them, for how long, and you see every time they do."
                    </p>
                    <ul class="welcome__points">
                        <Point
                            icon=Icon::Lock
                            strong="Encrypted before it leaves you"
                            rest="— the server never sees a file or a key"
                        />
                        <Point
                            icon=Icon::Clock
                            strong="Access with an end"
                            rest="— a day, a month, or until you say so"
                        />
                        <Point
                            icon=Icon::Checked
                            strong="A record nobody can bend"
                            rest="— checked against the chain"
                        />
                    </ul>
                </div>
            </div>
            <section class="welcome__way" aria-labelledby="connect">
                <h2 id="connect">"Connect your wallet"</h2>
                <p>"Your wallet is your sign-in. No password, no e-mail."</p>
                <div class="welcome__alarm">
                    <TroubleLine trouble=trouble />
                </div>
                <ul class="wallets">
                    {move || {
                        wallets
                            .get()
                            .into_iter()
                            .map(|wallet| {
                                view! {
                                    <li>
                                        <WalletButton wallet=wallet asking=asking on_connect=on_connect />
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                {move || {
                    wallets
                        .with(Vec::is_empty)
                        .then(|| {
                            view! {
                                <p role="status">
                                    "No wallet was found in this browser. A wallet is a small extension or app that keeps your key."
                                </p>
                            }
                        })
                }}
                <p class="welcome__help">
                    "No wallet yet? " <a href="https://metamask.io/download" rel="noreferrer">
                        "Get MetaMask"
                    </a>
                    {phone_href
                        .map(|href| {
                            view! {
                                " or "
                                <a href=href rel="noreferrer">
                                    "open on your phone"
                                </a>
                            }
                        })} "."
                </p>
                <p class="welcome__help">
                    "Lost your wallet? " <A href="/recover">"Use your recovery code"</A> "."
                </p>
            </section>
        </main>
    }
}

#[component]
fn Point(icon: Icon, strong: &'static str, rest: &'static str) -> impl IntoView {
    view! {
        <li class="say">
            <Glyph icon=icon />
            <span>
                <strong>{strong}</strong>
                {rest}
            </span>
        </li>
    }
}

#[component]
fn WalletButton(wallet: WalletItem, asking: Signal<Option<String>>, on_connect: Callback<String>) -> impl IntoView {
    let WalletItem { id, name, note, icon } = wallet;
    let initial: String = name.chars().take(1).collect();
    let fox = name == "MetaMask";
    let is = id.clone();
    let asked = Memo::new(move |_| asking.with(|asking| asking.as_deref() == Some(is.as_str())));
    view! {
        <button
            type="button"
            class="wallet"
            disabled=move || asking.with(Option::is_some)
            on:click=move |_| on_connect.run(id.clone())
        >
            <span class="wallet__mark" class:wallet__mark--fox=fox aria-hidden="true">
                {match icon {
                    Some(src) => view! { <img src=src alt="" /> }.into_any(),
                    None => initial.into_any(),
                }}
            </span>
            <span class="wallet__text">
                <span class="wallet__name">{name}</span>
                <span class="wallet__note">
                    {move || {
                        if asked.get() { "Answer in the wallet…".to_owned() } else { note.clone() }
                    }}
                </span>
            </span>
            <Glyph icon=Icon::Onward />
        </button>
    }
}
