//! A doctor writes into a patient's chart: notes, diagnoses, prescriptions and treatment plans. All are FHIR R4 resources,
//! delivered like any other record; what was written in one sitting goes in one transaction. What answers a request
//! names it. Who wrote an entry can amend it, and say that it holds no more or was a mistake.

mod fhir;

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::{Address, Digest, blocks::Category};

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile, StoredRecord},
    chain::Progress,
    fault::Fault,
    list_records::Record,
    me::Me,
    ports::{Bytes, Clock, Ports},
    tell_about_me::{FHIR_JSON, FHIR_TYPES},
    time::rfc3339,
};

/// A note in the doctor's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Shown in lists.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// A diagnosis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// In the doctor's words: `Arterial hypertension`.
    pub name: String,
    /// Its code, as it was typed: `I10.9`; may be empty.
    pub code: String,
    /// Whose code it is.
    pub system: CodeSystem,
    /// How it goes.
    pub course: Course,
    /// How sure it is.
    pub certainty: Certainty,
    /// Since when, as FHIR writes a date; may be empty.
    pub onset: String,
    /// What else is to be said; may be empty.
    pub note: String,
}

/// Whose codes name a diagnosis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodeSystem {
    /// ICD-10 of the WHO.
    #[default]
    Icd10,
    /// SNOMED CT.
    Snomed,
}

/// How an illness goes: FHIR's clinical status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Course {
    /// It is there.
    #[default]
    Active,
    /// It is there again.
    Recurrence,
    /// It is quiet, and may come back.
    Remission,
    /// It is over.
    Resolved,
}

/// How sure a diagnosis is: FHIR's verification status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Certainty {
    /// It is.
    #[default]
    Confirmed,
    /// It is assumed for now.
    Provisional,
    /// One of several that it may be.
    Differential,
    /// It was found not to be.
    Refuted,
}

/// A prescription.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prescription {
    /// Medicine and strength: `Atorvastatin 20 mg`.
    pub medicine: String,
    /// How much at a time: `1 tablet`.
    pub dose: String,
    /// How: `by mouth`; may be empty.
    pub route: String,
    /// When: `once a day, in the evening`.
    pub frequency: String,
    /// For how many days; 0 for as long as needed.
    pub days: u32,
    /// What the patient should know; may be empty.
    pub advice: String,
}

/// A treatment plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What it is for: `Less pressure on the heart`.
    pub title: String,
    /// What to do, each in a line of its own.
    pub activities: Vec<String>,
    /// The last day, as FHIR writes a date; empty where it has no end.
    pub until: String,
    /// What the patient should know; may be empty.
    pub advice: String,
}

/// What a doctor writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A note.
    Note(Note),
    /// A diagnosis.
    Diagnosis(Diagnosis),
    /// A prescription.
    Prescription(Prescription),
    /// A treatment plan.
    Plan(Plan),
}

/// Whether what was written still holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    #[default]
    Holds,
    /// It did, and was stopped.
    Stopped,
    /// It never did: it was filed by mistake.
    Mistaken,
}

/// An entry on its way into a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// What.
    pub entry: Entry,
    /// The folder it goes into; what is sensitive goes into the private one.
    pub category: Category,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

impl Entry {
    /// What lists show of it.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Note(note) => &note.title,
            Self::Diagnosis(diagnosis) => &diagnosis.name,
            Self::Prescription(prescription) => &prescription.medicine,
            Self::Plan(plan) => &plan.title,
        }
    }

    /// The folder for it, where nothing else is said.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Note(_) | Self::Diagnosis(_) => Category::General,
            Self::Prescription(_) | Self::Plan(_) => Category::Prescriptions,
        }
    }

    /// FHIR's name of it, and people's.
    fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Note(_) => ("DocumentReference", "Note"),
            Self::Diagnosis(_) => ("Condition", "Diagnosis"),
            Self::Prescription(_) => ("MedicationRequest", "Prescription"),
            Self::Plan(_) => ("CarePlan", "Treatment plan"),
        }
    }

    /// Whether a record says of itself that it is such an entry.
    #[must_use]
    pub fn is_said_by(record: &Record) -> bool {
        let kind = &record.meta.kind;
        let kinds = ["Note", "Diagnosis", "Prescription", "Treatment plan"];
        kind.system == FHIR_TYPES && kinds.contains(&kind.display.as_str())
    }

    fn file(&self, patient: Address, now: u64, amends: Option<(&Record, Standing)>) -> PlainFile<Bytes> {
        let now = rfc3339(now);
        let (code, display) = self.kind();
        let details = Details {
            title: self.title().to_owned(),
            file_name: format!("{}.json", display.to_lowercase().replace(' ', "-")),
            kind: RecordKind { system: FHIR_TYPES.into(), code: code.into(), display: display.into() },
            media_type: FHIR_JSON.into(),
            effective: Some(now.clone()),
            amends: None,
            answers: None,
        };
        let source = Bytes::from(self.to_fhir(patient, &now, amends).to_string().into_bytes());
        PlainFile { source, details }
    }
}

impl Writing {
    /// Into the folder for it.
    #[must_use]
    pub fn new(entry: Entry, answers: Option<Digest>) -> Self {
        Self { category: entry.category(), entry, answers }
    }
}

impl<P: Ports> Medkey<P> {
    /// Writes entries into a patient's chart, in one transaction.
    pub async fn write_entries(
        &self,
        me: &Me,
        patient: Address,
        entries: &[Writing],
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let stored = self.store_entries(patient, entries, progress).await?;
        self.file_entries(me, patient, (entries, &stored), progress).await
    }

    /// Writes one entry into the folder for it.
    pub async fn write_entry(
        &self,
        me: &Me,
        patient: Address,
        entry: Entry,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let filed = self.write_entries(me, patient, &[Writing::new(entry, answers)], progress).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Encrypts entries for a patient's chart and stores them.
    pub async fn store_entries(
        &self,
        patient: Address,
        entries: &[Writing],
        progress: Progress<'_>,
    ) -> Result<Vec<StoredRecord>, Fault> {
        // Asked first, so that nothing is uploaded for somebody who is no patient.
        self.card_of(patient).await?;
        let now = self.ports.clock().now();
        let mut stored = Vec::new();
        for Writing { entry, answers, .. } in entries {
            let PlainFile { source, details } = entry.file(patient, now, None);
            let file = PlainFile { source, details: Details { answers: *answers, ..details } };
            stored.push(self.store_file(patient, file, progress).await?);
        }
        Ok(stored)
    }

    /// Announces entries that were stored, in one transaction. Whoever declined in the wallet comes back here; nothing is
    /// uploaded again.
    pub async fn file_entries(
        &self,
        me: &Me,
        patient: Address,
        (entries, stored): (&[Writing], &[StoredRecord]),
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let records: Vec<_> = stored.iter().zip(entries.iter().map(|one| one.category)).collect();
        self.deliver_stored(me, patient, &records, progress).await
    }

    /// Encrypts what an own entry should have said, and stores it; [`Self::file_amendment`] announces it.
    pub async fn store_amended(
        &self,
        me: &Me,
        record: &Record,
        (entry, standing): (&Entry, Standing),
        progress: Progress<'_>,
    ) -> Result<StoredRecord, Fault> {
        self.beside(me, record).await?;
        let PlainFile { source, details } =
            entry.file(record.chart, self.ports.clock().now(), Some((record, standing)));
        let file = PlainFile { source, details: details.amending(record) };
        self.store_file(record.chart, file, progress).await
    }
}
