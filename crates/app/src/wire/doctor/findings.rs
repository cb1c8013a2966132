//! What a doctor must not overlook, from the small FHIR documents of an open chart, as [`crate::fhir`] reads them; and
//! of their measurements those worth a card.

use std::{collections::BTreeMap, rc::Rc};

use medkey_client::{
    Meta,
    ask_for_treatment::{Complaint, is_treatment},
    list_records::Record,
    record_vitals::Vital,
};

use crate::{
    components::{table::Flag, trend_chart::Course},
    fhir::{Fhir, Findings, Key, Taken},
    pages::chart::Figure,
    speaking::{Say, Speaker},
    wire::viewer::dated,
};

/// Documents of a chart that are looked into.
pub(super) const AT_MOST: usize = 60;
/// Longest document that is looked into.
const SMALL: u64 = 512 << 10;

/// Whether a document is looked into.
#[must_use]
pub(super) fn is_small_fhir(meta: &Meta) -> bool {
    let fhir = matches!(meta.media_type.as_str(), "application/fhir+json" | "application/json");
    fhir && meta.length <= SMALL
}

/// Reads a document; of one that cannot be read nothing is said.
#[must_use]
pub(super) fn read(record: &Record, bytes: &[u8]) -> Findings {
    Fhir::read(bytes).map(|document| document.findings(dated(record))).unwrap_or_default()
}

/// What the patient asks to be treated for, where a record does.
#[must_use]
pub(super) fn complaint(record: &Record, bytes: &[u8]) -> Option<Complaint> {
    is_treatment(record).then(|| Complaint::from_fhir(&serde_json::from_slice(bytes).ok()?)).flatten()
}

/// Each name once, however it is written.
#[must_use]
pub(super) fn once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            seen.push(name);
        }
    }
    seen
}

/// Vital signs have cards of their own.
fn is_vital(taken: &Taken) -> bool {
    taken.known.keys.iter().any(|key| key.loinc().and_then(Vital::of_code).is_some())
}

/// Other measurements taken more than once: those out of their range first, then the newest.
#[must_use]
pub(super) fn figures(found: &[Rc<Findings>], speaker: &Speaker) -> Vec<Figure> {
    let mut series: BTreeMap<&Key, Vec<&Taken>> = BTreeMap::new();
    for taken in found.iter().flat_map(|one| &one.measurements).filter(|taken| !is_vital(taken)) {
        if let Some(key) = taken.known.keys.first() {
            series.entry(key).or_default().push(taken);
        }
    }
    let mut figures: Vec<(bool, i64, Figure)> = series
        .into_values()
        .filter_map(|mut values| {
            values.sort_by_key(|taken| taken.known.point.at);
            let [.., before, newest] = values.as_slice() else { return None };
            let (then, now) = (&before.known.point, &newest.known.point);
            let since =
                u64::try_from(then.at).map(|at| speaker.say(at, Say::Month)).unwrap_or_else(|_| then.when.clone());
            let points = values.iter().map(|taken| taken.known.point.clone()).collect();
            let course = Course { low: newest.low, high: newest.high, ..Course::new("", "", points) };
            let figure = Figure {
                name: newest.measurement.name.clone(),
                value: newest.measurement.value.clone(),
                unit: newest.measurement.unit.clone(),
                note: change(then.value, now.value, &since),
                trend: course.spark(),
            };
            Some((newest.measurement.flag.is_some_and(|flag| flag != Flag::InRange), now.at, figure))
        })
        .collect();
    figures.sort_by_key(|(flagged, at, _)| core::cmp::Reverse((*flagged, *at)));
    figures.into_iter().map(|(_, _, figure)| figure).collect()
}

fn change(before: f64, now: f64, since: &str) -> String {
    let percent = ((now - before) / before * 100.0).round();
    if !percent.is_finite() {
        return String::new();
    }
    match percent {
        0.0 => format!("unchanged since {since}"),
        less if less < 0.0 => format!("−{} % since {since}", -less),
        more => format!("+{more} % since {since}"),
    }
}
