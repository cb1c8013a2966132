//! Revoking somebody's access, and the codes with which that somebody could come back.

use leptos::prelude::*;

use crate::components::choice::{Choice, TickCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::speaking::count;

/// The id of the one tick.
const WITHDRAW: &str = "withdraw";

/// What is about to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeModel {
    /// Whose access.
    pub name: String,
    /// To what.
    pub scope: String,
    /// What it does, one sentence.
    pub sentence: String,
    /// How many codes of the same folder this person has not used yet.
    pub codes: usize,
    /// One of them is on the emergency card.
    pub emergency: bool,
}

/// Why a revocation alone may not be enough.
fn warning(name: &str, scope: &str, codes: usize) -> String {
    match codes {
        1 => format!("A QR code for {scope} can still be used. If {name} holds it, it opens {scope} again."),
        many => {
            let which = crate::speaking::sentence(&count(many, "QR code", "QR codes"));
            format!("{which} for {scope} can still be used. If {name} holds one, it opens {scope} again.")
        }
    }
}

fn note(emergency: bool) -> &'static str {
    if emergency {
        "In the same confirmation. Your emergency card needs a new code then: print it again."
    } else {
        "In the same confirmation. Nobody who has not used it yet can, either."
    }
}

/// The dialog. Answers whether the codes are withdrawn along.
#[component]
pub fn RevokeDialog(
    /// What is about to be revoked.
    model: RevokeModel,
    /// Revokes it; with `true` the codes are withdrawn with it.
    #[prop(into)]
    on_revoke: Callback<bool>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let RevokeModel { name, scope, sentence, codes, emergency } = model;
    // A card that was printed is not made worthless unasked.
    let ticked = RwSignal::new(if emergency { Vec::new() } else { vec![WITHDRAW.to_owned()] });
    let withdraws = move || codes > 0 && ticked.with(|ticked| !ticked.is_empty());
    let title = if codes == 1 { "Withdraw the code too" } else { "Withdraw the codes too" };
    let choice = Choice::new(WITHDRAW, title, note(emergency));
    view! {
        <Dialog title=format!("Revoke access of {name}?") on_close=on_close>
            <p>{sentence}</p>
            {(codes > 0)
                .then(|| {
                    view! {
                        <div class="say say--boxed say--warn">
                            <Glyph icon=Icon::Warning />
                            <div class="say__text">{warning(&name, &scope, codes)}</div>
                        </div>
                        <TickCards
                            label="QR codes"
                            choices=Signal::stored(vec![choice])
                            chosen=ticked
                        />
                    }
                })}
            <DialogFoot
                act="Revoke"
                danger=true
                on_act=move |()| on_revoke.run(withdraws())
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_leads_back_is_named() {
        assert_eq!(
            warning("Dr. Ben Okafor", "General", 1),
            "A QR code for General can still be used. If Dr. Ben Okafor holds it, it opens General again."
        );
        assert!(warning("x", "General", 2).starts_with("Two QR codes for General can still be used. If x holds one"));
    }
}
