//! Sharing: one decision per block, and what it means in a sentence.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::choice::{Choice, ChoiceCards, ChoiceChips, TickCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::components::person_row::{Person, PersonHead};
use crate::load::Trouble;
use crate::speaking::{Say, date_input, list, parse_date};

const DAY: u64 = 86_400;

/// How long, as the chips say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// One day.
    Day,
    /// Thirty days.
    Month,
    /// A year.
    Year,
    /// Until the end of a day that is entered.
    Date,
    /// Until it is revoked.
    Revoked,
}

impl Term {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Day, "day", "1 day"),
        (Self::Month, "month", "30 days"),
        (Self::Year, "year", "1 year"),
        (Self::Date, "date", "A date…"),
        (Self::Revoked, "revoked", ""),
    ];

    /// The name of its chip.
    pub(super) fn key(self) -> &'static str {
        Self::ALL.iter().find(|(term, ..)| *term == self).map_or("", |(_, key, _)| key)
    }

    /// The term of a chip.
    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, this, _)| *this == key).map(|(term, ..)| *term)
    }

    /// The chips; `ended` is the word for an end that somebody makes by hand.
    pub(super) fn choices(ended: &str) -> Vec<Choice> {
        let word = |term, word: &'static str| if term == Self::Revoked { ended } else { word }.to_owned();
        Self::ALL.iter().map(|(term, key, said)| Choice::new(*key, word(*term, said), "")).collect()
    }

    /// The end this means now: `Ok(None)` is until revoked; an error says what
    /// is wrong with the date. `offset` is seconds east of UTC.
    pub(super) fn until(self, now: u64, date: &str, offset: i32) -> Result<Option<u64>, &'static str> {
        match self {
            Self::Day => Ok(Some(now + DAY)),
            Self::Month => Ok(Some(now + 30 * DAY)),
            Self::Year => Ok(Some(now + 365 * DAY)),
            Self::Revoked => Ok(None),
            Self::Date => {
                let midnight = parse_date(date).ok_or("Enter the last day.")?;
                let end = (midnight + DAY - 1).saturating_add_signed(-i64::from(offset));
                if end > now { Ok(Some(end)) } else { Err("That day is over. Enter a later one.") }
            }
        }
    }
}

/// What can be shared with whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareModel {
    /// With whom.
    pub person: Person,
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
    let ShareModel { person, key_words, choices, chosen, several, until, changes, wallet } = model;
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
    let term = RwSignal::new(first_term);
    let date = RwSignal::new(first_date);
    let end = move || {
        let speaker = clock.speaker();
        let date = date.get();
        let offset = parse_date(&date).map_or(0, speaker.offset);
        term.get().until(speaker.now, &date, offset)
    };
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
    let title = {
        let name = person.name.clone();
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
    let error = Signal::derive(move || end().err().filter(|_| !date.with(String::is_empty)).map(str::to_owned));
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
            <div class="block">
                <ChoiceChips
                    label="Until"
                    labelled=true
                    choices=Signal::stored(Term::choices("I revoke it"))
                    chosen=Signal::derive(move || term.get().key().to_owned())
                    on_choose=move |key: String| {
                        if let Some(chosen) = Term::from_key(&key) {
                            term.set(chosen);
                        }
                    }
                />
                {move || {
                    (term.get() == Term::Date)
                        .then(|| {
                            view! { <Field label="Last day" value=date takes=Takes::Day error=error /> }
                        })
                }}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_end_when_they_say() {
        let now = 1_795_161_600;
        assert_eq!(Term::Day.until(now, "", 0), Ok(Some(now + DAY)));
        assert_eq!(Term::Revoked.until(now, "", 0), Ok(None));
        // The last second of that day on the wall, one hour east of UTC.
        assert_eq!(Term::Date.until(now, "2026-12-20", 3600), Ok(Some(parse_date("2026-12-21").unwrap() - 1 - 3600)));
        assert!(Term::Date.until(now, "2026-11-19", 3600).is_err());
        assert!(Term::Date.until(now, "", 0).is_err());
    }

    #[test]
    fn every_term_has_its_own_key() {
        for (term, key, _) in Term::ALL {
            assert_eq!(Term::from_key(key), Some(term));
            assert_eq!(term.key(), key);
        }
    }
}
