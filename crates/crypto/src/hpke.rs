//! Sealing to a public key: HPKE base mode (RFC 9180) with X-Wing, HKDF-SHA256 and AES-256-GCM.
//!
//! What stands on public ledgers for ever must outlive today's curves, hence the hybrid with ML-KEM-768.

use std::fmt;

use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::AesGcm256, kdf::HkdfSha256, kem::XWing};
use medkey_protocol::{
    blocks::Sealed,
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Context, OpenError, SealError, secret::SecretBytes};

/// Which key a sealed thing is for: the first 8 bytes of the SHA-256 of the public key.
pub type KeyId = Fixed<8>;

/// What a sealed thing is for; part of HPKE's `info`, so that one cannot be passed off as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    RecordForOwner,
    RecordForFolder,
    RecordForAuthor,
    RingSeed,
    RingPrevious,
    RingName,
    Envelope,
    Offer,
    Claim,
    Reason,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::RecordForOwner => "seal record for owner",
            Self::RecordForFolder => "seal record for folder",
            Self::RecordForAuthor => "seal record for author",
            Self::RingSeed => "seal ring seed",
            Self::RingPrevious => "seal ring previous",
            Self::RingName => "seal ring name",
            Self::Envelope => "seal envelope",
            Self::Offer => "seal offer",
            Self::Claim => "seal claim",
            Self::Reason => "seal reason",
        }
    }
}

/// An X-Wing public key that was checked to be one.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: Box<<XWing as Kem>::PublicKey>,
    bytes: Box<[u8]>,
}

impl PublicKey {
    /// Refuses what is not an X-Wing public key of 1216 bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAKey> {
        let key = <XWing as Kem>::PublicKey::from_bytes(bytes).map(Box::new).map_err(|_| NotAKey)?;
        Ok(Self { key, bytes: bytes.into() })
    }

    /// The 1216 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// First 8 bytes of the SHA-256 of the key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        id.copy_from_slice(&Sha256::digest(&self.bytes)[..8]);
        Fixed(id)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

/// The bytes are not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid public key: ask its owner to update the card")]
pub struct NotAKey;

/// The secret half of an X-Wing key pair, kept with its public half.
pub(crate) struct Opener {
    seed: SecretBytes<32>,
    private: Box<<XWing as Kem>::PrivateKey>,
    public: PublicKey,
}

impl Opener {
    /// X-Wing's decapsulation key is the seed itself, so the key pair follows from 32 bytes.
    #[expect(clippy::expect_used, reason = "every 32 bytes are an X-Wing seed")]
    pub(crate) fn from_seed(seed: SecretBytes<32>) -> Self {
        let private = Box::new(<XWing as Kem>::PrivateKey::from_bytes(seed.expose()).expect("the length is right"));
        let key = Box::new(XWing::sk_to_pk(&private));
        let bytes = key.to_bytes().as_slice().into();
        Self { seed, private, public: PublicKey { key, bytes } }
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.seed.expose()
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Opens what [`seal`] made for this key in the same place, for the same purpose.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        context: &Context,
        aad: &[u8],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        if sealed.key != self.public.id() {
            return Err(OpenError);
        }
        let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(&sealed.enc.0).map_err(|_| OpenError)?;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private,
            &encapsulated,
            &context.transcript(purpose.as_str(), &[]),
            &sealed.ct.0,
            aad,
        )
        .map(Zeroizing::new)
        .map_err(|_| OpenError)
    }
}

/// Seals `message` to `to`.
pub(crate) fn seal(
    rng: &mut impl CryptoRng,
    to: &PublicKey,
    purpose: Purpose,
    context: &Context,
    aad: &[u8],
    message: &[u8],
) -> Result<Sealed, SealError> {
    let (encapsulated, ct) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Base,
        &to.key,
        &context.transcript(purpose.as_str(), &[]),
        message,
        aad,
        rng,
    )
    .map_err(|_| SealError::Cipher)?;
    Ok(Sealed { key: to.id(), enc: Octets(encapsulated.to_bytes().to_vec()), ct: Octets(ct) })
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn published_seeds_give_the_published_public_keys() {
        let published: serde_json::Value = serde_json::from_str(include_str!("../vectors/xwing.json")).unwrap();
        let vectors = published["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let bytes = |field: &str| hex::decode(vector[field].as_str().unwrap()).unwrap();
            let opener = Opener::from_seed(SecretBytes::copy_from(&bytes("seed")).unwrap());
            assert_eq!(opener.public().as_bytes(), bytes("pk"));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(PublicKey::parse(&[]), Err(NotAKey));
        assert_eq!(PublicKey::parse(&[1; 1215]), Err(NotAKey));
        // Not reduced: every coefficient of the ML-KEM part is 4095.
        assert_eq!(PublicKey::parse(&[0xff; 1216]), Err(NotAKey));
    }
}
