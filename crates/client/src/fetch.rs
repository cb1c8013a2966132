//! Blocks from the relay: fetched, then verified against their names, then read as what they must be.
//! A skipped step does not compile.

use core::time::Duration;
use std::rc::Rc;

use medkey_protocol::{
    Address, Deployment, Digest, Link,
    api::ErrorCode,
    blocks::{Block, BlockError, Body},
};

use crate::{
    Medkey,
    fault::{Fault, Lie, RelayError},
    people::PATIENCE,
    ports::{Clock, Ports},
};

/// How long is waited where the relay has been asked for too much at a time.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Bytes the relay handed out for a link; they may be anything.
#[derive(Debug)]
pub(crate) struct FetchedBlock {
    link: Link,
    bytes: Vec<u8>,
}

/// Bytes that hash to their link.
#[derive(Debug, Clone)]
pub(crate) struct VerifiedBlock {
    bytes: Rc<[u8]>,
}

impl FetchedBlock {
    /// Compares the bytes with the link.
    pub(crate) fn verify(self) -> Result<VerifiedBlock, Lie> {
        if self.link.names(&self.bytes) { Ok(VerifiedBlock { bytes: self.bytes.into() }) } else { Err(Lie::Block) }
    }
}

impl VerifiedBlock {
    /// Reads it as a block of `subject`.
    pub(crate) fn read<B: Body>(&self, at: &Deployment, subject: Address) -> Result<Block<B>, BlockError> {
        Block::parse_of(&self.bytes, at, subject)
    }
}

impl<P: Ports> Medkey<P> {
    /// A small block under its digest, verified; kept in memory, as it can never change.
    pub(crate) async fn block(&self, link: Link) -> Result<VerifiedBlock, Fault> {
        if let Some(known) = self.blocks.borrow().get(&link) {
            return Ok(known.clone());
        }
        let bytes = self.relay_block(link).await?;
        let verified = FetchedBlock { link, bytes }.verify()?;
        self.blocks.borrow_mut().insert(link, verified.clone());
        Ok(verified)
    }

    /// Keeps small bytes in memory under their own hash, unless they are known.
    pub(crate) fn know_block(&self, bytes: Vec<u8>) {
        let link = Digest::of(&bytes).link();
        self.blocks.borrow_mut().entry(link).or_insert_with(|| VerifiedBlock { bytes: bytes.into() });
    }

    /// A block that must be of this kind and subject. A genuine block that is not is somebody's attempt to pass one
    /// thing for another.
    pub(crate) async fn block_of<B: Body>(&self, digest: Digest, subject: Address) -> Result<Block<B>, Fault> {
        let block = self.block(digest.link()).await?;
        self.read_block(&block, subject)
    }

    /// The same of one that is long and needed once: it is not kept in memory.
    pub(crate) async fn block_once<B: Body>(&self, digest: Digest, subject: Address) -> Result<Block<B>, Fault> {
        let link = digest.link();
        let known = self.blocks.borrow().get(&link).cloned();
        let block = match known {
            Some(known) => known,
            None => {
                FetchedBlock { link, bytes: self.patiently(async || self.relay_block(link).await).await? }.verify()?
            }
        };
        self.read_block(&block, subject)
    }

    /// Asks the relay again a moment later, where it has been asked for too much at a time.
    pub(crate) async fn patiently<T>(&self, ask: impl AsyncFn() -> Result<T, RelayError>) -> Result<T, RelayError> {
        for _ in 0..PATIENCE {
            match ask().await {
                Err(error) if error.code() == Some(ErrorCode::RateLimited) => self.ports.clock().wait(ASK_AGAIN).await,
                other => return other,
            }
        }
        ask().await
    }

    fn read_block<B: Body>(&self, block: &VerifiedBlock, subject: Address) -> Result<Block<B>, Fault> {
        block.read(&self.at, subject).map_err(|error| match error {
            BlockError::Version(_) => Fault::Relay(RelayError::Nonsense),
            _ => Fault::Lie(Lie::Place),
        })
    }

    /// Leaves a block at the relay and keeps it in memory.
    pub(crate) async fn store(&self, block: &medkey_protocol::blocks::EncodedBlock) -> Result<(), Fault> {
        self.patiently(async || self.relay_put(block.link(), &block.bytes).await).await?;
        self.blocks.borrow_mut().insert(block.link(), VerifiedBlock { bytes: block.bytes.as_slice().into() });
        Ok(())
    }
}
