//! Sends what members sign, and pays for it with an account of the relay's own.
//!
//! Nothing is sent that the contract would refuse at the newest block, and nothing beyond the quotas. What was sent for
//! an account's nonce and still waits is not sent again: the second of the two would be paid for and do nothing.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::{eip1559::Eip1559Estimation, eip2718::Encodable2718},
    primitives::{Bytes, TxKind, U64, U256},
    providers::Provider,
    sol_types::SolError,
};
use medkey_protocol::{
    B256, Deployment,
    acts::{Acts, SignedActs},
    contract::IActs,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tracing::{error, warn};

use crate::{
    config::Config,
    error::Error,
    health::{Count, Health},
    index::{
        Db,
        payments::{self, Payment, Quotas},
    },
    node::{Node, NodeError},
};

mod key;

pub use key::{NotAKey, PayerKey};

/// How far off the deadline of signed acts may be, in seconds.
const LONGEST_WAIT: u64 = 60 * 60;
/// One in so many units of gas is added to what the node estimates.
const GAS_MARGIN: u64 = 4;

/// Pays for members' acts.
pub(crate) struct Payer {
    key: Arc<PayerKey>,
    quotas: Quotas,
    /// Gas of one transaction at most.
    gas: u64,
    /// Acts in one transaction at most.
    steps: usize,
    deployment: Deployment,
    node: Node,
    db: Db,
    health: Arc<Health>,
    /// What was sent and may still wait, by the payer's own nonce. Held while a transaction is given its nonce and sent,
    /// so that no two are given the same one.
    sent: Mutex<BTreeMap<u64, B256>>,
    /// Whether the payer could not pay the last time.
    broke: AtomicBool,
}

/// What a transaction takes.
struct Cost {
    gas: u64,
    fees: Eip1559Estimation,
}

/// Where a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The node has never had it, or has dropped it.
    Unknown,
    Waiting,
    Included,
}

/// The part of a transaction that is looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    block_hash: Option<B256>,
}

/// Whether a transaction was taken is not known.
#[derive(Debug, thiserror::Error)]
#[error("the chain's node was given a transaction of the payer and does not say whether it took it")]
struct Lost;

impl Payer {
    /// The payer that is set up, if any.
    pub(crate) fn new(config: &Config, db: Db, health: Arc<Health>) -> Option<Self> {
        let paying = &config.paying;
        Some(Self {
            key: Arc::clone(paying.key.as_ref()?),
            quotas: Quotas { of_one: paying.quota, of_all: paying.quota_of_all },
            gas: paying.gas,
            steps: paying.steps,
            deployment: config.deployment(),
            node: Node::new(config.rpc.clone()),
            db,
            health,
            sent: Mutex::default(),
            broke: AtomicBool::new(false),
        })
    }

    /// Sends what was signed. `chain_time` is the newest block's time, `now` the clock's; both are seconds since 1970.
    pub(crate) async fn pay(&self, signed: &SignedActs, chain_time: u64, now: u64) -> Result<B256, Error> {
        let outcome = self.check_and_send(signed, chain_time, now).await;
        if matches!(outcome, Err(Error::Refused(_) | Error::Quota)) {
            self.health.count(Count::ActsRefused, 1);
        }
        outcome
    }

    async fn check_and_send(&self, signed: &SignedActs, chain_time: u64, now: u64) -> Result<B256, Error> {
        // A chain without news stands still; its next block does not.
        let digest = self.check(&signed.acts, chain_time.max(now))?;
        if !payments::is_within(&self.db, signed.acts.account, self.quotas, now).await? {
            return Err(Error::Quota);
        }
        let call = Bytes::from(signed.call());
        self.simulate(&call).await?;
        let cost = self.cost(&call).await?;
        self.send(&signed.acts, digest, call, cost, now).await
    }

    /// Checks what needs nobody else, and says what was signed.
    fn check(&self, acts: &Acts, time: u64) -> Result<B256, Error> {
        if acts.steps.is_empty() {
            return Err(Error::BadRequest("there is no act in it".into()));
        }
        if acts.steps.len() > self.steps {
            return Err(Error::TooMuch);
        }
        let digest = acts.digest(&self.deployment).map_err(|cause| Error::BadRequest(cause.to_string()))?;
        if acts.deadline < time {
            let passed = IActs::DeadlinePassed { deadline: U256::from(acts.deadline) };
            return Err(Error::Refused(passed.abi_encode()));
        }
        if acts.deadline - time > LONGEST_WAIT {
            return Err(Error::BadRequest("the deadline is more than an hour away".into()));
        }
        Ok(digest)
    }

    /// Does it at the newest block without leaving anything behind.
    async fn simulate(&self, call: &Bytes) -> Result<(), Error> {
        let answer = self.node.ask::<Bytes>("eth_call", (self.request(call), "latest")).await;
        answer.map(|_| ()).map_err(|cause| refusal("eth_call", cause))
    }

    fn request(&self, call: &Bytes) -> Value {
        json!({
            "from": self.key.account(),
            "to": self.deployment.contract,
            "data": call,
            "gas": U64::from(self.gas),
        })
    }

    /// What it takes, which the payer has.
    async fn cost(&self, call: &Bytes) -> Result<Cost, Error> {
        let estimate = self.node.ask::<U64>("eth_estimateGas", (self.request(call), "latest")).await;
        let estimate: u64 = estimate.map_err(|cause| refusal("eth_estimateGas", cause))?.to();
        let gas = self.gas.min(estimate.saturating_add(estimate / GAS_MARGIN));
        let fees = self.node.look(async |provider| provider.estimate_eip1559_fees().await).await;
        let fees = fees.map_err(|cause| unavailable("the fees", &cause))?;
        let balance = self.node.ask::<U256>("eth_getBalance", (self.key.account(), "latest")).await;
        let balance = balance.map_err(|cause| unavailable("eth_getBalance", &cause))?;
        if balance < U256::from(fees.max_fee_per_gas).saturating_mul(U256::from(gas)) {
            if !self.broke.swap(true, Ordering::Relaxed) {
                error!("the payer has run out of funds: send it some; until then members pay for themselves");
            }
            return Err(Error::Unavailable("it cannot pay for acts at the moment"));
        }
        self.broke.store(false, Ordering::Relaxed);
        Ok(Cost { gas, fees })
    }

    async fn send(&self, acts: &Acts, digest: B256, call: Bytes, cost: Cost, now: u64) -> Result<B256, Error> {
        let mut sent = self.sent.lock().await;
        if let Some(last) = payments::last(&self.db, acts.account, acts.nonce).await? {
            match self.fate(last.transaction).await.map_err(|cause| unavailable("a transaction", &cause))? {
                // The answer to the same request was lost on its way.
                Fate::Waiting if last.digest == digest => return Ok(last.transaction),
                Fate::Waiting => {
                    let current = U256::from(acts.nonce) + U256::ONE;
                    return Err(Error::Refused(IActs::WrongNonce { account: acts.account, current }.abi_encode()));
                }
                // It was included since the simulation, did nothing, or was dropped.
                Fate::Included | Fate::Unknown => self.simulate(&call).await?,
            }
        }
        let nonce = self.next_nonce(&mut sent).await.map_err(|cause| unavailable("a nonce", &cause))?;
        let transaction = self.sign(nonce, call, cost)?;
        let (hash, bytes) = (*transaction.tx_hash(), Bytes::from(transaction.encoded_2718()));
        let payment = Payment { transaction: hash, account: acts.account, nonce: acts.nonce, digest };
        if !payments::count(&self.db, &payment, self.quotas, now).await? {
            return Err(Error::Quota);
        }
        sent.insert(nonce, hash);
        if let Err(cause) = self.hand_over(bytes, hash).await {
            if !matches!(cause, Error::Internal(_)) {
                sent.remove(&nonce);
                payments::forget(&self.db, &payment).await?;
            }
            return Err(cause);
        }
        self.health.count(Count::ActsPaid, 1);
        Ok(hash)
    }

    /// The nonce of the next transaction. A node may be slow to count what it has; what it dropped is not waited for.
    async fn next_nonce(&self, sent: &mut BTreeMap<u64, B256>) -> Result<u64, NodeError> {
        let counted = self.node.ask::<U64>("eth_getTransactionCount", (self.key.account(), "pending")).await?.to();
        *sent = sent.split_off(&counted);
        let (Some(hash), Some((last, _))) = (sent.get(&counted), sent.last_key_value()) else { return Ok(counted) };
        Ok(if self.fate(*hash).await? == Fate::Unknown { counted } else { last + 1 })
    }

    fn sign(&self, nonce: u64, call: Bytes, Cost { gas, fees }: Cost) -> Result<TxEnvelope, Error> {
        let transaction = TxEip1559 {
            chain_id: self.deployment.chain,
            nonce,
            gas_limit: gas,
            max_fee_per_gas: fees.max_fee_per_gas,
            max_priority_fee_per_gas: fees.max_priority_fee_per_gas,
            to: TxKind::Call(self.deployment.contract),
            value: U256::ZERO,
            access_list: Default::default(),
            input: call,
        };
        let signature = self.key.sign(&transaction.signature_hash()).map_err(|cause| Error::Internal(cause.into()))?;
        Ok(transaction.into_signed(signature).into())
    }

    /// Gives a transaction to the node. Every error but [`Error::Internal`] means that the node does not have it.
    async fn hand_over(&self, bytes: Bytes, hash: B256) -> Result<(), Error> {
        let question = "eth_sendRawTransaction";
        let Err(cause) = self.node.ask::<B256>(question, (bytes,)).await else { return Ok(()) };
        match (self.fate(hash).await, &cause) {
            // It has it all the same: its answer was lost, or it had it before.
            (Ok(Fate::Waiting | Fate::Included), _) => Ok(()),
            (Ok(Fate::Unknown), NodeError::Nonsense(_)) | (_, NodeError::Away(_) | NodeError::Refuses(_)) => {
                Err(unavailable(question, &cause))
            }
            _ => Err(Error::Internal(Lost.into())),
        }
    }

    async fn fate(&self, transaction: B256) -> Result<Fate, NodeError> {
        let place: Option<Place> = self.node.ask("eth_getTransactionByHash", (transaction,)).await?;
        Ok(match place {
            None => Fate::Unknown,
            Some(Place { block_hash: None }) => Fate::Waiting,
            Some(Place { block_hash: Some(_) }) => Fate::Included,
        })
    }
}

/// Why a call is not sent.
fn refusal(question: &'static str, cause: NodeError) -> Error {
    match cause.revert() {
        Some(data) => Error::Refused(data.into()),
        None if cause.is_out_of_gas() => Error::TooMuch,
        None => unavailable(question, &cause),
    }
}

/// The node is of no use now. What it says is not logged whole: it may name the accounts in a call.
fn unavailable(question: &'static str, cause: &NodeError) -> Error {
    match cause {
        NodeError::Refuses(answer) => warn!(question, code = answer.code, "the chain's node refuses the payer"),
        NodeError::Late | NodeError::Away(_) | NodeError::Nonsense(_) => {
            warn!(question, "the chain's node does not answer the payer");
        }
    }
    Error::Unavailable("the chain's node does not take transactions at the moment")
}
