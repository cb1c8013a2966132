//! FHIR's data types in people's words.

use serde_json::Value;

use super::{
    dates::{Date, date, period},
    resource::{Resource, items},
    timing,
};

/// Longest text that is shown as one value.
const LONG: usize = 6_000;

/// A text that says something, without what would hide or turn round what stands beside it.
pub(super) fn text(value: &Value) -> Option<String> {
    plain(value.as_str()?)
}

/// Without control characters and marks of direction; cut, and said so, where it is endless.
pub(super) fn plain(written: &str) -> Option<String> {
    let turns = |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let kept = |letter: &char| !turns(*letter) && (!letter.is_control() || matches!(letter, '\n' | '\t'));
    let mut letters = written.chars().filter(kept);
    let mut said: String = letters.by_ref().take(LONG).collect();
    if letters.next().is_some() {
        said.push_str(" … (cut here; the whole is in the file)");
    }
    let trimmed = said.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// A number as it is written.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_str()?.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// The words of a CodeableConcept.
pub(super) fn concept(value: &Value) -> Option<String> {
    let coding = || items(&value["coding"]);
    text(&value["text"])
        .or_else(|| coding().find_map(|one| text(&one["display"])))
        .or_else(|| coding().find_map(|one| text(&one["code"])))
}

/// The codes of a CodeableConcept in the systems that doctors know by name: `ICD-10 I10`.
pub(super) fn known_codes(value: &Value) -> Option<String> {
    let name = |system: &str| match system {
        "http://hl7.org/fhir/sid/icd-10" => Some("ICD-10"),
        "http://hl7.org/fhir/sid/icd-10-cm" => Some("ICD-10-CM"),
        "http://fhir.de/CodeSystem/bfarm/icd-10-gm" => Some("ICD-10-GM"),
        "http://snomed.info/sct" => Some("SNOMED CT"),
        _ => None,
    };
    let said = |one: &Value| Some(format!("{} {}", name(one["system"].as_str()?)?, text(&one["code"])?));
    lines(items(&value["coding"]).filter_map(said))
}

/// The words of several, each once.
pub(super) fn concepts(value: &Value) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for words in items(value).filter_map(concept) {
        if !said.contains(&words) {
            said.push(words);
        }
    }
    (!said.is_empty()).then(|| said.join(", "))
}

/// A code as words: `entered-in-error` is `Entered in error`.
pub(super) fn code_words(value: &Value) -> Option<String> {
    text(value).map(|code| humanised(&code))
}

/// `billablePeriod`, `entered-in-error`, `CarePlan` as words with a capital in front.
pub(super) fn humanised(code: &str) -> String {
    let mut words = String::with_capacity(code.len() + 4);
    let mut before: Option<char> = None;
    for letter in code.chars() {
        match letter {
            '-' | '_' => words.push(' '),
            _ if letter.is_uppercase() && before.is_some_and(char::is_lowercase) => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            _ => words.push(letter),
        }
        before = Some(letter);
    }
    crate::speaking::sentence(&words)
}

/// Whether any coding of a CodeableConcept has this code.
pub(super) fn has_code(value: &Value, code: &str) -> bool {
    items(&value["coding"]).any(|one| one["code"].as_str() == Some(code))
}

/// The first code of a CodeableConcept.
pub(super) fn first_code(value: &Value) -> &str {
    items(&value["coding"]).find_map(|one| one["code"].as_str()).unwrap_or_default()
}

/// The unit of a Quantity as it is shown.
pub(super) fn unit(quantity: &Value) -> String {
    text(&quantity["unit"]).or_else(|| text(&quantity["code"]).filter(|code| code != "1")).unwrap_or_default()
}

/// The number of a Quantity as it is written, with what it is compared with.
pub(super) fn amount(quantity: &Value) -> Option<String> {
    let comparator = match quantity["comparator"].as_str() {
        Some("<") => "under ",
        Some("<=") => "at most ",
        Some(">") => "over ",
        Some(">=") => "at least ",
        _ => "",
    };
    text(&quantity["value"]).map(|value| format!("{comparator}{value}"))
}

/// `20 mg`, `under 5 mmol/L`. A Duration of one says `1 day`.
pub(super) fn quantity(value: &Value) -> Option<String> {
    let amount = amount(value)?;
    let unit = match value["unit"].as_str() {
        Some(_) => unit(value),
        None => timing::unit_words(value["code"].as_str().unwrap_or_default(), &amount).unwrap_or_else(|| unit(value)),
    };
    Some(if unit.is_empty() { amount } else { format!("{amount} {unit}") })
}

/// `1 – 2 tablets`.
pub(super) fn range(value: &Value) -> Option<String> {
    let (low, high) = (&value["low"], &value["high"]);
    Some(match (amount(low), quantity(high)) {
        (Some(least), Some(most)) if unit(low) == unit(high) || unit(low).is_empty() => format!("{least} – {most}"),
        (Some(_), Some(most)) => format!("{} – {most}", quantity(low)?),
        (None, Some(most)) => format!("under {most}"),
        (Some(_), None) => format!("over {}", quantity(low)?),
        (None, None) => return None,
    })
}

/// `1 : 128`, `5 mg per 2 mL`.
pub(super) fn ratio(value: &Value) -> Option<String> {
    let (above, below) = (&value["numerator"], &value["denominator"]);
    let units = !unit(above).is_empty() || !unit(below).is_empty();
    Some(match (quantity(above)?, quantity(below)) {
        (above, Some(below)) if units => format!("{above} per {below}"),
        (above, Some(below)) => format!("{above} : {below}"),
        (above, None) => above,
    })
}

/// Yes or no.
pub(super) fn yes_no(value: &Value) -> Option<String> {
    value.as_bool().map(|yes| if yes { "Yes" } else { "No" }.to_owned())
}

/// `62 years`.
fn age(value: &Value) -> Option<String> {
    quantity(value).map(|age| format!("at the age of {age}"))
}

/// A curve: what it is, since it is not drawn.
fn sampled(value: &Value) -> Option<String> {
    let data = value["data"].as_str()?;
    let number = data.split_whitespace().count();
    let every = text(&value["period"]).map(|period| format!(", one every {period} ms")).unwrap_or_default();
    Some(format!("A curve of {number} values{every}; it is in the file and not drawn here"))
}

/// Says a value of one type.
type Saying<'a> = dyn Fn(&Value) -> Option<String> + 'a;

/// The value of a choice such as `value[x]` or `onset[x]`, whichever of its types it has.
pub(super) fn choice(resource: Resource<'_>, base: &str) -> Option<String> {
    let field = |name: &str| resource.value.get(format!("{base}{name}"));
    let said: [(&str, &Saying<'_>); 21] = [
        ("Quantity", &quantity),
        ("CodeableConcept", &concept),
        ("String", &text),
        ("DateTime", &|value| date(value).map(|date| date.said)),
        ("Date", &|value| date(value).map(|date| date.said)),
        ("Instant", &|value| date(value).map(|date| date.said)),
        ("Period", &period),
        ("Age", &age),
        ("Duration", &quantity),
        ("Range", &range),
        ("Ratio", &ratio),
        ("Boolean", &yes_no),
        ("Integer", &text),
        ("Decimal", &text),
        ("Time", &|value| text(value).map(|time| time.get(..5).map(str::to_owned).unwrap_or(time))),
        ("SampledData", &sampled),
        ("Timing", &timing::timing),
        ("Reference", &|value| resource.name(value)),
        ("Coding", &|value| text(&value["display"]).or_else(|| text(&value["code"]))),
        ("Code", &code_words),
        ("Uri", &text),
    ];
    said.into_iter().find_map(|(name, say)| field(name).and_then(say))
}

/// When a choice such as `occurrence[x]` was or began, if that is a date.
pub(super) fn choice_date(resource: Resource<'_>, base: &str) -> Option<Date> {
    let field = |name: &str| resource.value.get(format!("{base}{name}"));
    let period = field("Period").and_then(|period| date(&period["start"]).or_else(|| date(&period["end"])));
    let dates = ["DateTime", "Date", "Instant"].into_iter().find_map(|name| field(name).and_then(date));
    dates.or(period).or_else(|| field("Timing").and_then(|timing| items(&timing["event"]).find_map(date)))
}

/// `Amara Osei`: the name in use, else the first one.
pub(super) fn person_name(names: &Value) -> Option<String> {
    let in_use = |name: &&Value| matches!(name["use"].as_str(), Some("official" | "usual"));
    let name = items(names).find(in_use).or_else(|| items(names).next())?;
    if let Some(text) = text(&name["text"]) {
        return Some(text);
    }
    let part = |field: &str| items(&name[field]).filter_map(text).collect::<Vec<_>>();
    let mut all = part("prefix");
    all.extend(part("given"));
    all.extend(text(&name["family"]));
    all.extend(part("suffix"));
    (!all.is_empty()).then(|| all.join(" ")).or_else(|| plain(name.as_str()?))
}

/// `Unter den Linden 6, 10117 Berlin, DE`.
pub(super) fn address(value: &Value) -> Option<String> {
    if let Some(text) = text(&value["text"]) {
        return Some(text);
    }
    let mut parts: Vec<String> = items(&value["line"]).filter_map(text).collect();
    let town: Vec<String> = ["postalCode", "city"].iter().filter_map(|name| text(&value[*name])).collect();
    parts.extend(Some(town.join(" ")).filter(|town| !town.is_empty()));
    parts.extend(["state", "country"].iter().filter_map(|name| text(&value[*name])));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `+49 30 1234567 (mobile)`.
pub(super) fn contact_point(value: &Value) -> Option<String> {
    let said = text(&value["value"])?;
    Some(match value["use"].as_str() {
        Some("mobile") => format!("{said} (mobile)"),
        Some("work") => format!("{said} (work)"),
        Some("old") => format!("{said} (no longer in use)"),
        _ => said,
    })
}

/// What somebody noted, with who and when.
pub(super) fn notes(resource: Resource<'_>) -> Vec<String> {
    let note = |note: &Value| {
        let said = text(&note["text"])?;
        let who = text(&note["authorString"]).or_else(|| resource.name(&note["authorReference"]));
        let when = date(&note["time"]).map(|date| date.day);
        let by: Vec<String> = who.into_iter().chain(when).collect();
        Some(if by.is_empty() { said } else { format!("{said} ({})", by.join(", ")) })
    };
    resource.items("note").filter_map(note).collect()
}

/// A list of things in words, one below the other.
pub(super) fn lines(all: impl IntoIterator<Item = String>) -> Option<String> {
    let all: Vec<String> = all.into_iter().filter(|line| !line.is_empty()).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn codes_become_words() {
        assert_eq!(humanised("entered-in-error"), "Entered in error");
        assert_eq!(humanised("billablePeriod"), "Billable period");
        assert_eq!(humanised("CarePlan"), "Care plan");
        assert_eq!(humanised(""), "");
    }

    #[test]
    fn quantities_keep_their_figures() {
        assert_eq!(quantity(&json!({ "value": "6.30", "unit": "mmol/L" })).as_deref(), Some("6.30 mmol/L"));
        assert_eq!(quantity(&json!({ "value": "1e-7", "comparator": "<" })).as_deref(), Some("under 1e-7"));
        assert_eq!(quantity(&json!({ "value": "3", "code": "wk" })).as_deref(), Some("3 weeks"));
        let two = json!({ "low": { "value": "1", "unit": "mg" }, "high": { "value": "2", "unit": "mg" } });
        assert_eq!(range(&two).as_deref(), Some("1 – 2 mg"));
        assert_eq!(range(&json!({ "low": { "value": "1.20" } })).as_deref(), Some("over 1.20"));
        let titre = json!({ "numerator": { "value": "1" }, "denominator": { "value": "128" } });
        assert_eq!(ratio(&titre).as_deref(), Some("1 : 128"));
        let strength =
            json!({ "numerator": { "value": "5", "unit": "mg" }, "denominator": { "value": "2", "unit": "mL" } });
        assert_eq!(ratio(&strength).as_deref(), Some("5 mg per 2 mL"));
    }

    #[test]
    fn what_would_turn_text_round_is_left_out() {
        assert_eq!(plain(" a\u{202e}b\u{0}c\u{2067} \n").as_deref(), Some("abc"));
        assert_eq!(plain("\u{200f}\t"), None);
        let long = plain(&"x".repeat(LONG + 1)).unwrap();
        assert!(long.ends_with("the whole is in the file)"));
    }

    #[test]
    fn names_are_whole() {
        let name = json!([{ "use": "maiden", "family": "Mensah" }, { "use": "official", "prefix": ["Dr."], "given": ["Amara", "B."], "family": "Osei" }]);
        assert_eq!(person_name(&name).as_deref(), Some("Dr. Amara B. Osei"));
        assert_eq!(person_name(&json!({ "given": "Amara" })).as_deref(), Some("Amara"));
        assert_eq!(person_name(&json!("Amara Osei")).as_deref(), Some("Amara Osei"));
        assert_eq!(person_name(&json!([])), None);
    }
}
