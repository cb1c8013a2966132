//! A QR code shown big: on this screen, over all of it, or printed. What it opens stands beside it.

use leptos::{html, prelude::*};
use zeroize::Zeroizing;

use super::offers::OfferItem;
use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::qr::{QrCode, QrSquares};
use crate::components::skeleton::SkeletonRows;
use crate::load::Load;
use crate::speaking::{Say, say_length};

/// A code as it is shown. It is the secret itself: made when it is shown, and nowhere kept.
#[derive(Clone)]
pub struct ShownCode {
    /// As a picture.
    pub squares: QrSquares,
    /// As a text, to be sent where a picture cannot be scanned.
    pub text: Zeroizing<String>,
}

/// Who used a code by now.
fn used(item: &OfferItem) -> String {
    match item.claimed.as_slice() {
        [] => "none used yet".to_owned(),
        claimed => {
            let names: Vec<&str> = claimed.iter().map(|claim| claim.name.as_str()).collect();
            format!("{} used, {}", claimed.len(), names.join(", "))
        }
    }
}

/// The dialog.
#[component]
pub fn ShowOfferDialog(
    /// What is shown; none while it is not read yet.
    #[prop(into)]
    item: Signal<Option<OfferItem>>,
    /// The code.
    #[prop(into)]
    code: Signal<Load<ShownCode>, LocalStorage>,
    /// Prints it.
    #[prop(into)]
    on_print: Callback<()>,
    /// Copies the text.
    #[prop(into)]
    on_copy: Callback<()>,
    /// Withdraws it.
    #[prop(into)]
    on_withdraw: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let full = RwSignal::new(false);
    let title = Signal::derive(move || {
        item.with(|item| match item {
            Some(item) if item.emergency => "Code of the emergency card".to_owned(),
            Some(item) => format!("Code for {}", item.scope),
            None => "Your code".to_owned(),
        })
    });
    // Esc leaves the full screen first.
    let close = Callback::new(move |()| if full.get_untracked() { full.set(false) } else { on_close.run(()) });
    view! {
        <Dialog title=title wide=true on_close=close>
            {move || {
                let shown = item.get().zip(code.with(|code| code.ready().cloned()));
                match (shown, full.get()) {
                    (None, _) => {
                        let trouble = code
                            .with(|code| match code {
                                Load::Failed(trouble) => Some(trouble.clone()),
                                Load::Loading | Load::Ready(_) => None,
                            });
                        view! {
                            {trouble.is_none().then(|| view! { <SkeletonRows rows=2 /> })}
                            <TroubleLine trouble=Signal::stored(trouble) />
                            <div class="dialog__foot">
                                <Button label="Close" on_press=on_close />
                            </div>
                        }
                            .into_any()
                    }
                    (Some((item, code)), true) => {
                        view! {
                            <FullScreen item=item code=code on_leave=move |()| full.set(false) />
                        }
                            .into_any()
                    }
                    (Some((item, code)), false) => {
                        view! {
                            <Shown
                                item=item
                                code=code
                                on_full=move |()| full.set(true)
                                on_print=on_print
                                on_copy=on_copy
                                on_withdraw=on_withdraw
                                on_close=on_close
                            />
                        }
                            .into_any()
                    }
                }
            }}
        </Dialog>
    }
}

#[component]
fn Shown(
    item: OfferItem,
    code: ShownCode,
    #[prop(into)] on_full: Callback<()>,
    on_print: Callback<()>,
    on_copy: Callback<()>,
    on_withdraw: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let (scope, length, used) = (item.scope.clone(), say_length(item.length), used(&item));
    let claims = format!("{} in all", crate::speaking::count(item.claims as usize, "use", "uses"));
    let ShownCode { squares, text } = code;
    view! {
        <div class="offer">
            <QrCode squares=squares label=format!("QR code that opens {scope}") />
            <div class="offer__words">
                <p>
                    "A verified doctor or laboratory who scans this reads " <strong>{scope}</strong>
                    " at once. "
                    <span class="no-print">"You are told each time."</span>
                    <span class="print-only">"The patient is told each time."</span>
                </p>
                <dl class="offer__facts">
                    <div>
                        // Paper outlasts the year.
                        <dt>
                            {move || match item.until {
                                Some(until) => {
                                    format!("Until {}", clock.speaker().say(until, Say::FullDate))
                                }
                                None => "Until the patient withdraws it".to_owned(),
                            }}
                        </dt>
                        <dd>{format!("each reads for {length}")}</dd>
                    </div>
                    <div class="no-print">
                        <dt>{crate::speaking::sentence(&claims)}</dt>
                        <dd>{used}</dd>
                    </div>
                </dl>
                <div class="button-row no-print">
                    <Button
                        label="Print"
                        icon=Icon::Download
                        weight=Weight::Primary
                        on_press=on_print
                    />
                    <Button label="Full screen" on_press=on_full />
                </div>
            </div>
        </div>
        <p class="second no-print">
            "Whoever is verified and gets hold of this code can use it, from a photo too. You can show it again here as long as it can be used; the server cannot."
        </p>
        <details class="details no-print offer__text">
            <summary>"As text"</summary>
            <p class="mono">{text.as_str().to_owned()}</p>
            <Button label="Copy" about="the code" small=true on_press=on_copy />
        </details>
        <div class="dialog__foot no-print">
            <Button label="Withdraw" weight=Weight::Danger on_press=on_withdraw />
            <Button label="Close" on_press=on_close />
        </div>
    }
}

/// Nothing but the code, as large as the screen allows, dark on white.
#[component]
fn FullScreen(item: OfferItem, code: ShownCode, #[prop(into)] on_leave: Callback<()>) -> impl IntoView {
    let clock = use_clock();
    let node: NodeRef<html::Div> = NodeRef::new();
    node.on_load(|full| drop(full.focus()));
    let scope = item.scope.clone();
    let until = item.until.map(|until| format!(" until {}", clock.speaker().say(until, Say::FullDate)));
    view! {
        <div class="offer-full" tabindex="-1" node_ref=node>
            <QrCode squares=code.squares label=format!("QR code that opens {scope}") />
            <p>
                "A verified doctor or laboratory who scans this reads " <strong>{scope}</strong>
                {format!(" for {}", say_length(item.length))} "." <br />
                {format!("It can be used{}.", until.unwrap_or_default())}
            </p>
            <Button label="Leave full screen" on_press=on_leave />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::offers::{Claim, OfferState};

    #[test]
    fn who_used_it_is_said_by_name() {
        let mut item = OfferItem {
            id: String::new(),
            scope: "General".to_owned(),
            emergency: false,
            until: None,
            length: 86_400,
            claims: 3,
            claimed: Vec::new(),
            state: OfferState::Live,
        };
        assert_eq!(used(&item), "none used yet");
        item.claimed = vec![Claim { name: "Dr. Lea Brandt".to_owned(), at: 0 }];
        assert_eq!(used(&item), "1 used, Dr. Lea Brandt");
    }
}
