//! A diagnosis: its name, its code where there is one, how sure it is and how it goes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::write_note::{FolderChips, tell};
use crate::components::field::{Field, SelectField, Takes};

/// Systems of codes; the first where nothing is said.
pub const SYSTEMS: [&str; 2] = ["ICD-10", "SNOMED CT"];
/// How sure it is, as FHIR says it and in words; the first where nothing is said.
pub const CERTAINTIES: [(&str, &str); 4] = [
    ("confirmed", "Confirmed"),
    ("provisional", "Provisional"),
    ("differential", "One of several possible"),
    ("refuted", "Ruled out"),
];
/// How it goes, as FHIR says it and in words; the first where nothing is said.
pub const COURSES: [(&str, &str); 4] =
    [("active", "Active"), ("recurrence", "Recurred"), ("remission", "In remission"), ("resolved", "Over")];

/// A diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosisInput {
    /// `Arterial hypertension`.
    pub name: String,
    /// `I10.9`; may be empty.
    pub code: String,
    /// One of [`SYSTEMS`].
    pub system: String,
    /// One of [`CERTAINTIES`].
    pub certainty: String,
    /// One of [`COURSES`].
    pub course: String,
    /// Since when, `2026-12-20`; may be empty.
    pub onset: String,
    /// What else is to be said; may be empty.
    pub note: String,
    /// The folder; empty for the general one.
    pub folder: String,
}

impl Default for DiagnosisInput {
    fn default() -> Self {
        Self {
            name: String::new(),
            code: String::new(),
            system: SYSTEMS[0].to_owned(),
            certainty: CERTAINTIES[0].0.to_owned(),
            course: COURSES[0].0.to_owned(),
            onset: String::new(),
            note: String::new(),
            folder: String::new(),
        }
    }
}

impl DiagnosisInput {
    /// What is wrong with the code, where something is.
    #[must_use]
    pub fn code_trouble(&self) -> Option<String> {
        let code = self.code.as_bytes();
        let (fits, like) = if self.system == SYSTEMS[0] {
            let digits = |from: usize, to: usize| code.len() >= to && code[from..to].iter().all(u8::is_ascii_digit);
            let rest = code.get(3..).unwrap_or_default();
            let detail = rest.is_empty() || (rest[0] == b'.' && rest.len() > 1 && rest.len() < 6);
            let plain = rest.iter().skip(1).all(u8::is_ascii_alphanumeric);
            (code.first().is_some_and(u8::is_ascii_uppercase) && digits(1, 3) && detail && plain, "I10 or E11.9")
        } else {
            let is_long = (6..=18).contains(&code.len());
            (is_long && code.iter().all(u8::is_ascii_digit), "38341003")
        };
        (!fits && !code.is_empty()).then(|| format!("A code of {} is written like {like}.", self.system))
    }
}

fn said(choices: &[(&str, &str)]) -> Signal<Vec<(String, String)>> {
    Signal::stored(choices.iter().map(|(code, word)| ((*code).to_owned(), (*word).to_owned())).collect())
}

/// Its fields.
#[component]
pub fn DiagnosisFields(
    /// What stands in them at first.
    begun: DiagnosisInput,
    /// The folder is settled.
    fixed: bool,
    /// They changed.
    #[prop(into)]
    on_change: Callback<DiagnosisInput>,
) -> impl IntoView {
    let name = RwSignal::new(begun.name);
    let code = RwSignal::new(begun.code);
    let system = RwSignal::new(begun.system);
    let certainty = RwSignal::new(begun.certainty);
    let course = RwSignal::new(begun.course);
    let onset = RwSignal::new(begun.onset);
    let note = RwSignal::new(begun.note);
    let folder = RwSignal::new(begun.folder);
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let input = Memo::new(move |_| DiagnosisInput {
        name: text(name),
        code: text(code),
        system: system.get(),
        certainty: certainty.get(),
        course: course.get(),
        onset: text(onset),
        note: text(note),
        folder: folder.get(),
    });
    tell(input, on_change);
    let systems = SYSTEMS.map(|word| (word, word));
    view! {
        <div class="fields">
            <Field label="Diagnosis" value=name first=true />
            <div class="fields__line fields__line--two">
                <Field
                    label="Code"
                    value=code
                    optional=true
                    error=Signal::derive(move || input.with(DiagnosisInput::code_trouble))
                />
                <SelectField label="Code of" choices=said(&systems) value=system />
            </div>
            <div class="fields__line">
                <SelectField label="How sure" choices=said(&CERTAINTIES) value=certainty />
                <SelectField label="State" choices=said(&COURSES) value=course />
                <Field label="Since" value=onset takes=Takes::Day optional=true />
            </div>
            <Field label="Remarks" value=note takes=Takes::Text optional=true />
            {(!fixed).then(|| view! { <FolderChips folder=folder /> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_as_its_system_writes_it() {
        let trouble = |system: &str, code: &str| {
            let (system, code) = (system.to_owned(), code.to_owned());
            DiagnosisInput { system, code, ..DiagnosisInput::default() }.code_trouble()
        };
        for code in ["", "I10", "E11.9", "S72.00", "M54.5X"] {
            assert_eq!(trouble("ICD-10", code), None, "{code}");
        }
        for code in ["I", "i10", "I10.", "10I", "I1O", "I10-9", "I10.ä", "Ä10", "38341003"] {
            assert!(trouble("ICD-10", code).is_some(), "{code}");
        }
        assert_eq!(trouble("SNOMED CT", "38341003"), None);
        for code in ["I10", "38", "3834100a", "1234567890123456789"] {
            assert!(trouble("SNOMED CT", code).is_some(), "{code}");
        }
    }
}
