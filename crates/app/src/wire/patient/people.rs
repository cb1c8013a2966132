//! People: who reads what until when, who writes, who no longer does.

use leptos::prelude::*;
use medkey_client::chart::{Grant, Offer};
use medkey_protocol::{Address, Scope, api::Status};

use super::{Above, Patient, offers, sharing, use_patient};
use crate::{
    pages::{
        people::{EndedBy, EndedItem, GrantItem, PeopleModel, PeopleView, WriterItem, revoke_sentence},
        revoke::{RevokeDialog, RevokeModel},
    },
    wire::{desk::now, own_chart::OwnChart, said},
};

/// A grant's id on this page.
fn id_of(grant: &Grant) -> String {
    format!("{} {}", grant.grantee, grant.scope)
}

fn find(patient: Patient, id: &str) -> Option<Grant> {
    patient.chart()?.read.state.grants.iter().rev().find(|grant| id_of(grant) == id).cloned()
}

/// The offers with which somebody could come back after a revocation.
fn ways_back<'a>(chart: &'a OwnChart, grant: &Grant) -> impl Iterator<Item = &'a Offer> + use<'a> {
    let now = chart.read.time.max(now());
    chart.read.state.claimable_by(grant.grantee, grant.scope, now)
}

fn model(chart: &OwnChart) -> PeopleModel {
    let state = &chart.read.state;
    let person = |address: Address| said::person(address, chart.people.get(&address));
    let active = |address: Address| chart.people.get(&address).is_some_and(|one| one.standing.status == Status::Active);
    let reads = |grant: &&Grant| grant.is_live(now()) && active(grant.grantee);
    let reading = state.grants.iter().filter(reads).map(|grant| GrantItem {
        id: id_of(grant),
        person: person(grant.grantee),
        scopes: vec![sharing::scope_word(chart, grant.scope)],
        through: sharing::through(chart, grant).to_owned(),
        until: sharing::until(grant.expiry),
        opened: grant.opened.last().map(|at| at.time),
    });
    let mut writing: Vec<WriterItem> = Vec::new();
    for record in chart.records.records.iter().filter(|record| record.author != record.chart) {
        let address = record.author.to_string();
        match writing.iter_mut().find(|writer| writer.person.address == address) {
            Some(writer) => {
                writer.records += 1;
                writer.last = writer.last.max(record.at.time);
            }
            None => writing.push(WriterItem {
                person: person(record.author),
                records: 1,
                last: record.at.time,
                blocked: state.blocked.contains(&record.author),
            }),
        }
    }
    let ended = state.grants.iter().rev().filter(|grant| !reads(grant)).map(|grant| {
        let (at, by) = match grant.revoked {
            Some(at) => (at.time, EndedBy::Revoked),
            None if grant.is_live(now()) => (now(), EndedBy::Suspended),
            None => (grant.expiry, EndedBy::Expired),
        };
        let scopes = vec![sharing::scope_word(chart, grant.scope)];
        EndedItem { person: person(grant.grantee), scopes, at, by, opened: grant.opened.len() }
    });
    PeopleModel {
        reading: reading.collect(),
        ended: ended.collect(),
        writing,
        codes: offers::usable(chart),
        renewal_due: chart.unfit.iter().any(|unfit| unfit.surplus),
    }
}

/// The page.
#[component]
pub fn People() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    let revoking = RwSignal::new(None::<String>);
    let change = move |id: String| {
        let Some(grant) = find(patient, &id) else { return };
        let record = patient.chart().and_then(|chart| {
            let found = chart.records.records.iter().find(|record| Scope::from(record.id) == grant.scope);
            found.map(|record| record.id.to_string())
        });
        patient.show(Above::Sharing(sharing::About {
            grantees: vec![grant.grantee],
            hospital: None,
            record,
            chosen: vec![grant.scope.to_string()],
            until: sharing::until(grant.expiry),
            changes: true,
            answers: None,
        }));
    };
    let share_again = move |address: String| {
        if let Ok(grantee) = address.parse() {
            patient.show(Above::Sharing(sharing::About::person(grantee)));
        }
    };
    let block = move |(address, blocked): (String, bool)| {
        let Ok(author) = address.parse::<Address>() else { return };
        let title = if blocked { "Blocking new records" } else { "Allowing new records" };
        let done = if blocked { "No new records from there." } else { "New records are taken again." };
        patient.start(title, done, move |open, listen| async move {
            open.client().block_author(&open.me, author, blocked, &*listen).await.map(drop)
        });
    };
    let renew = move |()| {
        let done = "Your keys fit who may read again.";
        patient.start("Renewing your keys", done, move |open, listen| async move {
            open.client().mend_folders(&open.me, &*listen).await.map(drop)
        });
    };
    let revoke = move |id: String, withdraws: bool| {
        revoking.set(None);
        let (Some(grant), Some(chart)) = (find(patient, &id), patient.chart()) else { return };
        let name = said::person(grant.grantee, chart.people.get(&grant.grantee)).name;
        let word = sharing::scope_word(&chart, grant.scope);
        let codes: Vec<Address> = ways_back(&chart, &grant).filter(|_| withdraws).map(|offer| offer.key).collect();
        let title = format!("Revoking the access of {name}");
        let done = match codes.len() {
            0 => format!("{name} can no longer read {word}."),
            _ => format!("{name} can no longer read {word}, and the code for it is withdrawn."),
        };
        let (grantee, scope) = (grant.grantee, grant.scope);
        patient.start(title, done, move |open, listen| {
            let codes = codes.clone();
            async move { open.client().revoke_access(&open.me, grantee, scope, &codes, &*listen).await.map(drop) }
        });
    };
    let confirm = move || {
        let id = revoking.get()?;
        let (grant, chart) = (find(patient, &id)?, patient.chart()?);
        let name = said::person(grant.grantee, chart.people.get(&grant.grantee)).name;
        let scope = sharing::scope_word(&chart, grant.scope);
        let sentence = revoke_sentence(&name, std::slice::from_ref(&scope), grant.opened.len(), &patient.wallet());
        let codes = ways_back(&chart, &grant).count();
        let emergency = ways_back(&chart, &grant).any(|offer| offer.emergency);
        let model = RevokeModel { name, scope, sentence, codes, emergency };
        Some(view! {
            <RevokeDialog
                model=model
                on_revoke=move |withdraws| revoke(id.clone(), withdraws)
                on_close=move |()| revoking.set(None)
            />
        })
    };
    Some(view! {
        <PeopleView
            model=model
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_share=move |()| patient.show(Above::Picking(None))
            on_change=change
            on_revoke=move |id| revoking.set(Some(id))
            on_share_again=share_again
            on_block=block
            on_renew=renew
        />
        {confirm}
    })
}
