//! Asking for treatment: what the matter is, who should help, and what they may read for it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::draft::DraftLine;
use super::term::{Term, TermField, TermInput};
use crate::clock::use_clock;
use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::choice::{Choice, TickCards};
use crate::components::field::{Field, FilterField, SearchField, Takes};
use crate::components::icon::Icon;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{Say, count, list, search_words, sentence};

/// How many doctors are drawn at once.
const SHOWN: usize = 12;

/// A verified doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorItem {
    /// The address.
    pub address: String,
    /// The name.
    pub name: String,
    /// `Cardiology`.
    pub specialty: String,
    /// The hospital; may be empty.
    pub hospital: String,
    /// What the doctor speaks.
    pub languages: Vec<String>,
}

impl DoctorItem {
    fn choice(&self) -> Choice {
        let place = [self.specialty.as_str(), &self.hospital].into_iter().filter(|part| !part.is_empty());
        let mut parts = vec![place.collect::<Vec<_>>().join(", ")];
        if !self.languages.is_empty() {
            parts.push(format!("speaks {}", list(&self.languages)));
        }
        parts.retain(|part| !part.is_empty());
        Choice::new(self.address.clone(), self.name.clone(), parts.join(" · "))
    }

    fn has(&self, words: &[String]) -> bool {
        let languages = self.languages.join(" ");
        let text = [&self.name, &self.specialty, &self.hospital, &languages].map(|text| text.to_lowercase()).join("\n");
        words.iter().all(|word| text.contains(word))
    }
}

/// What there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskModel {
    /// Verified doctors, by name.
    pub doctors: Vec<DoctorItem>,
    /// The folders that can be shared.
    pub folders: Vec<Choice>,
}

/// What is written and chosen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskDraft {
    /// The complaint.
    pub words: String,
    /// Since when.
    pub since: String,
    /// The specialty that is looked for; empty for all.
    pub specialty: String,
    /// The hospital that is looked for; empty for all.
    pub hospital: String,
    /// The doctors' addresses.
    pub doctors: Vec<String>,
    /// The folders' ids.
    pub folders: Vec<String>,
    /// The chip of the term, and its date.
    pub term: (String, String),
}

impl AskDraft {
    /// Something is written that somebody would not want to write again.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !self.words.is_empty() || !self.since.is_empty()
    }

    /// Nothing is written or chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let texts = [&self.words, &self.since, &self.specialty, &self.hospital];
        texts.into_iter().all(String::is_empty) && self.doctors.is_empty() && self.folders.is_empty()
    }
}

/// The fields.
#[derive(Clone, Copy)]
pub struct AskForm {
    words: RwSignal<String>,
    since: RwSignal<String>,
    specialty: RwSignal<String>,
    hospital: RwSignal<String>,
    /// The doctors that are chosen, by address.
    pub doctors: RwSignal<Vec<String>>,
    folders: RwSignal<Vec<String>>,
    term: TermInput,
}

impl AskForm {
    /// Empty fields.
    #[must_use]
    pub fn new() -> Self {
        Self {
            words: RwSignal::default(),
            since: RwSignal::default(),
            specialty: RwSignal::default(),
            hospital: RwSignal::default(),
            doctors: RwSignal::default(),
            folders: RwSignal::default(),
            term: TermInput::new(Term::Month, String::new()),
        }
    }

    /// Puts into the fields what was begun.
    pub fn fill(self, draft: AskDraft) {
        self.words.set(draft.words);
        self.since.set(draft.since);
        self.specialty.set(draft.specialty);
        self.hospital.set(draft.hospital);
        self.doctors.set(draft.doctors);
        self.folders.set(draft.folders);
        self.term.choose_kept((&draft.term.0, &draft.term.1));
    }

    /// What stands in the fields.
    #[must_use]
    pub fn draft(self) -> AskDraft {
        AskDraft {
            words: self.words.with(|text| text.trim().to_owned()),
            since: self.since.with(|text| text.trim().to_owned()),
            specialty: self.specialty.get(),
            hospital: self.hospital.get(),
            doctors: self.doctors.get(),
            folders: self.folders.get(),
            term: self.term.kept(),
        }
    }

    /// The end that is chosen.
    pub fn end(self) -> Result<Option<u64>, &'static str> {
        self.term.end()
    }

    /// What is still missing, as a sentence.
    fn missing(self) -> Option<&'static str> {
        let no_words = self.words.with(|words| words.trim().is_empty());
        let nobody = self.doctors.with(Vec::is_empty);
        match (no_words, nobody, self.end().is_err()) {
            (true, true, _) => Some("Say what the matter is and choose a doctor first."),
            (true, false, _) => Some("Say what the matter is first."),
            (false, true, _) => Some("Choose a doctor first."),
            (false, false, true) => Some("Say until when they may read it."),
            (false, false, false) => None,
        }
    }
}

impl Default for AskForm {
    fn default() -> Self {
        Self::new()
    }
}

/// Those at this hospital and of this specialty (empty for all) with every word of the search.
fn find(all: &[DoctorItem], hospital: &str, specialty: &str, search: &str) -> Vec<DoctorItem> {
    let words = search_words(search);
    let fits = |one: &&DoctorItem| {
        (hospital.is_empty() || one.hospital == hospital)
            && (specialty.is_empty() || one.specialty == specialty)
            && one.has(&words)
    };
    all.iter().filter(fits).cloned().collect()
}

/// `All hospitals`, then each that there is once, in order.
fn filter(all: &str, values: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let mut values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
    values.sort_by_key(|value| value.to_lowercase());
    values.dedup();
    std::iter::once((String::new(), all.to_owned()))
        .chain(values.into_iter().map(|value| (value.clone(), value)))
        .collect()
}

/// The page.
#[component]
pub fn AskTreatmentView(
    /// What there is to choose from.
    #[prop(into)]
    model: Signal<Load<AskModel>>,
    /// The fields.
    form: AskForm,
    /// What stands in them was kept from before.
    #[prop(into)]
    restored: Signal<bool>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Why it was not sent.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
    /// It is being looked whether everybody can be asked.
    #[prop(into)]
    busy: Signal<bool>,
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Empties the fields.
    #[prop(into)]
    on_discard: Callback<()>,
    /// Sends it.
    #[prop(into)]
    on_send: Callback<()>,
) -> impl IntoView {
    let missing = Memo::new(move |_| form.missing());
    view! {
        <Crumbs way=vec![
            Crumb::to("Home", "/home"),
            Crumb::to("Treatment", "/treatment"),
            Crumb::here("New request"),
        ] />
        <PageHead
            title="Ask for treatment"
            sub="Your words are encrypted here. Only the doctors you choose can read them."
        />
        <DraftLine restored=restored on_discard=on_discard />
        <Section title="1. What is the matter?" first=true>
            <div class="fields">
                <Field
                    label="In your own words"
                    value=form.words
                    takes=Takes::Text
                    hint="What you feel, where, and what makes it better or worse."
                />
                <Field
                    label="Since when"
                    value=form.since
                    hint="Such as “last week” or “three days”."
                    optional=true
                />
            </div>
        </Section>
        <Section title="2. Who should help?">
            <Loaded
                model=model
                rows=3
                on_retry=on_retry
                children={move |model: AskModel| view! { <Doctors doctors=model.doctors form=form /> }}
            />
        </Section>
        <Section title="3. What may they read for it?">
            <Loaded
                model=model
                rows=2
                on_retry=on_retry
                children={
                    let wallet = wallet.clone();
                    move |model: AskModel| {
                        view! { <Sharing model=model form=form wallet=wallet.clone() /> }
                    }
                }
            />
        </Section>
        <div class="ask-foot">
            <TroubleLine trouble=trouble />
            <div class="button-row">
                <Button
                    label="Send request"
                    icon=Icon::Lock
                    weight=Weight::Primary
                    busy=busy
                    disabled=Signal::derive(move || {
                        missing.get().is_some() || read_only.get()
                            || model.with(|model| model.ready().is_none())
                    })
                    on_press=on_send
                />
                <span class="second">{move || missing.get()}</span>
            </div>
        </div>
    }
}

#[component]
fn Doctors(doctors: Vec<DoctorItem>, form: AskForm) -> impl IntoView {
    if doctors.is_empty() {
        return view! {
            <Empty
                icon=Icon::People
                title="Nobody can be asked yet"
                sentence="Doctors appear here once the health registry has verified them. What you wrote is kept."
            />
        }
        .into_any();
    }
    let search = RwSignal::new(String::new());
    let hospitals = filter("All hospitals", doctors.iter().map(|one| one.hospital.clone()));
    let specialties = filter("All specialties", doctors.iter().map(|one| one.specialty.clone()));
    let all = StoredValue::new(doctors);
    let found = Memo::new(move |_| {
        all.with_value(|all| {
            form.hospital.with(|hospital| {
                form.specialty.with(|specialty| search.with(|search| find(all, hospital, specialty, search)))
            })
        })
    });
    // Who is chosen is seen, however many come before.
    let choices = Memo::new(move |_| {
        let chosen = form.doctors.get();
        found.with(|found| {
            let shown = found.iter().enumerate().filter(|(at, one)| *at < SHOWN || chosen.contains(&one.address));
            shown.map(|(_, one)| one.choice()).collect::<Vec<_>>()
        })
    });
    let more = move || found.with(Vec::len) - choices.with(Vec::len);
    let chosen = move || {
        let chosen = form.doctors.get();
        let name = |one: &DoctorItem| chosen.contains(&one.address).then(|| one.name.clone());
        all.with_value(|all| all.iter().filter_map(name).collect::<Vec<_>>())
    };
    let everybody = move |()| {
        form.hospital.set(String::new());
        form.specialty.set(String::new());
        search.set(String::new());
    };
    view! {
        <div class="filters ask-filters">
            <SearchField
                label="Search by name, specialty, hospital or language"
                value=search
                on_change=move |text| search.set(text)
            />
            <div class="fields__line fields__line--two">
                <FilterField
                    label="Hospital"
                    choices=Signal::stored(hospitals)
                    value=form.hospital
                    on_change=move |hospital| form.hospital.set(hospital)
                />
                <FilterField
                    label="Specialty"
                    choices=Signal::stored(specialties)
                    value=form.specialty
                    on_change=move |specialty| form.specialty.set(specialty)
                />
            </div>
        </div>
        {move || {
            if found.with(Vec::is_empty) {
                return view! {
                    <Empty
                        icon=Icon::People
                        title="Nobody matches"
                        sentence="No verified doctor fits this search. Try another hospital or specialty, or look at everybody."
                    >
                        <Button label="Show all doctors" on_press=everybody />
                    </Empty>
                }
                    .into_any();
            }
            view! {
                <TickCards
                    label="Doctors whom the health registry has verified"
                    choices=choices
                    chosen=form.doctors
                />
                {(more() > 0)
                    .then(|| {
                        view! {
                            <p class="second ask-more">
                                {sentence(&format!("{} more. Search to find them.", count(more(), "doctor", "doctors")))}
                            </p>
                        }
                    })}
            }
                .into_any()
        }}
        <p class="second ask-more" role="status">
            {move || {
                let names = chosen();
                (!names.is_empty()).then(|| format!("You ask {}.", list(&names)))
            }}
        </p>
    }
    .into_any()
}

#[component]
fn Sharing(model: AskModel, form: AskForm, wallet: String) -> impl IntoView {
    let clock = use_clock();
    let AskModel { doctors, folders } = model;
    let names = folders.clone();
    let meaning = move || {
        let chosen = form.folders.get();
        let word = |one: &Choice| one.title.strip_prefix("Folder ").unwrap_or(&one.title).to_owned();
        let shared: Vec<String> = names.iter().filter(|one| chosen.contains(&one.id)).map(word).collect();
        let asked = form.doctors.get();
        let who: Vec<String> =
            doctors.iter().filter(|one| asked.contains(&one.address)).map(|one| one.name.clone()).collect();
        let who = if who.is_empty() { "The doctors you choose".to_owned() } else { list(&who) };
        let until = match form.end() {
            Ok(Some(until)) => format!("until {}", clock.speaker().say(until, Say::FullDate)),
            Ok(None) => "until you revoke it".to_owned(),
            Err(_) => return String::new(),
        };
        match shared.as_slice() {
            [] => format!("{who} can read your request {until}, and nothing else of your record. {wallet} asks once."),
            shared => format!(
                "{who} can read your request and {} {until}, with what is added there meanwhile. What has been read cannot be taken back. {wallet} asks once.",
                list(shared)
            ),
        }
    };
    view! {
        <div class="fields">
            <TickCards
                label="Folders, if they help"
                choices=Signal::stored(folders)
                chosen=form.folders
            />
            <div class="block">
                <TermField label="Until" by_hand="I revoke it" input=form.term />
                <p class="second">{meaning}</p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doctor(name: &str, specialty: &str, hospital: &str, language: &str) -> DoctorItem {
        DoctorItem {
            address: format!("0x{name}"),
            name: name.to_owned(),
            specialty: specialty.to_owned(),
            hospital: hospital.to_owned(),
            languages: vec![language.to_owned()],
        }
    }

    #[test]
    fn doctors_are_found_by_hospital_specialty_and_words() {
        let all = [
            doctor("Dr. Nadia Kern", "Cardiology", "Marienhospital", "French"),
            doctor("Dr. Sofia Ivanova", "Family medicine", "Elbe Clinic", "Bulgarian"),
        ];
        let names = |hospital, specialty, search| {
            find(&all, hospital, specialty, search).into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(names("", "", "").len(), 2);
        assert_eq!(names("Marienhospital", "", ""), ["Dr. Nadia Kern"]);
        assert_eq!(names("", "Family medicine", ""), ["Dr. Sofia Ivanova"]);
        assert_eq!(names("", "", "bulgar elbe"), ["Dr. Sofia Ivanova"]);
        assert!(names("Marienhospital", "Family medicine", "").is_empty());
        let words: Vec<String> =
            filter("All", all.iter().map(|one| one.hospital.clone())).into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["All", "Elbe Clinic", "Marienhospital"]);
    }

    #[test]
    fn a_draft_is_empty_until_something_would_be_missed() {
        let term = ("month".to_owned(), String::new());
        assert!(AskDraft { term, ..AskDraft::default() }.is_empty());
        assert!(!AskDraft { words: "Cough".to_owned(), ..AskDraft::default() }.is_empty());
    }
}
