//! Allergies, conditions, vaccinations, procedures, visits, plans, requests, specimens and documents.

use serde_json::Value;

use super::{
    dates::{date, period},
    narrative::narrative,
    people::identifiers,
    resource::{Resource, items},
    sheet::{Sheet, status_badge},
    words::{
        choice, choice_date, code_words, concept, concepts, first_code, has_code, known_codes, lines, quantity, text,
    },
};
use crate::components::chip::{Badge, Tone};

/// A status that is a CodeableConcept, as it would be as a code.
fn coded(status: &Value) -> Value {
    let code = first_code(status);
    if code.is_empty() { concept(status).map_or(Value::Null, Value::String) } else { Value::String(code.to_owned()) }
}

/// Both of the states that allergies and conditions have.
fn standing(sheet: Sheet, resource: Resource<'_>) -> Sheet {
    let (clinical, verified) = (coded(resource.get("clinicalStatus")), coded(resource.get("verificationStatus")));
    let refuted = (verified == "refuted").then_some("This was found not to be so. Do not rely on it.");
    let sheet = sheet.alarmed(refuted).status(&clinical);
    // What is confirmed needs no word.
    if verified == "confirmed" { sheet } else { sheet.status(&verified) }
}

/// An allergy or an intolerance.
pub(super) fn allergy(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let criticality = match get("criticality").as_str() {
        Some("high") => Some(Badge::new(Tone::Danger, "High risk")),
        Some("low") => Some(Badge::new(Tone::Quiet, "Low risk")),
        Some("unable-to-assess") => Some(Badge::new(Tone::Warn, "Risk not known")),
        _ => None,
    };
    let reaction = |one: &Value| {
        let signs = concepts(&one["manifestation"]).or_else(|| text(&one["description"]))?;
        let more = [
            code_words(&one["severity"]).map(|word| word.to_lowercase()),
            concept(&one["substance"]).map(|what| format!("after {what}")),
            concept(&one["exposureRoute"]),
            date(&one["onset"]).map(|date| date.day),
        ];
        let more: Vec<String> = more.into_iter().flatten().collect();
        Some(if more.is_empty() { signs } else { format!("{signs} ({})", more.join(", ")) })
    };
    let kinds = items(get("category")).filter_map(code_words).collect::<Vec<_>>();
    standing(Sheet::new("Allergy", resource).badge(criticality), resource)
        .dated("since", choice_date(resource, "onset").or_else(|| date(get("recordedDate"))))
        .key("Reactions", lines(resource.items("reaction").filter_map(reaction)))
        .row("Kind", code_words(get("type")))
        .row("To", (!kinds.is_empty()).then(|| kinds.join(", ")))
        .row("Began", choice(resource, "onset"))
        .row("Last reaction", date(get("lastOccurrence")).map(|date| date.said))
        .row("Written down", date(get("recordedDate")).map(|date| date.said))
        .row("By", resource.name(get("recorder")).or_else(|| resource.name(get("asserter"))))
        .noted(resource)
}

/// A condition.
pub(super) fn condition(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let stage = |one: &Value| concept(&one["summary"]);
    let evidence = |one: &Value| concepts(&one["code"]);
    standing(Sheet::new("Condition", resource), resource)
        .dated("since", choice_date(resource, "onset").or_else(|| date(get("recordedDate"))))
        .key("Severity", concept(get("severity")))
        .row("Code", known_codes(get("code")))
        .row("Since", choice(resource, "onset"))
        .line(choice_date(resource, "abatement").map(|over| format!("until {}", over.day)))
        .row("Over", choice(resource, "abatement"))
        .row("Where", concepts(get("bodySite")))
        .row("Stage", lines(resource.items("stage").filter_map(stage)))
        .row("Signs", lines(resource.items("evidence").filter_map(evidence)))
        .row("Written down", date(get("recordedDate")).map(|date| date.said))
        .row("By", resource.name(get("recorder")).or_else(|| resource.name(get("asserter"))))
        .noted(resource)
}

/// A vaccination.
pub(super) fn immunization(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let performer = |one: &Value| resource.name(&one["actor"]);
    let against = |one: &Value| concepts(&one["targetDisease"]);
    let dose = |one: &Value| {
        let number = text(&one["doseNumberPositiveInt"]).or_else(|| text(&one["doseNumberString"]))?;
        let of = text(&one["seriesDosesPositiveInt"]).or_else(|| text(&one["seriesDosesString"]));
        Some(of.map_or_else(|| number.clone(), |of| format!("{number} of {of}")))
    };
    let reaction = |one: &Value| resource.name(&one["detail"]).or_else(|| date(&one["date"]).map(|date| date.said));
    let status = get("status");
    let sheet = Sheet::new("Vaccine", resource);
    // That it was done is what one expects.
    let sheet = if status.as_str() == Some("completed") { sheet } else { sheet.status(status) };
    sheet
        .dated("", choice_date(resource, "occurrence"))
        .row("Given", choice(resource, "occurrence"))
        .key("Dose", lines(resource.items("protocolApplied").filter_map(dose)))
        .row("Against", lines(resource.items("protocolApplied").filter_map(against)))
        .row("Amount", quantity(get("doseQuantity")))
        .row("Where", concept(get("site")))
        .row("Route", concept(get("route")))
        .row("Batch", text(get("lotNumber")))
        .row("Good until", date(get("expirationDate")).map(|date| date.day))
        .row("Maker", resource.name(get("manufacturer")))
        .row("By", lines(resource.items("performer").filter_map(performer)))
        .row("Why not", concept(get("statusReason")))
        .row("Reactions", lines(resource.items("reaction").filter_map(reaction)))
        .noted(resource)
}

/// A procedure.
pub(super) fn procedure(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let performer = |one: &Value| resource.name(&one["actor"]);
    let status = get("status");
    let sheet = Sheet::new("Procedure", resource);
    let sheet = if status.as_str() == Some("completed") { sheet } else { sheet.status(status) };
    sheet
        .dated("", choice_date(resource, "performed"))
        .row("Done", choice(resource, "performed"))
        .key("Why", reasons(resource))
        .row("Where", concepts(get("bodySite")))
        .row("Outcome", concept(get("outcome")))
        .row("Complications", concepts(get("complication")))
        .row("Afterwards", concepts(get("followUp")))
        .row("By", lines(resource.items("performer").filter_map(performer)))
        .row("At", resource.name(get("location")))
        .row("Why not", concept(get("statusReason")))
        .row("Reports", resource.names("report"))
        .noted(resource)
}

fn reasons(resource: Resource<'_>) -> Option<String> {
    lines(concepts(resource.get("reasonCode")).into_iter().chain(resource.names("reasonReference")))
}

/// A visit.
pub(super) fn encounter(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let with = |one: &Value| resource.name(&one["individual"]);
    let at = |one: &Value| resource.name(&one["location"]);
    let found = |one: &Value| resource.name(&one["condition"]);
    let class = match get("class")["code"].as_str() {
        Some("AMB") => Some("Outpatient".to_owned()),
        Some("IMP" | "ACUTE" | "NONAC") => Some("Stay in hospital".to_owned()),
        Some("EMER") => Some("Emergency".to_owned()),
        Some("HH") => Some("At home".to_owned()),
        Some("VR") => Some("By telephone or video".to_owned()),
        _ => text(&get("class")["display"]).or_else(|| text(&get("class")["code"])),
    };
    Sheet::new("Visit", resource)
        .status(get("status"))
        .dated("", date(&get("period")["start"]))
        .row("When", period(get("period")))
        .key("Why", reasons(resource))
        .row("Kind", class)
        .row("Found", lines(resource.items("diagnosis").filter_map(found)))
        .row("With", lines(resource.items("participant").filter_map(with)))
        .row("At", resource.name(get("serviceProvider")))
        .row("Where", lines(resource.items("location").filter_map(at)))
        .row("Then", concept(&get("hospitalization")["dischargeDisposition"]))
}

/// A treatment plan.
pub(super) fn care_plan(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let words = text(get("description")).or_else(|| narrative(get("text")).filter(|_| get("activity").is_null()));
    Sheet::new("Plan", resource)
        .status(get("status"))
        .badge(match get("intent").as_str() {
            Some("proposal") => Some(Badge::new(Tone::Warn, "Proposal")),
            _ => None,
        })
        .dated("", date(&get("period")["start"]).or_else(|| date(get("created"))))
        .row("When", period(get("period")))
        .row("About", words)
        .row("For", resource.names("addresses"))
        .row("Goals", resource.names("goal").map(|goals| goals.replace(", ", "\n")))
        .key("To do", lines(resource.items("activity").filter_map(|one| activity(resource, one))))
        .row("By", resource.name(get("author")).or_else(|| resource.names("contributor")))
        .row("Team", resource.names("careTeam"))
        .row("Made", date(get("created")).map(|date| date.said))
        .noted(resource)
}

/// `Exercise: in progress, once a day, by Dr. Lindqvist`.
fn activity<'a>(plan: Resource<'a>, activity: &'a Value) -> Option<String> {
    let detail = &activity["detail"];
    let within = plan.part(detail);
    let what = concept(&detail["code"])
        .or_else(|| text(&detail["description"]))
        .or_else(|| plan.name(&activity["reference"]))
        .or_else(|| concepts(&activity["outcomeCodeableConcept"]))?;
    let never = (detail["doNotPerform"].as_bool() == Some(true)).then(|| "not to be done".to_owned());
    let more = [
        never,
        code_words(&detail["status"]).map(|status| status.to_lowercase()),
        choice(within, "scheduled"),
        quantity(&detail["dailyAmount"]).map(|amount| format!("{amount} a day")),
        within.names("performer").map(|who| format!("by {who}")),
        text(&detail["description"]).filter(|about| *about != what),
        super::words::lines(items(&activity["progress"]).filter_map(|one| text(&one["text"]))),
    ];
    let more: Vec<String> = more.into_iter().flatten().collect();
    Some(if more.is_empty() { what } else { format!("{what}: {}", more.join(", ")) })
}

/// A goal.
pub(super) fn goal(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let reached = code_words(&coded(get("achievementStatus")));
    Sheet::new("Goal", resource)
        .status(get("lifecycleStatus"))
        .badge(reached.map(|word| Badge::new(Tone::Quiet, word)))
        .dated("since", choice_date(resource, "start"))
        .key("Target", lines(resource.items("target").filter_map(|one| target(resource.part(one)))))
        .row("Since", choice(resource, "start"))
        .row("For", resource.names("addresses"))
        .row("Priority", concept(get("priority")))
        .noted(resource)
}

/// `LDL cholesterol, under 2.6 mmol/L, by 1 May 2027`.
fn target(target: Resource<'_>) -> Option<String> {
    let what = concept(target.get("measure"));
    let by = choice(target, "due").map(|due| format!("by {due}"));
    lines([what.into_iter().chain(choice(target, "detail")).chain(by).collect::<Vec<_>>().join(", ")])
}

/// What was asked for: a test, a referral.
pub(super) fn service_request(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let never = (get("doNotPerform").as_bool() == Some(true)).then_some("This must not be done.");
    Sheet::new("Request", resource)
        .alarmed(never)
        .status(get("status"))
        .badge(match get("priority").as_str() {
            None | Some("routine") => None,
            Some(_) => code_words(get("priority")).map(|word| Badge::new(Tone::Warn, word)),
        })
        .dated("", date(get("authoredOn")))
        .key("Why", reasons(resource))
        .row("Details", concepts(get("orderDetail")))
        .row("When", choice(resource, "occurrence"))
        .row("Amount", choice(resource, "quantity"))
        .row("As needed", choice(resource, "asNeeded"))
        .row("Where", concepts(get("bodySite")))
        .row("To know", text(get("patientInstruction")))
        .row("Asked", date(get("authoredOn")).map(|date| date.said))
        .row("By", resource.name(get("requester")))
        .row("To", resource.names("performer"))
        .noted(resource)
}

/// A specimen.
pub(super) fn specimen(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let collection = resource.part(get("collection"));
    let status = get("status");
    let sheet = Sheet::new("Specimen", resource);
    let sheet = if status.as_str() == Some("available") { sheet } else { sheet.status(status) };
    sheet
        .dated("", choice_date(collection, "collected").or_else(|| date(get("receivedTime"))))
        .key("Taken", choice(collection, "collected"))
        .row("Where", concept(collection.get("bodySite")))
        .row("How", concept(collection.get("method")))
        .row("Amount", quantity(collection.get("quantity")))
        .row("Fasting", choice(collection, "fastingStatus"))
        .row("By", resource.name(collection.get("collector")))
        .row("Received", date(get("receivedTime")).map(|date| date.said))
        .row("State", concepts(get("condition")))
        .row("Numbers", identifiers(resource))
        .noted(resource)
}

/// A document: what it is, and its words where it holds them as plain text.
pub(super) fn document(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let attachments = || resource.items("content").map(|content| &content["attachment"]);
    let words = lines(attachments().filter_map(plain_words));
    // A note of Medkey's own is its words under its title.
    let note =
        has_code(get("type"), "34109-9") && attachments().all(|one| one["data"].is_null() && one["url"].is_null());
    let written = attachments().find_map(|one| text(&one["title"])).filter(|_| note);
    let file = |one: &Value| {
        let parts =
            [text(&one["title"]), text(&one["contentType"]), text(&one["size"]).map(|size| format!("{size} bytes"))];
        lines([parts.into_iter().flatten().collect::<Vec<_>>().join(", ")])
    };
    let kept = |one: &Value| text(&one["url"]);
    let sheet = Sheet::new("Document", resource)
        .status(get("status"))
        .badge(status_badge(get("docStatus")))
        .dated("", date(get("date")).or_else(|| date(&get("context")["period"]["start"])));
    if note && written.is_some() {
        return sheet.words(written);
    }
    let shown = words.is_some();
    sheet
        .key("Kind", concept(get("type")))
        .row("About", text(get("description")))
        .row("Date", date(get("date")).map(|date| date.said))
        .row("By", resource.names("author"))
        .row("Kept by", resource.name(get("custodian")))
        .row("File", lines(attachments().filter_map(file)))
        .row("Kept at", lines(attachments().filter_map(kept)))
        .row(
            "To know",
            (!shown && attachments().any(|one| one["data"].is_string()))
                .then(|| "The file is inside this record. Download it to open it.".to_owned()),
        )
        .words(words)
}

/// The words of an attachment that is plain text.
fn plain_words(attachment: &Value) -> Option<String> {
    let kind = attachment["contentType"].as_str()?.split(';').next()?.trim();
    if kind != "text/plain" {
        return None;
    }
    super::words::plain(&String::from_utf8(base64(attachment["data"].as_str()?)?).ok()?)
}

/// RFC 4648, with or without padding, white space between.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

/// A questionnaire and what was answered.
pub(super) fn answers(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let mut all = Vec::new();
    asked(resource, get("item"), &mut all);
    let sheet = Sheet::new("Answers", resource).titled(text(get("questionnaire")).map(|_| "Questionnaire".to_owned()));
    let sheet = if get("status").as_str() == Some("completed") { sheet } else { sheet.status(get("status")) };
    let sheet = sheet.dated("", date(get("authored"))).row("Answered", date(get("authored")).map(|date| date.said));
    let by = resource.name(get("author")).or_else(|| resource.name(get("source")));
    all.into_iter().fold(sheet.row("By", by), |sheet, (name, said)| sheet.row(&name, Some(said)))
}

fn asked<'a>(resource: Resource<'a>, list: &'a Value, all: &mut Vec<(String, String)>) {
    for item in items(list) {
        let question = text(&item["text"]).or_else(|| text(&item["linkId"]));
        let answer = |answer: &'a Value| {
            choice(resource.part(answer), "value").or_else(|| text(&answer["valueAttachment"]["title"]))
        };
        all.extend(question.zip(lines(items(&item["answer"]).filter_map(answer))));
        asked(resource, &item["item"], all);
        for answer in items(&item["answer"]) {
            asked(resource, &answer["item"], all);
        }
    }
}

/// What is said of a report besides its results.
pub(super) fn report(resource: Resource<'_>) -> Sheet {
    let get = |name: &str| resource.get(name);
    let taken = choice(resource, "effective");
    let reported = date(get("issued")).map(|date| date.said).filter(|reported| Some(reported) != taken.as_ref());
    let study = |one: &Value| text(&one["comment"]);
    Sheet::new("Report", resource)
        .status(get("status"))
        .dated("", choice_date(resource, "effective").or_else(|| date(get("issued"))))
        .key("Conclusion", text(get("conclusion")))
        .row("Found", concepts(get("conclusionCode")))
        .row("Collected", taken)
        .row("Reported", reported)
        .row("Specimen", resource.names("specimen"))
        .row("By", resource.names("performer"))
        .row("Read by", resource.names("resultsInterpreter"))
        .row("Asked for", resource.names("basedOn"))
        .row("Pictures", lines(resource.items("media").filter_map(study)))
        .row(
            "Files",
            lines(
                resource
                    .items("presentedForm")
                    .filter_map(|one| text(&one["title"]).or_else(|| text(&one["contentType"]))),
            ),
        )
        .words(lines(resource.items("presentedForm").filter_map(plain_words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_or_refused() {
        assert_eq!(base64("SGVsbG8=").as_deref(), Some(b"Hello".as_slice()));
        assert_eq!(base64("SGVs\nbG8").as_deref(), Some(b"Hello".as_slice()));
        assert_eq!(base64("").as_deref(), Some(b"".as_slice()));
        assert_eq!(base64("SGVsbG8*"), None);
    }
}
