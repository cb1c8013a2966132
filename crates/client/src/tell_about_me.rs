//! A patient says who they are: a FHIR R4 Patient in the general folder of the own chart, in a Bundle with what else
//! matters in an emergency. Name and birth date go into every grant from there, so that the grantee knows whose chart it
//! is.

pub(crate) mod fhir;
pub mod found;

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::{Digest, blocks::Category};
use rand_core::Rng;

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile, StoredRecord},
    chain::Progress,
    fault::Fault,
    list_records::{Record, Records},
    me::Me,
    ports::{Bytes, Ports},
};

/// The system of FHIR's own types.
pub const FHIR_TYPES: &str = "http://hl7.org/fhir/fhir-types";
/// The media type of FHIR in JSON.
pub const FHIR_JSON: &str = "application/fhir+json";

/// Who a patient is, in the patient's own words.
#[derive(Debug, Clone, Default)]
pub struct AboutMe {
    /// As the patient is called.
    pub name: String,
    /// As FHIR writes a date: `1984-07-02`.
    pub birth_date: String,
    /// FHIR administrative gender: `female`, `male`, `other` or `unknown`.
    pub gender: String,
    /// Telephone number.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Postal address, in one line.
    pub address: String,
    /// What matters in an emergency.
    pub emergency: Emergency,
    /// The document that it was read from, empty before the first. Told anew, it keeps all that is not changed here:
    /// codes, dates, and what nobody here knows.
    pub document: String,
}

/// Two that say the same are equal, whatever else their documents hold.
impl PartialEq for AboutMe {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, birth_date, gender, phone, email, address, emergency, document: _ } = self;
        (name, birth_date, gender, phone, email, address, emergency)
            == (
                &other.name,
                &other.birth_date,
                &other.gender,
                &other.phone,
                &other.email,
                &other.address,
                &other.emergency,
            )
    }
}

impl Eq for AboutMe {}

/// What matters in an emergency, in the patient's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emergency {
    /// `A+`.
    pub blood_group: String,
    /// Allergies, each with what happens.
    pub allergies: Vec<String>,
    /// Illnesses that somebody who helps must know of.
    pub conditions: Vec<String>,
    /// Medicines that are taken, with their dose.
    pub medicines: Vec<String>,
    /// Whom to call.
    pub contacts: Vec<Contact>,
}

/// A list of what is told beside the Patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Blood group.
    BloodGroup,
    /// Allergies.
    Allergies,
    /// Conditions.
    Conditions,
    /// Medicines.
    Medicines,
}

/// Something that stands on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// On which.
    pub on: List,
    /// In which words.
    pub words: String,
    /// What happens, how it is taken, since when; may be empty.
    pub note: String,
    /// Whether it still holds.
    pub active: bool,
}

impl AboutMe {
    /// Reads a document, in which all that it says stays; `None` where nobody is described.
    #[must_use]
    pub fn read(document: &[u8]) -> Option<Self> {
        core::str::from_utf8(document).ok().and_then(fhir::read)
    }

    /// What the document lists, with what no longer holds.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        fhir::items(&self.document)
    }

    /// Who the patient is, as a FHIR Patient.
    pub(crate) fn patient(&self) -> serde_json::Value {
        fhir::patient(&fhir::write(self, [0; 16]))
    }
}

/// Somebody to call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub name: String,
    /// What that person is to the patient.
    pub relation: String,
    /// Telephone number.
    pub phone: String,
}

/// Whether a record is what the patient says of itself.
pub fn is_about_me(record: &Record) -> bool {
    record.author == record.chart && record.meta.kind.system == FHIR_TYPES && record.meta.kind.code == "Patient"
}

/// The manifests of what was told so far.
pub(crate) fn told_before(records: &Records) -> Vec<Digest> {
    records.records.iter().filter(|record| is_about_me(record)).map(|record| record.manifest).collect()
}

impl<P: Ports> Medkey<P> {
    /// Files who one is. The newest such record counts.
    pub async fn tell_about_me(&self, me: &Me, about: &AboutMe, progress: Progress<'_>) -> Result<Filed, Fault> {
        self.tell_anew(me, about, &Records::default(), progress).await
    }

    /// Files who one is, and takes what was said before out of the chart in the same transaction: an allergy that was a
    /// mistake is then read by nobody any more. What was said meanwhile on another device is not overwritten.
    pub async fn tell_anew(
        &self,
        me: &Me,
        about: &AboutMe,
        records: &Records,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let general = self.folder_of(me, Category::General)?;
        let record = self.store_about_me(me, about, progress).await?;
        let filed = self.file_and_remove(me, &[(&record, general)], &told_before(records), progress).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Encrypts and stores who one is.
    pub(crate) async fn store_about_me(
        &self,
        me: &Me,
        about: &AboutMe,
        progress: Progress<'_>,
    ) -> Result<StoredRecord, Fault> {
        let details = Details {
            title: "About me".into(),
            kind: RecordKind { system: FHIR_TYPES.into(), code: "Patient".into(), display: "About me".into() },
            media_type: FHIR_JSON.into(),
            file_name: "about-me.json".into(),
            effective: None,
            amends: None,
            answers: None,
        };
        let mut random = [0; 16];
        self.ports.rng().fill_bytes(&mut random);
        let source = Bytes::from(fhir::write(about, random).into_bytes());
        self.store_file(me.address, PlainFile { source, details }, progress).await
    }

    /// Reads who one is; `None` before it was told.
    pub async fn read_about_me(&self, records: &Records) -> Result<Option<AboutMe>, Fault> {
        let Some(record) = records.records.iter().find(|record| is_about_me(record)) else { return Ok(None) };
        Ok(AboutMe::read(&self.open_record(record).await?))
    }
}
