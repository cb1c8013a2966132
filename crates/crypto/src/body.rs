//! The body of a record: FLOE over the padded plaintext, with the content digest computed on the way.

use std::ops::Range;

use medkey_protocol::RecordId;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use crate::{
    Context, OpenError, RecordKey, SealError,
    content::ContentHasher,
    floe::{Decryptor, Encryptor, HEADER_LENGTH, Parameters, SegmentCipher},
    padding,
};

const PARAMETERS: Parameters = Parameters::MEDKEY;

/// Bytes of the sealed body of a plaintext of `length` bytes.
#[must_use]
pub fn sealed_length(length: u64) -> u64 {
    PARAMETERS.sealed_length(padding::body_length(length))
}

fn binding(context: &Context, id: &RecordId) -> Vec<u8> {
    context.transcript("body", &[id.bytes()])
}

/// Seals a body in one pass: ask [`wanted`](Self::wanted), read so many bytes, [`seal`](Self::seal) them, until none
/// are wanted; then [`finish`](Self::finish).
#[derive(Debug)]
pub struct BodySealer {
    encryptor: Option<Encryptor>,
    content: ContentHasher,
    plain_left: u64,
    padded_left: u64,
}

impl BodySealer {
    /// `length` is the true length of the plaintext, `salt` that of its meta. The header comes first.
    pub fn start(
        context: &Context,
        id: &RecordId,
        key: &RecordKey,
        length: u64,
        salt: &[u8; 32],
        rng: &mut impl CryptoRng,
    ) -> (Self, [u8; HEADER_LENGTH]) {
        let (encryptor, header) = Encryptor::start(PARAMETERS, &key.body(), &binding(context, id), rng);
        let content = ContentHasher::new(salt);
        let padded_left = padding::body_length(length);
        (Self { encryptor: Some(encryptor), content, plain_left: length, padded_left }, header)
    }

    /// How many bytes of plaintext the next segment takes (none at all where it is padding only); `None` at the end.
    #[must_use]
    pub fn wanted(&self) -> Option<usize> {
        let segment = PARAMETERS.plain_segment();
        let wanted = usize::try_from(self.plain_left).map_or(segment, |left| left.min(segment));
        self.encryptor.as_ref().map(|_| wanted)
    }

    /// Seals the next segment from exactly [`wanted`](Self::wanted) bytes.
    ///
    /// After a failure of the cipher, or a future dropped half way, the body is lost: start again with a new sealer.
    pub async fn seal(
        &mut self,
        cipher: &impl SegmentCipher,
        rng: &mut impl CryptoRng,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        if self.wanted() != Some(plaintext.len()) {
            return Err(SealError::WrongPiece);
        }
        let segment = PARAMETERS.plain_segment();
        let length = usize::try_from(self.padded_left).map_or(segment, |left| left.min(segment));
        self.content.update(plaintext);
        self.plain_left -= plaintext.len() as u64;
        self.padded_left -= length as u64;
        let padded;
        let plaintext = if plaintext.len() == length {
            plaintext
        } else {
            padded = [plaintext, &vec![0; length - plaintext.len()]].concat();
            &padded
        };
        if self.padded_left > 0 {
            let encryptor = self.encryptor.as_mut().ok_or(SealError::WrongPiece)?;
            encryptor.seal_segment(cipher, rng, plaintext).await
        } else {
            let encryptor = self.encryptor.take().ok_or(SealError::WrongPiece)?;
            encryptor.seal_last(cipher, rng, plaintext).await
        }
    }

    /// The content digest, once everything is sealed.
    pub fn finish(self) -> Result<[u8; 32], SealError> {
        if self.encryptor.is_some() { Err(SealError::WrongPiece) } else { Ok(self.content.finish()) }
    }
}

/// Opens a body, segment by segment, in any order.
#[derive(Debug)]
pub struct BodyOpener {
    decryptor: Decryptor,
    length: u64,
}

impl BodyOpener {
    /// `header` is the first [`HEADER_LENGTH`] bytes; `size` stands in the manifest, `length` in its meta.
    pub fn start(
        context: &Context,
        id: &RecordId,
        key: &RecordKey,
        header: &[u8],
        size: u64,
        length: u64,
    ) -> Result<Self, OpenError> {
        if size != sealed_length(length) {
            return Err(OpenError);
        }
        let decryptor = Decryptor::start(PARAMETERS, &key.body(), &binding(context, id), header, size)?;
        Ok(Self { decryptor, length })
    }

    /// How many segments there are.
    #[must_use]
    pub const fn segments(&self) -> u64 {
        self.decryptor.layout().segments()
    }

    /// Where segment `number` lies in the sealed body.
    #[must_use]
    pub fn sealed_range(&self, number: u64) -> Range<u64> {
        self.decryptor.layout().sealed_range(number)
    }

    /// Opens segment `number`, without its padding.
    pub async fn open(&self, cipher: &impl SegmentCipher, number: u64, segment: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut plaintext = self.decryptor.open_segment(cipher, number, segment).await?;
        let start = number * PARAMETERS.plain_segment() as u64;
        let kept = self.length.saturating_sub(start);
        if kept < plaintext.len() as u64 {
            let padding = plaintext.split_off(kept as usize);
            if padding.iter().any(|byte| *byte != 0) {
                return Err(OpenError);
            }
        }
        Ok(plaintext)
    }
}

/// Whether a plaintext that was hashed while it was read is the one that the manifest names.
pub fn check_content(hasher: ContentHasher, content: &[u8; 32]) -> Result<(), OpenError> {
    if bool::from(hasher.finish().ct_eq(content)) { Ok(()) } else { Err(OpenError) }
}
