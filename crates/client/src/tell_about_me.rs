//! A patient says who they are: a FHIR R4 Patient in the general folder of the own chart, in a Bundle with what else
//! matters in an emergency. Name and birth date go into every grant from there, so that the grantee knows whose chart it
//! is.

mod fhir;

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::blocks::Category;
use rand_core::Rng;

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile},
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AboutMe {
    /// As the patient is called.
    pub name: String,
    /// As FHIR writes a date: `1984-07-02`.
    pub birth_date: String,
    /// FHIR administrative gender: `female`, `male`, `other` or `unknown`.
    pub gender: String,
    /// Telephone number.
    pub phone: String,
    /// What matters in an emergency.
    pub emergency: Emergency,
}

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

impl AboutMe {
    /// Who the patient is, as a FHIR Patient.
    pub(crate) fn patient(&self) -> serde_json::Value {
        fhir::patient(self)
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

impl<P: Ports> Medkey<P> {
    /// Files who one is. The newest such record counts.
    pub async fn tell_about_me(&self, me: &Me, about: &AboutMe, progress: Progress<'_>) -> Result<Filed, Fault> {
        self.tell_anew(me, about, &Records::default(), progress).await
    }

    /// Files who one is, and takes what was said before out of the chart in the same transaction: an allergy that was a
    /// mistake is then read by nobody any more.
    pub async fn tell_anew(
        &self,
        me: &Me,
        about: &AboutMe,
        records: &Records,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let folders = self.folders(&me.card());
        let general = folders.iter().find(|folder| folder.category == Some(Category::General)).ok_or(Fault::NoKey)?;
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
        let source = Bytes::from(fhir::write(about, random).to_string().into_bytes());
        let former = records.records.iter().filter(|record| is_about_me(record));
        let former: Vec<_> = former.map(|record| record.manifest).collect();
        let record = self.store_file(me.address, PlainFile { source, details }, progress).await?;
        self.file_and_remove(me, &record, general.id, &former, progress).await
    }

    /// Reads who one is; `None` before it was told.
    pub async fn read_about_me(&self, records: &Records) -> Result<Option<AboutMe>, Fault> {
        let Some(record) = records.records.iter().find(|record| is_about_me(record)) else { return Ok(None) };
        let bytes = self.open_record(record).await?;
        Ok(serde_json::from_slice(&bytes).ok().and_then(|document| fhir::read(&document)))
    }
}
