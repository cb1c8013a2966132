//! A person lists records: the manifests that a chart announces, each fetched, verified, opened with the key at hand and
//! compared with the event that announced it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    rc::Rc,
};

use futures::future::join_all;
use medkey_crypto::{
    FolderKey, OpenError, RecordKey,
    manifest::{Meta, OpenedManifest, Reader, RecordKind, folder_copy_agrees, open_manifest},
};
use medkey_protocol::{
    Address, Digest, FolderId, RecordId,
    api::ErrorCode,
    blocks::{Block, BodyLink, Manifest, Ring},
};

use serde::{Deserialize, Serialize};

use crate::{
    Medkey,
    chart::{Announced, Place},
    fault::{Fault, Lie},
    folders::FolderKeys,
    index::{About, Opened, Origin},
    me::Me,
    ports::Ports,
    read_chart::ReadChart,
};

/// A record that could be opened.
#[derive(Debug, Clone)]
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
    pub meta: Rc<Meta>,
    /// The patient and the folder were given different keys: what they see may differ.
    pub differs: bool,
    /// By whom it was first filed, where the patient filed it anew.
    pub origin: Option<Address>,
    /// The manifest that the chart first announced it with: another only where the patient filed it anew.
    pub first_manifest: Digest,
    /// What it answers, as whoever first filed it said.
    pub answers: Option<Answering>,
    pub(crate) body: BodyLink,
    pub(crate) content: [u8; 32],
    pub(crate) key: Rc<RecordKey>,
}

/// What a record answers, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answering {
    /// The request: the digest of a doctor's reason, or of the first manifest of a patient's request for treatment.
    pub request: Digest,
    /// What kind of document the answer is.
    pub kind: RecordKind,
}

impl Answering {
    pub(crate) fn of(meta: &Meta) -> Option<Self> {
        meta.answers.map(|request| Self { request, kind: meta.kind.clone() })
    }
}

/// Records, and how many there are besides that could not be shown.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Newest first.
    pub records: Vec<Record>,
    /// Announced, but the relay does not hand out the manifest.
    pub withheld: usize,
    /// Handed out, but it does not open with the key it should open with.
    pub unreadable: usize,
    /// Announced, and not opened yet.
    pub pending: usize,
}

/// A listing of one's own chart on its way: what was opened before is there at once, the rest follows, newest first.
#[derive(Debug)]
pub struct Listing<'a> {
    read: &'a ReadChart,
    /// Each with its place in the chart.
    left: Vec<(usize, &'a Announced)>,
    opened: Vec<(usize, Record)>,
    keys: OwnKeys,
    /// What could not be shown.
    counts: Records,
}

/// Manifests that are fetched at the same time: no more than a browser asks one server for.
pub(crate) const AT_A_TIME: usize = 6;

impl Record {
    /// What an opened manifest is where a chart announces it first.
    pub(crate) fn of(chart: Address, manifest: Digest, at: Place, opened: &Opened) -> Self {
        let About { author, id, folder, body, content, differs, .. } = opened.about;
        Self {
            chart,
            manifest,
            id,
            folder,
            author,
            at,
            first: at,
            first_manifest: manifest,
            origin: None,
            answers: opened.answers.clone(),
            meta: Rc::clone(&opened.meta),
            differs,
            body,
            content: content.0,
            key: Rc::clone(&opened.key),
        }
    }
}

impl Records {
    /// The manifest, where one was handed out that counts.
    fn take(&mut self, fetched: Result<Fetched, Fault>) -> Result<Option<Block<Manifest>>, Fault> {
        Ok(match fetched? {
            Fetched::Manifest(manifest) => Some(*manifest),
            Fetched::Nothing => None,
            Fetched::Withheld => {
                self.withheld += 1;
                None
            }
        })
    }

    /// What opened; counts what did not.
    pub(crate) fn count<T>(&mut self, opened: Option<T>) -> Option<T> {
        self.unreadable += usize::from(opened.is_none());
        opened
    }

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
    /// Whether one of them opens what was opened before.
    fn open(&self, about: &About) -> bool {
        self.folders.contains_key(&about.folder) || self.records.contains_key(&about.id)
    }

    /// The key of a folder's current epoch.
    pub(crate) fn current(&self, ring: &Ring) -> Option<&FolderKey> {
        self.folders.get(&ring.folder)?.get(&ring.epoch)
    }

    fn reader(&self, manifest: &Manifest) -> Option<Reader<'_>> {
        let folder = self.folders.get(&manifest.folder).and_then(|epochs| epochs.get(&manifest.epoch));
        folder.map(Reader::Folder).or_else(|| self.records.get(&manifest.id).map(Reader::Record))
    }
}

impl<P: Ports> Medkey<P> {
    /// The records of one's own chart.
    pub async fn list_records(&self, me: &Me, read: &ReadChart) -> Result<Records, Fault> {
        let mut listing = self.begin_listing(me, read).await;
        self.go_on_listing(me, &mut listing, usize::MAX).await?;
        Ok(listing.records())
    }

    /// Lists what of one's own chart was opened before, on this device.
    pub async fn begin_listing<'a>(&self, me: &Me, read: &'a ReadChart) -> Listing<'a> {
        self.load_index(me).await;
        let (left, opened) = (Vec::new(), Vec::new());
        let (keys, counts) = (OwnKeys::default(), Records::default());
        let mut listing = Listing { read, left, opened, keys, counts };
        for (place, announced) in read.state.current().enumerate() {
            match me.index.borrow().get(announced.manifest) {
                Some(opened) => listing.opened.extend(record(read, announced, &opened).map(|record| (place, record))),
                None => listing.left.push((place, announced)),
            }
        }
        listing
    }

    /// Opens up to `most` more. How many are left, it says as [`Records::pending`].
    pub async fn go_on_listing(&self, me: &Me, listing: &mut Listing<'_>, most: usize) -> Result<(), Fault> {
        let from = listing.left.len().saturating_sub(most);
        let next = listing.left.split_off(from);
        let Listing { read, keys, counts, .. } = listing;
        for some in next.rchunks(AT_A_TIME) {
            // Fetched together, opened one after the other.
            let fetched = some.iter().map(|(_, one)| self.manifest(read.chart, one.manifest, one.author));
            for ((place, announced), manifest) in some.iter().zip(join_all(fetched).await) {
                if let Some(manifest) = counts.take(manifest)? {
                    let opened = self.open_own(me, read, announced.manifest, &manifest, keys).await?;
                    let record = counts.count(opened).and_then(|opened| record(read, announced, &opened));
                    listing.opened.extend(record.map(|record| (*place, record)));
                }
            }
        }
        self.keep_index(me).await;
        Ok(())
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
        let known = me.index.borrow().get(announced.manifest);
        let opened = match known {
            Some(opened) => Some(opened),
            None => match found.take(self.manifest(read.chart, announced.manifest, announced.author).await)? {
                Some(manifest) => found.count(self.open_own(me, read, announced.manifest, &manifest, keys).await?),
                None => None,
            },
        };
        Ok(opened.and_then(|opened| record(read, announced, &opened)))
    }

    /// Opens a manifest of one's own chart; `None` if the own copy does not open.
    async fn open_own(
        &self,
        me: &Me,
        read: &ReadChart,
        digest: Digest,
        manifest: &Block<Manifest>,
        keys: &mut OwnKeys,
    ) -> Result<Option<Rc<Opened>>, Fault> {
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
        let Ok(opened) = open_as_owner(manifest, me) else { return Ok(None) };
        // What the patient filed while another device removed its folder has no folder's copy to compare with.
        let listed = is_listed(me, folder);
        let strayed = !listed && manifest.header.party == Some(read.chart);
        let differs = !strayed && folder_key.is_none_or(|key| !folder_copy_agrees(manifest, key));
        let reopen = |first: &Block<Manifest>| open_as_owner(first, me).ok().map(|opened| opened.meta);
        let (opened, whole) = self.opened(read.chart, manifest, opened, differs, reopen).await;
        if whole && listed {
            me.index.borrow_mut().put_own(digest, Rc::clone(&opened));
        }
        Ok(Some(opened))
    }

    /// The records of somebody's chart that these keys open.
    pub(crate) async fn list_with(&self, me: &Me, read: &ReadChart, keys: &HeldKeys) -> Result<Records, Fault> {
        let mut handed = BTreeSet::new();
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
        let in_scope: Vec<&Announced> =
            read.state.current().filter(|announced| handed.contains(&announced.manifest)).collect();
        for some in in_scope.chunks(AT_A_TIME) {
            let known: Vec<_> = some.iter().map(|announced| me.index.borrow().get(announced.manifest)).collect();
            let fetched = some.iter().zip(&known).map(async |(announced, known)| match known {
                Some(_) => Ok(Fetched::Nothing),
                None => self.manifest(read.chart, announced.manifest, announced.author).await,
            });
            let fetched = join_all(fetched).await;
            for ((announced, known), fetched) in some.iter().zip(known).zip(fetched) {
                let opened = match (known, found.take(fetched)?) {
                    (Some(known), _) if keys.open(&known.about) => Some(known),
                    (None, Some(manifest)) => {
                        self.open_held(me, read, announced.manifest, &manifest, keys, &mut found).await
                    }
                    _ => None,
                };
                found.records.extend(opened.and_then(|opened| record(read, announced, &opened)));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Opens a manifest with the keys that a reader holds; `None` where it is none of theirs, or does not open.
    async fn open_held(
        &self,
        me: &Me,
        read: &ReadChart,
        digest: Digest,
        manifest: &Block<Manifest>,
        keys: &HeldKeys,
        found: &mut Records,
    ) -> Option<Rc<Opened>> {
        let opened = open_manifest(manifest, keys.reader(&manifest.body)?);
        let opened = found.count(opened.ok())?;
        let reopen =
            |first: &Block<Manifest>| open_manifest(first, keys.reader(&first.body)?).ok().map(|opened| opened.meta);
        let (opened, whole) = self.opened(read.chart, manifest, opened, false, reopen).await;
        if whole {
            me.index.borrow_mut().put(digest, Rc::clone(&opened));
        }
        Some(opened)
    }

    /// A manifest that is valid under its announcement, or why there is nothing to show.
    pub(crate) async fn manifest(&self, chart: Address, digest: Digest, author: Address) -> Result<Fetched, Fault> {
        match self.block_once::<Manifest>(digest, chart).await {
            // Announced by somebody who did not write it: it is nothing.
            Ok(manifest) if manifest.header.party != Some(author) => Ok(Fetched::Nothing),
            Ok(manifest) => Ok(Fetched::Manifest(Box::new(manifest))),
            Err(Fault::Lie(Lie::Place)) => Ok(Fetched::Nothing),
            Err(Fault::Relay(error)) if matches!(error.code(), Some(ErrorCode::NotFound | ErrorCode::NoAccess)) => {
                Ok(Fetched::Withheld)
            }
            Err(fault) => Err(fault),
        }
    }

    /// What opening a manifest gave, with where its record comes from; and whether that is all there is to know.
    pub(crate) async fn opened(
        &self,
        chart: Address,
        manifest: &Block<Manifest>,
        OpenedManifest { key, meta }: OpenedManifest,
        differs: bool,
        reopen: impl Fn(&Block<Manifest>) -> Option<Meta>,
    ) -> (Rc<Opened>, bool) {
        let author = manifest.header.party.unwrap_or_default();
        let Manifest { id, folder, epoch, body, content, origin, .. } = &manifest.body;
        let mut answers = Answering::of(&meta).filter(|_| origin.is_none());
        // Only the patient files a record anew.
        let (origin, whole) = match origin.filter(|_| author == chart) {
            None => (None, true),
            Some(link) => match self.block_once::<Manifest>(link.digest(), chart).await {
                Ok(first) => {
                    let same = first.body.content == *content || first.body.body == *body;
                    let author = first.header.party.filter(|_| same);
                    // The first manifest opens with the record's key, or where that was made anew as any other does.
                    let words = || open_manifest(&first, Reader::Record(&key)).ok().map(|opened| opened.meta);
                    let words = author.and_then(|_| words().or_else(|| reopen(&first)));
                    answers = words.as_ref().and_then(Answering::of);
                    (author.map(|author| Origin { manifest: link, author }), true)
                }
                Err(_) => (None, false),
            },
        };
        let (id, folder, epoch, body, content) = (*id, *folder, *epoch, *body, *content);
        let about = About { author, id, folder, epoch, body, content, origin, differs };
        (Rc::new(Opened { about, answers, meta: Rc::new(meta), key: Rc::new(key) }), whole)
    }
}

fn is_listed(me: &Me, folder: FolderId) -> bool {
    me.card().block.body.folders.iter().any(|entry| entry.id == folder)
}

/// What became of asking for a manifest.
pub(crate) enum Fetched {
    Manifest(Box<Block<Manifest>>),
    /// There is nothing to show.
    Nothing,
    /// The relay does not hand it out.
    Withheld,
}

impl Listing<'_> {
    /// What was opened so far.
    #[must_use]
    pub fn records(&self) -> Records {
        let mut opened: Vec<_> = self.opened.iter().collect();
        opened.sort_by_key(|(place, _)| *place);
        let records = opened.into_iter().map(|(_, record)| record.clone()).collect();
        let mut found = Records { records, pending: self.left.len(), ..self.counts.clone() };
        found.sort();
        found
    }
}

/// The record that a chart announces with an opened manifest; `None` where its author did not announce it.
fn record(read: &ReadChart, announced: &Announced, opened: &Opened) -> Option<Record> {
    let About { author, origin, .. } = opened.about;
    if author != announced.author {
        return None;
    }
    // Who filed the record first, and where: only if the chart says so.
    let origin = origin.and_then(|Origin { manifest, author }| {
        let first = read.state.announced(manifest.digest()).next()?;
        (first.author == author).then_some(first)
    });
    // What a first manifest answers counts where the chart shows that manifest.
    let unproven = opened.about.origin.is_some() && origin.is_none();
    let record = Record::of(read.chart, announced.manifest, announced.at, opened);
    Some(Record {
        first: origin.map_or(announced.at, |first| first.at),
        first_manifest: origin.map_or(announced.manifest, |first| first.manifest),
        origin: origin.map(|first| first.author),
        answers: record.answers.filter(|_| !unproven),
        ..record
    })
}

/// Opens the owner's copy, which may be sealed to the identity of a former root.
pub(crate) fn open_as_owner(manifest: &Block<Manifest>, me: &Me) -> Result<OpenedManifest, OpenError> {
    let current = open_manifest(manifest, Reader::Owner(&me.identity));
    let former = || me.former.iter().find_map(|root| open_manifest(manifest, Reader::Owner(&root.identity())).ok());
    current.or_else(|OpenError| former().ok_or(OpenError))
}
