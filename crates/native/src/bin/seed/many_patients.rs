//! One doctor with very many patients.

use medkey_client::{grant_access::UNTIL_REVOKED, register::Joining};
use medkey_protocol::blocks::Category;

use crate::{Done, Place, about, profile, verify_all};

const FIRST: [&str; 12] =
    ["Amara", "Jonas", "Marta", "Leo", "Ines", "Tariq", "Yuki", "Sofia", "Noah", "Elif", "Paul", "Greta"];
const LAST: [&str; 13] = [
    "Osei", "Berg", "Klein", "Novak", "Duarte", "Haddad", "Sato", "Lind", "Weber", "Kaya", "Moreau", "Rossi", "Adeyemi",
];

pub(crate) fn name(number: u32) -> String {
    let number = number as usize;
    format!("{} {} {}", FIRST[number % FIRST.len()], LAST[number / FIRST.len() % LAST.len()], number + 1)
}

/// Makes the doctor, and so many patients who share a folder.
pub(crate) async fn make(place: &Place, patients: u32) -> Done {
    let doctor = profile("Dr. Paul Lindqvist", "Physician", "Cardiology", "HH-20417");
    let doctor = place.join(1, Joining::Doctor(doctor, 0)).await?;
    verify_all(&place.client(0)?).await?;
    let grantee = doctor.me.address;
    place
        .crowd(
            "patient",
            patients,
            |_| Joining::Patient,
            async |number, patient| {
                let about = about(&name(number), "1971-05-04", "female");
                patient.share(&about, grantee, Category::General, UNTIL_REVOKED).await
            },
        )
        .await?;
    Ok(())
}
