//! Medicines: what, how much, how often, for how long.

use serde_json::Value;

use super::{
    dates::{date, period},
    resource::Resource,
    sheet::Sheet,
    timing::timing,
    words::{choice, choice_date, code_words, concept, concepts, lines, quantity, range, ratio, text},
};
use crate::components::chip::{Badge, Tone};

/// A MedicationRequest, -Statement, -Administration or -Dispense.
pub(super) fn medicine(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let sheet = Sheet::new("Medicine", resource).status(get("status"));
    let sheet = match resource.kind() {
        "MedicationRequest" => {
            let never = (get("doNotPerform").as_bool() == Some(true)).then_some("Do not give this medicine.");
            sheet
                .alarmed(never)
                .badge(intent(get("intent")))
                .badge(priority(get("priority")))
                .dated("prescribed", date(get("authoredOn")))
                .key("Dose", doses(resource, "dosageInstruction"))
        }
        "MedicationStatement" => sheet
            .dated("", choice_date(resource, "effective").or_else(|| date(get("dateAsserted"))))
            .key("Dose", doses(resource, "dosage"))
            .row("Taken", choice(resource, "effective")),
        "MedicationAdministration" => sheet
            .dated("given", choice_date(resource, "effective"))
            .key("Dose", dose(get("dosage")))
            .row("Given", choice(resource, "effective")),
        _ => sheet
            .dated("handed out", date(get("whenHandedOver")))
            .key("Dose", doses(resource, "dosageInstruction"))
            .row("Amount", quantity(get("quantity")))
            .row("Supply", quantity(get("daysSupply"))),
    };
    sheet
        .row("Route", instructions(resource, |one| concept(&one["route"])))
        .row("Where", instructions(resource, |one| concept(&one["site"])))
        .row("At most", instructions(resource, at_most))
        .row("To know", instructions(resource, to_know))
        .row("For", reasons(resource))
        .row("Dispensed", dispensing(resource))
        .row("Another product", substitution(resource))
        .row("Prescribed", date(get("authoredOn")).map(|date| date.said))
        .row("By", resource.name(get("requester")).or_else(|| resource.name(get("informationSource"))))
        .row("Why so", concepts(get("statusReason")))
        .row("Course", concept(get("courseOfTherapyType")))
        .noted(resource)
}

/// A Medication by itself.
pub(super) fn medication(resource: Resource<'_>) -> Sheet {
    let ingredient = |one: &Value| {
        let name = concept(&one["itemCodeableConcept"]).or_else(|| resource.name(&one["itemReference"]))?;
        Some(match ratio(&one["strength"]) {
            Some(strength) => format!("{name} {strength}"),
            None => name,
        })
    };
    Sheet::new("Medicine", resource)
        .status(resource.get("status"))
        .key("Form", concept(resource.get("form")))
        .row("Amount", ratio(resource.get("amount")))
        .row("Holds", lines(resource.items("ingredient").filter_map(ingredient)))
        .row("Maker", resource.name(resource.get("manufacturer")))
        .row("Batch", text(&resource.get("batch")["lotNumber"]))
}

fn intent(intent: &Value) -> Option<Badge> {
    match intent.as_str()? {
        "order" | "original-order" | "instance-order" => None,
        _ => code_words(intent).map(|word| Badge::new(Tone::Warn, word)),
    }
}

fn priority(priority: &Value) -> Option<Badge> {
    match priority.as_str()? {
        "routine" => None,
        _ => code_words(priority).map(|word| Badge::new(Tone::Warn, word)),
    }
}

/// The instructions, whatever they are called in this kind of resource.
fn instructions(resource: Resource<'_>, say: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for words in ["dosageInstruction", "dosage"].into_iter().flat_map(|name| resource.items(name)).filter_map(say) {
        if !said.contains(&words) {
            said.push(words);
        }
    }
    lines(said)
}

/// One line for each instruction, in their order.
fn doses(resource: Resource<'_>, field: &str) -> Option<String> {
    let mut all: Vec<&Value> = resource.items(field).collect();
    all.sort_by_key(|one| one["sequence"].as_str().and_then(|number| number.parse::<u32>().ok()).unwrap_or(u32::MAX));
    lines(all.into_iter().filter_map(dose))
}

/// `1 tablet, by mouth, once a day, for 90 days`; in the author's words where there are some.
fn dose(dosage: &Value) -> Option<String> {
    let as_needed = match (&dosage["asNeededBoolean"], concept(&dosage["asNeededCodeableConcept"])) {
        (_, Some(what)) => Some(format!("as needed for {what}")),
        (Value::Bool(true), None) => Some("as needed".to_owned()),
        _ => None,
    };
    let length = || {
        let repeat = &dosage["timing"]["repeat"];
        let length = quantity(&repeat["boundsDuration"]).or_else(|| range(&repeat["boundsRange"]));
        length.map(|length| format!("for {length}")).or_else(|| period(&repeat["boundsPeriod"]))
    };
    if let Some(own) = text(&dosage["text"]) {
        // What the words leave out is added to them.
        let missing = |said: &String| !own.to_lowercase().contains(&said.to_lowercase());
        let more = as_needed.filter(missing).into_iter().chain(length().filter(missing));
        return Some(core::iter::once(own.clone()).chain(more).collect::<Vec<_>>().join(", "));
    }
    let each = |one: &Value| {
        let dose = quantity(&one["doseQuantity"]).or_else(|| range(&one["doseRange"]));
        let rate =
            ratio(&one["rateRatio"]).or_else(|| range(&one["rateRange"])).or_else(|| quantity(&one["rateQuantity"]));
        Some([dose, rate.map(|rate| format!("at {rate}"))].into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    let mut amounts: Vec<String> = super::resource::items(&dosage["doseAndRate"]).filter_map(each).collect();
    // An administration has its dose without a list.
    amounts.extend(quantity(&dosage["dose"]));
    amounts.retain(|amount| !amount.is_empty());
    let method = concept(&dosage["method"]);
    let said = method.into_iter().chain(amounts).chain(timing(&dosage["timing"])).chain(as_needed);
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn at_most(dosage: &Value) -> Option<String> {
    let period = ratio(&dosage["maxDosePerPeriod"]);
    period
        .or_else(|| quantity(&dosage["maxDosePerAdministration"]).map(|most| format!("{most} at a time")))
        .or_else(|| quantity(&dosage["maxDosePerLifetime"]).map(|most| format!("{most} in all one's life")))
}

fn to_know(dosage: &Value) -> Option<String> {
    lines(text(&dosage["patientInstruction"]).into_iter().chain(concepts(&dosage["additionalInstruction"])))
}

/// Why it is given.
fn reasons(resource: Resource<'_>) -> Option<String> {
    lines(concepts(resource.get("reasonCode")).into_iter().chain(resource.names("reasonReference")))
}

/// `30 tablets, for 30 days, 3 repeats, until 1 May 2027`.
fn dispensing(resource: Resource<'_>) -> Option<String> {
    let dispense = resource.get("dispenseRequest");
    let repeats = text(&dispense["numberOfRepeatsAllowed"]).map(|number| match number.as_str() {
        "0" => "no repeats".to_owned(),
        "1" => "1 repeat".to_owned(),
        _ => format!("{number} repeats"),
    });
    let parts = [
        quantity(&dispense["quantity"]),
        quantity(&dispense["expectedSupplyDuration"]).map(|length| format!("for {length}")),
        repeats,
        period(&dispense["validityPeriod"]).map(|when| format!("valid {when}")),
        resource.name(&dispense["performer"]).map(|who| format!("by {who}")),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn substitution(resource: Resource<'_>) -> Option<String> {
    let substitution = resource.get("substitution");
    let said = match (&substitution["allowedBoolean"], concept(&substitution["allowedCodeableConcept"])) {
        (Value::Bool(true), _) => "May be given instead".to_owned(),
        (Value::Bool(false), _) => "Must not be given instead".to_owned(),
        (_, Some(words)) => words,
        _ => return None,
    };
    Some(match concept(&substitution["reason"]) {
        Some(reason) => format!("{said} ({reason})"),
        None => said,
    })
}
