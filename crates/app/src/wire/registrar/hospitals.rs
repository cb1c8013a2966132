//! Hospitals: added, changed, closed.

use leptos::prelude::*;
use medkey_client::people::Hospital;
use medkey_protocol::{
    api::{Role, Status},
    blocks::HospitalPage,
};

use super::desk::{RegistrarDesk, Registry, use_registrar};
use crate::{
    components::dialog::ConfirmDialog,
    load::Load,
    pages::hospitals::{HospitalDialog, HospitalItem, HospitalsView},
    wire::acts::{Acts, use_acts},
};

fn item(registry: &Registry, hospital: &Hospital) -> HospitalItem {
    let Hospital { id, open, page } = hospital;
    let works_there = |member: &&super::desk::Member| {
        let entry = &member.entry;
        entry.role == Role::Doctor && entry.status == Status::Active && entry.hospital == *id
    };
    let contact = [page.phone.as_str(), &page.email];
    HospitalItem {
        id: id.to_string(),
        name: page.name.clone(),
        address: page.address.clone(),
        specialties: page.specialties.join(", "),
        contact: contact.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        doctors: registry.members.iter().filter(works_there).count(),
        closed: !open,
    }
}

/// The page as the form leaves it; what the form does not ask stays.
fn page(input: &HospitalItem, before: Option<&HospitalPage>) -> HospitalPage {
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
        website: before.map(|page| page.website.clone()).unwrap_or_default(),
    }
}

fn save(desk: RegistrarDesk, acts: Acts, input: &HospitalItem) {
    let name = &input.name;
    let known = desk.registry.with_untracked(|registry| {
        let registry = registry.ready()?;
        registry.hospitals.iter().find(|hospital| hospital.id.to_string() == input.id).cloned()
    });
    let page = page(input, known.as_ref().map(|hospital| &hospital.page));
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
    let acts = use_acts();
    desk.read_registry();
    let above = RwSignal::new(Above::Nothing);
    let model = Memo::new(move |_| {
        desk.registry.with(|registry| match registry {
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble.clone()),
            Load::Ready(registry) => {
                let mut items: Vec<HospitalItem> =
                    registry.hospitals.iter().map(|hospital| item(registry, hospital)).collect();
                items.sort_by_key(|item| item.name.to_lowercase());
                Load::Ready(items)
            }
        })
    });
    let leave = Callback::new(move |()| above.set(Above::Nothing));
    let on_save = Callback::new(move |input: HospitalItem| {
        above.set(Above::Nothing);
        save(desk, acts, &input);
    });
    Some(view! {
        <HospitalsView
            model=model
            on_retry=move |()| desk.read_again()
            on_add=move |()| above.set(Above::Editing(HospitalItem::default()))
            on_edit=move |item: HospitalItem| above.set(Above::Editing(item))
            on_close=move |item: HospitalItem| above.set(Above::Closing(item))
        />
        {move || match above.get() {
            Above::Nothing => None,
            Above::Editing(hospital) => {
                Some(view! { <HospitalDialog hospital=hospital on_save=on_save on_leave=leave /> }.into_any())
            }
            Above::Closing(hospital) => {
                let sentence = format!(
                    "No doctor can be verified there any more. This cannot be undone; the page and the doctors of {} stay.",
                    hospital.name,
                );
                Some(
                    view! {
                        <ConfirmDialog
                            title=format!("Close {}?", hospital.name)
                            sentence=sentence
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
                )
            }
        }}
    })
}
