//! A person in a list: an avatar, a name, a verified mark; never a bare address.

use leptos::prelude::*;
use leptos_router::components::A;

use super::avatar::Avatar;
use super::chip::{Badge, Chip, Standing, StandingChip};
use super::key_words::KeyWords;

/// A person or a laboratory as the views get them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// The address on the chain; to copy, never to be shown alone.
    pub address: String,
    /// The name from the verified profile, or from the address book.
    pub name: String,
    /// `Cardiology, Marienhospital`; may be empty.
    pub detail: String,
    /// How the member stands with the registrar.
    pub standing: Standing,
}

/// A person with what there is to say and to do.
#[component]
pub fn PersonRow(
    /// The person.
    person: Person,
    /// What is said under the name.
    #[prop(into)]
    sub: String,
    /// A state beside the name; without one the standing is shown.
    #[prop(optional_no_strip, into)]
    badge: Option<Badge>,
    /// Leaves the standing out.
    #[prop(optional)]
    plain: bool,
    /// The page that the row opens.
    #[prop(optional_no_strip, into)]
    href: Option<String>,
    /// Facts and buttons at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let mark = match badge {
        Some(badge) => view! { <Chip badge=badge /> }.into_any(),
        None if plain => ().into_any(),
        None => view! { <StandingChip standing=person.standing /> }.into_any(),
    };
    let opens = href.is_some();
    let initials = person.name.clone();
    let name = match href {
        Some(href) => view! { <A href=href attr:class="row__open">{person.name}</A> }.into_any(),
        None => person.name.into_any(),
    };
    view! {
        <div class="row row--acts" class:row--opens=opens>
            <Avatar name=initials />
            <div class="row__main">
                <div class="row__title">{name} {mark}</div>
                <div class="row__sub">{sub}</div>
            </div>
            {children.map(|children| view! { <div class="row__end">{children()}</div> })}
        </div>
    }
}

/// A person at the head of a dialog.
#[component]
pub fn PersonHead(
    /// The person.
    person: Person,
    /// Words to compare in person; may be empty.
    #[prop(optional, into)]
    key_words: String,
) -> impl IntoView {
    view! {
        <div class="dialog__who">
            <Avatar name=person.name.clone() />
            <div class="row__main">
                <div class="row__title">
                    {person.name} <StandingChip standing=person.standing />
                </div>
                <div class="row__sub">
                    {person.detail}
                    {(!key_words.is_empty())
                        .then(|| {
                            view! {
                                " · key "
                                <KeyWords words=key_words />
                            }
                        })}
                </div>
            </div>
        </div>
    }
}
