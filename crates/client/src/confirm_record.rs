//! A doctor looks through somebody else's record and finds it right: "checked by". That is a record of its own beside the
//! other, a FHIR R4 Provenance, whose sealed meta names the other and its content: so the confirmation stays with a
//! record that is renamed or moved, and does not pass to another file in its place.

use medkey_crypto::manifest::{Confirmed, RecordKind};
use medkey_protocol::ids::Fixed;
use serde_json::{Value, json};

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile},
    chain::Progress,
    fault::Fault,
    list_records::Record,
    me::Me,
    ports::{Bytes, Clock, Ports},
    tell_about_me::{FHIR_JSON, FHIR_TYPES},
    time::rfc3339,
};

impl Record {
    /// Whether another record of the same chart confirms this one. Nobody confirms what is one's own, and no patient is
    /// taken for somebody who checks.
    pub fn is_confirmed_by(&self, other: &Self) -> bool {
        let author = self.origin.unwrap_or(self.author);
        let names = |confirmed: &Confirmed| confirmed.record == self.id && confirmed.content.0 == self.content;
        other.chart == self.chart
            && other.meta.confirms.as_ref().is_some_and(names)
            && other.author != other.chart
            && other.author != author
    }

    fn confirmed(&self) -> Confirmed {
        Confirmed { record: self.id, content: Fixed(self.content) }
    }

    /// R4 Provenance; who confirms is the event's author, named here by the account alone.
    fn confirmation(&self, me: &Me, now: &str) -> Value {
        json!({
            "resourceType": "Provenance",
            "target": [{ "reference": format!("urn:medkey:record:{}", self.id), "display": self.meta.title }],
            "recorded": now,
            "activity": { "text": "Checked" },
            "agent": [{
                "type": { "coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                    "code": "verifier", "display": "Verifier",
                }] },
                "who": { "identifier": { "system": "urn:medkey:account", "value": me.address.to_string() } },
            }],
        })
    }
}

impl<P: Ports> Medkey<P> {
    /// Confirms a record of a patient's chart, in its folder.
    pub async fn confirm_record(&self, me: &Me, record: &Record, progress: Progress<'_>) -> Result<Filed, Fault> {
        let now = rfc3339(self.ports.clock().now());
        let details = Details {
            title: format!("Checked: {}", record.meta.title),
            file_name: "checked.json".to_owned(),
            kind: RecordKind { system: FHIR_TYPES.into(), code: "Provenance".into(), display: "Checked".into() },
            media_type: FHIR_JSON.into(),
            effective: Some(now.clone()),
            amends: None,
            answers: None,
        };
        let source = Bytes::from(record.confirmation(me, &now).to_string().into_bytes());
        // Asked first, so that nothing is uploaded for somebody who is no patient.
        self.card_of(record.chart).await?;
        let stored = self.store_file(record.chart, PlainFile { source, details }, progress).await?;
        self.deliver_into(me, record.chart, &stored.confirming(record.confirmed()), record.folder, progress).await
    }
}
