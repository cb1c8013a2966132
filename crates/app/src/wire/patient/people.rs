//! People: who reads what until when, who writes, who no longer does.

use leptos::prelude::*;
use medkey_client::{
    chart::{Grant, Offer},
    list_records::Record,
};
use medkey_protocol::{Address, FolderId, Scope, api::Status};

use super::{Above, Patient, notices::confirm_past, offers, sharing, use_patient};
use crate::{
    pages::{
        people::{EndedBy, EndedItem, GrantItem, PeopleModel, PeopleView, WriterItem},
        revoke::{Along, RevokeDialog, RevokeModel},
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
    PeopleModel { reading: reading.collect(), ended: ended.collect(), writing, codes: offers::usable(chart) }
}

/// The records that a grant reaches.
fn reached<'a>(chart: &'a OwnChart, scope: Scope) -> impl Iterator<Item = &'a Record> + use<'a> {
    let reaches = move |record: &&Record| scope == Scope::from(record.folder) || scope == Scope::from(record.id);
    chart.records.records.iter().filter(reaches)
}

/// What there is to say before a grant is revoked.
fn revocation(patient: Patient, chart: &OwnChart, grant: &Grant) -> RevokeModel {
    let last = grant.opened.last().map(|at| at.time);
    let read = reached(chart, grant.scope).filter(|record| last.is_some_and(|last| record.first.time <= last));
    RevokeModel {
        name: said::person(grant.grantee, chart.people.get(&grant.grantee)).name,
        scope: sharing::scope_word(chart, grant.scope),
        opened: grant.opened.iter().rev().map(|at| at.time).collect(),
        records: read.map(|record| record.meta.title.clone()).collect(),
        codes: ways_back(chart, grant).count(),
        emergency: ways_back(chart, grant).any(|offer| offer.emergency),
        past: reached(chart, grant.scope).count(),
        wallet: patient.wallet(),
    }
}

/// The folder whose past records are due once this scope was revoked.
fn folder_of(chart: &OwnChart, scope: Scope) -> Option<FolderId> {
    reached(chart, scope).next().map(|record| record.folder)
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
    let beginning = RwSignal::new(None::<String>);
    let go_on = move |folder: String| {
        if let Ok(folder) = folder.parse() {
            patient.reencrypt(folder);
        }
    };
    let revoke = move |id: String, Along { withdraws, anew }: Along| {
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
        let past = folder_of(&chart, scope).filter(|_| anew);
        patient.start(title, done, move |open, listen| {
            let codes = codes.clone();
            async move {
                open.client().revoke_access(&open.me, grantee, scope, &codes, &*listen).await?;
                if let Some(folder) = past {
                    patient.reencrypt(folder);
                }
                Ok(())
            }
        });
    };
    let confirm = move || {
        let id = revoking.get()?;
        let (grant, chart) = (find(patient, &id)?, patient.chart()?);
        let model = revocation(patient, &chart, &grant);
        Some(view! {
            <RevokeDialog
                model=model
                on_revoke=move |along| revoke(id.clone(), along)
                on_close=move |()| revoking.set(None)
            />
        })
    };
    Some(view! {
        <PeopleView
            model=model
            notices=patient.notices()
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_share=move |()| patient.show(Above::Picking(None))
            on_change=change
            on_revoke=move |id| revoking.set(Some(id))
            on_share_again=share_again
            on_block=block
            on_renew=move |()| patient.renew_keys()
            on_team=move |(id, acts): (String, bool)| patient.answer_team(&id, acts)
            on_past=go_on
            on_begin_past=move |folder: String| {
                if patient.may_change() {
                    beginning.set(Some(folder));
                }
            }
        />
        {confirm}
        {move || confirm_past(patient, beginning)}
    })
}
