//! Back with the recovery code, on a new device or without the old wallet.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::components::shell::Brand;
use crate::load::Trouble;

/// What recovery needs.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoverInput {
    /// The code, its groups joined by `-`.
    pub code: String,
    /// The account it belongs to.
    pub address: String,
    /// Where the chain is read when no wallet is here; may be empty.
    pub rpc: String,
}

/// What was typed or pasted, split into groups of five.
fn groups(text: &str) -> Vec<String> {
    let letters: Vec<char> =
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    letters.chunks(5).map(|group| group.iter().collect()).collect()
}

/// The page.
#[component]
pub fn RecoverView(
    /// Groups in a code.
    #[prop(default = 8)]
    count: usize,
    /// The account, when a wallet has already named it.
    #[prop(optional, into)]
    address: String,
    /// No wallet is here: an address to read the chain is asked for.
    #[prop(optional)]
    without_wallet: bool,
    /// It is being tried.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Tries it.
    #[prop(into)]
    on_recover: Callback<RecoverInput>,
) -> impl IntoView {
    let typed: Vec<RwSignal<String>> = (0..count).map(|_| RwSignal::new(String::new())).collect();
    let all = StoredValue::new(typed.clone());
    let address = RwSignal::new(address);
    let rpc = RwSignal::new(String::new());
    let fill = move |from: usize, text: &str| {
        let parts = groups(text);
        all.with_value(|all| {
            if parts.len() <= 1 {
                if let Some(signal) = all.get(from) {
                    signal.set(parts.into_iter().next().unwrap_or_default());
                }
            } else {
                for (signal, part) in all.iter().skip(from).zip(parts) {
                    signal.set(part);
                }
            }
        });
    };
    let complete = Memo::new(move |_| {
        let code = all.with_value(|all| all.iter().all(|one| one.with(|text| text.len() == 5)));
        code && address.with(|address| address.trim().len() == 42)
            && (!without_wallet || !rpc.with(|rpc| rpc.trim().is_empty()))
    });
    view! {
        <main class="entry">
            <Brand />
            <header class="entry__head">
                <h1>"Use your recovery code"</h1>
                <p>
                    "The code and the address of your account bring everything back. You can paste the whole code into the first field."
                </p>
            </header>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    if complete.get_untracked() && !busy.get_untracked() {
                        let code = all
                            .with_value(|all| {
                                all.iter()
                                    .map(|one| one.get_untracked())
                                    .collect::<Vec<_>>()
                                    .join("-")
                            });
                        on_recover
                            .run(RecoverInput {
                                code,
                                address: address.get_untracked().trim().to_owned(),
                                rpc: rpc.get_untracked().trim().to_owned(),
                            });
                    }
                }
            >
                <div class="entry__body fields">
                    <fieldset>
                        <legend class="block__label">"Recovery code"</legend>
                        <div class="code code--type">
                            {typed
                                .into_iter()
                                .enumerate()
                                .map(|(at, value)| {
                                    view! {
                                        <div class="code__group">
                                            <input
                                                class="input input--mono"
                                                type="text"
                                                autocomplete="off"
                                                autocapitalize="characters"
                                                spellcheck="false"
                                                aria-label=format!("Group {}", at + 1)
                                                prop:value=move || value.get()
                                                on:input=move |event| fill(
                                                    at,
                                                    &event_target_value(&event),
                                                )
                                            />
                                        </div>
                                    }
                                })
                                .collect_view()}
                        </div>
                    </fieldset>
                    <Field
                        label="Address of the account"
                        value=address
                        takes=Takes::Address
                        hint="It is printed beside the code and begins with 0x."
                    />
                    {without_wallet
                        .then(|| {
                            view! {
                                <Field
                                    label="Where to read the chain"
                                    value=rpc
                                    takes=Takes::Url
                                    hint="No wallet was found in this browser, so enter the address of a node that you trust."
                                />
                            }
                        })}
                    <TroubleLine trouble=trouble />
                </div>
                <div class="entry__foot">
                    <A href="/" attr:class="button">
                        "Back"
                    </A>
                    <Button
                        label="Recover"
                        icon=Icon::Key
                        weight=Weight::Primary
                        submits=true
                        busy=busy
                        disabled=Signal::derive(move || !complete.get())
                    />
                </div>
            </form>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_code_falls_into_its_groups() {
        assert_eq!(groups("kq7mb-2XWDH 9fhtz\nC4RA3"), ["KQ7MB", "2XWDH", "9FHTZ", "C4RA3"]);
        assert_eq!(groups("kq"), ["KQ"]);
        assert!(groups(" - ").is_empty());
    }
}
