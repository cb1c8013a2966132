//! A doctor opens a chart with a patient's code: claim and visit are one confirmation in the wallet.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use medkey_client::fault::{Fault, Refusal};
use medkey_protocol::Address;
use zeroize::Zeroizing;

use super::desk::{DoctorDesk, use_doctor};
use crate::{
    load::Trouble,
    pages::open_code::OpenCodeView,
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        said,
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
    let open_chart = move |()| {
        let text = Rc::new(Zeroizing::new(code.get_untracked()));
        failed.set(None);
        busy.set(true);
        spawn_local(async move {
            let open = desk.open();
            // What is no code, or has ended, is said here before the wallet is asked.
            let scanned = open.client().scan_offer(&open.me, &text).await;
            let _left = busy.try_set(false);
            match scanned {
                Ok(_) => claim(desk, acts, text, code, opened),
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
            on_open=open_chart
        />
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
