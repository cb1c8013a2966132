//! A patient takes over what a FHIR document says: the document itself as a record, so that nothing of it is lost, the
//! measurements that were chosen, and who one is with what was chosen of it, in one transaction.

use medkey_protocol::blocks::Category;
use rand_core::Rng;

use crate::{
    Medkey,
    add_record::{Details, PlainFile, StoredRecord},
    chain::Progress,
    fault::Fault,
    list_records::Records,
    me::Me,
    ports::{Bytes, Ports},
    record_vitals::{self, read_vitals},
    tell_about_me::{AboutMe, FHIR_JSON, FHIR_TYPES, found::Found, told_before},
};

use medkey_crypto::manifest::RecordKind;

/// What is kept of a document.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// What was found in it.
    pub found: &'a Found,
    /// What was chosen of that, by the places among the findings.
    pub chosen: &'a [usize],
    /// Who the patient is so far.
    pub about: &'a AboutMe,
    /// The document, stored; none where the chart holds it already.
    pub original: Option<&'a StoredRecord>,
}

/// What is said of a document that was imported.
#[must_use]
pub fn original_details(file_name: String) -> Details {
    Details {
        title: "Imported health record".into(),
        kind: RecordKind { system: FHIR_TYPES.into(), code: "Bundle".into(), display: "Imported".into() },
        media_type: FHIR_JSON.into(),
        file_name,
        effective: None,
        amends: None,
        answers: None,
    }
}

impl<P: Ports> Medkey<P> {
    /// Files what was chosen. The document goes into the private folder, which is never shared as a whole: it may say
    /// more than anybody has looked at.
    pub async fn import_document(
        &self,
        me: &Me,
        import: Import<'_>,
        records: &Records,
        progress: Progress<'_>,
    ) -> Result<(), Fault> {
        let mut random = [0; 16];
        self.ports.rng().fill_bytes(&mut random);
        let kept = import.found.keep(import.about, import.chosen, random);
        let vitals = match kept.vitals {
            Some(document) => Some(self.store_imported(me, document, progress).await?),
            None => None,
        };
        let about = match &kept.about {
            Some(about) => Some(self.store_about_me(me, about, progress).await?),
            None => None,
        };
        let mut filed = Vec::new();
        for (record, category) in [
            (import.original, Category::Private),
            (vitals.as_ref(), Category::Vitals),
            (about.as_ref(), Category::General),
        ] {
            if let Some(record) = record {
                filed.push((record, self.folder_of(me, category)?));
            }
        }
        // Nothing was chosen, and the chart holds the document.
        if filed.is_empty() {
            return Ok(());
        }
        let former = if about.is_some() { told_before(records) } else { Vec::new() };
        self.file_and_remove(me, &filed, &former, progress).await.map(drop)
    }

    async fn store_imported(&self, me: &Me, document: String, progress: Progress<'_>) -> Result<StoredRecord, Fault> {
        let newest = read_vitals(document.as_bytes()).into_iter().map(|one| one.at).max();
        // The list shows a day; a year alone is none.
        let day = newest.and_then(|at| at.get(..10).map(|day| format!("{day}T00:00:00Z")));
        let details = record_vitals::details("Imported measurements".into(), day);
        self.store_file(me.address, PlainFile { source: Bytes::from(document.into_bytes()), details }, progress).await
    }
}
