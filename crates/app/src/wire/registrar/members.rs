//! Members: doctors and laboratories, and how they stand.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::query_signal_with_options};
use medkey_client::verify_member::Why;
use medkey_protocol::{Address, api::Status};

use super::desk::{Member, RegistrarDesk, use_registrar};
use crate::{
    components::{
        chip::Standing,
        dialog::{Dialog, DialogFoot},
        field::SelectField,
        person_row::Person,
    },
    load::Load,
    pages::members::MembersView,
    wire::{
        acts::{Acts, use_acts},
        said,
    },
};

fn person(desk: RegistrarDesk, member: &Member) -> Person {
    let Member { entry, known } = member;
    let mut person = said::person(entry.member, known.as_ref());
    if known.is_none() {
        if let Some(name) = desk.proposed_name(entry.member) {
            person.name = name;
        }
        person.standing = if entry.status == Status::Pending { Standing::Pending } else { Standing::Plain };
    }
    let why = entry.reason.map(|code| Why::of(code).sentence().trim_end_matches('.').to_owned());
    let state = match entry.status {
        Status::Refused => Some("refused"),
        Status::Suspended => Some("suspended"),
        Status::Pending | Status::Active => None,
    };
    if let Some(state) = state {
        let because = why.map(|why| format!("{state}: {why}")).unwrap_or_else(|| state.to_owned());
        let parts = [person.detail, because];
        person.detail = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    }
    person
}

fn suspend(desk: RegistrarDesk, acts: Acts, person: &Person, why: Why) {
    let Ok(member) = person.address.parse::<Address>() else { return };
    let name = &person.name;
    let said = (format!("Suspending {name}"), format!("{name} is suspended."));
    desk.act(acts, said, async move |client, listen| client.suspend_member(member, why, listen).await);
}

fn reinstate(desk: RegistrarDesk, acts: Acts, person: &Person) {
    let Ok(member) = person.address.parse::<Address>() else { return };
    let name = &person.name;
    let said = (format!("Reinstating {name}"), format!("{name} is verified again."));
    desk.act(acts, said, async move |client, listen| client.reinstate_member(member, listen).await);
}

/// The page.
#[component]
pub fn Members() -> impl IntoView {
    let desk = use_registrar()?;
    let acts = use_acts();
    desk.read_registry();
    let suspending = RwSignal::new(None::<Person>);
    let model = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(registry) => {
                let mut people: Vec<Person> = registry.members.iter().map(|member| person(desk, member)).collect();
                people.sort_by_key(|person| person.name.to_lowercase());
                Load::Ready(people)
            }
        })
    });
    let in_place = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (search, set_search) = query_signal_with_options::<String>("search", in_place);
    let on_suspend = Callback::new(move |(person, why): (Person, Why)| {
        suspending.set(None);
        suspend(desk, acts, &person, why);
    });
    Some(view! {
        <MembersView
            model=model
            search=Signal::derive(move || search.get().unwrap_or_default())
            on_search=move |text: String| set_search.set(Some(text).filter(|text| !text.is_empty()))
            on_retry=move |()| desk.read_again()
            on_suspend=move |person: Person| suspending.set(Some(person))
            on_reinstate=move |person: Person| reinstate(desk, acts, &person)
        />
        {move || {
            suspending
                .get()
                .map(|person| {
                    view! {
                        <SuspendDialog
                            person=person
                            on_suspend=on_suspend
                            on_close=Callback::new(move |()| suspending.set(None))
                        />
                    }
                })
        }}
    })
}

/// Why a member is suspended.
#[component]
fn SuspendDialog(person: Person, on_suspend: Callback<(Person, Why)>, on_close: Callback<()>) -> impl IntoView {
    let reason = RwSignal::new((Why::ALL[0] as u8).to_string());
    let choices: Vec<(String, String)> = Why::ALL
        .into_iter()
        .map(|why| ((why as u8).to_string(), why.sentence().trim_end_matches('.').to_owned()))
        .collect();
    view! {
        <Dialog title=format!("Suspend {}", person.name) on_close=on_close>
            <SelectField label="Reason" value=reason choices=Signal::stored(choices) />
            <p class="second">
                "Until it is reinstated, this account can open no chart and write into none. What it filed stays."
            </p>
            <DialogFoot
                act="Suspend"
                danger=true
                on_act=move |()| {
                    if let Ok(code) = reason.get_untracked().parse() {
                        on_suspend.run((person.clone(), Why::of(code)));
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
