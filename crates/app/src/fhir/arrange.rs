//! The order in which a document is drawn: sections where it has them, reports with their results, then everything
//! else, under headings where there is much of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    care, measured,
    measured::{Known, Measuring},
    medicines,
    narrative::narrative,
    other, people,
    resource::{Document, Resource},
    sheet::{Sheet, status_badge},
    words::{concept, text},
};
use crate::{
    components::{
        chip::{Badge, Tone},
        table::Measurement,
    },
    pages::document::{Entry, RecordPart},
    speaking::{count, thousands},
};

/// Resources that are each drawn in full; more of them are rows that unfold.
const FEW: usize = 6;

/// The groups of everything that is no result, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Patient,
    Allergies,
    Conditions,
    Medicines,
    Results,
    Vaccinations,
    Plans,
    Procedures,
    Visits,
    Documents,
    Requests,
    Specimens,
    People,
    Bills,
    Other,
}

impl Kind {
    fn of(resource: Resource<'_>) -> Self {
        match resource.kind() {
            "Patient" => Self::Patient,
            "AllergyIntolerance" => Self::Allergies,
            "Condition" => Self::Conditions,
            "MedicationRequest"
            | "MedicationStatement"
            | "MedicationAdministration"
            | "MedicationDispense"
            | "Medication" => Self::Medicines,
            "Observation" | "DiagnosticReport" => Self::Results,
            "Immunization" => Self::Vaccinations,
            "CarePlan" | "Goal" => Self::Plans,
            "Procedure" => Self::Procedures,
            "Encounter" => Self::Visits,
            "DocumentReference" | "Composition" | "QuestionnaireResponse" => Self::Documents,
            "ServiceRequest" => Self::Requests,
            "Specimen" => Self::Specimens,
            "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "RelatedPerson" | "Person"
            | "CareTeam" | "Device" => Self::People,
            "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Coverage" | "Invoice" => Self::Bills,
            _ => Self::Other,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Patient => "Patient",
            Self::Allergies => "Allergies",
            Self::Conditions => "Conditions",
            Self::Medicines => "Medicines",
            Self::Results => "Results",
            Self::Vaccinations => "Vaccinations",
            Self::Plans => "Treatment plans and goals",
            Self::Procedures => "Procedures",
            Self::Visits => "Visits",
            Self::Documents => "Documents",
            Self::Requests => "Requests",
            Self::Specimens => "Specimens",
            Self::People => "People and places",
            Self::Bills => "Bills and insurance",
            Self::Other => "Other entries",
        }
    }
}

/// A resource that is no result, as a sheet.
fn sheet(resource: Resource<'_>) -> Sheet {
    match resource.kind() {
        "Patient" => people::patient(resource),
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "RelatedPerson" | "Person" | "CareTeam"
        | "Device" => people::party(resource),
        "MedicationRequest" | "MedicationStatement" | "MedicationAdministration" | "MedicationDispense" => {
            medicines::medicine(resource)
        }
        "Medication" => medicines::medication(resource),
        "AllergyIntolerance" => care::allergy(resource),
        "Condition" => care::condition(resource),
        "Immunization" => care::immunization(resource),
        "Procedure" => care::procedure(resource),
        "Encounter" => care::encounter(resource),
        "CarePlan" => care::care_plan(resource),
        "Goal" => care::goal(resource),
        "ServiceRequest" => care::service_request(resource),
        "Specimen" => care::specimen(resource),
        "DocumentReference" => care::document(resource),
        "QuestionnaireResponse" => care::answers(resource),
        "DiagnosticReport" => care::report(resource),
        _ => other::any(resource),
    }
}

/// What is still to be drawn of a document.
struct Arranging<'a> {
    document: &'a Document,
    measuring: Measuring<'a>,
    drawn: Vec<Resource<'a>>,
}

/// The parts of a document.
pub(super) fn parts(document: &Document, known: &[Known], at: Option<i64>) -> Vec<RecordPart> {
    let mut all: Vec<Known> = measured::known(document, at);
    all.extend_from_slice(known);
    let mut arranging = Arranging { document, measuring: Measuring::new(&all, at), drawn: Vec::new() };
    let mut parts = arranging.composed();
    parts.extend(arranging.rest(!parts.is_empty()));
    if document.empty > 0 {
        let text = format!("{} in the file hold nothing that is shown.", count(document.empty, "entry", "entries"));
        parts.push(RecordPart::Words { title: String::new(), text: crate::speaking::sentence(&text) });
    }
    if parts.is_empty() {
        let text = "This document has no entries.".to_owned();
        parts.push(RecordPart::Words { title: String::new(), text });
    }
    parts
}

impl<'a> Arranging<'a> {
    fn is_drawn(&self, resource: Resource<'_>) -> bool {
        self.drawn.iter().any(|one| one.is(resource)) || self.measuring.has(resource)
    }

    /// A document that is led by a Composition: who, what, then its sections in order.
    fn composed(&mut self) -> Vec<RecordPart> {
        let first = self.document.resources().next();
        let Some(composition) = first.filter(|first| first.kind() == "Composition") else { return Vec::new() };
        self.drawn.push(composition);
        let get = |name: &str| composition.get(name);
        let head = Sheet::new("Document", composition)
            .status(get("status"))
            .row("Date", super::dates::date(get("date")).map(|date| date.said))
            .row("By", composition.names("author"))
            .row("Kept by", composition.name(get("custodian")))
            .row("Kind", concept(get("type")));
        let mut parts = head.parts();
        if let Some(patient) = composition.follow(get("subject")).filter(|found| found.kind() == "Patient") {
            self.drawn.push(patient);
            parts.extend(people::patient(patient).parts());
        }
        parts.extend(narrative(get("text")).map(RecordPart::Narrative));
        for section in composition.items("section") {
            self.section(composition.part(section), &mut parts);
        }
        parts
    }

    /// A section under its title: its entries, its words, the sections in it.
    fn section(&mut self, section: Resource<'a>, parts: &mut Vec<RecordPart>) {
        let title =
            text(section.get("title")).or_else(|| concept(section.get("code"))).unwrap_or_else(|| "Section".to_owned());
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for reference in section.items("entry") {
            match section.follow(reference) {
                Some(entry) => found.push(entry),
                None => missing.push(
                    section
                        .name(reference)
                        .or_else(|| text(&reference["reference"]))
                        .unwrap_or_else(|| "An entry without a name".to_owned()),
                ),
            }
        }
        let mut inner = self.mixed(found);
        if !missing.is_empty() {
            inner.push(RecordPart::Entries(missing.into_iter().map(Entry::missing).collect()));
        }
        let words = narrative(section.get("text"));
        match (inner.is_empty(), words) {
            (true, Some(text)) => inner.push(RecordPart::Words { title: String::new(), text }),
            (false, Some(text)) => inner.push(RecordPart::Narrative(text)),
            (_, None) => {}
        }
        let reason = concept(section.get("emptyReason")).map(|reason| format!("Nothing here: {reason}."));
        if inner.is_empty() {
            let text = reason.unwrap_or_else(|| "Nothing is said here.".to_owned());
            // A section that only holds others says nothing by itself.
            if section.items("section").next().is_none() {
                inner.push(RecordPart::Words { title: String::new(), text });
            }
        }
        parts.push(RecordPart::Group { title, note: String::new(), parts: inner });
        for deeper in section.items("section") {
            self.section(section.part(deeper), parts);
        }
    }

    /// Resources in the order they are named: results as tables, the rest as rows.
    fn mixed(&mut self, found: Vec<Resource<'a>>) -> Vec<RecordPart> {
        let mut parts = Vec::new();
        let mut entries = Vec::new();
        let mut rows = Vec::new();
        for resource in found {
            match resource.kind() {
                "Observation" => rows.extend(self.measuring.rows(resource)),
                "DiagnosticReport" if !self.is_drawn(resource) => {
                    self.drawn.push(resource);
                    parts.extend(self.report(resource, true));
                }
                "DiagnosticReport" => {}
                _ => {
                    self.drawn.push(resource);
                    entries.push(sheet(resource).entry());
                }
            }
        }
        if !entries.is_empty() {
            parts.insert(0, RecordPart::Entries(entries));
        }
        if !rows.is_empty() {
            parts.push(RecordPart::Measurements { title: String::new(), alarm: None, rows });
        }
        parts
    }

    /// A report: its results as one table under its title, then what else it says.
    fn report(&mut self, report: Resource<'a>, dated: bool) -> Vec<RecordPart> {
        let rows = self.measuring.referred(report, "result");
        let about = care::report(report);
        let when = about.date.as_ref().map(|date| date.day.clone()).filter(|_| dated);
        let title = core::iter::once(report.title_or_kind()).chain(when).collect::<Vec<_>>().join(", ");
        let facts = about.parts();
        let mut parts = Vec::new();
        if rows.is_empty() {
            return facts;
        }
        let alarm = status_badge(report.get("status")).filter(|badge| matches!(badge.tone, Tone::Danger | Tone::Warn));
        parts.push(RecordPart::Measurements {
            title,
            alarm: alarm.map(|badge| loud(report.get("status"), badge)),
            rows,
        });
        // Its name is the title, and its state was said above.
        parts.extend(facts.into_iter().filter_map(|part| match part {
            RecordPart::Facts { title, rows, .. } => {
                let rows: Vec<_> = rows.into_iter().filter(|(name, _)| name != "Report").collect();
                // Its day is part of the title.
                let more = rows.iter().any(|(name, _)| !dated || name != "Collected");
                more.then_some(RecordPart::Facts { title, alarm: None, badges: Vec::new(), rows })
            }
            other => Some(other),
        }));
        parts
    }

    /// Everything that was not drawn.
    fn rest(&mut self, after_sections: bool) -> Vec<RecordPart> {
        let document = self.document;
        let left: Vec<Resource<'a>> = document.resources().filter(|one| !self.is_drawn(*one)).collect();
        // An observation that a report or a panel leads to is drawn there.
        let results: Vec<Resource<'a>> = left.iter().copied().filter(|one| Kind::of(*one) == Kind::Results).collect();
        let others: Vec<Resource<'a>> = left.into_iter().filter(|one| Kind::of(*one) != Kind::Results).collect();
        let reports = results.iter().filter(|one| one.kind() == "DiagnosticReport").count();
        if !after_sections && others.len() <= FEW && reports <= 1 && !self.spans_days(&results) {
            let mut parts = Vec::new();
            for report in results.iter().filter(|one| one.kind() == "DiagnosticReport") {
                parts.extend(self.report(*report, false));
            }
            let mut rows = Vec::new();
            for panel_first in [true, false] {
                for one in results.iter().filter(|one| one.kind() == "Observation" && is_panel(**one) == panel_first) {
                    rows.extend(self.measuring.rows(*one));
                }
            }
            if !rows.is_empty() {
                parts.push(RecordPart::Measurements { title: String::new(), alarm: None, rows });
            }
            // In the file's own order, those who only had a part in it last.
            let mut others = others;
            others.sort_by_key(|one| Kind::of(*one) == Kind::People);
            parts.extend(others.into_iter().flat_map(|one| sheet(one).parts()));
            return parts;
        }
        let mut groups: BTreeMap<Kind, (usize, Vec<RecordPart>)> = BTreeMap::new();
        if !results.is_empty() {
            let (values, parts) = self.results(&results);
            groups.insert(Kind::Results, (values, parts));
        }
        let mut kinds: BTreeMap<Kind, Vec<Sheet>> = BTreeMap::new();
        for one in others {
            kinds.entry(Kind::of(one)).or_default().push(sheet(one));
        }
        for (kind, mut sheets) in kinds {
            // Newest first; what says no date last, in its order.
            sheets.sort_by_key(|sheet| core::cmp::Reverse(sheet.date.as_ref().and_then(|date| date.at)));
            let number = sheets.len();
            let parts = match kind {
                Kind::Patient if number == 1 => sheets.into_iter().flat_map(Sheet::parts).collect(),
                _ => vec![RecordPart::Entries(sheets.into_iter().map(Sheet::entry).collect())],
            };
            groups.insert(kind, (number, parts));
        }
        let group = |(kind, (number, parts)): (Kind, (usize, Vec<RecordPart>))| {
            let note = match kind {
                Kind::Patient if number == 1 => String::new(),
                Kind::Results => format!("{}, newest first", count(number, "value", "values")),
                _ if number > 1 => thousands(number as u64),
                _ => String::new(),
            };
            RecordPart::Group { title: kind.title().to_owned(), note, parts }
        };
        groups.into_iter().map(group).collect()
    }

    fn spans_days(&self, results: &[Resource<'a>]) -> bool {
        let mut days = results.iter().filter_map(|one| measured::taken(*one)).map(|date| date.day);
        let first = days.next();
        results.len() > FEW && days.any(|day| Some(&day) != first.as_ref())
    }

    /// Reports and loose values, one table for each report and each day, newest first.
    fn results(&mut self, results: &[Resource<'a>]) -> (usize, Vec<RecordPart>) {
        let mut tables: Vec<(Option<i64>, Vec<RecordPart>)> = Vec::new();
        let mut values = 0;
        for report in results.iter().filter(|one| one.kind() == "DiagnosticReport") {
            self.drawn.push(*report);
            let parts = self.report(*report, true);
            tables.push((measured::taken(*report).and_then(|date| date.at), parts));
        }
        let mut days: BTreeMap<(Option<i64>, String), Vec<Measurement>> = BTreeMap::new();
        for panel_first in [true, false] {
            for one in results.iter().filter(|one| one.kind() == "Observation" && is_panel(**one) == panel_first) {
                let taken = measured::taken(*one);
                let day = taken.as_ref().and_then(|date| date.at).map(|at| at.div_euclid(86_400) * 86_400);
                let word = taken.map_or_else(|| "Without a date".to_owned(), |date| date.day);
                days.entry((day, word)).or_default().extend(self.measuring.rows(*one));
            }
        }
        for ((at, title), rows) in days.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            tables.push((at, vec![RecordPart::Measurements { title, alarm: None, rows }]));
        }
        tables.sort_by_key(|(at, _)| core::cmp::Reverse(*at));
        for part in tables.iter().flat_map(|(_, parts)| parts) {
            if let RecordPart::Measurements { rows, .. } = part {
                values += rows.len();
            }
        }
        (values, tables.into_iter().flat_map(|(_, parts)| parts).collect())
    }
}

fn is_panel(observation: Resource<'_>) -> bool {
    observation.items("hasMember").next().is_some()
}

/// What a report's status means for its results.
fn loud(status: &Value, badge: Badge) -> Badge {
    let text = match status.as_str() {
        Some("entered-in-error") => "This report was entered in error. Do not rely on it.".to_owned(),
        Some("cancelled") => "This report was cancelled. Do not rely on it.".to_owned(),
        Some("preliminary" | "registered" | "partial") => {
            "This report is not final yet. It may still change.".to_owned()
        }
        _ => format!("{}.", badge.text),
    };
    Badge { text, ..badge }
}
