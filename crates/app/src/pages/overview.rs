//! The registrar's overview: who there is, what happened, and whether server and chain agree. Counts that the chain shows
//! to everybody, and nothing about anybody's record.

use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{PageHead, Section};
use crate::load::{Load, Loaded, Trouble};
use crate::speaking::thousands;

/// A row of figures under a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// What they are about.
    pub word: String,
    /// The figures, in the order of the columns.
    pub figures: Vec<u64>,
}

/// How it stands with something that is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// As it should be.
    Well,
    /// Not known, or on its way.
    Waits,
    /// Not as it should be.
    Wrong,
}

/// Something that is looked after, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How it stands.
    pub how: Tells,
    /// In a few words.
    pub what: String,
    /// What exactly.
    pub detail: String,
}

impl Told {
    /// Something and how it stands.
    pub fn new(how: Tells, what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { how, what: what.into(), detail: detail.into() }
    }
}

/// Columns of the table of members.
pub const STATES: [&str; 4] = ["Verified", "Waiting", "Refused", "Suspended"];
/// Columns of the table of what happened.
pub const HAPPENED: [&str; 6] = ["Patients", "Doctors", "Laboratories", "Verified", "Refused", "Suspended"];
/// Rows of a long table that are shown at once.
const SHOWN: usize = 10;

/// What the server counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountsModel {
    /// Members by role and state; a patient is never verified, only there.
    pub members: Vec<FigureRow>,
    /// What happened, by month, the newest first.
    pub months: Vec<FigureRow>,
}

/// Doctors by where and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoctorsModel {
    /// By hospital, the largest first.
    pub hospitals: Vec<FigureRow>,
    /// By specialty, the largest first.
    pub specialties: Vec<FigureRow>,
}

/// The page.
#[component]
pub fn OverviewView(
    /// What the server counts.
    #[prop(into)]
    counts: Signal<Load<CountsModel>>,
    /// Doctors by where and what they are.
    #[prop(into)]
    doctors: Signal<Load<DoctorsModel>>,
    /// How server, chain and store stand.
    #[prop(into)]
    told: Signal<Load<Vec<Told>>>,
    /// They are being looked at.
    #[prop(into)]
    looking: Signal<bool>,
    /// Looks at them again.
    #[prop(into)]
    on_look: Callback<()>,
    /// Tries to read everything again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <PageHead title="Overview" sub="Members and what happened to them, as the chain shows it to everybody. Nothing medical.">
            <Button label="Check again" busy=looking on_press=on_look />
        </PageHead>
        <Section title="Server and chain" first=true>
            <Loaded
                model=told
                rows=4
                on_retry=on_look
                children={move |told: Vec<Told>| {
                    view! { <ul class="rows">{told.into_iter().map(|one| view! { <ToldRow told=one /> }).collect_view()}</ul> }
                }}
            />
        </Section>
        <Section title="Members">
            <Loaded
                model=counts
                rows=3
                on_retry=on_retry
                children={move |counts: CountsModel| {
                    view! {
                        <FigureTable caption="Members by role and state" about="Role" columns=STATES.to_vec() rows=counts.members />
                    }
                }}
            />
        </Section>
        <Section title="Doctors" note="verified">
            <Loaded
                model=doctors
                rows=3
                on_retry=on_retry
                children={move |doctors: DoctorsModel| {
                    view! {
                        <div class="overview__pair">
                            <FigureTable caption="Doctors by hospital" about="Hospital" columns=vec!["Doctors"] rows=doctors.hospitals />
                            <FigureTable caption="Doctors by specialty" about="Specialty" columns=vec!["Doctors"] rows=doctors.specialties />
                        </div>
                    }
                }}
            />
        </Section>
        <Section title="What happened" note="by month">
            <Loaded
                model=counts
                rows=3
                on_retry=on_retry
                children={move |counts: CountsModel| {
                    view! {
                        <FigureTable caption="Registrations and decisions by month" about="Month" columns=HAPPENED.to_vec() rows=counts.months />
                    }
                }}
            />
        </Section>
    }
}

#[component]
fn ToldRow(told: Told) -> impl IntoView {
    let Told { how, what, detail } = told;
    let (class, icon) = match how {
        Tells::Well => ("tile tile--well", Icon::Tick),
        Tells::Waits => ("tile", Icon::Clock),
        Tells::Wrong => ("tile tile--wrong", Icon::Warning),
    };
    view! {
        <li class="row">
            <span class=class>
                <Glyph icon=icon />
            </span>
            <div class="row__main">
                <div class="row__title">{what}</div>
                <div class="row__sub">{detail}</div>
            </div>
        </li>
    }
}

/// Figures in columns; of many rows the first, and the rest when asked for.
#[component]
fn FigureTable(
    /// What it shows, for a screen reader.
    caption: &'static str,
    /// What the rows are about.
    about: &'static str,
    /// What the figures are.
    columns: Vec<&'static str>,
    /// The rows in order.
    rows: Vec<FigureRow>,
) -> impl IntoView {
    let whole = RwSignal::new(rows.len() <= SHOWN);
    let left = rows.len().saturating_sub(SHOWN);
    let nothing = rows.is_empty();
    let heads =
        columns.iter().map(|column| view! { <th scope="col" class="table__number">{*column}</th> }).collect_view();
    let rows = StoredValue::new(rows);
    let shown = move || {
        let many = if whole.get() { usize::MAX } else { SHOWN };
        rows.with_value(|rows| {
            let row = |FigureRow { word, figures }: &FigureRow| {
                let figure = |figure: &u64| {
                    let quiet = *figure == 0;
                    view! {
                        <td class="table__number" class:table__zero=quiet>
                            {thousands(*figure)}
                        </td>
                    }
                };
                view! {
                    <tr>
                        <th scope="row">{word.clone()}</th>
                        {figures.iter().map(figure).collect_view()}
                    </tr>
                }
            };
            rows.iter().take(many).map(row).collect_view()
        })
    };
    if nothing {
        return view! { <p class="second">{format!("{caption}: none yet.")}</p> }.into_any();
    }
    view! {
        <div>
            <div class="table-card scroll-x" tabindex="0" role="region" aria-label=caption>
                <table class="table table--figures">
                    <caption class="unseen">{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{about}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{shown}</tbody>
                </table>
            </div>
            <Show when=move || !whole.get()>
                <button type="button" class="link-button table__more" on:click=move |_| whole.set(true)>
                    {format!("Show {left} more")}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// What is said of server and chain where neither could be asked.
#[must_use]
pub fn untold(trouble: &Trouble) -> Told {
    Told::new(if trouble.lie { Tells::Wrong } else { Tells::Waits }, trouble.what.clone(), trouble.kept.clone())
}
