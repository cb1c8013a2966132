//! What waits for the patient's word on Home and on People: a key to renew, doctors who joined or left a hospital, past
//! records that are being encrypted anew, a notebook that cannot be read.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::button::{Button, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::Section;
use crate::load::Trouble;
use crate::speaking::{Say, count, list, sentence};

/// Doctors joined or left a hospital with whose doctors something is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamNotice {
    /// Its id.
    pub id: String,
    /// Their names.
    pub doctors: Vec<String>,
    /// The hospital's name.
    pub hospital: String,
    /// The names of what is shared.
    pub scopes: Vec<String>,
    /// Until when; none until it is revoked.
    pub until: Option<u64>,
    /// They left, and can still read it.
    pub left: bool,
}

impl TeamNotice {
    /// What happened.
    fn said(&self) -> String {
        let verb = if self.left { "left" } else { "joined" };
        format!("{} {verb} {}.", list(&self.doctors), self.hospital)
    }

    /// What follows from it, or what could; `day` is the last one.
    fn question(&self, day: Option<String>) -> String {
        let scopes = list(&self.scopes);
        match (self.left, self.doctors.len()) {
            (true, 1) => format!("Still reads {scopes}."),
            (true, _) => format!("They still read {scopes}."),
            (false, _) => match day {
                Some(day) => format!("Share {scopes} with them too, until {day}?"),
                None => format!("Share {scopes} with them too, until you revoke it?"),
            },
        }
    }
}

/// Past records of a folder that can be opened with a key that somebody left with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastNotice {
    /// The folder's id.
    pub folder: String,
    /// The folder's name.
    pub word: String,
    /// How many are encrypted anew.
    pub done: usize,
    /// How many are left.
    pub due: usize,
    /// It is going on.
    pub going: bool,
}

impl PastNotice {
    fn has_begun(&self) -> bool {
        self.done > 0
    }

    fn said(&self) -> String {
        let all = self.done + self.due;
        match self.has_begun() {
            true => format!("{} of {all} records of {} are encrypted anew.", self.done, self.word),
            false => {
                let records = count(self.due, "record", "records");
                sentence(&format!("{records} of {} from before its key was renewed.", self.word))
            }
        }
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Why keys are to be renewed, one sentence each.
    pub renewals: Vec<String>,
    /// Who joined and left.
    pub teams: Vec<TeamNotice>,
    /// Past records.
    pub past: Vec<PastNotice>,
    /// Why the notebook cannot be read.
    pub notebook: Option<Trouble>,
}

impl Notices {
    /// How many of them ask something of the patient.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.teams.len() + usize::from(!self.renewals.is_empty())
    }
}

/// The notices above a page.
#[component]
pub fn NoticesView(
    /// What there is to say.
    #[prop(into)]
    notices: Signal<Notices>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Renews the keys.
    #[prop(into)]
    on_renew: Callback<()>,
    /// Does what is asked about doctors who joined or left (`true`), or leaves it (`false`), by the notice's id.
    #[prop(into)]
    on_team: Callback<(String, bool)>,
    /// Goes on with past records, by the folder's id.
    #[prop(into)]
    on_past: Callback<String>,
) -> impl IntoView {
    // Read again, a chart that says the same draws nothing anew.
    let notices = Memo::new(move |_| notices.get());
    move || {
        let Notices { renewals, teams, past, notebook } = notices.get();
        let renewal = (!renewals.is_empty()).then(|| {
            view! {
                <Notice
                    icon=Icon::Key
                    warns=true
                    what=renewals.join(" ")
                    text="Its key is renewed before anything is added. One confirmation in the wallet."
                >
                    <Button label="Renew key" small=true disabled=read_only on_press=on_renew />
                </Notice>
            }
        });
        let teams = teams.into_iter().map(|team| view! { <TeamLine team=team read_only=read_only on_team=on_team /> });
        let past = past.into_iter().filter(PastNotice::has_begun).map(|past| {
            let PastNotice { folder, going, .. } = &past;
            let (folder, going) = (folder.clone(), *going);
            let text = if going { "It is going on." } else { "It goes on where it stopped." };
            view! {
                <Notice icon=Icon::Lock what=past.said() text=text>
                    {(!going)
                        .then(|| {
                            view! {
                                <Button
                                    label="Go on"
                                    small=true
                                    about=format!("with {}", past.word)
                                    disabled=read_only
                                    on_press=move |()| on_past.run(folder.clone())
                                />
                            }
                        })}
                </Notice>
            }
        });
        let notebook = notebook.map(|Trouble { what, kept, .. }| {
            view! {
                <Notice icon=Icon::Record what="Your notebook is not at hand." text=format!("{what} {kept}") />
            }
        });
        view! {
            {renewal}
            {teams.collect_view()}
            {past.collect_view()}
            {notebook}
        }
    }
}

#[component]
fn TeamLine(team: TeamNotice, read_only: Signal<bool>, on_team: Callback<(String, bool)>) -> impl IntoView {
    let clock = use_clock();
    let what = team.said();
    let TeamNotice { id, doctors, left, .. } = team.clone();
    let text = Signal::derive(move || team.question(team.until.map(|until| clock.speaker().say(until, Say::Date))));
    let about = list(&doctors);
    let (act, leave, weight) = match left {
        true => ("Revoke", "Keep", Weight::Danger),
        false => ("Share", "Not now", Weight::Second),
    };
    let (acts, leaves) = (id.clone(), id);
    view! {
        <Notice icon=Icon::People what=what text=text>
            <Button
                label=leave
                small=true
                about=about.clone()
                on_press=move |()| on_team.run((leaves.clone(), false))
            />
            <Button
                label=act
                small=true
                weight=weight
                about=about
                disabled=read_only
                on_press=move |()| on_team.run((acts.clone(), true))
            />
        </Notice>
    }
}

#[component]
fn Notice(
    icon: Icon,
    #[prop(optional)] warns: bool,
    #[prop(into)] what: String,
    #[prop(into)] text: Signal<String>,
    /// What can be done about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="say say--boxed notice" class:say--warn=warns>
            <Glyph icon=icon />
            <div class="say__text">
                <strong>{what}</strong>
                {move || text.get()}
            </div>
            {children.map(|children| view! { <div class="say__act button-row">{children()}</div> })}
        </div>
    }
}

/// The section about past records that can be opened with a key that somebody left with.
#[component]
pub fn PastSection(
    /// What there is to say.
    #[prop(into)]
    notices: Signal<Notices>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Begins with a folder, by its id.
    #[prop(into)]
    on_past: Callback<String>,
) -> impl IntoView {
    let past = Memo::new(move |_| {
        notices.with(|notices| notices.past.iter().filter(|past| !past.has_begun()).cloned().collect::<Vec<_>>())
    });
    move || {
        let past = past.get();
        (!past.is_empty()).then(|| {
            view! {
                <Section title="Past records">
                    <div class="rows">
                        {past
                            .into_iter()
                            .map(|past| {
                                let said = past.said();
                                let PastNotice { folder, word, going, .. } = past;
                                view! {
                                    <div class="row row--acts">
                                        <div class="row__main">
                                            <div class="row__title row__title--plain">{said}</div>
                                            <div class="row__sub">
                                                "The old key still opens them, should somebody get hold of the encrypted files."
                                            </div>
                                        </div>
                                        <div class="row__end">
                                            <Button
                                                label=if going { "Going on…" } else { "Encrypt anew" }
                                                small=true
                                                about=word
                                                disabled=Signal::derive(move || going || read_only.get())
                                                on_press=move |()| on_past.run(folder.clone())
                                            />
                                        </div>
                                    </div>
                                }
                            })
                            .collect_view()}
                    </div>
                </Section>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(left: bool, doctors: &[&str]) -> TeamNotice {
        let (id, hospital) = (String::new(), "Marienhospital".to_owned());
        let doctors = doctors.iter().map(|name| (*name).to_owned()).collect();
        TeamNotice { id, doctors, hospital, scopes: vec!["General".to_owned()], until: Some(1), left }
    }

    #[test]
    fn who_joined_or_left_is_said_and_what_could_follow() {
        let joined = team(false, &["Dr. Ben Okafor"]);
        assert_eq!(joined.said(), "Dr. Ben Okafor joined Marienhospital.");
        assert_eq!(joined.question(Some("3 March".to_owned())), "Share General with them too, until 3 March?");
        assert_eq!(joined.question(None), "Share General with them too, until you revoke it?");
        let left = team(true, &["Dr. Ben Okafor", "Dr. Sato"]);
        assert_eq!(left.said(), "Dr. Ben Okafor and Dr. Sato left Marienhospital.");
        assert_eq!(left.question(None), "They still read General.");
        assert_eq!(team(true, &["Dr. Sato"]).question(None), "Still reads General.");
    }

    #[test]
    fn a_job_that_has_begun_says_how_far_it_is() {
        let past = PastNotice { folder: String::new(), word: "Laboratory".to_owned(), done: 12, due: 28, going: false };
        assert_eq!(past.said(), "12 of 40 records of Laboratory are encrypted anew.");
        let untouched = PastNotice { done: 0, due: 1, ..past };
        assert_eq!(untouched.said(), "One record of Laboratory from before its key was renewed.");
    }

    #[test]
    fn only_what_asks_something_waits_for_an_answer() {
        let mut notices = Notices::default();
        assert_eq!(notices.questions(), 0);
        notices.notebook = Some(Trouble::new("x", "y"));
        assert_eq!(notices.questions(), 0);
        notices.renewals = vec!["a".to_owned(), "b".to_owned()];
        notices.teams = vec![team(true, &["x"])];
        assert_eq!(notices.questions(), 2);
    }
}
