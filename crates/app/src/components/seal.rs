//! The seal: whether a list is the whole story. Never green by default.

use leptos::prelude::*;

use super::button::{Button, Weight};
use super::icon::{Glyph, Icon};
use crate::speaking::thousands;

/// What the comparison with the chain said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Seal {
    /// The list folds to the chain's head at the wallet's newest block.
    Complete {
        /// The block it was compared at.
        block: u64,
    },
    /// True at the block the server named; the chain has gone on.
    Behind {
        /// The block it holds for.
        block: u64,
        /// The wallet's newest block.
        newest: u64,
    },
    /// The wallet could not be asked.
    NotChecked {
        /// Ends the sentence "Not checked yet, because".
        because: String,
    },
    /// The list is not what the chain says.
    Mismatch {
        /// How many entries the server gave.
        entries: usize,
    },
}

/// The seal as one line; boxed on the page that is about it.
#[component]
pub fn SealLine(
    /// What the comparison said; a mismatch is drawn by [`MismatchAlarm`].
    seal: Seal,
    /// In a box of its own.
    #[prop(optional)]
    boxed: bool,
) -> impl IntoView {
    let (class, icon, word, rest) = match seal {
        Seal::Complete { block } => (
            "say seal say--good",
            Icon::Checked,
            "Complete",
            format!("— every entry checked against the chain, block {}", thousands(block)),
        ),
        Seal::Behind { block, newest } => (
            "say seal",
            Icon::Unchecked,
            "Behind",
            format!(
                "— as of block {}; the chain is at {}. Newer entries will follow.",
                thousands(block),
                thousands(newest)
            ),
        ),
        Seal::NotChecked { because } => ("say seal", Icon::Unchecked, "Not checked yet", format!("because {because}")),
        Seal::Mismatch { .. } => {
            ("say seal say--danger", Icon::Cross, "This list does not match the chain.", String::new())
        }
    };
    view! {
        <div class=class class:say--boxed=boxed class:seal--boxed=boxed role="status">
            <Glyph icon=icon />
            <p class="say__text">
                <strong>{word}</strong>
                {rest}
            </p>
        </div>
    }
}

/// A server that lied: what is wrong, what is safe, what to do.
#[component]
pub fn MismatchAlarm(
    /// How many entries the server gave.
    entries: usize,
    /// Reads the list from the chain instead.
    #[prop(into)]
    on_read_chain: Callback<()>,
    /// Names another server.
    #[prop(optional_no_strip)]
    on_other_server: Option<Callback<()>>,
    /// What was compared, for those who look.
    #[prop(optional, into)]
    details: Vec<(String, String)>,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <section class="card card--danger alarm" role="alert">
            <Glyph icon=Icon::Cross />
            <div class="row__main">
                <h2>"This list does not match the chain"</h2>
                <p>
                    {format!(
                        "The server gave {entries} entries. The chain says that they are not the whole, unchanged story of your chart. Do not act on this list. Your files are not affected, and nothing was sent.",
                    )}
                </p>
                <div class="button-row">
                    <Button
                        label="Read it from the chain"
                        weight=Weight::Primary
                        small=true
                        on_press=on_read_chain
                    />
                    {on_other_server
                        .map(|on_press| {
                            view! { <Button label="Use another server" small=true on_press=on_press /> }
                        })}
                    <button
                        type="button"
                        class="link-button"
                        aria-expanded=move || opened.get().to_string()
                        on:click=move |_| opened.update(|opened| *opened = !*opened)
                    >
                        "Details"
                    </button>
                </div>
                <div hidden=move || !opened.get()>
                    <Facts facts=details />
                </div>
            </div>
        </section>
    }
}

/// Names and values for those who look: hashes, blocks, addresses.
#[component]
pub fn Facts(
    /// Name and value.
    facts: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <dl class="facts">
            {facts
                .into_iter()
                .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
                .collect_view()}
        </dl>
    }
}
