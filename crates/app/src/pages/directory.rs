//! Verified doctors and laboratories, the hospitals, and the page of each.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::avatar::Avatar;
use crate::components::blank::{Empty, TroubleView};
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::chip::{Badge, Chip, StandingChip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::key_words::KeyWords;
use crate::components::long_list::LongRows;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::person_row::Person;
use crate::components::record_row::Tile;
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::{count, search_words, sentence};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A doctor or another clinician.
    Doctor,
    /// A diagnostic laboratory.
    Laboratory,
    /// A hospital.
    Hospital,
}

impl Sort {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Doctor, "doctors", "Doctors"),
        (Self::Laboratory, "laboratories", "Laboratories"),
        (Self::Hospital, "hospitals", "Hospitals"),
    ];

    /// What one of them is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Doctor => "Doctor",
            Self::Laboratory => "Laboratory",
            Self::Hospital => "Hospital",
        }
    }

    fn key(self) -> &'static str {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map_or("", |(_, key, _)| key)
    }
}

/// An entry of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listed {
    /// What it is.
    pub sort: Sort,
    /// The name.
    pub name: String,
    /// `Cardiology, Marienhospital`, or a hospital's address and specialties.
    pub detail: String,
    /// What is searched besides, such as languages.
    pub besides: String,
    /// Its page.
    pub href: String,
}

/// The entries with all that a search finds them by, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Index {
    items: Arc<[Listed]>,
    texts: Arc<[String]>,
}

impl Index {
    fn new(items: Arc<[Listed]>) -> Self {
        let text = |one: &Listed| [&one.name, &one.detail, &one.besides].map(|part| part.to_lowercase()).join("\n");
        Self { texts: items.iter().map(text).collect(), items }
    }

    /// Of this sort (empty for all), with every word of the search.
    fn find(&self, sort: &str, search: &str) -> Arc<[Listed]> {
        let words = search_words(search);
        let fits = |(one, text): &(&Listed, &String)| {
            (sort.is_empty() || one.sort.key() == sort) && words.iter().all(|word| text.contains(word))
        };
        self.items.iter().zip(self.texts.iter()).filter(fits).map(|(one, _)| one.clone()).collect()
    }
}

/// The list.
#[component]
pub fn DirectoryView(
    /// Everybody, by name.
    #[prop(into)]
    model: Signal<Load<Arc<[Listed]>>>,
    /// Why what is shown is not to be relied on.
    #[prop(into)]
    lie: Signal<Option<Trouble>>,
    /// What is searched for.
    search: RwSignal<String>,
    /// `doctors`, `laboratories`, `hospitals`, or empty for all.
    sort: RwSignal<String>,
    /// These are seen now.
    #[prop(into)]
    on_seen: Callback<Arc<[Listed]>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let sorts = std::iter::once(Choice::new("", "All", ""))
        .chain(Sort::ALL.iter().map(|(_, key, word)| Choice::new(*key, *word, "")))
        .collect::<Vec<_>>();
    view! {
        <Crumbs way=vec![Crumb::to("People", "/people"), Crumb::here("Find somebody")] />
        <PageHead
            title="Find somebody"
            sub="Doctors and laboratories that the health registry has verified, and the hospitals they work at."
        />
        <div class="filters">
            <SearchField
                label="Search by name, specialty, hospital or language"
                value=search
                on_change=move |text| search.set(text)
            />
            <ChoiceChips
                label="Show"
                scrolls=true
                choices=Signal::stored(sorts)
                chosen=sort
                on_choose=move |key| sort.set(key)
            />
        </div>
        <Loaded
            model=model
            rows=5
            on_retry=on_retry
            children={move |all: Arc<[Listed]>| {
                if let Some(lie) = lie.get() {
                    return view! { <TroubleView trouble=lie on_retry=on_retry /> }.into_any();
                }
                if all.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::People
                            title="Nobody is listed yet"
                            sentence="Doctors, laboratories and hospitals appear here once the health registry has verified them."
                        />
                    }
                        .into_any();
                }
                view! { <Found all=all search=search sort=sort on_seen=on_seen /> }.into_any()
            }}
        />
    }
}

#[component]
fn Found(
    all: Arc<[Listed]>,
    search: RwSignal<String>,
    sort: RwSignal<String>,
    on_seen: Callback<Arc<[Listed]>>,
) -> impl IntoView {
    let index = Index::new(all);
    let found = Memo::new(move |_| sort.with(|sort| search.with(|search| index.find(sort, search))));
    view! {
        <Show when=move || found.with(|found| found.is_empty())>
            <p class="second" role="status">
                "Nobody here matches. Try fewer words, or All."
            </p>
        </Show>
        <LongRows items=found draw=|one| view! { <ListedRow one=one /> }.into_any() on_seen=on_seen />
    }
}

/// An entry with its page.
#[component]
fn ListedRow(one: Listed) -> impl IntoView {
    let initials = one.name.clone();
    view! {
        <div class="row row--opens">
            {match one.sort {
                Sort::Hospital => view! { <Tile icon=Icon::Hospital /> }.into_any(),
                _ => view! { <Avatar name=initials /> }.into_any(),
            }}
            <div class="row__main">
                <div class="row__title">
                    <A href=one.href attr:class="row__open">
                        {one.name}
                    </A>
                </div>
                <div class="row__sub">{one.detail}</div>
            </div>
        </div>
    }
}

/// The frame of one entry's page.
#[component]
fn ListedPage<T, V, F>(
    /// What it is a page of.
    word: &'static str,
    /// Rows of its skeleton.
    rows: usize,
    model: Signal<Load<T>>,
    on_retry: Callback<()>,
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Crumbs way=vec![
            Crumb::to("People", "/people"),
            Crumb::to("Find somebody", "/directory"),
            Crumb::here(word),
        ] />
        <Loaded model=model rows=rows on_retry=on_retry children=children />
    }
}

/// A doctor or a laboratory, as the registrar verified the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfessionalModel {
    /// Who.
    pub person: Person,
    /// The hospital: its name, and its page.
    pub hospital: Option<(String, String)>,
    /// What the profile says besides: name and value.
    pub facts: Vec<(String, String)>,
    /// Words of the key, to compare in person.
    pub key_words: String,
    /// Where this one can be asked for treatment; none for a laboratory.
    pub asking: Option<String>,
}

/// The page of a doctor or a laboratory.
#[component]
pub fn ProfessionalView(
    /// Who it is.
    #[prop(into)]
    model: Signal<Load<ProfessionalModel>>,
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Shares with this one.
    #[prop(into)]
    on_share: Callback<()>,
) -> impl IntoView {
    view! {
        <ListedPage
            word="Profile"
            rows=3
            model=model
            on_retry=on_retry
            children={move |model: ProfessionalModel| {
                let ProfessionalModel { person, hospital, facts, key_words, asking } = model;
                let sub = person.detail.clone();
                view! {
                    <PageHead title=person.name.clone() sub=sub>
                        {asking
                            .map(|href| {
                                view! {
                                    <ButtonLink
                                        label="Ask for treatment"
                                        href=href
                                        icon=Icon::Request
                                    />
                                }
                            })}
                        <Button
                            label="Share with this person"
                            icon=Icon::Share
                            weight=Weight::Primary
                            disabled=read_only
                            on_press=on_share
                        />
                    </PageHead>
                    <p>
                        <StandingChip standing=person.standing />
                    </p>
                    <Section title="Profile">
                        <div class="card card--pad">
                            <Facts facts=facts />
                        </div>
                    </Section>
                    <WorksAt hospital=hospital />
                    <Section title="The words of the key">
                        <p class="second">
                            <KeyWords words=key_words />
                            " · compare them in person with what the settings of this member show."
                        </p>
                    </Section>
                }
            }}
        />
    }
}

/// A hospital with its doctors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HospitalModel {
    /// Its name.
    pub name: String,
    /// It takes new doctors.
    pub open: bool,
    /// What its page says: name and value.
    pub facts: Vec<(String, String)>,
    /// Its doctors, by name.
    pub doctors: Arc<[Listed]>,
}

/// The page of a hospital.
#[component]
pub fn HospitalView(
    /// Which it is.
    #[prop(into)]
    model: Signal<Load<HospitalModel>>,
    /// Nothing can be changed with this wallet's account.
    #[prop(into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Shares with all of its doctors.
    #[prop(into)]
    on_share: Callback<()>,
) -> impl IntoView {
    view! {
        <ListedPage
            word="Hospital"
            rows=4
            model=model
            on_retry=on_retry
            children={move |model: HospitalModel| {
                let HospitalModel { name, open, facts, doctors } = model;
                let many = doctors.len();
                let label = match many {
                    1 => "Share with its doctor".to_owned(),
                    many => format!("Share with its {}", count(many, "doctor", "doctors")),
                };
                view! {
                    <PageHead title=name sub=count_of(many)>
                        {(many > 0)
                            .then(|| {
                                view! {
                                    <Button
                                        label=label
                                        icon=Icon::Share
                                        weight=Weight::Primary
                                        disabled=read_only
                                        on_press=on_share
                                    />
                                }
                            })}
                    </PageHead>
                    {(!open).then(|| view! { <Chip badge=Badge::new(Tone::Warn, "Closed") /> })}
                    <Section title="Contact">
                        <div class="card card--pad">
                            <Facts facts=facts />
                        </div>
                    </Section>
                    {(many > 0)
                        .then(|| {
                            view! {
                                <Section title="Doctors">
                                    <LongRows
                                        items=Signal::stored(doctors)
                                        draw=|one| view! { <ListedRow one=one /> }.into_any()
                                    />
                                </Section>
                            }
                        })}
                }
            }}
        />
    }
}

fn count_of(doctors: usize) -> String {
    match doctors {
        0 => "No verified doctor works here yet.".to_owned(),
        1 => "One verified doctor works here.".to_owned(),
        many => format!("{} work here.", sentence(&count(many, "", "verified doctors"))),
    }
}

/// The hospital of a profile, with its page.
#[component]
pub fn WorksAt(
    /// Its name, and where its page is.
    hospital: Option<(String, String)>,
) -> impl IntoView {
    hospital.map(|(name, href)| {
        view! {
            <Section title="Hospital">
                <ul class="rows">
                    <li class="row row--opens">
                        <Tile icon=Icon::Hospital />
                        <div class="row__main">
                            <div class="row__title">
                                <A href=href attr:class="row__open">
                                    {name}
                                </A>
                            </div>
                        </div>
                    </li>
                </ul>
            </Section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(sort: Sort, name: &str, detail: &str, besides: &str) -> Listed {
        let text = str::to_owned;
        Listed { sort, name: text(name), detail: text(detail), besides: text(besides), href: String::new() }
    }

    #[test]
    fn somebody_is_found_by_specialty_hospital_and_language() {
        let all = [
            listed(Sort::Doctor, "Dr. Nadia Kern", "Cardiology, Marienhospital", "German, French"),
            listed(Sort::Laboratory, "Nordlab Diagnostics", "Diagnostic laboratory", ""),
            listed(Sort::Hospital, "Marienhospital", "Am Markt 1 · Cardiology", ""),
        ];
        let index = Index::new(all.into());
        let names = |sort, search| index.find(sort, search).iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("", "cardio marien"), ["Dr. Nadia Kern", "Marienhospital"]);
        assert_eq!(names("doctors", "MARIEN"), ["Dr. Nadia Kern"]);
        assert_eq!(names("", "french"), ["Dr. Nadia Kern"]);
        assert_eq!(names("laboratories", "").len(), 1);
        assert!(names("hospitals", "nordlab").is_empty());
    }
}
