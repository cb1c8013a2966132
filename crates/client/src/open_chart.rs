//! A doctor or a laboratory opens a patient's chart: the visit is logged on chain before the relay hands anything out,
//! then the envelopes give the keys.

use std::collections::BTreeMap;

use medkey_crypto::{
    FolderKey,
    envelope::{Granted, GrantedKey, Introduction, open_envelope},
    offer::{self, OfferSecret},
    ring,
};
use medkey_protocol::{
    Address, Digest, FolderId, RecordId, Scope, SolCall,
    api::{ACCESS_WINDOW, InboxEntry},
    blocks::{Block, Envelope, Ring},
    chart::Entry,
    contract::ICharts,
};

use crate::{
    Medkey,
    chain::Progress,
    chart::Grant,
    fault::{Fault, Lie},
    folders::{Folder, FolderKeys},
    list_records::{HeldKeys, Records},
    me::Me,
    people::CurrentCard,
    ports::Ports,
    read_chart::ReadChart,
};

/// How much of the time in which the relay's door is open is kept in reserve.
const RESERVE: u64 = 60 * 60;

/// A patient as the grants introduce them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// The chart's id.
    pub chart: Address,
    /// What a grant told: name and birth date, in the patient's words.
    pub introduction: Introduction,
    /// The grants that live, each with its end.
    pub grants: Vec<Grant>,
}

/// A chart as a grantee sees it.
#[derive(Debug)]
pub struct OpenChart {
    /// Whose.
    pub patient: Patient,
    /// Its entries, checked.
    pub read: ReadChart,
    /// The patient's folders; of the patient's own those in scope by name.
    pub folders: Vec<Folder>,
    /// The records in scope.
    pub records: Records,
}

/// A chart in which something names this member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealing {
    /// Whose chart.
    pub chart: Address,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// Dealings as far as they were read, the chart with the newest entry first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dealings {
    /// By chart.
    pub list: Vec<Dealing>,
    last: Option<InboxEntry>,
}

impl<P: Ports> Medkey<P> {
    /// All charts in which something names this member. The relay may leave one out; what it shows is checked when it
    /// is opened.
    pub async fn dealings(&self) -> Result<Vec<Dealing>, Fault> {
        Ok(self.dealings_on(Dealings::default()).await?.list)
    }

    /// The same from where they were read before: only what came since is fetched. Where the last of what was read is not
    /// there as it was, the chain went another way, and everything is read anew.
    pub async fn dealings_on(&self, before: Dealings) -> Result<Dealings, Fault> {
        let Dealings { list, last } = before;
        let mut last = last;
        let mut after = last.as_ref().and_then(|last| last.seq.checked_sub(1));
        let mut is_same = last.is_none();
        let mut new: BTreeMap<Address, Vec<Entry>> = BTreeMap::new();
        loop {
            let page = self.relay_inbox(after).await?;
            for item in page.items {
                if !is_same && last.as_ref() == Some(&item) {
                    is_same = true;
                } else if is_same {
                    new.entry(item.chart).or_default().push(item.entry.clone());
                    last = Some(item);
                } else {
                    return Box::pin(self.dealings_on(Dealings::default())).await;
                }
            }
            match page.next {
                Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
                _ => break,
            }
        }
        if !is_same {
            return Box::pin(self.dealings_on(Dealings::default())).await;
        }
        let mut list = list;
        for dealing in &mut list {
            if let Some(mut newer) = new.remove(&dealing.chart) {
                newer.reverse();
                newer.append(&mut dealing.entries);
                dealing.entries = newer;
            }
        }
        list.extend(new.into_iter().map(|(chart, mut entries)| {
            entries.reverse();
            Dealing { chart, entries }
        }));
        list.sort_by_key(|dealing| core::cmp::Reverse(dealing.entries.first().map(|entry| entry.time)));
        Ok(Dealings { list, last })
    }

    /// The live grants of this member for a chart, from a chart that was read and checked.
    pub fn my_grants<'a>(&self, me: &'a Me, read: &'a ReadChart) -> impl Iterator<Item = &'a Grant> {
        read.state.live_grants(read.time).filter(move |grant| grant.grantee == me.address)
    }

    /// The scopes that opening a chart logs first; with none, opening it prompts nothing.
    pub fn scopes_to_log(&self, me: &Me, read: &ReadChart) -> Vec<Scope> {
        self.my_grants(me, read)
            .filter(|grant| grant.opened.last().is_none_or(|at| at.time + ACCESS_WINDOW < read.time + RESERVE))
            .map(|grant| grant.scope)
            .collect()
    }

    /// Opens all that is shared of a chart. Scopes that were not opened for most of a day are logged first, in one
    /// transaction; while that lasts nothing is prompted.
    pub async fn open_chart(&self, me: &Me, chart: Address, progress: Progress<'_>) -> Result<OpenChart, Fault> {
        let mut read = self.read_chart(chart).await?;
        let unlogged = self.scopes_to_log(me, &read);
        if !unlogged.is_empty() {
            let log = |scope: &Scope| ICharts::logAccessCall { chart, scope: (*scope).into() }.abi_encode();
            self.transact(unlogged.iter().map(log).collect(), progress).await?;
            read = self.read_chart(chart).await?;
        }
        let grants: Vec<Grant> = self.my_grants(me, &read).cloned().collect();
        let card = self.card_of(chart).await?;
        let mut keys = HeldKeys::default();
        let mut introduction = None;
        for grant in &grants {
            let (granted, offer) = self.envelope(me, &read, grant).await?;
            match granted.key {
                GrantedKey::Folder(key) => {
                    let folder = FolderId::from(*grant.scope.bytes());
                    let epochs = self.held_epochs(me, &card, folder, key, offer.as_ref()).await?;
                    keys.folders.insert(folder, epochs);
                }
                GrantedKey::Record(key) => {
                    keys.records.insert(RecordId::from(*grant.scope.bytes()), key);
                }
            }
            introduction = Some(granted.introduction);
        }
        let introduction = introduction.ok_or(Fault::NoKey)?;
        let folders = self.named_folders(&card, |ring| ring::open_name(ring, keys.current(&ring.body)?).ok()).await?;
        let records = self.list_with(me, &read, &keys).await?;
        Ok(OpenChart { patient: Patient { chart, introduction, grants }, read, folders, records })
    }

    /// What a grant hands over; of one that was claimed, with the offer's secret.
    async fn envelope(
        &self,
        me: &Me,
        read: &ReadChart,
        grant: &Grant,
    ) -> Result<(Granted, Option<OfferSecret>), Fault> {
        let envelope = self.envelope_of(read.chart, grant.envelope, me.address, grant.scope).await?;
        let mut identities = std::iter::once(&me.root).chain(&me.former).map(|root| root.identity());
        let Some(key) = grant.offer else {
            let granted = identities.find_map(|identity| open_envelope(&envelope, &identity).ok());
            return Ok((granted.ok_or(Fault::NoKey)?, None));
        };
        let secret = identities.find_map(|identity| offer::open_claim(&envelope, &identity).ok());
        let secret = secret.ok_or(Fault::NoKey)?;
        let offered = read.state.offer(key, grant.scope).ok_or(Fault::NoKey)?;
        let envelope = self.envelope_of(read.chart, offered.envelope, key, grant.scope).await?;
        Ok((offer::open_offer(&envelope, &secret)?, Some(secret)))
    }

    async fn envelope_of(
        &self,
        chart: Address,
        digest: Digest,
        party: Address,
        scope: Scope,
    ) -> Result<Block<Envelope>, Fault> {
        let envelope: Block<Envelope> = self.block_of(digest, chart).await?;
        let right = envelope.header.party == Some(party) && envelope.body.scope == scope;
        if right { Ok(envelope) } else { Err(Lie::Place.into()) }
    }

    /// All epochs of a folder that somebody holds who was handed `key`: the current one is sealed to the identity of
    /// each reader in the ring, or to the offer's key until then, unless the key handed over is that of the current epoch
    /// itself.
    async fn held_epochs(
        &self,
        me: &Me,
        card: &CurrentCard,
        folder: FolderId,
        key: FolderKey,
        offer: Option<&OfferSecret>,
    ) -> Result<FolderKeys, Fault> {
        let (_, ring): (_, Block<Ring>) = self.ring(card, folder).await?;
        let current = if ring::check(&ring.body, &key).is_ok() {
            key
        } else if let Some(Ok(key)) = offer.map(|offer| ring::open_ring(&ring, &offer.reader())) {
            key
        } else {
            ring::open_ring(&ring, &me.identity)?
        };
        self.all_epochs(card.block.header.subject, ring, current).await
    }
}
