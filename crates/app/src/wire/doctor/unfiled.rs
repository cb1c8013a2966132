//! What a doctor has written for a chart and not filed yet: kept on the device, sealed, until it is in the chart.

use std::collections::BTreeMap;

use leptos::prelude::*;
use medkey_protocol::{Address, Digest};
use serde::{Deserialize, Serialize};

use super::desk::DoctorDesk;
use crate::{
    pages::write_entry::{Writing, Written},
    wire::drafts::{keep_draft, open_draft},
};

/// What was written for one chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unfiled {
    /// Complete, to be filed together.
    pub kept: Vec<Kept>,
    /// Begun, the newest last.
    pub begun: Vec<Kept>,
}

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// What.
    pub written: Written,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

impl Unfiled {
    fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.begun.is_empty()
    }

    /// What was begun of a kind.
    pub(super) fn begun(&self, kind: Writing) -> Option<&Kept> {
        self.begun.iter().rfind(|one| one.kind() == kind)
    }

    /// Keeps what stands in the fields of a kind; blank fields are nothing.
    pub(super) fn set_begun(&mut self, begun: Kept) {
        match self.begun.iter().rposition(|one| one.kind() == begun.kind()) {
            Some(at) if begun.is_blank() => drop(self.begun.remove(at)),
            Some(at) => self.begun[at] = begun,
            None if begun.is_blank() => {}
            None => self.begun.push(begun),
        }
    }

    /// Keeps an entry to be filed with others.
    pub(super) fn keep(&mut self, kept: Kept) {
        if !kept.is_blank() {
            self.begun.retain(|one| *one != kept);
            self.kept.push(kept);
        }
    }

    /// Opens an entry that was kept.
    pub(super) fn reopen(&mut self, at: usize) -> Option<Writing> {
        let kept = (at < self.kept.len()).then(|| self.kept.remove(at))?;
        let kind = kept.kind();
        self.begun.push(kept);
        Some(kind)
    }

    /// Takes away what is in the chart now; what was changed since stays.
    pub(super) fn filed(&mut self, filed: &[Kept]) {
        for one in filed {
            match self.kept.iter().position(|kept| kept == one) {
                Some(at) => drop(self.kept.remove(at)),
                None => self.begun.retain(|begun| begun.written.input != one.written.input),
            }
        }
    }

    /// What it is called.
    pub(super) fn titles(&self) -> Vec<String> {
        let word = |one: &Kept| match one.written.input.title() {
            "" => one.kind().word().to_owned(),
            title => title.to_owned(),
        };
        self.kept.iter().chain(&self.begun).map(word).collect()
    }

    /// What is opened to go on.
    pub(super) fn next(&self) -> Option<Writing> {
        self.begun.last().or(self.kept.last()).map(Kept::kind)
    }
}

impl Kept {
    pub(super) fn kind(&self) -> Writing {
        self.written.input.kind()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.written.input.is_blank()
    }
}

/// By chart; those in which nothing waits are left out.
pub(super) type AllUnfiled = BTreeMap<Address, Unfiled>;

/// What tells this draft from others.
const NAME: &str = "entries";

impl DoctorDesk {
    /// Looks on the device for what was written, where that was not done yet.
    pub(super) async fn find_unfiled(self) {
        let Some(open) = self.held().try_get_value() else { return };
        if self.unfiled.try_with_untracked(Option::is_none) == Some(true) {
            let found: AllUnfiled = open_draft(&open, NAME).await.unwrap_or_default();
            let _left = self.unfiled.try_update(|all| {
                all.get_or_insert(found);
            });
        }
    }

    /// What was written for a chart and is not filed.
    pub(super) fn unfiled_in(self, chart: Address) -> Unfiled {
        self.unfiled.with(|all| all.as_ref().and_then(|all| all.get(&chart)).cloned()).unwrap_or_default()
    }

    /// Changes it, here and on the device.
    pub(super) fn change_unfiled<T>(self, chart: Address, change: impl FnOnce(&mut Unfiled) -> T) -> Option<T> {
        let changed = self.unfiled.try_update(|all| {
            let all = all.as_mut()?;
            let done = change(all.entry(chart).or_default());
            all.retain(|_, unfiled| !unfiled.is_empty());
            Some((done, all.clone()))
        });
        let (done, all) = changed??;
        let open = self.held().try_get_value()?;
        keep_draft(&open, NAME, Some(&all).filter(|all| !all.is_empty()));
        Some(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{write_entry::EntryInput, write_note::NoteInput};

    fn note(text: &str) -> Kept {
        let input = EntryInput::Note(NoteInput { text: text.to_owned(), ..NoteInput::default() });
        Kept { written: Written { input, ..Written::blank(Writing::Note) }, answers: None }
    }

    fn blank(kind: Writing) -> Kept {
        Kept { written: Written::blank(kind), answers: None }
    }

    #[test]
    fn what_was_kept_is_opened_again_and_nothing_begun_is_lost_with_it() {
        let mut unfiled = Unfiled::default();
        unfiled.set_begun(note("first"));
        unfiled.keep(note("first"));
        assert_eq!((unfiled.kept.len(), unfiled.begun.len()), (1, 0));
        unfiled.set_begun(note("second"));
        assert_eq!(unfiled.reopen(0), Some(Writing::Note));
        assert_eq!(unfiled.begun(Writing::Note), Some(&note("first")));
        unfiled.set_begun(blank(Writing::Note));
        assert_eq!(unfiled.begun(Writing::Note), Some(&note("second")));
        assert_eq!(unfiled.reopen(0), None);
    }

    #[test]
    fn what_was_changed_while_it_was_filed_stays() {
        let mut unfiled = Unfiled { kept: vec![note("a"), note("b"), note("c")], begun: vec![note("d")] };
        unfiled.filed(&[note("a"), note("b"), note("d")]);
        assert_eq!((&unfiled.kept, unfiled.begun.len()), (&vec![note("c")], 0));
        assert_eq!(unfiled.titles(), ["Consultation note"]);
        unfiled.filed(&[note("c")]);
        assert!(unfiled.is_empty() && unfiled.next().is_none());
    }

    #[test]
    fn blank_fields_are_nothing() {
        let mut unfiled = Unfiled::default();
        unfiled.set_begun(blank(Writing::Plan));
        unfiled.keep(blank(Writing::Plan));
        assert!(unfiled.is_empty());
    }
}
