//! The relay's paths, bodies and error codes, shared by both ends.
//!
//! | method and path | body → answer |
//! |---|---|
//! | `GET /v1/info` | → [`Info`] |
//! | `POST /v1/challenges` | [`ChallengeRequest`] → [`Challenge`] |
//! | `POST /v1/sessions` | [`SessionRequest`] → [`Session`] |
//! | `DELETE /v1/sessions` | (ends the session of the bearer token) |
//! | `PUT /v1/blocks/{cid}` | bytes → 201 new, 200 known |
//! | `GET /ipfs/{cid}?format=raw\|car` | → bytes (trustless gateway) |
//! | `GET /v1/members?{MemberQuery}` | → [`Page`]`<`[`MemberEntry`]`>` |
//! | `GET /v1/members/{address}` | → [`At`]`<`[`MemberEntry`]`>` |
//! | `GET /v1/members/{address}/history?after=&limit=` | → [`Page`]`<`[`MemberChange`]`>` |
//! | `GET /v1/hospitals` | → [`Page`]`<`[`HospitalEntry`]`>` |
//! | `GET /v1/registry` | → [`At`]`<`[`RegistryCounts`]`>` |
//! | `GET /v1/health` | → [`HealthReport`] |
//! | `GET /v1/charts/{chart}/entries?after=&limit=` | → [`ChartPage`] (session) |
//! | `GET /v1/charts/{chart}/records?after=&limit=` | → [`Page`]`<`[`RecordEntry`]`>` (session) |
//! | `GET /v1/charts/{chart}/words?after=&limit=` | → [`Page`]`<`[`Word`]`>` (the patient's session) |
//! | `GET /v1/inbox?after=&limit=` | → [`Page`]`<`[`InboxEntry`]`>` (session) |
//! | `GET /v1/notebook` | → bytes of the member's own notebook block (session) |
//! | `PUT /v1/notebook` | bytes → 204, where its counter is above the kept one's (session) |
//! | `POST /v1/acts` | [`crate::acts::SignedActs`] → [`ActsSent`], where the relay pays |
//! | `GET /v1/live?chart=…&member=…` | → server-sent events, each a [`Live`] |
//! | `GET /healthz` `/readyz` `/metrics` `/openapi.json` | for those who run it |
//!
//! A session's token goes into `Authorization: Bearer …`, never into an address. Errors have the body [`ErrorBody`].

use alloy_primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use crate::{
    chart::Entry,
    ids::{Deployment, Digest, Fixed, Link, Octets, Scope},
    login::Nonce,
};

/// Paths of the relay.
pub mod paths {
    #![allow(missing_docs, reason = "the table above says what each is for")]

    pub const INFO: &str = "/v1/info";
    pub const CHALLENGES: &str = "/v1/challenges";
    pub const SESSIONS: &str = "/v1/sessions";
    pub const BLOCKS: &str = "/v1/blocks";
    pub const MEMBERS: &str = "/v1/members";
    pub const HOSPITALS: &str = "/v1/hospitals";
    pub const REGISTRY: &str = "/v1/registry";
    pub const HEALTH: &str = "/v1/health";
    pub const CHARTS: &str = "/v1/charts";
    pub const INBOX: &str = "/v1/inbox";
    pub const NOTEBOOK: &str = "/v1/notebook";
    pub const ACTS: &str = "/v1/acts";
    pub const LIVE: &str = "/v1/live";
    pub const IPFS: &str = "/ipfs";
}

/// The largest block the relay takes, in bytes: a raw leaf of 1 MiB.
pub const MAX_BLOCK: usize = 1 << 20;
/// Entries in one answer at most.
pub const MAX_PAGE: u32 = 1000;
/// How long an access logged on chain opens the relay's door, in seconds of block time.
pub const ACCESS_WINDOW: u64 = 24 * 60 * 60;

/// The block an answer holds at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// Its number.
    pub block: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time in seconds.
    pub time: u64,
}

/// One thing, and the block it holds at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct At<T> {
    /// The block.
    pub at: Tip,
    /// The thing.
    pub item: T,
}

/// Several things in order, and the block they hold at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The block.
    pub at: Tip,
    /// The things.
    pub items: Vec<T>,
    /// Pass as `after` to read on; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Entries of a chart, oldest first, and the block they hold at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartPage {
    /// The block.
    pub at: Tip,
    /// The relay's own fold up to that block; a client trusts only its own.
    pub head: B256,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Pass as `after` to read on; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// What the relay says of itself. A client compares the deployment with its own build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// The contract it follows.
    pub deployment: Deployment,
    /// How far it has come.
    pub at: Tip,
    /// Whether it sends what members sign, and pays for it.
    #[serde(default)]
    pub pays: bool,
}

/// The relay sent what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActsSent {
    /// The transaction. That it does what was signed is for the chain to say.
    pub transaction: B256,
}

/// Asks for a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// Who wants to sign in.
    pub member: Address,
}

/// A challenge, good for one session within five minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// To be signed.
    pub nonce: Nonce,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
    /// Domain to put into the wallet's text.
    pub domain: String,
    /// URI to put into the wallet's text.
    pub uri: String,
}

/// How a member proves itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "proof", rename_all = "lowercase")]
pub enum Proof {
    /// Ed25519 signature by the sign-in key of the current card over [`crate::login::key_bytes`].
    Key {
        /// 64 bytes.
        signature: Fixed<64>,
    },
    /// EIP-191 signature over [`crate::login::wallet_text`] by the account: the member's own, or the one that its chart
    /// moved to.
    Wallet {
        /// 65 bytes.
        signature: Fixed<65>,
    },
}

/// Asks for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    /// Who.
    pub member: Address,
    /// The challenge that is answered.
    pub nonce: Nonce,
    /// The answer.
    #[serde(flatten)]
    pub proof: Proof,
}

/// What a session is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// The member's own slots and nothing else: opened by a wallet's signature.
    Slots,
    /// All the member may have: opened by the sign-in key.
    Full,
}

/// A session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Bearer token.
    pub token: Fixed<32>,
    /// What it is handed.
    pub reach: Reach,
    /// Until when, in seconds since 1970.
    pub expires: u64,
}

impl core::fmt::Debug for Session {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session").field("reach", &self.reach).field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Owns a chart.
    Patient,
    /// Any clinician.
    Doctor,
    /// A diagnostic laboratory.
    Lab,
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for the registrar.
    Pending,
    /// A patient, or a verified doctor or laboratory.
    Active,
    /// The registrar said no.
    Refused,
    /// The registrar suspended it.
    Suspended,
}

/// A profile and hospital that a member proposed and the registrar has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The profile.
    pub profile: Digest,
    /// The hospital, 0 for none.
    pub hospital: u32,
    /// When, in seconds of block time.
    pub time: u64,
}

/// A member as the relay's index has it. A client checks it against the contract before it matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberEntry {
    /// Position in the directory, for paging.
    pub seq: u64,
    /// Whose entry.
    pub member: Address,
    /// What it is.
    pub role: Role,
    /// Where it stands.
    pub status: Status,
    /// The verified hospital, 0 for none.
    pub hospital: u32,
    /// Time of registration, in seconds of block time.
    pub since: u64,
    /// The current card.
    pub card: Digest,
    /// The verified profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Digest>,
    /// What waits for the registrar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// Code of the last refusal or suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<u8>,
    /// The blocks of the profiles named here, where a list is asked for with them: what each is, its hash says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Octets>,
}

/// Something that happened to a member as a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChange {
    /// Position, for paging.
    pub seq: u64,
    /// When, in seconds of block time.
    pub time: u64,
    /// What.
    pub what: Change,
}

/// What happened to a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum Change {
    /// Registered; a doctor or a laboratory with a profile that is to be verified.
    Registered {
        /// The profile; none of a patient.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<Digest>,
        /// The hospital named, 0 for none.
        hospital: u32,
    },
    /// Proposed a changed profile.
    Proposed {
        /// The profile.
        profile: Digest,
        /// The hospital named, 0 for none.
        hospital: u32,
    },
    /// The registrar verified this profile at this hospital.
    Verified {
        /// The profile.
        profile: Digest,
        /// The hospital, 0 for none.
        hospital: u32,
    },
    /// The registrar refused.
    Refused {
        /// Its code.
        reason: u8,
    },
    /// The registrar suspended.
    Suspended {
        /// Its code.
        reason: u8,
    },
    /// The registrar ended a suspension.
    Reinstated,
}

/// How many members there are and what happened to them: what the chain shows to everybody, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryCounts {
    /// Members by role and status; what there is none of is left out.
    pub members: Vec<MemberCount>,
    /// The months in which something happened, the newest first, 24 at most.
    pub months: Vec<MonthCount>,
}

/// So many members of a role stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCount {
    /// What they are.
    pub role: Role,
    /// Where they stand.
    pub status: Status,
    /// How many.
    pub number: u64,
}

/// What happened in a month of block time (UTC).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCount {
    /// `2026-11`.
    pub month: String,
    /// Patients who registered.
    pub patients: u64,
    /// Doctors who registered.
    pub doctors: u64,
    /// Laboratories that registered.
    pub labs: u64,
    /// Profiles verified, changed ones included.
    pub verified: u64,
    /// Refusals.
    pub refused: u64,
    /// Suspensions.
    pub suspended: u64,
}

/// How the relay is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// The newest block that it followed; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Tip>,
    /// What it waits for; none while it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// When the store was last gone through; none since the relay was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrub: Option<Scrub>,
}

/// What going through the store came to: every block read and compared with its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrub {
    /// When it ended, in seconds since 1970.
    pub ended: u64,
    /// Blocks that were read.
    pub blocks: u64,
    /// Blocks that are gone or are not what was put there.
    pub damaged: u64,
}

/// Which members are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberQuery {
    /// Only this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Only this hospital.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hospital: Option<u32>,
    /// Only those with a proposal that waits for the registrar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<bool>,
    /// With the blocks of their profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profiles: Option<bool>,
    /// Read on after this position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// How many at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Where to read on in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// The last position seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// How many at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A hospital as the relay's index has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HospitalEntry {
    /// Its id.
    pub hospital: u32,
    /// Its public page.
    pub page: Digest,
    /// Whether it takes new doctors.
    pub open: bool,
}

/// An entry of somebody's chart that names the session's member as author, requester or grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// Position in the inbox, for paging.
    pub seq: u64,
    /// Whose chart.
    pub chart: Address,
    /// What happened.
    pub entry: Entry,
}

/// A current record of a chart that the session's member may fetch. The relay can leave one out; it cannot add one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordEntry {
    /// Position, for paging.
    pub seq: u64,
    /// The manifest.
    pub manifest: Digest,
    /// The scopes it can be opened through: its folder's and its own.
    pub scopes: [Scope; 2],
}

/// What the relay did with a chart's blocks. Its word alone: nothing on chain proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Position, for paging.
    pub seq: u64,
    /// When, in seconds since 1970.
    pub time: u64,
    /// Who asked.
    pub member: Address,
    /// The block asked for.
    pub block: Link,
    /// The scope it was asked under, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Whether it was handed out.
    pub delivered: bool,
}

/// A change, as it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The newest block.
    pub at: Tip,
    /// Which of the charts listened to have new entries.
    pub charts: Vec<Address>,
    /// Which of the members listened to changed or were named in a chart.
    pub members: Vec<Address>,
    /// Whether a reorganisation took entries back: read everything anew.
    #[serde(default)]
    pub rolled_back: bool,
}

/// Why the relay says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is not one this relay understands.
    BadRequest,
    /// The bytes are not the block they are called.
    WrongHash,
    /// The bytes are no block that Medkey knows, or not by this sender.
    WrongBlock,
    /// A block that this one links to has not been sent by this member.
    MissingBlock,
    /// A newer one is kept: read it, and write again.
    Outdated,
    /// Larger than the relay takes.
    TooLarge,
    /// More than the quota allows; later it may go.
    Quota,
    /// Too many requests; wait.
    RateLimited,
    /// There is no session, or it has ended.
    NoSession,
    /// The proof is not the member's, or the challenge is not fresh.
    WrongProof,
    /// No right to read this: no live grant, or no access logged within a day.
    NoAccess,
    /// There is no such thing here.
    NotFound,
    /// The contract would refuse what was signed; `data` says why.
    Refused,
    /// The disk is full; nothing was kept.
    StoreFull,
    /// Not ready: the chain or the store cannot be reached.
    Unavailable,
    /// The relay failed; the cause is in its log.
    Internal,
}

/// The body of every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Why.
    pub code: ErrorCode,
    /// One sentence in plain words.
    pub message: String,
    /// The contract's error, where it was the contract that refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Octets>,
}
