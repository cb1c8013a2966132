//! Requests: who asks for what and why; reviewed, then shared or denied.

use leptos::prelude::*;
use medkey_client::{
    chart::{Answer as Answered, Place},
    request_access::Request,
};
use medkey_protocol::Address;

use super::{Above, Patient, sharing, use_patient};
use crate::{
    pages::requests::{Answer, AnsweredItem, RequestItem, RequestsModel, RequestsView},
    wire::{own_chart::OwnChart, said},
};

const DAY: u64 = 86_400;

/// The requests that wait for an answer.
pub(super) fn waiting(chart: &OwnChart) -> impl Iterator<Item = &Request> {
    chart.requests.iter().filter(|request| request.asked.answer == Answered::Open)
}

/// A request as the views show it. Its id is the digest of its reason.
pub(super) fn item(chart: &OwnChart, request: &Request) -> RequestItem {
    let asking = request.asking.as_ref();
    RequestItem {
        id: request.asked.reason.to_string(),
        person: said::person(request.asked.requester, chart.people.get(&request.asked.requester)),
        scopes: scopes(chart, request),
        until: asking.and_then(|asking| asking.days).map(|days| request.asked.at.time + u64::from(days) * DAY),
        reason: asking.map_or_else(
            || "The reason cannot be read. Ask the doctor to send the request again.".to_owned(),
            |asking| asking.words.clone(),
        ),
        at: request.asked.at.time,
    }
}

fn scopes(chart: &OwnChart, request: &Request) -> Vec<String> {
    let folders = request.asking.iter().flat_map(|asking| &asking.folders);
    folders.filter(|id| chart.category(**id).is_some()).map(|id| chart.folder_word(*id).to_owned()).collect()
}

fn model(chart: &OwnChart) -> RequestsModel {
    let answered = chart.requests.iter().filter_map(|request| {
        let (at, answer) = match request.asked.answer {
            Answered::Open => return None,
            Answered::Granted(at) => (at, how_granted(chart, request.asked.requester, at)),
            Answered::Denied(at) => (at, Answer::Denied),
        };
        let person = said::person(request.asked.requester, chart.people.get(&request.asked.requester));
        Some(AnsweredItem { person, scopes: scopes(chart, request), at: at.time, answer })
    });
    RequestsModel {
        waiting: waiting(chart).map(|request| item(chart, request)).collect(),
        answered: answered.collect(),
    }
}

fn how_granted(chart: &OwnChart, requester: Address, at: Place) -> Answer {
    let mut grants = chart.read.state.grants.iter();
    let claimed = grants.any(|grant| grant.grantee == requester && grant.since == at && grant.offer.is_some());
    if claimed { Answer::Claimed } else { Answer::Shared }
}

fn found(patient: Patient, id: &str) -> Option<Request> {
    patient.chart()?.requests.iter().find(|request| request.asked.reason.to_string() == id).cloned()
}

/// Opens the decision about a request.
pub(super) fn review(patient: Patient, id: &str) {
    let Some(request) = found(patient, id) else { return };
    let about = sharing::About::request(&request);
    patient.show(Above::Sharing(about));
}

/// Says no.
pub(super) fn deny(patient: Patient, id: &str) {
    let Some(request) = found(patient, id) else { return };
    let Some(chart) = patient.chart() else { return };
    let name = said::person(request.asked.requester, chart.people.get(&request.asked.requester)).name;
    let (title, done) = (format!("Denying the request of {name}"), format!("You denied the request of {name}."));
    patient.start(title, done, move |open, listen| {
        let asked = request.asked.clone();
        async move { open.client().deny_request(&open.me, &asked, &*listen).await.map(drop) }
    });
}

/// The page.
#[component]
pub fn Requests() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    Some(view! {
        <RequestsView
            model=model
            on_retry=move |()| patient.desk.read_again()
            on_review=move |id: String| review(patient, &id)
            on_deny=move |id: String| deny(patient, &id)
        />
    })
}
