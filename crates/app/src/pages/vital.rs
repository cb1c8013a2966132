//! One vital sign: how it goes over time, and every value with where it comes from.

use leptos::prelude::*;
use leptos_router::components::A;

use super::about::{At, Looking, LookingLine, Moment};
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip};
use crate::components::icon::Icon;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::skeleton::SkeletonRows;
use crate::components::trend_chart::{Course, TrendChart};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// As it is written: `128/82`, `72.50`.
    pub shown: String,
    /// Its unit.
    pub unit: String,
    /// How it stands to what is usual.
    pub flag: Option<Badge>,
    /// When it was measured.
    pub at: At,
    /// `measured by you`, `from Dr. Lindqvist`.
    pub source: String,
    /// The record it is from: its id.
    pub record: String,
    /// Where that opens.
    pub href: String,
    /// It was entered here and can be put right.
    pub own: bool,
}

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VitalModel {
    /// `Blood pressure`.
    pub word: &'static str,
    /// What is usual, and in whom.
    pub usual: String,
    /// How it goes over time: one course, of blood pressure two.
    pub courses: Vec<Course>,
    /// Every value, newest first.
    pub values: Vec<Value>,
}

/// The page.
#[component]
pub fn VitalView(
    /// What it shows.
    #[prop(into)]
    model: Signal<VitalModel>,
    /// How far the records have been looked through.
    #[prop(into)]
    looking: Signal<Looking>,
    /// The way here, without this page.
    #[prop(into)]
    way: Signal<Vec<Crumb>>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Adds what was measured; only in one's own chart.
    #[prop(optional, into)]
    on_measure: Option<Callback<()>>,
    /// Puts an entry right, by its record.
    #[prop(optional, into)]
    on_correct: Option<Callback<String>>,
    /// Removes an entry, by its record.
    #[prop(optional, into)]
    on_remove: Option<Callback<String>>,
    /// Opens again what could not be opened.
    #[prop(into)]
    on_look_again: Callback<()>,
    /// Looks through more records.
    #[prop(into)]
    on_look_on: Callback<()>,
) -> impl IntoView {
    let word = Memo::new(move |_| model.with(|model| model.word));
    let usual = Signal::derive(move || model.with(|model| model.usual.clone()));
    view! {
        {move || {
            let mut way = way.get();
            way.push(Crumb::here(word.get()));
            view! { <Crumbs way=way /> }
        }}
        <PageHead title=Signal::derive(move || word.get().to_owned()) sub=usual>
            {on_measure
                .map(|on_measure| {
                    view! {
                        <Button
                            label="Add measurement"
                            icon=Icon::Plus
                            weight=Weight::Primary
                            disabled=read_only
                            on_press=on_measure
                        />
                    }
                })}
        </PageHead>
        {move || {
            let VitalModel { courses, values, .. } = model.get();
            match (values.is_empty(), looking.get().left) {
                (true, 0) => {
                    view! {
                        <Empty
                            icon=Icon::Pulse
                            title="Not measured yet"
                            sentence=if on_measure.is_some() {
                                "Add what you measure, and you see here how it goes over time."
                            } else {
                                "Nothing that you can read in this chart says when and what it was."
                            }
                        />
                    }
                        .into_any()
                }
                (true, _) => view! { <SkeletonRows rows=4 /> }.into_any(),
                (false, _) => {
                    view! {
                        <div class="figures-over-time">
                            {courses
                                .into_iter()
                                .map(|course| view! { <CourseCard course=course /> })
                                .collect_view()}
                        </div>
                        <Section title="All values">
                            <ul class="rows">
                                {values
                                    .into_iter()
                                    .map(|value| {
                                        view! {
                                            <ValueRow
                                                value=value
                                                read_only=read_only
                                                on_correct=on_correct
                                                on_remove=on_remove
                                            />
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </Section>
                    }
                        .into_any()
                }
            }
        }}
        <LookingLine looking=looking on_again=on_look_again on_on=on_look_on />
    }
}

#[component]
fn CourseCard(course: Course) -> impl IntoView {
    view! {
        <section class="card card--pad">
            <h2>{course.name.clone()}</h2>
            <TrendChart course=course />
        </section>
    }
}

#[component]
fn ValueRow(
    value: Value,
    read_only: Signal<bool>,
    on_correct: Option<Callback<String>>,
    on_remove: Option<Callback<String>>,
) -> impl IntoView {
    let Value { shown, unit, flag, at, source, record, href, own } = value;
    let about = format!("{shown} {unit}");
    let acts = on_correct.zip(on_remove).filter(|_| own);
    view! {
        <li class="row row--acts">
            <div class="row__main">
                <div class="row__title">
                    <span>
                        <span class="table__value">{shown}</span>
                        " "
                        <span class="table__unit">{unit}</span>
                    </span>
                    {flag.map(|badge| view! { <Chip badge=badge /> })}
                </div>
                <div class="row__sub">
                    <Moment at=at />
                    " · "
                    <A href=href>{source}</A>
                </div>
            </div>
            <div class="row__end">
                {acts
                    .map(|(on_correct, on_remove)| {
                        let removed = record.clone();
                        view! {
                            <Button
                                label="Correct"
                                about=about.clone()
                                small=true
                                disabled=read_only
                                on_press=move |()| on_correct.run(record.clone())
                            />
                            <Button
                                label="Remove"
                                about=about
                                weight=Weight::Danger
                                small=true
                                disabled=read_only
                                on_press=move |()| on_remove.run(removed.clone())
                            />
                        }
                    })}
            </div>
        </li>
    }
}
