//! One's own profile: as patients see it, what is proposed, and what the registrar said.

use leptos::prelude::*;

use crate::clock::When;
use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::changes::{ChangedField, Changes};
use crate::components::chip::{Badge, Chip, Standing, StandingChip, Tone};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{PageHead, Section};
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::Say;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileModel {
    /// The verified profile, field by field; empty where none is verified.
    pub verified: Vec<(String, String)>,
    /// When it was verified last.
    pub verified_at: Option<u64>,
    /// What is verified: `doctor`.
    pub what: &'static str,
    /// What waits for the registrar.
    pub waiting: Option<WaitingProfile>,
    /// What the registrar said no to.
    pub no: Option<SaidNo>,
    /// Since when and why it is suspended.
    pub suspended: Option<(u64, String)>,
}

/// What waits for the registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingProfile {
    /// Since when.
    pub since: u64,
    /// The profile, field by field.
    pub facts: Vec<(String, String)>,
    /// What it changes of the verified one; empty where none is verified.
    pub changes: Vec<ChangedField>,
}

/// What the registrar said no to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidNo {
    /// When.
    pub at: u64,
    /// What happened: `The registrar did not verify you.`
    pub what: &'static str,
    /// Why, and what can be done.
    pub why: String,
}

/// A profile as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileInput {
    /// The name.
    pub name: String,
    /// The profession.
    pub profession: String,
    /// The specialty.
    pub specialty: String,
    /// The qualification.
    pub qualification: String,
    /// The licence's number.
    pub licence: String,
    /// Languages spoken, separated by commas.
    pub languages: String,
    /// A telephone number.
    pub phone: String,
    /// An e-mail address.
    pub email: String,
    /// The postal address.
    pub address: String,
    /// The hospital's id; empty for none.
    pub hospital: String,
}

impl ProfileInput {
    /// What is wrong: with the name, with the profession, with the licence.
    #[must_use]
    pub fn check(&self, laboratory: bool) -> [Option<String>; 3] {
        let missing = |text: &str, what: &str| text.trim().is_empty().then(|| what.to_owned());
        [
            missing(&self.name, "Enter a name."),
            missing(&self.profession, "Enter your profession.").filter(|_| !laboratory),
            missing(&self.licence, "Enter the licence: the registrar looks it up."),
        ]
    }
}

/// The page.
#[component]
pub fn ProfileView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<ProfileModel>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Proposes a change.
    #[prop(into)]
    on_propose: Callback<()>,
) -> impl IntoView {
    let suspended = Memo::new(move |_| model.with(|model| model.ready().is_none_or(|model| model.suspended.is_some())));
    let again = Memo::new(move |_| model.with(|model| model.ready().is_some_and(|model| model.waiting.is_some())));
    let label =
        Signal::derive(
            move || {
                if again.get() { "Propose something else".to_owned() } else { "Propose a change".to_owned() }
            },
        );
    view! {
        <PageHead title="My profile" sub="What patients see of you, once the registrar has looked at it.">
            <Button label=label icon=Icon::Pencil weight=Weight::Primary disabled=suspended on_press=on_propose />
        </PageHead>
        <Loaded
            model=model
            rows=4
            on_retry=on_retry
            children={move |model: ProfileModel| {
                let ProfileModel { verified, verified_at, what, waiting, no, suspended } = model;
                let never = verified.is_empty();
                let note = if suspended.is_some() { "as it was" } else { "as patients see it" };
                let standing = if suspended.is_some() { Standing::Suspended } else { Standing::Verified };
                view! {
                    {suspended
                        .map(|(since, why)| {
                            view! {
                                <Notice what="The registrar has suspended this account" at=since>
                                    {why}
                                    " Nothing can be proposed until it is reinstated. What you filed stays where it is."
                                </Notice>
                            }
                        })}
                    {no
                        .map(|SaidNo { at, what, why }| {
                            view! {
                                <Notice what=what at=at>
                                    {why}
                                </Notice>
                            }
                        })}
                    {waiting.map(|waiting| view! { <Waiting waiting=waiting /> })}
                    {if never {
                        view! {
                            <Section title="Verified">
                                <Empty
                                    icon=Icon::Profile
                                    title="Nothing is verified yet"
                                    sentence="Patients find you once the registrar has looked at what you proposed."
                                />
                            </Section>
                        }
                            .into_any()
                    } else {
                        view! {
                            <Section title="Verified" note=note>
                                <div class="card card--pad">
                                    <p class="member__state">
                                        <StandingChip standing=standing what=what />
                                        {verified_at
                                            .map(|at| {
                                                view! {
                                                    <span class="second">
                                                        "last looked at " <When at=at how=Say::DayTime />
                                                    </span>
                                                }
                                            })}
                                    </p>
                                    <Facts facts=verified />
                                </div>
                            </Section>
                        }
                            .into_any()
                    }}
                }
            }}
        />
    }
}

#[component]
fn Notice(what: &'static str, at: u64, children: Children) -> impl IntoView {
    view! {
        <div class="say say--boxed say--warn notice" role="status">
            <Glyph icon=Icon::Warning />
            <div class="say__text">
                <strong>{what} " " <When at=at how=Say::DayTime /> "."</strong>
                {children()}
            </div>
        </div>
    }
}

#[component]
fn Waiting(waiting: WaitingProfile) -> impl IntoView {
    let WaitingProfile { since, facts, changes } = waiting;
    let changed = !changes.is_empty();
    view! {
        <Section title="Proposed">
            <div class="card card--pad">
                <p class="member__state">
                    <Chip badge=Badge::new(Tone::Warn, "Not verified yet") icon=Icon::Clock />
                    <span class="second">"since " <When at=since how=Say::DayTime /></span>
                </p>
                {if changed {
                    view! {
                        <Changes fields=changes />
                        <details class="details">
                            <summary>"The whole profile"</summary>
                            <Facts facts=facts />
                        </details>
                    }
                        .into_any()
                } else {
                    view! { <Facts facts=facts /> }.into_any()
                }}
            </div>
        </Section>
    }
}

/// The fields of a profile.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    profession: RwSignal<String>,
    specialty: RwSignal<String>,
    qualification: RwSignal<String>,
    licence: RwSignal<String>,
    languages: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    address: RwSignal<String>,
    hospital: RwSignal<String>,
}

impl Form {
    fn new(input: ProfileInput) -> Self {
        Self {
            name: RwSignal::new(input.name),
            profession: RwSignal::new(input.profession),
            specialty: RwSignal::new(input.specialty),
            qualification: RwSignal::new(input.qualification),
            licence: RwSignal::new(input.licence),
            languages: RwSignal::new(input.languages),
            phone: RwSignal::new(input.phone),
            email: RwSignal::new(input.email),
            address: RwSignal::new(input.address),
            hospital: RwSignal::new(input.hospital),
        }
    }

    fn read(self) -> ProfileInput {
        let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
        ProfileInput {
            name: text(self.name),
            profession: text(self.profession),
            specialty: text(self.specialty),
            qualification: text(self.qualification),
            licence: text(self.licence),
            languages: text(self.languages),
            phone: text(self.phone),
            email: text(self.email),
            address: text(self.address),
            hospital: text(self.hospital),
        }
    }
}

/// Proposes another profile.
#[component]
pub fn ProposeDialog(
    /// What the fields begin with.
    input: ProfileInput,
    /// A laboratory is asked less.
    laboratory: bool,
    /// Something waits, which this takes the place of.
    replaces: bool,
    /// Id and name of the hospitals that can be chosen.
    #[prop(into)]
    hospitals: Signal<Vec<(String, String)>>,
    /// The wallet's name.
    wallet: String,
    /// Proposes it.
    #[prop(into)]
    on_propose: Callback<ProfileInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let begun = input.clone();
    let form = Form::new(input);
    let tried = RwSignal::new(false);
    let troubles = Memo::new(move |_| if tried.get() { form.read().check(laboratory) } else { [None, None, None] });
    let error = move |at: usize| Signal::derive(move || troubles.with(|troubles| troubles[at].clone()));
    let same = Memo::new(move |_| form.read() == begun);
    let nothing = Signal::derive(move || {
        (tried.get() && same.get())
            .then(|| Trouble::new("Nothing differs from what is there.", "Change a field first."))
    });
    let choices = Signal::derive(move || {
        std::iter::once((String::new(), "None".to_owned())).chain(hospitals.get()).collect::<Vec<_>>()
    });
    let propose = move |()| {
        tried.set(true);
        let input = form.read();
        if input.check(laboratory).iter().all(Option::is_none) && !same.get_untracked() {
            on_propose.run(input);
        }
    };
    let fields = if laboratory {
        view! {
            <Field label="Name of the laboratory" value=form.name error=error(0) first=true />
            <div class="fields__line fields__line--two">
                <Field label="Licence" value=form.licence error=error(2) />
                <Field label="Languages" value=form.languages hint="Separated by commas" optional=true />
            </div>
        }
        .into_any()
    } else {
        view! {
            <Field
                label="Name with title"
                value=form.name
                error=error(0)
                hint="As patients know you, such as Dr. Nadia Kern"
                first=true
            />
            <div class="fields__line fields__line--two">
                <Field label="Profession" value=form.profession error=error(1) />
                <Field label="Specialty" value=form.specialty optional=true />
            </div>
            <div class="fields__line fields__line--two">
                <Field label="Licence" value=form.licence error=error(2) />
                <Field label="Qualification" value=form.qualification optional=true />
            </div>
            <SelectField label="Hospital" value=form.hospital choices=choices hint="The registrar confirms it." />
            <Field label="Languages" value=form.languages hint="Separated by commas" optional=true />
        }
        .into_any()
    };
    let title = if replaces { "Propose something else" } else { "Propose a change" };
    view! {
        <Dialog title=title wide=true on_close=on_close>
            <p class="second">
                {if replaces { "It takes the place of what waits. " } else { "" }}
                {format!("Patients go on seeing what is verified until the registrar has looked. {wallet} asks once.")}
            </p>
            <div class="fields">
                {fields} <div class="fields__line fields__line--two">
                    <Field label="Telephone" value=form.phone takes=Takes::Phone optional=true />
                    <Field label="E-mail" value=form.email takes=Takes::Mail optional=true />
                </div>
                <Field label="Address" value=form.address optional=true />
            </div>
            <TroubleLine trouble=nothing />
            <DialogFoot act="Propose" on_act=propose on_leave=on_close />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_laboratory_needs_no_profession() {
        let input = ProfileInput { name: "Nordlab".to_owned(), licence: "L-1".to_owned(), ..ProfileInput::default() };
        assert_eq!(input.check(true), [None, None, None]);
        assert_eq!(input.check(false)[1].as_deref(), Some("Enter your profession."));
        let empty = ProfileInput::default().check(true);
        assert!(empty[0].is_some() && empty[1].is_none() && empty[2].is_some());
    }
}
