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
    let before = now.saturating_sub(WAITING);
    let mut cleared = 0;
    loop {
        let abandoned = blocks::abandoned(&relay.db, before, BATCH).await?;
        if abandoned.is_empty() {
            return Ok(cleared);
        }
        let _alone = relay.clearing.write().await;
        // Whatever happens in between, a block that the index calls stored is in the store.
        let given_up = blocks::give_up(&relay.db, &abandoned, before).await?;
        for link in &given_up {
            relay.store.delete(*link).await?;
        }
        blocks::forget(&relay.db, &given_up).await?;
        relay.health.count(Count::BlocksCleared, given_up.len() as u64);
        cleared += given_up.len();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use clap::Parser;
    use medkey_protocol::{
        Address, B256, Deployment, Digest, FolderId, Link, Scope,
        api::{Role, Tip},
        blocks::{
            Block, Body, BodyLink, Card, Category, EncodedBlock, Envelope, FolderEntry, Header, Locked, Manifest,
            RecordKeys, Ring, Sealed,
        },
        chart::{ChartEvent, Entry},
        ids::{Fixed, Octets, RAW},
    };
    use tempfile::TempDir;
    use tokio::sync::broadcast;

    use super::*;
    use crate::{
        block::Facts,
        config::Config,
        health::Health,
        index::{Db, Followed, Happened, RegistryEvent, write},
        store::{Embedded, Store},
    };

    const PATIENT: Address = Address::repeat_byte(1);
    const STRANGER: Address = Address::repeat_byte(2);
    const START: u64 = 1_000_000_000;

    struct World {
        relay: Relay,
        at: Deployment,
        _data: TempDir,
    }

    impl World {
        async fn new() -> Self {
            let data = TempDir::new().unwrap();
            let contract = Address::repeat_byte(0xc0).to_string();
            let config = Config::parse_from([
                "medkey-relay",
                "--rpc=http://127.0.0.1:1",
                "--chain-id=31337",
                "--deployment-block=1",
                "--contract",
                &contract,
                "--data",
                data.path().to_str().unwrap(),
            ]);
            let at = config.deployment();
            let db = Db::open(&data.path().join("index.sqlite"), &at).await.unwrap();
            let store: Arc<dyn Store> = Arc::new(Embedded::open(&data.path().join("blocks")).unwrap());
            let (live, _) = broadcast::channel(1);
            let relay = Relay::new(config, db, store, Arc::new(Health::default()), live, CancellationToken::new());
            Self { relay, at, _data: data }
        }

        async fn keep(&self, link: Link, bytes: &[u8], sender: Option<Address>, now: u64) {
            let bytes = Bytes::copy_from_slice(bytes);
            let facts = Facts::read(link, &bytes, &self.at).unwrap();
            blocks::announce(&self.relay.db, link, &facts, now).await.unwrap();
            self.relay.store.put(link, bytes).await.unwrap();
            blocks::settle(&self.relay.db, link, &facts, sender).await.unwrap();
        }

        async fn has(&self, link: Link) -> bool {
            let kept = self.relay.store.get(link).await.unwrap().is_some();
            assert_eq!(blocks::asked(&self.relay.db, link, None).await.unwrap().is_some(), kept);
            kept
        }

        async fn happen(&self, block: u64, happened: Vec<Happened>) {
            let tip = Tip { block, hash: B256::repeat_byte(block as u8), time: START };
            write::append(&self.relay.db, &[Followed { tip, happened }], 64).await.unwrap();
        }
    }

    fn encode<B: Body>(header: Header, body: B) -> EncodedBlock {
        Block { header, body }.encode().unwrap()
    }

    fn sealed() -> Sealed {
        Sealed { key: Fixed([1; 8]), enc: Octets(vec![2; 8]), ct: Octets(vec![3; 8]) }
    }

    fn locked() -> Locked {
        Locked { salt: Fixed([4; 32]), ct: Octets(vec![5; 48]) }
    }

    fn folder() -> FolderId {
        [6; 32].into()
    }

    fn ring(at: &Deployment, owner: Address, epoch: u32, previous: Option<Link>) -> EncodedBlock {
        let (salt, key) = (Fixed([7; 32]), Octets(vec![8; 8]));
        let body = Ring { folder: folder(), epoch, salt, key, name: None, seeds: vec![], past: None, previous };
        encode(Header::new(at, owner), body)
    }

    fn card(at: &Deployment, ring: Link) -> EncodedBlock {
        let body = Card {
            generation: 0,
            identity: Octets(vec![9; 8]),
            signin: Fixed([10; 32]),
            folders: vec![FolderEntry { id: folder(), category: Some(Category::General), ring }],
            recovery: locked(),
            slots: vec![],
            former: vec![],
        };
        encode(Header::new(at, PATIENT).with_party(Address::repeat_byte(3)), body)
    }

    fn manifest(at: &Deployment, author: Address, body: Link, size: u64, origin: Option<Link>) -> EncodedBlock {
        let body = Manifest {
            id: [11; 32].into(),
            folder: folder(),
            epoch: 0,
            keys: RecordKeys { owner: sealed(), folder: sealed(), author: None },
            commit: Fixed([12; 32]),
            meta: locked(),
            body: BodyLink { link: body, size },
            content: Fixed([13; 32]),
            origin,
        };
        encode(Header::new(at, PATIENT).with_party(author), body)
    }

    fn envelope(at: &Deployment, party: Address, scope: Scope) -> EncodedBlock {
        encode(Header::new(at, PATIENT).with_party(party), Envelope { scope, sealed: sealed(), offer: None })
    }

    fn in_chart(block: u64, event: ChartEvent) -> Happened {
        let entry = Entry { block, time: START, transaction: B256::ZERO, log: 0, event };
        Happened::Chart { chart: PATIENT, entry }
    }

    fn recorded(block: u64, author: Address, manifest: Digest) -> Happened {
        in_chart(block, ChartEvent::RecordAdded { author, manifest })
    }

    #[tokio::test]
    async fn what_no_event_refers_to_goes_after_fourteen_days() {
        let world = World::new().await;
        let (old, young) = (Link::of(RAW, b"old"), Link::of(RAW, b"young"));
        world.keep(old, b"old", Some(PATIENT), START).await;
        world.keep(young, b"young", Some(PATIENT), START + 1).await;
        assert_eq!(clear(&world.relay, START + WAITING).await.unwrap(), 0);
        assert_eq!(clear(&world.relay, START + WAITING + 1).await.unwrap(), 1);
        assert!(!world.has(old).await);
        assert!(world.has(young).await);

        // Sent again, it waits anew.
        world.keep(young, b"young", Some(PATIENT), START + WAITING).await;
        assert_eq!(clear(&world.relay, START + WAITING + 2).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn what_an_event_leads_to_stays_for_good() {
        let world = World::new().await;
        let at = &world.at;
        let first_ring = ring(at, PATIENT, 0, None);
        let ring_now = ring(at, PATIENT, 1, Some(first_ring.link()));
        let card = card(at, ring_now.link());
        let body = Link::of(RAW, b"body");
        let origin = manifest(at, STRANGER, body, 4, None);
        let filed = manifest(at, PATIENT, body, 4, Some(origin.link()));
        let unnamed = manifest(at, PATIENT, body, 4, None);
        for block in [&first_ring, &ring_now, &card, &origin, &filed, &unnamed] {
            world.keep(block.link(), &block.bytes, None, START).await;
        }
        world.keep(body, b"body", Some(PATIENT), START).await;
        let registered = RegistryEvent::Registered {
            member: PATIENT,
            role: Role::Patient,
            card: card.digest,
            profile: None,
            hospital: 0,
        };
        world.happen(1, vec![Happened::Registry { log: 0, event: registered }]).await;
        world.happen(2, vec![recorded(2, PATIENT, filed.digest)]).await;

        assert_eq!(clear(&world.relay, START + 100 * WAITING).await.unwrap(), 1);
        assert!(!world.has(unnamed.link()).await);
        for link in [first_ring.link(), ring_now.link(), card.link(), origin.link(), filed.link(), body] {
            assert!(world.has(link).await, "{link}");
        }
    }

    #[tokio::test]
    async fn a_strangers_word_keeps_nothing() {
        let world = World::new().await;
        let at = &world.at;
        let body = Link::of(RAW, b"body");
        let others = manifest(at, PATIENT, body, 4, None);
        // A stranger's manifest that calls the patient's its origin: only the patient files anew.
        let own = manifest(at, STRANGER, Link::of(RAW, b"own"), 3, Some(others.link()));
        for block in [&others, &own] {
            world.keep(block.link(), &block.bytes, None, START).await;
        }
        world.keep(body, b"body", Some(PATIENT), START).await;
        world.keep(Link::of(RAW, b"own"), b"own", Some(STRANGER), START).await;
        world.happen(1, vec![recorded(1, STRANGER, own.digest)]).await;
        world.happen(2, vec![recorded(2, STRANGER, others.digest)]).await;

        assert_eq!(clear(&world.relay, START + 2 * WAITING).await.unwrap(), 2);
        assert!(world.has(own.link()).await);
        assert!(world.has(Link::of(RAW, b"own")).await);
        assert!(!world.has(others.link()).await);
        assert!(!world.has(body).await);
    }

    #[tokio::test]
    async fn envelopes_of_offers_and_claims_stay_where_they_are_what_the_event_says() {
        let world = World::new().await;
        let (key, scope) = (Address::repeat_byte(5), Scope::from([6; 32]));
        let offered = envelope(&world.at, key, scope);
        let claimed = envelope(&world.at, STRANGER, scope);
        let other_scope = envelope(&world.at, key, [7; 32].into());
        let other_party = envelope(&world.at, Address::repeat_byte(8), scope);
        for block in [&offered, &claimed, &other_scope, &other_party] {
            world.keep(block.link(), &block.bytes, None, START).await;
        }
        let offer = |envelope: &EncodedBlock| ChartEvent::OfferMade {
            key,
            scope,
            expiry: START,
            length: 1,
            claims: 1,
            emergency: false,
            envelope: envelope.digest,
        };
        let claim = |envelope: &EncodedBlock| ChartEvent::OfferClaimed {
            claimer: STRANGER,
            key,
            scope,
            expiry: START,
            envelope: envelope.digest,
        };
        let events = [offer(&offered), offer(&other_scope), claim(&claimed), claim(&other_party)];
        for (block, event) in (1..).zip(events) {
            world.happen(block, vec![in_chart(block, event)]).await;
        }

        assert_eq!(clear(&world.relay, START + 2 * WAITING).await.unwrap(), 2);
        for (block, kept) in [(&offered, true), (&claimed, true), (&other_scope, false), (&other_party, false)] {
            assert_eq!(world.has(block.link()).await, kept);
        }
    }

    #[tokio::test]
    async fn what_a_reorganisation_takes_back_waits_again() {
        let world = World::new().await;
        let body = Link::of(RAW, b"body");
        let filed = manifest(&world.at, PATIENT, body, 4, None);
        world.keep(filed.link(), &filed.bytes, None, START).await;
        world.keep(body, b"body", Some(PATIENT), START).await;
        world.happen(1, vec![]).await;
        world.happen(2, vec![recorded(2, PATIENT, filed.digest)]).await;
        assert_eq!(clear(&world.relay, START + 2 * WAITING).await.unwrap(), 0);
        write::roll_back(&world.relay.db, 1).await.unwrap();
        assert_eq!(clear(&world.relay, START + WAITING).await.unwrap(), 0);
        assert_eq!(clear(&world.relay, START + WAITING + 1).await.unwrap(), 2);
        assert!(!world.has(body).await);
    }
}
