//! The frame of what is decided before one is in: one narrow column, a title, a few sentences.

use leptos::{html, prelude::*};

use super::shell::Brand;
use super::stepper::Stepper;

/// The frame. Reading begins at its title.
#[component]
pub fn EntryFrame(
    /// The step of registration that one is at.
    #[prop(optional_no_strip, into)]
    step: Option<usize>,
    /// What is decided here.
    #[prop(into)]
    title: String,
    /// What it means.
    sentences: Vec<String>,
    /// The parts of the page.
    children: Children,
) -> impl IntoView {
    let heading: NodeRef<html::H1> = NodeRef::new();
    heading.on_load(|heading| drop(heading.focus()));
    view! {
        <main class="entry">
            <Brand />
            {step.map(|step| view! { <Stepper step=step /> })}
            <header class="entry__head">
                <h1 tabindex="-1" node_ref=heading>
                    {title}
                </h1>
                {sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </header>
            {children()}
        </main>
    }
}
