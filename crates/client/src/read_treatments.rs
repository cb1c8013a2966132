//! What became of the requests for treatment in a chart, as whoever reads it can tell: pending until somebody who was
//! asked files an answer. Nothing of it is kept anywhere but in the chart itself.

use medkey_protocol::{Address, Digest, RecordId, Scope, chart::ChartEvent};

use crate::{
    Medkey,
    ask_for_treatment::is_treatment,
    chart::{Chart, Grant, Place},
    fault::Fault,
    list_records::{OwnKeys, Record, Records},
    me::Me,
    ports::Ports,
    read_chart::ReadChart,
};

/// A request for treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatment {
    /// The record that asks.
    pub record: RecordId,
    /// Its manifest.
    pub manifest: Digest,
    /// What an answer names: the manifest that the chart first announced it with.
    pub request: Digest,
    /// The beginning of the complaint.
    pub title: String,
    /// When it was asked.
    pub at: Place,
    /// Who was asked: the newest grant of each.
    pub asked: Vec<Grant>,
    /// The answers, oldest first.
    pub answers: Vec<TreatmentAnswer>,
    /// What became of it.
    pub state: TreatmentState,
}

/// What became of a request for treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreatmentState {
    /// Nobody has answered yet.
    Pending,
    /// Somebody who was asked has answered; how the newest answer does it, of several in one transaction that which says
    /// most.
    Answered(How),
    /// Nobody answered in the time that was given.
    Ended,
    /// The patient took it back.
    Withdrawn(Option<Place>),
}

/// How a request was answered; what says more comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// With a note, or anything else.
    Answered,
    /// With a treatment plan.
    Planned,
    /// With a prescription.
    Prescribed,
}

/// An answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreatmentAnswer {
    /// The record.
    pub record: RecordId,
    /// Its title.
    pub title: String,
    /// By whom.
    pub author: Address,
    /// When it came.
    pub at: Place,
    /// How it answers.
    pub how: How,
}

impl Treatment {
    /// The scope that those who were asked can open.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.record.into()
    }

    /// The grants of folders that were given in the same transaction to those who were asked, and still live as they were
    /// given then.
    pub fn came_along<'a>(&'a self, state: &'a Chart) -> impl Iterator<Item = &'a Grant> {
        let with = |grant: &&Grant| {
            let same =
                |asked: &Grant| asked.grantee == grant.grantee && asked.since.transaction == grant.since.transaction;
            grant.scope != self.scope() && grant.revoked.is_none() && self.asked.iter().any(same)
        };
        state.grants.iter().filter(with)
    }
}

impl How {
    fn of(kind: &str) -> Self {
        match kind {
            "MedicationRequest" => Self::Prescribed,
            "CarePlan" => Self::Planned,
            _ => Self::Answered,
        }
    }
}

/// The requests for treatment among the records of a chart, the newest first, as far as whoever reads it can tell. Only
/// what was given to somebody as one record is a request.
#[must_use]
pub fn treatments(read: &ReadChart, records: &Records) -> Vec<Treatment> {
    let requests = records.records.iter().filter(|record| is_treatment(record));
    requests.filter_map(|record| treatment(read, record, &records.records)).collect()
}

fn treatment(read: &ReadChart, record: &Record, records: &[Record]) -> Option<Treatment> {
    let scope = Scope::from(record.id);
    let given: Vec<&Grant> = read.state.grants.iter().filter(|grant| grant.scope == scope).collect();
    let newest = |grant: &&&Grant| read.state.grant(grant.grantee, scope) == Some(**grant);
    let asked: Vec<Grant> = given.iter().filter(newest).map(|grant| (*grant).clone()).collect();
    if asked.is_empty() {
        return None;
    }
    // Somebody who was asked, and from whom it was not taken back before: not before the first of the grants, nor after
    // the last was revoked.
    let counts = |author: Address, at: Place| {
        let first = given.iter().find(|grant| grant.grantee == author);
        let last = read.state.grant(author, scope);
        author != record.chart
            && first.is_some_and(|grant| grant.since.block <= at.block)
            && last.is_some_and(|grant| grant.revoked.is_none_or(|revoked| at.block <= revoked.block))
    };
    let answer = |other: &Record| {
        let answering = other.answers.as_ref().filter(|answering| answering.request == record.first_manifest)?;
        let author = other.origin.unwrap_or(other.author);
        counts(author, other.first).then(|| TreatmentAnswer {
            record: other.id,
            title: other.meta.title.clone(),
            author,
            at: other.first,
            how: How::of(&answering.kind.code),
        })
    };
    // What was corrected since is said by its correction.
    let stands = |one: &&Record| !records.iter().any(|other| other.corrects(one) && answer(other).is_some());
    let mut answers: Vec<TreatmentAnswer> = records.iter().rev().filter(stands).filter_map(answer).collect();
    answers.sort_by_key(|answer| answer.at.block);
    let newest = answers.last().map(|newest| newest.at.transaction);
    let how = answers.iter().filter(|answer| Some(answer.at.transaction) == newest).map(|answer| answer.how).max();
    let state = match how {
        Some(how) => TreatmentState::Answered(how),
        None if !read.state.stands(record.manifest) => {
            let removed = |event: &ChartEvent| *event == ChartEvent::RecordRemoved { manifest: record.manifest };
            let entry = read.entries.iter().find(|entry| removed(&entry.event));
            TreatmentState::Withdrawn(entry.map(Place::from))
        }
        None if asked.iter().any(|grant| grant.is_live(read.time)) => TreatmentState::Pending,
        None if asked.iter().any(|grant| grant.revoked.is_none()) => TreatmentState::Ended,
        None => TreatmentState::Withdrawn(asked.iter().filter_map(|grant| grant.revoked).max_by_key(|at| at.block)),
    };
    Some(Treatment {
        record: record.id,
        manifest: record.manifest,
        request: record.first_manifest,
        title: record.meta.title.clone(),
        at: record.first,
        asked,
        answers,
        state,
    })
}

impl<P: Ports> Medkey<P> {
    /// The requests for treatment of one's own chart, the newest first, those among them that were taken back.
    pub async fn list_treatments(&self, me: &Me, read: &ReadChart, records: &Records) -> Result<Vec<Treatment>, Fault> {
        let mut found = treatments(read, records);
        let withdrawn = self.withdrawn(me, read, records).await?;
        found.extend(withdrawn.records.iter().filter_map(|record| treatment(read, record, &records.records)));
        found.sort_by_key(|treatment| core::cmp::Reverse(treatment.at.block));
        Ok(found)
    }

    /// Requests that are out of the chart. Only where something was given that is neither a folder nor a record of now can
    /// there be any.
    async fn withdrawn(&self, me: &Me, read: &ReadChart, records: &Records) -> Result<Records, Fault> {
        let folders: Vec<Scope> = self.folders(&me.card()).iter().map(|folder| folder.id.into()).collect();
        let known = |scope: &Scope| {
            folders.contains(scope) || records.records.iter().any(|record| Scope::from(record.id) == *scope)
        };
        let mut lost: Vec<Scope> =
            read.state.grants.iter().map(|grant| grant.scope).filter(|one| !known(one)).collect();
        let (mut keys, mut found) = (OwnKeys::default(), Records::default());
        for announced in read.state.records.iter().rev() {
            if lost.is_empty() {
                break;
            }
            let gone = !announced.current && announced.author == read.chart && !read.state.replaced(announced.manifest);
            if !gone {
                continue;
            }
            if let Some(record) = self.own_record(me, read, announced, &mut keys, &mut found).await? {
                lost.retain(|scope| *scope != Scope::from(record.id));
                if is_treatment(&record) {
                    found.records.push(record);
                }
            }
        }
        Ok(found)
    }
}
