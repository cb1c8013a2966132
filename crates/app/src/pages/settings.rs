//! One's own account: how it opens, when it locks, how it looks.

use leptos::prelude::*;

use super::slots::{SlotItem, SlotRows};
use crate::components::avatar::Avatar;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::icon::{Glyph, Icon};
use crate::components::key_words::KeyWords;
use crate::components::page_head::{PageHead, Section};
use crate::components::record_row::Tile;
use crate::components::seal::Facts;
use crate::load::{Load, Loaded};

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    Device,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme` on the page, also kept on the device.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Device => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a key; anything unknown is as the device says.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Device,
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsModel {
    /// The name.
    pub name: String,
    /// `Patient`, `Verified doctor`.
    pub role: String,
    /// The page about the member: its name, and where it is.
    pub about: Option<(&'static str, &'static str)>,
    /// A patient has a code to be scanned by.
    pub has_code: bool,
    /// The address that others know.
    pub address: String,
    /// The account of the wallet and what it may do, where it is another.
    pub account: Option<(String, String)>,
    /// What only a member has, whose vault is open.
    pub vault: Option<VaultModel>,
    /// How it looks.
    pub theme: Theme,
    /// Chain, contract, server, build.
    pub details: Vec<(String, String)>,
    /// In the demonstration the wallet's node is the server's own.
    pub demo: bool,
}

/// What opens the vault, and when it locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultModel {
    /// Words of one's key, to compare in person.
    pub key_words: String,
    /// The ways to open it.
    pub slots: Load<Vec<SlotItem>>,
    /// What is to be said about passkeys; may be empty.
    pub about_passkeys: String,
    /// A passkey can be added.
    pub adds_passkeys: bool,
    /// Minutes until it locks by itself.
    pub auto_lock: u32,
    /// It stays open for as long when the page is closed or loaded anew.
    pub stays_open: bool,
}

const STAYS: &str = "stays";
const LOCKS: &str = "locks";
const AUTO_LOCK: [(u32, &str); 4] = [(5, "5 minutes"), (15, "15 minutes"), (60, "1 hour"), (480, "8 hours")];

/// The page.
#[component]
pub fn SettingsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<SettingsModel>,
    /// Copies the address.
    #[prop(into)]
    on_copy: Callback<()>,
    /// Shows the code of the address.
    #[prop(into)]
    on_code: Callback<()>,
    /// Locks now.
    #[prop(into)]
    on_lock: Callback<()>,
    /// Locks by itself after other minutes.
    #[prop(into)]
    on_auto_lock: Callback<u32>,
    /// Stays open when the page is closed, or locks.
    #[prop(into)]
    on_stay: Callback<bool>,
    /// Looks otherwise.
    #[prop(into)]
    on_theme: Callback<Theme>,
    /// Compares the words of the key with somebody.
    #[prop(into)]
    on_compare: Callback<()>,
    /// Something is to be done about a way to open the account.
    #[prop(into)]
    on_slot: Callback<SlotItem>,
    /// Adds a passkey.
    #[prop(into)]
    on_passkey: Callback<()>,
    /// Tries to read the ways anew.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Takes everything of this account off this device.
    #[prop(into)]
    on_forget: Callback<()>,
) -> impl IntoView {
    let themes =
        [Choice::new("", "As the device", ""), Choice::new("light", "Light", ""), Choice::new("dark", "Dark", "")]
            .to_vec();
    let has_vault = Memo::new(move |_| model.with(|model| model.vault.is_some()));
    let vault = Signal::derive(move || model.get().vault);
    view! {
        <PageHead title="Settings">
            {move || {
                has_vault
                    .get()
                    .then(|| view! { <Button label="Lock now" icon=Icon::Lock on_press=on_lock /> })
            }}
        </PageHead>
        <Section title="You" first=true>
            {move || {
                let model = model.get();
                let avatar = model.name.clone();
                let key_words = model.vault.map(|vault| vault.key_words);
                view! {
                    <div class="rows">
                        <div class="row row--acts">
                            <Avatar name=avatar mine=true />
                            <div class="row__main">
                                <div class="row__title">{model.name}</div>
                                <div class="row__sub">{model.role}</div>
                            </div>
                            <div class="row__end">
                                {model
                                    .about
                                    .map(|(label, href)| view! { <ButtonLink label=label href=href small=true /> })}
                            </div>
                        </div>
                        <div class="row row--acts">
                            <Tile icon=Icon::Wallet />
                            <div class="row__main">
                                <div class="row__title">"Address"</div>
                                <div class="row__sub mono">{model.address}</div>
                            </div>
                            <div class="row__end">
                                {model
                                    .has_code
                                    .then(|| {
                                        view! { <Button label="Show my code" small=true on_press=on_code /> }
                                    })}
                                <Button label="Copy" about="address" small=true on_press=on_copy />
                            </div>
                        </div>
                        {model
                            .account
                            .map(|(account, note)| {
                                view! {
                                    <div class="row">
                                        <Tile icon=Icon::Wallet />
                                        <div class="row__main">
                                            <div class="row__title">"Account"</div>
                                            <div class="row__sub mono">{account}</div>
                                            <div class="row__sub">{note}</div>
                                        </div>
                                    </div>
                                }
                            })}
                        {key_words
                            .filter(|words| !words.is_empty())
                            .map(|words| {
                                view! {
                                    <div class="row row--acts">
                                        <Tile icon=Icon::Checked />
                                        <div class="row__main">
                                            <div class="row__title">
                                                <KeyWords words=words />
                                            </div>
                                            <div class="row__sub">
                                                "The words of your key. Read them aloud to somebody who sees them, too: they must match."
                                            </div>
                                        </div>
                                        <div class="row__end">
                                            <Button
                                                label="Compare"
                                                about="with somebody"
                                                small=true
                                                on_press=on_compare
                                            />
                                        </div>
                                    </div>
                                }
                            })}
                    </div>
                }
            }}
        </Section>
        {move || {
            has_vault
                .get()
                .then(|| {
                    view! {
                        <WaysIn vault=vault on_slot=on_slot on_passkey=on_passkey on_retry=on_retry />
                        <Locking vault=vault on_auto_lock=on_auto_lock on_stay=on_stay />
                    }
                })
        }}
        <Section title="Look">
            <ChoiceChips
                label="Look"
                choices=Signal::stored(themes)
                chosen=Signal::derive(move || model.with(|model| model.theme.key().to_owned()))
                on_choose=move |key: String| on_theme.run(Theme::from_key(&key))
            />
        </Section>
        <Section title="This device">
            <p class="second">
                {move || {
                    if has_vault.get() {
                        "Taking the account off wipes your locked keys and everything else that Medkey keeps for it in this browser. Your record stays where it is; the wallet or the recovery code opens it again. A passkey stays in the device’s own list."
                    } else {
                        "Taking the account off disconnects the wallet here."
                    }
                }}
            </p>
            <div class="button-row settings__forget">
                <Button
                    label="Take this account off this device"
                    weight=Weight::Danger
                    on_press=on_forget
                />
            </div>
            {move || {
                model
                    .with(|model| model.demo)
                    .then(|| {
                        view! {
                            <div class="say say--boxed say--warn settings__forget">
                                <Glyph icon=Icon::Warning />
                                <div class="say__text">
                                    <strong>"This is a demonstration."</strong>
                                    "Its chain and its server run together on one machine, so the two do not check each other here."
                                </div>
                            </div>
                        }
                    })
            }}
            <details class="details">
                <summary>"Details"</summary>
                {move || view! { <Facts facts=model.get().details /> }}
            </details>
        </Section>
    }
}

/// What opens the account.
#[component]
fn WaysIn(
    vault: Signal<Option<VaultModel>>,
    on_slot: Callback<SlotItem>,
    on_passkey: Callback<()>,
    on_retry: Callback<()>,
) -> impl IntoView {
    let slots =
        Memo::new(move |_| vault.with(|vault| vault.as_ref().map_or(Load::Loading, |vault| vault.slots.clone())));
    let about = Memo::new(move |_| {
        vault.with(|vault| vault.as_ref().map(|vault| vault.about_passkeys.clone()).unwrap_or_default())
    });
    let adds = Memo::new(move |_| vault.with(|vault| vault.as_ref().is_some_and(|vault| vault.adds_passkeys)));
    let add = ViewFnOnce::from(move || {
        view! {
            <span class="section__end">
                {move || {
                    adds.get()
                        .then(|| {
                            view! {
                                <button type="button" class="link-button" on:click=move |_| on_passkey.run(())>
                                    "Add a passkey"
                                </button>
                            }
                        })
                }}
            </span>
        }
    });
    view! {
        <Section title="How it opens" end=add>
            <Loaded
                model=slots
                rows=2
                on_retry=on_retry
                children={move |slots: Vec<SlotItem>| view! { <SlotRows slots=slots on_act=on_slot /> }}
            />
            {move || {
                let about = about.get();
                (!about.is_empty()).then(|| view! { <p class="second settings__about">{about}</p> })
            }}
        </Section>
    }
}

/// When it locks by itself.
#[component]
fn Locking(vault: Signal<Option<VaultModel>>, on_auto_lock: Callback<u32>, on_stay: Callback<bool>) -> impl IntoView {
    let locks: Vec<Choice> =
        AUTO_LOCK.iter().map(|(minutes, word)| Choice::new(minutes.to_string(), *word, "")).collect();
    let stays = vec![Choice::new(STAYS, "Stay open that long", ""), Choice::new(LOCKS, "Lock at once", "")];
    view! {
        <Section title="When it locks">
            <div class="settings__locks">
                <ChoiceChips
                    label="When nothing happens for"
                    labelled=true
                    choices=Signal::stored(locks)
                    chosen=Signal::derive(move || {
                        vault
                            .with(|vault| {
                                vault.as_ref().map(|vault| vault.auto_lock.to_string()).unwrap_or_default()
                            })
                    })
                    on_choose=move |minutes: String| {
                        if let Ok(minutes) = minutes.parse() {
                            on_auto_lock.run(minutes);
                        }
                    }
                />
                <ChoiceChips
                    label="When the page is closed or loaded anew"
                    labelled=true
                    choices=Signal::stored(stays)
                    chosen=Signal::derive(move || {
                        let stays = vault
                            .with(|vault| vault.as_ref().is_none_or(|vault| vault.stays_open));
                        if stays { STAYS.to_owned() } else { LOCKS.to_owned() }
                    })
                    on_choose=move |id: String| on_stay.run(id == STAYS)
                />
            </div>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_survive_their_keys() {
        for theme in [Theme::Device, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::from_key(theme.key()), theme);
        }
        assert_eq!(Theme::from_key("neon"), Theme::Device);
    }
}
