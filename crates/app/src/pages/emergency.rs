//! The emergency card: what somebody who helps must know, and a code that opens more. On the screen, over all of it, and
//! on paper.

use leptos::prelude::*;

use super::edit_about::birth_date_trouble;
use super::offers::OfferItem;
use super::show_offer::ShownCode;
use crate::clock::use_clock;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{Crumb, Crumbs, PageHead};
use crate::components::qr::QrCode;
use crate::load::{Load, Loaded};
use crate::speaking::{Say, say_date, say_length, sentence};

/// Somebody to call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub name: String,
    /// What that person is to the patient.
    pub relation: String,
    /// Telephone number.
    pub phone: String,
}

impl Call {
    /// `Kofi Osei, husband, +49 151 0000 0000`.
    #[must_use]
    pub fn line(&self) -> String {
        let mut parts = vec![self.name.as_str(), &self.relation, &self.phone];
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}

/// What the patient has told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmergencyFacts {
    /// The name.
    pub name: String,
    /// `1971-05-04`; may be empty.
    pub birth_date: String,
    /// `A+`; may be empty.
    pub blood_group: String,
    /// Allergies.
    pub allergies: Vec<String>,
    /// Illnesses.
    pub conditions: Vec<String>,
    /// Medicines.
    pub medicines: Vec<String>,
    /// Whom to call.
    pub contacts: Vec<Call>,
}

impl EmergencyFacts {
    /// Nothing beside name and birth date was told.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        let Self { blood_group, allergies, conditions, medicines, contacts, .. } = self;
        blood_group.is_empty()
            && allergies.is_empty()
            && conditions.is_empty()
            && medicines.is_empty()
            && contacts.is_empty()
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyModel {
    /// What the patient has told.
    pub facts: EmergencyFacts,
    /// The code on the card, while one can be used.
    pub code: Option<OfferItem>,
}

/// The page.
#[component]
pub fn EmergencyView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<EmergencyModel>>,
    /// The code on the card.
    #[prop(into)]
    code: Signal<Load<ShownCode>, LocalStorage>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Changes what it says.
    #[prop(into)]
    on_change: Callback<()>,
    /// Puts a code on it.
    #[prop(into)]
    on_make: Callback<()>,
    /// Withdraws the code, by its id.
    #[prop(into)]
    on_withdraw: Callback<String>,
    /// Prints it.
    #[prop(into)]
    on_print: Callback<()>,
) -> impl IntoView {
    let full = RwSignal::new(false);
    view! {
        <Crumbs way=vec![Crumb::to("QR codes", "/offers"), Crumb::here("Emergency card")] />
        <PageHead
            title="Emergency card"
            sub="What somebody who helps you must know, to print or to show on your phone."
        >
            <ButtonLink label="About me" href="/about" />
        </PageHead>
        <Loaded
            model=model
            on_retry=on_retry
            children={move |model: EmergencyModel| {
                let EmergencyModel { facts, code: item } = model;
                if facts.says_nothing() && item.is_none() {
                    return view! {
                        <Empty
                            icon=Icon::Pulse
                            title="Nothing is on it yet"
                            sentence="Blood group, allergies, conditions, medicines, whom to call: what you enter is encrypted with your record. Only a card that you print or show makes it readable to others."
                        >
                            <Button
                                label="Fill in the card"
                                weight=Weight::Primary
                                disabled=read_only
                                on_press=on_change
                            />
                        </Empty>
                    }
                        .into_any();
                }
                let withdrawn = item.as_ref().map(|item| item.id.clone());
                let has_code = item.is_some();
                let (shown, big) = ((facts.clone(), item.clone()), StoredValue::new((facts, item)));
                view! {
                    <div class="emergency-page">
                        <EmergencyCard facts=shown.0 item=shown.1 code=code />
                        <div class="emergency-page__acts no-print">
                            <div class="button-row">
                                {(!has_code)
                                    .then(|| {
                                        view! {
                                            <Button
                                                label="Put a code on it"
                                                icon=Icon::Qr
                                                weight=Weight::Primary
                                                disabled=read_only
                                                on_press=on_make
                                            />
                                        }
                                    })}
                                <Button
                                    label="Print"
                                    icon=Icon::Download
                                    weight=if has_code { Weight::Primary } else { Weight::Second }
                                    on_press=on_print
                                />
                                <Button label="Full screen" on_press=move |()| full.set(true) />
                                <Button
                                    label="Change"
                                    icon=Icon::Pencil
                                    disabled=read_only
                                    on_press=on_change
                                />
                                {withdrawn
                                    .map(|id| {
                                        view! {
                                            <Button
                                                label="Withdraw the code"
                                                weight=Weight::Danger
                                                disabled=read_only
                                                on_press=move |()| on_withdraw.run(id.clone())
                                            />
                                        }
                                    })}
                            </div>
                            <p class="second">
                                {if has_code {
                                    "Whoever sees the card reads what stands on it. The code opens more, only to a verified doctor or laboratory, and you are told each time: on your first page and in the timeline."
                                } else {
                                    "Whoever sees the card reads what stands on it. With a code a verified doctor opens your folder too, and you are told each time."
                                }}
                            </p>
                        </div>
                    </div>
                    {move || {
                        full.get()
                            .then(|| {
                                let (facts, item) = big.get_value();
                                view! {
                                    <Dialog
                                        title="Emergency card"
                                        on_close=move |()| full.set(false)
                                    >
                                        <EmergencyCard facts=facts item=item code=code />
                                        <div class="dialog__foot no-print">
                                            <Button
                                                label="Leave full screen"
                                                on_press=move |()| full.set(false)
                                            />
                                        </div>
                                    </Dialog>
                                }
                            })
                    }}
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn EmergencyCard(
    facts: EmergencyFacts,
    item: Option<OfferItem>,
    code: Signal<Load<ShownCode>, LocalStorage>,
) -> impl IntoView {
    let clock = use_clock();
    let EmergencyFacts { name, birth_date, blood_group, allergies, conditions, medicines, contacts } = facts;
    let born = say_date(&birth_date).map(|date| format!("born {date}"));
    let dot = (born.is_some() && !blood_group.is_empty()).then_some(" · ");
    let group = (!blood_group.is_empty()).then(|| view! { "blood group " <strong>{blood_group}</strong> });
    let calls: Vec<String> = contacts.iter().map(Call::line).collect();
    view! {
        <article class="emergency">
            <p class="emergency__head">
                <Glyph icon=Icon::Pulse />
                "Emergency card"
            </p>
            <div class="emergency__body">
                <div>
                    <h2 class="emergency__name">{name}</h2>
                    <p class="emergency__born">{born} {dot} {group}</p>
                </div>
                <dl class="emergency__facts">
                    <Fact word="Allergies" said=allergies.join("; ") grave=true />
                    <Fact word="Conditions" said=conditions.join("; ") />
                    <Fact word="Medicines" said=medicines.join("; ") />
                    <Fact word="Call" said=calls.join("; ") />
                </dl>
                {item
                    .map(|item| {
                        let scope = item.scope.clone();
                        let length = say_length(item.length);
                        view! {
                            {move || {
                                let scope = scope.clone();
                                match code.get() {
                                    Load::Ready(code) => {
                                        view! {
                                            <QrCode
                                                squares=code.squares
                                                label=format!("QR code that opens {scope}")
                                            />
                                        }
                                            .into_any()
                                    }
                                    Load::Loading => view! { <span class="skeleton"></span> }.into_any(),
                                    Load::Failed(trouble) => {
                                        view! { <p class="second">{trouble.what}</p> }.into_any()
                                    }
                                }
                            }}
                            <p class="emergency__note">
                                {format!(
                                    "A verified doctor who scans this reads {} for {length}. The patient is told. ",
                                    item.scope,
                                )}
                                {item
                                    .until
                                    .map(|until| {
                                        format!(
                                            "It can be scanned until {}.",
                                            clock.speaker().say(until, Say::FullDate),
                                        )
                                    })}
                            </p>
                        }
                    })}
            </div>
        </article>
    }
}

/// What was not told is said to be so: an empty line would read as "none".
#[component]
fn Fact(word: &'static str, said: String, #[prop(optional)] grave: bool) -> impl IntoView {
    let known = !said.is_empty();
    view! {
        <div>
            <dt>{word}</dt>
            <dd class:emergency__grave=grave && known class:emergency__unsaid=!known>
                {if known { said } else { "not said".to_owned() }}
            </dd>
        </div>
    }
}

/// The lines of a field, without empty ones.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

const GROUPS: [&str; 8] = ["A+", "A−", "B+", "B−", "AB+", "AB−", "0+", "0−"];

/// The blood groups that can be chosen, with the one that was told.
pub(super) fn groups(told: &str) -> Vec<(String, String)> {
    let mut groups: Vec<(String, String)> = GROUPS.map(|group| (group.to_owned(), group.to_owned())).to_vec();
    if !told.is_empty() && !GROUPS.contains(&told) {
        groups.push((told.to_owned(), told.to_owned()));
    }
    groups.insert(0, (String::new(), "Not said".to_owned()));
    groups
}

/// The fields of somebody to call.
#[derive(Clone, Copy, Debug)]
pub struct CallForm {
    name: RwSignal<String>,
    relation: RwSignal<String>,
    phone: RwSignal<String>,
}

impl CallForm {
    /// Fields for those who were told, two at least.
    pub(super) fn of(mut calls: Vec<Call>) -> Vec<Self> {
        calls.resize(calls.len().max(2), Call::default());
        calls.into_iter().map(Self::new).collect()
    }

    fn new(call: Call) -> Self {
        let Call { name, relation, phone } = call;
        Self { name: RwSignal::new(name), relation: RwSignal::new(relation), phone: RwSignal::new(phone) }
    }

    pub(super) fn read(self) -> Option<Call> {
        let text = |signal: RwSignal<String>| signal.with_untracked(|text| text.trim().to_owned());
        let call = Call { name: text(self.name), relation: text(self.relation), phone: text(self.phone) };
        (call != Call::default()).then_some(call)
    }
}

/// The fields of everybody to call.
#[component]
pub fn CallFields(
    /// The fields of each.
    forms: Vec<CallForm>,
) -> impl IntoView {
    forms
        .into_iter()
        .enumerate()
        .map(|(at, form)| {
            let number = at + 1;
            view! {
                <fieldset class="block">
                    <legend class="block__label">{format!("Person to call {number}")}</legend>
                    <div class="fields__line">
                        <Field label="Called" value=form.name />
                        <Field
                            label="Is your"
                            value=form.relation
                            hint="husband, daughter, neighbour"
                        />
                        <Field label="Telephone" value=form.phone takes=Takes::Phone />
                    </div>
                </fieldset>
            }
        })
        .collect_view()
}

/// Changing what the card says.
#[component]
pub fn EmergencyDialog(
    /// What it says now.
    facts: EmergencyFacts,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Saves it.
    #[prop(into)]
    on_save: Callback<EmergencyFacts>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(facts.name);
    let birth_date = RwSignal::new(facts.birth_date);
    let groups = groups(&facts.blood_group);
    let blood_group = RwSignal::new(facts.blood_group);
    let allergies = RwSignal::new(facts.allergies.join("\n"));
    let conditions = RwSignal::new(facts.conditions.join("\n"));
    let medicines = RwSignal::new(facts.medicines.join("\n"));
    let forms = CallForm::of(facts.contacts);
    let tried = RwSignal::new(false);
    let nameless = Signal::derive(move || {
        (tried.get() && name.with(|name| name.trim().is_empty())).then(|| "Enter a name.".to_owned())
    });
    let clock = use_clock();
    let unborn = move || birth_date_trouble(&birth_date.get(), &clock.speaker().today_input());
    let born_wrong = Signal::derive(move || tried.get().then(unborn).flatten());
    let text = |signal: RwSignal<String>| signal.with_untracked(|text| text.trim().to_owned());
    let read = forms.clone();
    let save = move |()| {
        tried.set(true);
        if text(name).is_empty() || untrack(unborn).is_some() {
            return;
        }
        on_save.run(EmergencyFacts {
            name: text(name),
            birth_date: text(birth_date),
            blood_group: blood_group.get_untracked(),
            allergies: lines(&allergies.get_untracked()),
            conditions: lines(&conditions.get_untracked()),
            medicines: lines(&medicines.get_untracked()),
            contacts: read.iter().filter_map(|form| form.read()).collect(),
        });
    };
    view! {
        <Dialog title="What the card says" wide=true on_close=on_close>
            <div class="fields">
                <Field label="Name" value=name error=nameless autocomplete="name" />
                <div class="fields__line fields__line--two">
                    <Field
                        label="Birth date"
                        value=birth_date
                        takes=Takes::Day
                        error=born_wrong
                        autocomplete="bday"
                    />
                    <SelectField
                        label="Blood group"
                        value=blood_group
                        choices=Signal::stored(groups)
                    />
                </div>
                <Field
                    label="Allergies"
                    value=allergies
                    takes=Takes::Text
                    hint="One in a line, with what happens: Penicillin, anaphylaxis"
                    optional=true
                />
                <Field
                    label="Conditions"
                    value=conditions
                    takes=Takes::Text
                    hint="One in a line: Hypertension"
                    optional=true
                />
                <Field
                    label="Medicines"
                    value=medicines
                    takes=Takes::Text
                    hint="One in a line, with the dose: Ramipril 5 mg"
                    optional=true
                />
                <CallFields forms=forms />
            </div>
            <p class="second">
                {sentence(
                    &format!(
                        "it is filed in the folder General, in place of what you said before. Whoever reads that folder reads it. {wallet} asks once.",
                    ),
                )}
            </p>
            <DialogFoot act="Save card" on_act=save on_leave=on_close />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_people_write_them() {
        assert_eq!(lines(" Penicillin, anaphylaxis \n\n Nuts\n"), ["Penicillin, anaphylaxis", "Nuts"]);
        assert!(lines(" \n").is_empty());
    }

    #[test]
    fn whom_to_call_is_one_line() {
        let mut call = Call { name: "Kofi Osei".to_owned(), relation: "husband".to_owned(), phone: "112".to_owned() };
        assert_eq!(call.line(), "Kofi Osei, husband, 112");
        call.relation = String::new();
        assert_eq!(call.line(), "Kofi Osei, 112");
    }

    #[test]
    fn a_name_alone_is_no_card() {
        let mut facts = EmergencyFacts { name: "Amara Osei".to_owned(), ..EmergencyFacts::default() };
        assert!(facts.says_nothing());
        facts.blood_group = "A+".to_owned();
        assert!(!facts.says_nothing());
    }
}
