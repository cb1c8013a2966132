//! The timeline: everything that happened, in plain sentences.

use leptos::prelude::*;
use medkey_client::read_timeline::Happening;
use medkey_protocol::{Address, Digest, chart::ChartEvent};

use super::{sharing, use_patient};
use crate::{
    clock::use_clock,
    pages::timeline::{Entry, EntryKind, TimelineModel, TimelineView, Words},
    speaking::{Say, Speaker, count, say_length, sentence, short_address},
    wire::{own_chart::OwnChart, said},
};

fn plain(text: impl Into<String>) -> Words {
    Words { text: text.into(), strong: false }
}

fn strong(text: impl Into<String>) -> Words {
    Words { text: text.into(), strong: true }
}

fn name(chart: &OwnChart, address: Address) -> Words {
    if address == chart.read.chart {
        plain("You")
    } else {
        strong(said::person(address, chart.people.get(&address)).name)
    }
}

fn account(address: Address) -> Words {
    strong(short_address(&address.to_string()))
}

fn claimers(claims: u32) -> String {
    sentence(&count(claims as usize, "doctor or laboratory", "doctors or laboratories"))
}

fn title(chart: &OwnChart, manifest: Digest) -> Words {
    let record = chart.records.records.iter().find(|record| record.manifest == manifest);
    record.map_or_else(|| plain("a record that is no longer here"), |record| strong(record.meta.title.clone()))
}

/// What happened, in words.
fn said(chart: &OwnChart, event: &ChartEvent, speaker: &Speaker) -> (EntryKind, Vec<Words>, String) {
    let scope = |scope| strong(sharing::scope_word(chart, scope));
    let note = String::new();
    match event {
        ChartEvent::RecordAdded { author, manifest } => {
            let record = chart.records.records.iter().find(|record| record.manifest == *manifest);
            let kind = record.map_or(crate::components::record_row::RecordKind::Letter, |record| {
                said::record_kind(&record.meta, chart.category(record.folder))
            });
            let folder = record.map(|record| format!("to the folder {}", chart.folder_word(record.folder)));
            let words = vec![name(chart, *author), plain(" added "), title(chart, *manifest)];
            (EntryKind::Added(kind), words, folder.unwrap_or(note))
        }
        ChartEvent::RecordReplaced { manifest, .. } => {
            (EntryKind::Removed, vec![plain("You changed "), title(chart, *manifest)], note)
        }
        ChartEvent::RecordRemoved { .. } => (EntryKind::Removed, vec![plain("You removed a record")], note),
        ChartEvent::AccessRequested { requester, reason } => {
            let asking = chart.requests.iter().find(|request| request.asked.reason == *reason);
            let words = asking.and_then(|request| request.asking.as_ref()).map(|asking| format!("“{}”", asking.words));
            (EntryKind::Asked, vec![name(chart, *requester), plain(" asked for access")], words.unwrap_or(note))
        }
        ChartEvent::RequestDenied { requester, .. } => {
            (EntryKind::Denied, vec![plain("You denied the request of "), name(chart, *requester)], note)
        }
        ChartEvent::AccessGranted { grantee, scope: what, expiry, .. } => {
            let until = match sharing::until(*expiry) {
                Some(until) => format!("until {}", speaker.say(until, Say::FullDate)),
                None => "until you revoke it".to_owned(),
            };
            (EntryKind::Shared, vec![plain("You shared "), scope(*what), plain(" with "), name(chart, *grantee)], until)
        }
        ChartEvent::AccessRevoked { grantee, scope: what } => {
            let words = vec![plain("You revoked the access of "), name(chart, *grantee), plain(" to "), scope(*what)];
            (EntryKind::Ended, words, "The key was renewed.".to_owned())
        }
        ChartEvent::AuthorBlocked { author, blocked } => {
            let verb = if *blocked { "You blocked new records from " } else { "You allowed new records from " };
            (EntryKind::Blocked, vec![plain(verb), name(chart, *author)], note)
        }
        ChartEvent::AccessLogged { grantee, scope: what } => {
            (EntryKind::Opened, vec![name(chart, *grantee), plain(" opened "), scope(*what)], note)
        }
        ChartEvent::OfferMade { scope: what, expiry, length, claims, emergency, .. } => {
            let made = if *emergency { "You made an emergency card for " } else { "You made an offer of " };
            let who = match sharing::until(*expiry) {
                Some(until) => format!("{} may use it until {}", claimers(*claims), speaker.say(until, Say::FullDate)),
                None => format!("{} may use it", claimers(*claims)),
            };
            let note = format!("{who}, and read for {}.", say_length(*length));
            (EntryKind::Shared, vec![plain(made), scope(*what)], note)
        }
        ChartEvent::OfferClaimed { claimer, key, scope: what, expiry, .. } => {
            let emergency = chart.read.state.offer(*key, *what).is_some_and(|offer| offer.emergency);
            let used = if emergency { " used your emergency card for " } else { " used your code for " };
            let note = format!("reads until {}", speaker.say(*expiry, Say::FullDate));
            (EntryKind::Shared, vec![name(chart, *claimer), plain(used), scope(*what)], note)
        }
        ChartEvent::OfferWithdrawn { scope: what, .. } => {
            let note = "Its code opens nothing any more.".to_owned();
            (EntryKind::Ended, vec![plain("You withdrew an offer of "), scope(*what)], note)
        }
        ChartEvent::MoveProposed { account: to, effective } => {
            let words = vec![plain("Somebody asked to move your record to another account, "), account(*to)];
            let note = format!("with your recovery code; not before {}", speaker.say(*effective, Say::FullDate));
            (EntryKind::Moving, words, note)
        }
        ChartEvent::MoveVetoed { account: to } => {
            (EntryKind::Moving, vec![plain("You stopped the move to account "), account(*to)], note)
        }
        ChartEvent::ChartMoved { account: to } => {
            let note = "It alone acts for you since then.".to_owned();
            (EntryKind::Moving, vec![plain("Your record moved to account "), account(*to)], note)
        }
    }
}

fn entry(chart: &OwnChart, happening: &Happening, speaker: &Speaker) -> Option<Entry> {
    match happening {
        Happening::Entry(entry) => {
            let (kind, sentence, note) = said(chart, &entry.event, speaker);
            Some(Entry {
                kind,
                sentence,
                note,
                at: entry.time,
                block: Some(entry.block),
                transaction: entry.transaction.to_string(),
            })
        }
        // What was handed out follows an opening that stands in the chart; only refusals are news.
        Happening::Word(word) if !word.delivered => Some(Entry {
            kind: EntryKind::Refused,
            sentence: vec![plain("The server refused "), name(chart, word.member)],
            note: "The server's word; not on the chain.".to_owned(),
            at: word.time,
            block: None,
            transaction: String::new(),
        }),
        Happening::Word(_) => None,
    }
}

/// One line per entry, for a spreadsheet. A cell never begins a formula.
fn csv(entries: &[Entry], speaker: &Speaker) -> String {
    let cell = |text: &str| {
        let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let line = |entry: &Entry| {
        let sentence: String = entry.sentence.iter().map(|words| words.text.as_str()).collect();
        let block = entry.block.map(|block| block.to_string()).unwrap_or_default();
        let when = speaker.say(entry.at, Say::Full);
        [when.as_str(), &sentence, &entry.note, &block, &entry.transaction].map(cell).join(",")
    };
    let head = "\"Time\",\"What\",\"Note\",\"Block\",\"Transaction\"".to_owned();
    std::iter::once(head).chain(entries.iter().map(line)).collect::<Vec<_>>().join("\r\n")
}

/// The page.
#[component]
pub fn Timeline() -> impl IntoView {
    let patient = use_patient()?;
    let clock = use_clock();
    let filter = RwSignal::new(String::new());
    let chart = patient.desk.chart;
    let model = Signal::derive(move || {
        let speaker = clock.speaker();
        chart.with(|chart| match chart {
            crate::load::Load::Loading => crate::load::Load::Loading,
            crate::load::Load::Failed(trouble) => crate::load::Load::Failed(trouble.clone()),
            crate::load::Load::Ready(chart) => crate::load::Load::Ready(TimelineModel {
                entries: chart.timeline.iter().filter_map(|one| entry(chart, one, &speaker)).collect(),
                seal: said::seal(&chart.read.seal),
            }),
        })
    });
    let save = move |()| {
        let text = model.with_untracked(|model| model.ready().map(|model| csv(&model.entries, &clock.speaker())));
        if let Some(text) = text {
            let _saved = medkey_browser::save(text.as_bytes(), "medkey-timeline.csv");
        }
    };
    Some(view! {
        <TimelineView
            model=model
            filter=filter
            on_filter=move |key| filter.set(key)
            on_retry=move |()| patient.desk.read_again()
            on_csv=save
        />
    })
}
