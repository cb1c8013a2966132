//! Until when something lasts: a few usual terms, a day, or until somebody ends it by hand.

use leptos::prelude::*;

use crate::clock::{Clock, use_clock};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::{Field, Takes};
use crate::speaking::parse_date;

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
    fn key(self) -> &'static str {
        Self::ALL.iter().find(|(term, ..)| *term == self).map_or("", |(_, key, _)| key)
    }

    /// The term of a chip.
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, this, _)| *this == key).map(|(term, ..)| *term)
    }

    /// The chips; `ended` is the word for an end that somebody makes by hand.
    fn choices(ended: &str) -> Vec<Choice> {
        let word = |term, word: &'static str| if term == Self::Revoked { ended } else { word }.to_owned();
        Self::ALL.iter().map(|(term, key, said)| Choice::new(*key, word(*term, said), "")).collect()
    }

    /// The end this means now: `Ok(None)` is until revoked; an error says what
    /// is wrong with the date. `offset` is seconds east of UTC.
    fn until(self, now: u64, date: &str, offset: i32) -> Result<Option<u64>, &'static str> {
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

/// A term that is being chosen.
#[derive(Clone, Copy)]
pub struct TermInput {
    term: RwSignal<Term>,
    date: RwSignal<String>,
    clock: Clock,
}

impl TermInput {
    /// What is chosen at first; the date is that of [`Term::Date`].
    pub fn new(term: Term, date: String) -> Self {
        Self { term: RwSignal::new(term), date: RwSignal::new(date), clock: use_clock() }
    }

    /// What is chosen, to be kept: the name of the chip, and the date.
    pub fn kept(self) -> (String, String) {
        (self.term.get().key().to_owned(), self.date.get())
    }

    /// Chooses again what was kept.
    pub fn choose_kept(self, (key, date): (&str, &str)) {
        if let Some(term) = Term::from_key(key) {
            self.term.set(term);
            self.date.set(date.to_owned());
        }
    }

    /// The end that is chosen now; what is wrong with the date where there is none.
    pub fn end(self) -> Result<Option<u64>, &'static str> {
        let speaker = self.clock.speaker();
        let date = self.date.get();
        let offset = parse_date(&date).map_or(0, speaker.offset);
        self.term.get().until(speaker.now, &date, offset)
    }
}

/// Chips for the terms, and a field for the day.
#[component]
pub fn TermField(
    /// What is asked.
    label: &'static str,
    /// The word for an end that somebody makes by hand.
    by_hand: &'static str,
    /// What is chosen.
    input: TermInput,
) -> impl IntoView {
    let TermInput { term, date, .. } = input;
    let error = Signal::derive(move || input.end().err().filter(|_| !date.with(String::is_empty)).map(str::to_owned));
    view! {
        <ChoiceChips
            label=label
            labelled=true
            choices=Signal::stored(Term::choices(by_hand))
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
