//! A person whose wallet may refuse and whose connection may break, or end at a relay that lies.

use std::{
    cell::{Cell, RefCell},
    future::pending,
    rc::Rc,
};

use alloy::providers::{Provider, RootProvider};
use medkey_client::ports::{
    Answer, AnswerBody, Disconnected, Included, Method, Ports, ReadAt, Receipt, Request, Transport, Wallet, WalletError,
};
use medkey_crypto::floe::RustSegmentCipher;
use medkey_native::{HttpBody, HttpTransport, KeyWallet, MemoryDevice, NativePorts, SystemClock, SystemRng};
use medkey_protocol::{Address, B256, Link, ids::Octets};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::authenticator::Authenticator;

/// A person at a device.
#[derive(Clone)]
pub struct Person {
    native: NativePorts,
    pub hand: Hand,
    pub wire: Wire,
    pub authenticator: Authenticator,
}

impl Person {
    pub fn new(native: NativePorts) -> Self {
        let hand = Hand { wallet: native.wallet().clone(), state: Rc::default() };
        let wire = Wire { relay: native.transport().clone(), state: Rc::default() };
        Self { native, hand, wire, authenticator: Authenticator::default() }
    }

    /// The same person with the passkeys of this authenticator, as when they are kept in step between devices.
    pub fn with_authenticator(self, authenticator: Authenticator) -> Self {
        Self { authenticator, ..self }
    }

    /// The same person at a device that nothing is known on.
    pub fn elsewhere(&self) -> Self {
        Self::new(self.native.clone().with_device(MemoryDevice::default()))
    }

    /// The same person at the same device, the page loaded anew.
    pub fn reloaded(&self) -> Self {
        Self::new(self.native.clone()).with_authenticator(self.authenticator.clone())
    }
}

impl Ports for Person {
    type Wallet = Hand;
    type Transport = Wire;
    type Cipher = RustSegmentCipher;
    type Device = MemoryDevice;
    type Passkeys = Authenticator;
    type Clock = SystemClock;
    type Rng = SystemRng;

    fn wallet(&self) -> &Hand {
        &self.hand
    }

    fn transport(&self) -> &Wire {
        &self.wire
    }

    fn cipher(&self) -> &RustSegmentCipher {
        self.native.cipher()
    }

    fn device(&self) -> &MemoryDevice {
        self.native.device()
    }

    fn passkeys(&self) -> &Authenticator {
        &self.authenticator
    }

    fn clock(&self) -> &SystemClock {
        self.native.clock()
    }

    fn rng(&self) -> SystemRng {
        self.native.rng()
    }
}

// ------------------------------------------------------------------ the wallet

/// A wallet, and the hand that confirms in it.
#[derive(Clone)]
pub struct Hand {
    wallet: KeyWallet,
    state: Rc<HandState>,
}

#[derive(Default)]
struct HandState {
    texts: RefCell<Vec<String>>,
    typed: Cell<usize>,
    transactions: Cell<usize>,
    declines: Cell<bool>,
    cut_off: Cell<usize>,
    pause: RefCell<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
    hurried: RefCell<Option<RootProvider>>,
    replaces: RefCell<Option<Replacing>>,
}

/// A transaction that is replaced once it was looked for.
struct Replacing {
    node: RootProvider,
    how: Replaces,
    looked: bool,
}

async fn ask(node: &RootProvider, method: &'static str, with: Value) -> Value {
    node.raw_request(method.into(), with).await.unwrap()
}

/// What somebody puts in the place of a transaction that waits to be included.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Replaces {
    /// The same with a higher fee.
    SpeedsUp,
    /// One that does nothing.
    Cancels,
}

/// A transaction that waits in the wallet.
pub struct Pause {
    reached: oneshot::Receiver<()>,
    go_on: oneshot::Sender<()>,
}

impl Pause {
    /// Waits until the wallet is asked, does something else first, and confirms then.
    pub async fn meanwhile<T>(self, act: impl Future<Output = T>) -> T {
        self.reached.await.unwrap();
        let done = act.await;
        self.go_on.send(()).unwrap();
        done
    }
}

impl Hand {
    /// How often the wallet was asked to sign a text.
    pub fn texts(&self) -> usize {
        self.state.texts.borrow().len()
    }

    /// How often typed data was signed.
    pub fn typed(&self) -> usize {
        self.state.typed.get()
    }

    /// How many transactions were confirmed.
    pub fn transactions(&self) -> usize {
        self.state.transactions.get()
    }

    /// Declines from now on, or no more.
    pub fn decline(&self, declines: bool) {
        self.state.declines.set(declines);
    }

    /// Cuts the wallet off from its node for so many questions.
    pub fn cut_off(&self, questions: usize) {
        self.state.cut_off.set(questions);
    }

    /// Lets the next transaction wait in the wallet.
    pub fn pause(&self) -> Pause {
        let (reached, is_reached) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel();
        self.state.pause.replace(Some((reached, goes_on)));
        Pause { reached: is_reached, go_on }
    }

    /// Sends the next transaction without asking the node first whether it will take effect, as a wallet does that
    /// asked too early.
    pub fn hurry(&self, node: &str) {
        self.state.hurried.replace(Some(RootProvider::new_http(node.parse().unwrap())));
    }

    /// Puts another in the place of the next transaction, after it was looked for once and before it is included.
    pub fn replace(&self, node: &str, how: Replaces) {
        let node = RootProvider::new_http(node.parse().unwrap());
        self.state.replaces.replace(Some(Replacing { node, how, looked: false }));
    }

    /// Sends without a block, so that something can still take its place.
    async fn send_slowly(
        &self,
        Replacing { node, .. }: &Replacing,
        to: Address,
        data: Vec<u8>,
    ) -> Result<B256, WalletError> {
        ask(node, "evm_setAutomine", json!([false])).await;
        self.wallet.send(to, data).await
    }

    async fn put_another(&self, Replacing { node, how, .. }: &Replacing, first: B256) {
        let sent = ask(node, "eth_getTransactionByHash", json!([first])).await;
        let from = self.account();
        let mut other = json!({ "from": from, "nonce": sent["nonce"], "gas": "0x100000" });
        for fee in ["maxFeePerGas", "maxPriorityFeePerGas"] {
            let before = u128::from_str_radix(&sent[fee].as_str().unwrap()[2..], 16).unwrap();
            other[fee] = format!("{:#x}", 2 * before + 1).into();
        }
        match how {
            Replaces::SpeedsUp => (other["to"], other["data"]) = (sent["to"].clone(), sent["input"].clone()),
            Replaces::Cancels => other["to"] = json!(from),
        }
        ask(node, "eth_sendTransaction", json!([other])).await;
        ask(node, "evm_mine", json!([])).await;
        ask(node, "evm_setAutomine", json!([true])).await;
    }

    fn confirm(&self) -> Result<(), WalletError> {
        if self.state.declines.get() { Err(WalletError::Declined) } else { self.reach() }
    }

    fn reach(&self) -> Result<(), WalletError> {
        let left = self.state.cut_off.get().checked_sub(1).ok_or(());
        left.map_or(Ok(()), |left| {
            self.state.cut_off.set(left);
            Err(WalletError::Unreachable)
        })
    }
}

impl Wallet for Hand {
    fn account(&self) -> Address {
        self.wallet.account()
    }

    async fn sign_text(&self, text: &str) -> Result<Vec<u8>, WalletError> {
        self.state.texts.borrow_mut().push(text.to_owned());
        if self.state.declines.get() {
            return Err(WalletError::Declined);
        }
        self.wallet.sign_text(text).await
    }

    async fn sign_typed_data(&self, json: &str) -> Result<Vec<u8>, WalletError> {
        self.confirm()?;
        let signature = self.wallet.sign_typed_data(json).await?;
        self.state.typed.set(self.state.typed.get() + 1);
        Ok(signature)
    }

    async fn send(&self, to: Address, data: Vec<u8>) -> Result<B256, WalletError> {
        let pause = self.state.pause.take();
        if let Some((reached, goes_on)) = pause {
            reached.send(()).unwrap();
            goes_on.await.unwrap();
        }
        self.confirm()?;
        let (hurried, replaces) = (self.state.hurried.take(), self.state.replaces.take());
        let transaction = match (hurried, replaces) {
            (None, None) => self.wallet.send(to, data).await?,
            (None, Some(replacing)) => {
                let sent = self.send_slowly(&replacing, to, data).await?;
                self.state.replaces.replace(Some(replacing));
                sent
            }
            (Some(node), _) => {
                let from = self.account();
                let sent = json!([{ "from": from, "to": to, "data": Octets(data), "gas": "0x100000" }]);
                node.raw_request("eth_sendTransaction".into(), sent).await.unwrap()
            }
        };
        self.state.transactions.set(self.state.transactions.get() + 1);
        Ok(transaction)
    }

    async fn call(&self, to: Address, data: Vec<u8>, at: ReadAt) -> Result<Vec<u8>, WalletError> {
        self.reach()?;
        self.wallet.call(to, data, at).await
    }

    async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, WalletError> {
        self.reach()?;
        let replaces = self.state.replaces.take();
        match replaces {
            Some(replacing) if replacing.looked => self.put_another(&replacing, transaction).await,
            Some(replacing) => drop(self.state.replaces.replace(Some(Replacing { looked: true, ..replacing }))),
            None => {}
        }
        self.wallet.receipt(transaction).await
    }

    async fn nonce_of(&self, transaction: B256) -> Result<Option<u64>, WalletError> {
        self.reach()?;
        self.wallet.nonce_of(transaction).await
    }

    async fn included_with(&self, nonce: u64) -> Result<Option<Included>, WalletError> {
        self.reach()?;
        self.wallet.included_with(nonce).await
    }
}

// ------------------------------------------------------------------ the way to the relay

/// What happens to a request.
pub enum Fate {
    /// It arrives, and so does the answer.
    Arrives,
    /// It never arrives.
    Lost,
    /// It arrives, and the answer is lost.
    AnswerLost,
    /// Nothing comes back, for ever.
    Silence,
    /// It never arrives, and this status and body come back.
    Answered(u16, Vec<u8>),
    /// The answer becomes another.
    Becomes(Box<dyn FnOnce(Vec<u8>) -> Vec<u8>>),
}

type Meddler = Box<dyn FnMut(Method, &str) -> Fate>;

/// The way to the relay, and who stands on it.
#[derive(Clone)]
pub struct Wire {
    relay: HttpTransport,
    state: Rc<WireState>,
}

#[derive(Default)]
struct WireState {
    sent: RefCell<Vec<(Link, Vec<u8>)>>,
    heard: RefCell<Vec<(String, Vec<u8>)>>,
    meddler: RefCell<Option<Meddler>>,
}

impl Wire {
    /// Lets somebody decide what happens to each request, by its method and path.
    pub fn meddle(&self, meddler: impl FnMut(Method, &str) -> Fate + 'static) {
        self.state.meddler.replace(Some(Box::new(meddler)));
    }

    /// Changes the answers of paths that hold `part`.
    pub fn rewrite(&self, part: impl Into<String>, change: impl Fn(Vec<u8>) -> Vec<u8> + 'static) {
        let (part, change) = (part.into(), Rc::new(change));
        self.meddle(move |_, path| {
            let change = Rc::clone(&change);
            if path.contains(&part) { Fate::Becomes(Box::new(move |answer| change(answer))) } else { Fate::Arrives }
        });
    }

    /// Nobody stands there any more.
    pub fn leave_alone(&self) {
        self.state.meddler.replace(None);
    }

    /// The blocks that were sent, each as often as it was.
    pub fn sent(&self) -> Vec<Link> {
        self.state.sent.borrow().iter().map(|(link, _)| *link).collect()
    }

    /// The bytes of a block that was sent.
    pub fn sent_block(&self, link: Link) -> Vec<u8> {
        self.state.sent.borrow().iter().find(|(sent, _)| *sent == link).unwrap().1.clone()
    }

    /// The newest answer, other than a stream, of a path that holds `part`.
    pub fn heard(&self, part: &str) -> Vec<u8> {
        self.state.heard.borrow().iter().rfind(|(path, _)| path.contains(part)).unwrap().1.clone()
    }
}

impl Transport for Wire {
    type Body = WireBody;

    async fn send(&self, request: Request<'_>) -> Result<Answer<WireBody>, Disconnected> {
        let (method, path) = (request.method, request.path.to_owned());
        let is_stream = matches!(request.media_type, "application/vnd.ipld.car" | "text/event-stream");
        if let (Method::Put, Some(Ok(link))) = (method, path.rsplit('/').next().map(str::parse)) {
            self.state.sent.borrow_mut().push((link, request.body.to_vec()));
        }
        let fate = self.state.meddler.borrow_mut().as_mut().map_or(Fate::Arrives, |meddler| meddler(method, &path));
        match fate {
            Fate::Lost => return Err(Disconnected),
            Fate::Silence => return pending().await,
            Fate::Answered(status, body) => return Ok(Answer { status, body: WireBody::Whole(Some(body)) }),
            Fate::Arrives | Fate::AnswerLost | Fate::Becomes(_) => {}
        }
        let Answer { status, mut body } = self.relay.send(request).await?;
        if is_stream && matches!(fate, Fate::Arrives) {
            return Ok(Answer { status, body: WireBody::Live(body) });
        }
        let mut whole = Vec::new();
        while let Some(piece) = body.next().await? {
            whole.extend_from_slice(&piece);
        }
        self.state.heard.borrow_mut().push((path, whole.clone()));
        match fate {
            Fate::AnswerLost => return Err(Disconnected),
            Fate::Becomes(change) if (200..300).contains(&status) => whole = change(whole),
            _ => {}
        }
        Ok(Answer { status, body: WireBody::Whole(Some(whole)) })
    }
}

/// An answer's body, as it comes or as it was made to be.
pub enum WireBody {
    Live(HttpBody),
    Whole(Option<Vec<u8>>),
}

impl AnswerBody for WireBody {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Disconnected> {
        match self {
            Self::Live(body) => body.next().await,
            Self::Whole(body) => Ok(body.take()),
        }
    }
}
