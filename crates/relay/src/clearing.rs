//! Clears away blocks that nobody refers to: an upload that never became a record, a card that was never registered.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::{
    error::Error,
    health::Count,
    http::{Relay, unix_now},
    index::blocks,
};

/// How long a block waits for an event, in seconds.
pub(crate) const WAITING: u64 = 14 * 24 * 60 * 60;
/// Blocks that are cleared in one go, while none can come in.
const BATCH: u32 = 200;
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Clears every hour until stopped.
pub(crate) async fn run(relay: Arc<Relay>, stop: CancellationToken) {
    let mut hours = tokio::time::interval(INTERVAL);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = hours.tick() => {}
        }
        match clear(&relay, unix_now()).await {
            Ok(0) => {}
            Ok(cleared) => info!(cleared, "abandoned blocks were cleared"),
            Err(cause) => error!(%cause, "abandoned blocks cannot be cleared"),
        }
    }
}

/// Clears what at time `now` has waited too long, and says how many blocks that were.
pub(crate) async fn clear(relay: &Relay, now: u64) -> Result<usize, Error> {
    let mut cleared = 0;
    loop {
        let _alone = relay.clearing.write().await;
        let abandoned = blocks::abandoned(&relay.db, now.saturating_sub(WAITING), BATCH).await?;
        if abandoned.is_empty() {
            return Ok(cleared);
        }
        // The store forgets first: a block that is left in the index is tried again.
        for link in &abandoned {
            relay.store.delete(*link).await?;
        }
        blocks::forget(&relay.db, &abandoned).await?;
        relay.health.count(Count::BlocksCleared, abandoned.len() as u64);
        cleared += abandoned.len();
    }
}
