//! The timeline: everything that happened, in plain sentences.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::query_signal_with_options};
use medkey_client::{list_records::Record, read_timeline::Happening};
use medkey_protocol::{Address, Digest, api::Word, chart::ChartEvent};

use super::{sharing, use_patient};
use crate::{
    clock::use_clock,
    pages::timeline::{Entry, EntryKind, TimelineModel, TimelineView, Words},
    speaking::{Say, Speaker, count, say_length, sentence, short_address},
    wire::{build, own_chart::OwnChart, said},
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

/// The record that was announced with this manifest, as it is now: since then it may have been filed anew.
fn record(chart: &OwnChart, manifest: Digest) -> Option<&Record> {
    chart.records.records.iter().find(|record| record.manifest == manifest || record.first_manifest == manifest)
}

fn title(chart: &OwnChart, manifest: Digest) -> Words {
    record(chart, manifest)
        .map_or_else(|| plain("a record that is no longer here"), |record| strong(record.meta.title.clone()))
}

/// What happened, in words.
fn said(chart: &OwnChart, event: &ChartEvent, speaker: &Speaker) -> (EntryKind, Vec<Words>, String) {
    let scope = |scope| strong(sharing::scope_word(chart, scope));
    let note = String::new();
    match event {
        ChartEvent::RecordAdded { author, manifest } => {
            let record = record(chart, *manifest);
            let kind = record.map_or(crate::components::record_row::RecordKind::Letter, |record| {
                said::record_kind(&record.meta, chart.category(record.folder))
            });
            // One that was filed anew may have been moved.
            let filed = record.filter(|record| record.manifest == *manifest);
            let folder = filed.map(|record| format!("to the folder {}", chart.folder_word(record.folder)));
            let words = vec![name(chart, *author), plain(" added "), title(chart, *manifest)];
            (EntryKind::Added(kind), words, folder.unwrap_or(note))
        }
        ChartEvent::RecordReplaced { manifest, .. } if chart.past.anew.contains(manifest) => {
            let words = vec![plain("You encrypted "), title(chart, *manifest), plain(" anew")];
            (EntryKind::Renewed, words, "Keys that others held before do not open it.".to_owned())
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

/// Whom a grant handed the key of a record that was encrypted anew in the same transaction: for that person nothing else
/// has changed.
fn handed_over(chart: &OwnChart, entry: &medkey_protocol::chart::Entry) -> Option<Vec<Words>> {
    let ChartEvent::AccessGranted { grantee, scope, .. } = &entry.event else { return None };
    let together = chart.read.entries.iter().filter(|other| other.transaction == entry.transaction);
    let anew = |event: &ChartEvent| matches!(event, ChartEvent::RecordReplaced { manifest, .. } if chart.past.anew.contains(manifest));
    let key = plain(" was handed the new key of ");
    let words = || vec![name(chart, *grantee), key, strong(sharing::scope_word(chart, *scope))];
    together.map(|other| &other.event).any(anew).then(words)
}

fn proven(chart: &OwnChart, entry: &medkey_protocol::chart::Entry, speaker: &Speaker) -> Entry {
    let (kind, sentence, note) = match handed_over(chart, entry) {
        Some(words) => (EntryKind::Renewed, words, String::new()),
        None => said(chart, &entry.event, speaker),
    };
    let transaction = entry.transaction.to_string();
    Entry {
        kind,
        sentence,
        note,
        at: entry.time,
        block: Some(entry.block),
        who: entry.event.party().map(|who| who.to_string()).unwrap_or_default(),
        link: build::page_of(&transaction),
        transaction,
    }
}

/// What the relay says that it did, to one member within a few minutes.
fn told(chart: &OwnChart, words: &[&Word]) -> Option<Entry> {
    let newest = words.first()?;
    let (kind, what) = match newest.delivered {
        true => (EntryKind::Delivered, "The server handed encrypted files to "),
        false => (EntryKind::Refused, "The server refused "),
    };
    Some(Entry {
        kind,
        sentence: vec![plain(what), name(chart, newest.member)],
        note: sentence(&count(words.len(), "piece", "pieces")),
        at: newest.time,
        block: None,
        who: newest.member.to_string(),
        transaction: String::new(),
        link: None,
    })
}

/// The words that follow each other within this time are one line, in seconds.
const TOGETHER: u64 = 300;

fn entries(chart: &OwnChart, speaker: &Speaker) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut happenings = chart.timeline.iter().peekable();
    while let Some(happening) = happenings.next() {
        match happening {
            Happening::Entry(entry) => entries.push(proven(chart, entry, speaker)),
            // Opening a chart fetches many blocks; what one fetches of one's own is no news.
            Happening::Word(word) if word.member == chart.read.chart && word.delivered => {}
            Happening::Word(word) => {
                let mut words = vec![word];
                let goes_on = |next: &&Happening| match next {
                    Happening::Word(next) => {
                        (next.member, next.delivered) == (word.member, word.delivered)
                            && next.time + TOGETHER > word.time
                    }
                    Happening::Entry(_) => false,
                };
                while let Some(Happening::Word(next)) = happenings.next_if(goes_on) {
                    words.push(next);
                }
                entries.extend(told(chart, &words));
            }
        }
    }
    entries
}

/// Everybody whom an entry is about, by name.
fn people(chart: &OwnChart, entries: &[Entry]) -> Vec<(String, String)> {
    let known =
        chart.people.iter().map(|(address, person)| (address.to_string(), said::person(*address, Some(person)).name));
    let mut people: Vec<_> = known.filter(|(address, _)| entries.iter().any(|entry| entry.who == *address)).collect();
    people.sort_by(|one, other| one.1.cmp(&other.1));
    people
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
        let source = if entry.is_word() { "The server's word" } else { "The chain" };
        [when.as_str(), &sentence, &entry.note, source, &block, &entry.transaction].map(cell).join(",")
    };
    let head = ["Time", "What", "Note", "Source", "Block", "Transaction"].map(cell).join(",");
    std::iter::once(head).chain(entries.iter().map(line)).collect::<Vec<_>>().join("\r\n")
}

/// The page.
#[component]
pub fn Timeline() -> impl IntoView {
    let patient = use_patient()?;
    let clock = use_clock();
    let in_place = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (show, set_show) = query_signal_with_options::<String>("show", in_place);
    let who = RwSignal::new(String::new());
    let chart = patient.desk.chart;
    // What the server handed out meanwhile stands in no event that would have been heard.
    if patient.chart().is_some() {
        patient.desk.read_again();
    }
    let model = Signal::derive(move || {
        let speaker = clock.speaker();
        chart.with(|chart| match chart {
            crate::load::Load::Loading => crate::load::Load::Loading,
            crate::load::Load::Failed(trouble) => crate::load::Load::Failed(trouble.clone()),
            crate::load::Load::Ready(chart) => {
                let entries = entries(chart, &speaker);
                let people = people(chart, &entries);
                crate::load::Load::Ready(TimelineModel { entries, people, seal: said::seal(&chart.read.seal) })
            }
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
            filter=Signal::derive(move || show.get().unwrap_or_default())
            on_filter=move |kind: String| set_show.set((!kind.is_empty()).then_some(kind))
            who=who
            on_retry=move |()| patient.desk.read_again()
            on_csv=save
        />
    })
}
