//! The registrar's queue: profiles and nothing else.

use leptos::prelude::*;

use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::changes::{ChangedField, Changes};
use crate::components::chip::{Badge, Tone};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::person_row::{Person, PersonRow};
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{count, list, sentence};

/// A member who waits to be verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Applicant {
    /// Who, with the profession or `Laboratory` as detail.
    pub person: Person,
    /// The licence's number.
    pub licence: String,
    /// The hospital that is named with the profile.
    pub hospital: Option<String>,
    /// Its number, 0 for none.
    pub named: u32,
    /// The id of that hospital; empty for none, or where it is closed.
    pub hospital_id: String,
    /// The profile, field by field, with the hospital.
    pub profile: Vec<(String, String)>,
    /// The digest of exactly this profile: what is verified is what was seen.
    pub digest: String,
    /// What is to change, where a profile was verified before.
    pub changes: Option<Vec<ChangedField>>,
    /// The hospital that is to be left.
    pub leaves: Option<String>,
    /// A laboratory: it belongs to no hospital.
    pub laboratory: bool,
}

impl Applicant {
    /// Whether this is what was looked at.
    fn is_as_seen(&self, seen: &Self) -> bool {
        self.digest == seen.digest && self.named == seen.named
    }

    fn badge(&self) -> Option<Badge> {
        let changes = self.changes.as_ref()?;
        let hospital = changes.iter().any(|field| field.name == HOSPITAL);
        Some(match &self.leaves {
            Some(hospital) => Badge::new(Tone::Warn, format!("Leaves {hospital}")),
            None if hospital => Badge::new(Tone::Warn, "Changes the hospital"),
            None => Badge::new(Tone::Info, "Changed profile"),
        })
    }

    fn sub(&self) -> String {
        let mut sub = vec![self.person.detail.clone()];
        match &self.changes {
            Some(changes) => {
                let names: Vec<String> = changes.iter().map(|field| field.name.to_lowercase()).collect();
                sub.push(if names.is_empty() {
                    "nothing differs".to_owned()
                } else {
                    format!("changes {}", list(&names))
                });
            }
            None => {
                sub.push(format!("licence {}", self.licence));
                if !self.laboratory {
                    sub.push(match &self.hospital {
                        Some(hospital) => format!("says to work at {hospital}"),
                        None => "no hospital".to_owned(),
                    });
                }
            }
        }
        sub.retain(|part| !part.is_empty());
        sub.join(" · ")
    }
}

/// What the hospital is called among the fields of a profile.
pub const HOSPITAL: &str = "Hospital";

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
    /// The reason's code; none where a verified profile is left as it is.
    pub reason: Option<u8>,
}

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
    let (badge, sub) = (applicant.badge(), applicant.sub());
    let working = Signal::derive(move || busy.with(|busy| busy.as_deref() == Some(&*address)));
    let refused = applicant.clone();
    view! {
        <PersonRow person=person sub=sub badge=badge plain=true>
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

/// What is seen of an applicant while it is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// What waits is what is shown.
    AsItIs,
    /// Something else was proposed meanwhile.
    Changed,
    /// Nothing waits any more.
    Gone,
}

/// The whole profile, and the hospital that the registrar confirms. If another profile is proposed meanwhile, this says
/// so, and a press shows that one first.
#[component]
pub fn VerifyDialog(
    /// Who.
    applicant: Applicant,
    /// What waits of the same member now.
    #[prop(into)]
    newest: Signal<Option<Applicant>>,
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
    let shown = RwSignal::new(applicant);
    let seen = Memo::new(move |_| {
        newest.with(|newest| match newest {
            None => Seen::Gone,
            Some(newest) if shown.with(|shown| newest.is_as_seen(shown)) => Seen::AsItIs,
            Some(_) => Seen::Changed,
        })
    });
    let trouble = Signal::derive(move || match seen.get() {
        Seen::AsItIs => None,
        Seen::Changed => {
            Some(Trouble::new("The profile changed meanwhile: look at it again.", "Nothing was verified."))
        }
        Seen::Gone => Some(Trouble::new("Nothing of this member waits any more.", "It was answered elsewhere.")),
    });
    let act =
        Signal::derive(
            move || {
                if seen.get() == Seen::Changed { "Look at it again".to_owned() } else { "Verify".to_owned() }
            },
        );
    let go_on = move |()| match seen.get_untracked() {
        Seen::Gone => {}
        Seen::Changed => {
            if let Some(newest) = newest.get_untracked() {
                hospital.set(newest.hospital_id.clone());
                shown.set(newest);
            }
        }
        Seen::AsItIs => shown.with_untracked(|shown| {
            on_verify.run(VerifyInput {
                address: shown.person.address.clone(),
                digest: shown.digest.clone(),
                hospital: hospital.get_untracked(),
            });
        }),
    };
    let title = Signal::derive(move || shown.with(|shown| format!("Verify {}", shown.person.name)));
    let laboratory = shown.with_untracked(|shown| shown.laboratory);
    view! {
        <Dialog title=title on_close=on_close>
            <TroubleLine trouble=trouble />
            {move || {
                let Applicant { changes, profile, .. } = shown.get();
                match changes {
                    Some(changes) => {
                        view! {
                            <Changes fields=changes />
                            <details class="details">
                                <summary>"The whole profile"</summary>
                                <Facts facts=profile />
                            </details>
                        }
                            .into_any()
                    }
                    None => view! { <Facts facts=profile /> }.into_any(),
                }
            }}
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
                act=act
                icon=Icon::Checked
                disabled=Signal::derive(move || seen.get() == Seen::Gone)
                on_act=go_on
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Why a member is refused. Whoever was verified before stays so: only the change is not taken over.
#[component]
pub fn RefuseDialog(
    /// Who.
    applicant: Applicant,
    /// Code and sentence of the reasons.
    reasons: Vec<(String, String)>,
    /// Refuses.
    #[prop(into)]
    on_refuse: Callback<RefuseInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let changes = applicant.changes.is_some();
    let reason = RwSignal::new(reasons.first().map(|(code, _)| code.clone()).unwrap_or_default());
    let name = applicant.person.name.clone();
    let title = if changes { format!("Refuse the change of {name}") } else { format!("Refuse {name}") };
    let act = if changes { "Keep as verified" } else { "Refuse" };
    let body = if changes {
        view! {
            <p>
                {format!(
                    "Patients go on seeing {name} as verified before. {name} sees that the change was not taken over, but not why: a reason can only be given to who was never verified. Tell it in person.",
                )}
            </p>
        }
        .into_any()
    } else {
        view! {
            <SelectField label="Reason" value=reason choices=Signal::stored(reasons) />
            <p class="second">"The member sees the reason and can propose a better profile."</p>
        }
        .into_any()
    };
    let address = applicant.person.address;
    let digest = applicant.digest;
    view! {
        <Dialog title=title on_close=on_close>
            {body} <DialogFoot
                act=act
                danger=!changes
                on_act=move |()| {
                    let reason = reason.get_untracked().parse().ok().filter(|_| !changes);
                    on_refuse.run(RefuseInput { address: address.clone(), digest: digest.clone(), reason });
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::chip::Standing;

    fn applicant(changes: Option<Vec<ChangedField>>) -> Applicant {
        Applicant {
            person: Person {
                address: "0x1".to_owned(),
                name: "Dr. Nadia Kern".to_owned(),
                detail: "Cardiology".to_owned(),
                standing: Standing::Pending,
            },
            licence: "HH-1".to_owned(),
            hospital: Some("Marienhospital".to_owned()),
            named: 1,
            hospital_id: "1".to_owned(),
            profile: Vec::new(),
            digest: "0xaa".to_owned(),
            changes,
            leaves: None,
            laboratory: false,
        }
    }

    fn field(name: &str) -> ChangedField {
        ChangedField { name: name.to_owned(), before: "one".to_owned(), after: "other".to_owned() }
    }

    #[test]
    fn a_change_is_told_apart_from_a_registration() {
        let new = applicant(None);
        assert_eq!(new.sub(), "Cardiology · licence HH-1 · says to work at Marienhospital");
        assert_eq!(new.badge(), None);
        let changed = applicant(Some(vec![field("Specialty"), field(HOSPITAL)]));
        assert_eq!(changed.sub(), "Cardiology · changes specialty and hospital");
        assert_eq!(changed.badge().unwrap().text, "Changes the hospital");
        let leaving = Applicant { leaves: Some("Marienhospital".to_owned()), ..changed };
        assert_eq!(leaving.badge().unwrap().text, "Leaves Marienhospital");
    }

    #[test]
    fn another_profile_or_hospital_is_not_what_was_seen() {
        let seen = applicant(None);
        assert!(seen.is_as_seen(&seen.clone()));
        assert!(!Applicant { digest: "0xbb".to_owned(), ..seen.clone() }.is_as_seen(&seen));
        assert!(!Applicant { named: 0, ..seen.clone() }.is_as_seen(&seen));
    }
}
