//! Choosing whom to share with: verified members only.

use leptos::prelude::*;

use crate::components::avatar::Avatar;
use crate::components::button::Button;
use crate::components::chip::StandingChip;
use crate::components::dialog::Dialog;
use crate::components::field::SearchField;
use crate::components::person_row::Person;
use crate::load::{Load, Loaded};
use crate::speaking::{search_words, thousands};

/// How many are offered at once.
const SHOWN: usize = 50;

/// The people whose name, specialty or hospital holds every word.
#[must_use]
pub fn find(people: &[Person], search: &str) -> Vec<Person> {
    let words = search_words(search);
    people
        .iter()
        .filter(|person| {
            let text = format!("{}\n{}\n{}", person.name, person.detail, person.address).to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .cloned()
        .collect()
}

/// The dialog.
#[component]
pub fn PickPersonDialog(
    /// `Share with…`.
    #[prop(into)]
    title: String,
    /// The verified members.
    #[prop(into)]
    people: Signal<Load<Vec<Person>>>,
    /// What else there is than choosing somebody by name.
    #[prop(optional)]
    otherwise: Option<ViewFnOnce>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// One was chosen.
    #[prop(into)]
    on_pick: Callback<Person>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    view! {
        <Dialog title=title on_close=on_close>
            <SearchField
                label="Search by name, specialty or hospital"
                value=search
                on_change=move |text| search.set(text)
            />
            <Loaded
                model=people
                rows=3
                on_retry=on_retry
                children={move |people: Vec<Person>| {
                    if people.is_empty() {
                        return view! {
                            <p class="second" role="status">
                                "Nobody is listed yet. Whoever the registrar has verified appears here."
                            </p>
                        }
                            .into_any();
                    }
                    let list = move || {
                        let found = find(&people, &search.get());
                        if found.is_empty() {
                            return view! {
                                <p class="second" role="status">
                                    "Nobody here matches. Only members whom the registrar has verified are listed."
                                </p>
                            }
                                .into_any();
                        }
                        let more = found.len().saturating_sub(SHOWN);
                        view! {
                            <ul class="rows rows--scroll">
                                {found
                                    .into_iter()
                                    .take(SHOWN)
                                    .map(|person| view! { <PickRow person=person on_pick=on_pick /> })
                                    .collect_view()}
                            </ul>
                            {(more > 0)
                                .then(|| {
                                    view! {
                                        <p class="second" role="status">
                                            {format!("{} more. Search to find them.", thousands(more as u64))}
                                        </p>
                                    }
                                })}
                        }
                            .into_any()
                    };
                    list.into_any()
                }}
            />
            {otherwise.map(|otherwise| view! { <p class="second">{otherwise.run()}</p> })}
            <div class="dialog__foot">
                <Button label="Cancel" on_press=on_close />
            </div>
        </Dialog>
    }
}

#[component]
fn PickRow(person: Person, on_pick: Callback<Person>) -> impl IntoView {
    let picked = person.clone();
    let initials = person.name.clone();
    view! {
        <li class="row row--opens">
            <Avatar name=initials />
            <div class="row__main">
                <div class="row__title">
                    <button
                        type="button"
                        class="row__open"
                        on:click=move |_| on_pick.run(picked.clone())
                    >
                        {person.name}
                    </button>
                    <StandingChip standing=person.standing />
                </div>
                <div class="row__sub">{person.detail}</div>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::chip::Standing;

    #[test]
    fn people_are_found_by_specialty_and_hospital() {
        let all = [Person {
            address: "0x1".to_owned(),
            name: "Dr. Nadia Kern".to_owned(),
            detail: "Cardiology, Marienhospital".to_owned(),
            standing: Standing::Verified,
        }];
        assert_eq!(find(&all, "cardio marien").len(), 1);
        assert_eq!(find(&all, "ortho").len(), 0);
    }
}
