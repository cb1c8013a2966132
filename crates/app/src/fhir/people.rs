//! People, organisations and places.

use serde_json::Value;

use super::{
    dates::{date, period},
    resource::{Resource, items},
    sheet::Sheet,
    words::{address, choice, code_words, concept, concepts, contact_point, lines, person_name, text},
};
use crate::components::chip::{Badge, Tone};

/// The patient.
pub(super) fn patient(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let dead = match (get("deceasedBoolean").as_bool(), date(get("deceasedDateTime"))) {
        (_, Some(date)) => Some(format!("Died {}", date.day)),
        (Some(true), None) => Some("Died".to_owned()),
        _ => None,
    };
    let language = |one: &Value| concept(&one["language"]);
    Sheet::new("Name", resource)
        .badge(dead.map(|dead| Badge::new(Tone::Quiet, dead)))
        .badge(inactive(resource))
        .key("Born", date(get("birthDate")).map(|date| date.day))
        .key("Sex", code_words(get("gender")))
        .row("Other names", other_names(get("name")))
        .row("Contact", lines(resource.items("telecom").filter_map(contact_point)))
        .row("Address", lines(resource.items("address").filter_map(address)))
        .row("Married", marital(get("maritalStatus")))
        .row("Language", lines(resource.items("communication").filter_map(language)))
        .row("Twin", choice(resource, "multipleBirth").filter(|twin| twin != "No"))
        .row("To call", lines(resource.items("contact").filter_map(contact)))
        .row("Family doctor", resource.names("generalPractitioner"))
        .row("Numbers", identifiers(resource))
}

/// Name, what that person is to the patient, and how to reach them.
pub(super) fn contact(contact: &Value) -> Option<String> {
    let name = person_name(&contact["name"]);
    let relation = concepts(&contact["relationship"]);
    let reach: Vec<String> = items(&contact["telecom"]).filter_map(contact_point).collect();
    let said: Vec<String> = name.into_iter().chain(relation).chain(reach).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// A practitioner, a relative, an organisation, a place, a device.
pub(super) fn party(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let word = match resource.kind() {
        "Organization" => "Organisation",
        "Location" => "Place",
        "Device" => "Device",
        "CareTeam" => "Team",
        _ => "Name",
    };
    let qualification = |one: &Value| concept(&one["code"]);
    let member = |one: &Value| resource.name(&one["member"]);
    Sheet::new(word, resource)
        .badge(inactive(resource))
        .status(get("status"))
        .key("Is", concepts(get("relationship")).or_else(|| concepts(get("type"))).or_else(|| concepts(get("code"))))
        .key("Specialty", concepts(get("specialty")))
        .row("Qualification", lines(resource.items("qualification").filter_map(qualification)))
        .row("Born", date(get("birthDate")).map(|date| date.day))
        .row("Contact", lines(resource.items("telecom").filter_map(contact_point)))
        .row("Address", lines(resource.items("address").filter_map(address)))
        .row("Maker", text(get("manufacturer")))
        .row("Model", text(get("modelNumber")))
        .row("Members", lines(resource.items("participant").filter_map(member)))
        .row("Part of", resource.name(get("partOf")).or_else(|| resource.name(get("managingOrganization"))))
        .row("When", period(get("period")))
        .row("Numbers", identifiers(resource))
}

/// HL7 v3 MaritalStatus, where nothing but its letter is given.
fn marital(status: &Value) -> Option<String> {
    let said = match concept(status)?.as_str() {
        "M" => "Married",
        "S" => "Never married",
        "D" => "Divorced",
        "W" => "Widowed",
        "L" => "Separated",
        "T" => "Partnered",
        "U" => "Unmarried",
        "UNK" => return None,
        own => return Some(own.to_owned()),
    };
    Some(said.to_owned())
}

fn inactive(resource: Resource<'_>) -> Option<Badge> {
    (resource.get("active").as_bool() == Some(false)).then(|| Badge::new(Tone::Warn, "No longer in use"))
}

fn other_names(names: &Value) -> Option<String> {
    let shown = person_name(names)?;
    let others = items(names).filter_map(|one| {
        let name = person_name(one).filter(|name| *name != shown)?;
        Some(code_words(&one["use"]).map(|use_word| format!("{name} ({})", use_word.to_lowercase())).unwrap_or(name))
    });
    lines(others)
}

/// `Insurance number A123`.
pub(super) fn identifiers(resource: Resource<'_>) -> Option<String> {
    let one = |one: &Value| {
        let value = text(&one["value"])?;
        Some(concept(&one["type"]).map(|kind| format!("{kind} {value}")).unwrap_or(value))
    };
    lines(resource.items("identifier").filter_map(one))
}
