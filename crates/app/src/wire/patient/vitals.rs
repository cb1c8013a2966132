//! What a patient measured, and what others measured of the patient.

use std::rc::Rc;

use leptos::prelude::*;

use super::{Patient, use_patient};
use crate::wire::{
    desk::Open,
    own_chart::OwnChart,
    said,
    vitals::{self, Reader, Seen},
};

/// The values in the own chart; in the context of the patient's pages.
pub(super) type Vitals = vitals::Vitals<Patient>;

impl Reader for Patient {
    fn open(self) -> Option<Rc<Open>> {
        Some(Self::open(&self))
    }

    fn look_at<T>(self, take: impl FnOnce(&Seen<'_>) -> T) -> Option<T> {
        let look = |chart: &Rc<OwnChart>| {
            take(&Seen {
                records: &chart.records,
                category: &|folder| chart.category(folder),
                birth_date: chart.about.as_ref().map(|about| about.birth_date.as_str()),
                from: &|author| format!("from {}", said::person(author, chart.people.get(&author)).name),
                at: "/records",
                own: true,
            })
        };
        self.desk.chart.try_with(|chart| chart.ready().map(look)).flatten()
    }
}

/// How old the patient is.
pub(super) fn age_now(chart: &OwnChart) -> Option<u32> {
    chart.about.as_ref().and_then(|about| vitals::age_today(&about.birth_date))
}

/// The values in reach.
pub(super) fn use_vitals() -> Option<Vitals> {
    use_context()
}

/// For pages that show values: the patient and what was measured, which is looked for while the page is shown.
pub(super) fn look() -> Option<(Patient, Vitals)> {
    let (patient, vitals) = (use_patient()?, use_vitals()?);
    vitals.look_while_here();
    Some((patient, vitals))
}
