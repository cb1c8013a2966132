//! A folder's ring: the public key of its current epoch, and the seed for everyone who may read it.
//!
//! Sharing a folder adds a reader to the epoch; revoking makes a new epoch for those who remain. Every seed that is
//! opened is checked against the public key of its ring.

use medkey_protocol::{
    FolderId, Link,
    blocks::{Block, Ring, Sealed},
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::{
    Context, FolderKey, IdentityKey, KeyId, NotAKey, OpenError, PublicKey, RootSecret, SealError, coded,
    hpke::{Purpose, seal},
};

/// What a folder without a category is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderName {
    /// Its name.
    pub name: String,
    /// Whether it is never suggested for sharing.
    pub sensitive: bool,
}

/// The first epoch of a folder, for the folders of a category (`name` is none) and one's own.
pub fn make_ring(
    context: &Context,
    root: &RootSecret,
    folder: FolderId,
    name: Option<&FolderName>,
    rng: &mut impl CryptoRng,
) -> Result<(Block<Ring>, FolderKey), SealError> {
    Epoch { context, root, folder, epoch: 0, name }.make(&[], None, rng)
}

/// The next epoch of a folder: nobody but `readers` can open what is added from now on.
///
/// `root` may be of a newer generation than the one that `current` was made with.
pub fn renew_ring(
    root: &RootSecret,
    current: &Block<Ring>,
    current_link: Link,
    current_key: &FolderKey,
    readers: &[PublicKey],
    rng: &mut impl CryptoRng,
) -> Result<(Block<Ring>, FolderKey), SealError> {
    let context = &Context::from(&current.header);
    check(&current.body, current_key).map_err(|_| SealError::Mismatch)?;
    let name = match current.body.name {
        Some(_) => Some(open_name(current, current_key).map_err(|_| SealError::Mismatch)?),
        None => None,
    };
    let epoch = current.body.epoch.checked_add(1).ok_or(SealError::TooLong)?;
    let folder = current.body.folder;
    Epoch { context, root, folder, epoch, name: name.as_ref() }.make(readers, Some((current_link, current_key)), rng)
}

/// The same epoch under another name, sealed anew: whoever can read the folder reads its new name, and nobody needs
/// another key for it.
pub fn rename_ring(
    ring: &mut Block<Ring>,
    key: &FolderKey,
    name: &FolderName,
    rng: &mut impl CryptoRng,
) -> Result<(), SealError> {
    check(&ring.body, key).map_err(|_| SealError::Mismatch)?;
    seal_name(ring, key, name, rng)
}

struct Epoch<'a> {
    context: &'a Context,
    root: &'a RootSecret,
    folder: FolderId,
    epoch: u32,
    name: Option<&'a FolderName>,
}

impl Epoch<'_> {
    fn make(
        self,
        readers: &[PublicKey],
        past: Option<(Link, &FolderKey)>,
        rng: &mut impl CryptoRng,
    ) -> Result<(Block<Ring>, FolderKey), SealError> {
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        let key = self.root.folder(self.folder.bytes(), self.epoch, &salt);
        let ring = Ring {
            folder: self.folder,
            epoch: self.epoch,
            salt: Fixed(salt),
            key: Octets(key.public().as_bytes().to_vec()),
            name: None,
            seeds: Vec::new(),
            past: None,
            previous: past.map(|(link, _)| link),
        };
        let mut block = Block { header: self.context.header(), body: ring };
        if let Some(name) = self.name {
            seal_name(&mut block, &key, name, rng)?;
        }
        if let Some((_, past)) = past {
            let aad = binding(&block);
            block.body.past = Some(seal(rng, key.public(), Purpose::RingPrevious, self.context, &aad, past.seed())?);
        }
        for reader in readers {
            add_reader(&mut block, &key, reader, rng)?;
        }
        Ok((block, key))
    }
}

/// Lets one more read this epoch, and all before it. Adding someone twice changes nothing.
pub fn add_reader(
    ring: &mut Block<Ring>,
    key: &FolderKey,
    reader: &PublicKey,
    rng: &mut impl CryptoRng,
) -> Result<(), SealError> {
    check(&ring.body, key).map_err(|_| SealError::Mismatch)?;
    if readers(&ring.body).any(|id| id == reader.id()) {
        return Ok(());
    }
    let sealed = seal(rng, reader, Purpose::RingSeed, &Context::from(&ring.header), &binding(ring), key.seed())?;
    ring.body.seeds.push(sealed);
    Ok(())
}

/// The key ids of the identities that can read this epoch, besides the owner's.
pub fn readers(ring: &Ring) -> impl Iterator<Item = KeyId> + '_ {
    ring.seeds.iter().map(|sealed| sealed.key)
}

/// The key that records are sealed to.
pub fn public_key(ring: &Ring) -> Result<PublicKey, NotAKey> {
    PublicKey::parse(&ring.key.0)
}

/// The owner's way in: the key follows from the root (or from the former root of that generation).
pub fn derive_key(ring: &Ring, root: &RootSecret) -> Result<FolderKey, OpenError> {
    let key = root.folder(ring.folder.bytes(), ring.epoch, &ring.salt.0);
    check(ring, &key)?;
    Ok(key)
}

/// A reader's way in.
pub fn open_ring(ring: &Block<Ring>, identity: &IdentityKey) -> Result<FolderKey, OpenError> {
    let id = identity.public().id();
    let sealed = ring.body.seeds.iter().find(|sealed| sealed.key == id).ok_or(OpenError)?;
    open_seed(ring, &ring.body, &identity.0, Purpose::RingSeed, sealed)
}

/// From an epoch to the one before it, whose ring is `previous`.
pub fn open_previous(ring: &Block<Ring>, key: &FolderKey, previous: &Block<Ring>) -> Result<FolderKey, OpenError> {
    check(&ring.body, key)?;
    let consecutive = previous.body.epoch.checked_add(1) == Some(ring.body.epoch);
    if previous.header != ring.header || previous.body.folder != ring.body.folder || !consecutive {
        return Err(OpenError);
    }
    let sealed = ring.body.past.as_ref().ok_or(OpenError)?;
    open_seed(ring, &previous.body, &key.0, Purpose::RingPrevious, sealed)
}

/// The name of a folder without a category.
pub fn open_name(ring: &Block<Ring>, key: &FolderKey) -> Result<FolderName, OpenError> {
    let sealed = ring.body.name.as_ref().ok_or(OpenError)?;
    let message = key.0.open(Purpose::RingName, &Context::from(&ring.header), &binding(ring), sealed)?;
    let ([], name) = coded::decode(&message)?;
    Ok(name)
}

fn seal_name(
    ring: &mut Block<Ring>,
    key: &FolderKey,
    name: &FolderName,
    rng: &mut impl CryptoRng,
) -> Result<(), SealError> {
    let message = coded::encode(&[], name)?;
    let context = Context::from(&ring.header);
    ring.body.name = Some(seal(rng, key.public(), Purpose::RingName, &context, &binding(ring), &message)?);
    Ok(())
}

/// Whether `key` is the key of this ring; asked of every seed, wherever it came from.
pub fn check(ring: &Ring, key: &FolderKey) -> Result<(), OpenError> {
    if key.public().as_bytes() == ring.key.0 { Ok(()) } else { Err(OpenError) }
}

fn open_seed(
    ring: &Block<Ring>,
    of: &Ring,
    opener: &crate::hpke::Opener,
    purpose: Purpose,
    sealed: &Sealed,
) -> Result<FolderKey, OpenError> {
    let seed = opener.open(purpose, &Context::from(&ring.header), &binding(ring), sealed)?;
    let key = FolderKey::from_seed(&seed)?;
    check(of, &key)?;
    Ok(key)
}

/// What every sealed part of a ring is bound to: folder, epoch, salt, public key and the ring before.
fn binding(ring: &Block<Ring>) -> Vec<u8> {
    let Ring { folder, epoch, salt, key, previous, .. } = &ring.body;
    let previous = previous.map(|link| link.cid().to_bytes()).unwrap_or_default();
    Context::from(&ring.header).transcript("ring", &[folder.bytes(), &epoch.to_be_bytes(), &salt.0, &key.0, &previous])
}
