//! Sessions: who gets one, what it reaches, when it ends.

use ed25519_dalek::{Signer, SigningKey};
use medkey_protocol::{
    Link,
    api::{ErrorCode, Proof, Reach, paths},
    contract::IMembers,
    ids::{Fixed, RAW},
    login,
};
use reqwest::{Method, StatusCode};

use crate::helpers::*;

#[tokio::test]
async fn the_sign_in_key_of_the_card_opens_everything() {
    let world = World::start().await;
    let session = world.sign_in(&world.patient).await;
    assert_eq!(session.reach, Reach::Full);
    world.api().json::<serde_json::Value>(paths::INBOX, Some(&session)).await.unwrap();
    let no = world.api().json::<serde_json::Value>(paths::INBOX, None).await.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::UNAUTHORIZED, ErrorCode::NoSession));
}

#[tokio::test]
async fn another_key_a_used_challenge_or_an_unknown_member_opens_nothing() {
    let world = World::start().await;
    let mut impostor = world.patient.clone();
    impostor.signin = SigningKey::from_bytes(&[1; 32]);
    let no = sign_in(world.api(), world.at(), &impostor).await.unwrap_err();
    assert_eq!(no.code, ErrorCode::WrongProof);

    let (me, at) = (&world.patient, world.at());
    let nonce = world.api().challenge(me.address).await.nonce;
    let signature = me.signin.sign(&login::key_bytes(me.address, at, &nonce));
    let proof = || Proof::Key { signature: Fixed(signature.to_bytes()) };
    world.api().open(me.address, nonce, proof()).await.unwrap();
    assert_eq!(world.api().open(me.address, nonce, proof()).await.unwrap_err().code, ErrorCode::WrongProof);
    assert_eq!(
        world.api().open(me.address, Fixed([7; 32]), proof()).await.unwrap_err().code,
        ErrorCode::WrongProof,
        "a challenge that the relay never gave"
    );

    let mut nobody = world.patient.clone();
    nobody.address = world.chain.accounts[9];
    assert_eq!(sign_in(world.api(), world.at(), &nobody).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_wallet_opens_its_slots_and_nothing_else() {
    let mut world = World::start().await;
    let full = world.sign_in(&world.patient).await;
    let slot = slot(world.at(), world.patient.address);
    world.api().put_block(&slot, Some(&full)).await.unwrap();
    let card = world.patient.card(world.at(), &[], &[slot.link()]);
    world.api().put_block(&card, Some(&full)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: card.digest.into() };
    world.chain.send(world.patient.address, &call).await;
    world.patient.card = card.digest;
    let file = File::of("secret", 100, 1_000);
    let manifest = world.file(&world.patient, &world.patient, [1; 32].into(), [2; 32].into(), &file).await;
    world.reach().await;

    let me = world.patient.address;
    let challenge = world.api().challenge(me).await;
    assert_eq!((challenge.domain.as_str(), challenge.uri.as_str()), ("relay.example", "http://relay.example"));
    let text =
        login::wallet_text(&challenge.domain, &challenge.uri, me, world.at(), &challenge.nonce, &challenge.issued_at);
    let signature = world.chain.personal_sign(me, &text).await.try_into().unwrap();
    let proof = Proof::Wallet { signature: Fixed(signature) };
    let wallet = world.api().open(me, challenge.nonce, proof.clone()).await.unwrap();
    assert_eq!(wallet.reach, Reach::Slots);
    assert_eq!(world.api().get(slot.link(), Some(&wallet)).await.unwrap(), slot.bytes);

    let code = |no: No| no.code;
    assert_eq!(world.api().get(manifest.link(), Some(&wallet)).await.map_err(code), Err(ErrorCode::NoAccess));
    assert_eq!(world.api().get(file.body.link, Some(&wallet)).await.map_err(code), Err(ErrorCode::NoAccess));
    let leaf = Link::of(RAW, b"leaf");
    assert_eq!(world.api().put(leaf, b"leaf", Some(&wallet)).await.map_err(code), Err(ErrorCode::NoAccess));
    for path in [paths::INBOX.to_owned(), format!("{}/{me}/entries", paths::CHARTS)] {
        let answer = world.api().json::<serde_json::Value>(&path, Some(&wallet)).await;
        assert_eq!(answer.map_err(code), Err(ErrorCode::NoAccess));
    }
    // The slot is for its member alone.
    let stranger = world.sign_in(&world.stranger).await;
    assert_eq!(world.api().get(slot.link(), Some(&stranger)).await.map_err(code), Err(ErrorCode::NoAccess));
    assert_eq!(world.api().get(slot.link(), None).await.map_err(code), Err(ErrorCode::NoSession));

    // Another wallet's signature over the same kind of text.
    let challenge = world.api().challenge(me).await;
    let text =
        login::wallet_text(&challenge.domain, &challenge.uri, me, world.at(), &challenge.nonce, &challenge.issued_at);
    let signature = world.chain.personal_sign(world.stranger.address, &text).await.try_into().unwrap();
    let proof = Proof::Wallet { signature: Fixed(signature) };
    assert_eq!(world.api().open(me, challenge.nonce, proof).await.map_err(code), Err(ErrorCode::WrongProof));
}

#[tokio::test]
async fn a_session_ends_when_asked_to_and_when_the_key_changes() {
    let mut world = World::start().await;
    let session = world.sign_in(&world.patient).await;
    let another = world.sign_in(&world.patient).await;
    world.api().send(world.api().request(Method::DELETE, paths::SESSIONS, Some(&another))).await.unwrap();
    assert_eq!(
        world.api().json::<serde_json::Value>(paths::INBOX, Some(&another)).await.unwrap_err().code,
        ErrorCode::NoSession
    );

    world.patient.signin = SigningKey::from_bytes(&[42; 32]);
    let card = world.patient.card(world.at(), &[], &[]);
    world.api().put_block(&card, Some(&session)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: card.digest.into() };
    world.chain.send(world.patient.address, &call).await;
    world.reach().await;
    assert_eq!(
        world.api().json::<serde_json::Value>(paths::INBOX, Some(&session)).await.unwrap_err().code,
        ErrorCode::NoSession,
        "the root was renewed"
    );
    world.sign_in(&world.patient).await;
}
