//! Requests for treatment that patients addressed to this doctor: what waits, and what became of it.

use leptos::prelude::*;
use medkey_client::read_treatments::{How, Treatment, TreatmentAnswer, TreatmentState, treatments};
use medkey_protocol::{Address, Scope, chart::ChartEvent};

use super::desk::{Dealt, DoctorDesk, Door, Known, Opened};
use crate::{
    pages::{
        chart::Need,
        today::WaitingItem,
        treatments::{AnswerItem, Became},
    },
    speaking::sentence,
    wire::{desk::now, said},
};

/// How long an answered request is still shown above the records, in seconds.
const SHOWN_FOR: u64 = 7 * 24 * 60 * 60;

/// What was addressed to this doctor, the newest first.
pub(super) fn addressed(desk: DoctorDesk, opened: &Opened) -> Vec<Treatment> {
    let me = desk.open().me.address;
    let mut found = treatments(&opened.read, &opened.records);
    found.retain(|one| one.asked.iter().any(|grant| grant.grantee == me && grant.is_live(opened.read.time)));
    found
}

/// Those that nobody has answered, the newest first.
pub(super) fn pending(desk: DoctorDesk, opened: &Opened) -> Vec<Treatment> {
    let mut found = addressed(desk, opened);
    found.retain(|one| one.state == TreatmentState::Pending);
    found
}

/// Requests in an open chart that this doctor answered lately, but with no prescription and no plan.
pub(super) fn unprescribed(desk: DoctorDesk, dealt: &Dealt) -> Vec<WaitingItem> {
    let Door::Open(known, opened) = desk.door(dealt.chart) else { return Vec::new() };
    let me = desk.open().me.address;
    let lately = |answer: &TreatmentAnswer| answer.author == me && answer.at.time + SHOWN_FOR > now();
    let mut found = addressed(desk, &opened);
    found.retain(|one| {
        one.state == TreatmentState::Answered(How::Answered)
            && one.answers.iter().all(|answer| answer.how == How::Answered)
            && one.answers.iter().any(lately)
    });
    found.iter().map(|one| waiting_item(desk, &known, one)).collect()
}

fn waiting_item(desk: DoctorDesk, known: &Known, one: &Treatment) -> WaitingItem {
    let chart = known.read.chart;
    WaitingItem {
        chart: chart.to_string(),
        href: format!("/patients/{chart}"),
        name: desk.name(chart),
        words: one.title.clone(),
        scopes: known.folder_words(),
        at: one.at.time,
        request: Some(one.request.to_string()),
        became: said::became(one.state),
    }
}

/// What an open chart asks of this doctor, and what was answered lately.
pub(super) fn needs(desk: DoctorDesk, opened: &Opened) -> Vec<Need> {
    let lately = |answer: &TreatmentAnswer| answer.at.time + SHOWN_FOR > now();
    let mut shown = addressed(desk, opened);
    shown.retain(|one| one.state == TreatmentState::Pending || one.answers.iter().any(lately));
    shown.iter().map(|treatment| need(desk, opened, treatment)).collect()
}

fn need(desk: DoctorDesk, opened: &Opened, treatment: &Treatment) -> Need {
    let me = desk.open().me.address;
    let read = desk.complaints.with(|found| found.get(&treatment.manifest).cloned());
    let complaint = read.unwrap_or_default();
    let others = treatment.asked.iter().map(|grant| grant.grantee).filter(|grantee| *grantee != me);
    let name = |address: Address| desk.people.with(|people| said::person(address, people.get(&address)).name);
    let answer = |answer: &TreatmentAnswer| AnswerItem {
        who: match answer.author {
            author if author == me => format!("You {}", said::how_word(answer.how)),
            author => sentence(&format!("{} {}", name(author), said::how_word(answer.how))),
        },
        title: answer.title.clone(),
        href: format!("/patients/{}/records/{}", opened.read.chart, answer.record),
        at: answer.at.time,
    };
    Need {
        record: treatment.record.to_string(),
        request: treatment.request.to_string(),
        words: if complaint.words.is_empty() { treatment.title.clone() } else { complaint.words },
        since: complaint.since,
        at: treatment.at.time,
        also: others.map(name).collect(),
        became: said::became(treatment.state),
        answers: treatment.answers.iter().map(answer).collect(),
    }
}

/// When something was given in the transaction in which the patient filed a record, as a request for treatment is, and
/// this doctor has written nothing since. What it says shows once the visit is logged.
fn asks(desk: DoctorDesk, known: &Known) -> Option<u64> {
    let me = desk.open().me.address;
    let entries = &known.read.entries;
    let by = |author: Address| {
        entries
            .iter()
            .filter(move |entry| matches!(entry.event, ChartEvent::RecordAdded { author: by, .. } if by == author))
    };
    let is_record = |scope: Scope| known.folders.iter().all(|folder| Scope::from(folder.id) != scope);
    let asking = known.live().filter(|grant| {
        is_record(grant.scope)
            && by(known.read.chart).any(|entry| entry.transaction == grant.since.transaction)
            && by(me).all(|entry| entry.block <= grant.since.block)
    });
    asking.map(|grant| grant.since.time).max()
}

/// What a chart asks of this doctor, as the first page shows it.
pub(super) fn waiting(desk: DoctorDesk, dealt: &Dealt) -> Vec<WaitingItem> {
    match desk.door(dealt.chart) {
        Door::Open(known, opened) => pending(desk, &opened).iter().map(|one| waiting_item(desk, &known, one)).collect(),
        Door::Closed(known) => {
            let chart = dealt.chart;
            let item = |at| WaitingItem {
                chart: chart.to_string(),
                href: format!("/patients/{chart}"),
                name: desk.name(chart),
                words: String::new(),
                scopes: known.folder_words(),
                at,
                request: None,
                became: Became::Pending,
            };
            asks(desk, &known).map(item).into_iter().collect()
        }
        Door::Waiting | Door::Failed(_) | Door::Ended(..) => Vec::new(),
    }
}
