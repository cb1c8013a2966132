//! The head of a page and of its sections.

use leptos::prelude::*;
use leptos_router::components::A;

/// A step of the way here: the word, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The word.
    pub word: String,
    /// Where it leads; none for a step that is not a page.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads back.
    pub fn to(word: impl Into<String>, href: impl Into<String>) -> Self {
        Self { word: word.into(), href: Some(href.into()) }
    }

    /// A step that is only said.
    pub fn here(word: impl Into<String>) -> Self {
        Self { word: word.into(), href: None }
    }
}

/// The way here.
#[component]
pub fn Crumbs(
    /// From the first to the last.
    way: Vec<Crumb>,
) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="You are here">
            <ol>
                {way
                    .into_iter()
                    .map(|crumb| match crumb.href {
                        Some(href) => view! { <li><A href=href>{crumb.word}</A></li> }.into_any(),
                        None => view! { <li>{crumb.word}</li> }.into_any(),
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}

/// The title of a page, one sentence under it, and what can be done.
#[component]
pub fn PageHead(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// One sentence.
    #[prop(optional, into)]
    sub: Signal<String>,
    /// Two buttons that stand beside each other on a phone too.
    #[prop(optional)]
    pair: bool,
    /// Three buttons, of which on a phone the primary one comes first and the others stand beside each other below it.
    #[prop(optional)]
    trio: bool,
    /// The buttons, the primary one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="page-head__text">
                <h1 tabindex="-1">{move || title.get()}</h1>
                {move || {
                    let sub = sub.get();
                    (!sub.is_empty()).then(|| view! { <p class="page-head__sub">{sub}</p> })
                }}
            </div>
            {children
                .map(|children| {
                    view! {
                        <div
                            class="page-head__actions"
                            class:page-head__actions--pair=pair
                            class:page-head__actions--trio=trio
                        >
                            {children()}
                        </div>
                    }
                })}
        </header>
    }
}

/// A section with its heading, and at its end what leads on.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Directly under the head of the page.
    #[prop(optional)]
    first: bool,
    /// A few words beside the heading.
    #[prop(optional, into)]
    note: Option<String>,
    /// What leads on, at the end of the line.
    #[prop(optional, into)]
    end: Option<ViewFnOnce>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" class:section--first=first>
            <div class="section__head">
                <h2>{title}</h2>
                {note.map(|note| view! { <span class="section__note">{note}</span> })}
                {end.map(|end| end.run())}
            </div>
            {children()}
        </section>
    }
}
