//! The resources of a document, and the references between them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    exact::Refused,
    words::{concept, humanised, person_name, text},
};

/// A reference that is followed from another that was followed: no chain of names is longer.
const CHAIN: usize = 3;

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// Its resources in order.
    all: Vec<Value>,
    /// Where to find a resource by full address, or by type and id; none where two have the same.
    index: BTreeMap<String, Option<usize>>,
    /// Entries that hold no resource.
    pub(super) empty: usize,
}

impl Document {
    /// The resources of a Bundle, or the one resource.
    pub(super) fn of(mut value: Value) -> Result<Self, Refused> {
        let Some(kind) = value["resourceType"].as_str() else { return Err(Refused::NotFhir) };
        if kind != "Bundle" {
            return Ok(Self::index(vec![(String::new(), value)], 0));
        }
        let entries = value.get_mut("entry").and_then(Value::as_array_mut).map(core::mem::take).unwrap_or_default();
        let mut found = Vec::new();
        let mut empty = 0;
        for mut entry in entries {
            let resource =
                entry.get_mut("resource").and_then(Value::as_object_mut).map(core::mem::take).map(Value::Object);
            // Where its type does not say so it is shown as what it has.
            match resource.filter(|resource| resource.as_object().is_some_and(|fields| !fields.is_empty())) {
                Some(resource) => found.push((text(&entry["fullUrl"]).unwrap_or_default(), resource)),
                None => empty += 1,
            }
        }
        Ok(Self::index(found, empty))
    }

    fn index(found: Vec<(String, Value)>, empty: usize) -> Self {
        let mut index: BTreeMap<String, Option<usize>> = BTreeMap::new();
        let mut all = Vec::with_capacity(found.len());
        for (at, (full, resource)) in found.into_iter().enumerate() {
            let kind = resource["resourceType"].as_str().unwrap_or_default();
            let id = resource["id"].as_str().unwrap_or_default();
            let relative = if id.is_empty() { String::new() } else { format!("{kind}/{id}") };
            for key in [full, relative].into_iter().filter(|key| !key.is_empty()) {
                // Two that say they are the same are not told apart by guessing.
                index.entry(key).and_modify(|known| *known = None).or_insert(Some(at));
            }
            all.push(resource);
        }
        Self { all, index, empty }
    }

    /// Its resources in order.
    pub(super) fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        self.all.iter().map(|value| Resource { document: self, root: value, value })
    }
}

/// A resource, and where it stands: references to what it contains are its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'a> {
    document: &'a Document,
    root: &'a Value,
    /// What it says.
    pub(super) value: &'a Value,
}

/// A field that a resource does not have.
static NOTHING: Value = Value::Null;

impl<'a> Resource<'a> {
    /// `Observation`; empty where it does not say.
    pub(super) fn kind(self) -> &'a str {
        self.value["resourceType"].as_str().unwrap_or_default()
    }

    /// A field; null where there is none.
    pub(super) fn get(self, name: &str) -> &'a Value {
        self.value.get(name).unwrap_or(&NOTHING)
    }

    /// The items of a field that is a list; the one where something else stands in its place.
    pub(super) fn items(self, name: &str) -> impl Iterator<Item = &'a Value> {
        items(self.get(name))
    }

    /// A part of it, with the same references.
    pub(super) fn part(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }

    /// The resource that a reference names, if it is in the document.
    pub(super) fn follow(self, reference: &Value) -> Option<Resource<'a>> {
        let name = reference["reference"].as_str()?;
        if let Some(id) = name.strip_prefix('#') {
            let contained = self.root.get("contained").unwrap_or(&NOTHING);
            let mut same = items(contained).filter(|one| one["id"].as_str() == Some(id) && !id.is_empty());
            return match (same.next(), same.next()) {
                (Some(value), None) => Some(Resource { value, ..self }),
                _ => None,
            };
        }
        let name = name.split("/_history/").next().unwrap_or(name);
        let at = (*self.document.index.get(name)?)?;
        let value = self.document.all.get(at)?;
        Some(Resource { document: self.document, root: value, value })
    }

    /// Whom or what a reference names, in words: the name in the document, else what the reference itself says.
    pub(super) fn name(self, reference: &Value) -> Option<String> {
        self.name_within(reference, CHAIN)
    }

    fn name_within(self, reference: &Value, chain: usize) -> Option<String> {
        let followed = || {
            let found = self.follow(reference)?;
            found.own_name(chain.checked_sub(1)?)
        };
        let identifier = || text(&reference["identifier"]["value"]);
        followed().or_else(|| text(&reference["display"])).or_else(identifier)
    }

    /// Who or what it is, in words.
    pub(super) fn title(self) -> Option<String> {
        self.own_name(CHAIN)
    }

    fn own_name(self, chain: usize) -> Option<String> {
        let reference = |name: &str| self.name_within(self.get(name), chain);
        match self.kind() {
            "Patient" | "Practitioner" | "RelatedPerson" | "Person" => person_name(self.get("name")),
            "PractitionerRole" => {
                let parts = [reference("practitioner"), reference("organization")];
                let role = || super::words::concepts(self.get("code"));
                let said = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
                Some(said).filter(|said| !said.is_empty()).or_else(role)
            }
            "CareTeam" | "Location" | "Organization" | "Group" | "HealthcareService" => text(self.get("name")),
            "Device" => text(&self.get("deviceName")[0]["name"]).or_else(|| concept(self.get("type"))),
            "Encounter" => super::words::concepts(self.get("type")).or_else(|| Some("Visit".to_owned())),
            "Goal" => concept(self.get("description")),
            "Immunization" => concept(self.get("vaccineCode")),
            "MedicationRequest" | "MedicationStatement" | "MedicationAdministration" | "MedicationDispense" => {
                concept(self.get("medicationCodeableConcept")).or_else(|| reference("medicationReference"))
            }
            "DocumentReference" => text(self.get("description")).or_else(|| concept(self.get("type"))),
            "Specimen" => concept(self.get("type")),
            "CarePlan" => text(self.get("title")).or_else(|| super::words::concepts(self.get("category"))),
            "Composition" | "Questionnaire" => text(self.get("title")).or_else(|| concept(self.get("type"))),
            _ => {
                let name =
                    || text(self.get("name")).or_else(|| text(self.get("title"))).or_else(|| concept(self.get("type")));
                concept(self.get("code")).or_else(name)
            }
        }
    }

    /// The same, or if nothing says it the kind.
    pub(super) fn title_or_kind(self) -> String {
        self.title().unwrap_or_else(|| match self.kind() {
            "" => "Without a type".to_owned(),
            kind => humanised(kind),
        })
    }

    /// The names of a list of references, each once.
    pub(super) fn names(self, field: &str) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.items(field).filter_map(|one| self.name(one)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Whether it is this very resource.
    pub(super) fn is(self, other: Resource<'_>) -> bool {
        core::ptr::eq(self.value, other.value)
    }
}

/// The items of a list; the one where something else stands in its place; none of nothing.
pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Value::Array(list) => (list.as_slice(), None),
        Value::Null => ([].as_slice(), None),
        other => ([].as_slice(), Some(other)),
    };
    list.iter().chain(one)
}
