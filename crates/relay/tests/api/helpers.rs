//! A local chain with the contract, the real relay on a port of its own, and people who use both.

use std::{
    env, fs,
    future::Future,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use alloy::signers::{SignerSync, local::PrivateKeySigner};
use ed25519_dalek::{Signer, SigningKey};
use medkey_protocol::{
    Address, B256, Deployment, Digest, FolderId, Link, RecordId, Scope, SolCall, SolValue, acts,
    api::{Challenge, ErrorBody, ErrorCode, Info, Live, Page, Proof, Session, SessionRequest, Tip, Word, paths},
    blocks::{
        Block, Body, BodyLink, Card, Category, EncodedBlock, Envelope, FolderEntry, Header, Locked, Manifest,
        PUBLIC_KEY, Profile, Reason, RecordKeys, Ring, Sealed, Slot,
    },
    contract::{ICharts, IMembers},
    ids::{Fixed, Octets},
    login,
};
use medkey_relay::{Config, config::Paying};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use rust_unixfs::file::adder::{BalancedCollector, Chunker, FileAdder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// How long anything may take before a test gives up on it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// Waits for `what`, but not for ever.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, what).await.expect("it takes too long")
}

// ------------------------------------------------------------------ the chain

/// Anvil with the contract on it.
pub(crate) struct Chain {
    process: Child,
    pub(crate) rpc: String,
    client: Client,
    pub(crate) deployment: Deployment,
    pub(crate) accounts: Vec<Address>,
}

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn anvil() -> PathBuf {
    if let Some(anvil) = env::var_os("MEDKEY_ANVIL") {
        return anvil.into();
    }
    let brought = repository().join("contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    if brought.exists() { brought } else { "anvil".into() }
}

impl Chain {
    /// A chain whose account 0 is the registrar.
    pub(crate) async fn start() -> Self {
        let mut process = Command::new(anvil())
            .args(["--port", "0", "--accounts", "12", "--chain-id", "31337"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("anvil runs: set MEDKEY_ANVIL, or `npm ci --prefix contracts`");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map(|line| line.unwrap())
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .expect("anvil listens");
        std::thread::spawn(move || lines.for_each(drop));
        let rpc = format!("http://{address}");
        let client = Client::builder().no_proxy().build().unwrap();
        let deployment = Deployment { chain: 31337, contract: Address::ZERO, block: 1 };
        let mut chain = Self { process, rpc, client, deployment, accounts: vec![] };
        chain.accounts = serde_json::from_value(chain.call("eth_accounts", json!([])).await).unwrap();
        chain.deploy().await;
        chain
    }

    async fn deploy(&mut self) {
        let artifact = repository().join("contracts/out/Medkey.sol/Medkey.json");
        let artifact = fs::read_to_string(artifact).expect("the contract is built: `forge build --root contracts`");
        let artifact: Value = serde_json::from_str(&artifact).unwrap();
        let code = artifact["bytecode"]["object"].as_str().unwrap();
        let registrar = self.accounts[0];
        let argument: String = registrar.abi_encode().iter().map(|byte| format!("{byte:02x}")).collect();
        let transaction = json!([{ "from": registrar, "data": format!("{code}{argument}") }]);
        let receipt = self.receipt(transaction).await;
        self.deployment.contract = serde_json::from_value(receipt["contractAddress"].clone()).unwrap();
    }

    /// One JSON-RPC call.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = soon(self.client.post(&self.rpc).json(&request).send()).await.unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    async fn receipt(&self, transaction: Value) -> Value {
        let hash = self.call("eth_sendTransaction", transaction).await;
        self.included(serde_json::from_value(hash).unwrap()).await
    }

    /// Waits until a transaction is in a block, where it must have done what it should.
    pub(crate) async fn included(&self, transaction: B256) -> Value {
        soon(async {
            loop {
                let receipt = self.call("eth_getTransactionReceipt", json!([transaction])).await;
                if !receipt.is_null() {
                    assert_eq!(receipt["status"], "0x1", "the transaction failed");
                    return receipt;
                }
                tokio::task::yield_now().await;
            }
        })
        .await
    }

    /// Sends a call of the contract and waits until it is in a block.
    pub(crate) async fn send(&self, from: Address, call: &impl SolCall) {
        let data = format!("0x{}", hex(&call.abi_encode()));
        // Estimating is left out: it fails where a block more changes nothing but the time.
        let transaction = json!([{ "from": from, "to": self.deployment.contract, "data": data, "gas": "0x100000" }]);
        self.receipt(transaction).await;
    }

    /// Mines a block, `seconds` later.
    pub(crate) async fn pass(&self, seconds: u64) {
        self.call("evm_increaseTime", json!([seconds])).await;
        self.call("evm_mine", json!([])).await;
    }

    /// Goes back to a snapshot, and on from there by `blocks` other blocks than before.
    pub(crate) async fn reorganise(&self, snapshot: Value, blocks: u32) {
        assert_eq!(self.call("evm_revert", json!([snapshot])).await, json!(true));
        self.pass(1_000).await;
        for _ in 0..blocks {
            self.call("evm_mine", json!([])).await;
        }
    }

    /// Number, hash and time of the newest block.
    pub(crate) async fn newest(&self) -> Tip {
        let block = self.call("eth_getBlockByNumber", json!(["latest", false])).await;
        let number = |field: &str| u64::from_str_radix(&block[field].as_str().unwrap()[2..], 16).unwrap();
        Tip {
            block: number("number"),
            hash: serde_json::from_value(block["hash"].clone()).unwrap(),
            time: number("timestamp"),
        }
    }

    /// The head the contract holds for a chart.
    pub(crate) async fn head(&self, chart: Address) -> B256 {
        let data = format!("0x{}", hex(&ICharts::viewChartCall { chart }.abi_encode()));
        let answer = self.call("eth_call", json!([{ "to": self.deployment.contract, "data": data }, "latest"])).await;
        answer.as_str().unwrap()[..66].parse().unwrap()
    }

    /// What the wallet of `account` signs.
    pub(crate) async fn personal_sign(&self, account: Address, text: &str) -> Vec<u8> {
        let signature = self.call("personal_sign", json!([format!("0x{}", hex(text.as_bytes())), account])).await;
        unhex(signature.as_str().unwrap())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.trim_start_matches("0x");
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

// ------------------------------------------------------------------ the relay

/// A client of a relay.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) address: String,
    client: Client,
}

/// Why the relay said no.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct No {
    pub(crate) status: StatusCode,
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) data: Option<Vec<u8>>,
}

impl Api {
    pub(crate) fn new(address: String) -> Self {
        Self { address, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub(crate) fn request(&self, method: Method, path: &str, token: Option<&Session>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address));
        match token {
            Some(session) => request.bearer_auth(session.token),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), No> {
        let answer = soon(request.send()).await.unwrap();
        let status = answer.status();
        let bytes = soon(answer.bytes()).await.unwrap().to_vec();
        if status.is_success() {
            return Ok((status, bytes));
        }
        let ErrorBody { code, message, data } = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| panic!("{status} without an error body: {}", String::from_utf8_lossy(&bytes)));
        Err(No { status, code, message, data: data.map(|data| data.0) })
    }

    pub(crate) async fn json<T: DeserializeOwned>(&self, path: &str, token: Option<&Session>) -> Result<T, No> {
        let (_, bytes) = self.send(self.request(Method::GET, path, token)).await?;
        Ok(serde_json::from_slice(&bytes).unwrap())
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl serde::Serialize) -> Result<T, No> {
        let (_, bytes) = self.send(self.request(Method::POST, path, None).json(body)).await?;
        Ok(serde_json::from_slice(&bytes).unwrap())
    }

    pub(crate) async fn put(&self, link: Link, bytes: &[u8], token: Option<&Session>) -> Result<StatusCode, No> {
        let request = self.request(Method::PUT, &format!("{}/{link}", paths::BLOCKS), token);
        Ok(self.send(request.body(bytes.to_vec())).await?.0)
    }

    pub(crate) async fn put_block(&self, block: &EncodedBlock, token: Option<&Session>) -> Result<StatusCode, No> {
        self.put(block.link(), &block.bytes, token).await
    }

    pub(crate) async fn get(&self, link: Link, token: Option<&Session>) -> Result<Vec<u8>, No> {
        let request = self.request(Method::GET, &format!("{}/{link}?format=raw", paths::IPFS), token);
        Ok(self.send(request).await?.1)
    }

    pub(crate) async fn get_car(&self, link: Link, token: Option<&Session>) -> Result<Vec<(Link, Vec<u8>)>, No> {
        let request = self.request(Method::GET, &format!("{}/{link}?format=car", paths::IPFS), token);
        Ok(read_car(link, &self.send(request).await?.1))
    }

    pub(crate) async fn challenge(&self, member: Address) -> Challenge {
        self.post(paths::CHALLENGES, &json!({ "member": member })).await.unwrap()
    }

    pub(crate) async fn open(&self, member: Address, nonce: login::Nonce, proof: Proof) -> Result<Session, No> {
        self.post(paths::SESSIONS, &SessionRequest { member, nonce, proof }).await
    }

    /// Listens until the relay is where the chain is.
    pub(crate) async fn reach(&self, chain: &Chain) -> Tip {
        let newest = chain.newest().await;
        self.listen("", |live| live.at.hash == newest.hash).await.at
    }

    /// Listens until an event that `wanted` likes.
    pub(crate) async fn listen(&self, query: &str, wanted: impl Fn(&Live) -> bool) -> Live {
        self.events(query).await.until(wanted).await
    }

    /// The stream of changes.
    pub(crate) async fn events(&self, query: &str) -> Events {
        let request = self.request(Method::GET, &format!("{}?{query}", paths::LIVE), None);
        let answer = soon(request.send()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Events { answer, rest: String::new() }
    }
}

/// Server-sent events.
pub(crate) struct Events {
    answer: reqwest::Response,
    rest: String,
}

impl Events {
    pub(crate) async fn next(&mut self) -> Live {
        soon(async {
            loop {
                if let Some((event, rest)) = self.rest.split_once("\n\n") {
                    let data = event.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap());
                    self.rest = rest.to_owned();
                    if let Some(live) = data {
                        return live;
                    }
                    continue;
                }
                let chunk = self.answer.chunk().await.unwrap().expect("the stream goes on");
                self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        })
        .await
    }

    /// Reads on until an event that `wanted` likes.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Live) -> bool) -> Live {
        soon(async {
            loop {
                let live = self.next().await;
                if wanted(&live) {
                    return live;
                }
            }
        })
        .await
    }

    /// Whether the stream ended in good order.
    pub(crate) async fn ends(&mut self) -> bool {
        soon(async {
            while let Ok(Some(_)) = self.answer.chunk().await {}
            true
        })
        .await
    }
}

/// The blocks of a CAR, each checked against its CID.
fn read_car(root: Link, car: &[u8]) -> Vec<(Link, Vec<u8>)> {
    let mut rest = car;
    let mut section = || -> Option<&[u8]> {
        let mut length = 0usize;
        for at in 0.. {
            let (byte, after) = rest.split_first()?;
            rest = after;
            length |= usize::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (section, after) = rest.split_at(length);
        rest = after;
        Some(section)
    };
    let header = section().unwrap();
    let cid = root.cid().to_bytes();
    assert!(header.windows(cid.len()).any(|window| window == cid), "the header names the root");
    let mut blocks = Vec::new();
    while let Some(section) = section() {
        let (cid, bytes) = section.split_at(36);
        let link = Link::from_cid(medkey_protocol::ids::Cid::try_from(cid).unwrap()).unwrap();
        assert!(link.names(bytes));
        blocks.push((link, bytes.to_vec()));
    }
    blocks
}

/// The relay, as a library in this process.
pub(crate) struct Relay {
    pub(crate) api: Api,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<Result<(), medkey_relay::RunError>>>,
    _data: TempDir,
}

impl Relay {
    pub(crate) fn config(chain: &Chain, rpc: &str, data: &Path) -> Config {
        Config {
            listen: ([127, 0, 0, 1], 0).into(),
            origin: "http://relay.example".parse().unwrap(),
            rpc: rpc.parse().unwrap(),
            chain_id: chain.deployment.chain,
            contract: chain.deployment.contract,
            deployment_block: chain.deployment.block,
            data: data.to_owned(),
            kubo: None,
            page: None,
            page_connect: vec![],
            poll_ms: 20,
            finality: 64,
            member_quota: 1 << 30,
            visitor_quota: 1 << 20,
            visitors_quota: 1 << 30,
            request_rate: 10_000,
            behind_proxy: false,
            paying: Paying::default(),
        }
    }

    pub(crate) async fn start(chain: &Chain) -> Self {
        Self::start_with(chain, &chain.rpc, |_| {}).await
    }

    pub(crate) async fn start_with(chain: &Chain, rpc: &str, change: impl FnOnce(&mut Config)) -> Self {
        let data = TempDir::new().unwrap();
        let mut config = Self::config(chain, rpc, data.path());
        change(&mut config);
        let listener = TcpListener::bind(config.listen).await.unwrap();
        let api = Api::new(format!("http://{}", listener.local_addr().unwrap()));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(medkey_relay::serve(listener, config, async { drop(stopped.await) }));
        Self { api, stop: Some(stop), task: Some(task), _data: data }
    }

    /// Stops in good order.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        soon(self.task.take().unwrap()).await.unwrap().unwrap();
    }
}

/// The relay's own program.
pub(crate) struct Program {
    process: Child,
    pub(crate) api: Api,
    log: Option<std::thread::JoinHandle<Vec<Value>>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program {
    pub(crate) fn start(chain: &Chain, data: &Path) -> Self {
        Self::start_with(chain, data, &[])
    }

    pub(crate) fn start_with(chain: &Chain, data: &Path, environment: &[(&str, &str)]) -> Self {
        let mut process =
            Self::command(chain, data).envs(environment.iter().copied()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let mut first = Vec::new();
        let address = loop {
            let line = lines.next().expect("the relay listens");
            let address = line["fields"]["address"].as_str().map(str::to_owned);
            let listens = line["fields"]["message"] == "listening";
            first.push(line);
            if let (true, Some(address)) = (listens, address) {
                break address;
            }
        };
        let log = std::thread::spawn(move || first.into_iter().chain(lines).collect());
        Self { process, api: Api::new(format!("http://{address}")), log: Some(log) }
    }

    pub(crate) fn command(chain: &Chain, data: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_medkey-relay"));
        command
            .env("RUST_LOG", "info")
            .env("MEDKEY_RELAY_LISTEN", "127.0.0.1:0")
            .env("MEDKEY_RELAY_ORIGIN", "http://relay.example")
            .env("MEDKEY_RELAY_RPC", &chain.rpc)
            .env("MEDKEY_RELAY_CHAIN_ID", chain.deployment.chain.to_string())
            .env("MEDKEY_RELAY_CONTRACT", chain.deployment.contract.to_string())
            .env("MEDKEY_RELAY_DEPLOYMENT_BLOCK", chain.deployment.block.to_string())
            .env("MEDKEY_RELAY_DATA", data)
            .env("MEDKEY_RELAY_POLL_MS", "5");
        command
    }

    /// Kills it as `kill -9` does, and says what it had logged.
    pub(crate) fn kill(mut self) -> Vec<Value> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.log.take().unwrap().join().unwrap()
    }
}

// ------------------------------------------------------------------ people

/// Somebody with an account, a sign-in key and the digest of the current card.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) address: Address,
    pub(crate) signin: SigningKey,
    pub(crate) card: Digest,
}

impl Person {
    pub(crate) fn new(address: Address) -> Self {
        let mut seed = [9; 32];
        seed[..20].copy_from_slice(address.as_slice());
        Self { address, signin: SigningKey::from_bytes(&seed), card: Digest::of(b"none") }
    }

    /// The key that comes from the recovery code.
    pub(crate) fn recovery(&self) -> PrivateKeySigner {
        secp256k1(&format!("recovery of {}", self.address))
    }

    /// A card with these rings and slots.
    pub(crate) fn card(&self, at: &Deployment, rings: &[(FolderId, Link)], slots: &[Link]) -> EncodedBlock {
        let folders = rings
            .iter()
            .map(|(id, ring)| FolderEntry { id: *id, category: Some(Category::General), ring: *ring })
            .collect();
        let header = Header::new(at, self.address).with_party(self.recovery().address());
        let body = Card {
            generation: 0,
            identity: Octets(vec![3; PUBLIC_KEY]),
            signin: Fixed(self.signin.verifying_key().to_bytes()),
            folders,
            recovery: locked(),
            slots: slots.to_vec(),
            former: vec![],
        };
        encode(header, body)
    }
}

/// A key that depends on `seed`.
pub(crate) fn secp256k1(seed: &str) -> PrivateKeySigner {
    PrivateKeySigner::from_slice(Digest::of(seed.as_bytes()).bytes()).unwrap()
}

/// A signature over `digest` as the contract takes it (EIP-2098): `r`, and `s` with the parity in its highest bit.
pub(crate) fn compact(key: &PrivateKeySigner, digest: B256) -> (B256, B256) {
    let signature = key.sign_hash_sync(&digest).unwrap();
    let mut vs = signature.s().to_be_bytes::<32>();
    vs[0] |= u8::from(signature.v()) << 7;
    (signature.r().into(), vs.into())
}

pub(crate) fn locked() -> Locked {
    Locked { salt: Fixed([6; 32]), ct: Octets(vec![7; 48]) }
}

pub(crate) fn sealed(byte: u8) -> Sealed {
    Sealed { key: Fixed([byte; 8]), enc: Octets(vec![byte; 1120]), ct: Octets(vec![byte; 528]) }
}

pub(crate) fn encode<B: Body>(header: Header, body: B) -> EncodedBlock {
    Block { header, body }.encode().unwrap()
}

pub(crate) fn ring(
    at: &Deployment,
    owner: Address,
    folder: FolderId,
    epoch: u32,
    previous: Option<Link>,
) -> EncodedBlock {
    let body = Ring {
        folder,
        epoch,
        salt: Fixed([epoch as u8; 32]),
        key: Octets(vec![4; PUBLIC_KEY]),
        name: None,
        seeds: vec![],
        past: None,
        previous,
    };
    encode(Header::new(at, owner), body)
}

pub(crate) fn slot(at: &Deployment, owner: Address) -> EncodedBlock {
    encode(
        Header::new(at, owner),
        Slot { domain: "relay.example".into(), account: None, passkey: None, made: None, root: locked() },
    )
}

pub(crate) fn profile(at: &Deployment, owner: Address, name: &str) -> EncodedBlock {
    let text = String::from("x");
    let body = Profile {
        name: name.into(),
        profession: text.clone(),
        specialty: text.clone(),
        qualification: text.clone(),
        licence: text.clone(),
        languages: vec![],
        phone: text.clone(),
        email: text.clone(),
        address: text,
    };
    encode(Header::new(at, owner), body)
}

pub(crate) fn envelope(at: &Deployment, chart: Address, grantee: Address, scope: Scope, byte: u8) -> EncodedBlock {
    encode(Header::new(at, chart).with_party(grantee), Envelope { scope, sealed: sealed(byte), offer: None })
}

pub(crate) fn reason(at: &Deployment, chart: Address, requester: Address) -> EncodedBlock {
    encode(Header::new(at, chart).with_party(requester), Reason { sealed: sealed(5) })
}

/// A manifest that files `body` in `folder`.
pub(crate) fn manifest(
    at: &Deployment,
    chart: Address,
    author: Address,
    folder: FolderId,
    record: RecordId,
    body: BodyLink,
    origin: Option<Link>,
) -> EncodedBlock {
    let keys = RecordKeys { owner: sealed(1), folder: sealed(2), author: None };
    let body = Manifest {
        id: record,
        folder,
        epoch: 0,
        keys,
        commit: Fixed([8; 32]),
        meta: locked(),
        body,
        content: Fixed([9; 32]),
        origin,
    };
    encode(Header::new(at, chart).with_party(author), body)
}

/// A file as blocks, leaves first.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) blocks: Vec<(Link, Vec<u8>)>,
    pub(crate) body: BodyLink,
}

impl File {
    /// `len` bytes that depend on `seed`, in leaves of `chunk` bytes, four to an inner node.
    pub(crate) fn of(seed: &str, len: usize, chunk: usize) -> Self {
        let mut content: Vec<u8> = Vec::with_capacity(len);
        let mut digest = Digest::of(seed.as_bytes());
        while content.len() < len {
            content.extend_from_slice(digest.bytes());
            digest = Digest::of(digest.bytes());
        }
        content.truncate(len);
        let mut adder = FileAdder::builder()
            .with_chunker(Chunker::Size(chunk))
            .with_collector(BalancedCollector::with_branching_factor(4))
            .build();
        let mut blocks = Vec::new();
        let mut rest = content.as_slice();
        while !rest.is_empty() {
            let (ready, used) = adder.push(rest);
            blocks.extend(ready.map(|(cid, bytes)| (Link::from_cid(cid).unwrap(), bytes)).collect::<Vec<_>>());
            rest = &rest[used..];
        }
        blocks.extend(adder.finish().map(|(cid, bytes)| (Link::from_cid(cid).unwrap(), bytes)));
        let link = blocks.last().unwrap().0;
        Self { blocks, body: BodyLink { link, size: len as u64 } }
    }

    pub(crate) fn leaf(&self) -> Link {
        self.blocks[0].0
    }
}

/// An offer and its secret.
pub(crate) struct Offer {
    pub(crate) chart: Address,
    pub(crate) key: PrivateKeySigner,
    pub(crate) scope: Scope,
    pub(crate) envelope: EncodedBlock,
}

/// Chain, relay and six people: the registrar, two patients, two doctors and a laboratory, all of them active.
pub(crate) struct World {
    pub(crate) chain: Chain,
    pub(crate) relay: Relay,
    pub(crate) patient: Person,
    pub(crate) other: Person,
    pub(crate) doctor: Person,
    pub(crate) stranger: Person,
    pub(crate) lab: Person,
}

impl World {
    pub(crate) async fn start() -> Self {
        let chain = Chain::start().await;
        let relay = Relay::start(&chain).await;
        Self::settle(chain, relay).await
    }

    /// Registers everybody and waits until the relay knows.
    pub(crate) async fn settle(chain: Chain, relay: Relay) -> Self {
        let person = |at: usize| Person::new(chain.accounts[at]);
        let (patient, other, doctor, stranger, lab) = (person(1), person(2), person(3), person(4), person(5));
        let mut world = Self { chain, relay, patient, other, doctor, stranger, lab };
        world.patient.card = world.register_patient(&world.patient).await;
        world.other.card = world.register_patient(&world.other).await;
        world.doctor.card = world.register_professional(&world.doctor, IMembers::Role::Doctor).await;
        world.stranger.card = world.register_professional(&world.stranger, IMembers::Role::Doctor).await;
        world.lab.card = world.register_professional(&world.lab, IMembers::Role::Lab).await;
        world.relay.api.reach(&world.chain).await;
        world
    }

    pub(crate) fn api(&self) -> &Api {
        &self.relay.api
    }

    pub(crate) fn at(&self) -> &Deployment {
        &self.chain.deployment
    }

    pub(crate) fn registrar(&self) -> Address {
        self.chain.accounts[0]
    }

    async fn register_patient(&self, person: &Person) -> Digest {
        let card = person.card(self.at(), &[], &[]);
        self.api().put_block(&card, None).await.unwrap();
        self.chain.send(person.address, &IMembers::registerPatientCall { card: card.digest.into() }).await;
        card.digest
    }

    async fn register_professional(&self, person: &Person, role: IMembers::Role) -> Digest {
        let card = person.card(self.at(), &[], &[]);
        let profile = profile(self.at(), person.address, "Dr Who");
        self.api().put_block(&card, None).await.unwrap();
        self.api().put_block(&profile, None).await.unwrap();
        let (member, profile) = (person.address, profile.digest.into());
        let call = IMembers::registerProfessionalCall { role, card: card.digest.into(), profile, hospital: 0 };
        self.chain.send(member, &call).await;
        self.chain.send(self.registrar(), &IMembers::verifyCall { member, profile, hospital: 0 }).await;
        card.digest
    }

    /// Waits until the relay is where the chain is.
    pub(crate) async fn reach(&self) {
        self.api().reach(&self.chain).await;
    }

    /// A session that the sign-in key opens.
    pub(crate) async fn sign_in(&self, person: &Person) -> Session {
        sign_in(self.api(), self.at(), person).await.unwrap()
    }

    /// Leaves a file's blocks.
    pub(crate) async fn upload(&self, file: &File, session: &Session) {
        for (link, bytes) in &file.blocks {
            self.api().put(*link, bytes, Some(session)).await.unwrap();
        }
    }

    /// Leaves a new manifest, and its body unless that is there, and files it.
    pub(crate) async fn file(
        &self,
        author: &Person,
        chart: &Person,
        folder: FolderId,
        record: RecordId,
        file: &File,
    ) -> EncodedBlock {
        let session = self.sign_in(author).await;
        self.upload(file, &session).await;
        let manifest = manifest(self.at(), chart.address, author.address, folder, record, file.body, None);
        self.api().put_block(&manifest, Some(&session)).await.unwrap();
        self.announce(author, chart, manifest.digest).await;
        manifest
    }

    /// Files a manifest on chain.
    pub(crate) async fn announce(&self, author: &Person, chart: &Person, manifest: Digest) {
        let call = ICharts::addRecordCall { chart: chart.address, manifest: manifest.into(), card: chart.card.into() };
        self.chain.send(author.address, &call).await;
    }

    /// Grants `scope` for `seconds` from now.
    pub(crate) async fn grant(&self, chart: &Person, grantee: &Person, scope: Scope, seconds: u64) -> EncodedBlock {
        let session = self.sign_in(chart).await;
        let expiry = self.chain.newest().await.time + seconds;
        let envelope = envelope(self.at(), chart.address, grantee.address, scope, expiry as u8);
        self.api().put_block(&envelope, Some(&session)).await.unwrap();
        let call = ICharts::grantAccessCall {
            chart: chart.address,
            grantee: grantee.address,
            scope: scope.into(),
            expiry: expiry.try_into().unwrap(),
            envelope: envelope.digest.into(),
        };
        self.chain.send(chart.address, &call).await;
        envelope
    }

    /// Offers `scope` for a day to up to three, `seconds` each.
    pub(crate) async fn offer(&self, chart: &Person, scope: Scope, seconds: u32) -> Offer {
        let session = self.sign_in(chart).await;
        let key = secp256k1(&format!("offer of {scope}"));
        let envelope = envelope(self.at(), chart.address, key.address(), scope, 0x0f);
        self.api().put_block(&envelope, Some(&session)).await.unwrap();
        let offer = Offer { chart: chart.address, key, scope, envelope };
        self.make_offer(&offer, offer.envelope.digest, seconds).await;
        offer
    }

    /// Makes an offer that names this envelope.
    pub(crate) async fn make_offer(&self, offer: &Offer, envelope: Digest, seconds: u32) {
        let terms = ICharts::OfferTerms {
            chart: offer.chart,
            key: offer.key.address(),
            scope: offer.scope.into(),
            expiry: (self.chain.newest().await.time + DAY).try_into().unwrap(),
            length: seconds,
            claims: 3,
            emergency: false,
            envelope: envelope.into(),
        };
        self.chain.send(offer.chart, &ICharts::makeOfferCall { terms }).await;
    }

    /// Claims an offer, and leaves the envelope that the claimer sealed to itself.
    pub(crate) async fn claim(&self, claimer: &Person, offer: &Offer) -> EncodedBlock {
        let session = self.sign_in(claimer).await;
        let own = envelope(self.at(), offer.chart, claimer.address, offer.scope, 0xc1);
        self.api().put_block(&own, Some(&session)).await.unwrap();
        self.claim_naming(claimer, offer, own.digest).await;
        own
    }

    /// Claims an offer with a transaction that names this envelope.
    pub(crate) async fn claim_naming(&self, claimer: &Person, offer: &Offer, envelope: Digest) {
        let Offer { chart, key, scope, .. } = offer;
        let (r, vs) = compact(key, acts::claim_digest(self.at(), *chart, *scope, claimer.address));
        let (key, scope, envelope) = (key.address(), (*scope).into(), envelope.into());
        let call = ICharts::claimOfferCall { chart: *chart, key, scope, envelope, r, vs };
        self.chain.send(claimer.address, &call).await;
    }

    pub(crate) async fn revoke(&self, chart: &Person, grantee: &Person, scope: Scope) {
        let call = ICharts::revokeAccessCall { chart: chart.address, grantee: grantee.address, scope: scope.into() };
        self.chain.send(chart.address, &call).await;
    }

    pub(crate) async fn log_access(&self, grantee: &Person, chart: &Person, scope: Scope) {
        let call = ICharts::logAccessCall { chart: chart.address, scope: scope.into() };
        self.chain.send(grantee.address, &call).await;
    }

    /// What the relay says it did with a chart's blocks.
    pub(crate) async fn words(&self, chart: &Person) -> Vec<Word> {
        let session = self.sign_in(chart).await;
        let path = format!("{}/{}/words", paths::CHARTS, chart.address);
        self.api().json::<Page<Word>>(&path, Some(&session)).await.unwrap().items
    }
}

/// Opens a session with the sign-in key.
pub(crate) async fn sign_in(api: &Api, at: &Deployment, person: &Person) -> Result<Session, No> {
    let nonce = api.challenge(person.address).await.nonce;
    let signature = person.signin.sign(&login::key_bytes(person.address, at, &nonce));
    api.open(person.address, nonce, Proof::Key { signature: Fixed(signature.to_bytes()) }).await
}

/// How far the relay says it is.
pub(crate) async fn info(api: &Api) -> Result<Info, No> {
    api.json(paths::INFO, None).await
}
