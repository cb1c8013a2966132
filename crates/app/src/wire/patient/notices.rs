//! What waits for the patient's word on Home and on People, and what is done about it.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_client::{
    follow_hospitals::{Moved, TeamChange},
    reencrypt_records::Renewal,
};
use medkey_protocol::{Address, FolderId, Scope, api::Status};

use super::{Patient, sharing};
use crate::{
    pages::{
        notices::{Notices, PastNotice, TeamNotice},
        reencrypt::{ReencryptDialog, ReencryptModel},
    },
    speaking::list,
    wire::{
        acts::{Label, Shape},
        desk::now,
        own_chart::OwnChart,
        said,
    },
};

/// Why the keys of folders are to be renewed.
fn renewals(chart: &OwnChart) -> Vec<String> {
    let surplus = chart.unfit.iter().filter(|unfit| unfit.surplus);
    surplus.map(|unfit| renewal(chart, unfit.folder)).collect()
}

fn renewal(chart: &OwnChart, folder: FolderId) -> String {
    let word = chart.folder_word(folder);
    let status = |address: &Address| chart.people.get(address).map(|one| one.standing.status);
    let live = chart.read.state.live_grants(now()).filter(|grant| grant.scope == Scope::from(folder));
    let suspended = live.filter(|grant| status(&grant.grantee) == Some(Status::Suspended));
    let names: Vec<String> =
        suspended.map(|grant| said::person(grant.grantee, chart.people.get(&grant.grantee)).name).collect();
    match names.as_slice() {
        [] => format!("An access to {word} ran out."),
        [name] => format!("{name}, who read {word}, was suspended."),
        names => format!("{}, who read {word}, were suspended.", list(names)),
    }
}

fn id_of(change: &TeamChange) -> String {
    format!("{:?} {} {:?}", change.moved, change.hospital, change.scopes)
}

fn team(chart: &OwnChart, change: &TeamChange) -> TeamNotice {
    TeamNotice {
        id: id_of(change),
        doctors: change.doctors.iter().map(|doctor| doctor.profile.name.clone()).collect(),
        hospital: change.name.clone(),
        scopes: change.scopes.iter().map(|scope| sharing::scope_word(chart, *scope)).collect(),
        until: sharing::until(change.expiry),
        left: change.moved == Moved::Left,
    }
}

/// What the act is called; only one of a folder is on its way at a time.
fn title(word: &str) -> String {
    format!("Encrypting past records of {word} anew")
}

impl Patient {
    /// What there is to say above Home and People.
    pub(super) fn notices(self) -> Signal<Notices> {
        Signal::derive(move || {
            self.desk.chart.with(|chart| {
                let Some(chart) = chart.ready() else { return Notices::default() };
                let past = |renewal: &Renewal| {
                    let word = chart.folder_word(renewal.folder).to_owned();
                    let going = self.acts.is_going(&title(&word));
                    let (folder, due) = (renewal.folder.to_string(), renewal.due.len());
                    PastNotice { folder, word, done: renewal.done, due, going }
                };
                Notices {
                    renewals: renewals(chart),
                    teams: chart.changes.iter().map(|change| team(chart, change)).collect(),
                    past: chart.past.renewals.iter().map(past).collect(),
                    notebook: chart.notebook_trouble.clone(),
                }
            })
        })
    }

    /// Renews the keys of what ran out.
    pub(super) fn renew_keys(self) {
        let done = "Your keys fit who may read again.";
        self.start("Renewing your keys", done, move |open, listen| async move {
            open.client().mend_folders(&open.me, &*listen).await.map(drop)
        });
    }

    /// Does what is asked about doctors who joined or left, or leaves it as it is.
    pub(super) fn answer_team(self, id: &str, acts: bool) {
        let Some(chart) = self.chart() else { return };
        let Some(change) = chart.changes.iter().find(|change| id_of(change) == id).cloned() else { return };
        let names = list(&team(&chart, &change).doctors);
        if !acts {
            let open = self.open();
            leptos::task::spawn_local(async move {
                match open.client().note_answer(&open.me, &change, false).await {
                    Ok(_) => self.desk.read_again(),
                    Err(fault) => self.toasts.say(said::fault_sentence(&fault, "You are asked again later.")),
                }
            });
            return;
        }
        let words = list(&team(&chart, &change).scopes);
        let (title, done) = match change.moved {
            Moved::Joined => (format!("Sharing {words} with {names}"), format!("{names} can read {words} now.")),
            Moved::Left => (format!("Revoking the access of {names}"), format!("{names} can no longer read {words}.")),
        };
        self.start(title, done, move |open, listen| {
            let (chart, change) = (Rc::clone(&chart), change.clone());
            async move {
                match change.moved {
                    Moved::Joined => {
                        let (doctors, terms) = (change.addresses(), (change.expiry, None));
                        sharing::give(&open, &chart, &doctors, &change.scopes, terms, &listen).await?
                    }
                    Moved::Left => open.client().revoke_all(&open.me, &change.grants(&chart.read), &*listen).await?,
                };
                // Who has it or lost it is not asked about again in any case.
                let _noted = open.client().note_answer(&open.me, &change, true).await;
                Ok(())
            }
        });
    }

    /// Encrypts the past records of a folder anew, from where that stopped.
    pub(super) fn reencrypt(self, folder: FolderId) {
        let Some(chart) = self.chart().filter(|_| self.may_change()) else { return };
        let word = chart.folder_word(folder);
        let title = title(word);
        if untrack(|| self.acts.is_going(&title)) || self.acts.take_up(&title) {
            return;
        }
        let along = self.acts.along();
        let done = format!("The past records of {word} are encrypted anew.");
        let label = Label { title, done, wallet: self.wallet(), shape: Shape::Several(along) };
        let (open, desk) = (self.open(), self.desk);
        let about = chart.about.clone().unwrap_or_default();
        self.acts.start(label, move |listen| {
            let (open, about) = (Rc::clone(&open), about.clone());
            async move {
                let tell = move |at: medkey_client::reencrypt_records::Along| {
                    let _left = along.try_set((at.done, at.all));
                    listen(at.step);
                };
                open.client().reencrypt_folder(&open.me, &about, folder, &tell).await?;
                desk.read_again();
                Ok(())
            }
        });
    }
}

/// The dialog before past records are encrypted anew, while a folder is chosen.
pub(super) fn confirm_past(patient: Patient, folder: RwSignal<Option<String>>) -> Option<AnyView> {
    let id = folder.get()?;
    let chart = patient.chart()?;
    let renewal = chart.past.renewals.iter().find(|renewal| renewal.folder.to_string() == id)?;
    let state = &chart.read.state;
    let model = ReencryptModel {
        folder: chart.folder_word(renewal.folder).to_owned(),
        records: renewal.due.len(),
        codes: renewal.codes(&chart.records.records, state, chart.read.time.max(now())),
        confirmations: renewal.confirmations(),
        wallet: patient.wallet(),
    };
    let this = renewal.folder;
    Some(
        view! {
            <ReencryptDialog
                model=model
                on_begin=move |()| {
                    folder.set(None);
                    patient.reencrypt(this);
                }
                on_close=move |()| folder.set(None)
            />
        }
        .into_any(),
    )
}
