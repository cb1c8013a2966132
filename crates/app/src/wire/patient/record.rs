//! One record: what it holds, who can read it, where it comes from.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use medkey_client::list_records::{Record, Records};
use medkey_protocol::{Address, Scope};

use super::{Above, changing::Changing, sharing, use_patient};
use crate::{
    clock::use_clock,
    components::{icon::Icon, page_head::Crumb},
    load::{Load, Trouble},
    pages::{
        earlier::{Earlier, Kin},
        record::{Proof, Reader, RecordModel, RecordView},
    },
    speaking::{Say, Speaker},
    wire::{
        desk::now,
        kin::{Kinship, Said},
        own_chart::OwnChart,
        professional, said,
        viewer::{Shown, save_record, show_record},
    },
};

fn model(chart: &OwnChart, record: &Record, former: Option<&Records>, speaker: &Speaker) -> RecordModel {
    let folder = chart.folder_word(record.folder).to_owned();
    let author = record.origin.unwrap_or(record.author);
    let by_me = author == record.chart;
    let name = if by_me { "you".to_owned() } else { said::person(author, chart.people.get(&author)).name };
    let dated = record.meta.effective.as_deref().and_then(|date| crate::speaking::say_date(date.get(..10)?));
    let refiled = (!by_me && record.author == record.chart).then(|| "as filed by you".to_owned());
    let from = [
        Some(if by_me { "Filed by you".to_owned() } else { name.clone() }),
        refiled,
        dated.map(|date| format!("dated {date}")),
    ];
    RecordModel {
        title: record.meta.title.clone(),
        from: from.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        way: vec![
            Crumb { word: "Records".to_owned(), href: Some("/records".to_owned()) },
            Crumb { word: folder.clone(), href: None },
        ],
        folder,
        badge: None,
        readers: readers(chart, record, speaker),
        proof: proof(chart, record, former, &name, speaker),
        own: true,
        may_check: false,
        may_amend: false,
        kin: kin(chart, record, speaker),
    }
}

fn kin(chart: &OwnChart, record: &Record, speaker: &Speaker) -> Vec<Kin> {
    let said = Said {
        name: &|other| named(chart, other.written_by()),
        href: &|other| format!("/records/{}", other.id),
        request: &|asked| {
            let who = named(chart, asked.requester);
            let word = format!("Answers a request of {who} from {}", speaker.say(asked.at.time, Say::FullDate));
            Kin::plain(Icon::Request, &word)
        },
        speaker,
    };
    Kinship::of(&chart.records).lines(record, &chart.read.state, &said)
}

fn named(chart: &OwnChart, address: Address) -> String {
    if address == chart.read.chart {
        return "you".to_owned();
    }
    said::person(address, chart.people.get(&address)).name
}

fn earlier(chart: &OwnChart, record: &Record, former: &Record) -> Earlier {
    let from = match former.author {
        author if author == former.chart => "filed by you".to_owned(),
        author => format!("from {}", said::person(author, chart.people.get(&author)).name),
    };
    Earlier {
        title: former.meta.title.clone(),
        sub: format!("{} · {from}", chart.folder_word(former.folder)),
        at: former.at.time,
        other_file: former.id != record.id,
    }
}

fn readers(chart: &OwnChart, record: &Record, speaker: &Speaker) -> Vec<Reader> {
    let mut readers: Vec<Reader> = Vec::new();
    for grant in chart.read.state.live_grants(now()) {
        let through = if grant.scope == Scope::from(record.folder) {
            format!("through the folder {}", chart.folder_word(record.folder))
        } else if grant.scope == Scope::from(record.id) {
            "this record alone".to_owned()
        } else {
            continue;
        };
        let end = match sharing::until(grant.expiry) {
            Some(until) => format!("until {}", speaker.say(until, Say::FullDate)),
            None => "until you revoke it".to_owned(),
        };
        let person = said::person(grant.grantee, chart.people.get(&grant.grantee));
        let opened = grant.opened.last().map(|at| at.time);
        readers.push(Reader { person, how: format!("{through}, {end}"), opened });
    }
    let author = record.origin.unwrap_or(record.author);
    if author != record.chart {
        let person = said::person(author, chart.people.get(&author));
        readers.push(Reader { person, how: "wrote this and keeps its own copy".to_owned(), opened: None });
    }
    readers
}

/// What the patient did with a record since it was first filed.
fn again(record: &Record, former: Option<&Records>) -> &'static str {
    let mut states: Vec<&Record> = vec![record];
    states.extend(former.iter().flat_map(|former| &former.records).take_while(|former| former.id == record.id));
    let changed = |what: fn(&Record, &Record) -> bool| states.windows(2).any(|pair| what(pair[0], pair[1]));
    let renamed = changed(|one, other| one.meta.title != other.meta.title);
    let moved = changed(|one, other| one.folder != other.folder);
    match (renamed, moved) {
        (true, false) => "renamed by you",
        (false, true) => "moved by you",
        (true, true) => "renamed and moved by you",
        // The former states were not read yet.
        (false, false) => "filed anew by you",
    }
}

fn proof(chart: &OwnChart, record: &Record, former: Option<&Records>, name: &str, speaker: &Speaker) -> Proof {
    let proof = professional::proof(record, &chart.read, name, again(record, former), speaker);
    if !record.differs {
        return proof;
    }
    Proof {
        authentic: false,
        title: "Not the same for everybody".to_owned(),
        sentence:
            "The author gave you and the people you share with different keys. What they see may differ from this."
                .to_owned(),
        ..proof
    }
}

/// The page.
#[component]
pub fn RecordPage() -> impl IntoView {
    let patient = use_patient()?;
    let clock = use_clock();
    let params = use_params_map();
    let navigate = use_navigate();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let chart = patient.desk.chart;
    let former: RwSignal<Option<Rc<Records>>, LocalStorage> = RwSignal::new_local(None);
    let gone = || Trouble::new("This record is not in your chart any more.", "Go back to your records.");
    // Compared: what is open on the page stays open while the clock goes on.
    let model = Memo::new(move |_| {
        chart.with(|chart| match chart {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(chart) => match chart.record(&id.get()) {
                Some(record) => {
                    Load::Ready(former.with(|former| model(chart, record, former.as_deref(), &clock.speaker())))
                }
                None => Load::Failed(gone()),
            },
        })
    });
    let shown = Shown::new();
    let manifest = Memo::new(move |_| {
        chart.with(|chart| chart.ready().and_then(|chart| chart.record(&id.get()).map(|record| record.manifest)))
    });
    let load = move || {
        if let Some(chart) = patient.chart() {
            let open = patient.open();
            let id = id.get_untracked();
            spawn_local(async move {
                if let Some(record) = chart.record(&id) {
                    show_record(open.client(), record, &chart.records, shown).await;
                }
            });
        }
    };
    // The file is opened once it is known, and again if another takes its place.
    Effect::new(move |_| {
        if manifest.get().is_some() {
            load();
        }
    });
    let trouble = RwSignal::new(None::<Trouble>);
    let download = move |()| {
        let (Some(chart), open, id) = (patient.chart(), patient.open(), id.get_untracked()) else { return };
        spawn_local(async move {
            if let Some(record) = chart.record(&id) {
                let _left = trouble.try_set(save_record(open.client(), record).await.err());
            }
        });
    };
    // Most records have none, so nothing stands there until something is known.
    let history = RwSignal::new(Load::Ready(Vec::new()));
    let read_history = move || {
        let Some(chart) = patient.chart() else { return };
        let (open, id) = (patient.open(), id.get_untracked());
        spawn_local(async move {
            let Some(record) = chart.record(&id) else { return };
            let read = open.client().read_history(&open.me, &chart.read, record).await;
            let shown = match read {
                Ok(found) => {
                    let rows = found.records.iter().map(|former| earlier(&chart, record, former)).collect();
                    let _left = former.try_set(Some(Rc::new(found)));
                    Load::Ready(rows)
                }
                Err(fault) => Load::Failed(said::trouble(&fault)),
            };
            let _left = history.try_set(shown);
        });
    };
    Effect::new(move |_| {
        if manifest.get().is_some() {
            read_history();
        }
    });
    let save_earlier = move |at: usize| {
        let (open, former) = (patient.open(), former.get_untracked());
        spawn_local(async move {
            if let Some(record) = former.as_ref().and_then(|found| found.records.get(at)) {
                let _left = trouble.try_set(save_record(open.client(), record).await.err());
            }
        });
    };
    // Whoever looks at a record whose file is replaced goes on with the new one.
    Effect::new(move |_| {
        let heir = chart.with(|chart| chart.ready().and_then(|chart| id.with(|id| heir(chart, id))));
        if let Some(heir) = heir {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(&format!("/records/{heir}"), options);
        }
    });
    let change = RwSignal::new(None);
    Some(view! {
        <RecordView
            model=model
            body=shown.body
            part=shown.part
            trouble=trouble
            read_only=patient.read_only()
            earlier=history
            on_retry=move |()| {
                patient.desk.read_again();
                load();
                read_history();
            }
            on_download=download
            on_share=move |()| patient.show(Above::Picking(Some(id.get_untracked())))
            on_change=move |what| change.set(Some(what))
            on_save_earlier=save_earlier
        />
        <Changing id=id change=change />
    })
}

/// The record that has taken the place of one that is gone.
fn heir(chart: &OwnChart, id: &str) -> Option<String> {
    if chart.record(id).is_some() {
        return None;
    }
    let amends = |record: &&Record| record.meta.amends.is_some_and(|amended| amended.to_string() == id);
    let own = |record: &&Record| record.author == record.chart;
    chart.records.records.iter().filter(own).find(amends).map(|record| record.id.to_string())
}
