//! The laboratory's own copy of a report it delivered, and its correction.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use medkey_browser::FileSource;
use medkey_client::{
    add_record::{PlainFile, StoredRecord},
    amend_record::Beside,
    list_records::Record,
};

use super::desk::{Deliveries, Known, LabDesk, use_laboratory};
use crate::{
    clock::use_clock,
    components::{icon::Icon, page_head::Crumb},
    load::{Load, Trouble},
    pages::{
        amend_report::{AmendReportDialog, AmendSection, Lies},
        change_record::ReplaceInput,
        earlier::Kin,
        record::RecordModel,
    },
    speaking::{Speaker, short_address},
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        filing::details,
        kin::{Kinship, Said},
        professional::{Found, dated, proof, record_page},
        said::{category_word, trouble},
    },
};

fn place(found: &Deliveries, id: &str) -> Option<usize> {
    found.records.records.iter().position(|record| record.id.to_string() == id)
}

/// What the laboratory itself corrected, and what its report meant for the patient's list.
fn kin(found: &Deliveries, known: &Rc<Known>, record: &Record, speaker: &Speaker) -> Vec<Kin> {
    let said = Said {
        name: &|_| "you".to_owned(),
        href: &|other| format!("/delivered/{}", other.id),
        request: &|_| Kin::plain(Icon::Request, "Answers a request"),
        speaker,
    };
    let mut lines = Kinship::of(&found.records).lines(record, &known.read.state, &said);
    let sentence = LabDesk::state(found, Some(known), record).map(|state| state.sentence()).unwrap_or_default();
    if !sentence.is_empty() {
        lines.insert(0, Kin::plain(Icon::Folder, sentence));
    }
    lines
}

/// None while the patient's chart is not read.
fn model(found: &Deliveries, known: Option<&Rc<Known>>, record: &Record, speaker: &Speaker) -> Option<RecordModel> {
    let known = known?;
    let category = known.folders.get(&record.folder).copied();
    let patient = format!("Patient {}", short_address(&record.chart.to_string()));
    let from: Vec<String> = [Some(format!("Delivered to {patient}")), dated(record)].into_iter().flatten().collect();
    Some(RecordModel {
        title: record.meta.title.clone(),
        folder: category.map(|category| category_word(Some(category)).to_owned()).unwrap_or_default(),
        from: from.join(" · "),
        way: vec![Crumb::to("Delivered", "/delivered"), Crumb::here(record.meta.title.clone())],
        badge: LabDesk::state(found, Some(known), record).map(|state| state.badge()),
        readers: Vec::new(),
        proof: proof(record, &known.read, "you", "changed by the patient", speaker),
        own: false,
        may_check: false,
        may_amend: false,
        kin: kin(found, known, record, speaker),
    })
}

/// The page.
#[component]
pub fn OwnCopy() -> impl IntoView {
    let desk = use_laboratory()?;
    let acts = use_acts();
    let params = use_params_map();
    let clock = use_clock();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let found = move |found: &Rc<Deliveries>| id.with(|id| place(found, id));
    let record = move || {
        desk.deliveries.with(|deliveries| {
            let deliveries = deliveries.ready()?;
            deliveries.records.records.get(found(deliveries)?).cloned()
        })
    };
    // A chart that was not read yet is read now.
    let chart = Memo::new(move |_| record().map(|record| record.chart));
    Effect::new(move |_| {
        if let Some(chart) = chart.get() {
            desk.read_first(chart);
        }
    });
    let model = Memo::new(move |_| {
        desk.deliveries.with(|deliveries| match deliveries {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(deliveries) => {
                let record = found(deliveries).and_then(|at| deliveries.records.records.get(at));
                let Some(record) = record else {
                    let is_all = deliveries.records.pending == 0;
                    let none = Trouble::new("There is no such delivery.", "Go back to what was delivered.");
                    return if is_all { Load::Failed(none) } else { Load::Loading };
                };
                let speaker = clock.speaker();
                desk.known.with(|known| {
                    model(deliveries, known.get(&record.chart), record, &speaker).map_or(Load::Loading, Load::Ready)
                })
            }
        })
    });
    let find = move || -> Option<Found> {
        desk.deliveries.with(|deliveries| {
            let deliveries = deliveries.ready()?;
            Some((Rc::clone(&deliveries.records), found(deliveries)?))
        })
    };
    let amending = RwSignal::new(None::<Lying>);
    let may_amend = Memo::new(move |_| {
        let me = desk.open().me.address;
        desk.is_verified() && record().is_some_and(|record| record.may_be_amended_by(me))
    });
    let amend = Callback::new(move |input: ReplaceInput| {
        amending.set(None);
        if let Some(record) = untrack(record) {
            start(desk, acts, record, input);
        }
    });
    Some(view! {
        {record_page(desk.held(), find, model.into(), Callback::new(move |()| desk.read_again()), None, None)}
        <Show when=move || may_amend.get() && model.with(|model| model.ready().is_some())>
            <AmendSection on_amend=move |()| {
                if let Some(record) = untrack(record) {
                    amending.set(Some(Lying::look(desk, record)));
                }
            } />
        </Show>
        {move || {
            let Lying { lies, trouble } = amending.get()?;
            let record = untrack(record)?;
            let date = record.meta.effective.as_deref().and_then(|date| date.get(..10)).unwrap_or_default();
            Some(
                view! {
                    <AmendReportDialog
                        title=record.meta.title.clone()
                        date=date
                        wallet=desk.open().seat.wallet.clone()
                        lies=lies
                        trouble=trouble
                        on_amend=amend
                        on_close=move |()| amending.set(None)
                    />
                },
            )
        }}
    })
}

/// Where a correction would lie, as far as that is known.
#[derive(Clone, Copy)]
struct Lying {
    lies: RwSignal<Option<Lies>>,
    trouble: RwSignal<Option<Trouble>>,
}

impl Lying {
    fn look(desk: LabDesk, record: Record) -> Self {
        let lying = Self { lies: RwSignal::new(None), trouble: RwSignal::new(None) };
        let open = desk.open();
        spawn_local(async move {
            match open.client().beside(&open.me, &record).await {
                Ok(Beside::Folder(_)) => drop(lying.lies.try_set(Some(Lies::Beside))),
                Ok(Beside::Private(_)) => drop(lying.lies.try_set(Some(Lies::Private))),
                Err(fault) => drop(lying.trouble.try_set(Some(trouble(&fault)))),
            }
        });
        lying
    }
}

fn start(desk: LabDesk, acts: Acts, record: Record, input: ReplaceInput) {
    let open = desk.open();
    let ReplaceInput { file, title, date } = input;
    let label = Label {
        title: format!("Correcting {}", record.meta.title),
        done: format!("{title} is delivered as a correction."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Filing(file.size() as u64),
    };
    let kind = record.meta.kind.code.clone();
    let details = details(&file, &title, &kind, &date).amending(&record);
    let (record, stored) = (Rc::new(record), Rc::<RefCell<Option<Rc<StoredRecord>>>>::default());
    acts.start(label, move |listen| {
        let (open, record, stored) = (Rc::clone(&open), Rc::clone(&record), Rc::clone(&stored));
        let (file, details) = (file.clone(), details.clone());
        async move {
            let known = stored.borrow().clone();
            let correction = match known {
                Some(correction) => correction,
                None => {
                    let file = PlainFile { source: FileSource::from(file), details };
                    let correction = Rc::new(open.client().store_file(record.chart, file, &*listen).await?);
                    stored.replace(Some(Rc::clone(&correction)));
                    correction
                }
            };
            open.client().file_amendment(&open.me, &record, &correction, &*listen).await?;
            desk.read_again();
            Ok(())
        }
    });
}
