//! Comparing the words of keys: with whom, what they are, and that they matched.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::fault::Fault;
use medkey_protocol::Address;

use super::{
    desk::Open,
    patient::directory::{load, verified_people},
    said,
};
use crate::{
    components::{chip::Standing, person_row::Person, toast::Toasts},
    load::Load,
    pages::{
        compare::{CompareAddressDialog, CompareDialog, Theirs},
        pick_person::PickPersonDialog,
    },
    speaking::short_address,
};

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is compared.
    #[default]
    Closed,
    /// Somebody is being chosen.
    Picking,
    /// Somebody's address is asked for.
    Asking,
    /// With this one.
    With(Person),
}

/// The dialogs, while words are being compared.
#[component]
pub fn Comparing(
    /// The member, whose vault is open.
    open: Rc<Open>,
    /// How far it is.
    stage: RwSignal<Stage>,
) -> impl IntoView {
    let open = StoredValue::new_local(open);
    let close = Callback::new(move |()| stage.set(Stage::Closed));
    move || match stage.get() {
        Stage::Closed => ().into_any(),
        Stage::Picking => view! { <Picking open=open.get_value() stage=stage on_close=close /> }.into_any(),
        Stage::Asking => {
            let show = move |address: String| stage.set(Stage::With(unlisted(address)));
            view! { <CompareAddressDialog on_show=show on_close=close /> }.into_any()
        }
        Stage::With(person) => view! { <Words open=open.get_value() person=person on_close=close /> }.into_any(),
    }
}

/// Somebody of whom only the address is known.
fn unlisted(address: String) -> Person {
    let name = format!("Account {}", short_address(&address));
    Person { address, name, detail: String::new(), standing: Standing::Plain }
}

#[component]
fn Picking(open: Rc<Open>, stage: RwSignal<Stage>, on_close: Callback<()>) -> impl IntoView {
    let people = RwSignal::new(Load::Loading);
    let open = StoredValue::new_local(open);
    let read = move || {
        let open = open.get_value();
        load(people, async move {
            let mut found = verified_people(open.client()).await?;
            let own = open.me.address.to_string();
            found.retain(|one| one.address != own);
            Ok(found)
        });
    };
    read();
    view! {
        <PickPersonDialog
            title="Compare with somebody"
            people=people
            otherwise=ViewFnOnce::from(move || {
                view! {
                    "Is it a patient, or somebody who is not listed? "
                    <button type="button" class="link-button link-button--inline" on:click=move |_| stage.set(Stage::Asking)>
                        "Enter the address"
                    </button>
                }
            })
            on_retry=move |()| read()
            on_pick=move |person| stage.set(Stage::With(person))
            on_close=on_close
        />
    }
}

#[component]
fn Words(open: Rc<Open>, person: Person, on_close: Callback<()>) -> impl IntoView {
    let toasts = use_context::<Toasts>().unwrap_or_default();
    let mine = open.me.card().fingerprint().unwrap_or_default();
    let theirs = RwSignal::new(Load::Loading);
    let other = person.address.parse::<Address>().unwrap_or_default();
    let name = person.name.clone();
    let open = StoredValue::new_local(open);
    let read = move || {
        let open = open.get_value();
        load(theirs, async move {
            let words = open.client().words_of(other).await?;
            let compared = open.client().compared(&open.me, other, &words).await;
            Ok::<_, Fault>(Theirs { words, compared: compared.map(|compared| (compared.at, compared.same)) })
        });
    };
    read();
    let matched = move |()| {
        let (open, name) = (open.get_value(), name.clone());
        let Some(words) = theirs.with_untracked(|theirs| theirs.ready().map(|theirs| theirs.words.clone())) else {
            return;
        };
        on_close.run(());
        spawn_local(async move {
            match open.client().remember_compared(&open.me, other, &words).await {
                Ok(_) => toasts.say(format!("The words of {name} match. This device remembers it.")),
                Err(fault) => toasts.say(said::fault_sentence(&fault, "That they match is not remembered.")),
            }
        });
    };
    view! {
        <CompareDialog
            mine=mine
            person=person
            theirs=theirs
            on_retry=move |()| read()
            on_match=matched
            on_close=on_close
        />
    }
}
