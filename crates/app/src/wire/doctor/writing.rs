//! What a doctor writes into a chart: a note or a prescription, in a dialog, then as an act.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_client::{
    add_record::Filed,
    fault::Fault,
    write_note::{Note, Prescription},
};
use medkey_protocol::{Address, blocks::Category};

use super::{
    desk::{DoctorDesk, Door, use_doctor},
    findings::once,
};
use crate::{
    components::{
        chip::{Badge, Tone},
        choice::Choice,
    },
    pages::{
        prescribe::{PrescribeDialog, PrescribeInput},
        write_note::{NoteInput, WriteNoteDialog},
    },
    speaking::parse_date,
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        desk::now,
        said::category_word,
    },
};

/// Medicines that are named before prescribing.
const MEDICINES: usize = 4;
/// Days of a year, leap years included.
const YEAR: f64 = 365.2425;

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// A note.
    Note,
    /// A prescription.
    Prescription,
}

/// The dialog.
#[component]
pub fn WritingDialog(
    /// In whose chart.
    chart: Address,
    /// What.
    what: Writing,
    /// Leaves.
    on_close: Callback<()>,
) -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let patient = untrack(|| desk.name(chart));
    Some(match what {
        Writing::Note => {
            let write = move |input: NoteInput| {
                on_close.run(());
                write_note(desk, acts, chart, input);
            };
            view! {
                <WriteNoteDialog
                    patient=patient
                    folders=Signal::stored(folders())
                    on_write=write
                    on_close=on_close
                />
            }
            .into_any()
        }
        Writing::Prescription => {
            let prescribe = move |input: PrescribeInput| {
                on_close.run(());
                prescribe(desk, acts, chart, input);
            };
            let warnings = untrack(|| warnings(desk, chart));
            view! {
                <PrescribeDialog
                    patient=patient
                    warnings=warnings
                    on_prescribe=prescribe
                    on_close=on_close
                />
            }
            .into_any()
        }
    })
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

fn write_note(desk: DoctorDesk, acts: Acts, chart: Address, input: NoteInput) {
    let NoteInput { title, text, folder } = input;
    let category = match folder {
        word if word == category_word(Some(Category::Private)) => Category::Private,
        _ => Category::General,
    };
    let note = Rc::new(Note { title, text });
    file(desk, acts, chart, &note.title.clone(), async move |open, listen| {
        open.client().write_note_into(&open.me, chart, &note, category, None, &*listen).await
    });
}

fn prescribe(desk: DoctorDesk, acts: Acts, chart: Address, input: PrescribeInput) {
    let PrescribeInput { medicine, dose, when, duration, note } = input;
    let days = days(&duration);
    // What is no number of days is said in words.
    let frequency = if days.is_none() && !duration.is_empty() { format!("{when}, {duration}") } else { when };
    let route = String::new();
    let prescription = Prescription { medicine, dose, route, frequency, days: days.unwrap_or(0), advice: note };
    let prescription = Rc::new(prescription);
    file(desk, acts, chart, &prescription.medicine.clone(), async move |open, listen| {
        open.client().prescribe(&open.me, chart, &prescription, None, &*listen).await
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

fn file<W>(desk: DoctorDesk, acts: Acts, chart: Address, title: &str, write: W)
where
    W: AsyncFn(Rc<crate::wire::desk::Open>, Rc<dyn Fn(medkey_client::chain::Step)>) -> Result<Filed, Fault> + 'static,
{
    let open = desk.open();
    let name = untrack(|| desk.name(chart));
    let label = Label {
        title: format!("Filing {title}"),
        done: format!("{title} is in the chart of {name}."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    let write = Rc::new(write);
    acts.start(label, move |listen| {
        let (open, write) = (Rc::clone(&open), Rc::clone(&write));
        async move {
            write(open, listen).await?;
            desk.read_again();
            Ok(())
        }
    });
}
