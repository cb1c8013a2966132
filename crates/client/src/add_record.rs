//! A patient adds a record to the own chart: choose a file, encrypt, upload, confirm in the wallet.
//!
//! The stages are types: [`PlainFile`] → [`StoredRecord`] → [`PendingRecord`] → an entry of the chart.

use medkey_crypto::{
    Context, PublicKey, RecordKey,
    manifest::{Confirmed, Filing, Meta, RecordKind, Stored, make_manifest},
    ring,
};
use medkey_protocol::{
    Address, Digest, FolderId, RecordId, SolCall,
    blocks::{Block, Manifest},
    contract::ICharts,
    ids::Fixed,
};
use rand_core::Rng;

use crate::{
    Medkey,
    chain::Progress,
    chart::Chart,
    fault::{Fault, Refusal},
    folders::{Changes, FolderError},
    grant_access::{Decision, joining, lasts_longer},
    make_folder::NewFolder,
    me::Me,
    people::CurrentCard,
    ports::{Clock, Ports, Source},
    stream::Sealing,
    tell_about_me::AboutMe,
    time::rfc3339,
};

/// How often a record is sealed again because the patient's keys changed in between.
pub(crate) const ATTEMPTS: usize = 5;

/// What a person says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Shown in lists.
    pub title: String,
    /// What kind of document it is.
    pub kind: RecordKind,
    /// Media type of the file.
    pub media_type: String,
    /// Name of the file, without folders.
    pub file_name: String,
    /// When what it describes happened, RFC 3339.
    pub effective: Option<String>,
    /// The record that it amends.
    pub amends: Option<RecordId>,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

/// A file as the person chose it.
#[derive(Debug)]
pub struct PlainFile<S> {
    /// Its bytes.
    pub source: S,
    /// What the person says of it.
    pub details: Details,
}

/// A file whose ciphertext the relay holds. It can be sealed to a chart's keys as often as those change.
#[derive(Debug)]
pub struct StoredRecord {
    pub(crate) chart: Address,
    pub(crate) key: RecordKey,
    pub(crate) meta: Meta,
    pub(crate) stored: Stored,
}

/// What a manifest is made of: the record's key, what it says about itself, and its body at the relay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealable<'a> {
    pub(crate) chart: Address,
    pub(crate) key: &'a RecordKey,
    pub(crate) meta: &'a Meta,
    pub(crate) stored: &'a Stored,
}

/// What gives way to the records that are announced.
#[derive(Debug, Clone, Copy)]
enum Instead<'a> {
    /// Nothing: they are added.
    Nothing,
    /// The records with these manifests, which have to stand: each takes the place of the one at its own place.
    Each(&'a [Digest]),
    /// They are added, and the records with these manifests go, which have to stand.
    Removing(&'a [Digest]),
}

/// What is given to whom together with records that are announced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Along<'a> {
    /// Who the patient is.
    pub(crate) about: &'a AboutMe,
    /// What is given. Nobody loses time with it: who may read something longer already keeps that.
    pub(crate) decision: &'a Decision<'a>,
}

/// What the same transaction does besides announcing records.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Besides<'a> {
    /// Makes the folder that they are filed in.
    pub(crate) making: Option<&'a NewFolder>,
    /// Gives somebody access.
    pub(crate) along: Option<Along<'a>>,
    /// Further calls.
    pub(crate) further: &'a [Vec<u8>],
}

/// A record that only waits to be announced.
#[derive(Debug)]
pub(crate) struct PendingRecord {
    pub(crate) manifest: Digest,
    /// The patient's card that it was sealed to.
    card: Digest,
}

/// A record that is in a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// Its id.
    pub id: RecordId,
    /// Its manifest.
    pub manifest: Digest,
    /// The block it was included in.
    pub block: u64,
}

impl StoredRecord {
    /// The record's id.
    pub fn id(&self) -> RecordId {
        self.stored.id
    }

    /// The same, as what confirms another record.
    pub(crate) fn confirming(mut self, confirmed: Confirmed) -> Self {
        self.meta.confirms = Some(confirmed);
        self
    }

    pub(crate) fn sealable(&self) -> Sealable<'_> {
        let Self { chart, key, meta, stored } = self;
        Sealable { chart: *chart, key, meta, stored }
    }
}

impl PendingRecord {
    /// One whose manifest the relay holds, sealed to this card.
    pub(crate) fn sealed_to(card: &CurrentCard, manifest: &medkey_protocol::blocks::EncodedBlock) -> Self {
        Self { manifest: manifest.digest, card: card.digest }
    }

    /// The call that announces it, for as long as the card it was sealed to is current.
    pub(crate) fn add_call(&self, chart: Address) -> Vec<u8> {
        ICharts::addRecordCall { chart, manifest: self.manifest.into(), card: self.card.into() }.abi_encode()
    }

    /// The call that puts it in the place of another, for as long as that card is current.
    fn replace_call(&self, chart: Address, previous: Digest) -> Vec<u8> {
        let (manifest, card) = (self.manifest.into(), self.card.into());
        ICharts::replaceRecordCall { chart, previous: previous.into(), manifest, card }.abi_encode()
    }
}

/// Files anew, from reading the patient's card on, while that card changes before the transaction is included.
pub(crate) async fn sealed_to_current<T>(file: impl AsyncFn() -> Result<T, Fault>) -> Result<T, Fault> {
    let mut attempt = 1;
    loop {
        match file().await {
            Err(Fault::Refused(Refusal::PatientCardChanged | Refusal::CardChanged)) if attempt < ATTEMPTS => {
                attempt += 1
            }
            other => return other,
        }
    }
}

impl<P: Ports> Medkey<P> {
    /// Adds a file to a folder of the own chart.
    pub async fn add_record(
        &self,
        me: &Me,
        file: PlainFile<impl Source>,
        folder: FolderId,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let record = self.store_file(me.address, file, progress).await?;
        self.file_record(me, &record, folder, progress).await
    }

    /// Announces a stored file in the own chart. Whoever declined in the wallet comes back here; nothing is uploaded
    /// again. Where another device changed the own card meanwhile the manifest is sealed again, not the body.
    pub async fn file_record(
        &self,
        me: &Me,
        record: &StoredRecord,
        folder: FolderId,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let filed = self.file_records(me, &[(record, folder)], progress).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Announces stored files in the own chart, in one transaction: see [`Self::file_record`].
    pub async fn file_records(
        &self,
        me: &Me,
        records: &[(&StoredRecord, FolderId)],
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        self.file_records_making(me, records, None, progress).await
    }

    /// As [`Self::file_records`], and makes a folder for them in the same transaction.
    pub async fn file_records_making(
        &self,
        me: &Me,
        records: &[(&StoredRecord, FolderId)],
        making: Option<&NewFolder>,
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let records: Vec<_> = records.iter().map(|(record, folder)| (record.sealable(), *folder)).collect();
        let besides = Besides { making, ..Besides::default() };
        sealed_to_current(async || self.announce(me, &records, Instead::Nothing, besides, progress).await).await
    }

    /// Announces stored files, and takes others with these manifests, which have to stand, out of the chart in the same
    /// transaction.
    pub(crate) async fn file_and_remove(
        &self,
        me: &Me,
        records: &[(&StoredRecord, FolderId)],
        former: &[Digest],
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let records: Vec<_> = records.iter().map(|(record, folder)| (record.sealable(), *folder)).collect();
        let instead = Instead::Removing(former);
        let besides = Besides::default();
        sealed_to_current(async || self.announce(me, &records, instead, besides, progress).await).await
    }

    /// Seals a record to the keys of now and announces it in the place of the one with the manifest `previous`, which
    /// has to stand; `making` is a folder that is made for it in the same transaction.
    pub(crate) async fn put_in_place(
        &self,
        me: &Me,
        record: Sealable<'_>,
        (folder, making): (FolderId, Option<&NewFolder>),
        previous: Digest,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let besides = Besides { making, ..Besides::default() };
        let filed = self.put_all_in_place(me, &[(record, folder)], &[previous], besides, progress).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// The same with several at once, and with more in the same transaction.
    pub(crate) async fn put_all_in_place(
        &self,
        me: &Me,
        records: &[(Sealable<'_>, FolderId)],
        previous: &[Digest],
        besides: Besides<'_>,
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let instead = Instead::Each(previous);
        let filed = sealed_to_current(async || self.announce(me, records, instead, besides, progress).await).await?;
        // Another device may have been first: then the chain says so, and this one changed nothing.
        self.expect(me, |state| filed.iter().all(|filed| state.stands(filed.manifest))).await?;
        Ok(filed)
    }

    async fn announce(
        &self,
        me: &Me,
        records: &[(Sealable<'_>, FolderId)],
        instead: Instead<'_>,
        Besides { making, along, further }: Besides<'_>,
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        self.refresh_card(me).await?;
        let grantees = match along {
            Some(along) => self.verified(along.decision.grantees).await?,
            None => Vec::new(),
        };
        // Nothing is added under a key that somebody holds whose grant has ended.
        let read = self.read_own_chart(me).await?;
        let former = match instead {
            Instead::Nothing => &[][..],
            Instead::Each(former) | Instead::Removing(former) => former,
        };
        if former.iter().any(|manifest| !read.state.stands(*manifest)) {
            return Err(Fault::RecordChanged);
        }
        let joining = along.map(|along| joining(&grantees, along.decision.shared)).unwrap_or_default();
        let changes = Changes { joining: &joining, making, ..Changes::default() };
        let renewed = self.fit_rings(me, &read, &changes).await?;
        let card = renewed.as_ref().map_or_else(|| me.card(), |(_, card)| card.clone());
        let is_there = |folder| card.block.body.folders.iter().any(|entry| entry.id == folder);
        if !records.iter().all(|(_, folder)| is_there(*folder)) {
            return Err(FolderError::Gone.into());
        }
        let mut calls: Vec<Vec<u8>> = renewed.iter().map(|(call, _)| call.clone()).collect();
        let mut sealed = Vec::new();
        for (at, (record, folder)) in records.iter().enumerate() {
            let pending = self.seal_record(*record, &card, *folder, me.address, None).await?;
            calls.push(match instead {
                Instead::Each(previous) => pending.replace_call(me.address, previous[at]),
                Instead::Nothing | Instead::Removing(_) => pending.add_call(me.address),
            });
            sealed.push((record.stored.id, pending.manifest));
        }
        if let Instead::Removing(former) = instead {
            calls.extend(former.iter().map(|manifest| {
                ICharts::removeRecordCall { chart: me.address, manifest: (*manifest).into() }.abi_encode()
            }));
        }
        if let Some(Along { about, decision }) = along {
            let wants = |grantee, scope| lasts_longer(&read, grantee, scope, decision.expiry);
            calls.extend(self.grant_calls(me, &card, about, &grantees, decision, wants).await?);
        }
        calls.extend_from_slice(further);
        let receipt = self.transact(calls, progress).await?;
        me.set_card(card);
        let filed = |(id, manifest)| Filed { id, manifest, block: receipt.block };
        Ok(sealed.into_iter().map(filed).collect())
    }

    /// Fails where the own chart, read anew after an act, is not as that act should have left it. A list that cannot be
    /// read now or is behind says nothing about the act, which is on the chain.
    pub(crate) async fn expect(&self, me: &Me, holds: impl Fn(&Chart) -> bool) -> Result<(), Fault> {
        match self.read_own_chart(me).await {
            Ok(read) if !holds(&read.state) => Err(Fault::RecordChanged),
            _ => Ok(()),
        }
    }

    /// Encrypts a file for a chart and stores it.
    pub async fn store_file(
        &self,
        chart: Address,
        file: PlainFile<impl Source>,
        progress: Progress<'_>,
    ) -> Result<StoredRecord, Fault> {
        let PlainFile { mut source, details } = file;
        let mut rng = self.ports.rng();
        let (mut id, mut salt) = ([0; 32], [0; 32]);
        rng.fill_bytes(&mut id);
        rng.fill_bytes(&mut salt);
        let id = RecordId::from(id);
        let key = RecordKey::make(&mut rng);
        let length = source.length();
        let context = self.context(chart);
        let sealing = Sealing { context: &context, id: &id, key: &key, salt: &salt };
        let body = self.store_body(&mut source, sealing, progress).await?;
        let Details { title, kind, media_type, file_name, effective, amends, answers } = details;
        let created = rfc3339(self.ports.clock().now());
        let salt = Fixed(salt);
        let meta = Meta {
            title,
            kind,
            media_type,
            file_name,
            created,
            effective,
            length,
            salt,
            amends,
            answers,
            confirms: None,
        };
        let stored = Stored { id, body: body.body, content: body.content, origin: None };
        Ok(StoredRecord { chart, key, meta, stored })
    }

    /// Announces a stored file, and gives it and more to others in the same transaction.
    pub(crate) async fn file_and_grant(
        &self,
        me: &Me,
        record: &StoredRecord,
        folder: FolderId,
        along: Along<'_>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let records = [(record.sealable(), folder)];
        let besides = Besides { along: Some(along), ..Besides::default() };
        let announce = async || self.announce(me, &records, Instead::Nothing, besides, progress).await;
        let filed = sealed_to_current(announce).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Seals a record to the keys of the patient's card and leaves the manifest at the relay.
    pub(crate) async fn seal_record(
        &self,
        record: Sealable<'_>,
        card: &CurrentCard,
        folder: FolderId,
        author: Address,
        author_key: Option<&PublicKey>,
    ) -> Result<PendingRecord, Fault> {
        let manifest = self.make_manifest_of(record, card, folder, author, author_key).await?.encode()?;
        self.store(&manifest).await?;
        Ok(PendingRecord { manifest: manifest.digest, card: card.digest })
    }

    /// Seals a record to the keys of the patient's card.
    pub(crate) async fn make_manifest_of(
        &self,
        record: Sealable<'_>,
        card: &CurrentCard,
        folder: FolderId,
        author: Address,
        author_key: Option<&PublicKey>,
    ) -> Result<Block<Manifest>, Fault> {
        let context: Context = self.context(record.chart);
        let (_, ring) = self.ring(card, folder).await?;
        let owner_key = &card.identity()?;
        let folder_key = &ring::public_key(&ring.body).map_err(|_| crate::fault::Lie::Place)?;
        let epoch = ring.body.epoch;
        let filing = Filing { context: &context, author, folder, epoch, owner_key, folder_key, author_key };
        let rng = &mut self.ports.rng();
        Ok(make_manifest(&filing, record.stored, record.key, record.meta, rng)?)
    }
}
