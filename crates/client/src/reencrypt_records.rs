//! A patient has past records encrypted anew, because somebody who could read them no longer may. Each is fetched,
//! verified, decrypted and encrypted under a new key, a few segments in memory at a time; its manifest takes the place
//! of the former one and names the same content, so that readers still see who filed it. Several go in one transaction.
//!
//! Whoever holds a live grant for one record alone is handed its new key in the same transaction; codes for one record
//! alone are withdrawn, as what they carry cannot be changed.
//!
//! Who read a record may have kept it, and the former ciphertext stays wherever it was kept. Whoever held the former
//! key alone, without the file, has nothing afterwards.
//!
//! Which records are due follows from the chart: those whose file was ever sealed to an earlier epoch of a folder than
//! the current one, and those of which a grant for them alone has ended since the file was filed. So the job goes on
//! where it stopped, on every device. (A relay that keeps a former manifest back can make a record look as if it were
//! not due.) A file that is uploaded and not announced yet is remembered on the device, sealed as its manifest is, and
//! not uploaded twice.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use medkey_crypto::{
    RecordKey,
    envelope::{HandedKey, Introduction},
    manifest::Stored,
};
use medkey_protocol::{
    Digest, FolderId, Link, RecordId, Scope, SolCall,
    api::{ErrorCode, Status},
    blocks::{Block, Manifest},
    contract::ICharts,
};

use crate::{
    Medkey,
    add_record::{Besides, StoredRecord},
    chain::{Progress, Step},
    chart::{Announced, Chart, Grant, Offer, Place},
    fault::{Fault, RelayError},
    index::About,
    list_records::{Record, open_as_owner},
    me::Me,
    ports::{Device, Ports, Source, SourceError},
    read_chart::ReadChart,
    stream::{BodyReader, Sealing},
    tell_about_me::AboutMe,
};

/// How many records go in one transaction.
pub const AT_ONCE: usize = 20;

/// How far a folder's past records are encrypted anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// The folder.
    pub folder: FolderId,
    /// The manifests of the records that are due.
    pub due: BTreeSet<Digest>,
    /// How many were encrypted anew since the folder's key was last renewed.
    pub done: usize,
}

impl Renewal {
    /// How many confirmations in the wallet are left.
    pub fn confirmations(&self) -> usize {
        self.due.len().div_ceil(AT_ONCE)
    }

    /// The codes that are withdrawn because each is for one of these records alone.
    pub fn codes(&self, records: &[Record], state: &Chart, now: u64) -> usize {
        let due = records.iter().filter(|record| self.due.contains(&record.manifest));
        due.map(|record| codes_for(record, state, now).count()).sum()
    }
}

/// What of a chart's records is under former keys, and what no longer is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Folders in which records are due.
    pub renewals: Vec<Renewal>,
    /// The manifests with which records were last encrypted anew.
    pub anew: BTreeSet<Digest>,
}

/// Where the job stands: how many of the records that it is about are done, and what happens to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Along {
    /// Announced.
    pub done: usize,
    /// Uploaded and not announced yet.
    pub ready: usize,
    /// In all.
    pub all: usize,
    /// What happens now.
    pub step: Step,
}

/// Whether a grant ended after a file was filed. In the same block counts as after: once too often is better than once
/// too few.
fn ended_since(grant: &Grant, filed: Place, now: u64) -> bool {
    match grant.revoked {
        Some(at) => at.block >= filed.block,
        None => grant.expiry <= now && grant.expiry > filed.time,
    }
}

fn codes_for<'a>(record: &Record, state: &'a Chart, now: u64) -> impl Iterator<Item = &'a Offer> + use<'a> {
    let scope = Scope::from(record.id);
    state.live_offers(now).filter(move |offer| offer.scope == scope)
}

/// A body on its way from the old key to the new one.
struct Opened<'a, P: Ports> {
    reader: BodyReader<'a, P>,
    length: u64,
    piece: zeroize::Zeroizing<Vec<u8>>,
    read: usize,
    /// Why it could not be read to its end.
    fault: &'a RefCell<Option<Fault>>,
}

impl<P: Ports> Source for Opened<'_, P> {
    fn length(&self) -> u64 {
        self.length
    }

    async fn read(&mut self, most: usize) -> Result<Vec<u8>, SourceError> {
        while self.read == self.piece.len() {
            self.piece = match self.reader.next().await {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(Vec::new()),
                Err(fault) => {
                    self.fault.replace(Some(fault));
                    return Err(SourceError);
                }
            };
            self.read = 0;
        }
        let end = self.piece.len().min(self.read.saturating_add(most));
        let taken = self.piece[self.read..end].to_vec();
        self.read = end;
        Ok(taken)
    }
}

/// What a manifest says in the clear of a record's file.
struct FiledAs {
    id: RecordId,
    folder: FolderId,
    epoch: u32,
    body: Link,
}

/// The name under which a device keeps the manifest of a file that was encrypted anew and not announced.
fn anew_name(manifest: Digest) -> String {
    format!("anew {manifest}")
}

impl<P: Ports> Medkey<P> {
    /// Which records are due, by folder, and which were encrypted anew.
    pub async fn due_records(&self, me: &Me, read: &ReadChart, records: &[Record]) -> Result<Past, Fault> {
        let mut epochs = BTreeMap::new();
        for folder in self.folders(&me.card()) {
            epochs.insert(folder.id, self.ring(&me.card(), folder.id).await?.1.body.epoch);
        }
        let announced: BTreeMap<Digest, &Announced> =
            read.state.records.iter().map(|announced| (announced.manifest, announced)).collect();
        let mut renewals: BTreeMap<FolderId, Renewal> = BTreeMap::new();
        let mut anew = BTreeSet::new();
        for record in records.iter().filter(|record| epochs.contains_key(&record.folder)) {
            let mut due = false;
            let (mut former, mut since) = (Some(record.manifest), record.at);
            // The first manifest of this file.
            let (mut first, mut is_anew) = (record.manifest, false);
            while let Some(digest) = former {
                let Some(manifest) = self.filed_as(me, read, digest).await? else { break };
                if manifest.body != record.body.link {
                    is_anew = manifest.id == record.id;
                    break;
                }
                first = digest;
                due |= epochs.get(&manifest.folder).is_none_or(|epoch| manifest.epoch < *epoch);
                // What was replaced was announced before, so this ends.
                let announced = announced.get(&digest);
                since = announced.map_or(since, |announced| announced.at);
                former = announced.and_then(|announced| announced.replaces);
            }
            let mut alone = read.state.grants.iter().filter(|grant| grant.scope == Scope::from(record.id));
            due |= alone.any(|grant| ended_since(grant, since, read.time));
            let none = || Renewal { folder: record.folder, due: BTreeSet::new(), done: 0 };
            let renewal = renewals.entry(record.folder).or_insert_with(none);
            if due {
                renewal.due.insert(record.manifest);
            } else if is_anew {
                renewal.done += 1;
            }
            if is_anew {
                anew.insert(first);
            }
        }
        Ok(Past { renewals: renewals.into_values().filter(|renewal| !renewal.due.is_empty()).collect(), anew })
    }

    /// What a manifest files where, whether it stands or not; `None` where the relay does not hand it out. What was opened
    /// before is known.
    async fn filed_as(&self, me: &Me, read: &ReadChart, digest: Digest) -> Result<Option<FiledAs>, Fault> {
        let known = me.index.borrow().get(digest);
        if let Some(About { id, folder, epoch, body, .. }) = known.map(|known| known.about) {
            return Ok(Some(FiledAs { id, folder, epoch, body: body.link }));
        }
        match self.block_of::<Manifest>(digest, read.chart).await {
            Ok(manifest) => {
                let Manifest { id, folder, epoch, body, .. } = manifest.body;
                Ok(Some(FiledAs { id, folder, epoch, body: body.link }))
            }
            Err(Fault::Relay(error)) if matches!(error.code(), Some(ErrorCode::NotFound | ErrorCode::NoAccess)) => {
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    /// Encrypts the records of a folder that are due anew, so many at a time, until none is left. Whoever declines in the
    /// wallet, loses the connection or leaves comes back here; what is done stays done, and nothing is uploaded twice.
    pub async fn reencrypt_folder(
        &self,
        me: &Me,
        about: &AboutMe,
        folder: FolderId,
        along: &dyn Fn(Along),
    ) -> Result<(), Fault> {
        loop {
            self.refresh_card(me).await?;
            let read = self.read_own_chart(me).await?;
            // Under a key that somebody left with nothing is encrypted anew.
            if self.unfit_folders(me, &read).await?.iter().any(|unfit| unfit.surplus) {
                let tell = |step| along(Along { done: 0, ready: 0, all: 0, step });
                self.mend_folders(me, &tell).await?;
                continue;
            }
            let found = self.list_records(me, &read).await?;
            let past = self.due_records(me, &read, &found.records).await?;
            let Some(renewal) = past.renewals.into_iter().find(|renewal| renewal.folder == folder) else {
                return Ok(());
            };
            let all = renewal.done + renewal.due.len();
            // The oldest first, in the order in which they were filed.
            let due = found.records.iter().rev().filter(|record| renewal.due.contains(&record.manifest));
            let batch: Vec<&Record> = due.take(AT_ONCE).collect();
            let mut ready = Vec::new();
            for record in &batch {
                let at = ready.len();
                let tell = |step| along(Along { done: renewal.done, ready: at, all, step });
                ready.push((*record, self.encrypt_anew(me, record, &tell).await?));
            }
            let tell = |step| along(Along { done: renewal.done, ready: ready.len(), all, step });
            self.announce_anew(me, about, &read, &ready, &tell).await?;
        }
    }

    /// Encrypts a record's file under a new key and stores it, unless this device has done so before.
    async fn encrypt_anew(&self, me: &Me, record: &Record, progress: Progress<'_>) -> Result<StoredRecord, Fault> {
        if let Some(stored) = self.kept_anew(me, record).await {
            return Ok(stored);
        }
        let key = RecordKey::make(&mut self.ports.rng());
        let context = self.context(record.chart);
        let fault = RefCell::default();
        let reader = self.open_body(record.sealed_body(&context)).await?;
        let mut source =
            Opened { reader, length: record.meta.length, piece: Vec::new().into(), read: 0, fault: &fault };
        let sealing = Sealing { context: &context, id: &record.id, key: &key, salt: &record.meta.salt.0 };
        let stored = self.store_body(&mut source, sealing, progress).await;
        let stored = match (stored, fault.take()) {
            (Err(Fault::Source(_)), Some(fault)) => return Err(fault),
            (stored, _) => stored?,
        };
        let now = self.block_of::<Manifest>(record.manifest, record.chart).await?;
        let again = Stored::again(&now.body, record.manifest.link());
        // That the content is the same was proven while it was read.
        let anew = StoredRecord {
            chart: record.chart,
            key,
            meta: (*record.meta).clone(),
            stored: Stored { body: stored.body, ..again },
        };
        self.keep_anew(me, record, &anew).await?;
        Ok(anew)
    }

    /// Announces files that were encrypted anew in the place of the former ones.
    async fn announce_anew(
        &self,
        me: &Me,
        about: &AboutMe,
        read: &ReadChart,
        anew: &[(&Record, StoredRecord)],
        progress: Progress<'_>,
    ) -> Result<(), Fault> {
        let mut further = Vec::new();
        for (record, stored) in anew {
            further.extend(self.hand_over_anew(me, about, read, record, &stored.key).await?);
        }
        let records: Vec<_> = anew.iter().map(|(record, stored)| (stored.sealable(), record.folder)).collect();
        let besides = Besides { further: &further, ..Besides::default() };
        let previous: Vec<Digest> = anew.iter().map(|(record, _)| record.manifest).collect();
        let filed = self.put_all_in_place(me, &records, &previous, besides, progress).await;
        let is_gone = |error: &Fault| match error {
            Fault::RecordChanged => true,
            Fault::Relay(RelayError::Refused { code, .. }) => *code == ErrorCode::MissingBlock,
            _ => false,
        };
        // Of no use any more: announced, overtaken by another change, or forgotten by the relay.
        if filed.as_ref().err().is_none_or(is_gone) {
            for manifest in previous {
                let _gone = self.ports.device().forget(&anew_name(manifest)).await;
            }
        }
        filed.map(drop)
    }

    /// The calls that hand a record's new key to those who hold a live grant for it alone, and withdraw its codes.
    async fn hand_over_anew(
        &self,
        me: &Me,
        about: &AboutMe,
        read: &ReadChart,
        record: &Record,
        key: &RecordKey,
    ) -> Result<Vec<Vec<u8>>, Fault> {
        let (chart, scope) = (me.address, Scope::from(record.id));
        let introduction =
            Introduction { name: about.name.clone(), birth_date: about.birth_date.clone(), request: None };
        let mut calls = Vec::new();
        for offer in codes_for(record, &read.state, read.time) {
            calls.push(ICharts::withdrawOfferCall { chart, key: offer.key, scope: scope.into() }.abi_encode());
        }
        for grant in read.state.live_grants(read.time).filter(|grant| grant.scope == scope) {
            let (standing, card) = self.member_with_card(grant.grantee).await?;
            // The contract takes no grant for who is suspended.
            if standing.status != Status::Active {
                continue;
            }
            let to = (grant.grantee, &card.identity()?);
            let envelope = self.hand_over(me, to, scope, &HandedKey::Record(key), &introduction).await?;
            let grant = ICharts::grantAccessCall {
                chart,
                grantee: grant.grantee,
                scope: scope.into(),
                expiry: medkey_protocol::Uint40::saturating_from(grant.expiry),
                envelope: envelope.into(),
            };
            calls.push(grant.abi_encode());
        }
        Ok(calls)
    }

    /// Remembers a file that was encrypted anew. What the device keeps is sealed to the patient.
    async fn keep_anew(&self, me: &Me, record: &Record, anew: &StoredRecord) -> Result<(), Fault> {
        let manifest = self.make_manifest_of(anew.sealable(), &me.card(), record.folder, me.address, None).await?;
        // Where the device keeps nothing, a reload uploads it again.
        let _kept = self.ports.device().keep(&anew_name(record.manifest), &manifest.encode()?.bytes).await;
        Ok(())
    }

    async fn kept_anew(&self, me: &Me, record: &Record) -> Option<StoredRecord> {
        let bytes = self.ports.device().load(&anew_name(record.manifest)).await.ok()??;
        let manifest: Block<Manifest> = Block::parse_of(&bytes, &self.at, record.chart).ok()?;
        let opened = open_as_owner(&manifest, me).ok()?;
        let stored = Stored::of(&manifest.body);
        // Sealed to a former epoch, its key may be in the hands of somebody who left since.
        let (_, ring) = self.ring(&me.card(), record.folder).await.ok()?;
        let same_place = (manifest.body.folder, manifest.body.epoch) == (record.folder, ring.body.epoch);
        let same = stored.id == record.id && stored.content == record.content && same_place;
        same.then_some(StoredRecord { chart: record.chart, key: opened.key, meta: opened.meta, stored })
    }
}
