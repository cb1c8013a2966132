//! What a doctor writes into a chart: entries of several kinds, one after the other in a dialog, filed as one act. What is
//! begun is kept on the device until it is in the chart.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{add_record::StoredRecord, fault::Fault};
use medkey_protocol::{Address, Digest};

use super::{
    desk::{DoctorDesk, Door, use_doctor},
    entries::writing,
    findings::once,
    treatments::{addressed, pending},
    unfiled::Kept,
};
use crate::{
    components::chip::{Badge, Tone},
    pages::{
        draft::Draft,
        write_entry::{EntryDialog, Writing, Written},
    },
    speaking::{count, parse_date},
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        desk::now,
    },
};

/// Medicines that are named before prescribing.
const MEDICINES: usize = 4;
/// Days of a year, leap years included.
const YEAR: f64 = 365.2425;

/// The dialog, once what was begun is here.
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
    // What is shown; whether it is from before; and how many were shown till now.
    let shown = RwSignal::new(None::<Shown>);
    spawn_local(async move {
        desk.find_unfiled().await;
        // The page was left meanwhile.
        if shown.try_get_untracked().is_some() {
            let restored = untrack(|| desk.unfiled_in(chart).begun(what).is_some());
            shown.set(Some(Shown { kind: what, restored, turn: 0 }));
        }
    });
    let page = StoredValue::new_local(Page { desk, acts, chart, answered, shown, on_close });
    Some(move || shown.get().map(|shown| page.get_value().dialog(shown)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Shown {
    kind: Writing,
    restored: bool,
    turn: u32,
}

/// The request that something answers: the one that was chosen, or the newest that waits.
fn answerable(desk: DoctorDesk, chart: Address, chosen: Option<&str>) -> Option<Answered> {
    let Door::Open(_, opened) = desk.door(chart) else { return None };
    let found = match chosen {
        Some(chosen) => addressed(desk, &opened).into_iter().find(|one| one.request.to_string() == chosen),
        None => pending(desk, &opened).into_iter().next(),
    };
    found.map(|one| Answered { request: one.request, title: one.title })
}

#[derive(Clone)]
struct Answered {
    request: Digest,
    title: String,
}

/// The dialog and what is done from it.
#[derive(Clone)]
struct Page {
    desk: DoctorDesk,
    acts: Acts,
    chart: Address,
    answered: Option<Answered>,
    shown: RwSignal<Option<Shown>>,
    on_close: Callback<()>,
}

impl Page {
    fn dialog(&self, Shown { kind, restored, .. }: Shown) -> AnyView {
        let Self { desk, chart, .. } = *self;
        let begun = untrack(|| desk.unfiled_in(chart).begun(kind).cloned());
        // What was to answer a request when it was begun still does.
        let of_then = begun.as_ref().and_then(|begun| begun.answers);
        let of_then = of_then.and_then(|request| untrack(|| answerable(desk, chart, Some(&request.to_string()))));
        let page = Self { answered: of_then.or_else(|| self.answered.clone()), ..self.clone() };
        let text = begun.map_or_else(|| Written::blank(kind), |begun| begun.written);
        let request = page.answered.as_ref().map(|answered| answered.title.clone());
        let keeping = page.clone();
        let keep = move |written| {
            let begun = keeping.kept(written);
            desk.change_unfiled(chart, |unfiled| unfiled.set_begun(begun));
        };
        let together = Signal::derive(move || {
            let kept = desk.unfiled_in(chart).kept;
            kept.iter().map(|one| (one.kind(), one.written.input.title().to_owned())).collect::<Vec<_>>()
        });
        let warns = matches!(kind, Writing::Prescription | Writing::Diagnosis | Writing::Plan);
        let (filing, adding, reopening) = (page.clone(), page.clone(), page);
        view! {
            <EntryDialog
                patient=untrack(|| desk.name(chart))
                warnings=if warns { untrack(|| warnings(desk, chart)) } else { Vec::new() }
                draft=Draft { text, restored, on_change: Callback::new(keep) }
                request=request
                together=together
                on_file=move |written| {
                    filing.on_close.run(());
                    filing.file(written);
                }
                on_another=Callback::new(move |(written, next): (Written, Writing)| {
                    let kept = adding.kept(written);
                    desk.change_unfiled(chart, |unfiled| unfiled.keep(kept));
                    adding.show(next);
                })
                on_reopen=Callback::new(move |(written, at): (Written, usize)| {
                    let kept = reopening.kept(written);
                    let kind = desk.change_unfiled(chart, |unfiled| {
                        let kind = unfiled.reopen(at);
                        unfiled.keep(kept);
                        kind
                    });
                    if let Some(Some(kind)) = kind {
                        reopening.show(kind);
                    }
                })
                on_drop=Callback::new(move |at| {
                    desk.change_unfiled(chart, |unfiled| {
                        if at < unfiled.kept.len() {
                            unfiled.kept.remove(at);
                        }
                    });
                })
                on_close=self.on_close
            />
        }
        .into_any()
    }

    /// What is written, and what it answers.
    fn kept(&self, written: Written) -> Kept {
        let answers = self.answered.as_ref().filter(|_| written.answers).map(|answered| answered.request);
        Kept { written, answers }
    }

    fn show(&self, kind: Writing) {
        self.shown.update(|shown| {
            let turn = shown.map_or(0, |shown| shown.turn + 1);
            *shown = Some(Shown { kind, restored: false, turn });
        });
    }

    /// Files what was kept and this, in one transaction; on the device it stays until it is in the chart.
    fn file(&self, written: Written) {
        let Self { desk, chart, .. } = *self;
        let open = desk.open();
        let mut filed = untrack(|| desk.unfiled_in(chart).kept);
        filed.extend(Some(self.kept(written)).filter(|kept| !kept.is_blank()));
        let name = untrack(|| desk.name(chart));
        let (title, done) = match filed.as_slice() {
            [] => return,
            [one] => {
                let title = one.written.input.title();
                (format!("Filing {title}"), format!("{title} is in the chart of {name}."))
            }
            all => {
                let said = count(all.len(), "entry", "entries");
                (format!("Filing {said}"), format!("{} are in the chart of {name}.", crate::speaking::sentence(&said)))
            }
        };
        let label = Label { title, done, wallet: open.seat.wallet.clone(), shape: Shape::Signing };
        let entries: Rc<Vec<_>> = Rc::new(filed.iter().map(|kept| writing(&kept.written, kept.answers)).collect());
        let (filed, stored) = (Rc::new(filed), Rc::new(RefCell::new(None::<Rc<Vec<StoredRecord>>>)));
        self.acts.start(label, move |listen| {
            let (open, entries, filed, stored) =
                (Rc::clone(&open), Rc::clone(&entries), Rc::clone(&filed), Rc::clone(&stored));
            async move {
                let kept = stored.borrow().clone();
                let records = match kept {
                    Some(records) => records,
                    None => {
                        let records = Rc::new(open.client().store_entries(chart, &entries, &*listen).await?);
                        stored.replace(Some(Rc::clone(&records)));
                        records
                    }
                };
                open.client().file_entries(&open.me, chart, (&entries, &records), &*listen).await?;
                desk.change_unfiled(chart, |unfiled| unfiled.filed(&filed));
                desk.read_again();
                Ok::<(), Fault>(())
            }
        });
    }
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
