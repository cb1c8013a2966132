//! What the pages of doctors and laboratories have in common: how the member stands with the registrar, and the page
//! of a record in somebody else's chart.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use medkey_client::{
    fault::Fault,
    list_records::{Record, Records},
    read_chart::ReadChart,
    read_registration,
    verify_member::Why,
};
use medkey_protocol::{
    Digest,
    api::{self, Status},
    chart::{ChartEvent, Entry},
};

use super::{
    desk::Open,
    viewer::{Shown, save_record, show_record},
};
use crate::{
    components::{nav::Role, shell::Me},
    load::{Load, Trouble},
    pages::record::{Proof, RecordModel, RecordView},
    speaking::{Say, Speaker, say_date, thousands},
};

/// How a doctor or laboratory stands with the registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// From the verified profile, or from the one that waits.
    pub name: String,
    /// Doctor or laboratory.
    pub role: Role,
    /// As the chain has it.
    pub status: Status,
    /// Why it was refused or suspended.
    pub why: Option<Why>,
    /// All of it; none where it could not be read.
    pub known: Option<read_registration::Registration>,
}

impl Registration {
    /// Reads it.
    pub async fn read(open: &Open) -> Result<Self, Fault> {
        let known = open.client().read_registration(open.me.address).await?;
        let name = known.verified.as_ref().or(known.proposed.as_ref()).map(|profile| profile.name.clone());
        let why = match known.standing.status {
            Status::Refused => known.course.no.and_then(|no| no.why),
            Status::Suspended => known.course.suspended.map(|(why, _)| why),
            Status::Pending | Status::Active => None,
        };
        Ok(Self {
            name: named(name.unwrap_or_default()),
            role: role(known.standing.role),
            status: known.standing.status,
            why,
            known: Some(known),
        })
    }

    /// What is known when it cannot be read now.
    #[must_use]
    pub fn when_opened(open: &Open) -> Self {
        let name = named(String::new());
        Self { name, role: role(open.standing.role), status: open.standing.status, why: None, known: None }
    }

    /// Whether the registrar has verified the member.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.status == Status::Active
    }

    /// `Verified doctor`.
    #[must_use]
    pub fn word(&self) -> String {
        match self.status {
            Status::Active => format!("Verified {}", self.role.word()),
            Status::Pending => "Not verified yet".to_owned(),
            Status::Refused => "Refused".to_owned(),
            Status::Suspended => "Suspended".to_owned(),
        }
    }

    /// Who is here, for the frame.
    #[must_use]
    pub fn me(&self) -> Me {
        Me { name: self.name.clone(), sub: self.word(), role: self.role }
    }

    /// What has to be said on every page.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        let what = match self.status {
            Status::Pending | Status::Active => return None,
            Status::Refused => "The registrar did not verify you.",
            Status::Suspended => "The registrar has suspended this account.",
        };
        let why = self.why.map_or("", Why::sentence);
        Some(Trouble::new(what, format!("{why} What you filed stays where it is.").trim()))
    }

    /// The same as it is drawn, except on the page that says more of it.
    #[must_use]
    pub fn trouble_elsewhere(&self) -> Signal<Option<Trouble>> {
        let trouble = self.trouble();
        let pathname = use_location().pathname;
        Signal::derive(move || trouble.clone().filter(|_| pathname.with(|pathname| pathname != "/profile")))
    }
}

fn named(name: String) -> String {
    if name.is_empty() { "You".to_owned() } else { name }
}

fn role(role: api::Role) -> Role {
    match role {
        api::Role::Patient => Role::Patient,
        api::Role::Doctor => Role::Doctor,
        api::Role::Lab => Role::Laboratory,
    }
}

/// Says that something runs for as long as it lives.
pub struct Busy(RwSignal<bool>);

impl Busy {
    /// It runs.
    #[must_use]
    pub fn begin(busy: RwSignal<bool>) -> Self {
        let _left = busy.try_set(true);
        Self(busy)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _left = self.0.try_set(false);
    }
}

/// A record's place in a list.
pub type Found = (Rc<Records>, usize);

/// Where a record comes from: `name` wrote it first; `again` is what was done where it was filed anew: `moved by you`.
#[must_use]
pub fn proof(record: &Record, read: &ReadChart, name: &str, again: &str, speaker: &Speaker) -> Proof {
    let first = thousands(record.first.block);
    let filed = format!("Filed by {name} on {} in block {first}", speaker.say(record.first.time, Say::FullDate));
    let filed_anew =
        (record.at != record.first).then(|| format!(", {again} on {}", speaker.say(record.at.time, Say::FullDate)));
    let sentence = format!("{filed}{}. The file matches its fingerprint on the chain.", filed_anew.unwrap_or_default());
    let mut details = vec![
        ("Block".to_owned(), thousands(record.at.block)),
        ("Time".to_owned(), speaker.say(record.at.time, Say::Full)),
        ("Transaction".to_owned(), record.at.transaction.to_string()),
        ("Patient".to_owned(), record.chart.to_string()),
        ("Author".to_owned(), record.written_by().to_string()),
        ("Record".to_owned(), record.id.to_string()),
        ("Fingerprint".to_owned(), record.manifest.to_string()),
        ("Its address (CID)".to_owned(), record.manifest.link().to_string()),
        ("Encrypted file (CID)".to_owned(), record.ciphertext().link.to_string()),
    ];
    if record.at != record.first {
        details.insert(
            1,
            ("First filed".to_owned(), format!("in block {first}, {}", speaker.say(record.first.time, Say::Full))),
        );
    }
    details.extend(entry(record, read, speaker));
    Proof { authentic: true, title: "Authentic and unchanged".to_owned(), sentence, details }
}

/// The record's place in the chart, and the entry before it: both are part of the chart's head.
fn entry(record: &Record, read: &ReadChart, speaker: &Speaker) -> Vec<(String, String)> {
    let announces = |entry: &Entry| match entry.event {
        ChartEvent::RecordAdded { author, manifest } => manifest == record.manifest && author == record.author,
        ChartEvent::RecordReplaced { manifest, .. } => manifest == record.manifest,
        _ => false,
    };
    let Some(at) = read.entries.iter().position(announces) else { return Vec::new() };
    let (number, all) = (thousands(at as u64 + 1), thousands(read.entries.len() as u64));
    let before = at.checked_sub(1).and_then(|at| read.entries.get(at)).map_or_else(
        || "none, this is the first".to_owned(),
        |before| {
            let time = speaker.say(before.time, Say::Full);
            format!("block {}, {time}, transaction {}", thousands(before.block), before.transaction)
        },
    );
    vec![("Entry in the chart".to_owned(), format!("{number} of {all}")), ("Entry before it".to_owned(), before)]
}

/// `dated 19 November 2026`.
#[must_use]
pub fn dated(record: &Record) -> Option<String> {
    let date = say_date(record.meta.effective.as_deref()?.get(..10)?)?;
    Some(format!("dated {date}"))
}

/// The page of a record in somebody else's chart: it is looked at and saved, checked by whoever may, and
/// amended by who wrote it.
pub fn record_page(
    open: StoredValue<Rc<Open>, LocalStorage>,
    find: impl Fn() -> Option<Found> + Copy + Send + Sync + 'static,
    model: Signal<Load<RecordModel>>,
    retry: Callback<()>,
    check: Option<Callback<()>>,
    amend: Option<Callback<()>>,
) -> impl IntoView {
    let shown = Shown::new();
    let trouble = RwSignal::new(None::<Trouble>);
    let manifest: Memo<Option<Digest>> =
        Memo::new(move |_| find().and_then(|(records, at)| Some(records.records.get(at)?.manifest)));
    let load = move || {
        let Some((records, at)) = untrack(find) else { return };
        let open = open.get_value();
        spawn_local(async move {
            if let Some(record) = records.records.get(at) {
                show_record(open.client(), record, &records, shown).await;
            }
        });
    };
    // The file is opened once it is known, and again if another takes its place.
    Effect::new(move |_| {
        if manifest.get().is_some() {
            load();
        }
    });
    let download = move |()| {
        let Some((records, at)) = untrack(find) else { return };
        let open = open.get_value();
        spawn_local(async move {
            if let Some(record) = records.records.get(at) {
                let _left = trouble.try_set(save_record(open.client(), record).await.err());
            }
        });
    };
    view! {
        <RecordView
            model=model
            body=shown.body
            part=shown.part
            trouble=trouble
            on_retry=move |()| {
                retry.run(());
                load();
            }
            on_download=download
            on_share=|()| {}
            on_check=check
            on_amend=amend
        />
    }
}
