//! One record of a patient's chart.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use medkey_client::{fault::Fault, list_records::Record, write_entries::Entry};
use medkey_protocol::Address;

use super::{
    amending::AmendDialog,
    desk::{DoctorDesk, Door, Known, Opened, Opening, use_doctor},
};
use crate::{
    clock::use_clock,
    components::{dialog::ConfirmDialog, icon::Icon, page_head::Crumb},
    load::{Load, Trouble},
    pages::{earlier::Kin, record::RecordModel},
    speaking::{Say, Speaker, sentence},
    wire::{
        acts::{Acts, Label, Shape, use_acts},
        kin::{Kinship, Said},
        professional::{Found, dated, proof, record_page},
        said::NO_FOLDER,
    },
};

fn place(opened: &Opened, id: &str) -> Option<usize> {
    opened.records.records.iter().position(|record| record.id.to_string() == id)
}

fn kin(desk: DoctorDesk, opened: &Opened, record: &Record, speaker: &Speaker) -> Vec<Kin> {
    let said = Said {
        name: &|other| desk.author_name(other),
        href: &|other| format!("/patients/{}/records/{}", other.chart, other.id),
        request: &|asked| {
            let whose = if asked.requester == desk.open().me.address { "your request" } else { "another request" };
            let word = format!("Answers {whose} from {}", speaker.say(asked.at.time, Say::FullDate));
            Kin::plain(Icon::Request, &word)
        },
        speaker,
    };
    Kinship::of(&opened.records).lines(record, &opened.read.state, &said)
}

/// Whether the doctor may say that it was checked: it is somebody else's, and not said yet.
fn may_check(desk: DoctorDesk, opened: &Opened, record: &Record) -> bool {
    let me = desk.open().me.address;
    let own = record.author == me || record.written_by() == me;
    desk.is_verified()
        && !own
        && record.meta.confirms.is_none()
        && !Kinship::of(&opened.records).is_checked_by(record, me)
}

/// Whether the doctor may amend it: it was written here by the doctor, and not amended yet.
fn may_amend(desk: DoctorDesk, opened: &Opened, record: &Record) -> bool {
    desk.is_verified()
        && record.may_be_amended_by(desk.open().me.address)
        && Entry::is_said_by(record)
        && !Kinship::of(&opened.records).is_corrected(record)
}

fn model(desk: DoctorDesk, known: &Known, opened: &Opened, record: &Record, speaker: &Speaker) -> RecordModel {
    let name = desk.author_name(record);
    let folder = known.folder_word(record.folder, Some(opened)).unwrap_or(NO_FOLDER).to_owned();
    let refiled = record.author == record.chart && record.origin.is_some();
    let filed = if refiled { format!("{name}, as filed by the patient") } else { format!("Filed by {name}") };
    let from: Vec<String> = [Some(sentence(&filed)), dated(record)].into_iter().flatten().collect();
    RecordModel {
        title: record.meta.title.clone(),
        from: from.join(" · "),
        way: vec![
            Crumb::to("Patients", "/patients"),
            Crumb::to(desk.name(record.chart), format!("/patients/{}", record.chart)),
            Crumb::here(folder.clone()),
        ],
        folder,
        badge: None,
        readers: Vec::new(),
        proof: proof(record, &opened.read, &name, "renamed or moved by the patient", speaker),
        own: false,
        may_check: may_check(desk, opened, record),
        may_amend: may_amend(desk, opened, record),
        kin: kin(desk, opened, record, speaker),
    }
}

/// The page.
#[component]
pub fn DoctorRecord() -> impl IntoView {
    let desk = use_doctor()?;
    let params = use_params_map();
    let navigate = use_navigate();
    let clock = use_clock();
    let acts = use_acts();
    let checking = RwSignal::new(false);
    let amending = RwSignal::new_local(None::<(Rc<Record>, String)>);
    let chart = Memo::new(move |_| params.with(|params| params.get("chart")?.parse::<Address>().ok()));
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let door = move || {
        let Some(chart) = chart.get() else {
            return Door::Failed(Trouble::new("There is no such patient.", "Go back to your patients."));
        };
        match (desk.door(chart), desk.opening(chart)) {
            // Whoever reads on is not interrupted.
            (Door::Closed(known), Some(Opening::Open(opened))) => Door::Open(known, opened),
            (door, _) => door,
        }
    };
    let gone = || Trouble::new("This record is not shared with you any more.", "Go back to the chart.");
    let model = Memo::new(move |_| match door() {
        Door::Waiting | Door::Closed(_) => Load::Loading,
        Door::Failed(trouble) => Load::Failed(trouble),
        Door::Ended(..) => Load::Failed(gone()),
        Door::Open(known, opened) => match id.with(|id| place(&opened, id)) {
            Some(at) => Load::Ready(model(desk, &known, &opened, &opened.records.records[at], &clock.speaker())),
            None => Load::Failed(gone()),
        },
    });
    let find = move || -> Option<Found> {
        let Door::Open(_, opened) = door() else { return None };
        let at = id.with(|id| place(&opened, id))?;
        Some((Rc::clone(&opened.records), at))
    };
    // A chart is opened on its own page, where one is told what that means.
    Effect::new(move |_| {
        if let (Door::Closed(_), Some(chart)) = (door(), chart.get()) {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(&format!("/patients/{chart}"), options);
        }
    });
    let page = record_page(
        desk.held(),
        find,
        model.into(),
        Callback::new(move |()| desk.read_again()),
        Some(Callback::new(move |()| checking.set(true))),
        Some(Callback::new(move |()| {
            let found = untrack(find).and_then(|(records, at)| records.records.get(at).cloned());
            let folder = untrack(|| model.with(|model| model.ready().map(|model| model.folder.clone())));
            amending.set(found.map(|record| (Rc::new(record), folder.unwrap_or_default())));
        })),
    );
    let check = move |()| {
        checking.set(false);
        if let Some(found) = untrack(find) {
            check(desk, acts, found);
        }
    };
    Some(view! {
        {page}
        {move || {
            amending
                .get()
                .map(|(record, folder)| {
                    view! {
                        <AmendDialog
                            record=record
                            folder=folder
                            on_close=Callback::new(move |()| amending.set(None))
                        />
                    }
                })
        }}
        {move || {
            checking
                .get()
                .then(|| {
                    view! {
                        <ConfirmDialog
                            title="Mark this record as checked?"
                            sentence=format!(
                                "You say that you have looked through it and found it right. The patient and everybody who reads this folder see your name and the date, and it cannot be taken back. {} asks once.",
                                desk.open().seat.wallet,
                            )
                            act="Mark as checked"
                            on_act=check
                            on_leave=move |()| checking.set(false)
                        />
                    }
                })
        }}
    })
}

fn check(desk: DoctorDesk, acts: Acts, (records, at): Found) {
    let open = desk.open();
    let Some(title) = records.records.get(at).map(|record| record.meta.title.clone()) else { return };
    let label = Label {
        title: format!("Marking {title} as checked"),
        done: format!("{title} is marked as checked by you."),
        wallet: open.seat.wallet.clone(),
        shape: Shape::Signing,
    };
    acts.start(label, move |listen| {
        let (open, records) = (Rc::clone(&open), Rc::clone(&records));
        async move {
            if let Some(record) = records.records.get(at) {
                open.client().confirm_record(&open.me, record, &*listen).await?;
            }
            desk.read_again();
            Ok::<(), Fault>(())
        }
    });
}
