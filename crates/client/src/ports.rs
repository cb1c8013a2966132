//! What the journey needs from the world: a wallet, a way to the relay, a cipher, a place on the device, a clock and
//! random numbers. Implemented in a browser by `medkey-browser` and natively by `medkey-native`.

#![allow(async_fn_in_trait, reason = "a browser's futures cannot be sent to another thread")]

use core::time::Duration;

pub use medkey_crypto::floe::{CipherError, SegmentCipher, SegmentJob};
use medkey_crypto::{RootSecret, vault::PasskeyKey};
use medkey_protocol::{Address, B256, blocks::Passkey};
use rand_core::CryptoRng;

/// Why a wallet did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    /// The person said no (EIP-1193 code 4001).
    #[error("You declined in the wallet. Nothing was changed.")]
    Declined,
    /// The wallet does not let this site see the account (4100).
    #[error("The wallet is locked or does not share this account with Medkey. Open the wallet and connect it.")]
    NotConnected,
    /// A prompt of this site is open already (-32002).
    #[error("The wallet is already asking you something. Open it and answer there.")]
    PromptOpen,
    /// The wallet is on another chain than Medkey's.
    #[error("The wallet is on another network. Switch it to Medkey's network and try again.")]
    WrongChain,
    /// The account changed in the wallet.
    #[error("The wallet now shows another account. Switch back to the one you signed in with.")]
    AccountChanged,
    /// The account cannot pay for the transaction.
    #[error("The account does not hold enough to pay the network's fee.")]
    NoFunds,
    /// The contract refuses this; its error data.
    #[error("The contract refused this.")]
    Reverted(Vec<u8>),
    /// The node knows no such block yet.
    #[error("The wallet's network node has not seen that block yet.")]
    UnknownBlock,
    /// The wallet or its node cannot be reached (4900, 4901), or answered nonsense.
    #[error("The wallet's network node cannot be reached. Check your connection and try again.")]
    Unreachable,
    /// The wallet cannot do this at all (4200, -32601).
    #[error("This wallet cannot do that. Use another wallet, or your recovery code.")]
    Unsupported,
}

/// The block a read is made at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAt {
    /// What the wallet's node takes for the newest; it may lag by seconds.
    Newest,
    /// Exactly this block.
    Block(u64),
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Block it was included in.
    pub block: u64,
    /// Whether it took effect.
    pub succeeded: bool,
    /// Gas it used.
    pub gas: u64,
}

/// A transaction of the account that was included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Its hash.
    pub transaction: B256,
    /// What was called with it.
    pub data: Vec<u8>,
}

/// Blocks that are looked through for what took a transaction's place, the newest first.
pub const LOOKED_THROUGH: u64 = 64;

/// An account with a key: MetaMask in a browser, a key in memory in tests.
pub trait Wallet {
    /// The account that signs.
    fn account(&self) -> Address;

    /// `personal_sign` (EIP-191): opens a prompt.
    async fn sign_text(&self, text: &str) -> Result<Vec<u8>, WalletError>;

    /// `eth_signTypedData_v4` (EIP-712) of this JSON: opens a prompt that shows every field, and costs nothing. Refuses
    /// when chain or account are not the expected ones.
    async fn sign_typed_data(&self, json: &str) -> Result<Vec<u8>, WalletError>;

    /// Sends a transaction from the account: opens a prompt. Refuses when chain or account are not the expected ones.
    async fn send(&self, to: Address, data: Vec<u8>) -> Result<B256, WalletError>;

    /// `eth_call` through the wallet's own node.
    async fn call(&self, to: Address, data: Vec<u8>, at: ReadAt) -> Result<Vec<u8>, WalletError>;

    /// The receipt, once the transaction is included.
    async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, WalletError>;

    /// The nonce of a transaction, while the node knows it.
    async fn nonce_of(&self, transaction: B256) -> Result<Option<u64>, WalletError>;

    /// The account's transaction of this nonce, where one was included of late: whoever speeds a transaction up or
    /// cancels it in the wallet puts another in its place.
    async fn included_with(&self, nonce: u64) -> Result<Option<Included>, WalletError>;
}

/// Method of a request to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Ask for something new.
    Post,
    /// Leave something under its name.
    Put,
    /// End something.
    Delete,
}

/// A request to the relay.
#[derive(Debug)]
pub struct Request<'a> {
    /// What to do.
    pub method: Method,
    /// Path and query, beginning with `/`.
    pub path: &'a str,
    /// Media type of the body, and accepted for the answer.
    pub media_type: &'static str,
    /// Bearer token, where there is a session.
    pub bearer: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// The relay's answer, its body still to be read.
#[derive(Debug)]
pub struct Answer<B> {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: B,
}

/// The relay could not be reached, or the connection broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The connection to the server was lost.")]
pub struct Disconnected;

/// A body that arrives piece by piece.
pub trait AnswerBody {
    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Disconnected>;
}

/// The way to the relay.
pub trait Transport {
    /// A body that arrives piece by piece.
    type Body: AnswerBody;

    /// Sends a request and waits for the head of the answer.
    async fn send(&self, request: Request<'_>) -> Result<Answer<Self::Body>, Disconnected>;
}

/// Why a passkey gave no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The person said no or waited too long, or the passkey is not here: a browser does not tell these apart.
    #[error("No passkey was used: it was cancelled, took too long, or is not on this device.")]
    Declined,
    /// This device has one of those named already.
    #[error("This device has a passkey for your account already.")]
    Exists,
    /// Passkeys here hold no secret (no PRF extension).
    #[error("Passkeys in this browser or on this device cannot hold a key.")]
    NoSecret,
    /// No passkeys at all, or none at an address like this one.
    #[error("This browser has no passkeys at the address of this page.")]
    Unsupported,
}

/// A passkey that is to be made.
#[derive(Debug)]
pub struct PasskeyRequest<'a> {
    /// The site; the relying party is its host without the port.
    pub domain: &'a str,
    /// Whose: a further passkey for the same member on the same device takes the place of the one before.
    pub member: Address,
    /// What its secret is asked for.
    pub salt: &'a [u8; 32],
    /// Those that must not be replaced.
    pub known: &'a [Passkey],
}

/// A passkey that was made.
#[derive(Debug)]
pub struct MadePasskey {
    /// Its credential id.
    pub id: Vec<u8>,
    /// Its secret, where the device gives it at once.
    pub key: Option<PasskeyKey>,
}

/// Passkeys that hold a secret: WebAuthn with the PRF extension. The person is verified every time.
pub trait Passkeys {
    /// Whether it is worth to offer one. Whether it holds a secret may show only when it is made.
    async fn are_here(&self) -> bool;

    /// Makes one: opens the device's own prompt. One that can hold no secret is given up again.
    async fn make(&self, request: &PasskeyRequest<'_>) -> Result<MadePasskey, PasskeyError>;

    /// The secret of one of these, and which one it is: opens the device's own prompt.
    async fn ask(&self, domain: &str, known: &[Passkey]) -> Result<(usize, PasskeyKey), PasskeyError>;

    /// Tells the device that one is worth nothing any more. Not every device listens.
    async fn give_up(&self, domain: &str, id: &[u8]);
}

/// The device would not keep or give back what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This browser does not let Medkey keep anything on the device.")]
pub struct DeviceError;

/// What the device keeps. Nothing here is readable without a key that the device does not show.
pub trait Device {
    /// Bytes kept under a name.
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, DeviceError>;

    /// Keeps bytes under a name. Never a secret: secrets go through [`Device::hold`].
    async fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), DeviceError>;

    /// Forgets a name.
    async fn forget(&self, name: &str) -> Result<(), DeviceError>;

    /// Forgets every name in which this word stands.
    async fn forget_all(&self, word: &str) -> Result<(), DeviceError>;

    /// Holds a member's root over a reload, wrapped under a key that cannot be exported, until `until`
    /// (seconds since 1970) or [`Device::release`].
    async fn hold(&self, member: Address, root: &RootSecret, until: u64) -> Result<(), DeviceError>;

    /// The root held, if its time is not over.
    async fn held(&self, member: Address, now: u64) -> Result<Option<RootSecret>, DeviceError>;

    /// Wipes whatever is held.
    async fn release(&self) -> Result<(), DeviceError>;
}

/// The time.
pub trait Clock {
    /// Seconds since 1970.
    fn now(&self) -> u64;

    /// Waits.
    async fn wait(&self, time: Duration);
}

/// A file that is read piece by piece: a browser's `File`, bytes in tests.
pub trait Source {
    /// Its length in bytes.
    fn length(&self) -> u64;

    /// Up to `most` further bytes; empty at the end.
    async fn read(&mut self, most: usize) -> Result<Vec<u8>, SourceError>;
}

/// The file could not be read to its end, or changed meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The file could not be read. It may have been moved or changed; choose it again.")]
pub struct SourceError;

/// All ports together.
pub trait Ports {
    /// The wallet.
    type Wallet: Wallet;
    /// The way to the relay.
    type Transport: Transport;
    /// AES-256-GCM of segments.
    type Cipher: SegmentCipher;
    /// What the device keeps.
    type Device: Device;
    /// The device's passkeys.
    type Passkeys: Passkeys;
    /// The time.
    type Clock: Clock;
    /// Random numbers.
    type Rng: CryptoRng;

    /// The wallet.
    fn wallet(&self) -> &Self::Wallet;
    /// The way to the relay.
    fn transport(&self) -> &Self::Transport;
    /// AES-256-GCM of segments.
    fn cipher(&self) -> &Self::Cipher;
    /// What the device keeps.
    fn device(&self) -> &Self::Device;
    /// The device's passkeys.
    fn passkeys(&self) -> &Self::Passkeys;
    /// The time.
    fn clock(&self) -> &Self::Clock;
    /// Random numbers, straight from the system.
    fn rng(&self) -> Self::Rng;
}

/// A source over bytes in memory.
#[derive(Debug)]
pub struct Bytes {
    bytes: Vec<u8>,
    read: usize,
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, read: 0 }
    }
}

impl Source for Bytes {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    async fn read(&mut self, most: usize) -> Result<Vec<u8>, SourceError> {
        let end = self.bytes.len().min(self.read.saturating_add(most));
        let piece = self.bytes[self.read..end].to_vec();
        self.read = end;
        Ok(piece)
    }
}
