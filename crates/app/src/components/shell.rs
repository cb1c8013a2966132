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
    /// Who is here.
    me: Me,
    /// How much waits for an answer.
    #[prop(into)]
    waiting: Signal<usize>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let Me { name, sub, role } = me;
    let initials = name.clone();
    let initials_on_phone = name.clone();
    view! {
        <a class="skip" href="#page">
            "Skip to the page"
        </a>
        <div class="shell">
            <header class="topbar">
                <Brand href=role.start() />
                <A href="/settings" attr:class="topbar__me">
                    <span class="unseen">"Settings"</span>
                    <Avatar name=initials_on_phone mine=true />
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
                        <Avatar name=initials mine=true />
                        <span class="me__text">
                            <span class="me__name">{name}</span>
                            <span class="me__sub">{sub}</span>
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
