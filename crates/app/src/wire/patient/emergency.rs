//! The emergency card: what the patient has told, with a code of its own.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_client::{
    chart::Offer,
    tell_about_me::{AboutMe, Contact, Emergency},
};

use super::{
    offers::{self, Making, Withdrawing, code_of},
    use_patient,
};
use crate::{
    pages::emergency::{Call, EmergencyDialog, EmergencyFacts, EmergencyModel, EmergencyView},
    wire::{desk::now, own_chart::OwnChart},
};

fn facts(about: Option<&AboutMe>) -> EmergencyFacts {
    let Some(AboutMe { name, birth_date, emergency, .. }) = about.cloned() else { return EmergencyFacts::default() };
    let Emergency { blood_group, allergies, conditions, medicines, contacts } = emergency;
    let call = |contact: Contact| Call { name: contact.name, relation: contact.relation, phone: contact.phone };
    let contacts = contacts.into_iter().map(call).collect();
    EmergencyFacts { name, birth_date, blood_group, allergies, conditions, medicines, contacts }
}

/// What was told besides stays as it is.
fn told(before: Option<&AboutMe>, facts: EmergencyFacts) -> AboutMe {
    let EmergencyFacts { name, birth_date, blood_group, allergies, conditions, medicines, contacts } = facts;
    let contact = |call: Call| Contact { name: call.name, relation: call.relation, phone: call.phone };
    let contacts = contacts.into_iter().map(contact).collect();
    let emergency = Emergency { blood_group, allergies, conditions, medicines, contacts };
    AboutMe { name, birth_date, emergency, ..before.cloned().unwrap_or_default() }
}

/// The code on the card: the newest that can be used.
fn live(chart: &OwnChart) -> Option<&Offer> {
    let now = chart.read.time.max(now());
    chart.read.state.offers.iter().rev().find(|offer| offer.emergency && offer.is_live(now))
}

fn model(chart: &OwnChart) -> EmergencyModel {
    let code = live(chart).map(|offer| offers::item(chart, offer));
    EmergencyModel { facts: facts(chart.about.as_ref()), code }
}

/// The page.
#[component]
pub fn EmergencyPage() -> impl IntoView {
    let patient = use_patient()?;
    let chart = patient.desk.chart;
    let changing = RwSignal::new(false);
    let making = RwSignal::new(false);
    let withdrawing = RwSignal::new(None::<String>);
    let offer = Signal::derive_local(move || {
        chart.with(|chart| chart.ready().and_then(|chart| live(chart).cloned()).map(Rc::new))
    });
    let code = code_of(patient, offer);
    let save = move |input: EmergencyFacts| {
        changing.set(false);
        let Some(chart) = patient.chart() else { return };
        patient.start("Saving your emergency card", "Your emergency card is saved.", move |open, listen| {
            let (chart, about) = (Rc::clone(&chart), told(chart.about.as_ref(), input.clone()));
            async move { open.client().tell_anew(&open.me, &about, &chart.records, &*listen).await.map(drop) }
        });
    };
    Some(view! {
        <EmergencyView
            model=patient.model(model)
            code=code
            read_only=patient.read_only()
            on_retry=move |()| patient.desk.read_again()
            on_change=move |()| changing.set(patient.may_change())
            on_make=move |()| making.set(patient.may_change())
            on_withdraw=move |id| {
                if patient.may_change() {
                    withdrawing.set(Some(id));
                }
            }
            on_print=move |()| drop(window().print())
        />
        {move || {
            let chart = changing.get().then(|| patient.chart()).flatten()?;
            Some(
                view! {
                    <EmergencyDialog
                        facts=facts(chart.about.as_ref())
                        wallet=patient.wallet()
                        on_save=save
                        on_close=move |()| changing.set(false)
                    />
                },
            )
        }}
        // The card itself shows the code once it is made.
        <Making open=making emergency=true shown=RwSignal::new(None) />
        <Withdrawing asked=withdrawing />
    })
}
