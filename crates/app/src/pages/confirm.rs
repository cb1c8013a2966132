//! Several confirmations in the wallet, one after the other.

use leptos::prelude::*;

use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::entry_frame::EntryFrame;
use crate::load::Trouble;
use crate::speaking::count;

/// What the wallet is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prompt {
    /// What it is for, one sentence.
    pub sentence: String,
    /// It was confirmed.
    pub done: bool,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirming {
    /// What the wallet is asked, in order.
    pub prompts: Vec<Prompt>,
    /// The wallet's name.
    pub wallet: String,
    /// What happens now; empty before it starts.
    pub now: String,
    /// Why it stopped; what was done is kept.
    pub trouble: Option<Trouble>,
}

impl Confirming {
    /// Something is being asked.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.now.is_empty() && self.trouble.is_none()
    }
}

/// What is asked in order, what of it is done, and what happens now.
#[component]
pub fn PromptList(
    /// Where it is.
    confirming: Signal<Confirming>,
) -> impl IntoView {
    view! {
        <ol class="card card--pad prompts">
            {move || {
                confirming
                    .get()
                    .prompts
                    .into_iter()
                    .map(|prompt| {
                        view! {
                            <li class:prompts__done=prompt.done>
                                <span>
                                    {prompt.sentence}
                                    {prompt
                                        .done
                                        .then(|| view! { <span class="unseen">" Confirmed."</span> })}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ol>
        <p class="second" role="status">
            {move || confirming.with(|confirming| confirming.now.clone())}
        </p>
    }
}

/// What the wallet will ask, said before it opens.
#[component]
pub fn ConfirmStep(
    /// Where it is.
    #[prop(into)]
    confirming: Signal<Confirming>,
    /// The step of registration that this is.
    #[prop(optional_no_strip, into)]
    step: Option<usize>,
    /// Back; not while the wallet is open.
    #[prop(into)]
    on_back: Callback<()>,
    /// Opens the wallet, or goes on where it stopped.
    #[prop(into)]
    on_start: Callback<()>,
) -> impl IntoView {
    let wallet = confirming.with_untracked(|confirming| confirming.wallet.clone());
    let busy = Signal::derive(move || confirming.with(Confirming::is_busy));
    let sentence = format!(
        "{wallet} will ask you {}, one after the other. Nothing is shared, and no money is sent.",
        confirming.with_untracked(|confirming| match confirming.prompts.len() {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            many => format!("{} times", count(many, "", "").trim()),
        })
    );
    view! {
        <EntryFrame step=step title=format!("Confirm in {wallet}") sentences=vec![sentence]>
            <div class="entry__body">
                <PromptList confirming=confirming />
                <TroubleLine trouble=Signal::derive(move || {
                    confirming.with(|confirming| confirming.trouble.clone())
                }) />
            </div>
            <div class="entry__foot">
                <Button label="Back" disabled=busy on_press=on_back />
                <Button
                    label=Signal::derive(move || {
                        confirming
                            .with(|confirming| match confirming.trouble {
                                Some(_) => "Try again".to_owned(),
                                None => format!("Open {}", confirming.wallet),
                            })
                    })
                    weight=Weight::Primary
                    busy=busy
                    on_press=on_start
                />
            </div>
        </EntryFrame>
    }
}
