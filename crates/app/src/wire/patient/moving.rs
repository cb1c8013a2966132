//! Above every page: a move of the record that somebody asked for, or that this wallet can only read.

use leptos::prelude::*;
use medkey_client::chart::PendingMove;
use medkey_protocol::Address;

use super::{Above, Patient, use_patient};
use crate::{
    pages::moving::{AskedMove, MoveAlarm, ReadingOnly, ReadingOnlyBar, StoppedDialog},
    wire::{
        desk::{Stage, use_desk},
        moving::Acting,
        own_chart::OwnChart,
    },
};

/// What stands above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    Alarm(AskedMove),
    Reading(ReadingOnly),
}

/// The entries say it first: a wallet's node may still show what was before.
fn shown(chart: &OwnChart, account: Address, now: u64) -> Shown {
    let ready = |moving: &PendingMove| moving.effective <= chart.read.time.max(now);
    match (chart.acting, chart.read.state.moving) {
        (Acting::Yes, None) => Shown::Nothing,
        (Acting::Yes, Some(moving)) => Shown::Alarm(AskedMove {
            account: moving.account.to_string(),
            asked: moving.since.time,
            effective: moving.effective,
            ready: ready(&moving),
        }),
        (Acting::No, _) => Shown::Reading(ReadingOnly::Other),
        (Acting::Soon(_) | Acting::MayMove, Some(moving)) if moving.account == account => {
            Shown::Reading(ReadingOnly::Waits { effective: moving.effective, ready: ready(&moving) })
        }
        (Acting::Soon(_) | Acting::MayMove, _) => Shown::Reading(ReadingOnly::MayMove),
    }
}

/// What stands above the page, and what comes after a move was stopped.
#[component]
pub fn Moving() -> impl IntoView {
    let patient = use_patient()?;
    let desk = use_desk();
    let clock = crate::clock::use_clock();
    let chart = patient.desk.chart;
    let account = patient.open().client().account();
    // Drawn anew only when it says something else: an alarm is read out each time it is drawn.
    let shown = Memo::new(move |_| {
        let now = clock.speaker().now;
        chart.with(|chart| chart.ready().map_or(Shown::Nothing, |chart| shown(chart, account, now)))
    });
    Some(view! {
        {move || match shown.get() {
            Shown::Nothing => ().into_any(),
            Shown::Alarm(asked) => {
                view! {
                    <MoveAlarm asked=asked wallet=patient.wallet() on_stop=move |()| stop(patient) />
                }
                    .into_any()
            }
            Shown::Reading(state) => {
                view! {
                    <ReadingOnlyBar
                        state=state
                        account=account.to_string()
                        on_move=move |()| desk.stage.set(Stage::Proposing(patient.open(), None))
                        on_take=move |()| desk.stage.set(Stage::Taking(patient.open()))
                    />
                }
                    .into_any()
            }
        }}
        {move || {
            (patient.above.get() == Above::Stopped)
                .then(|| {
                    view! { <StoppedDialog on_close=move |()| patient.above.set(Above::Nothing) /> }
                })
        }}
    })
}

fn stop(patient: Patient) {
    patient.start("Stopping the move", "Your record stays with this account.", move |open, listen| async move {
        open.client().veto_move(&open.me, &*listen).await?;
        // An act outlives the pages it was started from.
        let _left = patient.above.try_set(Above::Stopped);
        Ok(())
    });
}
