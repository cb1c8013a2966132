//! Deliver: files are chosen, matched to patients, and go out with one press.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_protocol::{Address, blocks::Category};
use web_sys::File;

use super::{
    batch::{check_patient, deliver},
    desk::{LabDesk, use_laboratory},
};
use crate::{
    components::choice::Choice,
    load::Trouble,
    pages::deliver::{DeliverView, MatchDialog, MatchInput, delivered_sentence},
    speaking::{count, short_address},
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        filing::KINDS,
        said::category_word,
    },
};

/// The page.
#[component]
pub fn Deliver() -> impl IntoView {
    let desk = use_laboratory()?;
    let acts = use_acts();
    let batch = desk.batch;
    let matching = RwSignal::new(None::<String>);
    let items = Signal::derive(move || batch.items());
    let take = move |files: Vec<File>| batch.take(files);
    let verified = Memo::new(move |_| desk.is_verified());
    let settle = Callback::new(move |input: MatchInput| {
        let Some(id) = matching.get_untracked() else { return };
        matching.set(None);
        settle(desk, id, input);
    });
    Some(view! {
        <DeliverView
            items=items
            verified=verified
            busy=batch.busy
            trouble=batch.trouble
            on_files=take
            on_match=move |id: String| matching.set(Some(id))
            on_drop=move |id: String| batch.drop_item(&id)
            on_retry=move |id: String| {
                if let Ok(id) = id.parse() {
                    start(desk, acts, vec![id]);
                }
            }
            on_deliver=move |()| start(desk, acts, batch.ready())
        />
        {move || {
            let (file, known) = batch.known(&matching.get()?)?;
            Some(
                view! {
                    <MatchDialog
                        file=file
                        known=known
                        patients=Signal::stored(untrack(|| earlier_patients(desk)))
                        kinds=Signal::stored(
                            KINDS
                                .iter()
                                .map(|kind| (kind.key.to_owned(), kind.word.to_owned()))
                                .collect::<Vec<_>>(),
                        )
                        folders=Signal::stored(folders())
                        on_match=settle
                        on_close=move |()| matching.set(None)
                    />
                },
            )
        }}
    })
}

/// The patients of earlier deliveries.
fn earlier_patients(desk: LabDesk) -> Vec<(String, String)> {
    desk.deliveries.with(|found| {
        let charts = found.ready().map(|found| found.charts.clone()).unwrap_or_default();
        let named = |chart: Address| (chart.to_string(), format!("Patient {}", short_address(&chart.to_string())));
        charts.into_iter().map(named).collect()
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
fn settle(desk: LabDesk, id: String, input: MatchInput) {
    let batch = desk.batch;
    let open = desk.open();
    batch.trouble.set(None);
    spawn_local(async move {
        let found = match input.chart.parse::<Address>() {
            Ok(patient) => check_patient(&open, patient).await.map(|()| patient),
            Err(_) => Err(Trouble::new("This address is not complete.", "Copy it anew and choose the patient again.")),
        };
        match found {
            Ok(patient) => batch.settle(&id, input, patient),
            Err(trouble) => drop(batch.trouble.try_set(Some(trouble))),
        }
    });
}

fn start(desk: LabDesk, acts: Acts, ids: Vec<u64>) {
    if ids.is_empty() || desk.batch.busy.get_untracked() {
        return;
    }
    let open = desk.open();
    let label = Label {
        title: format!("Delivering {}", count(ids.len(), "report", "reports")),
        done: delivered_sentence(ids.len()),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let (open, ids) = (Rc::clone(&open), ids.clone());
        async move { deliver(desk, &open, &ids, &*listen).await }
    });
}
