//! What opening manifests gave, kept while the vault is open and, of the own chart, sealed on the device: so that a
//! record is fetched and opened once, and titles can be searched at once after the next unlock.
//!
//! An entry follows from its manifest alone, which never changes. That the chart announces it, and by whom, is no part of
//! it. On the device entries lie in pieces, each sealed as a whole; a new piece is added after each reading that opened
//! something, until there are [`PIECES`]: then all become one.

use std::{collections::BTreeMap, rc::Rc};

use medkey_crypto::{RecordKey, RootSecret, kept::KeptKey, manifest::Meta};
use medkey_protocol::{Address, Digest, FolderId, Link, RecordId, blocks::BodyLink, ids::Fixed};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Medkey,
    list_records::Answering,
    me::Me,
    ports::{Device, Ports},
};

/// How many pieces lie on the device before they become one.
const PIECES: u32 = 16;

/// What opening a manifest gave.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) about: About,
    /// What it answers, as whoever first filed it said.
    pub(crate) answers: Option<Answering>,
    pub(crate) meta: Rc<Meta>,
    pub(crate) key: Rc<RecordKey>,
}

/// What a manifest says besides its key and meta.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    /// Who wrote it.
    pub(crate) author: Address,
    pub(crate) id: RecordId,
    pub(crate) folder: FolderId,
    pub(crate) epoch: u32,
    pub(crate) body: BodyLink,
    pub(crate) content: Fixed<32>,
    /// The first manifest of the record, where it holds the same document.
    pub(crate) origin: Option<Origin>,
    /// The owner's and the folder's copies of the key differ.
    pub(crate) differs: bool,
}

/// A manifest that another names as the first of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    pub(crate) manifest: Link,
    /// Who wrote it.
    pub(crate) author: Address,
}

/// An entry as it lies in a piece; its key lies apart.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    manifest: Digest,
    about: About,
    answers: Option<Answering>,
    meta: Meta,
}

/// A piece on its way to the device.
struct Begun {
    at: u32,
    /// How many there were before.
    before: u32,
    /// What is in it that was in none before.
    new: Vec<Digest>,
    piece: Zeroizing<Vec<u8>>,
}

/// Everything opened so far.
#[derive(Debug, Default)]
pub(crate) struct Index {
    opened: BTreeMap<Digest, Rc<Opened>>,
    /// Of the own chart and not on the device yet.
    new: Vec<Digest>,
    /// Of the own chart and on the device.
    kept: Vec<Digest>,
    /// The pieces on the device, once that was looked at.
    pieces: Option<u32>,
}

impl Index {
    pub(crate) fn get(&self, manifest: Digest) -> Option<Rc<Opened>> {
        self.opened.get(&manifest).cloned()
    }

    /// Keeps what was opened while the vault is open.
    pub(crate) fn put(&mut self, manifest: Digest, opened: Rc<Opened>) {
        self.opened.insert(manifest, opened);
    }

    /// The same of the own chart: it goes to the device too.
    pub(crate) fn put_own(&mut self, manifest: Digest, opened: Rc<Opened>) {
        if self.opened.insert(manifest, opened).is_none() {
            self.new.push(manifest);
        }
    }

    /// A piece with these entries: `u32(number) ‖ record keys ‖ DAG-CBOR of the rest`.
    fn piece(&self, manifests: &[Digest]) -> Option<Zeroizing<Vec<u8>>> {
        let entries = || manifests.iter().filter_map(|manifest| Some((manifest, self.opened.get(manifest)?)));
        let lines: Vec<Line> = entries()
            .map(|(manifest, opened)| Line {
                manifest: *manifest,
                about: opened.about,
                answers: opened.answers.clone(),
                meta: (*opened.meta).clone(),
            })
            .collect();
        let lines = Zeroizing::new(serde_ipld_dagcbor::to_vec(&lines).ok()?);
        let number = u32::try_from(entries().count()).ok()?;
        let mut piece = Zeroizing::new(Vec::with_capacity(4 + RecordKey::LENGTH * manifests.len() + lines.len()));
        piece.extend(number.to_be_bytes());
        entries().for_each(|(_, opened)| piece.extend(opened.key.expose()));
        piece.extend_from_slice(&lines);
        Some(piece)
    }

    /// The next piece for the device: what is new, or once there are many, everything. `None` with nothing new.
    fn begin_piece(&mut self) -> Option<Begun> {
        let before = self.pieces.filter(|_| !self.new.is_empty())?;
        let at = if before + 1 < PIECES { before } else { 0 };
        let whole: Vec<Digest> =
            if at == 0 { self.kept.iter().chain(&self.new).copied().collect() } else { self.new.clone() };
        let piece = self.piece(&whole)?;
        self.pieces = Some(at + 1);
        Some(Begun { at, before, new: core::mem::take(&mut self.new), piece })
    }

    /// The piece could not be kept.
    fn give_up_piece(&mut self, before: u32, new: Vec<Digest>) {
        self.pieces = Some(before);
        self.new.extend(new);
    }

    /// Takes the entries of a piece; what does not read is left out.
    fn take(&mut self, piece: &[u8]) -> Option<()> {
        let (number, rest) = piece.split_first_chunk()?;
        let keys = RecordKey::LENGTH.checked_mul(u32::from_be_bytes(*number) as usize)?;
        let (keys, lines) = rest.split_at_checked(keys)?;
        let lines: Vec<Line> = serde_ipld_dagcbor::from_slice(lines).ok()?;
        for (line, key) in lines.into_iter().zip(keys.chunks_exact(RecordKey::LENGTH)) {
            let Line { manifest, about, answers, meta } = line;
            let key = Rc::new(RecordKey::from_exposed(key).ok()?);
            let opened = Opened { about, answers, meta: Rc::new(meta), key };
            if self.opened.insert(manifest, Rc::new(opened)).is_none() {
                self.kept.push(manifest);
            }
        }
        Some(())
    }
}

/// With what a piece is kept.
fn key_of(root: &RootSecret, me: &Me, piece: u32) -> KeptKey {
    KeptKey::derive(root, &me.context(), &format!("index {piece}"))
}

impl<P: Ports> Medkey<P> {
    /// Reads what the device keeps, once after an unlock. What is lost or does not open is made anew.
    pub(crate) async fn load_index(&self, me: &Me) {
        if me.index.borrow().pieces.is_some() {
            return;
        }
        let mut pieces = 0;
        loop {
            let key = key_of(&me.root, me, pieces);
            let Ok(Some(sealed)) = self.ports.device().load(&key.name()).await else { break };
            if let Ok(piece) = key.open(&sealed) {
                me.index.borrow_mut().take(&piece);
            }
            pieces += 1;
        }
        // What was kept before the vault was made anew.
        for root in &me.former {
            self.forget_pieces(root, me).await;
        }
        me.index.borrow_mut().pieces.get_or_insert(pieces);
    }

    /// Leaves what was opened since on the device. Where the device keeps nothing, it is opened anew next time.
    pub(crate) async fn keep_index(&self, me: &Me) {
        let Some(Begun { at, before, new, piece }) = me.index.borrow_mut().begin_piece() else { return };
        let key = key_of(&me.root, me, at);
        let kept = match key.seal(&piece, &mut self.ports.rng()) {
            Ok(sealed) => self.ports.device().keep(&key.name(), &sealed).await.is_ok(),
            Err(_) => false,
        };
        if !kept {
            return me.index.borrow_mut().give_up_piece(before, new);
        }
        me.index.borrow_mut().kept.extend(new);
        // Last to first: a reading stops at the first that is missing.
        for former in (at + 1..before).rev() {
            let _gone = self.ports.device().forget(&key_of(&me.root, me, former).name()).await;
        }
    }

    async fn forget_pieces(&self, root: &RootSecret, me: &Me) {
        let mut piece = 0;
        loop {
            let name = key_of(root, me, piece).name();
            if !matches!(self.ports.device().load(&name).await, Ok(Some(_))) {
                return;
            }
            let _gone = self.ports.device().forget(&name).await;
            piece += 1;
        }
    }
}
