//! A member's card and slots: which public keys follow from the root, and what the root is locked with.

use medkey_protocol::{
    blocks::{Block, Card, Slot},
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use crate::{
    Context, NotAKey, OpenError, PublicKey, RootSecret, SealError,
    vault::{self, RecoveryCode, SlotKey},
};

/// A member's first card, without folders, slots and former roots; those are filled in before it is encoded.
pub fn make_card(context: &Context, root: &RootSecret, code: &RecoveryCode, rng: &mut impl CryptoRng) -> Block<Card> {
    Block {
        header: context.header().with_party(code.signing_key().address()),
        body: Card {
            generation: 0,
            identity: Octets(root.identity().public().as_bytes().to_vec()),
            signin: Fixed(root.sign_in().public()),
            folders: Vec::new(),
            recovery: vault::lock(root, code, context, rng),
            slots: Vec::new(),
            former: Vec::new(),
        },
    }
}

/// The card once its root gives way to `root`, of the next generation: new keys, a new code, and the former roots (newest
/// first) locked under the new one. It has no slots yet; its folders stay, and their rings are renewed apart.
pub fn renew_card<'a>(
    card: &Block<Card>,
    former: impl IntoIterator<Item = &'a RootSecret>,
    root: &RootSecret,
    code: &RecoveryCode,
    rng: &mut impl CryptoRng,
) -> Result<Block<Card>, SealError> {
    let context = Context::from(&card.header);
    let mut next = make_card(&context, root, code, rng);
    next.body.generation = card.body.generation.checked_add(1).ok_or(SealError::TooLong)?;
    next.body.folders.clone_from(&card.body.folders);
    next.body.former = vault::retire(former, root, &context, rng);
    Ok(next)
}

/// The identity that others seal to.
pub fn identity_of(card: &Card) -> Result<PublicKey, NotAKey> {
    PublicKey::parse(&card.identity.0)
}

/// Whether this root is the one of the card's generation.
#[must_use]
pub fn is_root_of(card: &Card, root: &RootSecret) -> bool {
    let identity = root.identity().public().as_bytes().ct_eq(&card.identity.0);
    let sign_in = root.sign_in().public().ct_eq(&card.signin.0);
    bool::from(identity & sign_in)
}

/// Opens the root with the recovery code, and checks that both belong to the card.
pub fn recover_root(card: &Block<Card>, code: &RecoveryCode) -> Result<RootSecret, OpenError> {
    if card.header.party != Some(code.signing_key().address()) {
        return Err(OpenError);
    }
    let root = vault::unlock(&card.body.recovery, code, &Context::from(&card.header))?;
    if is_root_of(&card.body, &root) { Ok(root) } else { Err(OpenError) }
}

/// Opens the former roots, newest first.
pub fn open_former(card: &Block<Card>, root: &RootSecret) -> Result<Vec<RootSecret>, OpenError> {
    let context = Context::from(&card.header);
    card.body.former.iter().map(|locked| vault::unlock(locked, root, &context)).collect()
}

/// A slot at `domain` that this key opens: a wallet's or a passkey's. Whose account or which passkey that is, and when it
/// was made, is filled in before it is encoded.
pub fn make_slot<K: SlotKey>(
    context: &Context,
    domain: &str,
    root: &RootSecret,
    key: &K,
    rng: &mut impl CryptoRng,
) -> Block<Slot> {
    let root = vault::lock(root, key, context, rng);
    Block {
        header: context.header(),
        body: Slot { domain: domain.to_owned(), account: None, passkey: None, made: None, root },
    }
}

/// Opens the root with the slot's key. An old slot may hold a former root: see [`is_root_of`].
pub fn open_slot<K: SlotKey>(slot: &Block<Slot>, key: &K) -> Result<RootSecret, OpenError> {
    vault::unlock(&slot.body.root, key, &Context::from(&slot.header))
}
