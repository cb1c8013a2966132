//! Notebooks: one for each member, handed to nobody else, replaced by what is newer alone.

use medkey_protocol::{
    Link,
    api::{ErrorCode, Proof, Session, paths},
    blocks::{EncodedBlock, Header, Kind, Locked, Notebook},
    ids::{Fixed, Octets},
    login,
};
use reqwest::{Method, StatusCode};

use crate::helpers::*;

fn notebook(world: &World, owner: &Person, counter: u64, length: usize) -> EncodedBlock {
    let pages = Locked { salt: Fixed([counter as u8; 32]), ct: Octets(vec![7; length]) };
    encode(Header::new(world.at(), owner.address), Notebook { generation: 0, counter, pages })
}

async fn put(world: &World, bytes: &[u8], session: Option<&Session>) -> Result<StatusCode, No> {
    let request = world.api().request(Method::PUT, paths::NOTEBOOK, session).body(bytes.to_vec());
    Ok(world.api().send(request).await?.0)
}

async fn get(world: &World, session: Option<&Session>) -> Result<Vec<u8>, No> {
    Ok(world.api().send(world.api().request(Method::GET, paths::NOTEBOOK, session)).await?.1)
}

fn code<T>(answer: Result<T, No>) -> Result<T, ErrorCode> {
    answer.map_err(|no| no.code)
}

#[tokio::test]
async fn the_newest_is_kept_and_an_older_one_refused() {
    let world = World::start().await;
    let session = world.sign_in(&world.patient).await;
    assert_eq!(code(get(&world, Some(&session)).await), Err(ErrorCode::NotFound));
    let (first, second) = (notebook(&world, &world.patient, 1, 528), notebook(&world, &world.patient, 2, 1040));
    assert_eq!(put(&world, &first.bytes, Some(&session)).await, Ok(StatusCode::NO_CONTENT));
    assert_eq!(put(&world, &second.bytes, Some(&session)).await, Ok(StatusCode::NO_CONTENT));
    for late in [&first, &second] {
        let no = put(&world, &late.bytes, Some(&session)).await.unwrap_err();
        assert_eq!((no.status, no.code), (StatusCode::CONFLICT, ErrorCode::Outdated));
    }
    assert_eq!(get(&world, Some(&session)).await.unwrap(), second.bytes);
    // In another session of the same member too.
    let another = world.sign_in(&world.patient).await;
    assert_eq!(get(&world, Some(&another)).await.unwrap(), second.bytes);
}

#[tokio::test]
async fn it_is_the_members_own_and_two_never_mix() {
    let world = World::start().await;
    let (patient, other) = (world.sign_in(&world.patient).await, world.sign_in(&world.other).await);
    let doctor = world.sign_in(&world.doctor).await;
    let own = notebook(&world, &world.patient, 5, 528);
    put(&world, &own.bytes, Some(&patient)).await.unwrap();
    assert_eq!(code(get(&world, Some(&other)).await), Err(ErrorCode::NotFound));
    assert_eq!(code(put(&world, &own.bytes, Some(&other)).await), Err(ErrorCode::WrongBlock));
    let of_doctor = notebook(&world, &world.doctor, 1, 528);
    put(&world, &of_doctor.bytes, Some(&doctor)).await.unwrap();
    assert_eq!(get(&world, Some(&doctor)).await.unwrap(), of_doctor.bytes);
    assert_eq!(get(&world, Some(&patient)).await.unwrap(), own.bytes);

    // Without a session, or with one that a wallet opened, there is none.
    assert_eq!(code(get(&world, None).await), Err(ErrorCode::NoSession));
    assert_eq!(code(put(&world, &own.bytes, None).await), Err(ErrorCode::NoSession));
    let me = world.patient.address;
    let challenge = world.api().challenge(me).await;
    let text =
        login::wallet_text(&challenge.domain, &challenge.uri, me, world.at(), &challenge.nonce, &challenge.issued_at);
    let signature = Fixed(world.chain.personal_sign(me, &text).await.try_into().unwrap());
    let wallet = world.api().open(me, challenge.nonce, Proof::Wallet { signature }).await.unwrap();
    assert_eq!(code(get(&world, Some(&wallet)).await), Err(ErrorCode::NoAccess));
    assert_eq!(code(put(&world, &own.bytes, Some(&wallet)).await), Err(ErrorCode::NoAccess));

    // Nor is it a block that others could ask for by its hash.
    assert_eq!(code(world.api().put_block(&own, Some(&patient)).await), Err(ErrorCode::WrongBlock));
    assert_eq!(code(world.api().get(own.link(), Some(&patient)).await), Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn what_is_no_notebook_or_too_long_is_refused() {
    let world = World::start().await;
    let session = world.sign_in(&world.patient).await;
    let own = notebook(&world, &world.patient, 1, 528);
    let cut = &own.bytes[..own.bytes.len() - 1];
    let slot = slot(world.at(), world.patient.address);
    for wrong in [b"notes".as_slice(), cut, &slot.bytes] {
        assert_eq!(code(put(&world, wrong, Some(&session)).await), Err(ErrorCode::WrongBlock));
    }
    let long = vec![0; Kind::Notebook.limit() + 1];
    assert_eq!(code(put(&world, &long, Some(&session)).await), Err(ErrorCode::TooLarge));
    assert_eq!(code(get(&world, Some(&session)).await), Err(ErrorCode::NotFound));
    let longest = notebook(&world, &world.patient, 1, 65_024 + 16);
    assert_eq!(put(&world, &longest.bytes, Some(&session)).await, Ok(StatusCode::NO_CONTENT));
    assert_ne!(Link::of(medkey_protocol::ids::DAG_CBOR, &own.bytes), longest.link());
}
