//! The registrar's queue: profiles and nothing else.

use leptos::prelude::*;

use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::person_row::{Person, PersonRow};
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{count, sentence};

/// A member who waits to be verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Applicant {
    /// Who, with the profession or `Laboratory` as detail.
    pub person: Person,
    /// The licence's number.
    pub licence: String,
    /// The hospital named in the profile.
    pub hospital: Option<String>,
    /// The id of that hospital; empty for none.
    pub hospital_id: String,
    /// The profile, field by field.
    pub profile: Vec<(String, String)>,
    /// The digest of exactly this profile: what is verified is what was seen.
    pub digest: String,
    /// Verified before; the profile has changed since.
    pub changed: bool,
    /// A laboratory: it belongs to no hospital.
    pub laboratory: bool,
}

/// What was decided for an applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyInput {
    /// Whom.
    pub address: String,
    /// The digest of the profile that was seen.
    pub digest: String,
    /// The hospital's id; empty for none.
    pub hospital: String,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefuseInput {
    /// Whom.
    pub address: String,
    /// The digest of the profile that was seen.
    pub digest: String,
    /// The reason's code.
    pub reason: u8,
}

/// The reasons a refusal can have, by code.
pub const REASONS: [(u8, &str); 5] = [
    (1, "The licence could not be found"),
    (2, "The name does not match the licence"),
    (3, "The profile is incomplete"),
    (4, "The hospital does not confirm it"),
    (5, "Another reason; the member is told in person"),
];

fn summary(waiting: usize) -> String {
    match waiting {
        0 => "Nobody waits.".to_owned(),
        1 => "One member waits. You see the public profile and nothing medical.".to_owned(),
        many => sentence(&format!(
            "{} wait. You see their public profiles and nothing medical.",
            count(many, "member", "members")
        )),
    }
}

/// The page.
#[component]
pub fn VerifyView(
    /// Who waits, the longest first.
    #[prop(into)]
    model: Signal<Load<Vec<Applicant>>>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// The address of the member whose answer is on its way.
    #[prop(optional, into)]
    busy: Signal<Option<String>>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Looks at the whole profile before verifying.
    #[prop(into)]
    on_review: Callback<Applicant>,
    /// Looks at the reasons for refusing.
    #[prop(into)]
    on_refuse: Callback<Applicant>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| model.ready().map(|waiting| summary(waiting.len())).unwrap_or_default())
    });
    view! {
        <PageHead title="To verify" sub=sub />
        <TroubleLine trouble=trouble />
        <Loaded
            model=model
            rows=3
            on_retry=on_retry
            children={move |waiting: Vec<Applicant>| {
                if waiting.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Tick
                            title="Nobody waits to be verified"
                            sentence="Doctors and laboratories who register, or change their profile, appear here."
                        />
                    }
                        .into_any();
                }
                view! {
                    <div class="rows">
                        {waiting
                            .into_iter()
                            .map(|applicant| {
                                view! {
                                    <ApplicantRow
                                        applicant=applicant
                                        busy=busy
                                        on_review=on_review
                                        on_refuse=on_refuse
                                    />
                                }
                            })
                            .collect_view()}
                    </div>
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn ApplicantRow(
    applicant: Applicant,
    busy: Signal<Option<String>>,
    on_review: Callback<Applicant>,
    on_refuse: Callback<Applicant>,
) -> impl IntoView {
    let person = applicant.person.clone();
    let name = person.name.clone();
    let address = person.address.clone();
    let mut sub = vec![person.detail.clone(), format!("licence {}", applicant.licence)];
    if !applicant.laboratory {
        sub.push(match &applicant.hospital {
            Some(hospital) => format!("says to work at {hospital}"),
            None => "no hospital".to_owned(),
        });
    }
    if applicant.changed {
        sub.push("changed since it was verified".to_owned());
    }
    sub.retain(|part| !part.is_empty());
    let working = Signal::derive(move || busy.with(|busy| busy.as_deref() == Some(&*address)));
    let refused = applicant.clone();
    view! {
        <PersonRow person=person sub=sub.join(" · ") plain=true>
            <Button
                label="Refuse"
                about=name.clone()
                small=true
                on_press=move |()| on_refuse.run(refused.clone())
            />
            <Button
                label="Verify"
                about=name
                weight=Weight::Primary
                small=true
                busy=working
                on_press=move |()| on_review.run(applicant.clone())
            />
        </PersonRow>
    }
}

/// The whole profile, and the hospital that the registrar confirms.
#[component]
pub fn VerifyDialog(
    /// Who.
    applicant: Applicant,
    /// Id and name of the hospitals that are open.
    #[prop(into)]
    hospitals: Signal<Vec<(String, String)>>,
    /// Verifies exactly this profile.
    #[prop(into)]
    on_verify: Callback<VerifyInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let hospital = RwSignal::new(applicant.hospital_id.clone());
    let choices = Signal::derive(move || {
        std::iter::once((String::new(), "None".to_owned())).chain(hospitals.get()).collect::<Vec<_>>()
    });
    let laboratory = applicant.laboratory;
    let address = applicant.person.address.clone();
    let digest = applicant.digest.clone();
    view! {
        <Dialog title=format!("Verify {}", applicant.person.name) on_close=on_close>
            <Facts facts=applicant.profile />
            {(!laboratory)
                .then(|| {
                    view! {
                        <SelectField
                            label="Works at"
                            value=hospital
                            choices=choices
                            hint="You confirm it; it may differ from what the profile says."
                        />
                    }
                })}
            <p class="second">
                "Patients then see this profile as verified. If it changes while you look, nothing is verified."
            </p>
            <DialogFoot
                act="Verify"
                icon=Icon::Checked
                on_act=move |()| {
                    on_verify
                        .run(VerifyInput {
                            address: address.clone(),
                            digest: digest.clone(),
                            hospital: hospital.get_untracked(),
                        });
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Why a member is refused.
#[component]
pub fn RefuseDialog(
    /// Who.
    applicant: Applicant,
    /// Refuses.
    #[prop(into)]
    on_refuse: Callback<RefuseInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let reason = RwSignal::new("1".to_owned());
    let choices: Vec<(String, String)> =
        REASONS.iter().map(|(code, word)| (code.to_string(), (*word).to_owned())).collect();
    let address = applicant.person.address.clone();
    let digest = applicant.digest.clone();
    view! {
        <Dialog title=format!("Refuse {}", applicant.person.name) on_close=on_close>
            <SelectField label="Reason" value=reason choices=Signal::stored(choices) />
            <p class="second">"The member sees the reason and can propose a better profile."</p>
            <DialogFoot
                act="Refuse"
                danger=true
                on_act=move |()| {
                    if let Ok(reason) = reason.get_untracked().parse() {
                        on_refuse
                            .run(RefuseInput {
                                address: address.clone(),
                                digest: digest.clone(),
                                reason,
                            });
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
