//! Entries between the fields of a page and the client.

use medkey_client::write_entries::{
    Certainty, CodeSystem, Course, Diagnosis, Entry, Note, Plan, Prescription, Standing, Writing,
};
use medkey_protocol::{Digest, blocks::Category};

use crate::pages::{
    prescribe::PrescribeInput,
    write_diagnosis::{DiagnosisInput, SYSTEMS},
    write_entry::{EntryInput, Holds, Written},
    write_note::{NoteInput, PRIVATE},
    write_plan::PlanInput,
};

/// What is filed of what was written.
pub(super) fn writing(written: &Written, answers: Option<Digest>) -> Writing {
    let folder = match &written.input {
        EntryInput::Note(note) => note.folder.as_str(),
        EntryInput::Diagnosis(diagnosis) => &diagnosis.folder,
        EntryInput::Prescription(_) | EntryInput::Plan(_) => "",
    };
    let writing = Writing::new(entry(&written.input), answers);
    if folder == PRIVATE { Writing { category: Category::Private, ..writing } } else { writing }
}

/// What the fields say.
pub(super) fn entry(input: &EntryInput) -> Entry {
    match input.clone() {
        EntryInput::Note(NoteInput { title, text, .. }) => Entry::Note(Note { title, text }),
        EntryInput::Diagnosis(input) => Entry::Diagnosis(diagnosis(input)),
        EntryInput::Prescription(input) => Entry::Prescription(prescription(input)),
        EntryInput::Plan(input) => {
            let activities = input.activities();
            let PlanInput { title, until, advice, .. } = input;
            Entry::Plan(Plan { title, activities, until, advice })
        }
    }
}

fn diagnosis(input: DiagnosisInput) -> Diagnosis {
    let DiagnosisInput { name, code, system, certainty, course, onset, note, .. } = input;
    Diagnosis {
        name,
        code,
        system: if system == SYSTEMS[1] { CodeSystem::Snomed } else { CodeSystem::Icd10 },
        course: Course::ALL.into_iter().find(|one| one.code() == course).unwrap_or_default(),
        certainty: Certainty::ALL.into_iter().find(|one| one.code() == certainty).unwrap_or_default(),
        onset,
        note,
    }
}

fn prescription(input: PrescribeInput) -> Prescription {
    let PrescribeInput { medicine, dose, route, when, duration, note } = input;
    let days = days(&duration);
    // What is no number of days is said in words.
    let frequency = if days.is_none() && !duration.is_empty() { format!("{when}, {duration}") } else { when };
    Prescription { medicine, dose, route, frequency, days: days.unwrap_or(0), advice: note }
}

/// `90 days`, `2 weeks`, `14`.
fn days(words: &str) -> Option<u32> {
    let mut parts = words.split_whitespace();
    let number: u32 = parts.next()?.parse().ok()?;
    let each = match parts.next().unwrap_or("days").to_lowercase().as_str() {
        "day" | "days" => 1,
        "week" | "weeks" => 7,
        _ => return None,
    };
    if parts.next().is_none() { number.checked_mul(each) } else { None }
}

/// What stands in the fields where an entry is amended.
pub(super) fn written(entry: Entry, standing: Standing) -> Written {
    let folder = String::new();
    let input = match entry {
        Entry::Note(Note { title, text }) => EntryInput::Note(NoteInput { title, text, folder }),
        Entry::Diagnosis(Diagnosis { name, code, system, course, certainty, onset, note }) => {
            EntryInput::Diagnosis(DiagnosisInput {
                name,
                code,
                system: SYSTEMS[usize::from(system == CodeSystem::Snomed)].to_owned(),
                certainty: certainty.code().to_owned(),
                course: course.code().to_owned(),
                onset,
                note,
                folder,
            })
        }
        Entry::Prescription(Prescription { medicine, dose, route, frequency, days, advice }) => {
            let duration = match days {
                0 => String::new(),
                1 => "1 day".to_owned(),
                days => format!("{days} days"),
            };
            EntryInput::Prescription(PrescribeInput { medicine, dose, route, when: frequency, duration, note: advice })
        }
        Entry::Plan(Plan { title, activities, until, advice }) => {
            let until = until.split('T').next().unwrap_or_default().to_owned();
            EntryInput::Plan(PlanInput { title, steps: activities.join("\n"), until, advice })
        }
    };
    let holds = match standing {
        Standing::Holds => Holds::Yes,
        Standing::Stopped => Holds::Stopped,
        Standing::Mistaken => Holds::Mistaken,
    };
    Written { input, answers: false, holds }
}

/// Whether what was written still holds.
pub(super) fn standing(holds: Holds) -> Standing {
    match holds {
        Holds::Yes => Standing::Holds,
        Holds::Stopped => Standing::Stopped,
        Holds::Mistaken => Standing::Mistaken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_an_amendment_say_what_the_entry_says() {
        let prescription = Prescription {
            medicine: "Ramipril 5 mg".into(),
            dose: "1 tablet".into(),
            route: "by mouth".into(),
            frequency: "in the morning".into(),
            days: 14,
            advice: "Stand up slowly.".into(),
        };
        let diagnosis = Diagnosis {
            name: "Asthma".into(),
            code: "195967001".into(),
            system: CodeSystem::Snomed,
            course: Course::Remission,
            certainty: Certainty::Provisional,
            onset: "2020-02-02".into(),
            note: "As a child too.".into(),
        };
        let plan = Plan {
            title: "Less strain".into(),
            activities: vec!["Walk".into(), "Less salt".into()],
            until: "2027-03-01".into(),
            advice: String::new(),
        };
        for one in [
            Entry::Note(Note { title: "Visit".into(), text: "Pain".into() }),
            Entry::Diagnosis(diagnosis),
            Entry::Prescription(prescription),
            Entry::Plan(plan),
        ] {
            assert_eq!(entry(&written(one.clone(), Standing::Holds).input), one);
        }
    }

    #[test]
    fn a_length_in_words_is_days_or_stays_words() {
        let lengths =
            ["14", "90 days", "2 Weeks", "1 day", "", "a while", "3 months", "2 weeks or so", "4294967295 weeks"];
        assert_eq!(lengths.map(days), [Some(14), Some(90), Some(14), Some(1), None, None, None, None, None]);
        let words = PrescribeInput { when: "daily".into(), duration: "a while".into(), ..PrescribeInput::default() };
        assert_eq!(prescription(words).frequency, "daily, a while");
    }

    #[test]
    fn what_is_sensitive_goes_into_the_private_folder() {
        let note = |folder: &str| {
            let input = NoteInput { folder: folder.to_owned(), ..NoteInput::default() };
            writing(&Written { input: EntryInput::Note(input), ..written_blank() }, None).category
        };
        assert_eq!(
            [note(""), note("General"), note(PRIVATE)],
            [Category::General, Category::General, Category::Private]
        );
    }

    fn written_blank() -> Written {
        Written::blank(crate::pages::write_entry::Writing::Note)
    }
}
