//! Acts that a member signs and the relay sends and pays for.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use alloy::{
    primitives::U256,
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::SolError,
};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode as Status,
    response::{IntoResponse, Response},
    routing::post,
};
use medkey_protocol::{
    Address, B256, Deployment, Digest, FolderId, SolCall,
    acts::{Acts, SignedActs},
    api::{ActsSent, ChartPage, ErrorCode, paths},
    contract::{IActs, ICharts, IMembers},
    ids::Octets,
};
use medkey_relay::{Config, payer::PayerKey};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::Barrier};

use crate::helpers::*;

const PAYER: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";
const ETHER: u64 = 1_000_000_000_000_000_000;

fn payer() -> Address {
    PAYER.parse::<PrivateKeySigner>().unwrap().address()
}

async fn fund(chain: &Chain, account: Address, wei: u64) {
    chain.call("anvil_setBalance", json!([account, format!("0x{wei:x}")])).await;
}

fn pays(config: &mut Config) {
    config.paying.key = Some(Arc::new(PayerKey::parse(PAYER).unwrap()));
}

/// A chain on which the payer has funds, and a relay that pays.
async fn paying(change: impl FnOnce(&mut Config)) -> (Chain, Relay) {
    let chain = Chain::start().await;
    fund(&chain, payer(), ETHER).await;
    let relay = Relay::start_with(&chain, &chain.rpc, |config| {
        pays(config);
        change(config);
    })
    .await;
    relay.api.reach(&chain).await;
    (chain, relay)
}

/// Acts that `account` has yet to sign, good for ten minutes.
async fn acts(chain: &Chain, account: Address, steps: Vec<Vec<u8>>, nonce: u64) -> Acts {
    let deadline = chain.newest().await.time + 600;
    Acts { account, steps: steps.into_iter().map(Octets).collect(), nonce, deadline }
}

fn signed(at: &Deployment, key: &PrivateKeySigner, acts: Acts) -> SignedActs {
    let signature = key.sign_hash_sync(&acts.digest(at).unwrap()).unwrap();
    SignedActs { acts, signature: Octets(signature.as_bytes().to_vec()) }
}

/// A step that anybody may do whose account is fresh.
fn register() -> Vec<u8> {
    IMembers::registerPatientCall { card: Digest::of(b"card").into() }.abi_encode()
}

/// The registration of an account that nobody has seen before.
async fn newcomer(chain: &Chain, seed: &str) -> SignedActs {
    let key = secp256k1(seed);
    signed(&chain.deployment, &key, acts(chain, key.address(), vec![register()], 0).await)
}

async fn send(api: &Api, signed: &SignedActs) -> Result<B256, No> {
    api.post::<ActsSent>(paths::ACTS, signed).await.map(|sent| sent.transaction)
}

/// The error of the contract that the relay passes on.
fn refused<E: SolError>(answer: Result<B256, No>) -> E {
    let no = answer.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Refused));
    E::abi_decode(&no.data.unwrap()).unwrap()
}

async fn metric(api: &Api, name: &str) -> u64 {
    let (_, text) = api.send(api.request(Method::GET, "/metrics", None)).await.unwrap();
    let text = String::from_utf8(text).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not among the figures")).parse().unwrap()
}

/// How many transactions the payer has in blocks.
async fn paid(chain: &Chain) -> u64 {
    let count = chain.call("eth_getTransactionCount", json!([payer(), "latest"])).await;
    u64::from_str_radix(&count.as_str().unwrap()[2..], 16).unwrap()
}

#[tokio::test]
async fn a_patient_registers_and_acts_without_a_coin() {
    let (chain, relay) = paying(|_| {}).await;
    assert!(info(&relay.api).await.unwrap().pays);
    let world = World::settle(chain, relay).await;
    let (chain, api) = (&world.chain, world.api());
    let me = Person::new(chain.accounts[8]);
    fund(chain, me.address, 0).await;
    // Signed in the wallet, as typed data.
    let by_wallet = async |steps: Vec<Vec<u8>>, nonce: u64| {
        let acts = acts(chain, me.address, steps, nonce).await;
        let typed = acts.typed_data(world.at()).unwrap();
        let signature = chain.call("eth_signTypedData_v4", json!([me.address, typed])).await;
        SignedActs { acts, signature: Octets(unhex(signature.as_str().unwrap())) }
    };

    let card = me.card(world.at(), &[], &[]);
    api.put_block(&card, None).await.unwrap();
    let register = IMembers::registerPatientCall { card: card.digest.into() }.abi_encode();
    chain.included(send(api, &by_wallet(vec![register], 0).await).await.unwrap()).await;
    world.reach().await;

    let session = world.sign_in(&me).await;
    let file = File::of("report", 500, 1_000);
    world.upload(&file, &session).await;
    let folder = FolderId::from([0x11; 32]);
    let record = manifest(world.at(), me.address, me.address, folder, [1; 32].into(), file.body, None);
    let envelope = envelope(world.at(), me.address, world.doctor.address, folder.into(), 1);
    for block in [&record, &envelope] {
        api.put_block(block, Some(&session)).await.unwrap();
    }
    let chart = me.address;
    let file_it = ICharts::addRecordCall { chart, manifest: record.digest.into(), card: card.digest.into() };
    let grant_it = ICharts::grantAccessCall {
        chart,
        grantee: world.doctor.address,
        scope: folder.into(),
        expiry: (chain.newest().await.time + DAY).try_into().unwrap(),
        envelope: envelope.digest.into(),
    };
    let both = by_wallet(vec![file_it.abi_encode(), grant_it.abi_encode()], 1).await;
    chain.included(send(api, &both).await.unwrap()).await;
    world.log_access(&world.doctor, &me, folder.into()).await;
    world.reach().await;

    let path = format!("{}/{chart}/entries", paths::CHARTS);
    let page: ChartPage = api.json(&path, Some(&session)).await.unwrap();
    assert_eq!((page.entries.len(), page.head), (3, chain.head(chart).await));
    let doctor = world.sign_in(&world.doctor).await;
    assert_eq!(api.get(record.link(), Some(&doctor)).await.unwrap(), record.bytes);
    assert_eq!(chain.call("eth_getBalance", json!([me.address, "latest"])).await, "0x0");
    assert_eq!(paid(chain).await, 2);
    assert_eq!(metric(api, "medkey_acts_paid_total").await, 2);
    assert_eq!(metric(api, "medkey_acts_refused_total").await, 0);
}

#[tokio::test]
async fn nothing_is_paid_for_unless_that_is_set_up() {
    let chain = Chain::start().await;
    let relay = Relay::start(&chain).await;
    relay.api.reach(&chain).await;
    assert!(!info(&relay.api).await.unwrap().pays);
    let no = send(&relay.api, &newcomer(&chain, "somebody").await).await.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::NOT_FOUND, ErrorCode::NotFound));
}

#[tokio::test]
async fn what_the_contract_would_refuse_is_not_sent_and_says_why() {
    let (chain, relay) = paying(|config| config.paying.quota = 1).await;
    let (api, at) = (&relay.api, &chain.deployment);
    let (key, another) = (secp256k1("me"), secp256k1("another"));
    let me = key.address();
    let right = acts(&chain, me, vec![register()], 0).await;

    let forged = SignedActs { acts: right.clone(), ..signed(at, &another, right.clone()) };
    let error: IActs::NotSignedBy = refused(send(api, &forged).await);
    assert_eq!(error.account, me);
    let altered = signed(at, &key, right.clone());
    let altered = SignedActs { acts: Acts { deadline: right.deadline + 1, ..right.clone() }, ..altered };
    refused::<IActs::NotSignedBy>(send(api, &altered).await);
    let early = signed(at, &key, Acts { nonce: 5, ..right.clone() });
    let error: IActs::WrongNonce = refused(send(api, &early).await);
    assert_eq!((error.account, error.current), (me, U256::ZERO));
    let late = signed(at, &key, Acts { deadline: 1, ..right.clone() });
    let error: IActs::DeadlinePassed = refused(send(api, &late).await);
    assert_eq!(error.deadline, U256::ONE);
    let record = ICharts::addRecordCall { chart: me, manifest: B256::repeat_byte(1), card: B256::repeat_byte(2) };
    let without_right = signed(at, &key, Acts { steps: vec![Octets(record.abi_encode())], ..right.clone() });
    let error: ICharts::NotPatient = refused(send(api, &without_right).await);
    assert_eq!((error.chart, error.account), (me, me));
    assert_eq!(metric(api, "medkey_acts_refused_total").await, 5);
    assert_eq!(paid(&chain).await, 0);

    // None of it used up the one transaction that there is.
    let right = signed(at, &key, right);
    chain.included(send(api, &right).await.unwrap()).await;
    assert_eq!(send(api, &right).await.unwrap_err().code, ErrorCode::Quota);
    assert_eq!(paid(&chain).await, 1);
}

#[tokio::test]
async fn a_replayed_request_is_refused() {
    let (chain, relay) = paying(|_| {}).await;
    let once = newcomer(&chain, "somebody").await;
    chain.included(send(&relay.api, &once).await.unwrap()).await;
    let error: IActs::WrongNonce = refused(send(&relay.api, &once).await);
    assert_eq!((error.account, error.current), (once.acts.account, U256::ONE));
    assert_eq!(paid(&chain).await, 1);
}

#[tokio::test]
async fn what_cannot_be_signed_or_paid_for_is_turned_away() {
    let (chain, relay) = paying(|config| config.paying.steps = 2).await;
    let (api, at) = (&relay.api, &chain.deployment);
    let key = secp256k1("me");
    let right = acts(&chain, key.address(), vec![register()], 0).await;
    let answer = async |acts: Acts| {
        let no = send(api, &SignedActs { acts, signature: Octets(vec![1; 65]) }).await.unwrap_err();
        (no.status.as_u16(), no.code)
    };
    let verify = IMembers::verifyCall { member: key.address(), profile: B256::repeat_byte(1), hospital: 0 };
    let cut = register()[..20].to_vec();
    for steps in [vec![], vec![verify.abi_encode()], vec![cut], vec![vec![]]] {
        let steps = steps.into_iter().map(Octets).collect();
        assert_eq!(answer(Acts { steps, ..right.clone() }).await, (400, ErrorCode::BadRequest));
    }
    let far = Acts { deadline: right.deadline + 60 * 60, ..right.clone() };
    assert_eq!(answer(far).await, (400, ErrorCode::BadRequest));
    let many = Acts { steps: vec![Octets(register()); 3], ..right.clone() };
    assert_eq!(answer(many).await, (413, ErrorCode::TooLarge));
    let wide = SignedActs { acts: right.clone(), signature: Octets(vec![1; 64 << 10]) };
    assert_eq!(send(api, &wide).await.unwrap_err().code, ErrorCode::TooLarge);
    let request = api.request(Method::POST, paths::ACTS, None).json(&json!({ "account": key.address() }));
    assert_eq!(api.send(request).await.unwrap_err().code, ErrorCode::BadRequest);

    let right = signed(at, &key, right);
    let scarce = Relay::start_with(&chain, &chain.rpc, |config| {
        pays(config);
        config.paying.gas = 30_000;
    })
    .await;
    scarce.api.reach(&chain).await;
    assert_eq!(send(&scarce.api, &right).await.unwrap_err().code, ErrorCode::TooLarge);
    chain.included(send(api, &right).await.unwrap()).await;
}

#[tokio::test]
async fn quotas_hold_for_a_day_and_over_a_restart() {
    let data = TempDir::new().unwrap();
    let quota_and_place = |config: &mut Config| {
        pays(config);
        config.paying.quota = 2;
        config.paying.quota_of_all = 3;
        config.data = data.path().to_owned();
    };
    let (chain, relay) = paying(quota_and_place).await;
    let key = secp256k1("me");
    let update = |previous: &[u8], card: &[u8]| {
        let (previous, card) = (Digest::of(previous).into(), Digest::of(card).into());
        IMembers::updateCardCall { previous, card }.abi_encode()
    };
    let steps = [register(), update(b"card", b"second"), update(b"second", b"third")];
    let mut mine = Vec::new();
    for (nonce, step) in (0..).zip(steps) {
        mine.push(signed(&chain.deployment, &key, acts(&chain, key.address(), vec![step], nonce).await));
    }
    for acts in &mine[..2] {
        chain.included(send(&relay.api, acts).await.unwrap()).await;
    }
    let no = send(&relay.api, &mine[2]).await.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::TOO_MANY_REQUESTS, ErrorCode::Quota));
    relay.stop().await;

    // A block that it has not read yet: whoever hears of it finds a relay that sees the chain again.
    chain.pass(1).await;
    let relay = Relay::start_with(&chain, &chain.rpc, quota_and_place).await;
    relay.api.reach(&chain).await;
    assert_eq!(send(&relay.api, &mine[2]).await.unwrap_err().code, ErrorCode::Quota);
    // Somebody else has a quota of his own, and the third one finds that of all used up.
    chain.included(send(&relay.api, &newcomer(&chain, "second").await).await.unwrap()).await;
    assert_eq!(send(&relay.api, &newcomer(&chain, "third").await).await.unwrap_err().code, ErrorCode::Quota);
    assert_eq!(metric(&relay.api, "medkey_acts_refused_total").await, 2);
    assert_eq!(paid(&chain).await, 3);
}

#[tokio::test]
async fn two_members_at_once_do_not_get_in_each_others_way() {
    let (chain, relay) = paying(|_| {}).await;
    let (first, second) = (newcomer(&chain, "first").await, newcomer(&chain, "second").await);
    chain.call("evm_setAutomine", json!([false])).await;
    let (first, second) = tokio::join!(send(&relay.api, &first), send(&relay.api, &second));
    chain.call("evm_mine", json!([])).await;
    chain.included(first.unwrap()).await;
    chain.included(second.unwrap()).await;
    assert_eq!(paid(&chain).await, 2);
}

#[tokio::test]
async fn what_waits_is_not_sent_twice() {
    let (chain, relay) = paying(|_| {}).await;
    let key = secp256k1("me");
    let at = &chain.deployment;
    let first = signed(at, &key, acts(&chain, key.address(), vec![register()], 0).await);
    let other_card = IMembers::registerPatientCall { card: Digest::of(b"another card").into() }.abi_encode();
    let other = signed(at, &key, acts(&chain, key.address(), vec![other_card], 0).await);
    chain.call("evm_setAutomine", json!([false])).await;

    let (once, again) = tokio::join!(send(&relay.api, &first), send(&relay.api, &first));
    let transaction = once.unwrap();
    assert_eq!(again.unwrap(), transaction, "whose answer was lost asks again");
    let error: IActs::WrongNonce = refused(send(&relay.api, &other).await);
    assert_eq!((error.account, error.current), (key.address(), U256::ONE));
    chain.call("evm_mine", json!([])).await;
    chain.included(transaction).await;
    assert_eq!(paid(&chain).await, 1);
    assert_eq!(metric(&relay.api, "medkey_acts_paid_total").await, 1);
}

#[tokio::test]
async fn what_the_node_dropped_holds_nothing_up() {
    let (chain, relay) = paying(|_| {}).await;
    let (first, second) = (newcomer(&chain, "first").await, newcomer(&chain, "second").await);
    chain.call("evm_setAutomine", json!([false])).await;
    let dropped = send(&relay.api, &first).await.unwrap();
    send(&relay.api, &second).await.unwrap();
    // With it goes what waits behind it.
    chain.call("anvil_dropTransaction", json!([dropped])).await;

    let third = newcomer(&chain, "third").await;
    let mut sent = Vec::new();
    for acts in [&third, &second, &first] {
        sent.push(send(&relay.api, acts).await.unwrap());
    }
    chain.call("evm_mine", json!([])).await;
    for transaction in sent {
        chain.included(transaction).await;
    }
    assert_eq!(paid(&chain).await, 3);
}

#[tokio::test]
async fn a_payer_without_funds_counts_nothing() {
    let (chain, relay) = paying(|config| config.paying.quota = 1).await;
    fund(&chain, payer(), 1_000).await;
    let acts = newcomer(&chain, "somebody").await;
    for _ in 0..2 {
        let no = send(&relay.api, &acts).await.unwrap_err();
        assert_eq!((no.status, no.code), (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable));
    }
    fund(&chain, payer(), ETHER).await;
    chain.included(send(&relay.api, &acts).await.unwrap()).await;
}

/// A node between the relay and the chain that can fail.
struct Between {
    chain: String,
    client: Client,
    troubles: Mutex<HashMap<&'static str, Trouble>>,
    failed: AtomicUsize,
    two: Barrier,
}

/// How a question fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// It does not arrive.
    Unasked,
    /// Its answer does not arrive.
    Unanswered,
    /// Its answer is of yesterday.
    Stale(&'static str),
    /// It is answered when two have met twice.
    Together,
}

impl Between {
    async fn start(chain: &Chain) -> (Arc<Self>, String) {
        let between = Arc::new(Self {
            chain: chain.rpc.clone(),
            client: Client::builder().no_proxy().build().unwrap(),
            troubles: Mutex::default(),
            failed: AtomicUsize::new(0),
            two: Barrier::new(2),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(pass_on)).with_state(Arc::clone(&between));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (between, address)
    }

    fn fail(&self, question: &'static str, trouble: Trouble) {
        self.troubles.lock().unwrap().insert(question, trouble);
        self.failed.store(0, Ordering::SeqCst);
    }

    fn mend(&self) {
        self.troubles.lock().unwrap().clear();
    }
}

async fn pass_on(State(between): State<Arc<Between>>, Json(request): Json<Value>) -> Response {
    let trouble = between.troubles.lock().unwrap().get(request["method"].as_str().unwrap()).copied();
    if trouble.is_some() {
        between.failed.fetch_add(1, Ordering::SeqCst);
    }
    if trouble == Some(Trouble::Unasked) {
        return Status::BAD_GATEWAY.into_response();
    }
    let answer = between.client.post(&between.chain).json(&request).send().await.unwrap();
    let mut answer: Value = answer.json().await.unwrap();
    match trouble {
        Some(Trouble::Unasked | Trouble::Unanswered) => return Status::BAD_GATEWAY.into_response(),
        Some(Trouble::Stale(result)) => answer["result"] = json!(result),
        Some(Trouble::Together) => {
            between.two.wait().await;
            between.two.wait().await;
        }
        None => {}
    }
    Json(answer).into_response()
}

/// A relay that pays, and the node between it and the chain.
async fn paying_through_a_node(change: impl FnOnce(&mut Config)) -> (Chain, Arc<Between>, Relay) {
    let chain = Chain::start().await;
    fund(&chain, payer(), ETHER).await;
    let (between, rpc) = Between::start(&chain).await;
    let relay = Relay::start_with(&chain, &rpc, |config| {
        pays(config);
        change(config);
    })
    .await;
    relay.api.reach(&chain).await;
    (chain, between, relay)
}

#[tokio::test]
async fn a_node_that_fails_counts_nothing_and_loses_nothing() {
    let (chain, between, relay) = paying_through_a_node(|config| config.paying.quota = 1).await;
    let first = newcomer(&chain, "first").await;
    for question in [
        "eth_call",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_getBalance",
        "eth_getTransactionCount",
        "eth_sendRawTransaction",
    ] {
        between.fail(question, Trouble::Unasked);
        let no = send(&relay.api, &first).await.unwrap_err();
        assert_eq!((no.status, no.code), (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable), "{question}");
        assert_eq!(between.failed.load(Ordering::SeqCst), 1, "{question}");
        between.mend();
    }
    chain.included(send(&relay.api, &first).await.unwrap()).await;

    // The node took it, and only its answer was lost.
    let second = newcomer(&chain, "second").await;
    between.fail("eth_sendRawTransaction", Trouble::Unanswered);
    let transaction = send(&relay.api, &second).await.unwrap();
    between.mend();
    chain.included(transaction).await;
    assert_eq!(paid(&chain).await, 2);
}

#[tokio::test]
async fn what_may_have_been_sent_is_counted_and_not_sent_again() {
    let (chain, between, relay) = paying_through_a_node(|config| config.paying.quota_of_all = 1).await;
    let (first, second) = (newcomer(&chain, "first").await, newcomer(&chain, "second").await);
    chain.call("evm_setAutomine", json!([false])).await;
    between.fail("eth_sendRawTransaction", Trouble::Unanswered);
    between.fail("eth_getTransactionByHash", Trouble::Unasked);
    let no = send(&relay.api, &first).await.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal));
    between.mend();
    assert_eq!(send(&relay.api, &second).await.unwrap_err().code, ErrorCode::Quota);
    chain.call("evm_mine", json!([])).await;
    assert_eq!(paid(&chain).await, 1, "the node had it");
}

#[tokio::test]
async fn a_node_that_counts_slowly_does_not_give_one_nonce_to_two() {
    let (chain, between, relay) = paying_through_a_node(|_| {}).await;
    let (first, second) = (newcomer(&chain, "first").await, newcomer(&chain, "second").await);
    chain.call("evm_setAutomine", json!([false])).await;
    between.fail("eth_getTransactionCount", Trouble::Stale("0x0"));
    let first = send(&relay.api, &first).await.unwrap();
    let second = send(&relay.api, &second).await.unwrap();
    chain.call("evm_mine", json!([])).await;
    for transaction in [first, second] {
        chain.included(transaction).await;
    }
}

#[tokio::test]
async fn of_two_that_could_be_sent_only_what_still_can_is() {
    let (chain, between, relay) = paying_through_a_node(|config| config.paying.quota_of_all = 2).await;
    let once = newcomer(&chain, "somebody").await;
    chain.call("evm_setAutomine", json!([false])).await;
    let transaction = send(&relay.api, &once).await.unwrap();
    // Asked for once more, it is simulated before it is in a block, and would be sent after that.
    between.fail("eth_getBalance", Trouble::Together);
    let included_meanwhile = async {
        between.two.wait().await;
        chain.call("evm_mine", json!([])).await;
        chain.included(transaction).await;
        between.two.wait().await;
    };
    let (again, ()) = tokio::join!(send(&relay.api, &once), included_meanwhile);
    refused::<IActs::WrongNonce>(again);
    assert_eq!(paid(&chain).await, 1);

    // Two that have both been simulated, and one transaction left in the quota.
    chain.call("evm_setAutomine", json!([true])).await;
    let (first, second) = (newcomer(&chain, "first").await, newcomer(&chain, "second").await);
    let (one, other) = tokio::join!(send(&relay.api, &first), send(&relay.api, &second));
    let (sent, late) = if one.is_ok() { (one, other) } else { (other, one) };
    chain.included(sent.unwrap()).await;
    assert_eq!(late.unwrap_err().code, ErrorCode::Quota);
    assert_eq!(paid(&chain).await, 2);
}

#[tokio::test]
async fn a_node_that_is_gone_is_an_error_of_its_own() {
    let (chain, relay) = paying(|_| {}).await;
    let acts = newcomer(&chain, "somebody").await;
    drop(chain);
    let no = send(&relay.api, &acts).await.unwrap_err();
    assert_eq!((no.status, no.code), (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable));
}

#[tokio::test]
async fn the_log_names_no_key_and_no_account() {
    let chain = Chain::start().await;
    let data = TempDir::new().unwrap();
    let rpc = chain.rpc.replace("http://", "http://operator:node-secret@");
    let environment = [("MEDKEY_RELAY_PAYER_KEY", PAYER), ("MEDKEY_RELAY_RPC", &rpc), ("RUST_LOG", "trace")];
    let program = Program::start_with(&chain, data.path(), &environment);
    program.api.reach(&chain).await;
    let once = newcomer(&chain, "somebody").await;
    assert_eq!(send(&program.api, &once).await.unwrap_err().code, ErrorCode::Unavailable, "no funds yet");
    fund(&chain, payer(), ETHER).await;
    chain.included(send(&program.api, &once).await.unwrap()).await;
    refused::<IActs::WrongNonce>(send(&program.api, &once).await);
    let after = newcomer(&chain, "later").await;
    drop(chain);
    assert_eq!(send(&program.api, &after).await.unwrap_err().code, ErrorCode::Unavailable);
    let away = soon(async {
        loop {
            let answer = program.api.request(Method::GET, "/readyz", None).send().await.unwrap();
            let text = answer.text().await.unwrap();
            if text.contains("cannot be reached") {
                return text;
            }
        }
    })
    .await;
    assert!(!away.contains("node-secret"), "{away}");

    let log = program.kill();
    let accounts = [payer(), once.acts.account, after.acts.account].map(|account| format!("{account:x}"));
    let accounts = accounts.map(|account| account.trim_start_matches("0x").to_owned());
    let mut sentences = Vec::new();
    for line in &log {
        let text = line.to_string().to_lowercase();
        assert!(!text.contains(PAYER), "{text}");
        // What libraries trace is for those who look for their faults, with data that they choose.
        if matches!(line["level"].as_str().unwrap(), "INFO" | "WARN" | "ERROR") {
            assert!(!text.contains("node-secret"), "{text}");
            assert!(accounts.iter().all(|account| !text.contains(account)), "{text}");
            sentences.push(line["fields"]["message"].as_str().unwrap_or_default().to_owned());
        }
    }
    let told = |text: &str| sentences.iter().filter(|sentence| sentence.contains(text)).count();
    assert_eq!(told("has run out of funds"), 1);
    assert_eq!(told("does not answer the payer"), 1);
}

#[tokio::test]
async fn a_relay_with_a_malformed_key_does_not_start() {
    let chain = Chain::start().await;
    let data = TempDir::new().unwrap();
    let malformed = &PAYER[1..];
    let mut command = Program::command(&chain, data.path());
    let output = command.env("MEDKEY_RELAY_PAYER_KEY", malformed).output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("MEDKEY_RELAY_PAYER_KEY: a payer's key is 32 bytes in hexadecimal"), "{text}");
    assert!(!text.contains(malformed), "{text}");
}
