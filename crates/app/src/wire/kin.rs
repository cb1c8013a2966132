//! Records that belong together: what corrects what, who checked what, what answers what.

use std::collections::BTreeMap;

use medkey_client::{
    chart::{Asked, Chart},
    list_records::{Record, Records},
};
use medkey_protocol::{Address, Digest, RecordId};

use crate::{
    components::{
        chip::{Badge, Tone},
        icon::Icon,
    },
    pages::earlier::Kin,
    speaking::{Say, Speaker},
};

/// The records of a list by those they name.
#[derive(Debug)]
pub struct Kinship<'a> {
    by_id: BTreeMap<RecordId, &'a Record>,
    amending: BTreeMap<RecordId, Vec<&'a Record>>,
    confirming: BTreeMap<RecordId, Vec<&'a Record>>,
}

impl<'a> Kinship<'a> {
    /// Looks through a list, the newest first.
    #[must_use]
    pub fn of(records: &'a Records) -> Self {
        let mut kinship = Self { by_id: BTreeMap::new(), amending: BTreeMap::new(), confirming: BTreeMap::new() };
        for record in &records.records {
            kinship.by_id.insert(record.id, record);
            if let Some(amends) = record.meta.amends {
                kinship.amending.entry(amends).or_default().push(record);
            }
            if let Some(confirms) = record.meta.confirms {
                kinship.confirming.entry(confirms.record).or_default().push(record);
            }
        }
        kinship
    }

    /// What amends a record; whether it is a correction: by its own author or by the patient. Anybody else only says so.
    fn amending(&self, record: &'a Record) -> impl Iterator<Item = (&'a Record, bool)> {
        let others = self.amending.get(&record.id).into_iter().flatten();
        others.filter(move |other| other.id != record.id).map(move |other| (*other, other.corrects(record)))
    }

    /// Whether another record takes its place.
    #[must_use]
    pub fn is_corrected(&self, record: &'a Record) -> bool {
        self.amending(record).any(|(_, corrects)| corrects)
    }

    /// Who checked a record, each once, with the newest of their confirmations.
    fn checks(&self, record: &'a Record) -> Vec<&'a Record> {
        let mut checks: Vec<&Record> = Vec::new();
        for other in self.confirming.get(&record.id).into_iter().flatten() {
            if record.is_confirmed_by(other) && !checks.iter().any(|known| known.author == other.author) {
                checks.push(other);
            }
        }
        checks
    }

    /// Whether this member has checked it.
    #[must_use]
    pub fn is_checked_by(&self, record: &'a Record, member: Address) -> bool {
        self.checks(record).iter().any(|check| check.author == member)
    }

    /// The record that a confirmation is about, if it is here and still what was looked at.
    #[must_use]
    pub fn confirmed(&self, record: &'a Record) -> Option<&'a Record> {
        let confirmed = self.by_id.get(&record.meta.confirms?.record)?;
        confirmed.is_confirmed_by(record).then_some(*confirmed)
    }

    /// What a list says of a record; of a confirmation nothing, for it is said of the other record.
    #[must_use]
    pub fn badge(&self, record: &'a Record) -> Option<Badge> {
        if self.is_corrected(record) {
            return Some(Badge::new(Tone::Warn, "Corrected"));
        }
        if !self.checks(record).is_empty() {
            return Some(Badge::new(Tone::Accent, "Checked"));
        }
        record.meta.amends.filter(|_| record.author != record.chart).map(|_| Badge::new(Tone::Info, "Correction"))
    }

    /// What belongs to a record, what matters most first.
    #[must_use]
    pub fn lines(&self, record: &'a Record, state: &Chart, said: &Said<'_>) -> Vec<Kin> {
        let mut lines = Vec::new();
        for (other, corrects) in self.amending(record) {
            let word = if corrects { "Corrected" } else { "Amended" };
            let line = said.of(Icon::Warning, &format!("{word} by {}:", said.who_and_when(other)), other);
            lines.push(Kin { loud: corrects, ..line });
        }
        if let Some(amends) = record.meta.amends {
            match self.by_id.get(&amends) {
                Some(other) if other.written_by() == record.written_by() => {
                    lines.push(said.of(Icon::Pencil, "Corrects", other))
                }
                Some(other) => lines.push(said.of(Icon::Pencil, "Amends", other)),
                // What the patient replaced stands among the earlier files.
                None if record.author == record.chart => {}
                None => lines.push(Kin::plain(Icon::Pencil, "Corrects an earlier record that is not here")),
            }
        }
        for check in self.checks(record) {
            let word = format!("Checked by {}", said.who_and_when(check));
            lines.push(Kin { word: String::new(), title: word, ..said.of(Icon::Checked, "", check) });
        }
        if record.meta.confirms.is_some() {
            lines.push(match self.confirmed(record) {
                Some(other) => said.of(Icon::Checked, "Confirms", other),
                None => Kin::plain(Icon::Checked, "Confirms a record that is not here, or that has another file now"),
            });
        }
        lines.extend(self.answers(record, state, said));
        lines
    }

    fn answers(&self, record: &'a Record, state: &Chart, said: &Said<'_>) -> Vec<Kin> {
        let mut lines = Vec::new();
        if let Some(answers) = record.meta.answers {
            let now = current(state, answers);
            let asked = self.by_id.values().find(|other| other.manifest == now);
            if let Some(asked) = asked {
                lines.push(said.of(Icon::Request, "Answers", asked));
            } else if let Some(asked) = state.requests.iter().find(|asked| asked.reason == answers) {
                lines.push((said.request)(asked));
            }
        }
        let own = manifests(state, record.manifest);
        let answering = |other: &&&Record| other.meta.answers.is_some_and(|answers| own.contains(&answers));
        for other in self.by_id.values().filter(answering).filter(|other| other.id != record.id) {
            lines.push(said.of(Icon::Request, &format!("Answered by {}:", said.who_and_when(other)), other));
        }
        lines
    }
}

/// The manifest and all that it has taken the place of.
fn manifests(state: &Chart, manifest: Digest) -> Vec<Digest> {
    let mut found = vec![manifest];
    let replaced = |manifest: Digest| state.records.iter().find(|one| one.manifest == manifest)?.replaces;
    let mut at = manifest;
    while let Some(before) = replaced(at).filter(|before| !found.contains(before)) {
        found.push(before);
        at = before;
    }
    found
}

/// The manifest that stands where this one stood.
fn current(state: &Chart, manifest: Digest) -> Digest {
    let mut at = manifest;
    // What takes a place was announced after what stood there, so this ends.
    for announced in &state.records {
        if announced.replaces == Some(at) {
            at = announced.manifest;
        }
    }
    at
}

/// How records are named where they are shown.
pub struct Said<'a> {
    /// `Nordlab Diagnostics`, `you`.
    pub name: &'a dyn Fn(&Record) -> String,
    /// Where a record opens.
    pub href: &'a dyn Fn(&Record) -> String,
    /// The line for a request for access that was answered.
    pub request: &'a dyn Fn(&Asked) -> Kin,
    /// Says dates.
    pub speaker: &'a Speaker,
}

impl core::fmt::Debug for Said<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Said").finish_non_exhaustive()
    }
}

impl Said<'_> {
    fn who_and_when(&self, record: &Record) -> String {
        format!("{} on {}", (self.name)(record), self.speaker.say(record.first.time, Say::FullDate))
    }

    fn of(&self, icon: Icon, word: &str, record: &Record) -> Kin {
        Kin {
            icon,
            loud: false,
            word: word.to_owned(),
            title: record.meta.title.clone(),
            href: Some((self.href)(record)),
        }
    }
}
