//! Goes through the store once a day: every block is read and compared with its hash, so that what a disk has lost is
//! known before somebody asks for it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use medkey_protocol::{Link, api::Scrub};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::{
    error::Error,
    http::{Relay, unix_now},
    index::blocks,
    store::StoreError,
};

/// Blocks that are read before others may have the disk again.
const BATCH: u32 = 100;
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Goes through the store at the start and once a day until stopped.
pub(crate) async fn run(relay: Arc<Relay>, stop: CancellationToken) {
    let mut days = tokio::time::interval(INTERVAL);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = days.tick() => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            done = scrub(&relay) => match done {
                Ok(Scrub { blocks, damaged: 0, .. }) => info!(blocks, "every block of the store is as it was put there"),
                Ok(Scrub { blocks, damaged, .. }) => error!(blocks, damaged, "blocks of the store are gone or damaged"),
                Err(cause) => error!(%cause, "the store cannot be gone through"),
            }
        }
    }
}

/// Reads every block, and keeps what that came to.
pub(crate) async fn scrub(relay: &Relay) -> Result<Scrub, Error> {
    let (mut blocks, mut damaged, mut after) = (0, 0, None);
    loop {
        let begun = Instant::now();
        let some = blocks::stored(&relay.db, after, BATCH).await?;
        for link in &some {
            blocks += 1;
            damaged += u64::from(!is_whole(relay, *link).await?);
        }
        after = some.last().copied();
        if after.is_none() {
            break;
        }
        // As long as it had the disk, others have it.
        tokio::time::sleep(begun.elapsed()).await;
    }
    let scrub = Scrub { ended: unix_now(), blocks, damaged };
    relay.health.scrubbed(scrub);
    Ok(scrub)
}

async fn is_whole(relay: &Relay, link: Link) -> Result<bool, Error> {
    match relay.store.get(link).await {
        Ok(Some(_)) => Ok(true),
        // Cleared away since the list was read.
        Ok(None) => Ok(blocks::asked(&relay.db, link, None).await?.is_none()),
        Err(StoreError::Damaged(_)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use bytes::Bytes;
    use clap::Parser;
    use medkey_protocol::ids::RAW;
    use tempfile::TempDir;
    use tokio::sync::broadcast;

    use super::*;
    use crate::{
        block::Facts,
        config::Config,
        health::Health,
        index::Db,
        store::{Embedded, Store},
    };

    async fn relay(data: &Path) -> Relay {
        let config = Config::parse_from([
            "medkey-relay",
            "--rpc=http://127.0.0.1:1",
            "--chain-id=31337",
            "--deployment-block=1",
            "--contract=0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
            "--data",
            data.to_str().unwrap(),
        ]);
        let db = Db::open(&data.join("index.sqlite"), &config.deployment()).await.unwrap();
        let store: Arc<dyn Store> = Arc::new(Embedded::open(&data.join("blocks")).unwrap());
        let (live, _) = broadcast::channel(1);
        Relay::new(config, db, store, Arc::new(Health::default()), live, CancellationToken::new())
    }

    async fn keep(relay: &Relay, text: &str) -> Link {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        let link = Link::of(RAW, &bytes);
        let facts = Facts::read(link, &bytes, &relay.config.deployment()).unwrap();
        blocks::announce(&relay.db, link, &facts, 1).await.unwrap();
        relay.store.put(link, bytes).await.unwrap();
        blocks::settle(&relay.db, link, &facts, None).await.unwrap();
        link
    }

    fn file_of(dir: &Path, link: Link) -> Option<std::path::PathBuf> {
        fs::read_dir(dir).unwrap().find_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { file_of(&path, link) } else { path.ends_with(link.to_string()).then_some(path) }
        })
    }

    #[tokio::test]
    async fn what_is_gone_or_damaged_on_disk_is_found() {
        let data = TempDir::new().unwrap();
        let relay = relay(data.path()).await;
        let mut links = Vec::new();
        for number in 0..2 * BATCH + 1 {
            links.push(keep(&relay, &format!("block {number}")).await);
        }
        let all = u64::from(2 * BATCH + 1);
        let whole = scrub(&relay).await.unwrap();
        assert_eq!((whole.blocks, whole.damaged), (all, 0));
        assert_eq!(relay.health.scrub(), Some(whole));

        let place = |link| file_of(&data.path().join("blocks"), link).unwrap();
        fs::write(place(links[3]), "other bytes").unwrap();
        fs::remove_file(place(links[150])).unwrap();
        let found = scrub(&relay).await.unwrap();
        assert_eq!((found.blocks, found.damaged), (all, 2));
        assert!(relay.health.metrics().contains("medkey_scrub_damaged 2"));
    }
}
