//! A patient asks doctors for treatment: a complaint in the patient's own words, filed as a FHIR R4 ServiceRequest in the
//! private folder and given as one record to each doctor who is asked, with the folders that they need for it. All of it
//! is one transaction. Whoever is asked is on the chain and nowhere else: the grantees of the record.
//!
//! What becomes of it follows from the chart: see [`crate::read_treatments`].

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::{Address, FolderId, SolCall, blocks::Category, contract::ICharts};
use serde_json::{Value, json};

use crate::{
    Medkey,
    add_record::{Along, Details, Filed, PlainFile, StoredRecord},
    chain::Progress,
    fault::{Fault, Refusal},
    folders::Changes,
    grant_access::{Decision, Shared, joining, lasts_longer},
    list_records::Record,
    me::Me,
    ports::{Bytes, Clock, Ports},
    read_treatments::Treatment,
    tell_about_me::{AboutMe, FHIR_JSON, FHIR_TYPES},
    time::rfc3339,
};

/// The FHIR type of a request for treatment.
pub const SERVICE_REQUEST: &str = "ServiceRequest";
/// Characters of the complaint that lists show.
const TITLE: usize = 80;
/// What the words of "since when" begin with in the document.
const SINCE: &str = "Since ";

/// What a patient asks to be treated for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// In the patient's own words.
    pub words: String,
    /// Since when; may be empty.
    pub since: String,
    /// The specialty that was looked for; may be empty.
    pub specialty: String,
    /// The hospital that was looked for; may be empty.
    pub hospital: String,
}

/// Whom a patient asks, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The doctors.
    pub doctors: &'a [Address],
    /// The folders that they may read for it.
    pub folders: &'a [FolderId],
    /// Until when: block time in seconds, exclusive.
    pub expiry: u64,
}

impl Complaint {
    /// What lists show of it: its beginning, in one line.
    #[must_use]
    pub fn title(&self) -> String {
        let line = self.words.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= TITLE {
            return line;
        }
        let short: String = line.chars().take(TITLE).collect();
        let whole = short.rsplit_once(' ').map_or(short.as_str(), |(whole, _)| whole);
        format!("{whole}…")
    }

    fn to_fhir(&self, patient: &str, now: &str) -> Value {
        let mut request = json!({
            "resourceType": SERVICE_REQUEST,
            "status": "active",
            "intent": "proposal",
            "subject": { "display": patient },
            "authoredOn": now,
            "reasonCode": [{ "text": self.words }],
        });
        if !self.since.is_empty() {
            request["note"] = json!([{ "text": format!("{SINCE}{}", self.since) }]);
        }
        if !self.specialty.is_empty() {
            request["performerType"] = json!({ "text": self.specialty });
        }
        if !self.hospital.is_empty() {
            request["locationReference"] = json!([{ "display": self.hospital }]);
        }
        request
    }

    /// Reads a document; `None` if it is no request for treatment.
    #[must_use]
    pub fn from_fhir(document: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if document["resourceType"] != SERVICE_REQUEST {
            return None;
        }
        let note = text(&document["note"][0]["text"]);
        Some(Self {
            words: text(&document["reasonCode"][0]["text"]),
            since: note.strip_prefix(SINCE).unwrap_or(&note).to_owned(),
            specialty: text(&document["performerType"]["text"]),
            hospital: text(&document["locationReference"][0]["display"]),
        })
    }
}

/// Whether a record is a patient's own request for treatment.
#[must_use]
pub fn is_treatment(record: &Record) -> bool {
    let kind = &record.meta.kind;
    record.author == record.chart && kind.system == FHIR_TYPES && kind.code == SERVICE_REQUEST
}

impl<P: Ports> Medkey<P> {
    /// Encrypts a complaint and stores it. Nobody learns of it before [`Self::ask_for_treatment`].
    pub async fn store_complaint(
        &self,
        me: &Me,
        about: &AboutMe,
        complaint: &Complaint,
        progress: Progress<'_>,
    ) -> Result<StoredRecord, Fault> {
        let now = rfc3339(self.ports.clock().now());
        let details = Details {
            title: complaint.title(),
            kind: RecordKind {
                system: FHIR_TYPES.into(),
                code: SERVICE_REQUEST.into(),
                display: "Treatment request".into(),
            },
            media_type: FHIR_JSON.into(),
            file_name: "treatment-request.json".into(),
            effective: Some(now.clone()),
            amends: None,
            answers: None,
        };
        let source = Bytes::from(complaint.to_fhir(&about.name, &now).to_string().into_bytes());
        self.store_file(me.address, PlainFile { source, details }, progress).await
    }

    /// Files a stored complaint and gives it to the doctors, with the folders, in one transaction. Whoever declined in the
    /// wallet comes back here; nothing is uploaded again. Who may read a folder longer already keeps that.
    pub async fn ask_for_treatment(
        &self,
        me: &Me,
        about: &AboutMe,
        record: &StoredRecord,
        asked: &Asked<'_>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let folders = self.folders(&me.card());
        let private = folders.iter().find(|folder| folder.category == Some(Category::Private)).ok_or(Fault::NoKey)?;
        let folders = asked.folders.iter().copied().map(Shared::Folder);
        let shared: Vec<Shared<'_>> = std::iter::once(Shared::Stored(record)).chain(folders).collect();
        let decision = Decision { grantees: asked.doctors, shared: &shared, expiry: asked.expiry, answers: None };
        self.file_and_grant(me, record, private.id, Along { about, decision: &decision }, progress).await
    }

    /// Gives those who were asked, and are still verified, more time, for the request and for the folders that came with
    /// it.
    pub async fn extend_treatment(
        &self,
        me: &Me,
        about: &AboutMe,
        (treatment, record): (&Treatment, &Record),
        expiry: u64,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        self.refresh_card(me).await?;
        let mut grantees = Vec::new();
        for grant in treatment.asked.iter().filter(|grant| grant.revoked.is_none()) {
            match self.verified(&[grant.grantee]).await {
                Ok(verified) => grantees.extend(verified),
                Err(Fault::Refused(Refusal::NotVerified)) => {}
                Err(fault) => return Err(fault),
            }
        }
        if grantees.is_empty() {
            return Err(Refusal::NotVerified.into());
        }
        let read = self.read_own_chart(me).await?;
        let folders = self.folders(&me.card());
        let came_along =
            |folder: &FolderId| treatment.came_along(&read.state).any(|grant| grant.scope == (*folder).into());
        let folders: Vec<FolderId> = folders.iter().map(|folder| folder.id).filter(came_along).collect();
        let folders = folders.into_iter().map(Shared::Folder);
        let shared: Vec<Shared<'_>> = std::iter::once(Shared::Record(record)).chain(folders).collect();
        let joining = joining(&grantees, &shared);
        let fitted = self.fit_rings(me, &read, &Changes { joining: &joining, ..Changes::default() }).await?;
        let card = fitted.as_ref().map_or_else(|| me.card(), |(_, card)| card.clone());
        let mut calls: Vec<Vec<u8>> = fitted.into_iter().map(|(call, _)| call).collect();
        let everybody = treatment.asked.iter().map(|grant| grant.grantee).collect::<Vec<_>>();
        let decision = Decision { grantees: &everybody, shared: &shared, expiry, answers: None };
        let wants = |grantee, scope| lasts_longer(&read, grantee, scope, expiry);
        calls.extend(self.grant_calls(me, &card, about, &grantees, &decision, wants).await?);
        let receipt = self.transact(calls, progress).await?;
        me.set_card(card);
        Ok(receipt.block)
    }

    /// Takes a request back: out of the chart, and from everybody who was asked. With `all` the folders that came with it
    /// are revoked too, and get new keys. What was read cannot be recalled.
    pub async fn withdraw_treatment(
        &self,
        me: &Me,
        treatment: &Treatment,
        all: bool,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        if !read.state.stands(treatment.manifest) {
            return Err(Fault::RecordChanged);
        }
        let along = treatment.came_along(&read.state).filter(|grant| all && grant.is_live(read.time));
        let asked = read.state.live_grants(read.time).filter(|grant| grant.scope == treatment.scope());
        let leaving: Vec<_> = asked.chain(along).map(|grant| (grant.grantee, grant.scope)).collect();
        let changes = Changes { leaving: &leaving, ..Changes::default() };
        let manifest = treatment.manifest.into();
        let remove = ICharts::removeRecordCall { chart: me.address, manifest }.abi_encode();
        self.take_back(me, &read, &changes, Some(remove), progress).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_read_as_it_was_written() {
        let mut complaint = Complaint { words: "Chest feels tight.\nOn stairs.".into(), ..Complaint::default() };
        assert_eq!(
            Complaint::from_fhir(&complaint.to_fhir("Amara Osei", "2026-11-20T08:12:00Z")).as_ref(),
            Some(&complaint)
        );
        complaint = Complaint {
            since: "last week".into(),
            specialty: "Cardiology".into(),
            hospital: "Marienhospital".into(),
            ..complaint
        };
        let document = complaint.to_fhir("Amara Osei", "2026-11-20T08:12:00Z");
        assert_eq!((&document["status"], &document["intent"]), (&json!("active"), &json!("proposal")));
        assert_eq!(Complaint::from_fhir(&document), Some(complaint));
        assert_eq!(Complaint::from_fhir(&json!({ "resourceType": "Patient" })), None);
    }

    #[test]
    fn a_list_shows_the_beginning_in_one_line() {
        let title = |words: &str| Complaint { words: words.into(), ..Complaint::default() }.title();
        assert_eq!(title("Chest feels tight.\n\nOn stairs. "), "Chest feels tight. On stairs.");
        let long = title(&"tight ".repeat(40));
        assert!(long.ends_with("tight…") && long.chars().count() <= TITLE + 1, "{long}");
        assert_eq!(title(&"x".repeat(200)).chars().count(), TITLE + 1);
    }
}
