//! Offers: a grant made in advance to whoever holds a QR code.
//!
//! Everything of an offer follows from its secret, which the QR carries and the patient's root gives again: the key that
//! signs for the claimer, and the X-Wing key that the offer's envelope and the rings are sealed to. Who claims seals the
//! secret to itself, so that the QR is needed once.

use alloy_primitives::hex;
use medkey_protocol::{
    Address, B256, Deployment, Scope,
    acts::claim_digest,
    blocks::{Block, Envelope},
    ids::Fixed,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    ChainKey, Context, IdentityKey, OpenError, PublicKey, RootSecret, SealError,
    derive::{hkdf, transcript},
    envelope::{self, Granted, HandedKey, Introduction},
    hpke::{Opener, Purpose, seal},
    padding, qr,
    secret::{SecretBytes, secret},
};

const QR_NAME: &str = "MEDKEY-OFFER";

secret! {
    /// The secret of an offer: what its QR carries.
    OfferSecret, 32
}

impl RootSecret {
    /// The secret of an offer; `id` is drawn at random for each and stands in the offer's envelope.
    #[must_use]
    pub fn offer(&self, id: &[u8; 32]) -> OfferSecret {
        OfferSecret(self.derive("offer", &[id]))
    }
}

/// Why a scanned text is not an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Another kind of QR, or a damaged one.
    #[error("this is not a Medkey offer: scan the code that the patient shows or printed")]
    NotAnOffer,
    /// Made by a newer app.
    #[error("this code was made by a newer version of Medkey: update the app")]
    Version,
}

impl OfferSecret {
    /// The key that signs for whoever claims; the offer is known by its address.
    #[must_use]
    pub fn signing_key(&self) -> ChainKey {
        ChainKey::derive(self.expose(), "offer signing")
    }

    /// The key that the offer's envelope and the rings are sealed to.
    #[must_use]
    pub fn reader(&self) -> IdentityKey {
        IdentityKey(Opener::from_seed(hkdf(self.expose(), &[], &transcript("offer reader", &[]))))
    }

    /// Signs for one claimer: nobody else can use it.
    #[must_use]
    pub fn sign_claim(&self, at: &Deployment, chart: Address, scope: Scope, claimer: Address) -> (B256, B256) {
        self.signing_key().sign(claim_digest(at, chart, scope, claimer))
    }

    /// The text of the QR; `context.subject` is the chart.
    #[must_use]
    pub fn qr_text(&self, context: &Context) -> Zeroizing<String> {
        qr::text(QR_NAME, context, &Zeroizing::new(hex::encode_upper(self.expose())))
    }

    /// Reads what [`qr_text`](Self::qr_text) wrote.
    pub fn parse_qr(text: &str) -> Result<(Self, Context), QrError> {
        let (secret, context) = qr::parse(QR_NAME, text).map_err(|unlike| match unlike {
            qr::Unlike::Other => QrError::NotAnOffer,
            qr::Unlike::Version => QrError::Version,
        })?;
        let bytes = hex::decode(secret).map(Zeroizing::new).map_err(|_| QrError::NotAnOffer)?;
        let secret = SecretBytes::copy_from(&bytes).ok_or(QrError::NotAnOffer)?;
        Ok((Self(secret), context))
    }
}

/// Seals what an offer grants to the offer's own key; `context.subject` is the chart.
pub fn make_offer(
    context: &Context,
    root: &RootSecret,
    id: [u8; 32],
    scope: Scope,
    key: HandedKey<'_>,
    introduction: &Introduction,
    rng: &mut impl CryptoRng,
) -> Result<Block<Envelope>, SealError> {
    let secret = root.offer(&id);
    let address = secret.signing_key().address();
    let message = envelope::message(key, introduction)?;
    let aad = of_offer(context, address, &scope, &id);
    let sealed = seal(rng, secret.reader().public(), Purpose::Offer, context, &aad, &message)?;
    Ok(Block { header: context.header().with_party(address), body: Envelope { scope, sealed, offer: Some(Fixed(id)) } })
}

/// Opens what was offered, with the secret from the QR.
pub fn open_offer(offer: &Block<Envelope>, secret: &OfferSecret) -> Result<Granted, OpenError> {
    let context = Context::from(&offer.header);
    let id = offer.body.offer.ok_or(OpenError)?;
    let address = secret.signing_key().address();
    if offer.header.party != Some(address) {
        return Err(OpenError);
    }
    let aad = of_offer(&context, address, &offer.body.scope, &id.0);
    envelope::read(&secret.reader().0.open(Purpose::Offer, &context, &aad, &offer.body.sealed)?)
}

/// Seals an offer's secret to the one who claims it.
pub fn make_claim(
    context: &Context,
    claimer: Address,
    to: &PublicKey,
    scope: Scope,
    secret: &OfferSecret,
    rng: &mut impl CryptoRng,
) -> Result<Block<Envelope>, SealError> {
    let aad = of_claim(context, claimer, &scope);
    let sealed = seal(rng, to, Purpose::Claim, context, &aad, &padding::pad(secret.expose())?)?;
    Ok(Block { header: context.header().with_party(claimer), body: Envelope { scope, sealed, offer: None } })
}

/// Opens one's own claim again.
pub fn open_claim(claim: &Block<Envelope>, identity: &IdentityKey) -> Result<OfferSecret, OpenError> {
    let context = Context::from(&claim.header);
    let claimer = claim.header.party.ok_or(OpenError)?;
    let aad = of_claim(&context, claimer, &claim.body.scope);
    let padded = identity.0.open(Purpose::Claim, &context, &aad, &claim.body.sealed)?;
    if claim.body.offer.is_some() {
        return Err(OpenError);
    }
    SecretBytes::copy_from(padding::unpad(&padded)?).map(OfferSecret).ok_or(OpenError)
}

fn of_offer(context: &Context, key: Address, scope: &Scope, id: &[u8; 32]) -> Vec<u8> {
    context.transcript("offer", &[key.as_slice(), scope.bytes(), id])
}

fn of_claim(context: &Context, claimer: Address, scope: &Scope) -> Vec<u8> {
    context.transcript("claim", &[claimer.as_slice(), scope.bytes()])
}
