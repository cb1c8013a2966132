//! What a doctor writes into a chart: a note, a prescription or a treatment plan, in a dialog, then as an act. What is begun
//! is kept on the device until it is in the chart.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    add_record::Filed,
    fault::Fault,
    write_note::{Note, Plan, Prescription},
};
use medkey_protocol::{Address, Digest, blocks::Category};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    desk::{DoctorDesk, Door, use_doctor},
    findings::once,
    treatments::pending,
};
use crate::{
    components::{
        chip::{Badge, Tone},
        choice::Choice,
    },
    pages::{
        chart::Writing,
        draft::Draft,
        prescribe::{PrescribeDialog, PrescribeInput},
        write_note::{NoteInput, WriteNoteDialog},
        write_plan::{PlanInput, WritePlanDialog},
    },
    speaking::parse_date,
    wire::{
        acts::{Acts, Label, Listen, Shape, use_acts},
        desk::{Open, now},
        drafts::{forget_draft, keep_draft, open_draft},
        said::category_word,
    },
};

/// What tells drafts in one chart from each other.
const NOTE: &str = "note";
const PRESCRIPTION: &str = "prescription";
const PLAN: &str = "plan";
/// Medicines that are named before prescribing.
const MEDICINES: usize = 4;
/// Days of a year, leap years included.
const YEAR: f64 = 365.2425;

/// The dialog, once the draft of it is here.
#[component]
pub fn WritingDialog(
    /// In whose chart.
    chart: Address,
    /// What.
    what: Writing,
    /// The request that it answers.
    request: Option<String>,
    /// Leaves.
    on_close: Callback<()>,
) -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let answered = untrack(|| answerable(desk, chart, request.as_deref()));
    let dialog = RwSignal::new_local(None::<Rc<dyn Fn() -> AnyView>>);
    spawn_local(async move {
        let page = Page { desk, acts, chart, answered, on_close };
        let shown: Rc<dyn Fn() -> AnyView> = match what {
            Writing::Note => {
                let draft = page.draft(NOTE, |input: &NoteInput| input.text.is_empty()).await;
                Rc::new(move || page.note(draft.clone()))
            }
            Writing::Prescription => {
                let draft = page.draft(PRESCRIPTION, |input| *input == PrescribeInput::default()).await;
                Rc::new(move || page.prescription(draft.clone()))
            }
            Writing::Plan => {
                let draft = page.draft(PLAN, |input| *input == PlanInput::default()).await;
                Rc::new(move || page.plan(draft.clone()))
            }
        };
        let _left = dialog.try_set(Some(shown));
    });
    Some(move || dialog.get().map(|dialog| dialog()))
}

/// The request that something answers: the one that was chosen, or the newest that waits.
fn answerable(desk: DoctorDesk, chart: Address, chosen: Option<&str>) -> Option<Answered> {
    let Door::Open(_, opened) = desk.door(chart) else { return None };
    let mut waiting = pending(desk, &opened).into_iter();
    let found = match chosen {
        Some(chosen) => waiting.find(|one| one.request.to_string() == chosen),
        None => waiting.next(),
    };
    found.map(|one| Answered { request: one.request, title: one.title })
}

#[derive(Clone)]
struct Answered {
    request: Digest,
    title: String,
}

/// What the dialogs have in common.
#[derive(Clone)]
struct Page {
    desk: DoctorDesk,
    acts: Acts,
    chart: Address,
    answered: Option<Answered>,
    on_close: Callback<()>,
}

impl Page {
    fn patient(&self) -> String {
        untrack(|| self.desk.name(self.chart))
    }

    fn request(&self) -> Option<String> {
        self.answered.as_ref().map(|answered| answered.title.clone())
    }

    fn answers(&self, does: bool) -> Option<Digest> {
        self.answered.as_ref().filter(|_| does).map(|answered| answered.request)
    }

    /// What was begun in this chart, and where it is kept.
    async fn draft<T>(&self, kind: &str, is_empty: fn(&T) -> bool) -> Draft<T>
    where
        T: Clone + Default + Serialize + DeserializeOwned + 'static,
    {
        let (open, what) = (self.desk.open(), draft_name(kind, self.chart));
        let kept = open_draft::<T>(&open, &what).await;
        let desk = self.desk;
        let on_change = Callback::new(move |input: T| {
            if let Some(open) = desk.held().try_get_value() {
                keep_draft(&open, &what, Some(&input).filter(|input| !is_empty(input)));
            }
        });
        Draft { restored: kept.is_some(), text: kept.unwrap_or_default(), on_change }
    }

    fn note(&self, draft: Draft<NoteInput>) -> AnyView {
        let page = self.clone();
        view! {
            <WriteNoteDialog
                patient=self.patient()
                folders=Signal::stored(folders())
                draft=draft
                request=self.request()
                on_write=move |(input, answers)| {
                    page.on_close.run(());
                    write_note(&page, input, page.answers(answers));
                }
                on_close=self.on_close
            />
        }
        .into_any()
    }

    fn prescription(&self, draft: Draft<PrescribeInput>) -> AnyView {
        let page = self.clone();
        view! {
            <PrescribeDialog
                patient=self.patient()
                warnings=untrack(|| warnings(self.desk, self.chart))
                draft=draft
                request=self.request()
                on_prescribe=move |(input, answers)| {
                    page.on_close.run(());
                    prescribe(&page, input, page.answers(answers));
                }
                on_close=self.on_close
            />
        }
        .into_any()
    }

    fn plan(&self, draft: Draft<PlanInput>) -> AnyView {
        let page = self.clone();
        view! {
            <WritePlanDialog
                patient=self.patient()
                draft=draft
                request=self.request()
                on_write=move |(input, answers)| {
                    page.on_close.run(());
                    write_plan(&page, input, page.answers(answers));
                }
                on_close=self.on_close
            />
        }
        .into_any()
    }

    /// Files it; the draft goes once it is in the chart.
    fn file<W>(&self, kind: &'static str, title: &str, write: W)
    where
        W: AsyncFn(Rc<Open>, Listen) -> Result<Filed, Fault> + 'static,
    {
        let (desk, chart, open) = (self.desk, self.chart, self.desk.open());
        let name = self.patient();
        let label = Label {
            title: format!("Filing {title}"),
            done: format!("{title} is in the chart of {name}."),
            wallet: open.seat.wallet.clone(),
            shape: Shape::Signing,
        };
        let write = Rc::new(write);
        self.acts.start(label, move |listen| {
            let (open, write) = (Rc::clone(&open), Rc::clone(&write));
            async move {
                write(Rc::clone(&open), listen).await?;
                forget_draft(&open, &draft_name(kind, chart));
                desk.read_again();
                Ok(())
            }
        });
    }
}

fn draft_name(kind: &str, chart: Address) -> String {
    format!("{kind} {chart}")
}

fn folders() -> Vec<Choice> {
    let note = |category| match category {
        Category::Private => "Only the patient reads it, and you; nobody is given this folder.",
        _ => "Everybody reads it with whom the patient shares this folder.",
    };
    let choice = |category| {
        let word = category_word(Some(category));
        Choice::new(word, word, note(category))
    };
    [Category::General, Category::Private].map(choice).into()
}

/// Allergies first, then age and medicines, as far as the doctor may read them.
fn warnings(desk: DoctorDesk, chart: Address) -> Vec<Badge> {
    let found = match desk.door(chart) {
        Door::Open(_, opened) => desk.found(&opened),
        Door::Waiting | Door::Failed(_) | Door::Ended(..) | Door::Closed(_) => Vec::new(),
    };
    let allergies = once(found.iter().flat_map(|one| one.allergies.clone()));
    let medicines = once(found.iter().flat_map(|one| one.medicines.clone()));
    let born = desk.names.with(|names| names.get(&chart).and_then(|known| parse_date(&known.birth_date)));
    let years = born.map(|born| (now().saturating_sub(born) / 86_400) as f64 / YEAR);
    let allergies = allergies.into_iter().map(|name| Badge::new(Tone::Danger, format!("Allergy: {name}")));
    let age = years.map(|years| Badge::new(Tone::Quiet, format!("{:.0} years", years.floor())));
    let medicines = medicines.into_iter().take(MEDICINES).map(|name| Badge::new(Tone::Quiet, format!("takes {name}")));
    allergies.chain(age).chain(medicines).collect()
}

fn write_note(page: &Page, input: NoteInput, answers: Option<Digest>) {
    let NoteInput { title, text, folder } = input;
    let category = match folder {
        word if word == category_word(Some(Category::Private)) => Category::Private,
        _ => Category::General,
    };
    let (note, chart) = (Note { title, text }, page.chart);
    page.file(NOTE, &note.title.clone(), async move |open: Rc<Open>, listen: Listen| {
        open.client().write_note_into(&open.me, chart, &note, category, answers, &*listen).await
    });
}

fn prescribe(page: &Page, input: PrescribeInput, answers: Option<Digest>) {
    let PrescribeInput { medicine, dose, when, duration, note } = input;
    let days = days(&duration);
    // What is no number of days is said in words.
    let frequency = if days.is_none() && !duration.is_empty() { format!("{when}, {duration}") } else { when };
    let route = String::new();
    let prescription = Prescription { medicine, dose, route, frequency, days: days.unwrap_or(0), advice: note };
    let chart = page.chart;
    page.file(PRESCRIPTION, &prescription.medicine.clone(), async move |open: Rc<Open>, listen: Listen| {
        open.client().prescribe(&open.me, chart, &prescription, answers, &*listen).await
    });
}

fn write_plan(page: &Page, input: PlanInput, answers: Option<Digest>) {
    let activities = input.activities();
    let PlanInput { title, until, advice, .. } = input;
    let (plan, chart) = (Plan { title, activities, until, advice }, page.chart);
    page.file(PLAN, &plan.title.clone(), async move |open: Rc<Open>, listen: Listen| {
        open.client().write_plan(&open.me, chart, &plan, answers, &*listen).await
    });
}

/// `90 days`, `2 weeks`, `14`.
fn days(words: &str) -> Option<u32> {
    let mut parts = words.split_whitespace();
    let number: u32 = parts.next()?.parse().ok()?;
    let each = match parts.next().unwrap_or("days").to_lowercase().as_str() {
        "day" | "days" => 1,
        "week" | "weeks" => 7,
        _ => return None,
    };
    if parts.next().is_none() { number.checked_mul(each) } else { None }
}
