//! Today: what is new, what was not answered, what is about to end.

use leptos::prelude::*;

use super::{
    asked::{asked, is_waiting},
    desk::{Whom, use_doctor},
    patients::{patient_item, with_dealt},
};
use crate::{
    clock::use_clock,
    pages::{
        patients::PatientItem,
        today::{TodayModel, TodayView},
    },
};

/// The page.
#[component]
pub fn Today() -> impl IntoView {
    let desk = use_doctor()?;
    let clock = use_clock();
    let model = Memo::new(move |_| {
        let speaker = clock.speaker();
        with_dealt(desk, |dealt| {
            let items = || dealt.iter().filter_map(|one| patient_item(desk, one)).filter(|patient| !patient.ended);
            let mut news: Vec<PatientItem> = items().filter(|patient| !patient.news.is_empty()).collect();
            news.sort_by_key(|patient| core::cmp::Reverse(patient.at));
            let soon = |patient: &PatientItem| patient.until.is_some_and(|until| speaker.ends_soon(until).is_some());
            let mut ending: Vec<PatientItem> = items().filter(soon).collect();
            ending.sort_by_key(|patient| patient.until);
            let unanswered = asked(desk, dealt).into_iter().filter(is_waiting).collect();
            TodayModel { news, ending, unanswered, verified: desk.is_verified() }
        })
    });
    Some(view! {
        <TodayView
            model=model
            on_retry=move |()| desk.read_again()
            on_ask=move |()| desk.asking.set(Some(Whom::Anybody))
            on_extend=move |chart: String| {
                if let Ok(chart) = chart.parse() {
                    desk.asking.set(Some(Whom::Patient(chart)));
                }
            }
        />
    })
}
