//! Deliver: files are chosen, matched to patients, and go out with one press.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use leptos::{prelude::*, task::spawn_local};
use medkey_protocol::{Address, blocks::Category};
use zeroize::Zeroizing;

use super::{
    batch::{check_patient, deliver, drop_item, forget_matched, insist, look_again, open_matched, settle, take},
    desk::{LabDesk, use_laboratory},
};
use crate::{
    components::choice::Choice,
    load::Trouble,
    pages::deliver::{DeliverView, EarlierPatient, MatchDialog, MatchInput, delivered_sentence},
    speaking::{count, short_address},
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        filing::KINDS,
        said::{category_word, trouble},
        scanning::{Scanning, Wanted},
    },
};

/// How many titles say who a patient of an earlier delivery is.
const TITLES: usize = 3;

/// What its acts are called.
const DELIVERING: &str = "Delivering";

/// The page.
#[component]
pub fn Deliver() -> impl IntoView {
    let desk = use_laboratory()?;
    let acts = use_acts();
    let batch = desk.batch;
    open_matched(desk);
    Effect::new(move |_| {
        if desk.deliveries.with(|found| found.ready().is_some()) {
            spawn_local(look_again(desk));
        }
    });
    let matching = RwSignal::new(None::<String>);
    let scanning = RwSignal::new(false);
    let scanned = RwSignal::new(String::new());
    let items = Memo::new(move |_| batch.items());
    let verified = Memo::new(move |_| desk.is_verified());
    let leave = move || {
        matching.set(None);
        scanned.set(String::new());
    };
    let set = Callback::new(move |input: MatchInput| {
        let Some(id) = matching.get_untracked().and_then(|id| id.parse().ok()) else { return };
        leave();
        check_and_settle(desk, id, input);
    });
    let found = Callback::new(move |text: Zeroizing<String>| {
        scanning.set(false);
        spawn_local(async move {
            match desk.open().client().scan_patient(&text).await {
                Ok(patient) => drop(scanned.try_set(patient.to_string())),
                Err(fault) => {
                    let _left = matching.try_set(None);
                    let _left = batch.trouble.try_set(Some(trouble(&fault)));
                }
            }
        });
    });
    Some(view! {
        <DeliverView
            items=items
            verified=verified
            busy=batch.busy
            trouble=batch.trouble
            on_files=move |files| take(desk, files)
            on_match=move |id: String| matching.set(Some(id))
            on_drop=move |id: String| drop_item(desk, &id)
            on_retry=move |id: String| {
                if let Ok(id) = id.parse() {
                    start(desk, acts, vec![id]);
                }
            }
            on_insist=move |id: String| insist(desk, &id)
            on_deliver=move |()| start(desk, acts, batch.ready())
            on_retry_all=move |()| start(desk, acts, batch.failed())
            waited_for=Memo::new(move |_| batch.waited_for())
            on_forget=move |()| forget_matched(desk)
        />
        {move || {
            let (file, known) = batch.known(&matching.get()?)?;
            Some(
                view! {
                    <MatchDialog
                        file=file
                        known=known
                        patients=untrack(|| earlier_patients(desk))
                        scanned=scanned
                        on_scan=move |()| scanning.set(true)
                        kinds=Signal::stored(
                            KINDS
                                .iter()
                                .map(|kind| (kind.key.to_owned(), kind.word.to_owned()))
                                .collect::<Vec<_>>(),
                        )
                        folders=Signal::stored(folders())
                        on_match=set
                        on_close=move |()| leave()
                    />
                },
            )
        }}
        <Show when=move || scanning.get()>
            <Scanning
                seat=Rc::clone(&desk.open().seat)
                wanted=Wanted::Patient
                on_found=found
                on_close=move |()| scanning.set(false)
            />
        </Show>
    })
}

/// The patients of earlier deliveries, the one with the newest first.
fn earlier_patients(desk: LabDesk) -> Arc<[EarlierPatient]> {
    desk.deliveries.with(|found| {
        let Some(found) = found.ready() else { return Arc::default() };
        let mut patients: Vec<EarlierPatient> = Vec::new();
        let mut places: BTreeMap<Address, usize> = BTreeMap::new();
        for record in &found.records.records {
            let place = *places.entry(record.chart).or_insert_with(|| {
                let chart = record.chart.to_string();
                let name = format!("Patient {}", short_address(&chart));
                patients.push(EarlierPatient { chart, name, titles: Vec::new(), at: record.at.time });
                patients.len() - 1
            });
            let Some(EarlierPatient { titles, .. }) = patients.get_mut(place) else { continue };
            if titles.len() < TITLES && !titles.contains(&record.meta.title) {
                titles.push(record.meta.title.clone());
            }
        }
        patients.into()
    })
}

fn folders() -> Vec<Choice> {
    let choice = |category| {
        let word = category_word(Some(category));
        let title = if category == Category::Private { format!("{word} (sensitive)") } else { word.to_owned() };
        Choice::new(word, title, "")
    };
    Category::ALL.map(choice).into()
}

/// A file is matched once the address is that of a patient.
fn check_and_settle(desk: LabDesk, id: u64, input: MatchInput) {
    let batch = desk.batch;
    let open = desk.open();
    batch.trouble.set(None);
    spawn_local(async move {
        let found = match input.chart.parse::<Address>() {
            Ok(patient) => check_patient(&open, patient).await.map(|()| patient),
            Err(_) => Err(Trouble::new("This address is not complete.", "Copy it anew and choose the patient again.")),
        };
        match found {
            Ok(patient) => settle(desk, id, input, patient).await,
            Err(trouble) => drop(batch.trouble.try_set(Some(trouble))),
        }
    });
}

fn start(desk: LabDesk, acts: Acts, ids: Vec<u64>) {
    if ids.is_empty() || desk.batch.busy.get_untracked() {
        return;
    }
    let open = desk.open();
    acts.close_stopped(DELIVERING);
    let label = Label {
        title: format!("{DELIVERING} {}", count(ids.len(), "report", "reports")),
        done: delivered_sentence(ids.len()),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let (open, ids) = (Rc::clone(&open), ids.clone());
        async move { deliver(desk, &open, &ids, &*listen).await }
    });
}
