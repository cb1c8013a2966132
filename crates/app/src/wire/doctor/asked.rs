//! Requests: what was asked of patients and how they answered, and the dialog that asks.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    Asking,
    chart::Answer,
    fault::{Fault, Refusal},
};
use medkey_protocol::{Address, FolderId, blocks::Category};
use zeroize::Zeroizing;

use super::{
    desk::{Dealt, DoctorDesk, Whom, use_doctor},
    patients::with_dealt,
};
use crate::{
    components::{choice::Choice, page_head::PageHead},
    load::Trouble,
    pages::{
        ask_access::{AskAccessDialog, AskInput},
        asked::{AskedItem, AskedState, AskedView},
        patients::WaitingForRegistrar,
    },
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        said::{category_word, trouble},
        scanning::{Scanning, Wanted},
    },
};

/// What the doctor asked for, the newest first.
pub(super) fn asked(desk: DoctorDesk, dealt: &[Dealt]) -> Vec<AskedItem> {
    let me = desk.open().me.address;
    let mut items: Vec<AskedItem> = dealt
        .iter()
        .filter_map(|dealt| dealt.known.as_ref().ok())
        .flat_map(|known| known.read.state.requests.iter().map(|request| (known.read.chart, request)))
        .filter(|(_, request)| request.requester == me)
        .map(|(chart, request)| AskedItem {
            chart: chart.to_string(),
            name: desk.known_name(chart),
            // The words are sealed to the patient; not even their author reads them again.
            scopes: desk
                .asked
                .with(|asked| asked.get(&request.reason).cloned())
                .unwrap_or_else(|| vec!["access".to_owned()]),
            at: request.at.time,
            state: match request.answer {
                Answer::Open => AskedState::Pending,
                Answer::Granted(_) => AskedState::Shared,
                Answer::Denied(_) => AskedState::Denied,
            },
        })
        .collect();
    items.sort_by_key(|item| core::cmp::Reverse(item.at));
    items
}

/// Whether the patient has not answered.
pub(super) fn is_waiting(item: &AskedItem) -> bool {
    item.state == AskedState::Pending
}

/// How many requests wait for an answer.
pub(super) fn waiting(desk: DoctorDesk) -> usize {
    with_dealt(desk, |dealt| asked(desk, dealt).into_iter().filter(is_waiting).count()).ready().copied().unwrap_or(0)
}

/// The page.
#[component]
pub fn Asked() -> impl IntoView {
    let desk = use_doctor()?;
    let model = Memo::new(move |_| with_dealt(desk, |dealt| asked(desk, dealt)));
    let verified = Memo::new(move |_| desk.is_verified());
    Some(move || {
        if !verified.get() {
            return view! {
                <PageHead title="Requests" />
                <WaitingForRegistrar />
            }
            .into_any();
        }
        view! {
            <AskedView
                model=model
                on_retry=move |()| desk.read_again()
                on_ask=move |()| desk.asking.set(Some(Whom::Anybody))
            />
        }
        .into_any()
    })
}

/// The folders that can be asked for: of the private one nobody is given all.
fn choices() -> Vec<Choice> {
    let shared = Category::ALL.into_iter().filter(|category| *category != Category::Private);
    let note = |category| match category {
        Category::General => "Letters, notes and what fits nowhere else",
        Category::Laboratory => "Laboratory reports",
        Category::Imaging => "Scans and pictures",
        Category::Prescriptions => "Prescriptions and plans",
        Category::Vitals => "Blood pressure, weight and the like",
        Category::Private => "",
    };
    let choice = |category| {
        let word = category_word(Some(category));
        Choice::new(word, word, note(category))
    };
    shared.map(choice).collect()
}

/// The dialog, while somebody is being asked for access.
#[component]
pub fn AskForAccess() -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Trouble>);
    let scanned = RwSignal::new(String::new());
    let ask = Callback::new(move |input: AskInput| {
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let asking = prepare(desk, &input).await;
            let _left = busy.try_set(false);
            match asking {
                Ok((patient, asking)) => {
                    let _left = scanned.try_set(String::new());
                    let _left = desk.asking.try_set(None);
                    start(desk, acts, patient, asking, input.folders);
                }
                Err(trouble) => drop(failed.try_set(Some(trouble))),
            }
        });
    });
    let close = Callback::new(move |()| {
        failed.set(None);
        scanned.set(String::new());
        desk.asking.set(None);
    });
    let folders = Signal::stored(choices());
    let scanning = RwSignal::new(false);
    let scan = Callback::new(move |()| scanning.set(true));
    let found = Callback::new(move |text: Zeroizing<String>| {
        scanning.set(false);
        failed.set(None);
        spawn_local(async move {
            match desk.open().client().scan_patient(&text).await {
                Ok(patient) => drop(scanned.try_set(patient.to_string())),
                Err(fault) => drop(failed.try_set(Some(trouble(&fault)))),
            }
        });
    });
    let dialog = move || {
        let whom = desk.asking.get()?;
        Some(match whom {
            Whom::Anybody => view! {
                <AskAccessDialog
                    folders=folders
                    busy=busy
                    trouble=failed
                    scanned=scanned
                    on_scan=scan
                    on_ask=ask
                    on_close=close
                />
            }
            .into_any(),
            Whom::Patient(chart) => view! {
                <AskAccessDialog
                    folders=folders
                    patient=(chart.to_string(), untrack(move || desk.name(chart)))
                    busy=busy
                    trouble=failed
                    on_scan=scan
                    on_ask=ask
                    on_close=close
                />
            }
            .into_any(),
        })
    };
    Some(view! {
        {dialog}
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

/// Finds the patient's folders of the chosen categories, before the wallet is asked.
async fn prepare(desk: DoctorDesk, input: &AskInput) -> Result<(Address, Asking), Trouble> {
    const KEPT: &str = "Nothing was sent.";
    let patient: Address =
        input.chart.parse().map_err(|_| Trouble::new("This address is not complete.", "Copy it anew."))?;
    let open = desk.open();
    let card = match open.client().card_of(patient).await {
        Ok(card) => card,
        Err(Fault::NoMember(_)) => return Err(Trouble::new(Refusal::NoChart.to_string(), KEPT)),
        Err(fault) => return Err(trouble(&fault)),
    };
    let chosen = |category| input.folders.iter().any(|word| word == category_word(category));
    let folders = open.client().folders(&card);
    let folders: Vec<FolderId> =
        folders.iter().filter(|folder| chosen(folder.category)).map(|folder| folder.id).collect();
    if folders.is_empty() {
        return Err(Trouble::new(Refusal::NoChart.to_string(), KEPT));
    }
    Ok((patient, Asking { words: input.reason.clone(), folders, days: Some(input.days) }))
}

fn start(desk: DoctorDesk, acts: Acts, patient: Address, asking: Asking, words: Vec<String>) {
    let Some(open) = desk.held().try_get_value() else { return };
    let name = untrack(|| desk.name(patient));
    let label = Label {
        title: format!("Asking {name} for access"),
        done: format!("{name} sees your request."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let (open, asking, words) = (Rc::clone(&open), asking.clone(), words.clone());
        async move {
            let reason = open.client().request_access(&open.me, patient, &asking, &*listen).await?;
            let _left = desk.asked.try_update(|asked| asked.insert(reason, words));
            desk.read_again();
            Ok(())
        }
    });
}
