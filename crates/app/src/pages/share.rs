//! Sharing: one decision per block, and what it means in a sentence.

use leptos::prelude::*;

use super::term::{Term, TermField, TermInput};
use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::choice::{Choice, ChoiceCards, TickCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::components::person_row::{Person, PersonHead};
use crate::load::Trouble;
use crate::speaking::{Say, date_input, list};

/// What can be shared with whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareModel {
    /// With whom.
    pub person: Person,
    /// The same within a sentence: `the doctors of Marienhospital`.
    pub called: String,
    /// Words of the person's key, to compare in person: `amber-otter-violin-17`.
    pub key_words: String,
    /// Folders, or one record: id, name, what it means.
    pub choices: Vec<Choice>,
    /// The ids chosen at first: what was asked for, or where one came from.
    pub chosen: Vec<String>,
    /// Several may be chosen: folders.
    pub several: bool,
    /// The end that was asked for, or that the grant has now.
    pub until: Option<u64>,
    /// Changes a grant that is there.
    pub changes: bool,
    /// The wallet's name.
    pub wallet: String,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareInput {
    /// With whom.
    pub address: String,
    /// The ids of what is shared.
    pub choices: Vec<String>,
    /// Until when, in seconds since 1970; none until it is revoked.
    pub until: Option<u64>,
}

/// The dialog.
#[component]
pub fn ShareDialog(
    /// What can be shared.
    model: ShareModel,
    /// It is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Shares it.
    #[prop(into)]
    on_share: Callback<ShareInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let ShareModel { person, called, key_words, choices, chosen, several, until, changes, wallet } = model;
    let clock = use_clock();
    let chosen = RwSignal::new(chosen);
    let (first_term, first_date) = match until {
        Some(until) => {
            let offset = (clock.speaker().offset)(until);
            (Term::Date, date_input(until, offset))
        }
        None if changes => (Term::Revoked, String::new()),
        None => (Term::Month, String::new()),
    };
    let term = TermInput::new(first_term, first_date);
    let end = move || term.end();
    let sentence = move || match end() {
        Ok(Some(until)) => format!(
            "Ends on {}. You can revoke it earlier. What has been read cannot be taken back. {wallet} asks once.",
            clock.speaker().say(until, Say::FullDate)
        ),
        Ok(None) => format!("Lasts until you revoke it. What has been read cannot be taken back. {wallet} asks once."),
        Err(_) => String::new(),
    };
    let names = {
        let choices = choices.clone();
        move || {
            let chosen = chosen.get();
            let names: Vec<String> = choices
                .iter()
                .filter(|choice| chosen.contains(&choice.id))
                .map(|choice| {
                    choice
                        .title
                        .strip_prefix("Folder ")
                        .or_else(|| choice.title.strip_prefix("Only "))
                        .unwrap_or(&choice.title)
                        .to_owned()
                })
                .collect();
            names
        }
    };
    let apart: Vec<String> = choices.iter().filter(|one| one.sensitive).map(|one| one.id.clone()).collect();
    let warned = Memo::new(move |_| chosen.with(|chosen| chosen.iter().any(|id| apart.contains(id))));
    let warning = sensitive_sentence(&called);
    let title = {
        let name = called;
        Signal::derive(move || {
            let names = names();
            if names.is_empty() { format!("Share with {name}") } else { format!("Share {} with {name}", list(&names)) }
        })
    };
    let address = person.address.clone();
    let share = move |()| {
        if let Ok(until) = end() {
            on_share.run(ShareInput { address: address.clone(), choices: chosen.get_untracked(), until });
        }
    };
    let what = if several {
        view! { <TickCards label="What" choices=Signal::stored(choices) chosen=chosen /> }.into_any()
    } else {
        view! {
            <ChoiceCards
                label="What"
                choices=Signal::stored(choices)
                chosen=Signal::derive(move || {
                    chosen.with(|chosen| chosen.first().cloned().unwrap_or_default())
                })
                on_choose=move |id| chosen.set(vec![id])
            />
        }
        .into_any()
    };
    view! {
        <Dialog title=title on_close=on_close>
            <PersonHead person=person key_words=key_words />
            {what}
            {move || {
                warned
                    .get()
                    .then(|| {
                        view! {
                            <div class="say say--boxed say--warn" role="status">
                                <Glyph icon=Icon::Lock />
                                <div class="say__text">{warning.clone()}</div>
                            </div>
                        }
                    })
            }}
            <div class="block">
                <TermField label="Until" by_hand="I revoke it" input=term />
                <p class="second">{sentence}</p>
            </div>
            <TroubleLine trouble=trouble />
            <DialogFoot
                act=if changes { "Save change" } else { "Share" }
                icon=Icon::Lock
                busy=busy
                disabled=Signal::derive(move || end().is_err() || chosen.with(Vec::is_empty))
                on_act=share
                on_leave=on_close
            />
        </Dialog>
    }
}

/// What sharing a sensitive folder means.
fn sensitive_sentence(name: &str) -> String {
    format!(
        "This folder is sensitive: {name} learns its name, reads everything in it, and what you add to it later. To show \
         one record of it alone, share it from the record’s page."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharing_what_is_sensitive_is_said() {
        assert!(sensitive_sentence("Dr. Sato").starts_with("This folder is sensitive: Dr. Sato learns its name"));
    }
}
