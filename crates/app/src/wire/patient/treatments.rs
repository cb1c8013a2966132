//! Requests for treatment: what was asked of whom, what became of it, and asking.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use medkey_client::{
    add_record::StoredRecord,
    ask_for_treatment::{Asked, Complaint},
    fault::Fault,
    grant_access::UNTIL_REVOKED,
    list_members::Listed,
    read_treatments::{Treatment, TreatmentAnswer},
};
use medkey_protocol::{
    Address, FolderId,
    api::{Role, Status},
};

use super::{
    Patient,
    directory::{load, verified},
    sharing, use_patient,
};
use crate::{
    components::choice::Choice,
    load::{Load, Trouble},
    pages::{
        ask_treatment::{AskDraft, AskForm, AskModel, AskTreatmentView, DoctorItem},
        treatments::{
            AnswerItem, ExtendTreatmentDialog, TreatmentItem, TreatmentsModel, TreatmentsView, WithdrawTreatmentDialog,
        },
    },
    speaking::list,
    wire::{
        desk::{Client, now},
        drafts::{forget_draft, keep_draft, open_draft},
        own_chart::OwnChart,
        said::{self, became, hospital_names, trouble},
    },
};

/// What tells this draft from others.
const ASKING: &str = "Asking for treatment";
const DRAFT: &str = "treatment";
/// What counts as newly answered, in seconds.
const NEW_FOR: u64 = 7 * 24 * 60 * 60;

fn answer_item(chart: &OwnChart, answer: &TreatmentAnswer) -> AnswerItem {
    let name = said::person(answer.author, chart.people.get(&answer.author)).name;
    AnswerItem {
        who: format!("{name} {}", said::how_word(answer.how)),
        title: answer.title.clone(),
        href: format!("/records/{}", answer.record),
        at: answer.at.time,
    }
}

fn item(chart: &OwnChart, treatment: &Treatment) -> TreatmentItem {
    let name = |address: Address| said::person(address, chart.people.get(&address)).name;
    let unverified =
        |address: Address| chart.people.get(&address).is_some_and(|person| person.standing.status != Status::Active);
    let asked = || treatment.asked.iter().map(|grant| grant.grantee);
    let mut scopes: Vec<String> =
        treatment.came_along(&chart.read.state).map(|grant| sharing::scope_word(chart, grant.scope)).collect();
    scopes.sort();
    scopes.dedup();
    TreatmentItem {
        id: treatment.record.to_string(),
        title: treatment.title.clone(),
        href: chart.record(&treatment.record.to_string()).map(|record| format!("/records/{}", record.id)),
        doctors: asked().map(name).collect(),
        unverified: asked().filter(|address| unverified(*address)).map(name).collect(),
        scopes,
        at: treatment.at.time,
        until: treatment.asked.iter().map(|grant| grant.expiry).max().and_then(sharing::until),
        became: became(treatment.state),
        answers: treatment.answers.iter().map(|answer| answer_item(chart, answer)).collect(),
    }
}

/// What the first page shows: what is not answered, and what was answered lately.
pub(super) fn lately(chart: &OwnChart) -> Vec<TreatmentItem> {
    let items = chart.treatments.iter().map(|treatment| item(chart, treatment));
    let is_new = |item: &TreatmentItem| item.answers.iter().any(|answer| answer.at + NEW_FOR > now());
    items.filter(|item| item.became.is_open() || is_new(item)).collect()
}

fn model(chart: &OwnChart) -> TreatmentsModel {
    TreatmentsModel { items: chart.treatments.iter().map(|treatment| item(chart, treatment)).collect() }
}

fn find(patient: Patient, id: &str) -> Option<(Rc<OwnChart>, Treatment)> {
    let chart = patient.chart()?;
    let found = chart.treatments.iter().find(|treatment| treatment.record.to_string() == id)?.clone();
    Some((chart, found))
}

/// The page.
#[component]
pub fn Treatments() -> impl IntoView {
    let patient = use_patient()?;
    let model = patient.model(model);
    let begun = RwSignal::new(false);
    // A request that is sent takes its draft along.
    Effect::new(move |_| {
        patient.desk.chart.track();
        let open = patient.open();
        spawn_local(async move {
            let kept = open_draft::<AskDraft>(&open, DRAFT).await;
            let _left = begun.try_set(kept.is_some_and(|draft| draft.is_written()));
        });
    });
    let extending = RwSignal::new(None::<String>);
    let withdrawing = RwSignal::new(None::<String>);
    let extend = move |id: &str, until: Option<u64>| {
        let Some((chart, treatment)) = find(patient, id) else { return };
        let record = id.to_owned();
        patient.start("Giving more time", "They can read your request again.", move |open, listen| {
            let (chart, treatment, record) = (Rc::clone(&chart), treatment.clone(), record.clone());
            async move {
                let record = chart.record(&record).ok_or(Fault::RecordChanged)?;
                let about = chart.about.clone().unwrap_or_default();
                let expiry = until.unwrap_or(UNTIL_REVOKED);
                let extending = (&treatment, record);
                open.client().extend_treatment(&open.me, &about, extending, expiry, &*listen).await.map(drop)
            }
        });
    };
    let withdraw = move |id: &str, all: bool| {
        let Some((_, treatment)) = find(patient, id) else { return };
        patient.start("Withdrawing your request", "Your request is withdrawn.", move |open, listen| {
            let treatment = treatment.clone();
            async move { open.client().withdraw_treatment(&open.me, &treatment, all, &*listen).await.map(drop) }
        });
    };
    let dialogs = move || {
        let shown = |id: &str| find(patient, id).map(|(chart, treatment)| item(&chart, &treatment));
        if let Some(id) = extending.get() {
            let item = shown(&id)?;
            let dialog = view! {
                <ExtendTreatmentDialog
                    item=item
                    wallet=patient.wallet()
                    on_extend=move |until| {
                        extending.set(None);
                        extend(&id, until);
                    }
                    on_close=move |()| extending.set(None)
                />
            };
            return Some(dialog.into_any());
        }
        let id = withdrawing.get()?;
        let item = shown(&id)?;
        let dialog = view! {
            <WithdrawTreatmentDialog
                item=item
                wallet=patient.wallet()
                on_withdraw=move |all| {
                    withdrawing.set(None);
                    withdraw(&id, all);
                }
                on_close=move |()| withdrawing.set(None)
            />
        };
        Some(dialog.into_any())
    };
    Some(view! {
        <TreatmentsView
            model=model
            begun=begun
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_extend=move |id| extending.set(Some(id))
            on_withdraw=move |id| withdrawing.set(Some(id))
        />
        {dialogs}
    })
}

fn doctor_item(one: &Listed, names: &BTreeMap<u32, String>) -> Option<DoctorItem> {
    let profile = one.profile.as_ref().filter(|_| one.entry.role == Role::Doctor)?;
    let specialty = if profile.specialty.is_empty() { &profile.profession } else { &profile.specialty };
    Some(DoctorItem {
        address: one.entry.member.to_string(),
        name: profile.name.clone(),
        specialty: specialty.clone(),
        hospital: names.get(&one.entry.hospital).cloned().unwrap_or_default(),
        languages: profile.languages.clone(),
    })
}

async fn doctors(client: &Client) -> Result<Vec<DoctorItem>, Fault> {
    let found = verified(client).await?;
    let names = hospital_names(&client.hospitals().await?);
    let mut doctors: Vec<DoctorItem> = found.iter().filter_map(|one| doctor_item(one, &names)).collect();
    doctors.sort_by_cached_key(|doctor| doctor.name.to_lowercase());
    Ok(doctors)
}

/// The folders that can be shared: never all of the private one, nor a sensitive one unasked.
fn folders(chart: &OwnChart) -> Vec<Choice> {
    let number = |id: FolderId| chart.records.records.iter().filter(|record| record.folder == id).count();
    let shared = chart.folders.iter().filter(|folder| folder.is_suggested());
    shared.map(|folder| said::shared_folder(folder, number(folder.id))).collect()
}

/// The names of those among the chosen who cannot be asked now; empty where everybody can.
async fn not_verified(client: &Client, chosen: &[Address]) -> Result<Vec<(Address, String)>, Fault> {
    let mut found = Vec::new();
    for doctor in chosen {
        let person = client.professional(*doctor).await?;
        if person.standing.status != Status::Active {
            found.push((*doctor, person.profile.name));
        }
    }
    Ok(found)
}

fn cannot_be_asked(names: &[String]) -> Trouble {
    let (who, are, were) = match names {
        [only] => (only.clone(), "is", "The name was"),
        many => (list(many), "are", "The names were"),
    };
    Trouble::new(
        format!("{who} {are} not verified at present and cannot be asked."),
        format!("{were} taken out of your request; what you wrote is kept."),
    )
}

/// The page on which somebody asks.
#[component]
pub fn AskForTreatment() -> impl IntoView {
    let patient = use_patient()?;
    let navigate = use_navigate();
    // Whom the page that led here is about.
    let named = use_query_map().with_untracked(|query| query.get("doctor"));
    // A request that was declined comes back as a draft, to be changed; it is not sent any more as it was.
    patient.acts.close_stopped(ASKING);
    let form = AskForm::new();
    let (restored, ready) = (RwSignal::new(false), RwSignal::new(false));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<Trouble>));
    let listed = RwSignal::new(Load::Loading);
    let read = move || {
        let open = patient.open();
        load(listed, async move { doctors(open.client()).await });
    };
    read();
    let folders = patient.model(folders);
    let model = Signal::derive(move || match (listed.get(), folders.get()) {
        (Load::Ready(doctors), Load::Ready(folders)) => Load::Ready(AskModel { doctors, folders }),
        (Load::Failed(trouble), _) | (_, Load::Failed(trouble)) => Load::Failed(trouble),
        _ => Load::Loading,
    });
    spawn_local(async move {
        let open = patient.open();
        let mut draft = open_draft::<AskDraft>(&open, DRAFT).await.unwrap_or_default();
        let kept = draft.is_written();
        if let Some(doctor) = named.filter(|doctor| !draft.doctors.contains(doctor)) {
            draft.doctors.push(doctor);
        }
        if ready.try_set(true).is_none() {
            form.fill(draft);
            restored.set(kept);
        }
    });
    Effect::new(move |_| {
        let draft = form.draft();
        if ready.get() {
            keep_draft(&patient.open(), DRAFT, Some(&draft).filter(|draft| !draft.is_empty()));
        }
    });
    // Whoever is no longer listed cannot be asked; that is said, not passed over.
    Effect::new(move |_| {
        let gone = listed.with(|listed| {
            let known = listed.ready()?;
            let is_gone = |one: &String| known.iter().all(|doctor| doctor.address != *one);
            Some(form.doctors.with(|chosen| chosen.iter().filter(|one| is_gone(one)).cloned().collect::<Vec<_>>()))
        });
        let gone = gone.filter(|gone| ready.get() && !gone.is_empty());
        if let Some(gone) = gone {
            form.doctors.update(|chosen| chosen.retain(|one| !gone.contains(one)));
            if failed.with_untracked(Option::is_none) {
                failed.set(Some(Trouble::new(
                    "Somebody you chose is not verified at present and cannot be asked.",
                    "The name was taken out of your request; what you wrote is kept.",
                )));
            }
        }
    });
    let send = move |()| {
        let (draft, Ok(end)) = untrack(|| (form.draft(), form.end())) else { return };
        let chosen: Vec<Address> = draft.doctors.iter().filter_map(|one| one.parse().ok()).collect();
        let navigate = navigate.clone();
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let open = patient.open();
            let looked = not_verified(open.client(), &chosen).await;
            let _left = busy.try_set(false);
            match looked {
                Ok(gone) if gone.is_empty() => {
                    ask(patient, &draft, chosen, end);
                    navigate("/treatment", Default::default());
                }
                Ok(gone) => {
                    let names: Vec<String> = gone.iter().map(|(_, name)| name.clone()).collect();
                    failed.set(Some(cannot_be_asked(&names)));
                    form.doctors.update(|all| all.retain(|one| gone.iter().all(|(gone, _)| gone.to_string() != *one)));
                    load(listed, async move { doctors(open.client()).await });
                }
                Err(fault) => failed.set(Some(Trouble::new(trouble(&fault).what, "What you wrote is kept."))),
            }
        });
    };
    Some(view! {
        <AskTreatmentView
            model=model
            form=form
            restored=restored
            wallet=patient.wallet()
            trouble=failed
            busy=busy
            read_only=patient.read_only()
            on_retry=move |()| {
                patient.desk.read_again();
                read();
            }
            on_discard=move |()| {
                form.fill(AskDraft::default());
                restored.set(false);
            }
            on_send=send
        />
    })
}

/// Sends a request, in one transaction. What was uploaded stays uploaded: whoever declines and tries again only signs.
fn ask(patient: Patient, draft: &AskDraft, doctors: Vec<Address>, end: Option<u64>) {
    let complaint = Complaint {
        words: draft.words.clone(),
        since: draft.since.clone(),
        specialty: draft.specialty.clone(),
        hospital: draft.hospital.clone(),
    };
    let folders: Vec<FolderId> = draft.folders.iter().filter_map(|id| id.parse().ok()).collect();
    let expiry = end.unwrap_or(UNTIL_REVOKED);
    let stored = Rc::new(RefCell::new(None::<Rc<StoredRecord>>));
    let wording = Rc::new((complaint, doctors, folders));
    let about = patient.chart().and_then(|chart| chart.about.clone()).unwrap_or_default();
    patient.start(ASKING, "Your request is sent.", move |open, listen| {
        let (stored, wording, about) = (Rc::clone(&stored), Rc::clone(&wording), about.clone());
        async move {
            let (complaint, doctors, folders) = &*wording;
            let known = stored.borrow().clone();
            let record = match known {
                Some(record) => record,
                None => Rc::new(open.client().store_complaint(&open.me, &about, complaint, &*listen).await?),
            };
            stored.replace(Some(Rc::clone(&record)));
            let asked = Asked { doctors, folders, expiry };
            open.client().ask_for_treatment(&open.me, &about, &record, &asked, &*listen).await?;
            forget_draft(&open, DRAFT);
            Ok(())
        }
    });
}
