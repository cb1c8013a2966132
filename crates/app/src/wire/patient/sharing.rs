//! Sharing: with whom, what, until when; and what grants are called.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use medkey_client::{
    chart::Grant,
    fault::Fault,
    folders::Folder,
    grant_access::{Decision, Shared, UNTIL_REVOKED},
    keep_notebook::Notebook,
    people::Professional,
    request_access::Request,
};
use medkey_protocol::{Address, Digest, FolderId, Scope};

use super::{
    Above, Patient,
    directory::{load, verified_people},
    use_patient,
};
use crate::{
    components::{chip::Standing, choice::Choice, person_row::Person},
    load::Load,
    pages::{
        pick_person::PickPersonDialog,
        share::{ShareDialog, ShareInput, ShareModel},
    },
    speaking::{list, sentence},
    wire::{acts::Listen, desk::Open, own_chart::OwnChart, said},
};

/// What a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// With whom: one, or the doctors of a hospital.
    pub grantees: Vec<Address>,
    /// That hospital, and its name.
    pub hospital: Option<(u32, String)>,
    /// A record that may be shared alone.
    pub record: Option<String>,
    /// What is chosen at first.
    pub chosen: Vec<String>,
    /// The end that was asked for, or that the grant has now.
    pub until: Option<u64>,
    /// The grant is there already.
    pub changes: bool,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

impl About {
    /// With somebody, nothing chosen yet.
    pub(super) fn person(grantee: Address) -> Self {
        Self {
            grantees: vec![grantee],
            hospital: None,
            record: None,
            chosen: Vec::new(),
            until: None,
            changes: false,
            answers: None,
        }
    }

    /// With all doctors of a hospital.
    pub(super) fn doctors(hospital: u32, name: String, doctors: Vec<Address>) -> Self {
        Self { grantees: doctors, hospital: Some((hospital, name)), ..Self::person(Address::ZERO) }
    }

    /// What a doctor asked for.
    pub(super) fn request(request: &Request) -> Self {
        let asking = request.asking.as_ref();
        let days = asking.and_then(|asking| asking.days);
        Self {
            chosen: asking.iter().flat_map(|asking| &asking.folders).map(FolderId::to_string).collect(),
            until: days.map(|days| crate::wire::desk::now() + u64::from(days) * 86_400),
            answers: Some(request.asked.reason),
            ..Self::person(request.asked.requester)
        }
    }
}

/// The end of a grant; none for one that lasts until it is revoked.
pub(super) fn until(expiry: u64) -> Option<u64> {
    (expiry < UNTIL_REVOKED).then_some(expiry)
}

/// How a grant came about where it was not given by name.
pub(super) fn through(chart: &OwnChart, grant: &Grant) -> &'static str {
    match grant.offer.map(|key| chart.read.state.offer(key, grant.scope)) {
        Some(Some(offer)) if offer.emergency => "through your emergency card",
        Some(_) => "through your code",
        None => "",
    }
}

/// What a scope is called.
pub(super) fn scope_word(chart: &OwnChart, scope: Scope) -> String {
    let folder = FolderId::from(*scope.bytes());
    if let Some(folder) = chart.folder(folder) {
        return folder.word().to_owned();
    }
    let record = chart.records.records.iter().find(|record| Scope::from(record.id) == scope);
    record.map_or_else(|| "a folder or record that is gone".to_owned(), |record| record.meta.title.clone())
}

fn choices(chart: &OwnChart, about: &About) -> Vec<Choice> {
    let folder = |folder: &Folder| said::shared_folder(folder, chart.records_in(folder.id));
    let record = about.record.as_ref().and_then(|id| chart.record(id));
    // The private one is never shared as a whole, a sensitive one never with several at once.
    let one_by_one = about.hospital.is_none();
    let shared = chart.folders.iter().filter(|folder| folder.is_suggested() || one_by_one && folder.is_sensitive());
    match record {
        Some(record) => {
            let own = shared.filter(|folder| folder.id == record.folder).map(folder);
            let alone = Choice::new(record.id.to_string(), format!("Only {}", record.meta.title), "This one record");
            own.chain([alone]).collect()
        }
        None => shared.map(folder).collect(),
    }
}

/// The dialogs, while something is being shared.
#[component]
pub fn Sharing() -> impl IntoView {
    let patient = use_patient()?;
    Some(move || match patient.above.get() {
        Above::Picking(record) => Some(view! { <Picking record=record /> }.into_any()),
        Above::Sharing(about) => Some(view! { <Deciding about=about /> }.into_any()),
        Above::Nothing | Above::Adding | Above::Stopped => None,
    })
}

#[component]
fn Picking(record: Option<String>) -> impl IntoView {
    let patient = use_patient()?;
    let people = RwSignal::new(Load::Loading);
    let read = move || {
        let open = patient.open();
        load(people, async move { verified_people(open.client()).await });
    };
    read();
    let pick = move |person: Person| {
        let Ok(grantee) = person.address.parse() else { return };
        let chosen = record.iter().cloned().collect();
        patient.show(Above::Sharing(About { record: record.clone(), chosen, ..About::person(grantee) }));
    };
    Some(view! {
        <PickPersonDialog
            title="Share with…"
            people=people
            otherwise=ViewFnOnce::from(move || {
                view! {
                    "Not sure who it will be? "
                    <A href="/offers" on:click=move |_| patient.above.set(Above::Nothing)>
                        "Make a QR code"
                    </A> " for the folder."
                }
            })
            on_retry=move |()| read()
            on_pick=pick
            on_close=move |()| patient.above.set(Above::Nothing)
        />
    })
}

/// Who is shown at the head of the decision, and how that is called within a sentence.
fn with_whom(about: &About, people: &[Professional]) -> (Person, String) {
    match (&about.hospital, people) {
        (None, [person]) => (said::person(person.member, Some(person)), person.profile.name.clone()),
        (hospital, people) => {
            let called = format!("the doctors of {}", hospital.as_ref().map_or("this hospital", |(_, name)| name));
            let person = Person {
                address: String::new(),
                name: sentence(&called),
                detail: list(&people.iter().map(|person| person.profile.name.clone()).collect::<Vec<_>>()),
                standing: Standing::Verified,
            };
            (person, called)
        }
    }
}

#[component]
fn Deciding(about: About) -> impl IntoView {
    let patient = use_patient()?;
    // Who it is, as the chain has it now, and the words of the key that everything is sealed to.
    let model = RwSignal::new(None::<ShareModel>);
    let failed = RwSignal::new(None);
    let known = about.clone();
    spawn_local(async move {
        let open = patient.open();
        let Some(chart) = patient.chart() else { return };
        let looked_up = async {
            let mut people = Vec::new();
            for grantee in &known.grantees {
                people.push(open.client().professional(*grantee).await?);
            }
            // Words to compare in person are for one person.
            let key_words = match known.grantees.as_slice() {
                [only] => open.client().card_of(*only).await?.fingerprint()?,
                _ => String::new(),
            };
            Ok::<_, medkey_client::fault::Fault>((with_whom(&known, &people), key_words))
        };
        match looked_up.await {
            Ok(((person, called), key_words)) => {
                let choices = choices(&chart, &known);
                // What was asked for may be gone, or stand apart: that is never chosen for somebody.
                let is_there =
                    |id: &&String| choices.iter().any(|one| one.id == **id && (known.changes || !one.sensitive));
                let asked: Vec<String> = known.chosen.iter().filter(is_there).cloned().collect();
                let chosen = match asked.as_slice() {
                    [] if !known.chosen.is_empty() => Vec::new(),
                    [] => {
                        choices.iter().find(|choice| !choice.sensitive).map(|one| one.id.clone()).into_iter().collect()
                    }
                    chosen => chosen.to_vec(),
                };
                let _left = model.try_set(Some(ShareModel {
                    person,
                    called,
                    key_words,
                    several: known.record.is_none() && !known.changes,
                    choices,
                    chosen,
                    until: known.until,
                    changes: known.changes,
                    wallet: patient.wallet(),
                }));
            }
            Err(fault) => {
                let _left = failed.try_set(Some(said::trouble(&fault)));
            }
        }
    });
    let share = move |input: ShareInput| {
        // Somebody who is named for the first time is not among the people of the chart yet.
        let name = model.with_untracked(|model| model.as_ref().map(|model| model.called.clone()));
        patient.above.set(Above::Nothing);
        grant(patient, &about, &name.unwrap_or_default(), &input);
    };
    let share = Callback::new(share);
    let close = Callback::new(move |()| patient.above.set(Above::Nothing));
    Some(move || {
        if let Some(trouble) = failed.get() {
            return view! {
                <crate::components::dialog::Dialog title="This cannot be shared now" on_close=close>
                    <crate::components::blank::TroubleLine trouble=Signal::stored(Some(trouble)) />
                </crate::components::dialog::Dialog>
            }
            .into_any();
        }
        match model.get() {
            Some(model) => view! { <ShareDialog model=model on_share=share on_close=close /> }.into_any(),
            None => ().into_any(),
        }
    })
}

/// Grants what was decided, in one transaction.
pub(super) fn grant(patient: Patient, about: &About, name: &str, input: &ShareInput) {
    let Some(chart) = patient.chart() else { return };
    let (grantees, answers) = (about.grantees.clone(), about.answers);
    let team = about.hospital.as_ref().map(|(hospital, _)| *hospital);
    let expiry = input.until.unwrap_or(UNTIL_REVOKED);
    let scopes: Vec<Scope> = input.choices.iter().filter_map(|id| id.parse().ok()).collect();
    let (title, done) = match about.changes {
        true => (format!("Changing the access of {name}"), format!("The access of {name} is changed.")),
        false => (format!("Sharing with {name}"), sentence(&format!("{name} can read it now."))),
    };
    patient.start(title, done, move |open, listen| {
        let (chart, scopes, grantees) = (Rc::clone(&chart), scopes.clone(), grantees.clone());
        async move {
            give(&open, &chart, &grantees, &scopes, (expiry, answers), &listen).await?;
            let Some(hospital) = team else { return Ok(()) };
            let note = |notebook: &mut Notebook| notebook.note_team(hospital, &scopes, expiry, &grantees);
            if open.client().change_notebook(&open.me, note).await.is_err() {
                patient
                    .toasts
                    .say("It is shared. Your notebook could not be written: you are not told who joins later.");
            }
            Ok(())
        }
    });
}

/// Grants scopes, whether folders or records, until a time.
pub(super) async fn give(
    open: &Open,
    chart: &OwnChart,
    grantees: &[Address],
    scopes: &[Scope],
    (expiry, answers): (u64, Option<Digest>),
    listen: &Listen,
) -> Result<u64, Fault> {
    let about = chart.about.clone().unwrap_or_default();
    let shared = |scope: &Scope| match chart.record(&scope.to_string()) {
        Some(record) => Shared::Record(record),
        None => Shared::Folder(FolderId::from(*scope.bytes())),
    };
    let shared: Vec<Shared<'_>> = scopes.iter().map(shared).collect();
    let decision = Decision { grantees, shared: &shared, expiry, answers };
    open.client().grant_access(&open.me, &about, &decision, &**listen).await
}
