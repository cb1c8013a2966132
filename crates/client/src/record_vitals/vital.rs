//! What is measured at home and at every visit: its codes, units and usual ranges.

use serde_json::value::RawValue;

/// A vital sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vital {
    /// Blood pressure, systolic and diastolic.
    Pressure,
    /// Heart rate.
    Pulse,
    /// Body weight.
    Weight,
    /// Body height.
    Height,
    /// Body mass index.
    Bmi,
    /// Body temperature.
    Temperature,
    /// Oxygen saturation.
    Oxygen,
    /// Blood glucose.
    Glucose,
}

/// Every vital sign, in the order of a page.
pub const VITALS: [Vital; 8] = [
    Vital::Pressure,
    Vital::Pulse,
    Vital::Weight,
    Vital::Height,
    Vital::Bmi,
    Vital::Temperature,
    Vital::Oxygen,
    Vital::Glucose,
];

/// A unit: as people write it, its UCUM code, and how a value of it becomes one of the vital sign's first unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// As people write it.
    pub word: &'static str,
    /// UCUM.
    pub code: &'static str,
    /// Other spellings that are found in documents.
    also: &'static [&'static str],
    factor: f64,
    shift: f64,
}

const fn unit(word: &'static str, code: &'static str, also: &'static [&'static str], factor: f64) -> Unit {
    Unit { word, code, also, factor, shift: 0.0 }
}

const MMHG: &[Unit] = &[unit("mmHg", "mm[Hg]", &["mmHg"], 1.0), unit("kPa", "kPa", &[], 7.500_62)];
const RATE: &[Unit] = &[unit("/min", "/min", &["{beats}/min", "{Beats}/min", "bpm", "beats/min", "beats/minute"], 1.0)];
const MASS: &[Unit] =
    &[unit("kg", "kg", &[], 1.0), unit("g", "g", &[], 0.001), unit("lb", "[lb_av]", &["lb", "lbs"], 0.453_592_37)];
const LENGTH: &[Unit] = &[
    unit("cm", "cm", &[], 1.0),
    unit("m", "m", &[], 100.0),
    unit("in", "[in_i]", &["in", "inches"], 2.54),
    unit("ft", "[ft_i]", &["ft"], 30.48),
];
const BMI: &[Unit] = &[unit("kg/m²", "kg/m2", &["kg/m²", "kg/m^2"], 1.0)];
const HEAT: &[Unit] = &[
    unit("°C", "Cel", &["°C", "C", "cel"], 1.0),
    Unit { word: "°F", code: "[degF]", also: &["°F", "F", "degF"], factor: 5.0 / 9.0, shift: -32.0 },
];
const PART: &[Unit] = &[unit("%", "%", &[], 1.0)];
const SUGAR: &[Unit] = &[unit("mg/dL", "mg/dL", &["mg/dl"], 1.0), unit("mmol/L", "mmol/L", &["mmol/l"], 18.016)];

/// A range that is usual in adults, in the first unit; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The least that is usual.
    pub low: Option<f64>,
    /// The most that is usual.
    pub high: Option<f64>,
}

/// How a value stands to the usual range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Within it.
    Usual,
    /// Below it.
    Low,
    /// Above it.
    High,
    /// So far out of it that somebody should be asked now.
    Critical,
}

/// Why a number cannot be what was measured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Implausible {
    /// No number.
    #[error("Enter a number such as {0}.")]
    NoNumber(&'static str),
    /// No living person has it.
    #[error("{word} of {value} {unit} cannot be right: it lies between {least} and {most} {unit}.")]
    Impossible {
        /// What was measured.
        word: &'static str,
        /// As entered.
        value: String,
        /// In which unit.
        unit: &'static str,
        /// The least that is taken.
        least: String,
        /// The most that is taken.
        most: String,
    },
    /// Systolic not above diastolic.
    #[error("The first number is the higher one. Are the two swapped?")]
    Swapped,
    /// Only one of the two was entered.
    #[error("Enter both numbers, such as 128 and 82.")]
    OneOfTwo,
}

impl Vital {
    /// As people call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pressure => "Blood pressure",
            Self::Pulse => "Pulse",
            Self::Weight => "Weight",
            Self::Height => "Height",
            Self::Bmi => "Body mass index",
            Self::Temperature => "Temperature",
            Self::Oxygen => "Oxygen saturation",
            Self::Glucose => "Blood sugar",
        }
    }

    /// Its name in an address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pressure => "blood-pressure",
            Self::Pulse => "pulse",
            Self::Weight => "weight",
            Self::Height => "height",
            Self::Bmi => "bmi",
            Self::Temperature => "temperature",
            Self::Oxygen => "oxygen",
            Self::Glucose => "glucose",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        VITALS.into_iter().find(|vital| vital.key() == key)
    }

    /// The vital sign that a LOINC code stands for, or is a part of.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let part = matches!(code, "8480-6" | "8462-4").then_some(Self::Pressure);
        part.or_else(|| VITALS.into_iter().find(|vital| vital.codes().contains(&code)))
    }

    /// Its LOINC codes: the one that is written first, for each of its first units, then others that mean the same.
    pub(super) const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Pressure => &["85354-9", "55284-4", "35094-2"],
            Self::Pulse => &["8867-4"],
            Self::Weight => &["29463-7", "3141-9"],
            Self::Height => &["8302-2", "8306-3", "3137-7"],
            Self::Bmi => &["39156-5"],
            Self::Temperature => &["8310-5", "8331-1"],
            Self::Oxygen => &["2708-6", "59408-5"],
            Self::Glucose => &["2339-0", "15074-8", "41653-7", "14743-9"],
        }
    }

    /// The codes and the English name that an Observation is written with. Pulse oximetry has two codes, glucose one for
    /// each unit.
    pub(super) fn written(self, unit: &str) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Pressure => (&["85354-9"], "Blood pressure panel with all children optional"),
            Self::Pulse => (&["8867-4"], "Heart rate"),
            Self::Weight => (&["29463-7"], "Body weight"),
            Self::Height => (&["8302-2"], "Body height"),
            Self::Bmi => (&["39156-5"], "Body mass index (BMI) [Ratio]"),
            Self::Temperature => (&["8310-5"], "Body temperature"),
            Self::Oxygen => (&["2708-6", "59408-5"], "Oxygen saturation in Arterial blood"),
            Self::Glucose if unit == "mmol/L" => (&["15074-8"], "Glucose [Moles/volume] in Blood"),
            Self::Glucose => (&["2339-0"], "Glucose [Mass/volume] in Blood"),
        }
    }

    /// Its units, the one that is counted in first.
    #[must_use]
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::Pressure => MMHG,
            Self::Pulse => RATE,
            Self::Weight => MASS,
            Self::Height => LENGTH,
            Self::Bmi => BMI,
            Self::Temperature => HEAT,
            Self::Oxygen => PART,
            Self::Glucose => SUGAR,
        }
    }

    /// A unit by its code, or as documents write it.
    #[must_use]
    pub fn unit(self, written: &str) -> Option<&'static Unit> {
        let is = |unit: &&Unit| unit.code == written || unit.word == written || unit.also.contains(&written);
        self.units().iter().find(is)
    }

    /// What is usual at this age in years, for systolic and then diastolic pressure. Children have ranges of their own by
    /// age, sex and height, which are not kept here; of weight and height alone nothing is said.
    ///
    /// Pressure at rest: ESC/ESH 2018 (high from 140 or 90), low under 90 or 60. Body mass index: WHO. Pulse at rest: AHA.
    /// Temperature by mouth: 36.1 to 37.2 °C. Oxygen saturation at rest: 95 to 100 %. Blood sugar hangs on the last meal.
    #[must_use]
    pub fn usual(self, age: Option<u32>) -> Option<(Range, Option<Range>)> {
        let range = |low: f64, high: f64| Range { low: Some(low), high: Some(high) };
        if age.is_some_and(|age| age < ADULT) {
            return None;
        }
        match self {
            Self::Pressure => Some((range(90.0, 139.0), Some(range(60.0, 89.0)))),
            Self::Pulse => Some((range(60.0, 100.0), None)),
            Self::Bmi => Some((range(18.5, 24.9), None)),
            Self::Temperature => Some((range(36.1, 37.2), None)),
            Self::Oxygen => Some((Range { low: Some(95.0), high: None }, None)),
            Self::Weight | Self::Height | Self::Glucose => None,
        }
    }

    /// How a value stands to what is usual; nothing where nothing is known to be.
    #[must_use]
    pub fn standing(self, age: Option<u32>, value: f64, second: Option<f64>) -> Option<Standing> {
        let (first, other) = self.usual(age)?;
        let critical = match self {
            Self::Pressure => value >= 180.0 || second.is_some_and(|second| second >= 120.0),
            Self::Temperature => !(35.0..40.0).contains(&value),
            Self::Oxygen => value < 90.0,
            Self::Pulse => !(40.0..=140.0).contains(&value),
            _ => false,
        };
        if critical {
            return Some(Standing::Critical);
        }
        let of = |range: Range, value: f64| {
            // A whole number ends before the next one: 139.5 is not yet 140.
            let step = if self == Self::Bmi || self == Self::Temperature { 0.1 } else { 1.0 };
            match range {
                Range { high: Some(high), .. } if value >= high + step - 1e-9 => Standing::High,
                Range { low: Some(low), .. } if value < low - 1e-9 => Standing::Low,
                _ => Standing::Usual,
            }
        };
        let second = other.zip(second).map_or(Standing::Usual, |(range, second)| of(range, second));
        Some(of(first, value).max(second))
    }

    /// The body mass index in a word (WHO, adults).
    #[must_use]
    pub fn bmi_word(value: f64) -> &'static str {
        match value {
            value if value < 18.5 => "Underweight",
            value if value < 25.0 => "Normal weight",
            value if value < 30.0 => "Overweight",
            _ => "Obesity",
        }
    }

    /// What no living person exceeds, in the first unit; diastolic pressure apart.
    const fn possible(self) -> (f64, f64) {
        match self {
            Self::Pressure => (40.0, 300.0),
            Self::Pulse => (20.0, 300.0),
            Self::Weight => (0.3, 650.0),
            Self::Height => (20.0, 280.0),
            Self::Bmi => (5.0, 200.0),
            Self::Temperature => (25.0, 45.0),
            Self::Oxygen => (40.0, 100.0),
            Self::Glucose => (10.0, 2000.0),
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::Pressure => "128",
            Self::Pulse => "72",
            Self::Weight => "72.5",
            Self::Height => "168",
            Self::Bmi => "24.2",
            Self::Temperature => "36.8",
            Self::Oxygen => "97",
            Self::Glucose => "95",
        }
    }

    /// Reads a number as somebody typed it, with a decimal comma or point.
    pub fn parse(self, typed: &str, unit: &'static Unit) -> Result<Decimal, Implausible> {
        let value = Decimal::parse(typed).ok_or(Implausible::NoNumber(self.example()))?;
        self.check(&value, unit, self.word(), self.possible())?;
        Ok(value)
    }

    fn check(
        self,
        value: &Decimal,
        unit: &'static Unit,
        word: &'static str,
        (least, most): (f64, f64),
    ) -> Result<(), Implausible> {
        let counted = unit.counted(value.number());
        if (least..=most).contains(&counted) {
            return Ok(());
        }
        let shown = |counted: f64| {
            let of_unit = counted / unit.factor - unit.shift;
            let text = format!("{of_unit:.1}");
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        };
        let value = value.to_string();
        Err(Implausible::Impossible { word, value, unit: unit.word, least: shown(least), most: shown(most) })
    }

    /// Reads the two numbers of a blood pressure as somebody typed them.
    pub fn parse_pressure(systolic: &str, diastolic: &str) -> Result<(Decimal, Decimal), Implausible> {
        if systolic.trim().is_empty() != diastolic.trim().is_empty() {
            return Err(Implausible::OneOfTwo);
        }
        let number = |typed: &str| Decimal::parse(typed).ok_or(Implausible::NoNumber(Self::Pressure.example()));
        let (upper, lower) = (number(systolic)?, number(diastolic)?);
        if upper.number() <= lower.number() {
            return Err(Implausible::Swapped);
        }
        let vital = Self::Pressure;
        vital.check(&upper, &MMHG[0], "An upper pressure", vital.possible())?;
        vital.check(&lower, &MMHG[0], "A lower pressure", (20.0, 200.0))?;
        Ok((upper, lower))
    }
}

/// From which age on somebody counts as grown up here.
pub const ADULT: u32 = 18;

impl Unit {
    /// A value of this unit in the vital sign's first one.
    #[must_use]
    pub fn counted(&self, value: f64) -> f64 {
        (value + self.shift) * self.factor
    }
}

/// A decimal exactly as it is written: `72.50` stays `72.50`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// Reads what somebody typed: digits, with a comma or a point among them.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let text = typed.trim().replace(',', ".");
        let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|one| one.is_ascii_digit());
        if !digits(whole) || !rest.is_none_or(digits) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        Some(Self(rest.map_or_else(|| whole.to_owned(), |rest| format!("{whole}.{rest}"))))
    }

    /// A number of a document, as it is written there.
    pub(super) fn written(raw: &RawValue) -> Option<Self> {
        let text = raw.get();
        let is_number = text.len() <= 40 && text.parse::<f64>().is_ok_and(f64::is_finite);
        (is_number && text.bytes().all(|one| one.is_ascii_digit() || b"+-.eE".contains(&one)))
            .then(|| Self(text.to_owned()))
    }

    /// For reckoning and drawing; never shown.
    #[must_use]
    pub fn number(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl core::fmt::Display for Decimal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How old somebody is on a day, both as FHIR writes dates; the birth date may be of a year alone.
#[must_use]
pub fn age_on(birth_date: &str, day: &str) -> Option<u32> {
    let year = |date: &str| date.get(..4).and_then(|year| year.parse::<u32>().ok());
    let (born, now) = (year(birth_date)?, year(day)?);
    let had_birthday = day.get(5..10).zip(birth_date.get(5..10)).is_none_or(|(day, born)| day >= born);
    now.checked_sub(born)?.checked_sub(u32::from(!had_birthday))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_stay_as_they_were_typed() {
        for (typed, written) in [
            ("72.50", Some("72.50")),
            (" 72,50 ", Some("72.50")),
            ("007", Some("7")),
            ("0,5", Some("0.5")),
            ("0", Some("0")),
            ("-3", None),
            ("7.", None),
            (".5", None),
            ("1.2.3", None),
            ("1,234.5", None),
            ("1e3", None),
            ("seventy", None),
            ("١٢", None),
            ("", None),
            ("1234567890", None),
        ] {
            assert_eq!(Decimal::parse(typed).map(|decimal| decimal.to_string()).as_deref(), written, "{typed}");
        }
    }

    #[test]
    fn impossible_numbers_are_refused_with_a_sentence() {
        let cm = &LENGTH[0];
        assert_eq!(Vital::Height.parse("168", cm).map(|value| value.to_string()), Ok("168".into()));
        let trouble = Vital::Height.parse("1,68", cm).unwrap_err();
        assert_eq!(trouble.to_string(), "Height of 1.68 cm cannot be right: it lies between 20 and 280 cm.");
        assert_eq!(Vital::Weight.parse("heavy", &MASS[0]).unwrap_err().to_string(), "Enter a number such as 72.5.");
        assert!(Vital::Temperature.parse("98.6", &HEAT[0]).is_err());
        assert!(Vital::Temperature.parse("98.6", &HEAT[1]).is_ok());
        assert!(Vital::Glucose.parse("5.4", &SUGAR[1]).is_ok());
        assert!(Vital::Glucose.parse("5.4", &SUGAR[0]).is_err());
        assert!(Vital::Oxygen.parse("101", &PART[0]).is_err());
    }

    #[test]
    fn a_pressure_has_its_higher_number_first() {
        let read = |upper: &str, lower: &str| Vital::parse_pressure(upper, lower);
        assert_eq!(read("128", "82").map(|(upper, lower)| format!("{upper}/{lower}")), Ok("128/82".into()));
        assert_eq!(read("80", "120"), Err(Implausible::Swapped));
        assert_eq!(read("128", " "), Err(Implausible::OneOfTwo));
        assert_eq!(read("", ""), Err(Implausible::NoNumber("128")));
        assert!(matches!(read("500", "80"), Err(Implausible::Impossible { .. })));
        assert!(matches!(read("120", "5"), Err(Implausible::Impossible { .. })));
    }

    #[test]
    fn values_stand_in_below_or_above_what_is_usual_in_adults() {
        let pressure = |upper: f64, lower: f64| Vital::Pressure.standing(Some(50), upper, Some(lower));
        assert_eq!(pressure(128.0, 82.0), Some(Standing::Usual));
        assert_eq!(pressure(139.5, 82.0), Some(Standing::Usual));
        assert_eq!(pressure(140.0, 82.0), Some(Standing::High));
        assert_eq!(pressure(120.0, 90.0), Some(Standing::High));
        assert_eq!(pressure(88.0, 60.0), Some(Standing::Low));
        assert_eq!(pressure(185.0, 60.0), Some(Standing::Critical));
        let bmi = |value: f64| Vital::Bmi.standing(None, value, None);
        assert_eq!(
            (bmi(18.4), bmi(24.94), bmi(25.0)),
            (Some(Standing::Low), Some(Standing::Usual), Some(Standing::High))
        );
        assert_eq!(Vital::Oxygen.standing(None, 100.0, None), Some(Standing::Usual));
        assert_eq!(Vital::Pressure.standing(Some(9), 90.0, Some(50.0)), None, "children have ranges of their own");
        assert_eq!(Vital::Weight.standing(None, 72.0, None), None);
        assert_eq!(
            [17.0, 22.0, 27.0, 31.0].map(Vital::bmi_word),
            ["Underweight", "Normal weight", "Overweight", "Obesity"]
        );
    }

    #[test]
    fn units_are_counted_in_the_first_of_them() {
        let counted = |vital: Vital, unit: &str, value: f64| vital.unit(unit).map(|unit| unit.counted(value).round());
        assert_eq!(counted(Vital::Weight, "[lb_av]", 160.0), Some(73.0));
        assert_eq!(counted(Vital::Temperature, "[degF]", 98.6), Some(37.0));
        assert_eq!(counted(Vital::Glucose, "mmol/L", 5.5), Some(99.0));
        assert_eq!(counted(Vital::Pulse, "{beats}/min", 70.0), Some(70.0));
        assert_eq!(counted(Vital::Weight, "stone", 11.0), None);
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        assert_eq!(age_on("1971-05-04", "2026-05-03"), Some(54));
        assert_eq!(age_on("1971-05-04", "2026-05-04T07:00:00Z"), Some(55));
        assert_eq!(age_on("1971", "2026-01-01"), Some(55));
        assert_eq!(age_on("2030-01-01", "2026-01-01"), None);
        assert_eq!(age_on("", "2026-01-01"), None);
    }
}
