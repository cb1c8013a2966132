//! Where blocks are kept: one trait, two stores, one conformance suite (`tests/store.rs`).
//!
//! A store knows bytes and hashes and nothing else: who may have a block is decided before it is asked.

use async_trait::async_trait;
use bytes::Bytes;
use medkey_protocol::Link;

mod embedded;
mod kubo;

pub use embedded::Embedded;
pub use kubo::Kubo;

/// Why a store cannot do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room; nothing was kept.
    #[error("the disk is full")]
    Full,
    /// What lies there is not the block that was put there.
    #[error("the block {0} is damaged on disk")]
    Damaged(Link),
    /// The disk refuses.
    #[error("the disk cannot be read or written: {0}")]
    Disk(#[source] std::io::Error),
    /// Kubo is away or refuses.
    #[error("Kubo does not do it: {0}")]
    Kubo(String),
}

/// Keeps blocks under their CIDs.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a block. When this returns, the block outlives a crash of the relay and of the machine.
    async fn put(&self, link: Link, bytes: Bytes) -> Result<(), StoreError>;
    /// The bytes of a block, checked against its CID, or nothing when it is not here.
    async fn get(&self, link: Link) -> Result<Option<Bytes>, StoreError>;
    /// Forgets a block; one that is not here is forgotten already.
    async fn delete(&self, link: Link) -> Result<(), StoreError>;
}
