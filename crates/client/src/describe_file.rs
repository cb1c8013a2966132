//! What a file says about itself, as a suggestion for whoever files it: title, kind and date from a FHIR resource, a
//! DICOM header, a PDF's information dictionary or the file's name. Anything can stand in a file, so nothing here is
//! trusted, and what is not understood is left out.

use serde_json::Value;

mod dicom;
mod fhir;
mod pdf;

/// LOINC codes of the kinds that can be told from a file.
pub mod kinds {
    /// Laboratory report.
    pub const LABORATORY: &str = "11502-2";
    /// Imaging.
    pub const IMAGING: &str = "18748-4";
    /// Prescription.
    pub const PRESCRIPTION: &str = "57833-6";
    /// Vital signs.
    pub const VITALS: &str = "8716-3";
}

/// As much of the beginning and of the end of a file as is looked at, in bytes.
pub const LOOKED_AT: usize = 2 << 20;
/// The longest title that is suggested, in characters.
const LONGEST: usize = 120;

/// What a file says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// What it is called.
    pub title: Option<String>,
    /// LOINC code of a kind of document.
    pub kind: Option<String>,
    /// When what it describes happened: `2026-11-20`.
    pub date: Option<String>,
}

/// Reads what a file says about itself; `head` is its beginning, `tail` its end, which are the same for a short one.
#[must_use]
pub fn describe_file(head: &[u8], tail: &[u8]) -> Described {
    let found = if let Some(found) = dicom::describe(head) {
        found
    } else if head.starts_with(b"%PDF-") {
        pdf::describe(head, tail)
    } else {
        serde_json::from_slice::<Value>(head).ok().and_then(|value| fhir::describe(&value)).unwrap_or_default()
    };
    Described { title: found.title.and_then(|title| tidy(&title)), ..found }
}

/// What a file's name says: its words without the date in them, and that date.
#[must_use]
pub fn describe_name(name: &str) -> Described {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut date = None;
    let mut kept = Vec::new();
    // `2026-11-20`, `2026_11_20` and `20261120` are dates, wherever they stand.
    let parts: Vec<&str> = stem.split(['-', '_', ' ']).filter(|part| !part.is_empty()).collect();
    let mut at = 0;
    while at < parts.len() {
        let joined = parts.get(at..at + 3).map(|three| three.concat());
        let (found, used) = match joined.as_deref().and_then(compact_date) {
            Some(found) => (Some(found), 3),
            None => (compact_date(parts[at]), 1),
        };
        match (found, &date) {
            (Some(found), None) => date = Some(found),
            _ => kept.extend_from_slice(&parts[at..at + used]),
        }
        at += used;
    }
    Described { title: tidy(&kept.join(" ")), kind: None, date }
}

/// Blanks in their place, nothing that is no title, and not too long.
fn tidy(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split(|one: char| one.is_whitespace() || one.is_control()).collect();
    let title = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let title = title.strip_prefix("Microsoft Word - ").unwrap_or(&title);
    let title: String = title.chars().take(LONGEST).collect();
    let is_none = title.is_empty() || title.eq_ignore_ascii_case("untitled");
    (!is_none).then_some(title)
}

/// `20261120` as `2026-11-20`, if it can be a day.
fn compact_date(digits: &str) -> Option<String> {
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let within = |text: &str, from: u32, to: u32| text.parse().is_ok_and(|number| (from..=to).contains(&number));
    let is_day = within(year, 1900, 2199) && within(month, 1, 12) && within(day, 1, 31);
    is_day.then(|| format!("{year}-{month}-{day}"))
}

/// The day that an RFC 3339 or FHIR text begins with.
fn day_of(text: &str) -> Option<String> {
    let (year, rest) = text.get(..10)?.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    compact_date(&[year, month, day].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(title: &str, kind: &str, date: &str) -> Described {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Described { title: some(title), kind: some(kind), date: some(date) }
    }

    fn of(bytes: &[u8]) -> Described {
        describe_file(bytes, bytes)
    }

    #[test]
    fn real_files_say_what_they_are() {
        let report = include_bytes!("../../../e2e/files/lipid-panel.json");
        assert_eq!(of(report), described("Lipid panel", kinds::LABORATORY, "2025-11-19"));
        let scan = include_bytes!("../../../e2e/files/head-ct.dcm");
        assert_eq!(of(scan), described("CT head", kinds::IMAGING, "2025-11-18"));
        let letter = include_bytes!("../../../e2e/files/blood-count.pdf");
        assert_eq!(of(letter), described("Full blood count", "", "2025-11-20"));
        assert_eq!(of(include_bytes!("../../../e2e/files/head-scan.png")), Described::default());
    }

    #[test]
    fn what_is_cut_short_or_turned_over_is_never_a_panic() {
        let files: [&[u8]; 3] = [
            include_bytes!("../../../e2e/files/head-ct.dcm"),
            include_bytes!("../../../e2e/files/blood-count.pdf"),
            include_bytes!("../../../e2e/files/lipid-panel.json"),
        ];
        for file in files {
            for length in (0..file.len()).step_by(file.len() / 800 + 1) {
                of(&file[..length]);
                let mut turned = file.to_vec();
                turned[length] ^= 0xff;
                of(&turned);
            }
        }
    }

    #[test]
    fn a_name_gives_words_and_a_date() {
        assert_eq!(describe_name("discharge_letter-2026-11-20.pdf"), described("discharge letter", "", "2026-11-20"));
        assert_eq!(describe_name("20261120 MRI knee.dcm"), described("MRI knee", "", "2026-11-20"));
        assert_eq!(describe_name("IMG_20261120_081200.jpg"), described("IMG 081200", "", "2026-11-20"));
        assert_eq!(describe_name("report-2026-13-40.pdf"), described("report 2026 13 40", "", ""));
        assert_eq!(describe_name("20261120.pdf"), described("", "", "2026-11-20"));
        assert_eq!(describe_name(".pdf"), Described::default());
    }

    #[test]
    fn titles_are_tidied() {
        assert_eq!(tidy("Microsoft Word - Letter.docx").as_deref(), Some("Letter.docx"));
        assert_eq!(tidy("  A \n title\0 "), Some("A title".to_owned()));
        assert_eq!(tidy("Untitled"), None);
        assert_eq!(tidy(&"x".repeat(500)).map(|title| title.len()), Some(LONGEST));
    }
}
