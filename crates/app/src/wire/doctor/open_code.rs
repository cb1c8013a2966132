//! A doctor opens a chart with a patient's code: claim and visit are one confirmation in the wallet. The patient's own
//! code, which opens nothing, leads to the chart where it is shared, else to asking for it.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use medkey_client::{
    fault::{Fault, Refusal},
    scan_code::Code,
};
use medkey_protocol::Address;
use zeroize::Zeroizing;

use super::desk::{Dealt, DoctorDesk, Whom, use_doctor};
use crate::{
    load::Trouble,
    pages::open_code::OpenCodeView,
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        said,
        scanning::{Scanning, Wanted},
    },
};

/// Why a code does not open, to the doctor who holds it.
fn trouble(fault: &Fault) -> Trouble {
    let own = "The registrar has not verified you, or has suspended you. Codes do not open for you at present.";
    match fault {
        Fault::Refused(Refusal::NotVerified) => Trouble::new(own, "Nothing was changed."),
        other => said::trouble(other),
    }
}

/// The page. What was pasted stays in the page until it has opened something.
#[component]
pub fn OpenCode() -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let navigate = use_navigate();
    let code = RwSignal::new(String::new());
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<Trouble>));
    // An act outlives the page it was started from: then nobody is led away from another.
    let opened = RwSignal::new(None::<Address>);
    Effect::new(move |_| {
        if let Some(chart) = opened.get() {
            navigate(&format!("/patients/{chart}"), NavigateOptions::default());
        }
    });
    let scanning = RwSignal::new(false);
    let open_text = move |text: Zeroizing<String>| {
        let text = Rc::new(text);
        failed.set(None);
        busy.set(true);
        spawn_local(async move {
            let open = desk.open();
            // What is no code, or has ended, is said here before the wallet is asked.
            let scanned = match Code::of(&text) {
                Code::Patient => open.client().scan_patient(&text).await.map(Some),
                Code::Offer | Code::Recovery | Code::Other => {
                    open.client().scan_offer(&open.me, &text).await.map(|_| None)
                }
            };
            let _left = busy.try_set(false);
            match scanned {
                Ok(None) => claim(desk, acts, text, code, opened),
                Ok(Some(patient)) if is_shared(desk, patient) => drop(opened.try_set(Some(patient))),
                Ok(Some(patient)) => drop(desk.asking.try_set(Some(Whom::Patient(patient)))),
                Err(fault) => drop(failed.try_set(Some(trouble(&fault)))),
            }
        });
    };
    Some(view! {
        <OpenCodeView
            code=code
            verified=Memo::new(move |_| desk.is_verified())
            busy=busy
            trouble=failed
            wallet=desk.open().seat.wallet.clone()
            on_scan=move |()| scanning.set(true)
            on_open=move |()| open_text(Zeroizing::new(code.get_untracked()))
        />
        <Show when=move || scanning.get()>
            <Scanning
                seat=Rc::clone(&desk.open().seat)
                wanted=Wanted::OfferOrPatient
                on_found=move |text| {
                    scanning.set(false);
                    open_text(text);
                }
                on_close=move |()| scanning.set(false)
            />
        </Show>
    })
}

/// Whether a patient shares something with the doctor now.
fn is_shared(desk: DoctorDesk, patient: Address) -> bool {
    desk.dealt.with_untracked(|dealt| {
        let shared =
            |dealt: &Dealt| dealt.chart == patient && dealt.known.as_ref().is_ok_and(|known| known.is_shared());
        dealt.ready().is_some_and(|dealt| dealt.iter().any(shared))
    })
}

fn claim(
    desk: DoctorDesk,
    acts: Acts,
    text: Rc<Zeroizing<String>>,
    code: RwSignal<String>,
    opened: RwSignal<Option<Address>>,
) {
    let Some(open) = desk.held().try_get_value() else { return };
    let label = Label {
        title: "Opening a chart with a code".to_owned(),
        done: "The chart is open. The patient is told.".to_owned(),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let (open, text) = (Rc::clone(&open), Rc::clone(&text));
        async move {
            // Read anew with each try: what an earlier one has claimed by then is not claimed again.
            let scanned = open.client().scan_offer(&open.me, &text).await?;
            open.client().claim_offer(&open.me, &scanned, &*listen).await?;
            let _left = code.try_set(String::new());
            let chart = open.client().open_chart(&open.me, scanned.chart, &*listen).await;
            desk.read_again();
            desk.keep(&open, chart?).await;
            let _left = opened.try_set(Some(scanned.chart));
            Ok(())
        }
    });
}
