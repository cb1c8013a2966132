//! Vital signs as FHIR R4 Observations (the profile "Vital Signs"), written and read. Decimals stay as they are written.

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Sitting, Taken,
    vital::{Decimal, VITALS, Vital},
};
use crate::written::{Object, Written, list, looked_into, made, written};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const SYSTOLIC: (&str, &str) = ("8480-6", "Systolic blood pressure");
const DIASTOLIC: (&str, &str) = ("8462-4", "Diastolic blood pressure");
/// As many resources of one document are looked into.
const MOST: usize = 20_000;

/// A measured value, wherever it was found.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What was measured.
    pub vital: Vital,
    /// As it is written; of a blood pressure the systolic.
    pub value: Decimal,
    /// The diastolic pressure.
    pub second: Option<Decimal>,
    /// UCUM code, or what stands in its place.
    pub unit: String,
    /// When, as FHIR writes it: `2026-11-20T08:12:00Z`, or a date alone.
    pub at: String,
    /// The patient measured it.
    pub by_patient: bool,
    /// The Observation, as it is written.
    pub(crate) resource: Written,
}

impl Measured {
    /// The values in the vital sign's first unit, for reckoning and drawing.
    #[must_use]
    pub fn counted(&self) -> Option<(f64, Option<f64>)> {
        let unit = self.vital.unit(&self.unit)?;
        let counted = |value: &Decimal| unit.counted(value.number());
        Some((counted(&self.value), self.second.as_ref().map(counted)))
    }

    /// As people write it: `128/82`, `72.50`.
    #[must_use]
    pub fn words(&self) -> String {
        self.second.as_ref().map_or_else(|| self.value.to_string(), |second| format!("{}/{second}", self.value))
    }

    /// The unit as people write it.
    #[must_use]
    pub fn unit_word(&self) -> &str {
        self.vital.unit(&self.unit).map_or(self.unit.as_str(), |unit| unit.word)
    }

    /// The body mass index that this weight makes with a height, to one decimal; it is written nowhere.
    #[must_use]
    pub fn body_mass_index(&self, height: &Self) -> Option<Self> {
        let ((kilograms, _), (centimetres, _)) = (self.counted()?, height.counted()?);
        let metres = centimetres / 100.0;
        let value = Decimal::parse(&format!("{:.1}", kilograms / (metres * metres)))?;
        Some(Self { vital: Vital::Bmi, value, second: None, unit: "kg/m2".into(), ..self.clone() })
    }

    /// The same value of the same moment.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.vital, &self.value, &self.second, &self.unit, &self.at)
            == (other.vital, &other.value, &other.second, &other.unit, &other.at)
    }
}

fn code(codes: &[&str], display: &str) -> Value {
    let codings: Vec<Value> = codes.iter().map(|code| json!({ "system": LOINC, "code": code })).collect();
    json!({ "coding": codings, "text": display })
}

fn quantity(value: &Decimal, unit: &str, ucum: &str) -> Written {
    let rest = json!({ "unit": unit, "system": UCUM, "code": ucum }).to_string();
    written(format!("{{\"value\":{value},{}", rest.trim_start_matches('{')))
}

fn component((loinc, display): (&str, &str), value: &Decimal, unit: &str, ucum: &str) -> Written {
    let mut component = Object::default();
    component.set("code", made(&code(&[loinc], display)));
    component.set("valueQuantity", quantity(value, unit, ucum));
    component.write()
}

fn observation(taken: &Taken, at: &str) -> Written {
    let Taken { vital, value, second, unit } = taken;
    let (codes, display) = vital.written(unit.code);
    // Sugar is no vital sign to FHIR, which counts it to the laboratory.
    let category = if *vital == Vital::Glucose { "laboratory" } else { "vital-signs" };
    let frame = json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{ "coding": [{ "system": CATEGORY, "code": category }] }],
        "code": code(codes, display),
        "subject": { "type": "Patient", "display": "The patient" },
        "performer": [{ "type": "Patient", "display": "The patient" }],
        "effectiveDateTime": at,
    });
    let mut resource = Object::read(&frame.to_string()).unwrap_or_default();
    match second {
        Some(second) => {
            let upper = component(SYSTOLIC, value, unit.word, unit.code);
            resource.set_items("component", &[upper, component(DIASTOLIC, second, unit.word, unit.code)]);
        }
        None => resource.set("valueQuantity", quantity(value, unit.word, unit.code)),
    }
    resource.write()
}

/// A Bundle of these Observations, as they are written.
pub(crate) fn bundle(observations: &[Written]) -> String {
    let entries: Vec<Written> = observations
        .iter()
        .map(|observation| {
            let mut entry = Object::default();
            entry.set("resource", observation.clone());
            entry.write()
        })
        .collect();
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":{}}}"#, list(&entries).get())
}

/// One sitting as a Bundle.
pub(super) fn write(sitting: &Sitting) -> String {
    let observations: Vec<Written> = sitting.taken.iter().map(|taken| observation(taken, &sitting.at)).collect();
    bundle(&observations)
}

#[derive(Deserialize)]
struct ReadQuantity {
    value: Option<Box<RawValue>>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    unit: String,
    comparator: Option<Value>,
}

/// The value and unit of a quantity; one that is only "less than" something is no point of a trend.
fn read_quantity(object: &Object) -> Option<(Decimal, String)> {
    let quantity: ReadQuantity = serde_json::from_str(object.get("valueQuantity")?.get()).ok()?;
    if quantity.comparator.is_some() {
        return None;
    }
    let unit = if quantity.code.is_empty() { quantity.unit } else { quantity.code };
    Some((Decimal::written(&quantity.value?)?, unit.chars().take(24).collect()))
}

fn has_code(code: &Value, known: &[&str]) -> bool {
    let codings = code["coding"].as_array().into_iter().flatten();
    codings.into_iter().any(|coding| coding["code"].as_str().is_some_and(|code| known.contains(&code)))
}

/// Reads one resource; none where it is no vital sign, has no value or no date, or was written down by mistake.
pub(crate) fn read_one(resource: &RawValue) -> Option<Measured> {
    let object = Object::read(resource.get())?;
    if object.text("resourceType")? != "Observation" {
        return None;
    }
    let code = looked_into(object.get("code")?);
    let vital = VITALS.into_iter().find(|vital| has_code(&code, vital.codes()))?;
    if matches!(object.text("status").as_deref(), Some("entered-in-error" | "cancelled" | "registered")) {
        return None;
    }
    let period = || object.get("effectivePeriod").map(looked_into)?["start"].as_str().map(str::to_owned);
    let at = object.text("effectiveDateTime").or_else(period).or_else(|| object.text("issued"))?;
    let is_date = at.len() <= 40 && at.get(..4).is_some_and(|year| year.bytes().all(|one| one.is_ascii_digit()));
    let (value, second, unit) = if vital == Vital::Pressure {
        let part = |known: &str| {
            let parts = object.items("component").into_iter().filter_map(|part| Object::read(part.get()));
            let mut of =
                parts.filter(|part| part.get("code").is_some_and(|code| has_code(&looked_into(code), &[known])));
            of.find_map(|part| read_quantity(&part))
        };
        let ((upper, unit), (lower, other)) = (part(SYSTOLIC.0)?, part(DIASTOLIC.0)?);
        if unit != other {
            return None;
        }
        (upper, Some(lower), unit)
    } else {
        let (value, unit) = read_quantity(&object)?;
        (value, None, unit)
    };
    let performers = object.get("performer").map(looked_into).unwrap_or_default();
    let by_patient = performers[0]["type"] == "Patient";
    is_date.then(|| Measured { vital, value, second, unit, at, by_patient, resource: resource.to_owned() })
}

/// All vital signs of a document, whatever else is in it.
#[must_use]
pub fn read_vitals(bytes: &[u8]) -> Vec<Measured> {
    let Some(whole) = core::str::from_utf8(bytes).ok().and_then(Object::read) else { return Vec::new() };
    if whole.text("resourceType").as_deref() != Some("Bundle") {
        return read_one(&whole.write()).into_iter().collect();
    }
    let entries = whole.items("entry").into_iter().take(MOST);
    let resources = entries.filter_map(|entry| Object::read(entry.get())?.get("resource").map(ToOwned::to_owned));
    resources.filter_map(|resource| read_one(&resource)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn taken(vital: Vital, value: &str, second: Option<&str>, unit: usize) -> Taken {
        Taken { vital, value: decimal(value), second: second.map(decimal), unit: &vital.units()[unit] }
    }

    #[test]
    fn a_sitting_comes_back_as_it_was_typed() {
        let sitting = Sitting {
            at: "2026-11-20T07:12:00Z".into(),
            taken: vec![
                taken(Vital::Pressure, "128", Some("82"), 0),
                taken(Vital::Pulse, "72", None, 0),
                taken(Vital::Weight, "72.50", None, 0),
                taken(Vital::Height, "168", None, 0),
                taken(Vital::Temperature, "36.80", None, 0),
                taken(Vital::Oxygen, "97", None, 0),
                taken(Vital::Glucose, "5.40", None, 1),
            ],
        };
        let document = write(&sitting);
        assert!(document.contains("\"value\":72.50,"));
        let read = read_vitals(document.as_bytes());
        assert_eq!(read.len(), sitting.taken.len());
        for (measured, taken) in read.iter().zip(&sitting.taken) {
            assert_eq!((measured.vital, &measured.value, &measured.second), (taken.vital, &taken.value, &taken.second));
            assert_eq!((measured.unit.as_str(), measured.at.as_str()), (taken.unit.code, "2026-11-20T07:12:00Z"));
            assert!(measured.by_patient);
        }
        assert_eq!(Sitting::of(&read), Some(sitting));
        let value: Value = serde_json::from_str(&document).unwrap();
        let pressure = &value["entry"][0]["resource"];
        assert_eq!(pressure["code"]["coding"][0]["code"], "85354-9");
        assert_eq!(pressure["component"][1]["code"]["coding"][0]["code"], "8462-4");
        assert_eq!(pressure["component"][0]["valueQuantity"]["code"], "mm[Hg]");
        assert_eq!(pressure["category"][0]["coding"][0]["code"], "vital-signs");
        let oxygen = &value["entry"][5]["resource"]["code"]["coding"];
        assert_eq!((&oxygen[0]["code"], &oxygen[1]["code"]), (&json!("2708-6"), &json!("59408-5")));
    }

    #[test]
    fn what_others_wrote_is_read_where_it_is_a_value() {
        let one = |text: &str| read_vitals(text.as_bytes());
        let weight = |rest: &str| {
            format!(r#"{{"resourceType":"Observation","code":{{"coding":[{{"code":"29463-7"}}]}},{rest}}}"#)
        };
        let found =
            one(&weight(r#""effectiveDateTime":"2019-05-01","valueQuantity":{"value":160.10,"code":"[lb_av]"}"#));
        assert_eq!((found[0].words(), found[0].unit_word(), found[0].by_patient), ("160.10".into(), "lb", false));
        assert_eq!(found[0].counted().map(|(value, _)| value.round()), Some(73.0));
        for nothing in [
            r#""effectiveDateTime":"2019","valueQuantity":{"value":"160"}"#,
            r#""effectiveDateTime":"2019","valueQuantity":{"value":160,"comparator":"<"}"#,
            r#""effectiveDateTime":"2019","status":"entered-in-error","valueQuantity":{"value":160}"#,
            r#""valueQuantity":{"value":160}"#,
            r#""effectiveDateTime":"<b>2019","valueQuantity":{"value":160}"#,
            r#""effectiveDateTime":"2019","valueQuantity":7"#,
            r#""effectiveDateTime":7"#,
        ] {
            assert!(one(&weight(nothing)).is_empty(), "{nothing}");
        }
        for nothing in
            ["", "[]", "{}", r#"{"resourceType":"Bundle","entry":7}"#, r#"{"resourceType":"Bundle","entry":[7,{}]}"#]
        {
            assert!(one(nothing).is_empty(), "{nothing}");
        }
    }
}
