//! What a chosen file is: suggested from its name, its media type and what stands in it, decided by the person.

use medkey_browser::FileSource;
use medkey_client::{
    RecordKind,
    add_record::Details,
    describe_file::{Described, LOOKED_AT, describe_file, describe_name},
};
use medkey_protocol::blocks::Category;
use web_sys::File;

const LOINC: &str = "http://loinc.org";

/// A kind of document that a person can choose.
pub struct Kind {
    /// Its LOINC code, also its key in forms.
    pub key: &'static str,
    /// What people call it.
    pub word: &'static str,
    /// The folder it belongs to as a rule.
    pub category: Category,
    /// Parts of file names that suggest it.
    hints: &'static [&'static str],
}

/// The kinds, the most common first.
pub const KINDS: [Kind; 7] = [
    Kind {
        key: "11502-2",
        word: "Laboratory report",
        category: Category::Laboratory,
        hints: &["lab", "blood", "lipid", "panel", "cbc", "hba1c"],
    },
    Kind {
        key: "18748-4",
        word: "Imaging",
        category: Category::Imaging,
        hints: &["mri", "ct", "xray", "x-ray", "ultrasound", "scan", "dicom"],
    },
    Kind {
        key: "57833-6",
        word: "Prescription",
        category: Category::Prescriptions,
        hints: &["prescription", "recipe", "rx"],
    },
    Kind { key: "8716-3", word: "Vital signs", category: Category::Vitals, hints: &["vitals", "pressure", "weight"] },
    Kind { key: "18842-5", word: "Discharge summary", category: Category::General, hints: &["discharge"] },
    Kind { key: "57133-1", word: "Letter", category: Category::General, hints: &["letter", "referral"] },
    Kind { key: "34133-9", word: "Other document", category: Category::General, hints: &[] },
];

/// What a file suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The folder it belongs to.
    pub category: Category,
    /// Its title.
    pub title: String,
    /// Its kind's key.
    pub kind: &'static str,
    /// The date it carries; may be empty.
    pub date: String,
}

/// What a file's name and type suggest.
#[must_use]
pub fn suggest(file: &File) -> Suggested {
    let name = file.name();
    let Described { title, date, .. } = describe_name(&name);
    let is_photo = file.type_().starts_with("image/");
    let title = match title.unwrap_or_default() {
        title if is_photo && is_cameras(&title) => "Photo".to_owned(),
        title => crate::speaking::sentence(&title),
    };
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric() && letter != '-').collect();
    let by_name = KINDS.iter().find(|kind| {
        let hints = |word: &&str| kind.hints.contains(word) || word.split('-').any(|part| kind.hints.contains(&part));
        words.iter().any(hints)
    });
    let by_type = || (is_photo || lower.ends_with(".dcm")).then(|| &KINDS[1]);
    let kind = by_name.or_else(by_type).unwrap_or(&KINDS[6]);
    Suggested { category: kind.category, title, kind: kind.key, date: date.unwrap_or_default() }
}

/// What a file's name and type suggest, and better than that what stands in it.
pub async fn suggest_from_content(file: &File) -> Suggested {
    let by_name = suggest(file);
    let ends = FileSource::from(file.clone()).ends(LOOKED_AT).await;
    // A file that cannot be read is told so when it is added.
    let Ok((head, tail)) = ends else { return by_name };
    let Described { title, kind, date } = describe_file(&head, &tail);
    let told = kind.and_then(|told| KINDS.iter().find(|kind| kind.key == told));
    Suggested {
        category: told.map_or(by_name.category, |kind| kind.category),
        kind: told.map_or(by_name.kind, |kind| kind.key),
        title: title.unwrap_or(by_name.title),
        date: date.unwrap_or(by_name.date),
    }
}

/// Names that cameras give.
fn is_cameras(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["img", "image", "pxl", "dsc", "photo"].iter().any(|start| lower.starts_with(start))
}

/// What is written down about a file.
#[must_use]
pub fn details(file: &File, title: &str, kind: &str, date: &str) -> Details {
    let kind = KINDS.iter().find(|known| known.key == kind).unwrap_or(&KINDS[6]);
    let name = file.name();
    Details {
        title: title.to_owned(),
        kind: RecordKind { system: LOINC.to_owned(), code: kind.key.to_owned(), display: kind.word.to_owned() },
        media_type: media_type(&name, &file.type_()),
        file_name: name,
        effective: (!date.is_empty()).then(|| format!("{date}T00:00:00Z")),
        amends: None,
        answers: None,
    }
}

/// What the browser does not know by itself.
fn media_type(name: &str, told: &str) -> String {
    let lower = name.to_lowercase();
    let known = match lower.rsplit_once('.').map(|(_, ending)| ending) {
        Some("dcm") => "application/dicom",
        Some("json") => "application/fhir+json",
        Some("pdf") => "application/pdf",
        Some("txt") => "text/plain",
        _ if told.is_empty() => "application/octet-stream",
        _ => told,
    };
    known.to_owned()
}
