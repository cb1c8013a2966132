//! Reference ranges: which one holds for the patient, and all of them in words.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    resource::{Resource, items},
    words::{amount, concept, first_code, has_code, number, quantity, text, unit},
};
use crate::components::table::Flag;

/// How a value stands to the ends of a range.
pub(super) fn placed(value: f64, low: Option<f64>, high: Option<f64>) -> Option<Flag> {
    match (low, high) {
        (None, None) => None,
        (_, Some(high)) if value > high => Some(Flag::High),
        (Some(low), _) if value < low => Some(Flag::Low),
        _ => Some(Flag::InRange),
    }
}

/// The reference ranges of a value.
pub(super) struct Ranges<'a>(Vec<&'a Value>);

impl<'a> Ranges<'a> {
    /// Those of a measurement.
    pub(super) fn of(part: Resource<'a>) -> Self {
        Self(part.items("referenceRange").collect())
    }

    /// The one that says what is normal for everybody; none where there are several, for they are for different people.
    fn normal(&self) -> Option<&'a Value> {
        let for_all = |range: &&&Value| {
            let kind = first_code(&range["type"]);
            matches!(kind, "" | "normal") && range["appliesTo"].is_null() && range["age"].is_null()
        };
        let mut normal = self.0.iter().filter(for_all);
        match (normal.next(), normal.next()) {
            (Some(only), None) => Some(only),
            // One alone that is for some is for this patient: the laboratory chose it.
            (None, _) if self.0.len() == 1 => self.0.first().copied(),
            _ => None,
        }
    }

    fn end(&self, name: &str, quantity: &Value) -> Option<f64> {
        let end = &self.normal()?[name];
        // Another unit is another number.
        let units: BTreeSet<String> =
            [end, quantity].iter().map(|one| unit(one)).filter(|unit| !unit.is_empty()).collect();
        number(&end["value"]).filter(|_| units.len() < 2 || end["code"] == quantity["code"])
    }

    /// Lower end, in the unit of the value.
    pub(super) fn low(&self, quantity: &Value) -> Option<f64> {
        self.end("low", quantity)
    }

    /// Upper end, in the unit of the value.
    pub(super) fn high(&self, quantity: &Value) -> Option<f64> {
        self.end("high", quantity)
    }

    /// All of them in words; the unit only where it is another.
    pub(super) fn said(&self, value: &Value) -> String {
        let one = |range: &&Value| {
            let of = |name: &str| {
                let end = &range[name];
                if unit(end) == unit(value) || unit(end).is_empty() { amount(end) } else { quantity(end) }
            };
            let ends = match (of("low"), of("high")) {
                (Some(low), Some(high)) => Some(format!("{low} – {high}")),
                (None, Some(high)) => Some(format!("under {high}")),
                (Some(low), None) => Some(format!("over {low}")),
                (None, None) => None,
            };
            let said = match (ends, text(&range["text"])) {
                (Some(ends), Some(text)) if text.contains(ends.as_str()) => text,
                (Some(ends), Some(text)) => format!("{ends}, {text}"),
                (ends, text) => ends.or(text)?,
            };
            let whom: Vec<String> = range_type(&range["type"])
                .into_iter()
                .chain(items(&range["appliesTo"]).filter_map(concept))
                .chain(super::words::range(&range["age"]))
                .collect();
            Some(if whom.is_empty() { said } else { format!("{said} ({})", whom.join(", ")) })
        };
        self.0.iter().filter_map(one).collect::<Vec<_>>().join("; ")
    }
}

fn range_type(kind: &Value) -> Option<String> {
    concept(kind).filter(|_| !has_code(kind, "normal"))
}
