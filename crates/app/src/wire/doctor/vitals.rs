//! What was measured in a chart, as far as the doctor may read it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use medkey_client::record_vitals::Vital;
use medkey_protocol::Address;

use super::desk::{DoctorDesk, Door, Opening, use_doctor};
use crate::{
    components::page_head::Crumb,
    pages::vital::VitalView,
    wire::{
        desk::Open,
        elsewhere::Elsewhere,
        said,
        vitals::{self, Reader, Seen},
    },
};

/// The chart that is looked at.
#[derive(Clone, Copy)]
pub(super) struct InChart {
    desk: DoctorDesk,
    chart: RwSignal<Option<Address>>,
}

/// The values in it; in the context of the doctor's pages.
pub(super) type Vitals = vitals::Vitals<InChart>;

impl InChart {
    /// None yet.
    pub(super) fn new(desk: DoctorDesk) -> Self {
        Self { desk, chart: RwSignal::new(None) }
    }
}

impl Reader for InChart {
    fn open(self) -> Option<Rc<Open>> {
        self.desk.held().try_get_value()
    }

    fn look_at<T>(self, take: impl FnOnce(&Seen<'_>) -> T) -> Option<T> {
        let chart = self.chart.try_get()??;
        let opening = self.desk.opened.try_with(|opened| opened.get(&chart).cloned())??;
        let Opening::Open(opened) = opening else { return None };
        let born = self.desk.names.try_with(|names| names.get(&chart).map(|known| known.birth_date.clone()))?;
        let me = self.open()?.me.address;
        let from = |author: Address| match author {
            author if author == me => "from you".to_owned(),
            author => {
                let known = self.desk.people.try_with(|people| people.get(&author).cloned()).flatten();
                format!("from {}", said::person(author, known.as_ref()).name)
            }
        };
        let category = |id| opened.folders.iter().find(|folder| folder.id == id).and_then(|folder| folder.category);
        Some(take(&Seen {
            records: &opened.records,
            category: &category,
            birth_date: born.as_deref(),
            from: &from,
            at: &format!("/patients/{chart}/records"),
            own: false,
        }))
    }
}

/// For pages that show values of a chart: they are looked for while the page is shown.
pub(super) fn look(chart: Memo<Option<Address>>) -> Option<Vitals> {
    let vitals: Vitals = use_context()?;
    vitals.reader().chart.set(chart.get_untracked());
    Effect::new(move |_| vitals.reader().chart.set(chart.get()));
    vitals.look_while_here();
    Some(vitals)
}

/// The page of one vital sign.
#[component]
pub fn DoctorVital() -> impl IntoView {
    let desk = use_doctor()?;
    let params = use_params_map();
    let chart = Memo::new(move |_| params.with(|params| params.get("chart")?.parse::<Address>().ok()));
    let vital = Memo::new(move |_| params.with(|params| params.get("vital").and_then(|key| Vital::of_key(&key))));
    let vitals = look(chart)?;
    let home = move || chart.get().map_or_else(|| "/patients".to_owned(), |chart| format!("/patients/{chart}"));
    let way = Signal::derive(move || {
        let name = chart.get().map(|chart| desk.name(chart)).unwrap_or_default();
        vec![Crumb::to("Patients", "/patients"), Crumb::to(name, home())]
    });
    // A chart is opened on its own page, where one is told what that means.
    let closed = Memo::new(move |_| match chart.get().map(|chart| desk.door(chart)) {
        None | Some(Door::Failed(_) | Door::Ended(..) | Door::Closed(_)) => true,
        Some(Door::Waiting | Door::Open(..)) => vital.get().is_none(),
    });
    Some(view! {
        {move || closed.get().then(|| view! { <Elsewhere to=home() /> })}
        <VitalView
            model=vitals.model(vital)
            looking=vitals.looking()
            way=way
            on_look_again=move |()| vitals.look_again()
            on_look_on=move |()| vitals.look_on()
        />
    })
}
