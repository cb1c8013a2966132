//! Revoking somebody's access: what was opened, what it changes, the codes with which that somebody could come back, and
//! whether past records are encrypted anew.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::choice::{Choice, TickCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::speaking::{Say, Speaker, count, sentence, times};

/// The ids of the ticks.
const WITHDRAW: &str = "withdraw";
const ANEW: &str = "anew";
/// How many titles are shown at once.
const SHOWN: usize = 5;

/// What is about to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeModel {
    /// Whose access.
    pub name: String,
    /// To what.
    pub scope: String,
    /// When it was opened, the latest first.
    pub opened: Vec<u64>,
    /// The titles of what could be read at the last of those, newest first.
    pub records: Vec<String>,
    /// How many codes of the same folder this person has not used yet.
    pub codes: usize,
    /// One of them is on the emergency card.
    pub emergency: bool,
    /// How many past records could be encrypted anew afterwards; none where that cannot be offered.
    pub past: usize,
    /// The wallet's name.
    pub wallet: String,
}

/// What is done along with the revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// The codes are withdrawn.
    pub withdraws: bool,
    /// Past records are encrypted anew afterwards.
    pub anew: bool,
}

impl RevokeModel {
    /// What it does.
    fn does(&self) -> String {
        let Self { name, scope, wallet, .. } = self;
        format!(
            "{name} can no longer open {scope} from now on, and new records are locked with a new key. {wallet} asks once."
        )
    }

    /// What was opened.
    fn was_opened(&self, speaker: &Speaker) -> String {
        let Some(last) = self.opened.first() else { return "It was never opened: nothing was read.".to_owned() };
        let often = sentence(&format!("it was opened {}", times(self.opened.len())));
        let last = speaker.say(*last, Say::DayTime);
        let when = if self.opened.len() == 1 { last } else { format!("the last time {last}") };
        let what = match self.records.as_slice() {
            [] => "There was nothing in it to read.".to_owned(),
            records => {
                let could = count(records.len(), "record could be read then", "records could be read then");
                sentence(&format!("{could}; what was read cannot be taken back."))
            }
        };
        format!("{often}, {when}. {what}")
    }
}

/// Why a revocation alone may not be enough.
fn warning(name: &str, scope: &str, codes: usize) -> String {
    match codes {
        1 => format!("A QR code for {scope} can still be used. If {name} holds it, it opens {scope} again."),
        many => {
            let which = sentence(&count(many, "QR code", "QR codes"));
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

/// The dialog. Answers what is done along.
#[component]
pub fn RevokeDialog(
    /// What is about to be revoked.
    model: RevokeModel,
    /// Revokes it.
    #[prop(into)]
    on_revoke: Callback<Along>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let said = model.clone();
    let does = model.does();
    let RevokeModel { name, scope, records, codes, emergency, past, .. } = model;
    // A card that was printed is not made worthless unasked.
    let ticked = RwSignal::new(if emergency { Vec::new() } else { vec![WITHDRAW.to_owned()] });
    let is_ticked = move |id: &str| ticked.with(|ticked| ticked.iter().any(|one| one == id));
    let along = move || Along { withdraws: codes > 0 && is_ticked(WITHDRAW), anew: past > 0 && is_ticked(ANEW) };
    let withdraw_title = if codes == 1 { "Withdraw the code too" } else { "Withdraw the codes too" };
    let withdraw = Choice::new(WITHDRAW, withdraw_title, note(emergency));
    let anew_title = format!("Encrypt {} anew", count(past, "past record", "past records"));
    let anew = Choice::new(
        ANEW,
        anew_title,
        "Afterwards, with confirmations of its own. The old keys open none of them then; copies that were kept stay.",
    );
    view! {
        <Dialog title=format!("Revoke access of {name}?") on_close=on_close>
            <p>{does}</p>
            <p>{move || said.was_opened(&clock.speaker())}</p>
            {(!records.is_empty()).then(|| view! { <Titles records=records /> })}
            {(codes > 0)
                .then(|| {
                    view! {
                        <div class="say say--boxed say--warn">
                            <Glyph icon=Icon::Warning />
                            <div class="say__text">{warning(&name, &scope, codes)}</div>
                        </div>
                        <TickCards
                            label="QR codes"
                            choices=Signal::stored(vec![withdraw])
                            chosen=ticked
                        />
                    }
                })}
            {(past > 0)
                .then(|| {
                    view! {
                        <TickCards
                            label="Past records"
                            choices=Signal::stored(vec![anew])
                            chosen=ticked
                        />
                    }
                })}
            <DialogFoot
                act="Revoke"
                danger=true
                on_act=move |()| on_revoke.run(along())
                on_leave=on_close
            />
        </Dialog>
    }
}

#[component]
fn Titles(records: Vec<String>) -> impl IntoView {
    let more = records.len().saturating_sub(SHOWN);
    view! {
        <details class="details">
            <summary>"What could be read"</summary>
            <ul>
                {records
                    .into_iter()
                    .take(SHOWN)
                    .map(|title| view! { <li>{title}</li> })
                    .collect_view()}
                {(more > 0).then(|| view! { <li class="second">{format!("and {more} more")}</li> })}
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(opened: Vec<u64>, records: &[&str]) -> RevokeModel {
        RevokeModel {
            name: "Dr. Ben Okafor".to_owned(),
            scope: "General".to_owned(),
            opened,
            records: records.iter().map(|title| (*title).to_owned()).collect(),
            codes: 0,
            emergency: false,
            past: 0,
            wallet: "MetaMask".to_owned(),
        }
    }

    #[test]
    fn a_revocation_says_what_was_opened() {
        let speaker = Speaker { now: 1_795_161_600, offset: |_| 0 };
        let day = 86_400;
        let said = |opened, records| model(opened, records).was_opened(&speaker);
        assert_eq!(said(vec![], &[]), "It was never opened: nothing was read.");
        let twice = said(vec![speaker.now - day, speaker.now - 3 * day], &["Lipids", "Letter"]);
        assert!(twice.starts_with("It was opened twice, the last time "), "{twice}");
        assert!(twice.ends_with("Two records could be read then; what was read cannot be taken back."), "{twice}");
        assert!(said(vec![speaker.now], &[]).ends_with("There was nothing in it to read."));
        assert!(model(vec![], &[]).does().starts_with("Dr. Ben Okafor can no longer open General"));
    }

    #[test]
    fn a_code_that_leads_back_is_named() {
        assert_eq!(
            warning("Dr. Ben Okafor", "General", 1),
            "A QR code for General can still be used. If Dr. Ben Okafor holds it, it opens General again."
        );
        assert!(warning("x", "General", 2).starts_with("Two QR codes for General can still be used. If x holds one"));
    }
}
