//! The hospitals that doctors belong to.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::blank::{Empty, TroubleLine};
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::components::long_list::LongRows;
use crate::components::page_head::{Crumb, Crumbs, PageHead, Section};
use crate::components::person_row::PersonRow;
use crate::components::record_row::Tile;
use crate::components::seal::Facts;
use crate::load::{Load, Loaded, Trouble};
use crate::pages::members::MemberItem;
use crate::speaking::{count, sentence};

/// A hospital.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct HospitalItem {
    /// Its id; empty for a new one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its postal address.
    pub address: String,
    /// Its specialties.
    pub specialties: String,
    /// How to reach it.
    pub contact: String,
    /// Its website.
    pub website: String,
    /// How many doctors belong to it.
    pub doctors: usize,
    /// It was closed.
    pub closed: bool,
}

fn summary(items: &[HospitalItem]) -> String {
    let open = items.iter().filter(|item| !item.closed).count();
    let doctors = items.iter().map(|item| item.doctors).sum();
    sentence(&format!("{} with {}.", count(open, "hospital", "hospitals"), count(doctors, "doctor", "doctors")))
}

/// The page.
#[component]
pub fn HospitalsView(
    /// The hospitals, by name.
    #[prop(into)]
    model: Signal<Load<Vec<HospitalItem>>>,
    /// Why the last act did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Adds one.
    #[prop(into)]
    on_add: Callback<()>,
    /// Changes one.
    #[prop(into)]
    on_edit: Callback<HospitalItem>,
    /// Closes one.
    #[prop(into)]
    on_close: Callback<HospitalItem>,
) -> impl IntoView {
    let sub = Signal::derive(move || {
        model.with(|model| {
            model.ready().filter(|items| !items.is_empty()).map(|items| summary(items)).unwrap_or_default()
        })
    });
    view! {
        <PageHead title="Hospitals" sub=sub>
            <Button label="Add hospital" icon=Icon::Plus weight=Weight::Primary on_press=on_add />
        </PageHead>
        <TroubleLine trouble=trouble />
        <Loaded
            model=model
            rows=2
            on_retry=on_retry
            children={move |items: Vec<HospitalItem>| {
                if items.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::Hospital
                            title="No hospital yet"
                            sentence="Add the hospitals that doctors work at. Each has a public page with address, specialties and contact."
                        />
                    }
                        .into_any();
                }
                view! {
                    <ul class="rows">
                        {items
                            .into_iter()
                            .map(|item| {
                                view! { <HospitalRow item=item on_edit=on_edit on_close=on_close /> }
                            })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        />
    }
}

#[component]
fn HospitalRow(item: HospitalItem, on_edit: Callback<HospitalItem>, on_close: Callback<HospitalItem>) -> impl IntoView {
    let mut sub = vec![item.address.clone(), item.specialties.clone(), count(item.doctors, "doctor", "doctors")];
    sub.retain(|part| !part.is_empty());
    let edited = item.clone();
    let closed = item.clone();
    let name = item.name.clone();
    let href = format!("/hospitals/{}", item.id);
    view! {
        <li class="row row--acts row--opens">
            <Tile icon=Icon::Hospital />
            <div class="row__main">
                <div class="row__title">
                    <A href=href attr:class="row__open">
                        {item.name}
                    </A>
                    {item
                        .closed
                        .then(|| view! { <Chip badge=Badge::new(Tone::Quiet, "Closed") /> })}
                </div>
                <div class="row__sub">{sub.join(" · ")}</div>
            </div>
            {(!item.closed)
                .then(|| {
                    view! {
                        <div class="row__end">
                            <Button
                                label="Edit"
                                about=name.clone()
                                small=true
                                on_press=move |()| on_edit.run(edited.clone())
                            />
                            <Button
                                label="Close"
                                about=name
                                weight=Weight::Danger
                                small=true
                                on_press=move |()| on_close.run(closed.clone())
                            />
                        </div>
                    }
                })}
        </li>
    }
}

/// A hospital's page for the registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HospitalModel {
    /// The hospital.
    pub item: HospitalItem,
    /// What its page says: name and value.
    pub facts: Vec<(String, String)>,
    /// The doctors who belong to it, by name.
    pub doctors: Arc<[MemberItem]>,
}

/// A hospital's page for the registrar.
#[component]
pub fn HospitalView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<HospitalModel>>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Changes it.
    #[prop(into)]
    on_edit: Callback<HospitalItem>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<HospitalItem>,
) -> impl IntoView {
    view! {
        <Crumbs way=vec![Crumb::to("Hospitals", "/hospitals"), Crumb::here("Hospital")] />
        <Loaded
            model=model
            rows=4
            on_retry=on_retry
            children={move |HospitalModel { item, facts, doctors }: HospitalModel| {
                let (edited, closed, is_closed) = (item.clone(), item.clone(), item.closed);
                let many = count(doctors.len(), "doctor belongs", "doctors belong");
                let nobody = doctors.is_empty();
                view! {
                    <PageHead title=item.name sub=sentence(&format!("{many} to it.")) pair=!is_closed>
                        {(!is_closed)
                            .then(|| {
                                view! {
                                    <Button label="Edit" on_press=move |()| on_edit.run(edited.clone()) />
                                    <Button
                                        label="Close"
                                        weight=Weight::Danger
                                        on_press=move |()| on_close.run(closed.clone())
                                    />
                                }
                            })}
                    </PageHead>
                    {is_closed
                        .then(|| {
                            view! {
                                <p class="member__state">
                                    <Chip badge=Badge::new(Tone::Quiet, "Closed") />
                                    <span class="second">"No doctor can be verified here any more."</span>
                                </p>
                            }
                        })}
                    <Section title="Contact" note="as everybody sees it">
                        <div class="card card--pad">
                            <Facts facts=facts />
                        </div>
                    </Section>
                    <Section title="Doctors">
                        {if nobody {
                            view! {
                                <Empty
                                    icon=Icon::People
                                    title="No doctor yet"
                                    sentence="Doctors belong to a hospital once you have verified them there."
                                />
                            }
                                .into_any()
                        } else {
                            view! {
                                <LongRows
                                    items=Signal::stored(doctors)
                                    draw=|MemberItem { person, state, href, .. }: MemberItem| {
                                        let sub = person.detail.clone();
                                        view! {
                                            <PersonRow person=person sub=sub badge=state.badge() href=href />
                                        }
                                            .into_any()
                                    }
                                />
                            }
                                .into_any()
                        }}
                    </Section>
                }
            }}
        />
    }
}

/// Adds or changes a hospital.
#[component]
pub fn HospitalDialog(
    /// What it says now.
    hospital: HospitalItem,
    /// It is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Saves it.
    #[prop(into)]
    on_save: Callback<HospitalItem>,
    /// Leaves.
    #[prop(into)]
    on_leave: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(hospital.name.clone());
    let address = RwSignal::new(hospital.address.clone());
    let specialties = RwSignal::new(hospital.specialties.clone());
    let contact = RwSignal::new(hospital.contact.clone());
    let website = RwSignal::new(hospital.website.clone());
    let new = hospital.id.is_empty();
    let title = if new { "Add a hospital".to_owned() } else { format!("Edit {}", hospital.name) };
    let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
    let hospital = StoredValue::new(hospital);
    view! {
        <Dialog title=title on_close=on_leave>
            <div class="fields">
                <Field label="Name" value=name first=true />
                <Field label="Address" value=address optional=true />
                <Field label="Specialties" value=specialties hint="Separated by commas" optional=true />
                <Field label="Telephone or e-mail" value=contact optional=true />
                <Field label="Website" value=website takes=Takes::Url optional=true />
            </div>
            <TroubleLine trouble=trouble />
            <DialogFoot
                act=if new { "Add hospital" } else { "Save" }
                busy=busy
                disabled=Signal::derive(move || name.with(|name| name.trim().is_empty()))
                on_act=move |()| {
                    on_save
                        .run(HospitalItem {
                            name: text(name),
                            address: text(address),
                            specialties: text(specialties),
                            contact: text(contact),
                            website: text(website),
                            ..hospital.get_value()
                        });
                }
                on_leave=on_leave
            />
        </Dialog>
    }
}
