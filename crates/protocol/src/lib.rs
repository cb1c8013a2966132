//! What every party of Medkey agrees on, and nothing else: ids, blocks, contract bindings and the relay's API.
//!
//! Pure data: no I/O, no clock, no random numbers, no keys. The relay, the client and the tests all read a byte of
//! a chart, a block or an answer through this crate, so there is one meaning for each of them.
//!
//! - [`ids`]: digests, folder and record ids, links
//! - [`contract`]: the Solidity interfaces, read by `sol!`
//! - [`chart`]: the events of a chart and the fold that gives its head
//! - [`blocks`]: the DAG-CBOR blocks that digests on chain name
//! - [`acts`]: the typed data that acts, claims of offers and moves are signed as
//! - [`login`]: the texts and bytes a member signs to open a session at the relay
//! - [`api`]: paths, bodies and error codes of the relay

pub mod acts;
pub mod api;
pub mod blocks;
pub mod chart;
pub mod contract;
pub mod ids;
pub mod login;

pub use alloy_primitives::{Address, B256, U256, aliases::U40 as Uint40};
pub use alloy_sol_types::{SolCall, SolError, SolEvent, SolInterface, SolValue};
pub use ids::{Deployment, Digest, FolderId, Link, RecordId, Scope};
