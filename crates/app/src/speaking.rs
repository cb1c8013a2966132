//! Dates, sizes and counts as people say them. Pure: the time now and the
//! offset of the local clock are passed in, so every sentence can be tested.

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How much of a time is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Say {
    /// `today, 08:12`, `yesterday`, `Mon 16 Nov`, `16 Nov 2025`.
    Recent,
    /// `today, 08:12`, `yesterday, 14:03`, `Mon 16 Nov, 14:03`.
    DayTime,
    /// `today`, `yesterday`, `17 Nov`, `17 Nov 2025`.
    Short,
    /// `20 December`, with the year when it is not this one.
    Date,
    /// `20 December 2026`.
    FullDate,
    /// `08:12`.
    Time,
    /// `Today`, `Yesterday`, `Monday 16 November`.
    Heading,
    /// `November 2026`.
    Month,
    /// `Friday 20 November 2026, 08:12:05`, shown on hover and in details.
    Full,
}

/// A time on the wall of the person who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wall {
    day_number: i64,
    year: i64,
    month: usize,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Wall {
    /// `unix` in seconds, `offset` in seconds east of UTC.
    fn at(unix: u64, offset: i32) -> Self {
        let local = i64::try_from(unix).unwrap_or(i64::MAX / 2) + i64::from(offset);
        let day_number = local.div_euclid(86_400);
        let second_of_day = u32::try_from(local.rem_euclid(86_400)).unwrap_or(0);
        let (year, month, day) = civil(day_number);
        Self {
            day_number,
            year,
            month,
            day,
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
        }
    }

    fn weekday(&self) -> &'static str {
        // 1 January 1970 was a Thursday.
        let index = usize::try_from((self.day_number + 3).rem_euclid(7)).unwrap_or(0);
        DAYS[index % 7]
    }

    fn month_name(&self) -> &'static str {
        month_name(self.month)
    }
}

/// Days since 1 January 1970 to year, month (from 0) and day (from 1), after
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
#[must_use]
pub fn civil(days: i64) -> (i64, usize, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 2 } else { mp - 10 };
    let year = yoe + era * 400 + i64::from(month < 2);
    (year, usize::try_from(month).unwrap_or(0), u32::try_from(day).unwrap_or(1))
}

/// Year, month (from 1) and day (from 1) to days since 1 January 1970; the way back of [`civil`], `days_from_civil`.
#[must_use]
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// The name of a month, from 0.
#[must_use]
pub fn month_name(month: usize) -> &'static str {
    MONTHS[month % 12]
}

/// Speaks of times as seen now, in one place of the world.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    /// The time now, in seconds since 1970.
    pub now: u64,
    /// Seconds east of UTC that the local clock shows at a given time.
    pub offset: fn(u64) -> i32,
}

impl Speaker {
    fn wall(&self, at: u64) -> Wall {
        Wall::at(at, (self.offset)(at))
    }

    /// The time `at` as it is said now.
    #[must_use]
    pub fn say(&self, at: u64, how: Say) -> String {
        let then = self.wall(at);
        let now = self.wall(self.now);
        let days_ago = now.day_number - then.day_number;
        let this_year = now.year == then.year;
        let clock = format!("{:02}:{:02}", then.hour, then.minute);
        let day_month = format!("{} {}", then.day, short(then.month_name()));
        let weekday = short(then.weekday());
        match how {
            Say::Time => clock,
            Say::Month => format!("{} {}", then.month_name(), then.year),
            Say::FullDate => format!("{} {} {}", then.day, then.month_name(), then.year),
            Say::Full => format!(
                "{} {} {} {}, {clock}:{:02}",
                then.weekday(),
                then.day,
                then.month_name(),
                then.year,
                then.second
            ),
            Say::Date if this_year => format!("{} {}", then.day, then.month_name()),
            Say::Date => self.say(at, Say::FullDate),
            Say::Recent => match days_ago {
                0 => format!("today, {clock}"),
                1 => "yesterday".to_owned(),
                _ if this_year => format!("{weekday} {day_month}"),
                _ => format!("{day_month} {}", then.year),
            },
            Say::DayTime => match days_ago {
                0 => format!("today, {clock}"),
                1 => format!("yesterday, {clock}"),
                _ if this_year => format!("{weekday} {day_month}, {clock}"),
                _ => format!("{day_month} {}, {clock}", then.year),
            },
            Say::Short => match days_ago {
                0 => "today".to_owned(),
                1 => "yesterday".to_owned(),
                _ if this_year => day_month,
                _ => format!("{day_month} {}", then.year),
            },
            Say::Heading => match days_ago {
                0 => "Today".to_owned(),
                1 => "Yesterday".to_owned(),
                _ => {
                    let day = format!("{} {} {}", then.weekday(), then.day, then.month_name());
                    if this_year { day } else { format!("{day} {}", then.year) }
                }
            },
        }
    }

    /// Today in full, for the head of a day's page: `Friday 20 November`.
    #[must_use]
    pub fn today(&self) -> String {
        let now = self.wall(self.now);
        format!("{} {} {}", now.weekday(), now.day, now.month_name())
    }

    /// Today as the value of a date input: `2026-11-20`.
    #[must_use]
    pub fn today_input(&self) -> String {
        date_input(self.now, (self.offset)(self.now))
    }

    /// The greeting for this hour.
    #[must_use]
    pub fn greeting(&self) -> &'static str {
        match self.wall(self.now).hour {
            5..=11 => "Good morning",
            12..=17 => "Good afternoon",
            _ => "Good evening",
        }
    }

    /// Since when something is so: `today`, `since yesterday`, `since Monday`,
    /// `since 12 September`.
    #[must_use]
    pub fn since(&self, at: u64) -> String {
        let then = self.wall(at);
        match self.wall(self.now).day_number - then.day_number {
            ..=0 => "today".to_owned(),
            1 => "since yesterday".to_owned(),
            2..=6 => format!("since {}", then.weekday()),
            _ => format!("since {}", self.say(at, Say::Date)),
        }
    }

    /// `Ends today`, `Ends in 2 days` while an end is at most a week away.
    #[must_use]
    pub fn ends_soon(&self, until: u64) -> Option<String> {
        let days = self.wall(until).day_number - self.wall(self.now).day_number;
        match days {
            _ if until <= self.now => None,
            0 => Some("Ends today".to_owned()),
            1 => Some("Ends tomorrow".to_owned()),
            2..=7 => Some(format!("Ends in {days} days")),
            _ => None,
        }
    }
}

/// The first three letters of a day or month.
#[must_use]
pub fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

/// A length in bytes: `512 bytes`, `184 KB`, `1.2 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    for (step, unit) in STEPS {
        // 999,950 bytes would round to 1000.0 KB: say 1 MB.
        if bytes >= step - step / 2000 {
            let tenths = (bytes * 10 + step / 2) / step;
            return if tenths >= 100 || tenths.is_multiple_of(10) {
                format!("{} {unit}", (bytes + step / 2) / step)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} bytes")
}

/// A number with a comma between thousands: `1,284`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun, small numbers in words: `one request`, `12 records`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let noun = if number == 1 { one } else { many };
    match WORDS.get(number) {
        Some(word) => format!("{word} {noun}"),
        None => format!("{} {noun}", thousands(number as u64)),
    }
}

/// How often: `once`, `twice`, `three times`.
#[must_use]
pub fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => count(number, "time", "times"),
    }
}

/// `General`, `General and Laboratory`, `General, Imaging and Laboratory`.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A length of time in its largest whole unit: `30 days`, `one hour`.
#[must_use]
pub fn say_length(seconds: u32) -> String {
    const UNITS: [(u32, &str, &str); 3] =
        [(86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes")];
    let whole = UNITS.iter().find(|(unit, ..)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, one, many) = whole.unwrap_or(&(1, "second", "seconds"));
    count((seconds / unit) as usize, one, many)
}

/// The sentence with a capital letter in front.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The words of a search, in small letters.
#[must_use]
pub fn search_words(search: &str) -> Vec<String> {
    search.split_whitespace().map(str::to_lowercase).collect()
}

/// An address short enough to compare by eye: `0x3C44…93BC`.
#[must_use]
pub fn short_address(address: &str) -> String {
    match (address.get(..6), address.len().checked_sub(4).and_then(|at| address.get(at..))) {
        (Some(head), Some(tail)) if address.len() > 12 => format!("{head}…{tail}"),
        _ => address.to_owned(),
    }
}

/// Seconds since 1970 of midnight UTC of a date input's `2026-11-20`.
#[must_use]
pub fn parse_date(text: &str) -> Option<u64> {
    u64::try_from(parse_day(text)? * 86_400).ok()
}

/// Whether this is a day of the calendar, written as a date input does: `1932-02-29`.
#[must_use]
pub fn is_day(text: &str) -> bool {
    parse_day(text).is_some()
}

/// The days since 1970 of a date input's `2026-11-20`; before that they are negative.
fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let days = days_from_civil(year, month, day);
    let (back_year, back_month, back_day) = civil(days);
    let same = back_year == year && i64::try_from(back_month).ok() == Some(month - 1) && i64::from(back_day) == day;
    same.then_some(days)
}

/// A date without a time, `1971-05-04`, as people say it: `4 May 1971`.
#[must_use]
pub fn say_date(iso: &str) -> Option<String> {
    let mut parts = iso.splitn(3, '-');
    let year: u32 = parts.next()?.parse().ok()?;
    let month: usize = parts.next()?.parse().ok()?;
    let day: u32 = parts.next()?.parse().ok()?;
    let name = MONTHS.get(month.checked_sub(1)?)?;
    (1..=31).contains(&day).then(|| format!("{day} {name} {year}"))
}

/// A month as it is counted by, `2026-11`: `November 2026`. What is none stays as it is.
#[must_use]
pub fn say_month(iso: &str) -> String {
    let name = |month: &str| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?);
    let said = iso.split_once('-').and_then(|(year, month)| Some(format!("{} {year}", name(month)?)));
    said.unwrap_or_else(|| iso.to_owned())
}

/// The value of a date input for a time, `2026-11-20`.
#[must_use]
pub fn date_input(at: u64, offset: i32) -> String {
    let wall = Wall::at(at, offset);
    format!("{:04}-{:02}-{:02}", wall.year, wall.month + 1, wall.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Friday 20 November 2026, 09:00 in a place one hour east of UTC.
    const NOW: u64 = 1_795_161_600;

    fn speaker() -> Speaker {
        Speaker { now: NOW, offset: |_| 3600 }
    }

    const HOUR: u64 = 3600;
    const DAY: u64 = 86_400;

    #[test]
    fn a_month_is_said_by_its_name() {
        assert_eq!(say_month("2026-11"), "November 2026");
        assert_eq!(say_month("2026-13"), "2026-13");
        assert_eq!(say_month("no month"), "no month");
    }

    #[test]
    fn now_is_the_friday_that_the_tests_speak_of() {
        assert_eq!(speaker().say(NOW, Say::Full), "Friday 20 November 2026, 09:00:00");
        assert_eq!(speaker().today(), "Friday 20 November");
        assert_eq!(speaker().greeting(), "Good morning");
    }

    #[test]
    fn recent_days_have_names() {
        let s = speaker();
        assert_eq!(s.say(NOW - 48 * 60, Say::Recent), "today, 08:12");
        assert_eq!(s.say(NOW - DAY, Say::Recent), "yesterday");
        assert_eq!(s.say(NOW - 3 * DAY, Say::Recent), "Tue 17 Nov");
        assert_eq!(s.say(NOW - 400 * DAY, Say::Recent), "16 Oct 2025");
        assert_eq!(s.say(NOW - DAY, Say::DayTime), "yesterday, 09:00");
        assert_eq!(s.say(NOW - 4 * DAY, Say::DayTime), "Mon 16 Nov, 09:00");
        assert_eq!(s.say(NOW, Say::Short), "today");
        assert_eq!(s.say(NOW - 3 * DAY, Say::Short), "17 Nov");
    }

    #[test]
    fn the_day_changes_at_local_midnight() {
        let s = speaker();
        assert_eq!(s.say(NOW - 9 * HOUR, Say::Recent), "today, 00:00");
        assert_eq!(s.say(NOW - 9 * HOUR - 1, Say::DayTime), "yesterday, 23:59");
    }

    #[test]
    fn dates_carry_the_year_when_it_is_another() {
        let s = speaker();
        assert_eq!(s.say(NOW + 30 * DAY, Say::Date), "20 December");
        assert_eq!(s.say(NOW + 103 * DAY, Say::Date), "3 March 2027");
        assert_eq!(s.say(NOW + 30 * DAY, Say::FullDate), "20 December 2026");
        assert_eq!(s.say(NOW, Say::Heading), "Today");
        assert_eq!(s.say(NOW - 4 * DAY, Say::Heading), "Monday 16 November");
        assert_eq!(s.say(NOW, Say::Month), "November 2026");
    }

    #[test]
    fn since_names_the_day_within_a_week() {
        let s = speaker();
        assert_eq!(s.since(NOW), "today");
        assert_eq!(s.since(NOW - DAY), "since yesterday");
        assert_eq!(s.since(NOW - 4 * DAY), "since Monday");
        assert_eq!(s.since(NOW - 14 * DAY), "since 6 November");
    }

    #[test]
    fn ends_are_announced_a_week_ahead() {
        let s = speaker();
        assert_eq!(s.ends_soon(NOW + 2 * DAY).as_deref(), Some("Ends in 2 days"));
        assert_eq!(s.ends_soon(NOW + DAY).as_deref(), Some("Ends tomorrow"));
        assert_eq!(s.ends_soon(NOW + HOUR).as_deref(), Some("Ends today"));
        assert_eq!(s.ends_soon(NOW + 8 * DAY), None);
        assert_eq!(s.ends_soon(NOW - 1), None);
    }

    #[test]
    fn sizes_have_at_most_two_figures_of_detail() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_000), "1 KB");
        assert_eq!(size(1_240), "1.2 KB");
        assert_eq!(size(184_320), "184 KB");
        assert_eq!(size(999_949), "1 MB");
        assert_eq!(size(1_200_000), "1.2 MB");
        assert_eq!(size(209_715_200), "210 MB");
        assert_eq!(size(2_500_000_000), "2.5 GB");
    }

    #[test]
    fn numbers_and_lists_read_as_prose() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_284), "1,284");
        assert_eq!(thousands(1_000_000), "1,000,000");
        assert_eq!(count(1, "request", "requests"), "one request");
        assert_eq!(count(12, "record", "records"), "12 records");
        assert_eq!(sentence("two new reports"), "Two new reports");
        let scopes = ["General", "Imaging", "Laboratory"].map(str::to_owned);
        assert_eq!(list(&scopes), "General, Imaging and Laboratory");
        assert_eq!(list(&scopes[..1]), "General");
    }

    #[test]
    fn lengths_are_said_in_whole_units() {
        assert_eq!(say_length(30 * 86_400), "30 days");
        assert_eq!(say_length(86_400), "one day");
        assert_eq!(say_length(5_400), "90 minutes");
        assert_eq!(say_length(61), "61 seconds");
        assert_eq!(say_length(0), "no seconds");
    }

    #[test]
    fn addresses_keep_both_ends() {
        assert_eq!(short_address("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"), "0x3C44…93BC");
        assert_eq!(short_address("0x1234"), "0x1234");
    }

    #[test]
    fn birthdays_are_said_without_a_clock() {
        assert_eq!(say_date("1931-05-04").as_deref(), Some("4 May 1931"));
        assert_eq!(say_date("1931-13-04"), None);
        assert_eq!(say_date(""), None);
    }

    #[test]
    fn dates_survive_the_way_to_an_input_and_back() {
        for text in ["1971-05-04", "2024-02-29", "2026-12-31"] {
            let at = parse_date(text).unwrap();
            assert_eq!(date_input(at, 0), text);
        }
        assert_eq!(parse_date("2026-02-29"), None);
        assert_eq!(parse_date("2026-13-01"), None);
        assert_eq!(parse_date("soon"), None);
    }
}
