//! Registration in four steps: who one is, what others see, the recovery code,
//! and the confirmations in the wallet.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{code_sheet::CodeSheet, edit_about::birth_date_trouble};
use crate::clock::use_clock;
use crate::components::button::{Button, Weight};
use crate::components::choice::{Choice, ChoiceCards};
use crate::components::entry_frame::EntryFrame;
use crate::components::field::{Field, SelectField, Takes, fresh_id};
use crate::components::icon::{Glyph, Icon};
use crate::components::nav::Role;
use crate::components::qr::QrSquares;

/// Step 1: the role.
#[component]
pub fn RoleStep(
    /// The role chosen so far.
    chosen: RwSignal<Option<Role>>,
    /// Back to the wallets.
    #[prop(into)]
    on_back: Callback<()>,
    /// On to the details.
    #[prop(into)]
    on_next: Callback<Role>,
) -> impl IntoView {
    const ROLES: [(Role, &str, &str); 3] = [
        (Role::Patient, "Patient", "Keep your own record and decide who reads it."),
        (
            Role::Doctor,
            "Doctor or other clinician",
            "Read and write in the records that patients share with you. The registrar verifies you first.",
        ),
        (Role::Laboratory, "Laboratory", "Deliver reports to patients. The registrar verifies you first."),
    ];
    let choices: Vec<Choice> =
        ROLES.iter().map(|(role, title, note)| Choice::new(role.word(), *title, *note)).collect();
    view! {
        <EntryFrame
            step=1
            title="Who are you here?"
            sentences=vec![
                "An account has one role, for good. Use an account that you use for nothing else: what it does on the chain can be seen by everybody, though never what your records say."
                    .to_owned(),
            ]
        >
            <div class="entry__body">
                <ChoiceCards
                    label="Your role"
                    silent_label=true
                    choices=Signal::stored(choices)
                    chosen=Signal::derive(move || {
                        chosen.get().map(|role| role.word().to_owned()).unwrap_or_default()
                    })
                    on_choose=move |word: String| {
                        chosen
                            .set(
                                ROLES
                                    .iter()
                                    .map(|(role, ..)| *role)
                                    .find(|role| role.word() == word),
                            );
                    }
                />
            </div>
            <div class="entry__foot">
                <Button label="Back" on_press=on_back />
                <Button
                    label="Continue"
                    weight=Weight::Primary
                    disabled=Signal::derive(move || chosen.get().is_none())
                    on_press=move |()| {
                        if let Some(role) = chosen.get_untracked() {
                            on_next.run(role);
                        }
                    }
                />
            </div>
            <p class="entry__aside">
                "Is your record at another account? "
                <A href="/recover">"Use your recovery code"</A> "."
            </p>
        </EntryFrame>
    }
}

/// What a member says of himself; what a role is not asked stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutMe {
    /// The name.
    pub name: String,
    /// A patient's birth date, `1971-05-04`.
    pub birth_date: String,
    /// A patient's sex as FHIR writes it, or empty.
    pub sex: String,
    /// How to reach the member.
    pub contact: String,
    /// A clinician's profession.
    pub profession: String,
    /// A clinician's specialty.
    pub specialty: String,
    /// A clinician's qualification.
    pub qualification: String,
    /// The licence's number.
    pub licence: String,
    /// Languages spoken.
    pub languages: String,
    /// The hospital's id, or empty.
    pub hospital: String,
    /// The postal address.
    pub address: String,
}

/// What is wrong with what was entered, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutTroubles {
    /// With the name.
    pub name: Option<String>,
    /// With the birth date.
    pub birth_date: Option<String>,
    /// With the licence.
    pub licence: Option<String>,
    /// With the profession.
    pub profession: Option<String>,
}

impl AboutTroubles {
    /// Nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl AboutMe {
    /// What is wrong with it for this role, on this day.
    #[must_use]
    pub fn check(&self, role: Role, today: &str) -> AboutTroubles {
        let missing = |text: &str, what: &str| text.trim().is_empty().then(|| what.to_owned());
        let mut troubles = AboutTroubles { name: missing(&self.name, "Enter a name."), ..AboutTroubles::default() };
        match role {
            Role::Patient => {
                troubles.birth_date = birth_date_trouble(&self.birth_date, today);
            }
            Role::Doctor => {
                troubles.profession = missing(&self.profession, "Enter your profession.");
                troubles.licence = missing(&self.licence, "Enter your licence: the registrar looks it up.");
            }
            Role::Laboratory => {
                troubles.licence = missing(&self.licence, "Enter the licence: the registrar looks it up.");
            }
            Role::Registrar => {}
        }
        troubles
    }
}

/// The fields of [`AboutMe`], kept while one moves between steps.
#[derive(Clone, Copy)]
pub struct AboutForm {
    name: RwSignal<String>,
    birth_date: RwSignal<String>,
    sex: RwSignal<String>,
    contact: RwSignal<String>,
    profession: RwSignal<String>,
    specialty: RwSignal<String>,
    qualification: RwSignal<String>,
    licence: RwSignal<String>,
    languages: RwSignal<String>,
    hospital: RwSignal<String>,
    address: RwSignal<String>,
}

impl AboutForm {
    /// Fields filled with this.
    #[must_use]
    pub fn new(about: AboutMe) -> Self {
        Self {
            name: RwSignal::new(about.name),
            birth_date: RwSignal::new(about.birth_date),
            sex: RwSignal::new(about.sex),
            contact: RwSignal::new(about.contact),
            profession: RwSignal::new(about.profession),
            specialty: RwSignal::new(about.specialty),
            qualification: RwSignal::new(about.qualification),
            licence: RwSignal::new(about.licence),
            languages: RwSignal::new(about.languages),
            hospital: RwSignal::new(about.hospital),
            address: RwSignal::new(about.address),
        }
    }

    /// What stands in them, without spaces around.
    #[must_use]
    pub fn read(&self) -> AboutMe {
        let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
        AboutMe {
            name: text(self.name),
            birth_date: text(self.birth_date),
            sex: text(self.sex),
            contact: text(self.contact),
            profession: text(self.profession),
            specialty: text(self.specialty),
            qualification: text(self.qualification),
            licence: text(self.licence),
            languages: text(self.languages),
            hospital: text(self.hospital),
            address: text(self.address),
        }
    }
}

/// Step 2: what the record, or the public profile, says of one.
#[component]
pub fn AboutStep(
    /// The role.
    role: Role,
    /// The fields.
    form: AboutForm,
    /// Id and name of the hospitals that are open.
    #[prop(optional, into)]
    hospitals: Signal<Vec<(String, String)>>,
    /// Back to the role.
    #[prop(into)]
    on_back: Callback<()>,
    /// On to the recovery code.
    #[prop(into)]
    on_next: Callback<AboutMe>,
) -> impl IntoView {
    let tried = RwSignal::new(false);
    let clock = use_clock();
    let today = move || clock.speaker().today_input();
    let troubles =
        Memo::new(move |_| if tried.get() { form.read().check(role, &today()) } else { AboutTroubles::default() });
    let (title, sentence) = match role {
        Role::Patient => (
            "About you",
            "Your name and birth date are encrypted with your record. Only the people you share with see them.",
        ),
        Role::Doctor | Role::Registrar => (
            "Your public profile",
            "Patients choose you by it. It is shown as verified once the registrar has looked at it.",
        ),
        Role::Laboratory => (
            "The public profile of your laboratory",
            "Patients see it beside every report. It is shown as verified once the registrar has looked at it.",
        ),
    };
    let name_error = Signal::derive(move || troubles.with(|troubles| troubles.name.clone()));
    let licence_error = Signal::derive(move || troubles.with(|troubles| troubles.licence.clone()));
    let fields = match role {
        Role::Patient => view! {
            <Field
                label="Name"
                value=form.name
                error=name_error
                autocomplete="name"
            />
            <div class="fields__line fields__line--two">
                <Field
                    label="Birth date"
                    value=form.birth_date
                    takes=Takes::Day
                    error=Signal::derive(move || {
                        troubles.with(|troubles| troubles.birth_date.clone())
                    })
                    autocomplete="bday"
                />
                <SelectField
                    label="Sex"
                    value=form.sex
                    choices=Signal::stored(
                        [
                            ("", "Not said"),
                            ("female", "Female"),
                            ("male", "Male"),
                            ("other", "Other"),
                        ]
                            .map(|(key, word)| (key.to_owned(), word.to_owned()))
                            .to_vec(),
                    )
                />
            </div>
            <Field label="Telephone or e-mail" value=form.contact optional=true />
        }
        .into_any(),
        Role::Doctor | Role::Registrar => view! {
            <Field
                label="Name with title"
                value=form.name
                error=name_error
                autocomplete="name"
                hint="As patients know you, such as Dr. Nadia Kern"
            />
            <div class="fields__line fields__line--two">
                <Field
                    label="Profession"
                    value=form.profession
                    hint="Physician, dentist, midwife…"
                    error=Signal::derive(move || {
                        troubles.with(|troubles| troubles.profession.clone())
                    })
                />
                <Field label="Specialty" value=form.specialty hint="Cardiology, general practice…" />
            </div>
            <div class="fields__line fields__line--two">
                <Field label="Licence" value=form.licence error=licence_error />
                <Field label="Qualification" value=form.qualification optional=true />
            </div>
            <SelectField
                label="Hospital"
                value=form.hospital
                choices=Signal::derive(move || {
                    std::iter::once((String::new(), "None".to_owned()))
                        .chain(hospitals.get())
                        .collect()
                })
                hint="The registrar confirms it."
            />
            <div class="fields__line fields__line--two">
                <Field label="Languages" value=form.languages optional=true />
                <Field label="Telephone or e-mail" value=form.contact optional=true />
            </div>
            <Field
                label="Address of the practice"
                value=form.address
                autocomplete="street-address"
                optional=true
            />
        }
        .into_any(),
        Role::Laboratory => view! {
            <Field
                label="Name of the laboratory"
                value=form.name
                error=name_error
                autocomplete="organization"
            />
            <div class="fields__line fields__line--two">
                <Field label="Licence" value=form.licence error=licence_error />
                <Field label="Telephone or e-mail" value=form.contact optional=true />
            </div>
            <Field
                label="Address"
                value=form.address
                autocomplete="street-address"
                optional=true
            />
        }
        .into_any(),
    };
    view! {
        <EntryFrame step=2 title=title sentences=vec![sentence.to_owned()]>
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    tried.set(true);
                    let about = form.read();
                    if about.check(role, &today()).is_empty() {
                        on_next.run(about);
                    }
                }
            >
                <div class="entry__body fields">{fields}</div>
                <div class="entry__foot">
                    <Button label="Back" on_press=on_back />
                    <Button label="Continue" weight=Weight::Primary submits=true />
                </div>
            </form>
        </EntryFrame>
    }
}

/// The recovery code as it is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownCode {
    /// Its groups in order.
    pub groups: Vec<String>,
    /// The two groups that are typed back, counted from 0.
    pub ask: (usize, usize),
    /// The code and the account's address as a QR, for the print.
    pub qr: Option<QrSquares>,
    /// The address of the account that it is for.
    pub address: String,
    /// The site that it is for.
    pub site: String,
}

/// The same group, however it was typed.
fn same_group(typed: &str, group: &str) -> bool {
    typed.trim().eq_ignore_ascii_case(group)
}

/// The recovery code, shown once.
#[component]
pub fn RecoveryCodeStep(
    /// The code.
    code: ShownCode,
    /// `record` for a patient, `account` for others.
    #[prop(default = "record")]
    what: &'static str,
    /// The step of registration that this is; none where the code is renewed.
    #[prop(optional_no_strip, into)]
    step: Option<usize>,
    /// What comes next, on the button.
    #[prop(into)]
    next: String,
    /// Prints the page.
    #[prop(into)]
    on_print: Callback<()>,
    /// Copies the code.
    #[prop(into)]
    on_copy: Callback<()>,
    /// Back to the details.
    #[prop(into)]
    on_back: Callback<()>,
    /// Both groups were typed back.
    #[prop(into)]
    on_next: Callback<()>,
) -> impl IntoView {
    let sheet = code.clone();
    let ShownCode { groups, ask, .. } = code;
    let group = |at: usize| groups.get(at).cloned().unwrap_or_default();
    let (first, second) = (group(ask.0), group(ask.1));
    let typed_first = RwSignal::new(String::new());
    let typed_second = RwSignal::new(String::new());
    let both = {
        let (first, second) = (first.clone(), second.clone());
        Memo::new(move |_| {
            typed_first.with(|typed| same_group(typed, &first)) && typed_second.with(|typed| same_group(typed, &second))
        })
    };
    let title = if step.is_some() { "Your recovery code" } else { "Your new recovery code" };
    let sentence = format!(
        "If you lose this wallet, these {} groups are the only way back to your {what}. Nobody else has them. Write them down or print them, and keep them away from this device.",
        crate::speaking::count(groups.len(), "", "").trim()
    );
    view! {
        <EntryFrame step=step title=title sentences=vec![sentence]>
            <form
                class="entry__body"
                id="typeback"
                on:submit=move |event| {
                    event.prevent_default();
                    if both.get_untracked() {
                        on_next.run(());
                    }
                }
            >
                <ol class="code" aria-label="Recovery code">
                    {groups
                        .into_iter()
                        .enumerate()
                        .map(|(at, group)| {
                            view! {
                                <li class="code__group">
                                    <span class="code__number">{at + 1}</span>
                                    <span class="code__word">{group}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
                <div class="button-row no-print">
                    <Button
                        label="Print with QR"
                        icon=Icon::Download
                        small=true
                        on_press=on_print
                    />
                    <Button label="Copy" small=true on_press=on_copy />
                </div>
                <fieldset class="card typeback">
                    <legend class="unseen">
                        {format!("Type back groups {} and {}", ask.0 + 1, ask.1 + 1)}
                    </legend>
                    <h2 aria-hidden="true">
                        {format!("Type back groups {} and {}", ask.0 + 1, ask.1 + 1)}
                    </h2>
                    <div class="typeback__inputs">
                        <TypedGroup number=ask.0 + 1 group=first value=typed_first />
                        <TypedGroup number=ask.1 + 1 group=second value=typed_second />
                    </div>
                </fieldset>
            </form>
            <div class="entry__foot">
                <Button label="Back" on_press=on_back />
                <Button
                    label=next
                    weight=Weight::Primary
                    disabled=Signal::derive(move || !both.get())
                    on_press=on_next
                />
            </div>
            <CodeSheet code=sheet what=what />
        </EntryFrame>
    }
}

#[component]
fn TypedGroup(number: usize, group: String, value: RwSignal<String>) -> impl IntoView {
    let length = group.len();
    let right = Memo::new(move |_| value.with(|typed| same_group(typed, &group)));
    let wrong = Memo::new(move |_| value.with(|typed| typed.trim().len() >= length) && !right.get());
    let error = fresh_id("group");
    let error_id = error.clone();
    view! {
        <div class="field">
            <div class="with-mark">
                <input
                    class="input input--mono"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    aria-label=format!("Group {number}")
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby=error_id
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                {move || right.get().then(|| view! { <Glyph icon=Icon::Tick /> })}
            </div>
            <p class="field__error" id=error hidden=move || !wrong.get()>
                {format!("That is not group {number}.")}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-20";

    #[test]
    fn a_patient_needs_a_name_and_a_possible_birth_date() {
        let mut about = AboutMe::default();
        assert!(about.check(Role::Patient, TODAY).name.is_some());
        about.name = "Amara Osei".to_owned();
        about.birth_date = "1931-05-04".to_owned();
        assert!(about.check(Role::Patient, TODAY).is_empty());
        about.birth_date = "2026-02-31".to_owned();
        assert!(about.check(Role::Patient, TODAY).birth_date.is_some());
        about.birth_date = "0031-05-04".to_owned();
        assert!(about.check(Role::Patient, TODAY).birth_date.is_some());
    }

    #[test]
    fn doctors_and_laboratories_need_a_licence() {
        let about = AboutMe { name: "Dr. Nadia Kern".to_owned(), ..AboutMe::default() };
        assert!(about.check(Role::Doctor, TODAY).licence.is_some());
        assert!(about.check(Role::Doctor, TODAY).profession.is_some());
        assert!(about.check(Role::Laboratory, TODAY).licence.is_some());
        assert!(about.check(Role::Laboratory, TODAY).profession.is_none());
    }

    #[test]
    fn groups_are_compared_without_case_and_spaces() {
        assert!(same_group(" 9fht ", "9FHT"));
        assert!(!same_group("9FH", "9FHT"));
    }
}
