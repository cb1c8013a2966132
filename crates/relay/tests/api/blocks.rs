//! Blocks coming in: what is taken, what is refused, and that an interrupted upload goes on.

use medkey_protocol::{
    FolderId, Link,
    api::{ErrorCode, MAX_BLOCK, paths},
    ids::{DAG_CBOR, DAG_PB, RAW},
};
use reqwest::{Method, StatusCode};

use crate::helpers::*;

fn folder() -> FolderId {
    [0x11; 32].into()
}

#[tokio::test]
async fn a_session_that_ends_between_body_and_manifest_loses_nothing() {
    let world = World::start().await;
    let file = File::of("report", 5_000, 1_000);
    let first = world.sign_in(&world.patient).await;
    world.upload(&file, &first).await;
    world.api().send(world.api().request(Method::DELETE, paths::SESSIONS, Some(&first))).await.unwrap();

    let me = world.patient.address;
    let manifest = manifest(world.at(), me, me, folder(), [1; 32].into(), file.body, None);
    let ended = world.api().put_block(&manifest, Some(&first)).await.unwrap_err();
    assert_eq!((ended.status, ended.code), (StatusCode::UNAUTHORIZED, ErrorCode::NoSession));
    let second = world.sign_in(&world.patient).await;
    assert_eq!(world.api().put_block(&manifest, Some(&second)).await, Ok(StatusCode::CREATED));
    world.announce(&world.patient, &world.patient, manifest.digest).await;
    world.reach().await;
    assert_eq!(world.api().get_car(file.body.link, Some(&second)).await.unwrap().len(), file.blocks.len());
}

#[tokio::test]
async fn a_file_of_real_leaves_comes_back_as_it_went_in() {
    let world = World::start().await;
    let file = File::of("scan", 3 * MAX_BLOCK + 5, MAX_BLOCK);
    let manifest = world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &file).await;
    let tiny = File::of("tiny", 1, MAX_BLOCK);
    assert_eq!(tiny.body.link.codec(), RAW, "a small file is one leaf");
    world.file(&world.patient, &world.patient, folder(), [2; 32].into(), &tiny).await;
    world.reach().await;
    let session = world.sign_in(&world.patient).await;
    let mut came = world.api().get_car(file.body.link, Some(&session)).await.unwrap();
    let mut went = file.blocks.clone();
    came.sort();
    went.sort();
    assert!(came == went);
    assert_eq!(world.api().get_car(tiny.body.link, Some(&session)).await.unwrap(), tiny.blocks);
    assert_eq!(
        world.api().get_car(manifest.link(), Some(&session)).await.unwrap(),
        [(manifest.link(), manifest.bytes)],
        "a manifest stands for itself alone"
    );
}

#[tokio::test]
async fn only_what_it_is_called_is_taken() {
    let world = World::start().await;
    let session = world.sign_in(&world.patient).await;
    let api = world.api();
    let leaf = Link::of(RAW, b"leaf");
    assert_eq!(api.put(leaf, b"leaf", Some(&session)).await, Ok(StatusCode::CREATED));
    assert_eq!(api.put(leaf, b"leaf", Some(&session)).await, Ok(StatusCode::OK));
    let code = async |link: Link, bytes: &[u8]| api.put(link, bytes, Some(&session)).await.unwrap_err().code;
    assert_eq!(code(leaf, b"another leaf").await, ErrorCode::WrongHash);
    assert_eq!(code(Link::of(DAG_PB, b"no node"), b"no node").await, ErrorCode::WrongBlock);
    assert_eq!(code(Link::of(DAG_CBOR, &[0x80]), &[0x80]).await, ErrorCode::WrongBlock);
    let large = vec![0; MAX_BLOCK + 1];
    assert_eq!(code(Link::of(RAW, &large), &large).await, ErrorCode::TooLarge);
    assert_eq!(api.put(leaf, b"leaf", None).await.unwrap_err().code, ErrorCode::NoSession);
    let request = api.request(Method::PUT, "/v1/blocks/bafkqaaa", Some(&session)).body("");
    assert_eq!(api.send(request).await.unwrap_err().code, ErrorCode::BadRequest);

    let mut elsewhere = world.chain.deployment;
    elsewhere.chain = 1;
    let foreign = world.patient.card(&elsewhere, &[], &[]);
    assert_eq!(code(foreign.link(), &foreign.bytes).await, ErrorCode::WrongBlock);
}

#[tokio::test]
async fn quotas_hold_with_and_without_a_session() {
    let chain = Chain::start().await;
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| {
        config.visitor_quota = 20_000;
        config.member_quota = 3_000;
    })
    .await;
    let world = World::settle(chain, relay).await;
    let session = world.sign_in(&world.patient).await;
    let leaf = |byte: u8| vec![byte; 1_000];
    for byte in 0..3 {
        world.api().put(Link::of(RAW, &leaf(byte)), &leaf(byte), Some(&session)).await.unwrap();
    }
    let refusal = world.api().put(Link::of(RAW, &leaf(3)), &leaf(3), Some(&session)).await.unwrap_err();
    assert_eq!((refusal.status, refusal.code), (StatusCode::TOO_MANY_REQUESTS, ErrorCode::Quota));

    let mut refused = None;
    for epoch in 0..20 {
        let ring = ring(world.at(), world.chain.accounts[8], folder(), epoch, None);
        if let Err(no) = world.api().put_block(&ring, None).await {
            refused = Some(no.code);
            break;
        }
    }
    assert_eq!(refused, Some(ErrorCode::Quota));
}

#[tokio::test]
async fn a_gateway_that_serves_nothing_but_blocks() {
    let world = World::start().await;
    let card = world.patient.card.link();
    let path = format!("{}/{card}", paths::IPFS);
    let api = world.api();
    let accept = |kind: &str| api.request(Method::GET, &path, None).header("accept", kind);
    let raw = accept("application/vnd.ipld.raw").send().await.unwrap();
    assert_eq!(raw.headers()["content-type"], "application/vnd.ipld.raw");
    assert_eq!(raw.headers()["cache-control"], "public, max-age=31536000, immutable");
    let car = accept("text/html, application/vnd.ipld.car;version=1").send().await.unwrap();
    assert_eq!(car.headers()["content-type"], "application/vnd.ipld.car; version=1; order=dfs; dups=n");
    assert_eq!(api.send(accept("text/html")).await.unwrap_err().code, ErrorCode::BadRequest);
    let nothing = Link::of(RAW, b"nobody sent this");
    assert_eq!(api.get(nothing, None).await.unwrap_err().code, ErrorCode::NotFound);
}
