//! A doctor amends an own entry: the dialog that wrote it, filled with what it says, then as an act. What is begun is kept
//! on the device until it is in the chart.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    add_record::StoredRecord, amend_record::Beside, fault::Fault, list_records::Record, write_entries::Entry,
};

use super::{
    desk::{DoctorDesk, use_doctor},
    entries::{entry, standing, written},
};
use crate::{
    components::{blank::TroubleLine, dialog::Dialog},
    load::Trouble,
    pages::{
        draft::Draft,
        write_entry::{Amending, EntryDialog, Written},
    },
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        drafts::{forget_draft, keep_draft, open_draft},
        said::trouble,
    },
};

/// The dialog, once it is known what the record says.
#[component]
pub fn AmendDialog(
    /// Which.
    record: Rc<Record>,
    /// The word for its folder.
    folder: String,
    /// Leaves.
    on_close: Callback<()>,
) -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let place = RwSignal::new(String::new());
    let found = RwSignal::new_local(None::<Result<Begun, Trouble>>);
    let looked = Rc::clone(&record);
    spawn_local(async move {
        let begun = begin(desk, &looked).await;
        let _left = found.try_set(Some(begun));
        // Where it goes is asked once more when it is filed.
        let open = desk.open();
        if let Ok(beside) = open.client().beside(&open.me, &looked).await {
            let said = match beside {
                Beside::Folder(_) => format!("The correction goes into {folder}, too."),
                Beside::Private(_) => "The patient has renamed, moved or removed this record since. The correction goes into the private folder: only the patient and you read it there.".to_owned(),
            };
            let _left = place.try_set(said);
        }
    });
    let record = StoredValue::new_local(record);
    Some(move || {
        found.get().map(|found| match found {
            Ok(begun) => dialog((desk, acts), record, begun, place.into(), on_close),
            Err(trouble) => view! {
                <Dialog title="This cannot be amended now" on_close=on_close>
                    <TroubleLine trouble=Signal::stored(Some(trouble)) />
                    <div class="dialog__foot">
                        <crate::components::button::Button label="Close" on_press=on_close />
                    </div>
                </Dialog>
            }
            .into_any(),
        })
    })
}

/// What the record says, and what was begun instead.
#[derive(Clone)]
struct Begun {
    former: Written,
    kept: Option<Written>,
}

async fn begin(desk: DoctorDesk, record: &Record) -> Result<Begun, Trouble> {
    let open = desk.open();
    let bytes = open.client().open_record(record).await.map_err(|fault| trouble(&fault))?;
    let unread = || Trouble::new("This record was not written here.", "It can only be amended where it was written.");
    let (entry, standing) = Entry::read(&bytes).ok_or_else(unread)?;
    let former = written(entry, standing);
    let kept = open_draft::<Written>(&open, &name(record)).await;
    Ok(Begun { kept: kept.filter(|kept| kept.input.kind() == former.input.kind()), former })
}

fn name(record: &Record) -> String {
    format!("amends {}", record.id)
}

fn dialog(
    (desk, acts): (DoctorDesk, Acts),
    record: StoredValue<Rc<Record>, LocalStorage>,
    Begun { former, kept }: Begun,
    place: Signal<String>,
    on_close: Callback<()>,
) -> AnyView {
    let restored = kept.is_some();
    let text = kept.unwrap_or_else(|| former.clone());
    let (draft, unchanged) = (record.with_value(|record| name(record)), former.clone());
    let keep = move |written: Written| {
        if let Some(open) = desk.held().try_get_value() {
            keep_draft(&open, &draft, Some(&written).filter(|written| **written != unchanged));
        }
    };
    view! {
        <EntryDialog
            patient=String::new()
            warnings=Vec::new()
            draft=Draft { text, restored, on_change: Callback::new(keep) }
            request=None
            amending=Some(Amending { former, place })
            on_file=move |written: Written| {
                on_close.run(());
                amend((desk, acts), record.get_value(), &written);
            }
            on_close=on_close
        />
    }
    .into_any()
}

fn amend((desk, acts): (DoctorDesk, Acts), record: Rc<Record>, written: &Written) {
    let open = desk.open();
    let title = record.meta.title.clone();
    let label = Label {
        title: format!("Amending {title}"),
        done: format!("Your correction of {title} is in the chart."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    let says = Rc::new((entry(&written.input), standing(written.holds)));
    let stored = Rc::new(RefCell::new(None::<Rc<StoredRecord>>));
    acts.start(label, move |listen| {
        let (open, record, says, stored) = (Rc::clone(&open), Rc::clone(&record), Rc::clone(&says), Rc::clone(&stored));
        async move {
            let client = open.client();
            let kept = stored.borrow().clone();
            let correction = match kept {
                Some(correction) => correction,
                None => {
                    let (entry, standing) = &*says;
                    let made = client.store_amended(&open.me, &record, (entry, *standing), &*listen).await?;
                    let made = Rc::new(made);
                    stored.replace(Some(Rc::clone(&made)));
                    made
                }
            };
            client.file_amendment(&open.me, &record, &correction, &*listen).await?;
            forget_draft(&open, &name(&record));
            desk.read_again();
            Ok::<(), Fault>(())
        }
    });
}
