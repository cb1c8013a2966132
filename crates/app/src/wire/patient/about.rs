//! About me: what the patient says, part by part.

use leptos::prelude::*;
use medkey_client::tell_about_me::{AboutMe, Contact, Item, List};

use super::{
    Patient,
    importing::Importing,
    measuring::{Measuring, Open as Measure},
    vitals,
};
use crate::{
    pages::{
        about::{AboutModel, AboutView, LISTS, Part, Person, Told},
        edit_about::{EditDialog, Entered},
        emergency::Call,
    },
    wire::{leaving::ask_before_leaving, own_chart::OwnChart},
};

fn on_list(part: Part) -> Option<List> {
    match part {
        Part::Allergies => Some(List::Allergies),
        Part::Conditions => Some(List::Conditions),
        Part::Medicines => Some(List::Medicines),
        Part::You | Part::Emergency => None,
    }
}

fn told(items: &[Item], part: Part) -> Vec<Told> {
    let mut told: Vec<Told> = items
        .iter()
        .filter(|item| Some(item.on) == on_list(part))
        .map(|item| Told { words: item.words.clone(), note: item.note.clone(), active: item.active })
        .collect();
    told.sort_by_key(|one| !one.active);
    told
}

fn person(about: &AboutMe) -> Person {
    let AboutMe { name, birth_date, gender, phone, email, address, .. } = about.clone();
    Person { name, birth_date, sex: gender, address, phone, email }
}

fn calls(about: &AboutMe) -> Vec<Call> {
    let call = |contact: &Contact| {
        let Contact { name, relation, phone } = contact.clone();
        Call { name, relation, phone }
    };
    about.emergency.contacts.iter().map(call).collect()
}

fn model(chart: &OwnChart) -> AboutModel {
    let about = chart.about.clone().unwrap_or_default();
    let items = about.items();
    let [allergies, conditions, medicines] = LISTS.map(|part| told(&items, part));
    AboutModel {
        person: person(&about),
        age: vitals::age_now(chart),
        blood_group: about.emergency.blood_group.clone(),
        contacts: calls(&about),
        allergies,
        conditions,
        medicines,
    }
}

/// What stands in the dialog for a part.
fn entered(about: &AboutMe, part: Part) -> Entered {
    let emergency = &about.emergency;
    match part {
        Part::You => Entered::You(person(about)),
        Part::Emergency => Entered::Emergency(emergency.blood_group.clone(), calls(about)),
        Part::Allergies => Entered::Lines(part, emergency.allergies.clone()),
        Part::Conditions => Entered::Lines(part, emergency.conditions.clone()),
        Part::Medicines => Entered::Lines(part, emergency.medicines.clone()),
    }
}

/// What was told, with one part as it was entered.
fn with(mut about: AboutMe, entered: Entered) -> AboutMe {
    match entered {
        Entered::You(Person { name, birth_date, sex, address, phone, email }) => {
            AboutMe { name, birth_date, gender: sex, phone, email, address, ..about }
        }
        Entered::Emergency(blood_group, calls) => {
            let contact = |Call { name, relation, phone }| Contact { name, relation, phone };
            about.emergency.blood_group = blood_group;
            about.emergency.contacts = calls.into_iter().map(contact).collect();
            about
        }
        Entered::Lines(part, told) => {
            match part {
                Part::Allergies => about.emergency.allergies = told,
                Part::Conditions => about.emergency.conditions = told,
                Part::Medicines => about.emergency.medicines = told,
                Part::You | Part::Emergency => {}
            }
            about
        }
    }
}

/// What was entered and is not saved; in the context of the patient's pages.
#[derive(Clone, Copy)]
pub(super) struct Drafts(StoredValue<Vec<Entered>>);

impl Drafts {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    fn of(self, part: Part) -> Option<Entered> {
        self.0.with_value(|drafts| drafts.iter().find(|entered| entered.part() == part).cloned())
    }

    fn forget(self, part: Part) {
        let _left = self.0.try_update_value(|drafts| drafts.retain(|entered| entered.part() != part));
    }

    fn keep(self, entered: Entered) {
        self.forget(entered.part());
        self.0.update_value(|drafts| drafts.push(entered));
    }
}

/// Saves a part. What was entered is kept until the chain has it.
fn save(patient: Patient, drafts: Drafts, entered: Entered) {
    drafts.keep(entered.clone());
    let word = entered.part().word();
    let title = if entered.part() == Part::You {
        "Saving who you are".to_owned()
    } else {
        format!("Saving {}", word.to_lowercase())
    };
    patient.start(title, "It is saved.", move |open, listen| {
        let entered = entered.clone();
        async move {
            // As it is told by now: another part may have been saved since.
            let Some(chart) = patient.chart() else { return Ok(()) };
            let part = entered.part();
            let about = with(chart.about.clone().unwrap_or_default(), entered);
            let filed = open.client().tell_anew(&open.me, &about, &chart.records, &*listen).await;
            if filed.is_err() {
                patient.desk.read_again();
            }
            filed?;
            drafts.forget(part);
            Ok(())
        }
    });
}

/// The page.
#[component]
pub fn AboutPage() -> impl IntoView {
    let (patient, vitals) = vitals::look()?;
    let drafts: Drafts = use_context()?;
    let editing = RwSignal::new(None::<Part>);
    let importing = RwSignal::new(false);
    let measuring = RwSignal::new(None::<Measure>);
    let unsaved = RwSignal::new(false);
    ask_before_leaving(unsaved.into());
    let close = move || {
        editing.set(None);
        unsaved.set(false);
    };
    Some(view! {
        <AboutView
            model=patient.model(model)
            newest=vitals.newest()
            looking=vitals.looking()
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_edit=move |part| editing.set(patient.may_change().then_some(part))
            on_measure=move |()| measuring.set(patient.may_change().then_some(Measure::New))
            on_import=move |()| importing.set(patient.may_change())
            on_look_again=move |()| vitals.look_again()
            on_look_on=move |()| vitals.look_on()
        />
        {move || {
            let part = editing.get()?;
            let chart = patient.chart()?;
            let draft = drafts.of(part);
            let again = draft.is_some();
            let entered = draft
                .unwrap_or_else(|| entered(&chart.about.clone().unwrap_or_default(), part));
            Some(
                view! {
                    <EditDialog
                        entered=entered
                        again=again
                        wallet=patient.wallet()
                        unsaved=unsaved
                        on_save=move |entered| {
                            close();
                            save(patient, drafts, entered);
                        }
                        on_close=move |()| {
                            drafts.forget(part);
                            close();
                        }
                    />
                },
            )
        }}
        <Measuring open=measuring />
        <Importing open=importing />
    })
}
