//! One suite for both stores, and the CIDs that IPIP-0499 publishes for the profile `unixfs-v1-2025`.
//!
//! Kubo is run from the program that `MEDKEY_KUBO` names. Without it these tests fail, unless `MEDKEY_WITHOUT_KUBO=1`
//! says that this is meant.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails the test")]

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use bytes::Bytes;
use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit, StreamCipher},
};
use medkey_protocol::{
    Digest, Link,
    ids::{DAG_CBOR, DAG_PB, RAW},
};
use medkey_relay::store::{Embedded, Kubo, Store};
use reqwest::{
    Client,
    multipart::{Form, Part},
};
use rust_unixfs::file::adder::{BalancedCollector, Chunker, FileAdder};
use serde_json::{Value, json};
use tempfile::TempDir;

const MIB: usize = 1 << 20;

/// Published by IPIP-0499: size, seed of the key stream, CID.
const PUBLISHED: [(usize, &str, &str); 3] = [
    (11, "", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
    (MIB, "chunk-v1-seed", "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta"),
    (MIB + 1, "chunk-v1-seed", "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64"),
];

fn content(size: usize, seed: &str) -> Vec<u8> {
    if seed.is_empty() {
        return b"hello world".to_vec();
    }
    let mut bytes = vec![0; size];
    let key = Digest::of(seed.as_bytes());
    ChaCha20::new(key.bytes().into(), &[0; 12].into()).apply_keystream(&mut bytes);
    bytes
}

fn blocks(content: &[u8]) -> Vec<(Link, Vec<u8>)> {
    let mut adder = FileAdder::builder()
        .with_chunker(Chunker::Size(MIB))
        .with_collector(BalancedCollector::with_branching_factor(1024))
        .build();
    let mut blocks = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        let (ready, used) = adder.push(rest);
        blocks.extend(ready.collect::<Vec<_>>());
        rest = &rest[used..];
    }
    blocks.extend(adder.finish());
    blocks.into_iter().map(|(cid, bytes)| (Link::from_cid(cid).unwrap(), bytes)).collect()
}

/// What every store does.
async fn conforms(store: &dyn Store) {
    for (size, seed, published) in PUBLISHED {
        let content = content(size, seed);
        let blocks = blocks(&content);
        assert_eq!(blocks.last().unwrap().0.to_string(), published);
        let mut leaves = Vec::new();
        for (link, bytes) in &blocks {
            assert!(store.get(*link).await.unwrap().is_none(), "not before it was put");
            store.put(*link, Bytes::from(bytes.clone())).await.unwrap();
            store.put(*link, Bytes::from(bytes.clone())).await.unwrap();
            assert!(store.get(*link).await.unwrap().as_deref() == Some(bytes.as_slice()));
            if link.codec() == RAW {
                leaves.extend_from_slice(bytes);
            }
        }
        assert!(leaves == content);
        for (link, _) in &blocks {
            store.delete(*link).await.unwrap();
            store.delete(*link).await.unwrap();
            assert!(store.get(*link).await.unwrap().is_none(), "not after it was deleted");
        }
    }

    // The same bytes under two codecs are two blocks; an empty map is DAG-CBOR, and an empty node is dag-pb.
    for (codec, bytes) in [(DAG_CBOR, &[0xa0u8][..]), (RAW, &[0xa0]), (DAG_PB, &[0x0a, 0x00])] {
        let link = Link::of(codec, bytes);
        store.put(link, Bytes::copy_from_slice(bytes)).await.unwrap();
        assert_eq!(store.get(link).await.unwrap().as_deref(), Some(bytes));
    }
    store.delete(Link::of(RAW, &[0xa0])).await.unwrap();
    assert!(store.get(Link::of(DAG_CBOR, &[0xa0])).await.unwrap().is_some(), "its twin stays");
}

#[tokio::test]
async fn the_embedded_store_conforms() {
    let data = TempDir::new().unwrap();
    conforms(&Embedded::open(data.path()).unwrap()).await;
}

#[tokio::test]
async fn the_embedded_store_notices_damage_and_forgets_halves() {
    let data = TempDir::new().unwrap();
    let store = Embedded::open(data.path()).unwrap();
    let link = Link::of(RAW, b"whole");
    store.put(link, Bytes::from_static(b"whole")).await.unwrap();
    let file = find(data.path(), &link.to_string());
    std::fs::write(&file, b"half").unwrap();
    assert!(store.get(link).await.unwrap_err().to_string().contains("damaged"));
    // Sent again, it is whole again.
    store.put(link, Bytes::from_static(b"whole")).await.unwrap();
    assert_eq!(store.get(link).await.unwrap().as_deref(), Some(&b"whole"[..]));

    std::fs::write(data.path().join("unfinished/7"), b"ha").unwrap();
    let store = Embedded::open(data.path()).unwrap();
    assert_eq!(std::fs::read_dir(data.path().join("unfinished")).unwrap().count(), 0);
    assert!(store.get(link).await.unwrap().is_some());
}

fn find(directory: &Path, name: &str) -> PathBuf {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find_map(|path| {
            if path.is_dir() {
                let inside = std::fs::read_dir(&path).unwrap().next().is_some();
                return inside.then(|| find(&path, name)).filter(|found| found.exists());
            }
            path.ends_with(name).then_some(path)
        })
        .unwrap_or_else(|| directory.join("nothing"))
}

// ------------------------------------------------------------------ Kubo

/// A Kubo node with a repository of its own, that talks to nobody.
struct Node {
    process: Child,
    rpc: String,
    _repository: TempDir,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, or nothing where that is meant.
fn kubo() -> Option<PathBuf> {
    if let Some(program) = env::var_os("MEDKEY_KUBO") {
        return Some(program.into());
    }
    let meant = env::var("MEDKEY_WITHOUT_KUBO").is_ok_and(|value| value == "1");
    eprintln!("KUBO CANNOT BE TESTED: set MEDKEY_KUBO to the program `ipfs`, version 0.40 or later");
    assert!(meant, "no Kubo; set MEDKEY_WITHOUT_KUBO=1 if that is meant");
    None
}

impl Node {
    /// Starts a node as `src/store/kubo.rs` says.
    fn start(program: &Path) -> Self {
        let repository = TempDir::new().unwrap();
        let ipfs = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command.env("IPFS_PATH", repository.path()).args(arguments);
            command
        };
        let run = |arguments: &[&str]| {
            let done = ipfs(arguments).output().unwrap();
            assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        };
        run(&["init", "--empty-repo", "--profile", "server"]);
        for (name, value) in [
            ("Addresses.API", json!("/ip4/127.0.0.1/tcp/0")),
            ("Addresses.Gateway", json!([])),
            ("Addresses.Swarm", json!([])),
            ("Bootstrap", json!([])),
            ("AutoConf.Enabled", json!(false)),
            ("Routing.Type", json!("none")),
            ("Provide.Enabled", json!(false)),
            ("Discovery.MDNS.Enabled", json!(false)),
        ] {
            run(&["config", "--json", name, &value.to_string()]);
        }
        let mut process = ipfs(&["daemon", "--offline"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map(|line| line.unwrap())
            .find_map(|line| line.strip_prefix("RPC API server listening on ").map(str::to_owned))
            .expect("Kubo listens");
        let port = address.rsplit('/').next().unwrap();
        let rpc = format!("http://127.0.0.1:{port}");
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, rpc, _repository: repository }
    }

    fn store(&self) -> Kubo {
        Kubo::new(self.rpc.parse().unwrap()).unwrap()
    }

    async fn call(&self, path: &str, form: Option<Form>) -> Result<Value, String> {
        let client = Client::builder().no_proxy().build().unwrap();
        let mut request = client.post(format!("{}/api/v0/{path}", self.rpc));
        if let Some(form) = form {
            request = request.multipart(form);
        }
        let answer = request.send().await.unwrap();
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap();
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        if good { Ok(value) } else { Err(value.to_string()) }
    }
}

#[tokio::test]
async fn kubo_conforms_and_has_the_same_cids() {
    let Some(program) = kubo() else { return };
    let node = Node::start(&program);
    conforms(&node.store()).await;
    for (size, seed, published) in PUBLISHED {
        let form = Form::new().part("file", Part::bytes(content(size, seed)).file_name("file"));
        let options = "cid-version=1&raw-leaves=true&chunker=size-1048576&max-file-links=1024&quieter=true";
        let added = node.call(&format!("add?{options}"), Some(form)).await.unwrap();
        assert_eq!(added["Hash"], published, "{size} bytes");
    }
}

#[tokio::test]
async fn a_foreign_peer_gets_nothing_from_the_relays_kubo() {
    let Some(program) = kubo() else { return };
    let (ours, foreign) = (Node::start(&program), Node::start(&program));
    let link = Link::of(RAW, b"ciphertext");
    ours.store().put(link, Bytes::from_static(b"ciphertext")).await.unwrap();

    // Nobody can connect: the node listens to no peer and knows none.
    let identity = ours.call("id", None).await.unwrap();
    let addresses = identity["Addresses"].as_array().cloned().unwrap_or_default();
    assert!(addresses.is_empty(), "{addresses:?}");
    assert!(ours.call("swarm/peers", None).await.is_err(), "an offline node has no peers");
    let config = ours.call("config/show", None).await.unwrap();
    assert_eq!(config["Addresses"]["Gateway"], json!([]), "no gateway");
    let peer = identity["ID"].as_str().unwrap();
    assert!(foreign.call(&format!("swarm/connect?arg=/ip4/127.0.0.1/tcp/4001/p2p/{peer}"), None).await.is_err());
    assert_eq!(foreign.store().get(link).await.unwrap(), None);
}
