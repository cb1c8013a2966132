//! The vault made anew: a new recovery code, this wallet enrolled again, one transaction.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::me::Me;
use medkey_protocol::api::Role;

use super::{
    confirming::{Making, Steps},
    desk::{Open, use_desk},
};
use crate::{
    components::toast::Toasts,
    load::Trouble,
    pages::{
        confirm::{ConfirmStep, Prompt},
        register::RecoveryCodeStep,
    },
};

/// What is kept when it stops.
const KEPT: &str = "Your old code still counts. The new one is kept while this page is open; go on where you stopped.";

/// Shows the new code, has it typed back, and puts the new vault in the old one's place.
#[component]
pub fn RenewVault(
    /// The member, whose vault is open.
    open: Rc<Open>,
) -> impl IntoView {
    let desk = use_desk();
    let toasts = use_context::<Toasts>().unwrap_or_default();
    let what = if open.me.role == Role::Patient { "record" } else { "account" };
    let making = StoredValue::new_local(Making::begin(open.client()));
    let typed_back = RwSignal::new(false);
    let steps = Steps::new(prompts(open.me.role), &open.seat.wallet, KEPT);
    let open = StoredValue::new_local(open);
    let back = move |()| desk.go_in(open.get_value());
    let start = move |()| {
        let open = open.get_value();
        spawn_local(async move {
            steps.go_on();
            // Taken out while it is used, and put back if it is needed again.
            let Some(mut made) = making.try_update_value(std::mem::take) else { return };
            let renewed = renew(&open, &mut made, steps).await;
            let _left = making.try_update_value(|making| *making = made);
            match renewed {
                Ok(me) => {
                    toasts.say("Your new recovery code is in force. The old one opens nothing new.");
                    desk.open(Rc::clone(&open.seat), me, open.standing);
                }
                Err(trouble) => steps.stop(trouble),
            }
        });
    };
    let body = move || {
        if typed_back.get() {
            return view! { <ConfirmStep confirming=steps.shown on_back=back on_start=start /> }.into_any();
        }
        let code = making.with_value(|making| open.with_value(|open| making.code(open.client(), open.me.address)));
        let Some(code) = code else { return ().into_any() };
        let groups = code.groups.clone();
        let ask = code.ask;
        let copy = groups.join("-");
        let next = move |()| {
            let kept = making.try_update_value(|making| making.type_back(ask, &groups));
            typed_back.set(kept.unwrap_or_default());
        };
        view! {
            <RecoveryCodeStep
                code=code
                what=what
                next="Continue"
                on_print=move |()| drop(window().print())
                on_copy=move |()| drop(window().navigator().clipboard().write_text(&copy))
                on_back=back
                on_next=next
            />
        }
        .into_any()
    };
    view! { {body} }
}

fn prompts(role: Role) -> Vec<Prompt> {
    let last = match role {
        Role::Patient => {
            "Put the new code in force, with new keys for your folders. Your QR codes and passkeys stop working."
        }
        Role::Doctor | Role::Lab => "Put the new code in force. Your passkeys stop working.",
    };
    [
        "Sign once to make the key that unlocks on this device.",
        "Sign the same again, to be sure that it always unlocks.",
        last,
    ]
    .map(|sentence| Prompt { sentence: sentence.to_owned(), done: false })
    .into()
}

async fn renew(open: &Open, making: &mut Making, steps: Steps) -> Result<Me, Trouble> {
    let client = open.client();
    steps.enrol(client, 0, &mut making.key).await?;
    let (vault, key) = making.ready()?;
    steps.at(2, "Open your wallet.");
    let renewed = client.renew_vault(&open.me, vault, key, &|step| steps.at_step(2, step)).await;
    renewed.map_err(|fault| steps.trouble(&fault))
}
