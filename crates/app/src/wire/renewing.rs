//! The vault made anew: a new recovery code, this wallet enrolled again, one transaction.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    WalletKey,
    fault::Fault,
    me::Me,
    register::{EnrolError, KeptVault, NewVault},
};
use medkey_protocol::api::Role;

use super::{
    acts::step_sentence,
    desk::{Open, use_desk},
    entry::shown_code,
    said::sentence_of,
};
use crate::{
    components::toast::Toasts,
    load::Trouble,
    pages::{
        confirm::{ConfirmStep, Confirming, Prompt},
        register::RecoveryCodeStep,
    },
};

/// What exists of the new vault.
#[derive(Default)]
struct Making {
    new: Option<NewVault>,
    kept: Option<KeptVault>,
    key: Option<WalletKey>,
}

/// Shows the new code, has it typed back, and puts the new vault in the old one's place.
#[component]
pub fn RenewVault(
    /// The member, whose vault is open.
    open: Rc<Open>,
) -> impl IntoView {
    let desk = use_desk();
    let toasts = use_context::<Toasts>().unwrap_or_default();
    let what = if open.me.role == Role::Patient { "record" } else { "account" };
    let made = Making { new: Some(open.client().make_vault()), ..Making::default() };
    let making = StoredValue::new_local(made);
    let typed_back = RwSignal::new(false);
    let confirming = RwSignal::new(Confirming {
        prompts: prompts(open.me.role),
        wallet: open.seat.wallet.clone(),
        now: String::new(),
        trouble: None,
    });
    let open = StoredValue::new_local(open);
    let back = move |()| desk.go_in(open.get_value());
    let start = move |()| {
        let open = open.get_value();
        spawn_local(async move {
            confirming.update(|confirming| confirming.trouble = None);
            // Taken out while it is used, and put back if it is needed again.
            let Some(mut made) = making.try_update_value(std::mem::take) else { return };
            let renewed = renew(&open, &mut made, confirming).await;
            let _left = making.try_update_value(|making| *making = made);
            match renewed {
                Ok(me) => {
                    toasts.say("Your new recovery code is in force. The old one opens nothing new.");
                    desk.open(Rc::clone(&open.seat), me, open.standing);
                }
                Err(trouble) => {
                    let _left = confirming.try_update(|confirming| {
                        confirming.now = String::new();
                        confirming.trouble = Some(trouble);
                    });
                }
            }
        });
    };
    let body = move || {
        if typed_back.get() {
            return view! { <ConfirmStep confirming=confirming on_back=back on_start=start /> }.into_any();
        }
        let Some(code) = making.with_value(|making| {
            let vault = making.new.as_ref()?;
            Some(open.with_value(|open| shown_code(open.client(), open.me.address, vault)))
        }) else {
            return ().into_any();
        };
        let groups = code.groups.clone();
        let ask = code.ask;
        let copy = groups.join("-");
        let next = move |()| {
            let mut kept = false;
            making.update_value(|making| {
                let Some(vault) = making.new.take() else { return };
                match vault.typed_back([(ask.0, &groups[ask.0]), (ask.1, &groups[ask.1])]) {
                    Ok(vault) => {
                        making.kept = Some(vault);
                        kept = true;
                    }
                    Err((vault, _)) => making.new = Some(vault),
                }
            });
            typed_back.set(kept);
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
        Role::Patient => "Put the new code in force, with new keys for your folders. Your QR codes stop working.",
        Role::Doctor | Role::Lab => "Put the new code in force.",
    };
    [
        "Sign once to make the key that unlocks on this device.",
        "Sign the same again, to be sure that it always unlocks.",
        last,
    ]
    .map(|sentence| Prompt { sentence: sentence.to_owned(), done: false })
    .into()
}

async fn renew(open: &Open, making: &mut Making, confirming: RwSignal<Confirming>) -> Result<Me, Trouble> {
    const KEPT: &str =
        "Your old code still counts. The new one is kept while this page is open; go on where you stopped.";
    let client = open.client();
    let at = |number: usize, now: &str| {
        let _left = confirming.try_update(|confirming| {
            confirming.now = now.to_owned();
            confirming.prompts.iter_mut().take(number).for_each(|prompt| prompt.done = true);
        });
    };
    let failed = |fault: &Fault| Trouble::new(fault.to_string(), KEPT);
    if making.key.is_none() {
        let key = client.enrol_wallet(|number| at(usize::from(number) - 1, "Open your wallet and sign.")).await;
        making.key = Some(key.map_err(|error| match error {
            EnrolError::Fault(fault) => failed(&fault),
            other => Trouble::new(sentence_of(&other), KEPT),
        })?);
    }
    let (Some(key), Some(vault)) = (&making.key, &making.kept) else {
        return Err(Trouble::new("The recovery code has to be made anew.", "Go back one step."));
    };
    at(2, "Open your wallet.");
    let listen = |step| at(2, &step_sentence(step, &open.seat.wallet));
    client.renew_vault(&open.me, vault, key, &listen).await.map_err(|fault| failed(&fault))
}
