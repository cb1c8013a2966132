//! The client's types in people's words.

use std::collections::BTreeMap;

use medkey_client::{
    fault::{Fault, RelayError},
    folders::{self, Folder},
    list_members::Listed,
    people::{Hospital, Professional},
    ports::WalletError,
    read_chart,
    read_treatments::{How, TreatmentState},
    register::EnrolError,
};
use medkey_protocol::{
    Address,
    api::{Role, Status},
    blocks::{Category, Profile},
};

use crate::{
    components::{chip::Standing, choice::Choice, person_row::Person, record_row::RecordKind, seal::Seal},
    load::Trouble,
    pages::{treatments::Became, verify::HOSPITAL},
    speaking::{count, short_address},
};

/// An error as a sentence, with a capital letter in front and a full stop.
#[must_use]
pub fn sentence_of(error: &impl ToString) -> String {
    let mut text = crate::speaking::sentence(&error.to_string());
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

/// A fault as one sentence, and what was kept.
#[must_use]
pub fn fault_sentence(fault: &Fault, kept: &str) -> String {
    let sentence = sentence_of(fault);
    if kept.is_empty() { sentence } else { format!("{sentence} {kept}") }
}

/// A fault while reading, as a list draws it.
#[must_use]
pub fn trouble(fault: &Fault) -> Trouble {
    let kept = match fault {
        Fault::Lie(_) => "Your files are not affected, and nothing was sent.",
        Fault::Relay(RelayError::Disconnected(_)) => "Your records are safe; they only cannot be shown now.",
        _ => "Nothing was changed.",
    };
    let trouble = Trouble::new(sentence_of(fault), kept);
    if matches!(fault, Fault::Lie(_)) { trouble.lied() } else { trouble }
}

/// What the folder of a category is called, where no more of the folder is known: see [`Folder::word`].
#[must_use]
pub fn category_word(category: Option<Category>) -> &'static str {
    category.map_or(folders::UNNAMED, folders::category_word)
}

/// Stands for the folder of a record whose folder is not there any more.
pub const NO_FOLDER: &str = "No folder";

/// A folder as something that is shared, with how many records are in it.
#[must_use]
pub fn shared_folder(folder: &Folder, records: usize) -> Choice {
    let note = format!("{}, and new ones as they arrive", count(records, "record", "records"));
    Choice::new(folder.id.to_string(), format!("Folder {}", folder.word()), note).set_apart(folder.is_sensitive())
}

/// The icon of a record.
#[must_use]
pub fn record_kind(meta: &medkey_client::Meta, folder: Option<Category>) -> RecordKind {
    let display = meta.kind.display.as_str();
    match (meta.kind.code.as_str(), folder) {
        ("CarePlan", _) => RecordKind::Plan,
        ("MedicationRequest", _) | (_, Some(Category::Prescriptions)) => RecordKind::Prescription,
        ("DocumentReference", _) if display == "Note" => RecordKind::Note,
        ("Condition", _) => RecordKind::Diagnosis,
        ("ServiceRequest", _) => RecordKind::Request,
        (_, Some(Category::Laboratory)) => RecordKind::Laboratory,
        (_, Some(Category::Imaging)) => RecordKind::Imaging,
        (_, Some(Category::Vitals)) => RecordKind::Vitals,
        _ => RecordKind::Letter,
    }
}

/// A doctor or laboratory; `None` where no verified profile is known.
#[must_use]
pub fn person(address: Address, known: Option<&Professional>) -> Person {
    let Some(Professional { standing, profile, hospital, .. }) = known else {
        let name = format!("Unknown account {}", short_address(&address.to_string()));
        return Person { address: address.to_string(), name, detail: String::new(), standing: Standing::Plain };
    };
    let specialty = if profile.specialty.is_empty() { &profile.profession } else { &profile.specialty };
    let hospital = hospital.as_ref().map(|page| page.name.clone());
    let parts: Vec<String> = [Some(specialty.clone()), hospital].into_iter().flatten().collect();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let standing = match (standing.status, standing.role) {
        (Status::Active, Role::Lab) => Standing::Verified,
        (Status::Active, _) => Standing::Verified,
        (Status::Suspended, _) => Standing::Suspended,
        _ => Standing::Pending,
    };
    Person { address: address.to_string(), name: profile.name.clone(), detail: parts.join(", "), standing }
}

/// What a profile says, field by field, and the hospital after the licence; what is empty is left out.
#[must_use]
pub fn profile_facts(profile: &Profile, hospital: Option<&str>) -> Vec<(String, String)> {
    let languages = profile.languages.join(", ");
    let facts = [
        ("Name", profile.name.as_str()),
        ("Profession", &profile.profession),
        ("Specialty", &profile.specialty),
        ("Qualification", &profile.qualification),
        ("Licence", &profile.licence),
        (HOSPITAL, hospital.unwrap_or_default()),
        ("Languages", &languages),
        ("Telephone", &profile.phone),
        ("E-mail", &profile.email),
        ("Address", &profile.address),
    ];
    let there = facts.into_iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Somebody as the relay lists it: the verified profile, else the one that waits.
#[must_use]
pub fn listed_person(listed: &Listed, hospital: Option<&str>) -> Person {
    let Listed { entry, profile, proposed, .. } = listed;
    let address = entry.member.to_string();
    let Some(shown) = profile.as_ref().or(proposed.as_ref()) else { return person(entry.member, None) };
    let specialty = if shown.specialty.is_empty() { &shown.profession } else { &shown.specialty };
    let parts = [specialty.as_str(), hospital.unwrap_or_default()];
    let detail = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let standing = match entry.status {
        Status::Active => Standing::Verified,
        Status::Suspended => Standing::Suspended,
        Status::Pending | Status::Refused => Standing::Pending,
    };
    Person { address, name: shown.name.clone(), detail, standing }
}

/// The names of hospitals by number.
#[must_use]
pub fn hospital_names(hospitals: &[Hospital]) -> BTreeMap<u32, String> {
    hospitals.iter().map(|hospital| (hospital.id, hospital.page.name.clone())).collect()
}

/// The seal of a chart that was read.
#[must_use]
pub fn seal(seal: &read_chart::Seal) -> Seal {
    match seal {
        read_chart::Seal::Complete(at) => Seal::Complete { block: at.block },
        read_chart::Seal::Behind { at, newest } => Seal::Behind { block: at.block, newest: *newest },
        read_chart::Seal::NotChecked(why) => Seal::NotChecked { because: lower_first(&why.to_string()) },
    }
}

fn lower_first(sentence: &str) -> String {
    let mut rest = sentence.trim_end_matches('.').chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

/// A wallet that could not be enrolled, as a fault of an act.
#[must_use]
pub fn enrol_fault(error: EnrolError) -> Fault {
    match error {
        EnrolError::Fault(fault) => fault,
        EnrolError::Signature(_) | EnrolError::Site(_) => Fault::Wallet(WalletError::Unsupported),
    }
}

/// What became of a request for treatment.
#[must_use]
pub fn became(state: TreatmentState) -> Became {
    match state {
        TreatmentState::Pending => Became::Pending,
        TreatmentState::Answered(How::Prescribed) => Became::Prescribed,
        TreatmentState::Answered(How::Planned) => Became::Planned,
        TreatmentState::Answered(How::Answered) => Became::Answered,
        TreatmentState::Ended => Became::Ended,
        TreatmentState::Withdrawn(_) => Became::Withdrawn,
    }
}

/// What somebody did who answered a request for treatment.
#[must_use]
pub fn how_word(how: How) -> &'static str {
    match how {
        How::Prescribed => "prescribed",
        How::Planned => "planned",
        How::Answered => "answered with",
    }
}
