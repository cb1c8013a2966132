//! A chain that changes its mind, and a node that does not tell everything, leave no wrong row.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Json, Router, extract::State, routing::post};
use medkey_protocol::{
    FolderId,
    api::{ChartPage, ErrorCode, MemberEntry, Page, paths},
    chart::fold_all,
    contract::{ICharts, IMembers},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};

use crate::helpers::*;

fn folder() -> FolderId {
    [0x11; 32].into()
}

async fn entries(world: &World, person: &Person) -> ChartPage {
    let session = world.sign_in(person).await;
    let path = format!("{}/{}/entries", paths::CHARTS, person.address);
    world.api().json(&path, Some(&session)).await.unwrap()
}

#[tokio::test]
async fn a_reorganisation_leaves_the_rows_of_the_new_chain() {
    let world = World::start().await;
    let chart = world.patient.address;
    let file = File::of("report", 500, 1_000);
    let kept = world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &file).await;
    world.reach().await;

    let snapshot = world.chain.call("evm_snapshot", json!([])).await;
    let gone = world.file(&world.patient, &world.patient, folder(), [2; 32].into(), &File::of("x", 500, 1_000)).await;
    world.chain.send(chart, &ICharts::removeRecordCall { chart, manifest: kept.digest.into() }).await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    let call = IMembers::suspendCall { member: world.lab.address, reason: 1 };
    world.chain.send(world.registrar(), &call).await;
    let newcomer = world.chain.accounts[8];
    let card = medkey_protocol::Digest::of(b"card");
    world.chain.send(newcomer, &IMembers::registerPatientCall { card: card.into() }).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    world.api().get(gone.link(), Some(&doctor)).await.unwrap();

    let mut events = world.api().events(&format!("chart={chart}")).await;
    events.next().await;
    // The new chain has in the end more blocks than the old one.
    world.chain.reorganise(snapshot, 8).await;
    let back = events.until(|live| live.rolled_back).await;
    assert_eq!(back.charts, [chart]);
    let at = world.api().reach(&world.chain).await;

    let page = entries(&world, &world.patient).await;
    assert_eq!((page.at, page.entries.len()), (at, 1));
    assert_eq!(page.head, fold_all(chart, &page.entries));
    assert_eq!(page.head, world.chain.head(chart).await);
    let members: Page<MemberEntry> =
        world.api().json(&format!("{}?status=active", paths::MEMBERS), None).await.unwrap();
    assert_eq!(members.items.len(), 5, "the laboratory is active again and the newcomer was never there");
    let patient = world.sign_in(&world.patient).await;
    world.api().get(kept.link(), Some(&patient)).await.unwrap();
    assert!(world.api().get(kept.link(), Some(&doctor)).await.is_err(), "the grant never was");
    assert!(world.api().get(gone.link(), Some(&patient)).await.is_err(), "the record never was");

    // Life goes on: the removed record counts again, the new record may come back.
    world.announce(&world.patient, &world.patient, gone.digest).await;
    world.reach().await;
    world.api().get(gone.link(), Some(&patient)).await.unwrap();
    assert_eq!(entries(&world, &world.patient).await.head, world.chain.head(chart).await);
}

#[tokio::test]
async fn a_reorganisation_deeper_than_finality_stops_the_index_and_says_so() {
    let chain = Chain::start().await;
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| config.finality = 3).await;
    let world = World::settle(chain, relay).await;
    let snapshot = world.chain.call("evm_snapshot", json!([])).await;
    for _ in 0..6 {
        world.chain.call("evm_mine", json!([])).await;
    }
    let before = world.api().reach(&world.chain).await;
    world.chain.reorganise(snapshot, 8).await;
    let cause = not_ready(world.api(), "deeper than 3 blocks").await;
    assert!(cause.contains("start over"), "{cause}");
    assert_eq!(info(world.api()).await.unwrap().at, before, "what it has stays as it is");
}

/// Waits until the relay is not ready for this cause.
async fn not_ready(api: &Api, cause: &str) -> String {
    soon(async {
        loop {
            let answer = api.request(Method::GET, "/readyz", None).send().await.unwrap();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            if status == StatusCode::SERVICE_UNAVAILABLE && text.contains(cause) {
                return text;
            }
        }
    })
    .await
}

/// A node in front of the chain that can hide what happened.
struct Liar {
    chain: String,
    client: Client,
    lie: std::sync::Mutex<Lie>,
    told: AtomicUsize,
    news: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    /// Receipts are empty.
    NoReceipts,
    /// The first log of a block is missing.
    MissingLog,
    /// There is no such block yet.
    NoBlock,
}

impl Liar {
    async fn start(chain: &Chain) -> (Arc<Self>, String) {
        let liar = Arc::new(Self {
            chain: chain.rpc.clone(),
            client: Client::builder().no_proxy().build().unwrap(),
            lie: std::sync::Mutex::new(Lie::None),
            told: AtomicUsize::new(0),
            news: Notify::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(answer)).with_state(Arc::clone(&liar));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (liar, address)
    }

    fn tell(&self, lie: Lie) {
        *self.lie.lock().unwrap() = lie;
        self.told.store(0, Ordering::SeqCst);
    }

    /// Waits until the relay has heard the lie a few times.
    async fn heard(&self) {
        soon(async {
            while self.told.load(Ordering::SeqCst) < 3 {
                self.news.notified().await;
            }
        })
        .await;
    }
}

async fn answer(State(liar): State<Arc<Liar>>, Json(request): Json<Value>) -> Json<Value> {
    let answer = liar.client.post(&liar.chain).json(&request).send().await.unwrap();
    let mut answer: Value = answer.json().await.unwrap();
    let method = request["method"].as_str().unwrap_or_default();
    let lie = *liar.lie.lock().unwrap();
    let told = match (lie, method) {
        (Lie::NoReceipts, "eth_getBlockReceipts") => {
            answer["result"] = json!([]);
            true
        }
        (Lie::MissingLog, "eth_getBlockReceipts") => {
            answer["result"][0]["logs"].as_array_mut().unwrap().remove(0);
            true
        }
        (Lie::NoBlock, "eth_getBlockReceipts") => {
            answer["result"] = Value::Null;
            true
        }
        _ => false,
    };
    if told {
        liar.told.fetch_add(1, Ordering::SeqCst);
        liar.news.notify_one();
    }
    Json(answer)
}

#[tokio::test]
async fn a_node_that_leaves_logs_out_is_not_believed() {
    let chain = Chain::start().await;
    let (liar, rpc) = Liar::start(&chain).await;
    let relay = Relay::start_with(&chain, &rpc, |_| {}).await;
    let world = World::settle(chain, relay).await;
    let chart = world.patient.address;
    for (at, lie) in [Lie::NoReceipts, Lie::MissingLog, Lie::NoBlock].into_iter().enumerate() {
        let before = world.api().reach(&world.chain).await;
        liar.tell(lie);
        let manifest = medkey_protocol::Digest::of(&[at as u8]);
        world.announce(&world.patient, &world.patient, manifest).await;
        liar.heard().await;
        assert_eq!(info(world.api()).await.unwrap().at, before, "nothing is indexed on a lie");
        not_ready(world.api(), "node").await;
        liar.tell(Lie::None);
        world.reach().await;
        let page = entries(&world, &world.patient).await;
        assert_eq!(page.entries.len(), at + 1);
        assert_eq!(page.head, world.chain.head(chart).await);
    }
}

#[tokio::test]
async fn a_restart_resumes_and_another_chain_is_refused() {
    let chain = Chain::start().await;
    let data = tempfile::TempDir::new().unwrap();
    let keep = data.path().to_owned();
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| config.data = keep.clone()).await;
    let world = World::settle(chain, relay).await;
    let file = File::of("report", 5_000, 1_000);
    let manifest = world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &file).await;
    let session = world.sign_in(&world.patient).await;
    let World { chain, relay, patient, .. } = world;
    relay.stop().await;

    let chart = patient.address;
    let call = ICharts::removeRecordCall { chart, manifest: manifest.digest.into() };
    chain.send(chart, &call).await;
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| config.data = keep.clone()).await;
    relay.api.reach(&chain).await;
    // The session outlived the restart, and so did the blocks.
    let path = format!("{}/{chart}/entries", paths::CHARTS);
    let page: ChartPage = relay.api.json(&path, Some(&session)).await.unwrap();
    assert_eq!((page.entries.len(), page.head), (2, chain.head(chart).await));
    assert_eq!(relay.api.get_car(file.body.link, Some(&session)).await.unwrap().len(), file.blocks.len());
    relay.stop().await;

    let mut config = Relay::config(&chain, &chain.rpc, &keep);
    config.contract = chart;
    let listener = TcpListener::bind(config.listen).await.unwrap();
    let refusal = medkey_relay::serve(listener, config, std::future::pending()).await.unwrap_err();
    assert!(refusal.to_string().contains("another contract"), "{refusal}");
}

#[tokio::test]
async fn without_the_chain_no_grant_is_taken_to_hold() {
    let chain = Chain::start().await;
    let data = tempfile::TempDir::new().unwrap();
    let keep = data.path().to_owned();
    let relay = Relay::start_with(&chain, &chain.rpc.clone(), |config| config.data = keep.clone()).await;
    let world = World::settle(chain, relay).await;
    let file = File::of("report", 500, 1_000);
    let manifest = world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &file).await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    world.reach().await;
    let (patient, doctor) = (world.sign_in(&world.patient).await, world.sign_in(&world.doctor).await);
    world.api().get(manifest.link(), Some(&doctor)).await.unwrap();
    let World { chain, relay, .. } = world;
    relay.stop().await;

    // It comes back and cannot see whether the grant has been revoked in the meantime.
    let nowhere = "http://127.0.0.1:1";
    let relay = Relay::start_with(&chain, nowhere, |config| config.data = keep.clone()).await;
    let refusal = relay.api.get(manifest.link(), Some(&doctor)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
    relay.api.get(manifest.link(), Some(&patient)).await.unwrap();
    relay.stop().await;
}
