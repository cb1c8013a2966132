//! Hospitals: added, changed, closed.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use medkey_client::{list_members::Listed, people::Hospital};
use medkey_protocol::{
    api::{Role, Status},
    blocks::HospitalPage,
};

use super::{
    desk::{RegistrarDesk, use_registrar},
    members::items,
};
use crate::{
    components::dialog::ConfirmDialog,
    load::{Load, Trouble},
    pages::hospitals::{HospitalDialog, HospitalItem, HospitalModel, HospitalView, HospitalsView},
    speaking::count,
    wire::acts::{Acts, use_acts},
};

fn item(hospital: &Hospital, doctors: usize) -> HospitalItem {
    let Hospital { id, open, page } = hospital;
    let contact = [page.phone.as_str(), &page.email];
    HospitalItem {
        id: id.to_string(),
        name: page.name.clone(),
        address: page.address.clone(),
        specialties: page.specialties.join(", "),
        contact: contact.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        website: page.website.clone(),
        doctors,
        closed: !open,
    }
}

fn facts(page: &HospitalPage) -> Vec<(String, String)> {
    let specialties = page.specialties.join(", ");
    let facts = [
        ("Address", page.address.as_str()),
        ("Specialties", &specialties),
        ("Telephone", &page.phone),
        ("E-mail", &page.email),
        ("Website", &page.website),
    ];
    let there = facts.into_iter().filter(|(_, value)| !value.is_empty());
    there.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The page as the form leaves it.
fn page(input: &HospitalItem) -> HospitalPage {
    let parts = |text: &str| -> Vec<String> {
        text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    let (emails, phones): (Vec<String>, Vec<String>) =
        parts(&input.contact).into_iter().partition(|part| part.contains('@'));
    HospitalPage {
        name: input.name.clone(),
        address: input.address.clone(),
        specialties: parts(&input.specialties),
        phone: phones.join(", "),
        email: emails.join(", "),
        website: input.website.clone(),
    }
}

fn save(desk: RegistrarDesk, acts: Acts, input: &HospitalItem) {
    let name = &input.name;
    let known = desk.registry.with_untracked(|registry| {
        let registry = registry.ready()?;
        registry.hospitals.iter().find(|hospital| hospital.id.to_string() == input.id).cloned()
    });
    let page = page(input);
    match known {
        Some(Hospital { id, .. }) => {
            let said = (format!("Changing {name}"), format!("The page of {name} is changed."));
            desk.act(acts, said, async move |client, listen| client.edit_hospital(id, &page, listen).await);
        }
        None => {
            let said = (format!("Adding {name}"), format!("{name} is added."));
            desk.act(acts, said, async move |client, listen| client.add_hospital(&page, listen).await);
        }
    }
}

fn close(desk: RegistrarDesk, acts: Acts, item: &HospitalItem) {
    let Ok(id) = item.id.parse::<u32>() else { return };
    let name = &item.name;
    let said = (format!("Closing {name}"), format!("{name} is closed."));
    desk.act(acts, said, async move |client, listen| client.close_hospital(id, listen).await);
}

/// What is open above the list.
#[derive(Clone)]
enum Above {
    Nothing,
    Editing(HospitalItem),
    Closing(HospitalItem),
}

/// The page.
#[component]
pub fn Hospitals() -> impl IntoView {
    let desk = use_registrar()?;
    desk.read_registry();
    let above = RwSignal::new(Above::Nothing);
    let model = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(registry) => {
                let doctors = registry.doctors();
                let of = |hospital: &Hospital| doctors.get(&hospital.id).copied().unwrap_or_default();
                let mut items: Vec<HospitalItem> =
                    registry.hospitals.iter().map(|hospital| item(hospital, of(hospital))).collect();
                items.sort_by_key(|item| item.name.to_lowercase());
                Load::Ready(items)
            }
        })
    });
    Some(view! {
        <HospitalsView
            model=model
            on_retry=move |()| desk.read_again()
            on_add=move |()| above.set(Above::Editing(HospitalItem::default()))
            on_edit=move |item: HospitalItem| above.set(Above::Editing(item))
            on_close=move |item: HospitalItem| above.set(Above::Closing(item))
        />
        <Dialogs desk=desk above=above />
    })
}

/// The page of a hospital.
#[component]
pub fn HospitalPageOf() -> impl IntoView {
    let desk = use_registrar()?;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<u32>().ok()).unwrap_or_default());
    let above = RwSignal::new(Above::Nothing);
    let model = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(registry) => {
                let id = id.get();
                let Some(hospital) = registry.hospitals.iter().find(|hospital| hospital.id == id) else {
                    return Load::Failed(Trouble::new("There is no hospital of this number.", "Nothing was changed."));
                };
                let works_there = |listed: &Listed| {
                    let entry = &listed.entry;
                    entry.role == Role::Doctor && entry.status == Status::Active && entry.hospital == id
                };
                let doctors = items(registry, works_there);
                Load::Ready(HospitalModel {
                    item: item(hospital, doctors.len()),
                    facts: facts(&hospital.page),
                    doctors,
                })
            }
        })
    });
    Some(view! {
        <HospitalView
            model=model
            on_retry=move |()| desk.read_again()
            on_edit=move |item: HospitalItem| above.set(Above::Editing(item))
            on_close=move |item: HospitalItem| above.set(Above::Closing(item))
        />
        <Dialogs desk=desk above=above />
    })
}

/// What closing a hospital does.
fn closing(hospital: &HospitalItem) -> String {
    let stay = match hospital.doctors {
        0 => "The page stays.".to_owned(),
        many => format!(
            "The page and its {} stay; the next change of a profile there needs another hospital, or none.",
            count(many, "doctor", "doctors"),
        ),
    };
    format!("No doctor can be verified there any more. This cannot be undone. {stay}")
}

#[component]
fn Dialogs(desk: RegistrarDesk, above: RwSignal<Above>) -> impl IntoView {
    let acts = use_acts();
    let leave = Callback::new(move |()| above.set(Above::Nothing));
    let on_save = Callback::new(move |input: HospitalItem| {
        above.set(Above::Nothing);
        save(desk, acts, &input);
    });
    move || match above.get() {
        Above::Nothing => None,
        Above::Editing(hospital) => {
            Some(view! { <HospitalDialog hospital=hospital on_save=on_save on_leave=leave /> }.into_any())
        }
        Above::Closing(hospital) => Some(
            view! {
                <ConfirmDialog
                    title=format!("Close {}?", hospital.name)
                    sentence=closing(&hospital)
                    act="Close hospital"
                    danger=true
                    on_act=move |()| {
                        above.set(Above::Nothing);
                        close(desk, acts, &hospital);
                    }
                    on_leave=leave
                />
            }
            .into_any(),
        ),
    }
}
