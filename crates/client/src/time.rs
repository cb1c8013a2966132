//! Instants as the formats write them.

/// An instant in seconds since 1970 as RFC 3339 writes it, in UTC: `2026-11-20T08:12:00Z`.
///
/// The date is reckoned in the proleptic Gregorian calendar by eras of 400 years (Howard Hinnant, *chrono-Compatible
/// Low-Level Date Algorithms*, `civil_from_days`).
pub fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Seconds since 1970, before that negative, of an instant or a day as FHIR writes them: `2026-11-20T08:12:00+01:00`,
/// `2026-11-20`, `2026-11`, `2026`. What is not said is the beginning: of the year, of the day in UTC.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let number =
        |text: &str| (text.bytes().all(|one| one.is_ascii_digit())).then(|| text.parse::<i64>().ok()).flatten();
    let (day, clock) = text.split_once('T').map_or((text, None), |(day, clock)| (day, Some(clock)));
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(number)?;
    let month = parts.next().map_or(Some(1), number)?;
    let day = parts.next().map_or(Some(1), number)?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Howard Hinnant, `days_from_civil`.
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    let Some(clock) = clock else { return Some(days * 86_400) };
    let zone_at = clock.find(['Z', '+', '-'])?;
    let (clock, zone) = clock.split_at(zone_at);
    let mut parts = clock.split(':').map(|part| number(part.split('.').next()?));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let ahead = match zone {
        "Z" => 0,
        zone => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let seconds = number(hours)? * 3600 + number(minutes)? * 60;
            if zone.starts_with('-') { -seconds } else { seconds }
        }
    };
    let within = hour <= 24 && minute < 60 && second <= 60;
    within.then_some(days * 86_400 + hour * 3600 + minute * 60 + second - ahead)
}

#[cfg(test)]
mod tests {
    use super::{instant, rfc3339};

    #[test]
    fn instants_are_read_as_they_are_written() {
        for seconds in [0, 951_782_400, 1_795_133_520, 4_107_542_399] {
            assert_eq!(instant(&rfc3339(seconds)), Some(seconds as i64));
        }
        for (text, seconds) in [
            ("2000-02-29", Some(951_782_400)),
            ("2000-02-29T01:00:00.250+01:00", Some(951_782_400)),
            ("2000-02-28T19:00:00-05:00", Some(951_782_400)),
            ("1970", Some(0)),
            ("1970-01", Some(0)),
            ("1969-12-31", Some(-86_400)),
            ("1970-13", None),
            ("1970-01-01-01", None),
            ("1970-01-01T", None),
            ("1970-01-01T00:00", None),
            ("1970-01-01T99:00:00Z", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(instant(text), seconds, "{text}");
        }
    }

    #[test]
    fn known_instants() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_234_567_890, "2009-02-13T23:31:30Z"),
            (1_795_133_520, "2026-11-20T00:12:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
