//! Folders: their rings, who holds them, and their renewal once somebody should hold them no more.

use std::collections::BTreeMap;

use medkey_crypto::{FolderKey, PublicKey, RootSecret, ring};
use medkey_protocol::{
    Address, FolderId, Link, Scope,
    api::Status,
    blocks::{Block, Category, Ring},
};

use crate::{
    Medkey,
    chain::Progress,
    chart::Chart,
    fault::{Fault, Lie},
    me::Me,
    people::CurrentCard,
    ports::Ports,
    read_chart::ReadChart,
};

/// A folder as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its id, also the scope of its grants.
    pub id: FolderId,
    /// What it is for.
    pub category: Option<Category>,
}

/// A folder whose ring does not fit the grants that live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Which.
    pub folder: FolderId,
    /// Somebody holds its key whose grant has ended, or whose own key changed: it needs a new one.
    pub surplus: bool,
}

/// A folder's keys by epoch.
pub(crate) type FolderKeys = BTreeMap<u32, FolderKey>;

/// What to change about the rings, and who is leaving with this very transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes<'a> {
    /// Who loses which grant.
    pub(crate) leaving: &'a [(Address, Scope)],
    /// Which offers are withdrawn: their keys and scopes.
    pub(crate) withdrawn: &'a [(Address, Scope)],
    /// Who gains a grant of a folder, by identity, or which key an offer of it has.
    pub(crate) joining: &'a [(FolderId, PublicKey)],
    /// The new root that every folder's next key follows from.
    pub(crate) root: Option<&'a RootSecret>,
}

impl<P: Ports> Medkey<P> {
    /// The folders of a card.
    pub fn folders(&self, card: &CurrentCard) -> Vec<Folder> {
        card.block.body.folders.iter().map(|entry| Folder { id: entry.id, category: entry.category }).collect()
    }

    /// The current ring of a folder of `chart`, as its card links it.
    pub(crate) async fn ring(&self, card: &CurrentCard, folder: FolderId) -> Result<(Link, Block<Ring>), Fault> {
        let entries = &card.block.body.folders;
        let entry = entries.iter().find(|entry| entry.id == folder).ok_or(Fault::NoKey)?;
        Ok((entry.ring, self.ring_at(card.block.header.subject, folder, entry.ring).await?))
    }

    async fn ring_at(&self, chart: Address, folder: FolderId, link: Link) -> Result<Block<Ring>, Fault> {
        let ring: Block<Ring> = self.block_of(link.digest(), chart).await?;
        if ring.body.folder == folder { Ok(ring) } else { Err(Lie::Place.into()) }
    }

    /// From the current epoch's key to those of all epochs before, along the chain of rings.
    pub(crate) async fn all_epochs(
        &self,
        chart: Address,
        mut ring: Block<Ring>,
        key: FolderKey,
    ) -> Result<FolderKeys, Fault> {
        let mut keys = FolderKeys::new();
        let mut key = key;
        while let Some(link) = ring.body.previous {
            let previous = self.ring_at(chart, ring.body.folder, link).await?;
            let before = ring::open_previous(&ring, &key, &previous)?;
            keys.insert(ring.body.epoch, key);
            (ring, key) = (previous, before);
        }
        keys.insert(ring.body.epoch, key);
        Ok(keys)
    }

    /// Which folders' rings do not fit the grants that live: asked at every unlock.
    pub async fn unfit_folders(&self, me: &Me, read: &ReadChart) -> Result<Vec<Unfit>, Fault> {
        let card = me.card();
        let mut unfit = Vec::new();
        for Folder { id: folder, .. } in self.folders(&card) {
            let (_, ring) = self.ring(&card, folder).await?;
            let readers = self.readers(me, &read.state, folder, read.time, &Changes::default()).await?;
            let holds = |key: &PublicKey| ring::readers(&ring.body).any(|id| id == key.id());
            let surplus = ring::readers(&ring.body).any(|id| readers.iter().all(|key| key.id() != id));
            if surplus || !readers.iter().all(holds) {
                unfit.push(Unfit { folder, surplus });
            }
        }
        Ok(unfit)
    }

    /// Makes every ring fit the grants that live, in one transaction; none if all fit.
    pub async fn mend_folders(&self, me: &Me, progress: Progress<'_>) -> Result<bool, Fault> {
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        match self.fit_rings(me, &read, &Changes::default()).await? {
            None => Ok(false),
            Some((call, card)) => {
                self.transact(vec![call], progress).await?;
                me.set_card(card);
                Ok(true)
            }
        }
    }

    /// Stores rings and a card that fit the grants once `changes` are made, and gives the call that puts the card in
    /// place; `None` where everything fits already. `read` is complete and was read after the card: then the call
    /// fails where it would undo what another device did meanwhile.
    pub(crate) async fn fit_rings(
        &self,
        me: &Me,
        read: &ReadChart,
        changes: &Changes<'_>,
    ) -> Result<Option<(Vec<u8>, CurrentCard)>, Fault> {
        match self.fit_card(me, read, changes).await? {
            Some(card) => Ok(Some(self.store_card(me, card).await?)),
            None => Ok(None),
        }
    }

    /// As [`Self::fit_rings`]; the card is not stored yet.
    pub(crate) async fn fit_card(
        &self,
        me: &Me,
        read: &ReadChart,
        changes: &Changes<'_>,
    ) -> Result<Option<CurrentCard>, Fault> {
        let mut card = me.card();
        let mut rng = self.ports.rng();
        let mut changed = false;
        for Folder { id: folder, .. } in self.folders(&me.card()) {
            let (link, current) = self.ring(&card, folder).await?;
            let mut readers = self.readers(me, &read.state, folder, read.time, changes).await?;
            let joining = changes.joining.iter().filter(|(joined, _)| *joined == folder);
            readers.extend(joining.map(|(_, key)| key.clone()));
            let surplus = ring::readers(&current.body).any(|id| readers.iter().all(|key| key.id() != id));
            let missing = readers.iter().any(|key| ring::readers(&current.body).all(|id| key.id() != id));
            let anew = surplus || changes.root.is_some();
            if !anew && !missing {
                continue;
            }
            let key = me.folder_key(&current)?;
            let ring = if anew {
                let root = changes.root.unwrap_or(&me.root);
                ring::renew_ring(root, &current, link, &key, &readers, &mut rng)?.0
            } else {
                let mut ring = current;
                for reader in &readers {
                    ring::add_reader(&mut ring, &key, reader, &mut rng)?;
                }
                ring
            };
            let ring = ring.encode()?;
            self.store(&ring).await?;
            for entry in card.block.body.folders.iter_mut().filter(|entry| entry.id == folder) {
                entry.ring = ring.link();
            }
            changed = true;
        }
        Ok(changed.then_some(card))
    }

    /// The identities of all who hold a live grant for a folder and are verified, and the keys of its live offers.
    async fn readers(
        &self,
        me: &Me,
        state: &Chart,
        folder: FolderId,
        now: u64,
        changes: &Changes<'_>,
    ) -> Result<Vec<PublicKey>, Fault> {
        let scope = Scope::from(folder);
        let mut readers = Vec::new();
        for grant in state.live_grants(now).filter(|grant| grant.scope == scope) {
            if changes.leaving.contains(&(grant.grantee, scope)) {
                continue;
            }
            let (standing, card) = self.member_with_card(grant.grantee).await?;
            if standing.status == Status::Active {
                readers.push(card.identity()?);
            }
        }
        for offer in state.live_offers(now).filter(|offer| offer.scope == scope) {
            if !changes.withdrawn.contains(&(offer.key, scope)) {
                readers.push(self.offer_secret(me, offer).await?.reader().public().clone());
            }
        }
        Ok(readers)
    }
}
