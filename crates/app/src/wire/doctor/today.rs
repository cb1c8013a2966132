//! Today: who waits, what is begun, what is new, what was not answered, what is about to end.

use leptos::prelude::*;
use medkey_protocol::Address;

use super::{
    asked::{asked, is_waiting},
    desk::{Whom, use_doctor},
    patients::{patient_item, with_dealt},
    treatments::{unprescribed, waiting},
    unfiled::Unfiled,
    writing::WritingDialog,
};
use crate::{
    clock::use_clock,
    pages::{
        patients::PatientItem,
        today::{TodayModel, TodayView, UnfiledItem, WaitingItem},
        write_entry::Writing,
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
            let mut waiting: Vec<WaitingItem> = dealt.iter().flat_map(|one| waiting(desk, one)).collect();
            waiting.sort_by_key(|item| core::cmp::Reverse(item.at));
            // What was shared with a request and not opened yet is said once.
            let unopened = |patient: &PatientItem| {
                waiting.iter().any(|item| item.request.is_none() && item.chart == patient.chart)
            };
            let is_news = |patient: &PatientItem| !patient.news.is_empty() && !unopened(patient);
            let mut news: Vec<PatientItem> = items().filter(is_news).collect();
            news.sort_by_key(|patient| core::cmp::Reverse(patient.at));
            let soon = |patient: &PatientItem| patient.until.is_some_and(|until| speaker.ends_soon(until).is_some());
            let mut ending: Vec<PatientItem> = items().filter(soon).collect();
            ending.sort_by_key(|patient| patient.until);
            let mut unprescribed: Vec<WaitingItem> = dealt.iter().flat_map(|one| unprescribed(desk, one)).collect();
            unprescribed.sort_by_key(|item| core::cmp::Reverse(item.at));
            let unfiled = desk.unfiled.with(|all| {
                let item = |(chart, unfiled): (&Address, &Unfiled)| UnfiledItem {
                    href: format!("/patients/{chart}"),
                    name: desk.name(*chart),
                    titles: unfiled.titles(),
                };
                all.iter().flatten().map(item).collect()
            });
            let unanswered = asked(desk, dealt).into_iter().filter(is_waiting).collect();
            TodayModel { waiting, unprescribed, unfiled, news, ending, unanswered, verified: desk.is_verified() }
        })
    });
    let prescribing = RwSignal::new(None::<(Address, String)>);
    Some(view! {
        <TodayView
            model=model
            on_prescribe=move |(chart, request): (String, String)| {
                if let Ok(chart) = chart.parse() {
                    prescribing.set(Some((chart, request)));
                }
            }
            on_retry=move |()| desk.read_again()
            on_ask=move |()| desk.asking.set(Some(Whom::Anybody))
            on_extend=move |chart: String| {
                if let Ok(chart) = chart.parse() {
                    desk.asking.set(Some(Whom::Patient(chart)));
                }
            }
        />
        {move || {
            let (chart, request) = prescribing.get()?;
            Some(
                view! {
                    <WritingDialog
                        chart=chart
                        what=Writing::Prescription
                        request=Some(request)
                        on_close=Callback::new(move |()| prescribing.set(None))
                    />
                },
            )
        }}
    })
}
