//! Above every page: a move of the record that somebody asked for, or that this wallet can only read.

use leptos::prelude::*;

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

fn shown(chart: &OwnChart, now: u64) -> Shown {
    match (chart.acting, chart.read.state.moving) {
        (Acting::Yes, Some(moving)) => Shown::Alarm(AskedMove {
            account: moving.account.to_string(),
            asked: moving.since.time,
            effective: moving.effective,
            ready: moving.effective <= chart.read.time.max(now),
        }),
        (Acting::Yes, None) => Shown::Nothing,
        (Acting::Soon(waiting), _) => Shown::Reading(ReadingOnly::Waits {
            effective: waiting.effective,
            ready: waiting.effective <= waiting.now.max(now),
        }),
        (Acting::MayMove, _) => Shown::Reading(ReadingOnly::MayMove),
        (Acting::No, _) => Shown::Reading(ReadingOnly::Other),
    }
}

/// What stands above the page, and what comes after a move was stopped.
#[component]
pub fn Moving() -> impl IntoView {
    let patient = use_patient()?;
    let desk = use_desk();
    let clock = crate::clock::use_clock();
    let chart = patient.desk.chart;
    // Drawn anew only when it says something else: an alarm is read out each time it is drawn.
    let shown = Memo::new(move |_| {
        let now = clock.speaker().now;
        chart.with(|chart| chart.ready().map_or(Shown::Nothing, |chart| shown(chart, now)))
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
                        account=patient.open().client().account().to_string()
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
