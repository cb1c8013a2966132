//! Making a QR code: which folder, until when, for how many, and how long each may read.

use leptos::prelude::*;

use super::term::{Term, TermField, TermInput};
use crate::clock::use_clock;
use crate::components::choice::{Choice, ChoiceCards, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::speaking::{Say, count, say_length};

const DAY: u32 = 86_400;
/// How many may use a code.
const CLAIMS: [u32; 5] = [1, 2, 3, 5, 10];
/// How long each may read.
const LENGTHS: [(u32, &str); 4] =
    [(DAY, "24 hours"), (7 * DAY, "7 days"), (30 * DAY, "30 days"), (365 * DAY, "1 year")];

/// What a code can be made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MakeOfferModel {
    /// Folders: id, name, what it means.
    pub folders: Vec<Choice>,
    /// The one chosen at first.
    pub chosen: String,
    /// It is the code of the emergency card.
    pub emergency: bool,
    /// The wallet's name.
    pub wallet: String,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferInput {
    /// The folder's id.
    pub folder: String,
    /// Until when it can be used; none until it is withdrawn.
    pub until: Option<u64>,
    /// How long each may read, in seconds.
    pub length: u32,
    /// How many may use it.
    pub claims: u32,
    /// It is the code of the emergency card.
    pub emergency: bool,
}

/// What the code will mean.
fn meaning(scope: &str, claims: u32, length: u32) -> String {
    let who = match claims {
        1 => "The first verified doctor or laboratory who scans it reads".to_owned(),
        many => format!(
            "The first {} verified doctors or laboratories who scan it each read",
            count(many as usize, "", "").trim()
        ),
    };
    format!("{who} {scope}, and what is added to it, for {}. You are told each time.", say_length(length))
}

/// The dialog.
#[component]
pub fn MakeOfferDialog(
    /// What a code can be made for.
    model: MakeOfferModel,
    /// Makes it.
    #[prop(into)]
    on_make: Callback<OfferInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let MakeOfferModel { folders, chosen, emergency, wallet } = model;
    let clock = use_clock();
    let chosen = RwSignal::new(chosen);
    let term = TermInput::new(if emergency { Term::Year } else { Term::Month }, String::new());
    let claims = RwSignal::new(if emergency { 10_u32 } else { 1 });
    let length = RwSignal::new(DAY);
    let end = move || term.end();
    let all = folders.clone();
    let name = Memo::new(move |_| {
        let found = chosen.with(|id| all.iter().find(|choice| choice.id == *id).map(|choice| choice.title.clone()));
        found.map(|title| title.strip_prefix("Folder ").map(str::to_owned).unwrap_or(title)).unwrap_or_default()
    });
    let hidden: Vec<String> =
        folders.iter().filter(|choice| choice.sensitive).map(|choice| choice.id.clone()).collect();
    let warned = Memo::new(move |_| chosen.with(|id| hidden.contains(id)));
    let sentence = move || {
        let until = match end() {
            Ok(Some(until)) => format!("It can be used until {}.", clock.speaker().say(until, Say::FullDate)),
            Ok(None) => "It can be used until you withdraw it.".to_owned(),
            Err(_) => String::new(),
        };
        format!("{} {until}", meaning(&name.get(), claims.get(), length.get()))
    };
    let make = move |()| {
        if let Ok(until) = end() {
            on_make.run(OfferInput {
                folder: chosen.get_untracked(),
                until,
                length: length.get_untracked(),
                claims: claims.get_untracked(),
                emergency,
            });
        }
    };
    let numbers = CLAIMS.map(|number| Choice::new(number.to_string(), number.to_string(), "")).to_vec();
    let lengths = LENGTHS.map(|(seconds, word)| Choice::new(seconds.to_string(), word, "")).to_vec();
    view! {
        <Dialog
            title=if emergency { "Put a code on the emergency card" } else { "Make a QR code" }
            on_close=on_close
        >
            <ChoiceCards
                label="What"
                choices=Signal::stored(folders)
                chosen=chosen
                on_choose=move |id| chosen.set(id)
            />
            {move || {
                warned
                    .get()
                    .then(|| {
                        view! {
                            <div class="say say--boxed say--warn">
                                <Glyph icon=Icon::Warning />
                                <div class="say__text">
                                    "This folder is sensitive, and everybody verified who gets hold of the code reads it. To show it to one person only, share it by name."
                                </div>
                            </div>
                        }
                    })
            }}
            <p class="second skip-gap" hidden=emergency>
                "Private is never shared as a whole and has no code. Show a record of it to somebody you choose by name."
            </p>
            <div class="block">
                <TermField label="Can be used until" by_hand="I withdraw it" input=term />
            </div>
            <ChoiceChips
                label="For how many doctors or laboratories"
                labelled=true
                choices=Signal::stored(numbers)
                chosen=Signal::derive(move || claims.get().to_string())
                on_choose=move |number: String| {
                    if let Ok(number) = number.parse() {
                        claims.set(number);
                    }
                }
            />
            <ChoiceChips
                label="Each may read for"
                labelled=true
                choices=Signal::stored(lengths)
                chosen=Signal::derive(move || length.get().to_string())
                on_choose=move |seconds: String| {
                    if let Ok(seconds) = seconds.parse() {
                        length.set(seconds);
                    }
                }
            />
            <div class="block">
                <p>{sentence}</p>
                <p class="second">
                    {format!(
                        "You can show and print it again on every device of yours while it can be used, and withdraw it earlier. {wallet} asks once.",
                    )}
                </p>
            </div>
            <DialogFoot
                act="Make code"
                icon=Icon::Qr
                disabled=Signal::derive(move || end().is_err() || name.with(String::is_empty))
                on_act=make
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_code_means_is_said_for_one_and_for_many() {
        assert_eq!(
            meaning("General", 1, DAY),
            "The first verified doctor or laboratory who scans it reads General, and what is added to it, for one day. You are told each time."
        );
        assert!(
            meaning("General", 3, 7 * DAY)
                .starts_with("The first three verified doctors or laboratories who scan it each read General")
        );
    }
}
