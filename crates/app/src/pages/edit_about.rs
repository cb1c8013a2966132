//! Changing what one says of oneself, part by part.

use leptos::prelude::*;

use super::about::{Part, Person};
use super::emergency::{Call, CallFields, CallForm, groups, lines};
use crate::clock::use_clock;
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::speaking::is_day;

/// What is wrong with a birth date, on this day.
#[must_use]
pub fn birth_date_trouble(birth_date: &str, today: &str) -> Option<String> {
    if birth_date.is_empty() {
        return None;
    }
    if !is_day(birth_date) || birth_date < "1880" {
        return Some("Enter a day such as 4 May 1971.".to_owned());
    }
    (birth_date > today).then(|| "This day is still to come. Enter the day you were born.".to_owned())
}

fn mail_trouble(mail: &str) -> Option<String> {
    let is_mail = mail.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let fine = mail.is_empty() || (is_mail && !mail.contains(char::is_whitespace));
    (!fine).then(|| "Enter an address such as name@example.org.".to_owned())
}

fn phone_trouble(phone: &str) -> Option<String> {
    let fine = phone.chars().all(|one| one.is_ascii_digit() || "+-/(). ".contains(one));
    (!fine).then(|| "Enter a number such as +49 30 1234.".to_owned())
}

/// Which part is edited, with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Who one is.
    You(Person),
    /// Blood group, and whom to call.
    Emergency(String, Vec<Call>),
    /// One of the lists, line by line.
    Lines(Part, Vec<String>),
}

impl Entered {
    /// Of which part.
    #[must_use]
    pub const fn part(&self) -> Part {
        match self {
            Self::You(_) => Part::You,
            Self::Emergency(..) => Part::Emergency,
            Self::Lines(part, _) => *part,
        }
    }
}

/// The dialog for one part.
#[component]
pub fn EditDialog(
    /// What stands in it first.
    entered: Entered,
    /// It was entered before and not saved.
    #[prop(optional)]
    again: bool,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Something was typed that is not saved.
    unsaved: RwSignal<bool>,
    /// Saves it.
    #[prop(into)]
    on_save: Callback<Entered>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let part = entered.part();
    let title = match part {
        Part::You => "Who you are",
        other => other.word(),
    };
    let note = format!(
        "It is filed in the folder General, in place of what you said before. Whoever reads that folder reads it. {wallet} asks once.",
    );
    let fields = match entered {
        Entered::You(person) => {
            view! { <YouFields person=person on_save=on_save on_close=on_close note=note /> }.into_any()
        }
        Entered::Emergency(group, calls) => view! {
            <EmergencyFields group=group calls=calls on_save=on_save on_close=on_close note=note />
        }
        .into_any(),
        Entered::Lines(part, told) => view! {
            <LineFields part=part told=told on_save=on_save on_close=on_close note=note />
        }
        .into_any(),
    };
    view! {
        <Dialog title=title wide=true on_close=on_close>
            {again
                .then(|| view! { <p class="second">"This is what you entered before. It is not saved yet."</p> })}
            <div class="edit" on:input=move |_| unsaved.set(true)>
                {fields}
            </div>
        </Dialog>
    }
}

#[component]
fn YouFields(person: Person, note: String, on_save: Callback<Entered>, on_close: Callback<()>) -> impl IntoView {
    let clock = use_clock();
    let name = RwSignal::new(person.name);
    let birth_date = RwSignal::new(person.birth_date);
    let sex = RwSignal::new(person.sex);
    let address = RwSignal::new(person.address);
    let phone = RwSignal::new(person.phone);
    let email = RwSignal::new(person.email);
    let tried = RwSignal::new(false);
    let today = move || clock.speaker().today_input();
    let text = |signal: RwSignal<String>| signal.get().trim().to_owned();
    let nameless = move || text(name).is_empty().then(|| "Enter a name.".to_owned());
    let born_wrong = move || birth_date_trouble(&birth_date.get(), &today());
    let phone_wrong = move || phone_trouble(&text(phone));
    let mail_wrong = move || mail_trouble(&text(email));
    let save = move |()| {
        tried.set(true);
        let fine = untrack(|| {
            nameless().is_none() && born_wrong().is_none() && phone_wrong().is_none() && mail_wrong().is_none()
        });
        if fine {
            let read = || Person {
                name: text(name),
                birth_date: birth_date.get(),
                sex: sex.get(),
                address: text(address),
                phone: text(phone),
                email: text(email),
            };
            on_save.run(Entered::You(untrack(read)));
        }
    };
    let sexes = [("", "Not said"), ("female", "Female"), ("male", "Male"), ("other", "Other")];
    let sexes = sexes.map(|(key, word)| (key.to_owned(), word.to_owned())).to_vec();
    view! {
        <div class="fields">
            <Field
                label="Name"
                value=name
                error=Signal::derive(move || tried.get().then(nameless).flatten())
                autocomplete="name"
            />
            <div class="fields__line fields__line--two">
                <Field
                    label="Birth date"
                    value=birth_date
                    takes=Takes::Day
                    error=Signal::derive(move || tried.get().then(born_wrong).flatten())
                    autocomplete="bday"
                />
                <SelectField label="Sex" value=sex choices=Signal::stored(sexes) />
            </div>
            <Field
                label="Address"
                value=address
                hint="Street, postal code, town"
                optional=true
                autocomplete="street-address"
            />
            <div class="fields__line fields__line--two">
                <Field
                    label="Telephone"
                    value=phone
                    takes=Takes::Phone
                    error=Signal::derive(move || tried.get().then(phone_wrong).flatten())
                    optional=true
                    autocomplete="tel"
                />
                <Field
                    label="Email"
                    value=email
                    takes=Takes::Mail
                    error=Signal::derive(move || tried.get().then(mail_wrong).flatten())
                    optional=true
                    autocomplete="email"
                />
            </div>
        </div>
        <p class="second">{note}</p>
        <DialogFoot act="Save" on_act=save on_leave=on_close />
    }
}

#[component]
fn EmergencyFields(
    group: String,
    calls: Vec<Call>,
    note: String,
    on_save: Callback<Entered>,
    on_close: Callback<()>,
) -> impl IntoView {
    let choices = groups(&group);
    let group = RwSignal::new(group);
    let forms = CallForm::of(calls);
    let read = forms.clone();
    let save = move |()| {
        let calls = read.iter().filter_map(|form| form.read()).collect();
        on_save.run(Entered::Emergency(group.get_untracked(), calls));
    };
    view! {
        <div class="fields">
            <SelectField label="Blood group" value=group choices=Signal::stored(choices) />
            <CallFields forms=forms />
        </div>
        <p class="second">{note}</p>
        <DialogFoot act="Save" on_act=save on_leave=on_close />
    }
}

#[component]
fn LineFields(
    part: Part,
    told: Vec<String>,
    note: String,
    on_save: Callback<Entered>,
    on_close: Callback<()>,
) -> impl IntoView {
    let value = RwSignal::new(told.join("\n"));
    let hint = match part {
        Part::Allergies => "One in a line, with what happens: Penicillin, anaphylaxis",
        Part::Medicines => "One in a line, with the dose: Ramipril 5 mg",
        _ => "One in a line: Hypertension",
    };
    let save = move |()| on_save.run(Entered::Lines(part, lines(&value.get_untracked())));
    view! {
        <div class="fields">
            <Field label=part.word() value=value takes=Takes::Text hint=hint optional=true first=true />
        </div>
        <p class="second">
            "A line that you leave as it is keeps what came with it: codes, dates, reactions."
        </p>
        <p class="second">{note}</p>
        <DialogFoot act="Save" on_act=save on_leave=on_close />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_a_day_that_has_been() {
        let trouble = |date: &str| birth_date_trouble(date, "2026-11-20");
        assert_eq!(trouble(""), None);
        assert_eq!(trouble("1971-05-04"), None);
        assert_eq!(trouble("1932-02-29"), None);
        assert_eq!(trouble("2026-11-20"), None, "born today");
        assert!(trouble("2026-11-21").is_some_and(|said| said.contains("still to come")));
        assert!(trouble("1879-12-31").is_some());
        assert!(trouble("1971-02-30").is_some());
        assert!(trouble("soon").is_some());
    }

    #[test]
    fn ways_to_reach_somebody_are_looked_at() {
        assert!(mail_trouble("").is_none() && mail_trouble("a@b.example").is_none());
        for wrong in ["a", "@b.c", "a@b", "a b@c.d"] {
            assert!(mail_trouble(wrong).is_some(), "{wrong}");
        }
        assert!(phone_trouble("+49 (40) 555-0").is_none() && phone_trouble("call me").is_some());
    }
}
