//! What a doctor has written for a chart and not filed yet: kept on the device, sealed, until it is in the chart.

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
    pub begun: Vec<Written>,
}

/// An entry that was kept as it is.
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
    pub(super) fn begun(&self, kind: Writing) -> Option<&Written> {
        self.begun.iter().rfind(|one| one.input.kind() == kind)
    }

    /// Keeps what stands in the fields of a kind; blank fields are nothing.
    pub(super) fn set_begun(&mut self, written: Written) {
        let kind = written.input.kind();
        match self.begun.iter().rposition(|one| one.input.kind() == kind) {
            Some(at) if written.input.is_blank() => drop(self.begun.remove(at)),
            Some(at) => self.begun[at] = written,
            None if written.input.is_blank() => {}
            None => self.begun.push(written),
        }
    }

    /// Keeps an entry to be filed with others.
    pub(super) fn keep(&mut self, kept: Kept) {
        if !kept.written.input.is_blank() {
            self.begun.retain(|one| *one != kept.written);
            self.kept.push(kept);
        }
    }

    /// Opens an entry that was kept.
    pub(super) fn reopen(&mut self, at: usize) -> Option<Writing> {
        let kept = (at < self.kept.len()).then(|| self.kept.remove(at))?;
        let kind = kept.written.input.kind();
        self.begun.push(kept.written);
        Some(kind)
    }

    /// Takes away what is in the chart now; what was changed since stays.
    pub(super) fn filed(&mut self, filed: &[Kept]) {
        for one in filed {
            match self.kept.iter().position(|kept| kept == one) {
                Some(at) => drop(self.kept.remove(at)),
                None => self.begun.retain(|begun| begun.input != one.written.input),
            }
        }
    }

    /// What it is called, and where one goes on.
    pub(super) fn titles(&self) -> Vec<String> {
        let all = self.kept.iter().map(|kept| &kept.written).chain(&self.begun);
        let word = |one: &Written| match one.input.title() {
            "" => one.input.kind().word().to_owned(),
            title => title.to_owned(),
        };
        all.map(word).collect()
    }

    /// What is opened to go on.
    pub(super) fn next(&self) -> Option<Writing> {
        let newest = self.begun.last().or_else(|| self.kept.last().map(|kept| &kept.written));
        newest.map(|written| written.input.kind())
    }
}

fn name(chart: Address) -> String {
    format!("entries {chart}")
}

impl DoctorDesk {
    /// Looks on the device for what was written for a chart, where that was not done yet.
    pub(super) async fn find_unfiled(self, chart: Address) {
        if self.unfiled.try_with_untracked(|all| all.contains_key(&chart)) != Some(false) {
            return;
        }
        let Some(open) = self.held().try_get_value() else { return };
        let found: Unfiled = open_draft(&open, &name(chart)).await.unwrap_or_default();
        let _left = self.unfiled.try_update(|all| all.entry(chart).or_insert(found));
    }

    /// What was written for a chart and is not filed.
    pub(super) fn unfiled_in(self, chart: Address) -> Unfiled {
        self.unfiled.with(|all| all.get(&chart).cloned()).unwrap_or_default()
    }

    /// Changes it, here and on the device.
    pub(super) fn change_unfiled<T>(self, chart: Address, change: impl FnOnce(&mut Unfiled) -> T) -> Option<T> {
        let changed = self.unfiled.try_update(|all| {
            let unfiled = all.entry(chart).or_default();
            (change(unfiled), unfiled.clone())
        });
        let (done, unfiled) = changed?;
        let open = self.held().try_get_value()?;
        keep_draft(&open, &name(chart), Some(&unfiled).filter(|unfiled| !unfiled.is_empty()));
        Some(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{write_entry::EntryInput, write_note::NoteInput};

    fn note(text: &str) -> Written {
        let input = EntryInput::Note(NoteInput { text: text.to_owned(), ..NoteInput::default() });
        Written { input, ..Written::blank(Writing::Note) }
    }

    fn kept(text: &str) -> Kept {
        Kept { written: note(text), answers: None }
    }

    #[test]
    fn what_was_kept_is_opened_again_and_nothing_begun_is_lost_with_it() {
        let mut unfiled = Unfiled::default();
        unfiled.set_begun(note("first"));
        unfiled.keep(kept("first"));
        assert_eq!((unfiled.kept.len(), unfiled.begun.len()), (1, 0));
        unfiled.set_begun(note("second"));
        assert_eq!(unfiled.reopen(0), Some(Writing::Note));
        assert_eq!(unfiled.begun(Writing::Note), Some(&note("first")));
        unfiled.set_begun(Written::blank(Writing::Note));
        assert_eq!(unfiled.begun(Writing::Note), Some(&note("second")));
        assert_eq!(unfiled.reopen(0), None);
    }

    #[test]
    fn what_was_changed_while_it_was_filed_stays() {
        let mut unfiled = Unfiled { kept: vec![kept("a"), kept("b"), kept("c")], begun: vec![note("d")] };
        unfiled.filed(&[kept("a"), kept("b"), kept("d")]);
        assert_eq!((&unfiled.kept, unfiled.begun.len()), (&vec![kept("c")], 0));
        assert_eq!(unfiled.titles(), ["Consultation note"]);
        unfiled.filed(&[kept("c")]);
        assert!(unfiled.is_empty() && unfiled.next().is_none());
    }

    #[test]
    fn blank_fields_are_nothing() {
        let mut unfiled = Unfiled::default();
        unfiled.set_begun(Written::blank(Writing::Plan));
        unfiled.keep(Kept { written: Written::blank(Writing::Plan), answers: None });
        assert!(unfiled.is_empty());
    }
}
