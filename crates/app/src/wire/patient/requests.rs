//! Requests: who asks for what and why; shared as asked, reviewed and changed, or denied.

use std::{cmp::Reverse, collections::BTreeSet};

use leptos::prelude::*;
use medkey_client::{
    chart::{Answer as Answered, Place},
    folders::Folder,
    request_access::Request,
};
use medkey_protocol::{Address, api::Status};

use super::{Above, Patient, sharing, use_patient};
use crate::{
    load::Load,
    pages::{
        requests::{Answer, AnsweredItem, Before, May, RequestItem, RequestsModel, RequestsView},
        share::ShareInput,
    },
    wire::{desk::now, own_chart::OwnChart, said},
};

const DAY: u64 = 86_400;

/// The requests that wait for an answer, the newest of each requester: an answer to it answers those before.
pub(super) fn waiting(chart: &OwnChart) -> impl Iterator<Item = &Request> {
    let mut seen = BTreeSet::new();
    let open = chart.requests.iter().filter(|request| is_open(chart, request));
    open.filter(move |request| seen.insert(request.asked.requester))
}

/// Whether a request waits: it was not answered, and the time that was asked for has not gone by.
fn is_open(chart: &OwnChart, request: &Request) -> bool {
    request.asked.answer == Answered::Open && ran_out(chart, request).is_none()
}

/// When the time that was asked for went by.
fn ran_out(chart: &OwnChart, request: &Request) -> Option<u64> {
    let end = request.asked.at.time.saturating_add(u64::from(days(request)?) * DAY);
    (end <= chart.read.time.max(now())).then_some(end)
}

/// For how many days it was asked, where that was said.
fn days(request: &Request) -> Option<u32> {
    request.asking.as_ref().and_then(|asking| asking.days).filter(|days| *days > 0)
}

/// The folders that were asked for and can be suggested.
fn suggested<'a>(chart: &'a OwnChart, request: &'a Request) -> impl Iterator<Item = &'a Folder> {
    let asked = request.asking.iter().flat_map(|asking| &asking.folders);
    asked.filter_map(|id| chart.folder(*id)).filter(|folder| folder.is_suggested())
}

/// A request as the views show it. Its id is the digest of its reason.
pub(super) fn item(chart: &OwnChart, request: &Request) -> RequestItem {
    let asking = request.asking.as_ref();
    let known = chart.people.get(&request.asked.requester);
    let active = known.is_some_and(|person| person.standing.status == Status::Active);
    let asked_for = asking.map_or(0, |asking| asking.folders.len());
    let missing = asked_for - suggested(chart, request).count();
    let until = days(request).map(|days| now() + u64::from(days) * DAY);
    let mind = match (active, missing) {
        (false, _) => Some("The registrar vouches for this account no longer, so nothing can be shared with it now."),
        (true, 0) => None,
        (true, 1) => Some("One folder that was asked for is not there, or is one that you keep apart."),
        (true, _) => Some("Some folders that were asked for are not there, or are such that you keep apart."),
    };
    RequestItem {
        id: request.asked.reason.to_string(),
        person: said::person(request.asked.requester, known),
        href: active.then(|| format!("/directory/{}", request.asked.requester)),
        scopes: scopes(chart, request),
        until,
        reason: words(request),
        at: request.asked.at.time,
        may: match active {
            false => May::OnlyDeny,
            true if missing == 0 && asked_for > 0 && until.is_some() => May::ShareAsAsked,
            true => May::Choose,
        },
        mind: mind.map(str::to_owned),
        earlier: before(chart, request).map(|one| earlier(chart, one)).collect(),
    }
}

fn words(request: &Request) -> String {
    request.asking.as_ref().map_or_else(
        || "The reason cannot be read. Ask the doctor to send the request again.".to_owned(),
        |asking| asking.words.clone(),
    )
}

/// The other requests of the same person that wait.
fn before<'a>(chart: &'a OwnChart, request: &Request) -> impl Iterator<Item = &'a Request> {
    let (requester, reason) = (request.asked.requester, request.asked.reason);
    let same = chart.requests.iter().filter(move |one| one.asked.requester == requester && one.asked.reason != reason);
    same.filter(|one| is_open(chart, one))
}

fn earlier(chart: &OwnChart, request: &Request) -> Before {
    Before { scopes: scopes(chart, request), reason: words(request), at: request.asked.at.time }
}

fn scopes(chart: &OwnChart, request: &Request) -> Vec<String> {
    suggested(chart, request).map(|folder| folder.word().to_owned()).collect()
}

fn model(chart: &OwnChart) -> RequestsModel {
    let answered = chart.requests.iter().filter_map(|request| {
        let (at, answer) = match request.asked.answer {
            Answered::Open => (ran_out(chart, request)?, Answer::Expired),
            Answered::Granted(at) => (at.time, how_granted(chart, request.asked.requester, at)),
            Answered::Denied(at) => (at.time, Answer::Denied),
        };
        let known = chart.people.get(&request.asked.requester);
        let active = known.is_some_and(|person| person.standing.status == Status::Active);
        Some(AnsweredItem {
            person: said::person(request.asked.requester, known),
            scopes: scopes(chart, request),
            at,
            answer,
            open: (answer == Answer::Expired && active).then(|| request.asked.reason.to_string()),
        })
    });
    let mut answered: Vec<AnsweredItem> = answered.collect();
    answered.sort_by_key(|item| Reverse(item.at));
    RequestsModel {
        waiting: waiting(chart).map(|request| item(chart, request)).collect(),
        answered,
        wallet: String::new(),
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

/// Shares what was asked for, until then.
fn share(patient: Patient, id: &str) {
    let (Some(chart), Some(request)) = (patient.chart(), found(patient, id)) else { return };
    let RequestItem { person, until, may: May::ShareAsAsked, .. } = item(&chart, &request) else { return };
    let choices = suggested(&chart, &request).map(|folder| folder.id.to_string()).collect();
    let input = ShareInput { address: person.address, choices, until };
    sharing::grant(patient, &sharing::About::request(&request), &person.name, &input);
}

/// Says no, to what the same person asked before too.
pub(super) fn deny(patient: Patient, id: &str) {
    let Some(request) = found(patient, id) else { return };
    let Some(chart) = patient.chart() else { return };
    let all: Vec<_> = before(&chart, &request).chain([&request]).map(|request| request.asked.clone()).collect();
    let name = said::person(request.asked.requester, chart.people.get(&request.asked.requester)).name;
    let (title, done) = (format!("Denying the request of {name}"), format!("You denied the request of {name}."));
    patient.start(title, done, move |open, listen| {
        let all = all.clone();
        async move { open.client().deny_requests(&open.me, &all, &*listen).await.map(drop) }
    });
}

/// The page.
#[component]
pub fn Requests() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    let wallet = patient.wallet();
    let model = Signal::derive(move || match model.get() {
        Load::Ready(model) => Load::Ready(RequestsModel { wallet: wallet.clone(), ..model }),
        other => other,
    });
    Some(view! {
        <RequestsView
            model=model
            on_retry=move |()| patient.desk.read_again()
            on_share=move |id: String| share(patient, &id)
            on_review=move |id: String| review(patient, &id)
            on_deny=move |id: String| deny(patient, &id)
        />
    })
}
