//! A patient says who they are: a FHIR R4 Patient in the general folder of the own chart. Name and birth date go into
//! every grant from there, so that the grantee knows whose chart it is.

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::blocks::Category;
use serde_json::{Value, json};

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
}

impl AboutMe {
    pub(crate) fn to_fhir(&self) -> Value {
        let mut patient = json!({ "resourceType": "Patient", "name": [{ "text": self.name }] });
        let filled = |text: &str| !text.is_empty();
        if filled(&self.birth_date) {
            patient["birthDate"] = json!(self.birth_date);
        }
        if filled(&self.gender) {
            patient["gender"] = json!(self.gender);
        }
        if filled(&self.phone) {
            patient["telecom"] = json!([{ "system": "phone", "value": self.phone }]);
        }
        patient
    }

    fn from_fhir(patient: &Value) -> Option<Self> {
        if patient["resourceType"] != "Patient" {
            return None;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let telecom = patient["telecom"].as_array().into_iter().flatten();
        let phone = telecom.filter(|point| point["system"] == "phone").map(|point| text(&point["value"])).next();
        Some(Self {
            name: text(&patient["name"][0]["text"]),
            birth_date: text(&patient["birthDate"]),
            gender: text(&patient["gender"]),
            phone: phone.unwrap_or_default(),
        })
    }
}

/// Whether a record is what the patient says of itself.
pub fn is_about_me(record: &Record) -> bool {
    record.author == record.chart && record.meta.kind.system == FHIR_TYPES && record.meta.kind.code == "Patient"
}

impl<P: Ports> Medkey<P> {
    /// Files who one is. The newest such record counts.
    pub async fn tell_about_me(&self, me: &Me, about: &AboutMe, progress: Progress<'_>) -> Result<Filed, Fault> {
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
        let source = Bytes::from(about.to_fhir().to_string().into_bytes());
        self.add_record(me, PlainFile { source, details }, general.id, progress).await
    }

    /// Reads who one is; `None` before it was told.
    pub async fn read_about_me(&self, records: &Records) -> Result<Option<AboutMe>, Fault> {
        let Some(record) = records.records.iter().find(|record| is_about_me(record)) else { return Ok(None) };
        let bytes = self.open_record(record).await?;
        Ok(serde_json::from_slice(&bytes).ok().and_then(|patient| AboutMe::from_fhir(&patient)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_read_again() {
        let about = AboutMe {
            name: "Amara Osei".into(),
            birth_date: "1984-07-02".into(),
            gender: "female".into(),
            phone: "+49 30 1234".into(),
        };
        assert_eq!(AboutMe::from_fhir(&about.to_fhir()), Some(about));
        let nameless = AboutMe::default();
        assert_eq!(AboutMe::from_fhir(&nameless.to_fhir()), Some(nameless));
        assert_eq!(AboutMe::from_fhir(&json!({ "resourceType": "Observation" })), None);
    }
}
