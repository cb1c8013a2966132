//! A registry of very many doctors, at hospitals.

use medkey_client::register::Joining;
use medkey_protocol::{SolCall as _, contract::IMembers};

use crate::{Done, Place, crowd::Node, hospital, many_patients::name, profile};

const HOSPITALS: u32 = 40;
const SPECIALTIES: [&str; 10] = [
    "Cardiology",
    "Family medicine",
    "Neurology",
    "Orthopaedics",
    "Dermatology",
    "Radiology",
    "Paediatrics",
    "Oncology",
    "Psychiatry",
    "Surgery",
];
const PLACES: [&str; 8] = ["Nord", "Süd", "am Markt", "an der Elbe", "im Park", "Mitte", "am See", "West"];

/// Makes the hospitals and so many doctors, all of them verified.
pub(crate) async fn make(place: &Place, doctors: u32) -> Done {
    let registrar = place.client(0)?;
    let before = u32::try_from(registrar.hospitals().await?.len())?;
    for number in 0..HOSPITALS {
        let place = PLACES[number as usize % PLACES.len()];
        let specialties = [SPECIALTIES[number as usize % SPECIALTIES.len()]];
        let page = hospital(&format!("Klinik {place} {}", number + 1), "Am Markt 4, Hamburg", &specialties);
        registrar.add_hospital(&page, &|_| {}).await?;
    }
    let joining = |number: u32| {
        let specialty = SPECIALTIES[number as usize % SPECIALTIES.len()];
        let (name, licence) = (format!("Dr. {}", name(number)), format!("HH-{:05}", number + 1));
        Joining::Doctor(profile(&name, "Physician", specialty, &licence), before + 1 + number % HOSPITALS)
    };
    place.crowd("doctor", doctors, joining, async |_, _| Ok(())).await?;

    println!("Verifying them");
    let node = Node::of(place)?;
    let mut last = None;
    for candidate in registrar.candidates().await? {
        let (member, profile) = (candidate.entry.member, candidate.digest.into());
        let call = IMembers::verifyCall { member, profile, hospital: candidate.hospital };
        last = Some(node.send(registrar.account(), place.contract, &call.abi_encode()).await?);
    }
    if let Some(last) = last {
        node.included(last).await?;
    }
    // The registrar's next act waits until the relay has come to it.
    while !registrar.candidates().await?.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    Ok(())
}
