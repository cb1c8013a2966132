//! The registrar's members: doctors and laboratories, and how they stand.

use leptos::prelude::*;

use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::chip::Standing;
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::page_head::PageHead;
use crate::components::person_row::{Person, PersonRow};
use crate::load::{Load, Loaded, Trouble};

/// The page. The search stands in its address.
#[component]
pub fn MembersView(
    /// Doctors and laboratories, by name.
    #[prop(into)]
    model: Signal<Load<Vec<Person>>>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// The search.
    #[prop(into)]
    search: Signal<String>,
    /// Another search.
    #[prop(into)]
    on_search: Callback<String>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Suspends a verified member.
    #[prop(into)]
    on_suspend: Callback<Person>,
    /// Reinstates a suspended member.
    #[prop(into)]
    on_reinstate: Callback<Person>,
) -> impl IntoView {
    view! {
        <PageHead
            title="Members"
            sub="Doctors and laboratories. Patients are not listed: the registry has no say over them."
        />
        <TroubleLine trouble=trouble />
        <Loaded
            model=model
            on_retry=on_retry
            children={move |people: Vec<Person>| {
                if people.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::People
                            title="Nobody has registered yet"
                            sentence="Doctors and laboratories appear here once they have registered."
                        />
                    }
                        .into_any();
                }
                view! {
                    <div class="filters">
                        <SearchField
                            label="Search by name, specialty or hospital"
                            value=search
                            on_change=on_search
                        />
                    </div>
                    <div class="rows">
                        {move || {
                            super::pick_person::find(&people, &search.get())
                                .into_iter()
                                .map(|person| {
                                    view! {
                                        <MemberRow
                                            person=person
                                            on_suspend=on_suspend
                                            on_reinstate=on_reinstate
                                        />
                                    }
                                })
                                .collect_view()
                        }}
                    </div>
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn MemberRow(person: Person, on_suspend: Callback<Person>, on_reinstate: Callback<Person>) -> impl IntoView {
    let sub = person.detail.clone();
    let name = person.name.clone();
    let whom = person.clone();
    let act = match person.standing {
        Standing::Verified => view! {
            <Button
                label="Suspend"
                about=name
                weight=Weight::Danger
                small=true
                on_press=move |()| on_suspend.run(whom.clone())
            />
        }
        .into_any(),
        Standing::Suspended => view! {
            <Button
                label="Reinstate"
                about=name
                small=true
                on_press=move |()| on_reinstate.run(whom.clone())
            />
        }
        .into_any(),
        Standing::Pending | Standing::Plain => ().into_any(),
    };
    view! {
        <PersonRow person=person sub=sub>
            {act}
        </PersonRow>
    }
}
