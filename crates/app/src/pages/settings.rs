//! One's own account: how it opens, when it locks, how it looks.

use leptos::prelude::*;

use crate::components::avatar::Avatar;
use crate::components::button::{Button, ButtonLink};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{PageHead, Section};
use crate::components::record_row::Tile;
use crate::components::seal::Facts;

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

/// A way to open the account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotItem {
    /// Its icon.
    pub icon: Icon,
    /// `Wallet`, `Recovery code`.
    pub title: String,
    /// `MetaMask, since 12 September`.
    pub note: String,
    /// Whether it works.
    pub state: SlotState,
    /// It can be made anew.
    pub renews: bool,
}

/// Whether a way to open the account works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotState {
    /// It works.
    Ready,
    /// It is not there yet.
    Missing,
    /// It works, and not only for its owner.
    Exposed,
}

impl SlotState {
    fn badge(self) -> Badge {
        match self {
            Self::Ready => Badge::new(Tone::Accent, "Ready"),
            Self::Missing => Badge::new(Tone::Warn, "Not set up"),
            Self::Exposed => Badge::new(Tone::Warn, "Known to others"),
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
    /// There is a page about the member: a patient's.
    pub about: bool,
    /// The address that others know.
    pub address: String,
    /// The account of the wallet and what it may do, where it is another.
    pub account: Option<(String, String)>,
    /// Words of one's key, to compare in person.
    pub key_words: String,
    /// The ways to open it.
    pub slots: Vec<SlotItem>,
    /// Minutes until it locks by itself.
    pub auto_lock: u32,
    /// How it looks.
    pub theme: Theme,
    /// Chain, contract, server, build.
    pub details: Vec<(String, String)>,
    /// In the demonstration the wallet's node is the server's own.
    pub demo: bool,
}

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
    /// Locks now.
    #[prop(into)]
    on_lock: Callback<()>,
    /// Locks by itself after other minutes.
    #[prop(into)]
    on_auto_lock: Callback<u32>,
    /// Looks otherwise.
    #[prop(into)]
    on_theme: Callback<Theme>,
    /// Makes a new recovery code; none where this account may not.
    #[prop(optional_no_strip)]
    on_renew: Option<Callback<()>>,
    /// Takes everything of this account off this device.
    #[prop(into)]
    on_forget: Callback<()>,
) -> impl IntoView {
    let themes =
        [Choice::new("", "As the device", ""), Choice::new("light", "Light", ""), Choice::new("dark", "Dark", "")]
            .to_vec();
    let locks: Vec<Choice> =
        AUTO_LOCK.iter().map(|(minutes, word)| Choice::new(minutes.to_string(), *word, "")).collect();
    view! {
        <PageHead title="Settings">
            <Button label="Lock now" icon=Icon::Lock on_press=on_lock />
        </PageHead>
        <Section title="You" first=true>
            {move || {
                let model = model.get();
                let avatar = model.name.clone();
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
                                    .then(|| view! { <ButtonLink label="About me" href="/about" small=true /> })}
                            </div>
                        </div>
                        <div class="row row--acts">
                            <Tile icon=Icon::Wallet />
                            <div class="row__main">
                                <div class="row__title">"Address"</div>
                                <div class="row__sub mono">{model.address}</div>
                            </div>
                            <div class="row__end">
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
                        {(!model.key_words.is_empty())
                            .then(|| {
                                view! {
                                    <div class="row">
                                        <Tile icon=Icon::Key />
                                        <div class="row__main">
                                            <div class="row__title mono">{model.key_words}</div>
                                            <div class="row__sub">
                                                "The words of your key. Compare them in person with what others see."
                                            </div>
                                        </div>
                                    </div>
                                }
                            })}
                    </div>
                }
            }}
        </Section>
        <Section title="How it opens">
            <div class="rows">
                {move || {
                    model
                        .get()
                        .slots
                        .into_iter()
                        .map(|slot| {
                            let renews = on_renew.filter(|_| slot.renews);
                            view! {
                                <div class="row" class:row--acts=renews.is_some()>
                                    <Tile icon=slot.icon />
                                    <div class="row__main">
                                        <div class="row__title">{slot.title}</div>
                                        <div class="row__sub">{slot.note}</div>
                                    </div>
                                    <div class="row__end">
                                        <Chip badge=slot.state.badge() />
                                        {renews
                                            .map(|on_renew| {
                                                view! {
                                                    <Button
                                                        label="Renew"
                                                        about="recovery code"
                                                        small=true
                                                        on_press=on_renew
                                                    />
                                                }
                                            })}
                                    </div>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </Section>
        <Section title="Lock by itself after">
            <ChoiceChips
                label="Lock by itself after"
                choices=Signal::stored(locks)
                chosen=Signal::derive(move || model.with(|model| model.auto_lock.to_string()))
                on_choose=move |minutes: String| {
                    if let Ok(minutes) = minutes.parse() {
                        on_auto_lock.run(minutes);
                    }
                }
            />
        </Section>
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
                "Forgetting takes your locked key and your settings off this device. Your record stays where it is; the wallet or the recovery code opens it again."
            </p>
            <div class="button-row settings__forget">
                <Button
                    label="Forget this device"
                    weight=crate::components::button::Weight::Danger
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
