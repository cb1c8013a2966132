//! Whatever else a document holds: the fields it has, by name.

use serde_json::Value;

use super::{
    dates::{date, period},
    resource::Resource,
    sheet::Sheet,
    words::{concept, humanised, quantity, text},
};
use crate::speaking::sentence;

/// Fields that are shown of one resource.
const FIELDS: usize = 60;
/// How deep fields within fields are shown.
const DEEP: usize = 4;
/// Fields that say nothing to a person.
const SILENT: [&str; 11] = [
    "sequence",
    "system",
    "resourceType",
    "id",
    "meta",
    "text",
    "implicitRules",
    "language",
    "contained",
    "extension",
    "modifierExtension",
];

/// A resource of a kind that has no page of its own.
pub(super) fn any(resource: Resource<'_>) -> Sheet {
    let kind = if resource.kind().is_empty() { "Kind".to_owned() } else { humanised(resource.kind()) };
    let dates =
        ["date", "authoredOn", "created", "issued", "recorded", "recordedDate", "sent", "start", "assertedDate"];
    let when = dates.into_iter().find_map(|name| date(resource.get(name)));
    let when = when.or_else(|| super::words::choice_date(resource, "effective"));
    let when =
        when.or_else(|| ["period", "billablePeriod"].into_iter().find_map(|name| date(&resource.get(name)["start"])));
    let mut rows = Vec::new();
    for (name, value) in resource.value.as_object().into_iter().flatten() {
        if !SILENT.contains(&name.as_str()) {
            field(resource, &humanised(name), value, DEEP, &mut rows);
        }
    }
    let more = rows.len().saturating_sub(FIELDS);
    rows.truncate(FIELDS);
    let sheet = Sheet::new(&kind, resource)
        .titled(Some(sentence(&resource.title_or_kind())))
        .status(resource.get("status"))
        .dated("", when);
    let sheet = rows.into_iter().fold(sheet, |sheet, (name, said)| sheet.row(&name, Some(said)));
    sheet.row("And more", (more > 0).then(|| format!("{more} further fields are in the file.")))
}

fn field(resource: Resource<'_>, name: &str, value: &Value, deeper: usize, rows: &mut Vec<(String, String)>) {
    if rows.len() > 4 * FIELDS {
        return;
    }
    if let Some(said) = simple(resource, value) {
        rows.push((name.to_owned(), said));
        return;
    }
    match value {
        Value::Array(list) => {
            let simple: Vec<String> = list.iter().filter_map(|one| simple(resource, one)).collect();
            if simple.len() == list.len() {
                rows.extend((!simple.is_empty()).then(|| (name.to_owned(), simple.join("\n"))));
                return;
            }
            for (at, one) in list.iter().enumerate() {
                let name = if list.len() == 1 { name.to_owned() } else { format!("{name} {}", at + 1) };
                field(resource, &name, one, deeper, rows);
            }
        }
        Value::Object(fields) => match deeper.checked_sub(1) {
            Some(deeper) => {
                for (inner, value) in fields.iter().filter(|(inner, _)| !SILENT.contains(&inner.as_str())) {
                    field(resource, &format!("{name}: {}", humanised(inner).to_lowercase()), value, deeper, rows);
                }
            }
            None => rows.push((name.to_owned(), "More is in the file.".to_owned())),
        },
        _ => {}
    }
}

/// What has words of its own: a text, a date, a concept, a quantity, a period, a reference.
fn simple(resource: Resource<'_>, value: &Value) -> Option<String> {
    match value {
        Value::String(_) => {
            let is_date = date(value).filter(|date| date.at.is_some() && date.day != text(value).unwrap_or_default());
            is_date.map(|date| date.said).or_else(|| text(value))
        }
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
        Value::Object(fields) => {
            let has = |name: &str| fields.contains_key(name);
            if has("coding") || (has("text") && fields.len() == 1) {
                return concept(value);
            }
            if has("reference") {
                return resource.name(value).or_else(|| text(&value["reference"]));
            }
            if has("start") || has("end") {
                return period(value);
            }
            if has("code") && has("system") && !has("value") {
                return text(&value["display"]).or_else(|| text(&value["code"]));
            }
            if has("currency") {
                return Some(format!("{} {}", text(&value["value"])?, text(&value["currency"])?));
            }
            (has("value") && (has("unit") || has("code") || fields.len() == 1)).then(|| quantity(value))?
        }
        Value::Null | Value::Number(_) | Value::Array(_) => None,
    }
}
