//! A person lists records: the manifests that a chart announces, each fetched, verified, opened with the key at hand and
//! compared with the event that announced it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
};

use medkey_crypto::{
    FolderKey, IdentityKey, OpenError, RecordKey,
    manifest::{Meta, Reader, copies_agree, open_manifest},
};
use medkey_protocol::{
    Address, Digest, FolderId, RecordId,
    api::ErrorCode,
    blocks::{Block, BodyLink, Manifest},
};

use crate::{
    Medkey,
    chart::{Announced, Chart, Place},
    fault::{Fault, Lie},
    folders::FolderKeys,
    me::Me,
    ports::Ports,
    read_chart::ReadChart,
};

/// A record that could be opened.
#[derive(Debug)]
pub struct Record {
    /// Whose chart it is in.
    pub chart: Address,
    /// Its manifest.
    pub manifest: Digest,
    /// Its id.
    pub id: RecordId,
    /// The folder it is filed in.
    pub folder: FolderId,
    /// Who filed it: proven by the chart. The name comes from the author's verified profile.
    pub author: Address,
    /// Where the chart announces it.
    pub at: Place,
    /// Where the chart first announced it: elsewhere only where the patient filed it anew.
    pub first: Place,
    /// What it says about itself.
    pub meta: Meta,
    /// The patient and the folder were given different keys: what they see may differ.
    pub differs: bool,
    /// By whom it was first filed, where the patient filed it anew.
    pub origin: Option<Address>,
    pub(crate) body: BodyLink,
    pub(crate) content: [u8; 32],
    pub(crate) key: RecordKey,
}

/// Records, and how many there are besides that could not be shown.
#[derive(Debug, Default)]
pub struct Records {
    /// Newest first.
    pub records: Vec<Record>,
    /// Announced, but the relay does not hand out the manifest.
    pub withheld: usize,
    /// Handed out, but it does not open with the key it should open with.
    pub unreadable: usize,
}

impl Records {
    /// From the order of the chart to the newest first; what was filed anew stays where it was.
    fn sort(&mut self) {
        self.records.reverse();
        self.records.sort_by_key(|record| Reverse(record.first.block));
    }
}

/// The keys of one's own folders, as far as they were needed.
pub(crate) type OwnKeys = BTreeMap<FolderId, FolderKeys>;

/// The keys a reader of somebody's chart holds.
#[derive(Debug, Default)]
pub(crate) struct HeldKeys {
    pub(crate) folders: BTreeMap<FolderId, FolderKeys>,
    pub(crate) records: BTreeMap<RecordId, RecordKey>,
}

impl HeldKeys {
    fn reader(&self, manifest: &Manifest) -> Option<Reader<'_>> {
        let folder = self.folders.get(&manifest.folder).and_then(|epochs| epochs.get(&manifest.epoch));
        folder.map(Reader::Folder).or_else(|| self.records.get(&manifest.id).map(Reader::Record))
    }
}

impl<P: Ports> Medkey<P> {
    /// The records of one's own chart.
    pub async fn list_records(&self, me: &Me, read: &ReadChart) -> Result<Records, Fault> {
        let mut keys = OwnKeys::default();
        let mut found = Records::default();
        for announced in read.state.current() {
            let record = self.own_record(me, read, announced, &mut keys, &mut found).await?;
            found.records.extend(record);
        }
        found.sort();
        Ok(found)
    }

    /// A record of one's own chart that was announced, whether it stands or not; what cannot be shown is counted.
    pub(crate) async fn own_record(
        &self,
        me: &Me,
        read: &ReadChart,
        announced: &Announced,
        keys: &mut OwnKeys,
        found: &mut Records,
    ) -> Result<Option<Record>, Fault> {
        let Some(manifest) = self.manifest(read.chart, announced, found).await? else { return Ok(None) };
        let folder = manifest.body.folder;
        if let Entry::Vacant(vacant) = keys.entry(folder) {
            vacant.insert(match self.ring(&me.card(), folder).await {
                Ok((_, ring)) => {
                    let key = me.folder_key(&ring)?;
                    self.all_epochs(read.chart, ring, key).await?
                }
                // An author may name a folder that there is not.
                Err(Fault::NoKey) => FolderKeys::new(),
                Err(fault) => return Err(fault),
            });
        }
        let folder_key = keys.get(&folder).and_then(|epochs| epochs.get(&manifest.body.epoch));
        let Ok(opened) = open_own(&manifest, me) else {
            found.unreadable += 1;
            return Ok(None);
        };
        let differs = folder_key.is_none_or(|key| !opened.agrees(&manifest, key));
        self.record(read, announced, manifest, (opened.opened, differs)).await.map(Some)
    }

    /// The records of somebody's chart that these keys open.
    pub(crate) async fn list_with(&self, read: &ReadChart, keys: &HeldKeys) -> Result<Records, Fault> {
        let mut handed = Vec::new();
        let mut after = None;
        loop {
            let page = self.relay_records(read.chart, after).await?;
            handed.extend(page.items.into_iter().map(|entry| entry.manifest));
            match page.next {
                Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
                _ => break,
            }
        }
        let mut found = Records::default();
        for announced in read.state.current().filter(|announced| handed.contains(&announced.manifest)) {
            let Some(manifest) = self.manifest(read.chart, announced, &mut found).await? else { continue };
            let Some(reader) = keys.reader(&manifest.body) else { continue };
            match open_manifest(&manifest, reader) {
                Ok(opened) => {
                    let record = self.record(read, announced, manifest, (opened, false)).await?;
                    found.records.push(record);
                }
                Err(OpenError) => found.unreadable += 1,
            }
        }
        found.sort();
        Ok(found)
    }

    /// A manifest that is valid under its announcement; `None` where there is nothing to show.
    async fn manifest(
        &self,
        chart: Address,
        announced: &Announced,
        found: &mut Records,
    ) -> Result<Option<Block<Manifest>>, Fault> {
        match self.block_of::<Manifest>(announced.manifest, chart).await {
            // Announced by somebody who did not write it: it is nothing.
            Ok(manifest) if manifest.header.party != Some(announced.author) => Ok(None),
            Ok(manifest) => Ok(Some(manifest)),
            Err(Fault::Lie(Lie::Place)) => Ok(None),
            Err(Fault::Relay(error)) if matches!(error.code(), Some(ErrorCode::NotFound | ErrorCode::NoAccess)) => {
                found.withheld += 1;
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    async fn record(
        &self,
        read: &ReadChart,
        announced: &Announced,
        manifest: Block<Manifest>,
        (opened, differs): (medkey_crypto::manifest::OpenedManifest, bool),
    ) -> Result<Record, Fault> {
        let origin = self.origin_of(read.chart, &read.state, announced, &manifest).await?;
        let Manifest { id, folder, body, content, .. } = manifest.body;
        Ok(Record {
            chart: read.chart,
            manifest: announced.manifest,
            id,
            folder,
            author: announced.author,
            at: announced.at,
            first: origin.map_or(announced.at, |(_, at)| at),
            meta: opened.meta,
            differs,
            origin: origin.map(|(author, _)| author),
            body,
            content: content.0,
            key: opened.key,
        })
    }

    /// Who filed the record first, and where: only if the chart says so, and the document is still the same.
    async fn origin_of(
        &self,
        chart: Address,
        state: &Chart,
        announced: &Announced,
        manifest: &Block<Manifest>,
    ) -> Result<Option<(Address, Place)>, Fault> {
        let Some(link) = manifest.body.origin.filter(|_| announced.author == chart) else { return Ok(None) };
        let Some(first) = state.records.iter().find(|record| record.manifest == link.digest()) else {
            return Ok(None);
        };
        let Ok(origin) = self.block_of::<Manifest>(link.digest(), chart).await else { return Ok(None) };
        let same = origin.body.content == manifest.body.content || origin.body.body == manifest.body.body;
        Ok((same && origin.header.party == Some(first.author)).then_some((first.author, first.at)))
    }
}

pub(crate) struct OwnOpened<'a> {
    pub(crate) opened: medkey_crypto::manifest::OpenedManifest,
    identity: &'a IdentityKey,
    former: Option<IdentityKey>,
}

impl OwnOpened<'_> {
    fn agrees(&self, manifest: &Block<Manifest>, folder: &FolderKey) -> bool {
        copies_agree(manifest, self.former.as_ref().unwrap_or(self.identity), folder)
    }
}

/// Opens the owner's copy, which may be sealed to the identity of a former root.
pub(crate) fn open_own<'a>(manifest: &Block<Manifest>, me: &'a Me) -> Result<OwnOpened<'a>, OpenError> {
    let identity = &me.identity;
    if let Ok(opened) = open_manifest(manifest, Reader::Owner(identity)) {
        return Ok(OwnOpened { opened, identity, former: None });
    }
    for root in &me.former {
        let former = root.identity();
        if let Ok(opened) = open_manifest(manifest, Reader::Owner(&former)) {
            return Ok(OwnOpened { opened, identity, former: Some(former) });
        }
    }
    Err(OpenError)
}
