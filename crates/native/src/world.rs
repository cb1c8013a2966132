//! A small world for tests: a local chain with the contract, the real relay, people with funds.

mod anvil;
mod relay;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use alloy::{
    hex,
    network::TransactionBuilder,
    rpc::types::TransactionRequest,
    signers::local::{MnemonicBuilder, coins_bip39::English},
};
use medkey_client::{
    Medkey, Origin,
    ports::{Receipt, Wallet, WalletError},
};
use medkey_protocol::{Address, B256, Deployment, SolValue};
use medkey_relay::{config::Paying, payer::PayerKey};
use serde_json::Value;

pub use self::{
    anvil::{Anvil, AnvilError},
    relay::{RelayError, RunningRelay},
};
use crate::{ConnectError, KeyWallet, NativePorts, SystemClock};

const ARTIFACT: &str = "contracts/out/Medkey.sol/Medkey.json";
/// Sends nothing but the contract, which therefore has the same address everywhere.
const DEPLOYER: u32 = 9;
/// Pays for others, where the relay does.
const PAYER: u32 = 8;
const LOOK_EVERY: Duration = Duration::from_millis(5);
const LOOKS: usize = 2_000;
/// How long anybody waits at a time: chain and relay stand beside each other.
const LONGEST_WAIT: Duration = Duration::from_millis(50);

/// Why the world did not begin.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// No chain.
    #[error(transparent)]
    Chain(#[from] AnvilError),
    /// No relay.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The contract is not built.
    #[error("{} holds no contract; run `forge build` in contracts", .0.display())]
    Artifact(PathBuf),
    /// The contract did not get onto the chain.
    #[error("the contract was not deployed")]
    NotDeployed,
    /// A wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// Ports cannot be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

/// A chain of its own with the contract on it, and a relay that follows it. They end on drop.
#[derive(Debug)]
pub struct World {
    // Ends first: it follows the chain.
    relay: RunningRelay,
    chain: Anvil,
    deployment: Deployment,
    clock: SystemClock,
}

impl World {
    /// The account that is the registrar.
    pub const REGISTRAR: u32 = 0;

    /// Begins the chain, puts the contract on it and starts the relay.
    pub async fn start() -> Result<Self, WorldError> {
        Self::start_with(Paying::default()).await
    }

    /// The same with a relay that pays for what members sign, so many times a day for each.
    pub async fn start_paying(quota: u64) -> Result<Self, WorldError> {
        let key =
            MnemonicBuilder::<English>::default().phrase(Anvil::WORDS).index(PAYER).and_then(|words| words.build());
        let key = key.map_err(|_| ConnectError::Key)?.to_bytes();
        let key = PayerKey::parse(&hex::encode(key)).map_err(|_| ConnectError::Key)?;
        Self::start_with(Paying { key: Some(Arc::new(key)), quota, ..Paying::default() }).await
    }

    async fn start_with(paying: Paying) -> Result<Self, WorldError> {
        let chain = Anvil::start()?;
        let registrar = wallet(&chain, Self::REGISTRAR)?.account();
        let deployment = deploy(&wallet(&chain, DEPLOYER)?, registrar).await?;
        let relay = RunningRelay::start(chain.address(), deployment, paying).await?;
        let clock = SystemClock::default().hasty(LONGEST_WAIT);
        Ok(Self { relay, chain, deployment, clock })
    }

    /// Which contract on which chain.
    #[must_use]
    pub const fn deployment(&self) -> Deployment {
        self.deployment
    }

    /// The local chain.
    #[must_use]
    pub const fn chain(&self) -> &Anvil {
        &self.chain
    }

    /// The relay.
    #[must_use]
    pub const fn relay(&self) -> &RunningRelay {
        &self.relay
    }

    /// The site that everybody is at.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let uri = self.relay.address();
        Origin { domain: uri.trim_start_matches("http://").to_owned(), uri: uri.to_owned() }
    }

    /// The account `index` of the chain, at a device of its own. Number 0 is the registrar, 8 and 9 are taken, those from
    /// [`Anvil::ACCOUNTS`] on have no funds.
    pub fn person(&self, index: u32) -> Result<NativePorts, WorldError> {
        let ports = NativePorts::new(wallet(&self.chain, index)?, self.relay.address())?;
        Ok(ports.with_clock(self.clock.clone()))
    }

    /// Medkey as the account `index` uses it, at a device of its own: see [`Self::person`].
    pub fn medkey(&self, index: u32) -> Result<Medkey<NativePorts>, WorldError> {
        Ok(Medkey::new(self.person(index)?, self.deployment, self.origin()))
    }

    /// Lets time pass, in seconds, for the chain, everybody's clock and the relay.
    pub async fn pass(&self, seconds: u64) -> Result<(), WorldError> {
        self.chain.pass(seconds).await?;
        self.clock.put_forward(seconds);
        self.settle().await
    }

    /// Waits until the relay is where the chain is.
    pub async fn settle(&self) -> Result<(), WorldError> {
        let newest = self.chain.newest().await?;
        Ok(self.relay.reach(newest).await?)
    }
}

/// The receipt of a transaction that was sent to a local chain: it comes at once, but after the answer to sending.
pub async fn included(wallet: &impl Wallet, transaction: B256) -> Result<Receipt, WalletError> {
    for _ in 0..LOOKS {
        if let Some(receipt) = wallet.receipt(transaction).await? {
            return Ok(receipt);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(WalletError::Unreachable)
}

fn wallet(chain: &Anvil, index: u32) -> Result<KeyWallet, ConnectError> {
    KeyWallet::from_words(Anvil::WORDS, index, chain.address(), Anvil::CHAIN)
}

async fn deploy(deployer: &KeyWallet, registrar: Address) -> Result<Deployment, WorldError> {
    let code = [creation_code()?, registrar.abi_encode()].concat();
    let transaction = deployer.send_request(TransactionRequest::default().with_deploy_code(code)).await?;
    let receipt = included(deployer, transaction).await?;
    if !receipt.succeeded {
        return Err(WorldError::NotDeployed);
    }
    Ok(Deployment { chain: Anvil::CHAIN, contract: deployer.account().create(0), block: receipt.block })
}

fn creation_code() -> Result<Vec<u8>, WorldError> {
    let path = repository().join(ARTIFACT);
    let code = || {
        let artifact: Value = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
        hex::decode(artifact["bytecode"]["object"].as_str()?).ok().filter(|code| !code.is_empty())
    };
    code().ok_or_else(|| WorldError::Artifact(path.clone()))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
