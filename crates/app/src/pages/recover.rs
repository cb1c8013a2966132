//! Back with the recovery code, on a new device or without the old wallet.

use leptos::prelude::*;
use leptos_router::components::A;
use zeroize::Zeroizing;

use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::code_fields::{CodeFields, TypedCode};
use crate::components::entry_frame::EntryFrame;
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;

/// What recovery needs.
#[derive(PartialEq, Eq)]
pub struct RecoverInput {
    /// The code, its groups joined by `-`.
    pub code: Zeroizing<String>,
    /// The member it belongs to.
    pub address: String,
    /// Where the chain is read when no wallet is here; may be empty.
    pub rpc: String,
}

/// The page.
#[component]
pub fn RecoverView(
    /// Where the code goes.
    typed: TypedCode,
    /// Where the address goes; it may be known already.
    address: RwSignal<String>,
    /// No wallet is here: an address to read the chain is asked for.
    #[prop(optional)]
    without_wallet: bool,
    /// It is being tried.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Scans the printed code.
    #[prop(into)]
    on_scan: Callback<()>,
    /// Tries it.
    #[prop(into)]
    on_recover: Callback<RecoverInput>,
) -> impl IntoView {
    let rpc = RwSignal::new(String::new());
    let complete = Memo::new(move |_| {
        typed.is_complete()
            && address.with(|address| address.trim().len() == 42)
            && (!without_wallet || !rpc.with(|rpc| rpc.trim().is_empty()))
    });
    view! {
        <EntryFrame
            title="Use your recovery code"
            sentences=vec![
                "The code and the address of your account bring everything back. You can paste the whole code into the first field."
                    .to_owned(),
            ]
        >
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    if complete.get_untracked() && !busy.get_untracked() {
                        on_recover
                            .run(RecoverInput {
                                code: typed.join(),
                                address: address.get_untracked().trim().to_owned(),
                                rpc: rpc.get_untracked().trim().to_owned(),
                            });
                    }
                }
            >
                <div class="entry__body fields">
                    <div class="button-row">
                        <Button label="Scan the printed code" icon=Icon::Camera on_press=on_scan />
                    </div>
                    <CodeFields typed=typed />
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
        </EntryFrame>
    }
}
