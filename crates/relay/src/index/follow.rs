//! Follows the chain, block by block, from the deployment on.
//!
//! The node is not believed more than needed. Blocks must link by their parents' hashes; what happened in a block is
//! taken from the receipts asked for by the block's hash, and only if there is one for every transaction and their
//! logs give exactly the bloom filter of the block's header: a node that lags or leaves logs out is asked again
//! later. A parent that does not fit takes rows back to the last common block; deeper than finality, following stops.

use std::{sync::Arc, time::Duration};

use alloy::{
    primitives::{Bloom, BloomInput, Log, LogData, U64},
    sol_types::SolEventInterface,
};
use medkey_protocol::{
    Address, B256, Deployment,
    api::{Live, Role, Tip},
    chart::{ChartEvent, Entry},
    contract::IMembers::{self, IMembersEvents},
};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{
    Db, DbError, Followed, Happened, RegistryEvent, read,
    write::{self, Concerned},
};
use crate::{
    health::Health,
    node::{Node, NodeError},
};

/// Blocks that are committed together while catching up.
const BATCH: u64 = 200;

/// Why following cannot go on now, or ever.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("the chain's node does not know block {0} yet")]
    Lags(u64),
    #[error("the chain's node leaves out what happened in block {0}")]
    Incomplete(u64),
    #[error("the node follows chain {found}, not chain {expected}")]
    WrongChain { expected: u64, found: u64 },
    #[error("the chain was reorganised deeper than {0} blocks: start over with an empty index or raise --finality")]
    TooDeep(u64),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl FollowError {
    /// Whether a person must look before following can go on.
    fn is_final(&self) -> bool {
        matches!(self, Self::TooDeep(_))
    }
}

/// Keeps the index with the chain.
pub(crate) struct Follower {
    pub(crate) node: Node,
    pub(crate) db: Db,
    pub(crate) deployment: Deployment,
    pub(crate) finality: u64,
    pub(crate) poll: Duration,
    pub(crate) health: Arc<Health>,
    pub(crate) live: broadcast::Sender<Live>,
}

impl Follower {
    /// Follows until cancelled.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut checked_chain = false;
        loop {
            let step = async {
                if !checked_chain {
                    self.node.check_chain(self.deployment.chain).await?;
                    checked_chain = true;
                }
                self.step().await
            };
            // A step that is stopped in the middle leaves whole transactions only.
            let outcome = tokio::select! {
                () = stop.cancelled() => return,
                outcome = step => outcome,
            };
            let caught_up = match outcome {
                Ok(caught_up) => {
                    self.health.chain_seen(caught_up);
                    caught_up
                }
                Err(cause) if cause.is_final() => {
                    error!(%cause, "the index has stopped");
                    self.health.stopped(cause.to_string());
                    return;
                }
                Err(cause) => {
                    if self.health.chain_trouble(cause.to_string()) {
                        warn!(%cause, "the chain cannot be followed now");
                    }
                    true
                }
            };
            if caught_up {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(self.poll) => {}
                }
            }
        }
    }

    /// Takes the next blocks; true when there are no more for now.
    async fn step(&self) -> Result<bool, FollowError> {
        let newest = self.node.newest().await?;
        let cursor = read::tip(&self.db).await?;
        if let Some(cursor) = &cursor
            && newest.number() <= cursor.block
        {
            // At or behind the cursor: another hash at the same height is a reorganisation, else the node lags.
            return match read::hash_of(&self.db, newest.number()).await? {
                Some(hash) if hash == newest.hash => Ok(true),
                Some(_) => self.roll_back(cursor, newest.number()).await.map(|()| false),
                None => Err(FollowError::Lags(cursor.block)),
            };
        }
        let first = cursor.as_ref().map_or(self.deployment.block, |cursor| cursor.block + 1);
        if newest.number() < first {
            return Err(FollowError::Lags(first));
        }
        let last = newest.number().min(first + BATCH - 1);
        let mut parent = cursor.as_ref().map(|cursor| cursor.hash);
        let mut blocks: Vec<Followed> = Vec::new();
        for number in first..=last {
            let header = if number == newest.number() { newest.clone() } else { self.node.header(number).await? };
            if parent.is_some_and(|parent| parent != header.parent_hash) {
                // The blocks before it are no longer the node's chain; they are judged anew in the next step.
                return match &cursor {
                    Some(cursor) if blocks.is_empty() => self.roll_back(cursor, number).await.map(|()| false),
                    _ => Err(FollowError::Lags(number)),
                };
            }
            parent = Some(header.hash);
            let happened = self.node.happened(&header, self.deployment.contract).await?;
            let tip = Tip { block: header.number(), hash: header.hash, time: header.timestamp.to() };
            blocks.push(Followed { tip, happened });
        }
        let concerned = write::append(&self.db, &blocks, self.finality).await?;
        if let Some(tip) = blocks.last().map(|block| block.tip) {
            self.announce(tip, concerned, false);
        }
        Ok(last == newest.number())
    }

    /// Takes rows back to the last block that the node's chain, `newest` blocks high, still has.
    async fn roll_back(&self, cursor: &Tip, newest: u64) -> Result<(), FollowError> {
        let lowest = cursor.block.saturating_sub(self.finality);
        for number in (lowest..cursor.block.min(newest)).rev() {
            let Some(ours) = read::hash_of(&self.db, number).await? else { break };
            if self.node.header(number).await?.hash == ours {
                let concerned = write::roll_back(&self.db, number).await?;
                info!(from = cursor.block, to = number, "the chain was reorganised");
                self.health.reorganised();
                if let Some(tip) = read::tip(&self.db).await? {
                    self.announce(tip, concerned, true);
                }
                return Ok(());
            }
        }
        Err(FollowError::TooDeep(self.finality))
    }

    fn announce(&self, at: Tip, concerned: Concerned, rolled_back: bool) {
        // Whoever hears the news finds a relay that knows the chain.
        self.health.chain_seen(false);
        self.health.at(at);
        let Concerned { charts, members } = concerned;
        let live =
            Live { at, charts: charts.into_iter().collect(), members: members.into_iter().collect(), rolled_back };
        // Without listeners there is nobody to tell.
        let _ = self.live.send(live);
    }
}

/// The part of a block that is looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    number: U64,
    hash: B256,
    parent_hash: B256,
    timestamp: U64,
    logs_bloom: Bloom,
    transactions: Vec<B256>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    block_hash: B256,
    logs: Vec<ReceiptLog>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptLog {
    address: Address,
    topics: Vec<B256>,
    data: alloy::primitives::Bytes,
    transaction_hash: B256,
    log_index: U64,
}

impl Header {
    fn number(&self) -> u64 {
        self.number.to()
    }
}

/// What following asks, and checks.
impl Node {
    async fn check_chain(&self, expected: u64) -> Result<(), FollowError> {
        let found = self.ask::<U64>("eth_chainId", ()).await?.to();
        if found == expected { Ok(()) } else { Err(FollowError::WrongChain { expected, found }) }
    }

    async fn newest(&self) -> Result<Header, FollowError> {
        let header: Option<Header> = self.ask("eth_getBlockByNumber", ("latest", false)).await?;
        header.ok_or(FollowError::Lags(0))
    }

    async fn header(&self, number: u64) -> Result<Header, FollowError> {
        let header: Option<Header> = self.ask("eth_getBlockByNumber", (U64::from(number), false)).await?;
        let header = header.ok_or(FollowError::Lags(number))?;
        if header.number() == number { Ok(header) } else { Err(FollowError::Lags(number)) }
    }

    /// What our contract did in a block.
    async fn happened(&self, header: &Header, contract: Address) -> Result<Vec<Happened>, FollowError> {
        if !header.logs_bloom.contains_input(BloomInput::Raw(contract.as_slice())) {
            return Ok(vec![]);
        }
        let receipts: Option<Vec<Receipt>> = self.ask("eth_getBlockReceipts", (header.hash,)).await?;
        let receipts = receipts.ok_or(FollowError::Lags(header.number()))?;
        let mut bloom = Bloom::ZERO;
        let mut happened = Vec::new();
        let complete = receipts.len() == header.transactions.len()
            && receipts.iter().all(|receipt| receipt.block_hash == header.hash);
        for log in receipts.into_iter().flat_map(|receipt| receipt.logs) {
            let ReceiptLog { address, topics, data, transaction_hash, log_index } = log;
            let data = LogData::new_unchecked(topics, data);
            let raw = Log { address, data };
            bloom.accrue_log(&raw);
            if address == contract {
                let index: u64 = log_index.to();
                happened.extend(read_log(&raw, header, transaction_hash, index));
            }
        }
        if complete && bloom == header.logs_bloom {
            Ok(happened)
        } else {
            Err(FollowError::Incomplete(header.number()))
        }
    }
}

/// What a log of our contract says; none for the registrar's seat and what later contracts may add.
fn read_log(raw: &Log, header: &Header, transaction: B256, log: u64) -> Option<Happened> {
    if let Some((chart, event)) = ChartEvent::decode(&raw.data) {
        let entry = Entry { block: header.number(), time: header.timestamp.to(), transaction, log, event };
        return Some(Happened::Chart { chart, entry });
    }
    let event = match IMembersEvents::decode_log(raw).ok()?.data {
        IMembersEvents::PatientRegistered(e) => RegistryEvent::Registered {
            member: e.member,
            role: Role::Patient,
            card: e.card.into(),
            profile: None,
            hospital: 0,
        },
        IMembersEvents::ProfessionalRegistered(e) => RegistryEvent::Registered {
            member: e.member,
            role: if matches!(e.role, IMembers::Role::Lab) { Role::Lab } else { Role::Doctor },
            card: e.card.into(),
            profile: Some(e.profile.into()),
            hospital: e.hospital,
        },
        IMembersEvents::CardUpdated(e) => RegistryEvent::CardUpdated { member: e.member, card: e.card.into() },
        IMembersEvents::ProfileProposed(e) => {
            RegistryEvent::ProfileProposed { member: e.member, profile: e.profile.into(), hospital: e.hospital }
        }
        IMembersEvents::MemberVerified(e) => {
            RegistryEvent::Verified { member: e.member, profile: e.profile.into(), hospital: e.hospital }
        }
        IMembersEvents::MemberRefused(e) => RegistryEvent::Refused { member: e.member, reason: e.reason },
        IMembersEvents::MemberSuspended(e) => RegistryEvent::Suspended { member: e.member, reason: e.reason },
        IMembersEvents::MemberReinstated(e) => RegistryEvent::Reinstated { member: e.member },
        IMembersEvents::HospitalAdded(e) => RegistryEvent::HospitalAdded { hospital: e.hospital, page: e.page.into() },
        IMembersEvents::HospitalUpdated(e) => {
            RegistryEvent::HospitalUpdated { hospital: e.hospital, page: e.page.into() }
        }
        IMembersEvents::HospitalClosed(e) => RegistryEvent::HospitalClosed { hospital: e.hospital },
        IMembersEvents::RegistrarProposed(_) | IMembersEvents::RegistrarChanged(_) => return None,
    };
    Some(Happened::Registry { log, event })
}
