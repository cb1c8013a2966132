//! The events of a chart, and the fold that gives its head.

use alloy_primitives::{Address, B256, LogData, U256, keccak256};
use alloy_sol_types::{SolEvent, SolValue};
use serde::{Deserialize, Serialize};

use crate::{
    contract::ICharts,
    ids::{Digest, Scope},
};

/// One event of a chart, as the contract emitted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum ChartEvent {
    /// A record was filed.
    RecordAdded {
        /// Who filed it.
        author: Address,
        /// Its manifest.
        manifest: Digest,
    },
    /// The patient put one manifest in the place of another.
    RecordReplaced {
        /// The manifest that gives way.
        previous: Digest,
        /// The manifest that takes its place.
        manifest: Digest,
    },
    /// The patient took a record out.
    RecordRemoved {
        /// Its manifest.
        manifest: Digest,
    },
    /// A doctor or laboratory asked for access.
    AccessRequested {
        /// Who asked.
        requester: Address,
        /// The sealed reason.
        reason: Digest,
    },
    /// The patient said no.
    RequestDenied {
        /// Who had asked.
        requester: Address,
        /// The sealed reason that names the request.
        reason: Digest,
    },
    /// The patient granted or extended access.
    AccessGranted {
        /// Who may read.
        grantee: Address,
        /// What.
        scope: Scope,
        /// Until when: block time in seconds, exclusive.
        expiry: u64,
        /// The envelope with the keys.
        envelope: Digest,
    },
    /// The patient revoked access.
    AccessRevoked {
        /// Who may read no more.
        grantee: Address,
        /// What.
        scope: Scope,
    },
    /// The patient blocked an author, or allowed it again.
    AuthorBlocked {
        /// Who.
        author: Address,
        /// Whether it is blocked from here on.
        blocked: bool,
    },
    /// A grantee is about to open a scope.
    AccessLogged {
        /// Who.
        grantee: Address,
        /// What.
        scope: Scope,
    },
    /// The patient offered access to whoever holds the secret of a key.
    OfferMade {
        /// Address of the offer's signing key.
        key: Address,
        /// What.
        scope: Scope,
        /// Until when it can be claimed: block time in seconds, exclusive.
        expiry: u64,
        /// How long the grant of each claim lives, in seconds.
        length: u32,
        /// How many members may claim it.
        claims: u32,
        /// Whether it is the patient's emergency card.
        emergency: bool,
        /// The envelope with the keys, sealed to the offer's own key.
        envelope: Digest,
    },
    /// A doctor or laboratory claimed an offer: a grant.
    OfferClaimed {
        /// Who may read.
        claimer: Address,
        /// The offer's signing key.
        key: Address,
        /// What.
        scope: Scope,
        /// Until when: block time in seconds, exclusive.
        expiry: u64,
        /// The offer's secret, sealed by the claimer to itself.
        envelope: Digest,
    },
    /// The patient withdrew an offer.
    OfferWithdrawn {
        /// The offer's signing key.
        key: Address,
        /// What.
        scope: Scope,
    },
    /// The holder of the recovery key wants the chart to move.
    MoveProposed {
        /// To where.
        account: Address,
        /// From when on that account may take it: block time in seconds.
        effective: u64,
    },
    /// Whoever acts for the patient stopped a move.
    MoveVetoed {
        /// To where it would have gone.
        account: Address,
    },
    /// The chart moved: this account alone acts for the patient from here on.
    ChartMoved {
        /// Which.
        account: Address,
    },
}

/// An event of a chart with its place on the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Block number.
    pub block: u64,
    /// Block time in seconds.
    pub time: u64,
    /// Hash of the transaction.
    pub transaction: B256,
    /// Index of the log within the block.
    pub log: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: ChartEvent,
}

impl ChartEvent {
    /// Whom it is about besides the chart: its author, requester, grantee or claimer.
    pub fn party(&self) -> Option<Address> {
        match self {
            Self::RecordAdded { author, .. } | Self::AuthorBlocked { author, .. } => Some(*author),
            Self::AccessRequested { requester, .. } | Self::RequestDenied { requester, .. } => Some(*requester),
            Self::AccessGranted { grantee, .. }
            | Self::AccessRevoked { grantee, .. }
            | Self::AccessLogged { grantee, .. } => Some(*grantee),
            Self::OfferClaimed { claimer, .. } => Some(*claimer),
            Self::RecordReplaced { .. }
            | Self::RecordRemoved { .. }
            | Self::OfferMade { .. }
            | Self::OfferWithdrawn { .. }
            | Self::MoveProposed { .. }
            | Self::MoveVetoed { .. }
            | Self::ChartMoved { .. } => None,
        }
    }

    /// Reads a log of the contract: the chart and what happened in it. `None` for logs that are of no chart.
    pub fn decode(log: &LogData) -> Option<(Address, Self)> {
        fn read<E: SolEvent>(log: &LogData) -> Option<E> {
            E::decode_log_data(log).ok()
        }
        let found = match *log.topics().first()? {
            ICharts::RecordAdded::SIGNATURE_HASH => {
                let e = read::<ICharts::RecordAdded>(log)?;
                (e.chart, Self::RecordAdded { author: e.author, manifest: e.manifest.into() })
            }
            ICharts::RecordReplaced::SIGNATURE_HASH => {
                let e = read::<ICharts::RecordReplaced>(log)?;
                (e.chart, Self::RecordReplaced { previous: e.previous.into(), manifest: e.manifest.into() })
            }
            ICharts::RecordRemoved::SIGNATURE_HASH => {
                let e = read::<ICharts::RecordRemoved>(log)?;
                (e.chart, Self::RecordRemoved { manifest: e.manifest.into() })
            }
            ICharts::AccessRequested::SIGNATURE_HASH => {
                let e = read::<ICharts::AccessRequested>(log)?;
                (e.chart, Self::AccessRequested { requester: e.requester, reason: e.reason.into() })
            }
            ICharts::RequestDenied::SIGNATURE_HASH => {
                let e = read::<ICharts::RequestDenied>(log)?;
                (e.chart, Self::RequestDenied { requester: e.requester, reason: e.reason.into() })
            }
            ICharts::AccessGranted::SIGNATURE_HASH => {
                let e = read::<ICharts::AccessGranted>(log)?;
                let (scope, expiry) = (e.scope.into(), e.expiry.to::<u64>());
                (e.chart, Self::AccessGranted { grantee: e.grantee, scope, expiry, envelope: e.envelope.into() })
            }
            ICharts::AccessRevoked::SIGNATURE_HASH => {
                let e = read::<ICharts::AccessRevoked>(log)?;
                (e.chart, Self::AccessRevoked { grantee: e.grantee, scope: e.scope.into() })
            }
            ICharts::AuthorBlocked::SIGNATURE_HASH => {
                let e = read::<ICharts::AuthorBlocked>(log)?;
                (e.chart, Self::AuthorBlocked { author: e.author, blocked: e.blocked })
            }
            ICharts::AccessLogged::SIGNATURE_HASH => {
                let e = read::<ICharts::AccessLogged>(log)?;
                (e.chart, Self::AccessLogged { grantee: e.grantee, scope: e.scope.into() })
            }
            ICharts::OfferMade::SIGNATURE_HASH => {
                let e = read::<ICharts::OfferMade>(log)?;
                let made = Self::OfferMade {
                    key: e.key,
                    scope: e.scope.into(),
                    expiry: e.expiry.to::<u64>(),
                    length: e.length,
                    claims: e.claims,
                    emergency: e.emergency,
                    envelope: e.envelope.into(),
                };
                (e.chart, made)
            }
            ICharts::OfferClaimed::SIGNATURE_HASH => {
                let e = read::<ICharts::OfferClaimed>(log)?;
                let claimed = Self::OfferClaimed {
                    claimer: e.claimer,
                    key: e.key,
                    scope: e.scope.into(),
                    expiry: e.expiry.to::<u64>(),
                    envelope: e.envelope.into(),
                };
                (e.chart, claimed)
            }
            ICharts::OfferWithdrawn::SIGNATURE_HASH => {
                let e = read::<ICharts::OfferWithdrawn>(log)?;
                (e.chart, Self::OfferWithdrawn { key: e.key, scope: e.scope.into() })
            }
            ICharts::MoveProposed::SIGNATURE_HASH => {
                let e = read::<ICharts::MoveProposed>(log)?;
                (e.chart, Self::MoveProposed { account: e.account, effective: e.effective.to::<u64>() })
            }
            ICharts::MoveVetoed::SIGNATURE_HASH => {
                let e = read::<ICharts::MoveVetoed>(log)?;
                (e.chart, Self::MoveVetoed { account: e.account })
            }
            ICharts::ChartMoved::SIGNATURE_HASH => {
                let e = read::<ICharts::ChartMoved>(log)?;
                (e.chart, Self::ChartMoved { account: e.account })
            }
            _ => return None,
        };
        Some(found)
    }

    /// Keccak-256 of the event in the form the contract folds.
    fn hash(&self, chart: Address, time: u64) -> B256 {
        let t = U256::from(time);
        let word = |digest: &Digest| B256::from(*digest);
        let bytes = match self {
            Self::RecordAdded { author, manifest } => {
                (ICharts::RecordAdded::SIGNATURE_HASH, t, chart, *author, word(manifest)).abi_encode()
            }
            Self::RecordReplaced { previous, manifest } => {
                (ICharts::RecordReplaced::SIGNATURE_HASH, t, chart, word(previous), word(manifest)).abi_encode()
            }
            Self::RecordRemoved { manifest } => {
                (ICharts::RecordRemoved::SIGNATURE_HASH, t, chart, word(manifest)).abi_encode()
            }
            Self::AccessRequested { requester, reason } => {
                (ICharts::AccessRequested::SIGNATURE_HASH, t, chart, *requester, word(reason)).abi_encode()
            }
            Self::RequestDenied { requester, reason } => {
                (ICharts::RequestDenied::SIGNATURE_HASH, t, chart, *requester, word(reason)).abi_encode()
            }
            Self::AccessGranted { grantee, scope, expiry, envelope } => {
                let (scope, expiry) = (B256::from(*scope), U256::from(*expiry));
                (ICharts::AccessGranted::SIGNATURE_HASH, t, chart, *grantee, scope, expiry, word(envelope)).abi_encode()
            }
            Self::AccessRevoked { grantee, scope } => {
                (ICharts::AccessRevoked::SIGNATURE_HASH, t, chart, *grantee, B256::from(*scope)).abi_encode()
            }
            Self::AuthorBlocked { author, blocked } => {
                (ICharts::AuthorBlocked::SIGNATURE_HASH, t, chart, *author, *blocked).abi_encode()
            }
            Self::AccessLogged { grantee, scope } => {
                (ICharts::AccessLogged::SIGNATURE_HASH, t, chart, *grantee, B256::from(*scope)).abi_encode()
            }
            Self::OfferMade { key, scope, expiry, length, claims, emergency, envelope } => {
                let terms = (B256::from(*scope), U256::from(*expiry), U256::from(*length), U256::from(*claims));
                let word = word(envelope);
                (ICharts::OfferMade::SIGNATURE_HASH, t, chart, *key, terms, *emergency, word).abi_encode()
            }
            Self::OfferClaimed { claimer, key, scope, expiry, envelope } => {
                let (scope, expiry, word) = (B256::from(*scope), U256::from(*expiry), word(envelope));
                (ICharts::OfferClaimed::SIGNATURE_HASH, t, chart, *claimer, *key, scope, expiry, word).abi_encode()
            }
            Self::OfferWithdrawn { key, scope } => {
                (ICharts::OfferWithdrawn::SIGNATURE_HASH, t, chart, *key, B256::from(*scope)).abi_encode()
            }
            Self::MoveProposed { account, effective } => {
                (ICharts::MoveProposed::SIGNATURE_HASH, t, chart, *account, U256::from(*effective)).abi_encode()
            }
            Self::MoveVetoed { account } => (ICharts::MoveVetoed::SIGNATURE_HASH, t, chart, *account).abi_encode(),
            Self::ChartMoved { account } => (ICharts::ChartMoved::SIGNATURE_HASH, t, chart, *account).abi_encode(),
        };
        keccak256(bytes)
    }
}

/// The head of `chart` after one more event at block time `time`.
pub fn fold(head: B256, chart: Address, time: u64, event: &ChartEvent) -> B256 {
    keccak256((head, event.hash(chart, time)).abi_encode())
}

/// The head of `chart` after all these entries, oldest first.
pub fn fold_all<'a>(chart: Address, entries: impl IntoIterator<Item = &'a Entry>) -> B256 {
    entries.into_iter().fold(B256::ZERO, |head, entry| fold(head, chart, entry.time, &entry.event))
}
