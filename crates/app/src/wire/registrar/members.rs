//! Members: doctors and laboratories, how they stand, and the page of each.

use std::{collections::BTreeMap, sync::Arc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{query_signal_with_options, use_params_map},
};
use medkey_client::{
    fault::Fault,
    list_members::{Compared, Listed},
    read_registration::Course,
    verify_member::Why,
};
use medkey_protocol::{
    Address,
    api::{Change, MemberChange, Role, Status},
};

use super::{
    desk::{RegistrarDesk, Registry, use_registrar},
    verify::reasons,
};
use crate::{
    components::{
        changes::changed,
        dialog::{ConfirmDialog, Dialog, DialogFoot},
        field::SelectField,
        icon::Icon,
        person_row::Person,
    },
    load::Load,
    pages::members::{
        Checked, Finding, HistoryItem, MemberItem, MemberModel, MemberView, MembersModel, MembersView, Proposal, State,
    },
    speaking::thousands,
    wire::{
        acts::{Acts, use_acts},
        desk::Client,
        said,
    },
};

type Names = BTreeMap<u32, String>;

fn state(status: Status) -> State {
    match status {
        Status::Active => State::Verified,
        Status::Pending => State::Waiting,
        Status::Refused => State::Refused,
        Status::Suspended => State::Suspended,
    }
}

fn hospital_name(id: u32, names: &Names) -> Option<String> {
    (id != 0).then(|| names.get(&id).cloned().unwrap_or_else(|| format!("Hospital {id}")))
}

/// The sentence of a refusal or a suspension.
fn why(code: Option<u8>) -> String {
    code.map(|code| Why::of(code).sentence().to_owned()).unwrap_or_default()
}

pub(super) fn item(listed: &Listed, names: &Names) -> MemberItem {
    let Listed { entry, profile, proposed, .. } = listed;
    let mut person = said::listed_person(listed, hospital_name(entry.hospital, names).as_deref());
    let why = why(entry.reason).trim_end_matches('.').to_owned();
    if person.detail.is_empty() && entry.role == Role::Lab {
        person.detail = "Laboratory".to_owned();
    }
    let parts = [person.detail, why];
    person.detail = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let shown = profile.as_ref().or(proposed.as_ref());
    let besides = shown.map(|shown| format!("{}\n{}", shown.licence, shown.languages.join(" "))).unwrap_or_default();
    MemberItem {
        person,
        laboratory: entry.role == Role::Lab,
        state: state(entry.status),
        besides,
        href: format!("/members/{}", entry.member),
    }
}

/// Those of whom this is so, by name.
pub(super) fn items(registry: &Registry, fits: impl Fn(&Listed) -> bool) -> Arc<[MemberItem]> {
    let names = registry.names();
    let listed = registry.members.iter().filter(|listed| fits(listed));
    let mut items: Vec<MemberItem> = listed.map(|listed| item(listed, &names)).collect();
    items.sort_by_cached_key(|item| item.person.name.to_lowercase());
    items.into()
}

fn suspend(desk: RegistrarDesk, acts: Acts, person: &Person, why: Why) {
    let Ok(member) = person.address.parse::<Address>() else { return };
    let name = &person.name;
    let said = (format!("Suspending {name}"), format!("{name} is suspended."));
    desk.act(acts, said, async move |client, listen| client.suspend_member(member, why, listen).await);
}

fn reinstate(desk: RegistrarDesk, acts: Acts, person: &Person) {
    let Ok(member) = person.address.parse::<Address>() else { return };
    let name = &person.name;
    let said = (format!("Reinstating {name}"), format!("{name} is verified again."));
    desk.act(acts, said, async move |client, listen| client.reinstate_member(member, listen).await);
}

fn left(desk: RegistrarDesk, acts: Acts, person: &Person) {
    let Ok(member) = person.address.parse::<Address>() else { return };
    let name = &person.name;
    let said = (format!("Taking {name} off the hospital"), format!("{name} belongs to no hospital."));
    desk.act(acts, said, async move |client, listen| client.leave_hospital(member, listen).await);
}

/// The page.
#[component]
pub fn Members() -> impl IntoView {
    let desk = use_registrar()?;
    let acts = use_acts();
    desk.read_registry();
    let suspending = RwSignal::new(None::<Person>);
    let model = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(registry) => {
                Load::Ready(MembersModel { items: items(registry, |_| true), more: !registry.whole })
            }
        })
    });
    let in_place = || NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (search, set_search) = query_signal_with_options::<String>("search", in_place());
    let (role, set_role) = query_signal_with_options::<String>("role", in_place());
    let (state, set_state) = query_signal_with_options::<String>("state", in_place());
    // What is typed stands here at once, and in the address a moment later.
    let finding = RwSignal::new(Finding {
        search: search.get_untracked().unwrap_or_default(),
        role: role.get_untracked().unwrap_or_default(),
        state: state.get_untracked().unwrap_or_default(),
    });
    let find = move |found: Finding| {
        let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let Finding { search, role, state } = &found;
        set_search.set(said(search));
        set_role.set(said(role));
        set_state.set(said(state));
        finding.set(found);
    };
    let seen = move |items: Arc<[MemberItem]>| {
        desk.compare(items.iter().filter_map(|item| item.person.address.parse().ok()).collect());
    };
    Some(view! {
        <MembersView
            model=model
            lie=desk.lie
            finding=finding
            on_find=find
            on_retry=move |()| desk.read_again()
            on_seen=seen
            on_suspend=move |person: Person| suspending.set(Some(person))
            on_reinstate=move |person: Person| reinstate(desk, acts, &person)
        />
        <Suspending desk=desk suspending=suspending />
    })
}

fn history_item(change: &MemberChange, names: &Names, before: &Course) -> HistoryItem {
    let at_hospital = |id: u32| hospital_name(id, names).map(|name| format!("at {name}")).unwrap_or_default();
    let (what, detail, icon) = match change.what {
        Change::Registered { hospital, .. } => ("Registered", at_hospital(hospital), Icon::Profile),
        Change::Proposed { hospital, .. } => ("Proposed a change", at_hospital(hospital), Icon::Pencil),
        Change::Verified { profile, hospital } if before.verified() == Some((profile, hospital)) => {
            ("Left as verified", "What was proposed was not taken over".to_owned(), Icon::Checked)
        }
        Change::Verified { hospital: 0, .. } if before.hospital() != 0 => {
            let left = hospital_name(before.hospital(), names).map(|name| format!("left {name}")).unwrap_or_default();
            ("Verified, without a hospital", left, Icon::Checked)
        }
        Change::Verified { hospital, .. } => ("Verified", at_hospital(hospital), Icon::Checked),
        Change::Refused { reason } => ("Refused", why(Some(reason)), Icon::Cross),
        Change::Suspended { reason } => ("Suspended", why(Some(reason)), Icon::Warning),
        Change::Reinstated => ("Reinstated", String::new(), Icon::Tick),
    };
    HistoryItem { at: change.time, what: what.to_owned(), detail, icon }
}

/// What happened, the newest first.
fn history(changes: &[MemberChange], names: &Names) -> Vec<HistoryItem> {
    let mut before = Course::default();
    let mut items = Vec::new();
    for change in changes {
        items.push(history_item(change, names, &before));
        before.go_on(change);
    }
    items.reverse();
    items
}

fn checked(compared: Result<Compared, Fault>) -> Result<Checked, Fault> {
    match compared {
        Ok(Compared::Agrees(block)) => Ok(Checked::Agrees(block)),
        Ok(Compared::Behind(block) | Compared::Ahead(block)) => Ok(Checked::Not(format!(
            "server and chain are some blocks apart; this holds for block {}",
            thousands(block)
        ))),
        Err(fault @ Fault::Lie(_)) => Err(fault),
        Err(_) => Ok(Checked::Not("the wallet's node cannot be asked now".to_owned())),
    }
}

async fn member(client: &Client, member: Address, names: &Names) -> Result<MemberModel, Fault> {
    let listed = client.listed_member(member).await?;
    let checked = checked(client.compare_listed(&listed).await)?;
    let changes = client.member_history(member).await?;
    let Listed { entry, profile, proposed, .. } = &listed;
    let hospital = hospital_name(entry.hospital, names);
    let facts = profile.as_ref().map(|profile| said::profile_facts(profile, hospital.as_deref())).unwrap_or_default();
    let waiting = entry.proposal.as_ref().zip(proposed.as_ref()).map(|(proposal, profile)| {
        let named = said::profile_facts(profile, hospital_name(proposal.hospital, names).as_deref());
        let what = if facts.is_empty() { Proposal::First(named) } else { Proposal::Change(changed(&facts, &named)) };
        (proposal.time, what)
    });
    let mut details = vec![("Account".to_owned(), member.to_string()), ("Card".to_owned(), entry.card.to_string())];
    details.extend(entry.profile.map(|profile| ("Verified profile".to_owned(), profile.to_string())));
    details.extend(entry.proposal.as_ref().map(|waits| ("Proposed profile".to_owned(), waits.profile.to_string())));
    Ok(MemberModel {
        person: said::listed_person(&listed, hospital.as_deref()),
        state: state(entry.status),
        why: why(entry.reason),
        hospital: hospital.map(|name| (name, format!("/hospitals/{}", entry.hospital))),
        waiting,
        history: history(&changes, names),
        checked,
        details,
        facts,
    })
}

/// The page of a member.
#[component]
pub fn MemberPage() -> impl IntoView {
    let desk = use_registrar()?;
    let acts = use_acts();
    let params = use_params_map();
    let address = Memo::new(move |_| params.with(|params| params.get("member")?.parse::<Address>().ok()));
    let model = RwSignal::new(Load::Loading);
    let read = move || {
        let seat = desk.seat();
        let names = desk.registry.with(|registry| registry.ready().map(|registry| registry.names()));
        let (address, Some(names)) = (address.get(), names) else { return };
        spawn_local(async move {
            let read = match address {
                Some(address) => member(&seat.client, address, &names).await,
                None => Err(Fault::NoMember(Address::ZERO)),
            };
            let _left = model.try_set(read.map_or_else(|fault| Load::Failed(said::trouble(&fault)), Load::Ready));
        });
    };
    // Again whenever the registry was read again: something has happened to somebody.
    Effect::new(move |_| read());
    let suspending = RwSignal::new(None::<Person>);
    let leaving = RwSignal::new(None::<Person>);
    Some(view! {
        <MemberView
            model=model
            on_retry=move |()| desk.read_again()
            on_suspend=move |person: Person| suspending.set(Some(person))
            on_reinstate=move |person: Person| reinstate(desk, acts, &person)
            on_left=move |person: Person| leaving.set(Some(person))
        />
        <Suspending desk=desk suspending=suspending />
        {move || {
            leaving
                .get()
                .map(|person| {
                    view! {
                        <ConfirmDialog
                            title=format!("Has {} left the hospital?", person.name)
                            sentence="The same profile is verified anew, without a hospital. Patients who share with the doctors of the hospital are asked what to do."
                                .to_owned()
                            act="Take off the hospital"
                            on_act=move |()| {
                                leaving.set(None);
                                left(desk, acts, &person);
                            }
                            on_leave=move |()| leaving.set(None)
                        />
                    }
                })
        }}
    })
}

/// The dialog, while somebody is to be suspended.
#[component]
fn Suspending(desk: RegistrarDesk, suspending: RwSignal<Option<Person>>) -> impl IntoView {
    let acts = use_acts();
    let on_suspend = Callback::new(move |(person, why): (Person, Why)| {
        suspending.set(None);
        suspend(desk, acts, &person, why);
    });
    move || {
        suspending.get().map(|person| {
            view! {
                <SuspendDialog
                    person=person
                    on_suspend=on_suspend
                    on_close=Callback::new(move |()| suspending.set(None))
                />
            }
        })
    }
}

/// Why a member is suspended.
#[component]
fn SuspendDialog(person: Person, on_suspend: Callback<(Person, Why)>, on_close: Callback<()>) -> impl IntoView {
    let reason = RwSignal::new((Why::ALL[0] as u8).to_string());
    view! {
        <Dialog title=format!("Suspend {}", person.name) on_close=on_close>
            <SelectField label="Reason" value=reason choices=Signal::stored(reasons()) />
            <p class="second">
                "Until it is reinstated, this account can open no chart and write into none. What it filed stays."
            </p>
            <DialogFoot
                act="Suspend"
                danger=true
                on_act=move |()| {
                    if let Ok(code) = reason.get_untracked().parse() {
                        on_suspend.run((person.clone(), Why::of(code)));
                    }
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
