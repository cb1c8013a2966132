//! Dates as people say them, with as much of them as is known.

use serde_json::Value;

use super::words::text;
use crate::speaking::{days_from_civil, month_name};

/// A date of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Date {
    /// Seconds since 1970, negative before; the beginning of a month or year. None of what is no date.
    pub(super) at: Option<i64>,
    /// `19 November 2026`, `May 2019`, `2019`.
    pub(super) day: String,
    /// The same with the time on the clock where it was written, if that is known.
    pub(super) said: String,
}

/// A date, date-time or instant; what cannot be read stays as it is written.
pub(super) fn date(value: &Value) -> Option<Date> {
    let written = text(value)?;
    Some(read(&written).unwrap_or_else(|| Date { at: None, day: written.clone(), said: written }))
}

fn read(written: &str) -> Option<Date> {
    let (date, time) = match written.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (written, None),
    };
    let mut parts = date.split('-');
    let mut number = |digits: usize| -> Option<Option<i64>> {
        let Some(part) = parts.next() else { return Some(None) };
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse().ok())
    };
    let (year, month, day) = (number(4)??, number(2)?, number(2)?);
    if parts.next().is_some() || !month.is_none_or(|month| (1..=12).contains(&month)) {
        return None;
    }
    if !day.is_none_or(|day| (1..=31).contains(&day)) || (time.is_some() && day.is_none()) {
        return None;
    }
    let name = |month: i64| month_name(usize::try_from(month - 1).unwrap_or_default());
    let said_day = match (month, day) {
        (None, _) => year.to_string(),
        (Some(month), None) => format!("{} {year}", name(month)),
        (Some(month), Some(day)) => format!("{day} {} {year}", name(month)),
    };
    let midnight = days_from_civil(year, month.unwrap_or(1), day.unwrap_or(1)) * 86_400;
    let Some(time) = time else {
        return Some(Date { at: Some(midnight), said: said_day.clone(), day: said_day });
    };
    let two = |range: core::ops::Range<usize>| time.get(range)?.parse::<i64>().ok();
    let (hour, minute) = (two(0..2)?, two(3..5)?);
    if !(0..=24).contains(&hour) || !(0..=59).contains(&minute) || time.get(2..3) != Some(":") {
        return None;
    }
    let second = two(6..8).unwrap_or_default();
    let at = midnight + hour * 3600 + minute * 60 + second - offset(time);
    Some(Date { at: Some(at), said: format!("{said_day}, {hour:02}:{minute:02}"), day: said_day })
}

/// Seconds east of UTC at the end of a time.
fn offset(time: &str) -> i64 {
    let read = |sign: char| {
        let (_, zone) = time.rsplit_once(sign)?;
        let (hours, minutes) = zone.split_once(':')?;
        Some(hours.parse::<i64>().ok()?.clamp(0, 14) * 3600 + minutes.parse::<i64>().ok()?.clamp(0, 59) * 60)
    };
    read('+').or_else(|| read('-').map(|west| -west)).unwrap_or_default()
}

/// `from 3 May 2019 to 19 November 2026`.
pub(super) fn period(value: &Value) -> Option<String> {
    let end = |name: &str| date(&value[name]);
    Some(match (end("start"), end("end")) {
        (Some(start), Some(end)) if start.day == end.day => start.said,
        (Some(start), Some(end)) => format!("{} to {}", start.day, end.day),
        (Some(start), None) => format!("since {}", start.day),
        (None, Some(end)) => format!("until {}", end.day),
        (None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(written: &str) -> String {
        date(&Value::String(written.to_owned())).map(|date| date.said).unwrap_or_default()
    }

    #[test]
    fn dates_say_what_is_known_and_no_more() {
        assert_eq!(said("2019"), "2019");
        assert_eq!(said("2019-05"), "May 2019");
        assert_eq!(said("2019-05-04"), "4 May 2019");
        assert_eq!(said("2026-11-19T07:40:00+01:00"), "19 November 2026, 07:40");
        assert_eq!(said("2026-11-19T07:40:00.123Z"), "19 November 2026, 07:40");
    }

    #[test]
    fn what_is_no_date_stays_as_it_is() {
        for written in
            ["next week", "2019-13", "2019-05-99", "20190504", "2019-05-04T", "2019-05-04Tx", "19-5-4", "1e9"]
        {
            assert_eq!(said(written), written);
            assert_eq!(date(&Value::String(written.to_owned())).unwrap().at, None);
        }
        assert_eq!(date(&serde_json::json!({ "a": 1 })), None);
    }

    #[test]
    fn times_are_ordered_across_zones_and_before_1970() {
        let at = |written: &str| date(&Value::String(written.to_owned())).unwrap().at.unwrap();
        assert_eq!(at("1970-01-01T01:00:00+01:00"), 0);
        assert_eq!(at("1969-12-31"), -86_400);
        assert_eq!(at("2026-11-19T07:40:00-05:30"), at("2026-11-19T13:10:00Z"));
    }

    #[test]
    fn periods_have_one_or_two_ends() {
        let said = |value| period(&value).unwrap_or_default();
        assert_eq!(said(serde_json::json!({ "start": "2019" })), "since 2019");
        assert_eq!(said(serde_json::json!({ "end": "2019-05-04" })), "until 4 May 2019");
        assert_eq!(
            said(serde_json::json!({ "start": "2019-05-04T08:00:00Z", "end": "2019-05-04T09:00:00Z" })),
            "4 May 2019, 08:00"
        );
        assert_eq!(said(serde_json::json!({ "start": "2019-05-04", "end": "2019-06" })), "4 May 2019 to June 2019");
        assert_eq!(said(serde_json::json!("x")), "");
    }
}
