//! How often and for how long, in words.

use serde_json::Value;

use super::{
    dates::{date, period},
    resource::items,
    words::{concept, quantity, range, text},
};
use crate::speaking::list;

/// A unit of time: `days`, `day` for one. None for what is no unit of time.
pub(super) fn unit_words(code: &str, amount: &str) -> Option<String> {
    let one = match code {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "wk" => "week",
        "mo" => "month",
        "a" => "year",
        _ => return None,
    };
    Some(if amount == "1" { one.to_owned() } else { format!("{one}s") })
}

/// `twice a day`, `every 8 hours`, `on Monday and Thursday`; what a Timing says first in its own words.
pub(super) fn timing(value: &Value) -> Option<String> {
    if let Some(said) = text(&value["code"]["text"]) {
        let bounds = bounds(&value["repeat"]);
        return Some([Some(said), bounds].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    let repeat = &value["repeat"];
    let mut parts = Vec::new();
    parts.extend(often(repeat).or_else(|| code(value)));
    parts.extend(days(repeat));
    parts.extend(times(repeat));
    parts.extend(events(repeat));
    parts.extend(quantity_of(repeat, "duration").map(|length| format!("for {length} each time")));
    parts.extend(
        text(&repeat["count"])
            .map(|count| if count == "1" { "once".to_owned() } else { format!("{count} times in all") }),
    );
    parts.extend(bounds(repeat));
    let on: Vec<String> = items(&value["event"]).filter_map(date).map(|date| date.said).collect();
    parts.extend((!on.is_empty()).then(|| format!("on {}", list(&on))));
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn quantity_of(repeat: &Value, name: &str) -> Option<String> {
    let (least, most) = (text(&repeat[name])?, text(&repeat[format!("{name}Max")]));
    let amount = most.map_or_else(|| least.clone(), |most| format!("{least} – {most}"));
    let unit = unit_words(repeat[format!("{name}Unit")].as_str()?, &amount)?;
    Some(format!("{amount} {unit}"))
}

/// `once a day`, `3 – 4 times a day`, `every 8 hours`.
fn often(repeat: &Value) -> Option<String> {
    let unit = repeat["periodUnit"].as_str();
    let period = text(&repeat["period"]);
    let frequency = text(&repeat["frequency"]);
    let most = text(&repeat["frequencyMax"]);
    let (Some(unit), Some(period)) = (unit, period) else {
        return match (frequency.as_deref(), most) {
            (None, _) => None,
            (Some("1"), None) => Some("once".to_owned()),
            (Some(least), None) => Some(format!("{least} times")),
            (Some(least), Some(most)) => Some(format!("{least} – {most} times")),
        };
    };
    let longest = text(&repeat["periodMax"]);
    let each = match (period.as_str(), &longest) {
        ("1", None) => format!("a {}", unit_words(unit, "1")?).replace("a hour", "an hour"),
        (length, None) => format!("every {length} {}", unit_words(unit, length)?),
        (length, Some(most)) => format!("every {length} – {most} {}", unit_words(unit, "2")?),
    };
    Some(match (frequency.as_deref(), most) {
        (None | Some("1"), None) if each.starts_with("every") => each,
        (None | Some("1"), None) => format!("once {each}"),
        (Some("2"), None) => format!("twice {each}"),
        (Some(times), None) => format!("{times} times {each}"),
        (least, Some(most)) => format!("{} – {most} times {each}", least.unwrap_or("0")),
    })
}

/// The abbreviations of HL7's GTSAbbreviation.
fn code(value: &Value) -> Option<String> {
    let coded = items(&value["code"]["coding"]).find_map(|one| match one["code"].as_str()? {
        "QD" => Some("once a day"),
        "BID" => Some("twice a day"),
        "TID" => Some("3 times a day"),
        "QID" => Some("4 times a day"),
        "QOD" => Some("every other day"),
        "AM" => Some("every morning"),
        "PM" => Some("every afternoon"),
        "BED" => Some("at bedtime"),
        "WK" => Some("once a week"),
        "MO" => Some("once a month"),
        "Q1H" => Some("every hour"),
        "Q2H" => Some("every 2 hours"),
        "Q3H" => Some("every 3 hours"),
        "Q4H" => Some("every 4 hours"),
        "Q6H" => Some("every 6 hours"),
        "Q8H" => Some("every 8 hours"),
        _ => None,
    });
    coded.map(str::to_owned).or_else(|| concept(&value["code"]))
}

fn days(repeat: &Value) -> Option<String> {
    let day = |day: &Value| {
        Some(match day.as_str()? {
            "mon" => "Monday".to_owned(),
            "tue" => "Tuesday".to_owned(),
            "wed" => "Wednesday".to_owned(),
            "thu" => "Thursday".to_owned(),
            "fri" => "Friday".to_owned(),
            "sat" => "Saturday".to_owned(),
            "sun" => "Sunday".to_owned(),
            _ => text(day)?,
        })
    };
    let days: Vec<String> = items(&repeat["dayOfWeek"]).filter_map(day).collect();
    (!days.is_empty()).then(|| format!("on {}", list(&days)))
}

fn times(repeat: &Value) -> Option<String> {
    let time = |time: &Value| text(time).map(|time| time.get(..5).map(str::to_owned).unwrap_or(time));
    let times: Vec<String> = items(&repeat["timeOfDay"]).filter_map(time).collect();
    (!times.is_empty()).then(|| format!("at {}", list(&times)))
}

/// HL7's EventTiming.
fn events(repeat: &Value) -> Option<String> {
    let offset = text(&repeat["offset"]).filter(|offset| offset != "0");
    let event = |event: &Value| {
        let word = match event.as_str()? {
            "MORN" => "in the morning",
            "MORN.early" => "early in the morning",
            "MORN.late" => "late in the morning",
            "NOON" => "at noon",
            "AFT" => "in the afternoon",
            "AFT.early" => "early in the afternoon",
            "AFT.late" => "late in the afternoon",
            "EVE" => "in the evening",
            "EVE.early" => "early in the evening",
            "EVE.late" => "late in the evening",
            "NIGHT" => "at night",
            "PHS" => "after going to sleep",
            "HS" => "at bedtime",
            "WAKE" => "after waking up",
            "C" => "with meals",
            "CM" => "with breakfast",
            "CD" => "with lunch",
            "CV" => "with dinner",
            "AC" => "before meals",
            "ACM" => "before breakfast",
            "ACD" => "before lunch",
            "ACV" => "before dinner",
            "PC" => "after meals",
            "PCM" => "after breakfast",
            "PCD" => "after lunch",
            "PCV" => "after dinner",
            _ => return text(event),
        };
        Some(match &offset {
            Some(minutes) => format!("{minutes} minutes {}", word.trim_start_matches("at ")),
            None => word.to_owned(),
        })
    };
    let events: Vec<String> = items(&repeat["when"]).filter_map(event).collect();
    (!events.is_empty()).then(|| list(&events))
}

/// `for 90 days`, `since 3 May 2026`.
fn bounds(repeat: &Value) -> Option<String> {
    let length = quantity(&repeat["boundsDuration"]).or_else(|| range(&repeat["boundsRange"]));
    length.map(|length| format!("for {length}")).or_else(|| period(&repeat["boundsPeriod"]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said(repeat: Value) -> String {
        timing(&json!({ "repeat": repeat })).unwrap_or_default()
    }

    #[test]
    fn structured_timing_is_said_as_people_say_it() {
        assert_eq!(said(json!({ "frequency": "1", "period": "1", "periodUnit": "d" })), "once a day");
        assert_eq!(
            said(json!({ "frequency": "2", "period": "1", "periodUnit": "d", "when": ["CM", "CV"] })),
            "twice a day, with breakfast and with dinner"
        );
        assert_eq!(
            said(json!({ "frequency": "3", "frequencyMax": "4", "period": "1", "periodUnit": "d" })),
            "3 – 4 times a day"
        );
        assert_eq!(said(json!({ "frequency": "1", "period": "8", "periodUnit": "h" })), "every 8 hours");
        assert_eq!(said(json!({ "period": "4", "periodMax": "6", "periodUnit": "h" })), "every 4 – 6 hours");
        assert_eq!(said(json!({ "frequency": "2", "period": "3", "periodUnit": "d" })), "twice every 3 days");
        assert_eq!(
            said(json!({ "dayOfWeek": ["mon", "thu"], "timeOfDay": ["08:00:00"] })),
            "on Monday and Thursday, at 08:00"
        );
        assert_eq!(said(json!({ "when": ["ACM"], "offset": "30" })), "30 minutes before breakfast");
        let bounded = json!({ "frequency": "1", "period": "1", "periodUnit": "wk", "boundsDuration": { "value": "6", "code": "mo" } });
        assert_eq!(said(bounded), "once a week, for 6 months");
        assert_eq!(
            said(json!({ "count": "10", "duration": "30", "durationUnit": "min" })),
            "for 30 minutes each time, 10 times in all"
        );
        assert_eq!(said(json!({ "frequency": {}, "period": [], "periodUnit": 1 })), "");
    }

    #[test]
    fn abbreviations_and_own_words_come_too() {
        assert_eq!(timing(&json!({ "code": { "coding": [{ "code": "TID" }] } })).as_deref(), Some("3 times a day"));
        let own = json!({ "code": { "text": "in the evening" }, "repeat": { "boundsDuration": { "value": "90", "unit": "days" } } });
        assert_eq!(timing(&own).as_deref(), Some("in the evening, for 90 days"));
        assert_eq!(
            timing(&json!({ "event": ["2026-11-19", "2026-12"] })).as_deref(),
            Some("on 19 November 2026 and December 2026")
        );
        assert_eq!(timing(&json!("daily")), None);
    }
}
