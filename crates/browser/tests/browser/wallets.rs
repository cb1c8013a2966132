//! Wallets, against a provider that follows a script.

use std::{cell::RefCell, rc::Rc};

use medkey_browser::wallets::{AnnouncedWallet, BrowserWallet, Currency, Network, WalletChange, Wallets};
use medkey_client::ports::{Included, ReadAt, Receipt, Wallet, WalletError};
use medkey_protocol::{Address, B256};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::javascript::{get, run};

const ACCOUNT: Address = Address::repeat_byte(0x11);
const OTHER: Address = Address::repeat_byte(0x22);
const CONTRACT: Address = Address::repeat_byte(0xcc);
const HASH: B256 = B256::repeat_byte(0xdd);
const CHAIN: u64 = 31_337;

/// Gives the script's answers in turn, the last one again and again; `no` is thrown as wallets throw.
const FAKE: &str = "
    const answers = JSON.parse(script), heard = new Map(), asked = [];
    const provider = {
        asked, heard,
        async request({ method, params }) {
            asked.push([method, params]);
            const turns = answers[method] ?? [{ no: { code: 4200, message: 'unknown: ' + method } }];
            const turn = turns.length > 1 ? turns.shift() : turns[0];
            if ('no' in turn) throw Object.assign(new Error(turn.no.message), turn.no);
            return turn.yes;
        },
        on(event, listener) { heard.set(event, listener); },
        removeListener(event, listener) { if (heard.get(event) === listener) heard.delete(event); },
    };
    const info = Object.freeze({ uuid, name: 'Fake', icon: icon, rdns: 'example.fake' });
    const announce = () => window.dispatchEvent(
        new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }));
    window.addEventListener('eip6963:requestProvider', announce);
    announce();
    return provider;";

fn network() -> Rc<Network> {
    Rc::new(Network {
        chain: CHAIN,
        name: "Medkey".to_owned(),
        currency: Currency { name: "Ether".to_owned(), symbol: "ETH".to_owned() },
        nodes: vec!["http://127.0.0.1:8545".to_owned()],
    })
}

fn yes(answer: impl Into<Value>) -> Value {
    json!({ "yes": answer.into() })
}

fn no(code: i64, message: &str) -> Value {
    json!({ "no": { "code": code, "message": message } })
}

/// The answers of a wallet where all is well.
fn well() -> Value {
    json!({
        "eth_requestAccounts": [yes(json!([ACCOUNT]))],
        "eth_accounts": [yes(json!([ACCOUNT]))],
        "eth_chainId": [yes("0x7a69")],
        "eth_estimateGas": [yes("0x5208")],
        "eth_getBalance": [yes("0xde0b6b3a7640000")],
        "eth_gasPrice": [yes("0x3b9aca00")],
        "eth_sendTransaction": [yes(json!(HASH))],
        "eth_call": [yes("0x01")],
        "personal_sign": [yes(format!("0x{}", "ab".repeat(65)))],
        "eth_signTypedData_v4": [yes(format!("0x{}", "cd".repeat(65)))],
    })
}

fn but(method: &str, turns: impl Into<Value>) -> Value {
    let mut script = well();
    script[method] = turns.into();
    script
}

struct Fake {
    provider: JsValue,
    announced: AnnouncedWallet,
}

impl Fake {
    fn new(id: &str, script: &Value) -> Self {
        let icon = "data:image/png;base64,";
        let provider = fake(id, icon, script);
        let announced = Wallets::discover(|_| ()).list().into_iter().find(|wallet| wallet.id == id).unwrap();
        Self { provider, announced }
    }

    async fn connect(&self) -> Result<BrowserWallet, WalletError> {
        BrowserWallet::connect(&self.announced, network()).await
    }

    /// Methods asked since the last time.
    fn asked(&self) -> Vec<(String, Value)> {
        let take = "return JSON.stringify(provider.asked.splice(0))";
        serde_json::from_str(&run("provider", take, &[&self.provider]).as_string().unwrap()).unwrap()
    }

    fn methods(&self) -> Vec<String> {
        self.asked().into_iter().map(|(method, _)| method).collect()
    }

    fn emit(&self, event: &str, value: &Value) {
        let emit = "provider.heard.get(event)?.(JSON.parse(value))";
        run("provider, event, value", emit, &[&self.provider, &event.into(), &value.to_string().into()]);
    }
}

fn fake(id: &str, icon: &str, script: &Value) -> JsValue {
    run("uuid, icon, script", FAKE, &[&id.into(), &icon.into(), &script.to_string().into()])
}

#[wasm_bindgen_test]
fn wallets_announce_themselves_early_late_and_twice() {
    fake("early", "https://example.com/spy.png", &well());
    let lengths = Rc::<RefCell<Vec<usize>>>::default();
    let seen = Rc::clone(&lengths);
    let wallets = Wallets::discover(move |list| seen.borrow_mut().push(list.len()));
    let before = wallets.list().len();
    fake("late", "data:image/svg+xml,<svg/>", &well());
    drop(Wallets::discover(|_| ()));

    let list = wallets.list();
    assert_eq!(list.len(), before + 1, "announced again on another's request, listed once");
    let [.., late] = list.as_slice() else { panic!("none") };
    assert_eq!((late.id.as_str(), late.name.as_str(), late.rdns.as_str()), ("late", "Fake", "example.fake"));
    assert_eq!(late.icon.as_deref(), Some("data:image/svg+xml,<svg/>"));
    let early = list.iter().find(|wallet| wallet.id == "early").unwrap();
    assert_eq!(early.icon, None, "an icon from elsewhere would tell who is here");
    assert_eq!(*lengths.borrow(), (1..=before + 1).collect::<Vec<_>>());

    drop(wallets);
    let after = lengths.borrow().len();
    fake("too late", "", &well());
    assert_eq!(lengths.borrow().len(), after);
}

#[wasm_bindgen_test]
fn what_is_no_announcement_is_passed_over() {
    let wallets = Wallets::discover(|_| ());
    let before = wallets.list().len();
    let nonsense =
        "for (const detail of [null, 1, {}, { info: {} }, { info: { uuid: 'x', name: 'x', rdns: 'x' }, provider: {} }])
        window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))";
    run("", nonsense, &[]);
    assert_eq!(wallets.list().len(), before);
}

#[wasm_bindgen_test]
async fn connecting_on_the_right_network_prompts_once() {
    let fake = Fake::new("connect", &well());
    assert_eq!(fake.connect().await.unwrap().account(), ACCOUNT);
    assert_eq!(fake.methods(), ["eth_requestAccounts", "eth_chainId"]);

    let again = BrowserWallet::reconnect(&fake.announced, network()).await.unwrap().unwrap();
    assert_eq!(again.account(), ACCOUNT);
    assert_eq!(fake.methods(), ["eth_accounts"]);

    let stranger = Fake::new("stranger", &but("eth_accounts", json!([yes(json!([]))])));
    assert!(BrowserWallet::reconnect(&stranger.announced, network()).await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_wallet_elsewhere_is_moved_and_taught_the_network() {
    let mut script = but("eth_chainId", json!([yes("0x1"), yes("0x1"), yes("0x7a69")]));
    script["wallet_switchEthereumChain"] = json!([no(4902, "Unrecognized chain ID"), yes(Value::Null)]);
    script["wallet_addEthereumChain"] = json!([yes(Value::Null)]);
    let fake = Fake::new("teach", &script);
    fake.connect().await.unwrap();
    let asked = fake.asked();
    let methods: Vec<_> = asked.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(
        methods,
        [
            "eth_requestAccounts",
            "eth_chainId",
            "wallet_switchEthereumChain",
            "wallet_addEthereumChain",
            "eth_chainId",
            "wallet_switchEthereumChain",
            "eth_chainId",
        ]
    );
    assert_eq!(asked[2].1, json!([{ "chainId": "0x7a69" }]));
    let described = json!([{
        "chainId": "0x7a69",
        "chainName": "Medkey",
        "nativeCurrency": { "name": "Ether", "symbol": "ETH", "decimals": 18 },
        "rpcUrls": ["http://127.0.0.1:8545"],
    }]);
    assert_eq!(asked[3].1, described);
}

#[wasm_bindgen_test]
async fn a_wallet_that_stays_elsewhere_is_on_the_wrong_chain() {
    let elsewhere = but("eth_chainId", json!([yes("0x1")]));
    for (id, answer, error) in [
        ("stays", yes(Value::Null), WalletError::WrongChain),
        ("cannot", no(-32601, "not there"), WalletError::WrongChain),
        ("declines", no(4001, "no"), WalletError::Declined),
    ] {
        let mut script = elsewhere.clone();
        script["wallet_switchEthereumChain"] = json!([answer]);
        assert_eq!(Fake::new(id, &script).connect().await.unwrap_err(), error, "{id}");
    }
}

#[wasm_bindgen_test]
async fn connecting_is_refused_in_the_wallets_own_way() {
    for (id, answer, error) in [
        ("no", no(4001, "User rejected the request."), WalletError::Declined),
        ("open", no(-32002, "Request already pending"), WalletError::PromptOpen),
        ("locked", yes(json!([])), WalletError::NotConnected),
        ("nonsense", yes("0x"), WalletError::Unreachable),
        ("cut off", no(4900, "disconnected"), WalletError::Unreachable),
    ] {
        let script = but("eth_requestAccounts", json!([answer]));
        assert_eq!(Fake::new(id, &script).connect().await.unwrap_err(), error, "{id}");
    }
}

#[wasm_bindgen_test]
async fn a_text_is_signed_as_hexadecimal() {
    let fake = Fake::new("sign", &well());
    let wallet = fake.connect().await.unwrap();
    fake.asked();
    assert_eq!(wallet.sign_text("né").await.unwrap(), [0xab; 65]);
    let asked = fake.asked();
    assert_eq!(asked[1], ("personal_sign".to_owned(), json!(["0x6ec3a9", ACCOUNT])));

    let short = Fake::new("short", &but("personal_sign", json!([yes("0xabab")])));
    assert_eq!(short.connect().await.unwrap().sign_text("a").await, Err(WalletError::Unreachable));
}

#[wasm_bindgen_test]
async fn typed_data_is_signed_as_text_after_network_and_account_are_checked() {
    let fake = Fake::new("typed", &well());
    let wallet = fake.connect().await.unwrap();
    fake.asked();
    assert_eq!(wallet.sign_typed_data(r#"{"primaryType":"Acts"}"#).await.unwrap(), [0xcd; 65]);
    let asked = fake.asked();
    let methods: Vec<_> = asked.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(methods, ["eth_chainId", "eth_accounts", "eth_signTypedData_v4"]);
    assert_eq!(asked[2].1, json!([ACCOUNT, r#"{"primaryType":"Acts"}"#]));
}

#[wasm_bindgen_test]
async fn a_contracts_signature_has_its_own_length() {
    for (id, length) in [("contract", 1), ("long contract", 400)] {
        let script = but("eth_signTypedData_v4", json!([yes(format!("0x{}", "cd".repeat(length)))]));
        let wallet = Fake::new(id, &script).connect().await.unwrap();
        assert_eq!(wallet.sign_typed_data("{}").await.unwrap(), vec![0xcd; length], "{id}");
    }
}

#[wasm_bindgen_test]
async fn typed_data_is_refused_in_words_that_can_be_acted_on() {
    for (id, method, turns, error) in [
        ("typed chain", "eth_chainId", json!([yes("0x7a69"), yes("0x1")]), WalletError::WrongChain),
        ("typed account", "eth_accounts", json!([yes(json!([OTHER]))]), WalletError::AccountChanged),
        ("typed lock", "eth_accounts", json!([yes(json!([]))]), WalletError::NotConnected),
        ("typed no", "eth_signTypedData_v4", json!([no(4001, "User denied")]), WalletError::Declined),
        ("typed never", "eth_signTypedData_v4", json!([no(-32601, "not there")]), WalletError::Unsupported),
        ("typed ever", "eth_signTypedData_v4", json!([no(4200, "unsupported")]), WalletError::Unsupported),
        ("typed empty", "eth_signTypedData_v4", json!([yes("0x")]), WalletError::Unreachable),
        ("typed nonsense", "eth_signTypedData_v4", json!([yes(Value::Null)]), WalletError::Unreachable),
    ] {
        let fake = Fake::new(id, &but(method, turns));
        let wallet = fake.connect().await.unwrap();
        fake.asked();
        assert_eq!(wallet.sign_typed_data("{}").await, Err(error), "{id}");
        let prompted = fake.methods().contains(&"eth_signTypedData_v4".to_owned());
        assert_eq!(prompted, method == "eth_signTypedData_v4", "{id}");
    }
}

#[wasm_bindgen_test]
async fn sending_checks_first_and_prompts_last() {
    let fake = Fake::new("send", &well());
    let wallet = fake.connect().await.unwrap();
    fake.asked();
    assert_eq!(wallet.send(CONTRACT, vec![1, 2]).await, Ok(HASH));
    let asked = fake.asked();
    let methods: Vec<_> = asked.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(
        methods,
        ["eth_chainId", "eth_accounts", "eth_estimateGas", "eth_getBalance", "eth_gasPrice", "eth_sendTransaction"]
    );
    let sent = json!([{ "from": ACCOUNT, "to": CONTRACT, "data": "0x0102", "chainId": "0x7a69" }]);
    assert_eq!(asked[5].1, sent);
}

#[wasm_bindgen_test]
async fn nothing_is_prompted_that_cannot_succeed() {
    let revert = json!({ "no": { "code": -32603, "message": "Internal JSON-RPC error.",
        "data": { "code": 3, "message": "execution reverted", "data": "0xdeadbeef" } } });
    let older = json!({ "no": { "code": -32603, "message": "Internal JSON-RPC error.",
        "data": { "originalError": { "code": 3, "message": "execution reverted", "data": "0xdeadbeef" } } } });
    let reverted = WalletError::Reverted(vec![0xde, 0xad, 0xbe, 0xef]);
    for (id, method, turns, error) in [
        ("chain", "eth_chainId", json!([yes("0x7a69"), yes("0x1")]), WalletError::WrongChain),
        ("account", "eth_accounts", json!([yes(json!([OTHER]))]), WalletError::AccountChanged),
        ("lock", "eth_accounts", json!([yes(json!([]))]), WalletError::NotConnected),
        ("revert", "eth_estimateGas", json!([revert]), reverted.clone()),
        ("older revert", "eth_estimateGas", json!([older]), reverted),
        ("poor", "eth_getBalance", json!([yes("0x1")]), WalletError::NoFunds),
    ] {
        let fake = Fake::new(id, &but(method, turns));
        let wallet = fake.connect().await.unwrap();
        fake.asked();
        assert_eq!(wallet.send(CONTRACT, Vec::new()).await, Err(error), "{id}");
        assert!(!fake.methods().contains(&"eth_sendTransaction".to_owned()), "{id}");
    }
}

#[wasm_bindgen_test]
async fn sending_goes_on_where_the_node_cannot_tell_the_funds() {
    let fake = Fake::new("untold", &but("eth_gasPrice", json!([no(-32601, "unknown")])));
    assert_eq!(fake.connect().await.unwrap().send(CONTRACT, Vec::new()).await, Ok(HASH));
}

#[wasm_bindgen_test]
async fn reads_name_their_block() {
    let fake = Fake::new("read", &well());
    let wallet = fake.connect().await.unwrap();
    fake.asked();
    assert_eq!(wallet.call(CONTRACT, vec![9], ReadAt::Block(255)).await, Ok(vec![1]));
    assert_eq!(wallet.call(CONTRACT, vec![9], ReadAt::Newest).await, Ok(vec![1]));
    let question = json!({ "from": ACCOUNT, "to": CONTRACT, "data": "0x09" });
    let blocks: Vec<_> = fake.asked().into_iter().map(|(_, parameters)| parameters).collect();
    assert_eq!(blocks, [json!([question, "0xff"]), json!([question, "latest"])]);
}

#[wasm_bindgen_test]
async fn a_read_without_an_answer_is_no_answer() {
    let empty = json!([yes("0x")]);
    for (id, chain, turns, error) in [
        ("empty", "0x7a69", empty.clone(), WalletError::Unreachable),
        ("moved", "0x1", empty, WalletError::WrongChain),
        ("unseen", "0x7a69", json!([no(-32000, "header not found")]), WalletError::UnknownBlock),
    ] {
        let mut script = but("eth_call", turns);
        script["eth_chainId"] = json!([yes("0x7a69"), yes(chain)]);
        let wallet = Fake::new(id, &script).connect().await.unwrap();
        assert_eq!(wallet.call(CONTRACT, Vec::new(), ReadAt::Newest).await, Err(error), "{id}");
    }
}

#[wasm_bindgen_test]
async fn a_receipt_comes_when_the_transaction_is_included() {
    let receipt = |status: &str| yes(json!({ "blockNumber": "0x10", "status": status, "gasUsed": "0x5208" }));
    let waiting = yes(json!({ "blockNumber": null, "status": null, "gasUsed": null }));
    let turns = json!([yes(Value::Null), waiting, receipt("0x1"), receipt("0x0")]);
    let wallet = Fake::new("receipt", &but("eth_getTransactionReceipt", turns)).connect().await.unwrap();
    let expected = |succeeded| Some(Receipt { block: 16, succeeded, gas: 21_000 });
    for outcome in [None, None, expected(true), expected(false)] {
        assert_eq!(wallet.receipt(HASH).await.unwrap(), outcome);
    }
}

#[wasm_bindgen_test]
async fn what_took_a_transactions_place_is_found_by_its_nonce() {
    let other = |from: Address, nonce: &str| json!({ "from": from, "nonce": nonce, "hash": HASH, "input": "0x0102" });
    let block = |transactions: Value| yes(json!({ "transactions": transactions }));
    let mut script = but("eth_getTransactionByHash", json!([yes(Value::Null), yes(json!({ "nonce": "0x7" }))]));
    script["eth_getTransactionCount"] = json!([yes("0x7"), yes("0x8")]);
    script["eth_blockNumber"] = json!([yes("0x2")]);
    // The newest block first.
    script["eth_getBlockByNumber"] =
        json!([block(json!([])), block(json!([other(OTHER, "0x7"), other(ACCOUNT, "0x6"), other(ACCOUNT, "0x7")])),]);
    let wallet = Fake::new("place", &script).connect().await.unwrap();
    assert_eq!(wallet.nonce_of(HASH).await.unwrap(), None);
    assert_eq!(wallet.nonce_of(HASH).await.unwrap(), Some(7));
    assert_eq!(wallet.included_with(7).await.unwrap(), None, "nothing was included yet");
    let found = Included { transaction: HASH, data: vec![1, 2] };
    assert_eq!(wallet.included_with(7).await.unwrap(), Some(found));
}

#[wasm_bindgen_test]
async fn changes_are_heard_until_the_watch_ends() {
    let fake = Fake::new("watch", &well());
    let wallet = fake.connect().await.unwrap();
    let changes = Rc::<RefCell<Vec<WalletChange>>>::default();
    let heard = Rc::clone(&changes);
    let watch = wallet.watch(move |change| heard.borrow_mut().push(change));
    fake.emit("accountsChanged", &json!([OTHER]));
    fake.emit("accountsChanged", &json!([]));
    fake.emit("chainChanged", &json!("0x1"));
    fake.emit("disconnect", &json!({ "code": 1013 }));
    let expected = [
        WalletChange::Accounts(vec![OTHER]),
        WalletChange::Accounts(Vec::new()),
        WalletChange::Chain(Some(1)),
        WalletChange::Unreachable,
    ];
    assert_eq!(*changes.borrow(), expected);

    drop(watch);
    assert_eq!(get(&get(&fake.provider, "heard"), "size"), 0);
}
