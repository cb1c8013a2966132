//! The seal: whether a list is the whole story. Never green by default.

use leptos::prelude::*;

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
}

/// The seal as one line; boxed on the page that is about it.
#[component]
pub fn SealLine(
    /// What the comparison said. A list that does not match is not shown at all.
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
    };
    // One text: a seal that changes its colour in place would lose what is toggled beside it.
    let class = if boxed { format!("{class} say--boxed seal--boxed") } else { class.to_owned() };
    view! {
        <div class=class role="status">
            <Glyph icon=icon />
            <p class="say__text">
                <strong>{word}</strong>
                {rest}
            </p>
        </div>
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
