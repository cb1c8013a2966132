//! The frame of every page behind the wallet: rail and column, or top bar and tabs.

use leptos::prelude::*;
use leptos_router::components::A;

use super::avatar::Avatar;
use super::icon::Mark;
use super::nav::{NavLinks, Role};

/// Who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The name, as the person gave it.
    pub name: String,
    /// `0x3C44…93BC`, `Verified doctor`.
    pub sub: String,
    /// The role.
    pub role: Role,
}

/// The sign and the name of the app, leading to where the role starts.
#[component]
pub fn Brand(
    /// Where it leads.
    #[prop(default = "/")]
    href: &'static str,
) -> impl IntoView {
    view! {
        <A href=href attr:class="brand">
            <Mark />
            "Medkey"
        </A>
    }
}

/// The frame.
#[component]
pub fn Shell(
    /// Who is here; the role never changes.
    #[prop(into)]
    me: Signal<Me>,
    /// How much waits for an answer.
    #[prop(into)]
    waiting: Signal<usize>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let role = me.with_untracked(|me| me.role);
    // Only the words change: the pages in the frame stay as they are.
    let name = Memo::new(move |_| me.with(|me| me.name.clone()));
    view! {
        <a class="skip" href="#page">
            "Skip to the page"
        </a>
        <div class="shell">
            <header class="topbar">
                <Brand href=role.start() />
                <A href="/settings" attr:class="topbar__me">
                    <span class="unseen">"Settings"</span>
                    {move || view! { <Avatar name=name.get() mine=true /> }}
                </A>
            </header>
            <nav class="rail" aria-label="Main">
                <div class="rail__brand">
                    <Brand href=role.start() />
                </div>
                <ul class="rail__list">
                    <NavLinks role=role waiting=waiting />
                </ul>
                <div class="rail__foot">
                    <A href="/settings" attr:class="me">
                        {move || view! { <Avatar name=name.get() mine=true /> }}
                        <span class="me__text">
                            <span class="me__name">{name}</span>
                            <span class="me__sub">{move || me.with(|me| me.sub.clone())}</span>
                        </span>
                    </A>
                </div>
            </nav>
            <main class="column" id="page" tabindex="-1">
                {children()}
            </main>
            <nav class="tabs" aria-label="Main">
                <ul class="tabs__list">
                    <NavLinks role=role waiting=waiting without_settings=true />
                </ul>
            </nav>
        </div>
    }
}
