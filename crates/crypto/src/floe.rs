//! FLOE (c2sp.org/FLOE): bodies of any length, sealed segment by segment, readable from any segment on.
//!
//! Header, key derivation, rotation and framing are computed here; the AES-256-GCM of a segment is a [`SegmentJob`]
//! behind the asynchronous port [`SegmentCipher`], so that a browser can hand it to WebCrypto.

use std::ops::Range;

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand_core::CryptoRng;
use sha2::Sha384;
use subtle::ConstantTimeEq;

use crate::{OpenError, SealError, keys::BodyKey, secret::secret};

const AEAD_AES_256_GCM: u8 = 0;
const KDF_HKDF_EXPAND_SHA_384: u8 = 0;
const IV_LENGTH: usize = 32;
const PARAMETERS_LENGTH: usize = 10;
const HEADER_TAG_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
const LENGTH_FIELD: usize = 4;
const NOT_LAST: [u8; LENGTH_FIELD] = [0xff; LENGTH_FIELD];
const ROTATION_MASK: u64 = (1 << 20) - 1;
const MAX_SEGMENTS: u64 = 1 << 40;

/// Bytes that a sealed segment is longer than its plaintext.
pub const SEGMENT_OVERHEAD: usize = LENGTH_FIELD + NONCE_LENGTH + TAG_LENGTH;

/// Bytes of the header before the first segment.
pub const HEADER_LENGTH: usize = PARAMETERS_LENGTH + IV_LENGTH + HEADER_TAG_LENGTH;

secret! {
    /// The AES-256 key of a run of 2^20 segments.
    SegmentKey, 32
}

/// The AES-256-GCM of one segment.
#[derive(Debug)]
pub struct SegmentJob<'a> {
    /// Changes every 2^20 segments (256 GiB) of a body.
    pub key: &'a SegmentKey,
    /// Stored in the segment.
    pub nonce: [u8; 12],
    /// Segment number, and whether it is the last.
    pub aad: [u8; 9],
    /// Plaintext to seal, or ciphertext followed by the 16-byte tag to open.
    pub bytes: &'a [u8],
}

/// The cipher could not run, or refused the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cipher failed")]
pub struct CipherError;

/// Runs AES-256-GCM: [`RustSegmentCipher`] here, WebCrypto in a browser.
#[allow(async_fn_in_trait, reason = "a browser's futures cannot be sent to another thread")]
pub trait SegmentCipher {
    /// Ciphertext followed by the 16-byte tag.
    async fn seal(&self, job: SegmentJob<'_>) -> Result<Vec<u8>, CipherError>;

    /// The plaintext, if the tag is right.
    async fn open(&self, job: SegmentJob<'_>) -> Result<Vec<u8>, CipherError>;
}

/// [`SegmentCipher`] on the `aes-gcm` crate. Its futures are always ready at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct RustSegmentCipher;

impl SegmentCipher for RustSegmentCipher {
    async fn seal(&self, job: SegmentJob<'_>) -> Result<Vec<u8>, CipherError> {
        let SegmentJob { key, nonce, aad, bytes } = job;
        Aes256Gcm::new(key.expose().into())
            .encrypt(&nonce.into(), Payload { msg: bytes, aad: &aad })
            .map_err(|_| CipherError)
    }

    async fn open(&self, job: SegmentJob<'_>) -> Result<Vec<u8>, CipherError> {
        let SegmentJob { key, nonce, aad, bytes } = job;
        Aes256Gcm::new(key.expose().into())
            .decrypt(&nonce.into(), Payload { msg: bytes, aad: &aad })
            .map_err(|_| CipherError)
    }
}

/// The one parameter that FLOE leaves open: how long a sealed segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    segment: u32,
}

impl Parameters {
    /// 256 KiB, the length of every segment of Medkey (SPEC.md says why).
    pub const MEDKEY: Self = Self { segment: 256 * 1024 };

    /// `None` for a length that leaves no room for plaintext, or that is FLOE's mark for "not the last".
    #[must_use]
    pub const fn with_segment_length(sealed: u32) -> Option<Self> {
        if sealed as usize > SEGMENT_OVERHEAD && sealed < u32::MAX { Some(Self { segment: sealed }) } else { None }
    }

    /// Bytes of plaintext in every segment but the last.
    #[must_use]
    pub const fn plain_segment(self) -> usize {
        self.segment as usize - SEGMENT_OVERHEAD
    }

    /// Bytes of every sealed segment but the last.
    #[must_use]
    pub const fn sealed_segment(self) -> usize {
        self.segment as usize
    }

    /// Bytes of header and segments for a plaintext of `plain` bytes.
    #[must_use]
    pub fn sealed_length(self, plain: u64) -> u64 {
        let segments = plain.div_ceil(self.plain_segment() as u64).max(1);
        (HEADER_LENGTH as u64).saturating_add(plain).saturating_add(segments.saturating_mul(SEGMENT_OVERHEAD as u64))
    }

    /// Where the segments lie in `sealed` bytes (header included).
    pub fn layout(self, sealed: u64) -> Result<Layout, OpenError> {
        let body = sealed.checked_sub(HEADER_LENGTH as u64).ok_or(OpenError)?;
        let segment = u64::from(self.segment);
        let last = match body % segment {
            0 => segment,
            rest => rest,
        };
        let segments = body.div_ceil(segment);
        if segments == 0 || segments > MAX_SEGMENTS || last < SEGMENT_OVERHEAD as u64 {
            return Err(OpenError);
        }
        Ok(Layout { segment, segments, sealed })
    }

    fn encode(self) -> [u8; PARAMETERS_LENGTH] {
        let mut out = [0; PARAMETERS_LENGTH];
        out[0] = AEAD_AES_256_GCM;
        out[1] = KDF_HKDF_EXPAND_SHA_384;
        out[2..6].copy_from_slice(&self.segment.to_be_bytes());
        out[6..].copy_from_slice(&(IV_LENGTH as u32).to_be_bytes());
        out
    }
}

/// Where each segment lies in a sealed body of known length; that length also says which segment is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    segment: u64,
    segments: u64,
    sealed: u64,
}

impl Layout {
    /// How many segments there are; at least one.
    #[must_use]
    pub const fn segments(&self) -> u64 {
        self.segments
    }

    /// Bytes of plaintext in all.
    #[must_use]
    pub const fn plain_length(&self) -> u64 {
        self.sealed - HEADER_LENGTH as u64 - self.segments * SEGMENT_OVERHEAD as u64
    }

    /// Whether segment `number` is the last.
    #[must_use]
    pub const fn is_last(&self, number: u64) -> bool {
        number + 1 == self.segments
    }

    /// The bytes of the sealed body that hold segment `number`; empty when there is no such segment.
    #[must_use]
    pub fn sealed_range(&self, number: u64) -> Range<u64> {
        if number >= self.segments {
            return self.sealed..self.sealed;
        }
        let start = HEADER_LENGTH as u64 + number * self.segment;
        start..(start + self.segment).min(self.sealed)
    }

    /// The segment that holds byte `offset` of the plaintext.
    #[must_use]
    pub const fn segment_of(&self, offset: u64) -> u64 {
        offset / (self.segment - SEGMENT_OVERHEAD as u64)
    }
}

/// What both directions derive from key, IV and associated data.
struct Message {
    parameters: Parameters,
    key: MessageKey,
    context: Vec<u8>,
    aad: Vec<u8>,
}

secret! {
    /// FLOE's message key.
    MessageKey, 48
}

impl Message {
    fn start(
        parameters: Parameters,
        key: &BodyKey,
        iv: &[u8; IV_LENGTH],
        aad: &[u8],
    ) -> (Self, [u8; HEADER_TAG_LENGTH]) {
        let context = [parameters.encode().as_slice(), iv].concat();
        let mut tag = [0; HEADER_TAG_LENGTH];
        expand(key.expose(), &[&context, b"HEADER_TAG:", aad], &mut tag);
        let mut message_key = MessageKey(crate::secret::SecretBytes::zeroed());
        expand(key.expose(), &[&context, b"MESSAGE_KEY:", aad], message_key.0.expose_mut());
        let message = Self { parameters, key: message_key, context, aad: aad.to_vec() };
        (message, tag)
    }

    fn segment_key(&self, number: u64) -> SegmentKey {
        let run = (number & !ROTATION_MASK).to_be_bytes();
        let mut key = SegmentKey(crate::secret::SecretBytes::zeroed());
        expand(self.key.expose(), &[&self.context, b"DEK:", &run, &self.aad], key.0.expose_mut());
        key
    }
}

/// HKDF-Expand-SHA-384 for at most one block of output: HMAC(key, info || 0x01), truncated.
///
/// Written out because FLOE expands a 32-byte key, which the `hkdf` crate refuses as shorter than the hash.
fn expand<const N: usize>(key: &[u8], info: &[&[u8]], out: &mut [u8; N]) {
    const { assert!(N <= 48, "one block of SHA-384") };
    // HMAC pads a short key with zeros to the hash's block length, so this is the same key.
    let mut block = hmac::digest::Key::<Hmac<Sha384>>::default();
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha384>::new(&block);
    zeroize::Zeroize::zeroize(&mut block[..]);
    for part in info {
        mac.update(part);
    }
    mac.update(&[1]);
    out.copy_from_slice(&mac.finalize().into_bytes()[..N]);
}

fn segment_aad(number: u64, last: bool) -> [u8; 9] {
    let mut aad = [0; 9];
    aad[..8].copy_from_slice(&number.to_be_bytes());
    aad[8] = u8::from(last);
    aad
}

/// Seals one body, in order.
pub struct Encryptor {
    message: Message,
    next: u64,
}

impl std::fmt::Debug for Encryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encryptor").field("next", &self.next).finish_non_exhaustive()
    }
}

impl Encryptor {
    /// Draws the IV; the header comes first in the sealed body.
    pub fn start(
        parameters: Parameters,
        key: &BodyKey,
        aad: &[u8],
        rng: &mut impl CryptoRng,
    ) -> (Self, [u8; HEADER_LENGTH]) {
        let mut iv = [0; IV_LENGTH];
        rng.fill_bytes(&mut iv);
        let (message, tag) = Message::start(parameters, key, &iv, aad);
        let mut header = [0; HEADER_LENGTH];
        header[..PARAMETERS_LENGTH + IV_LENGTH].copy_from_slice(&message.context);
        header[PARAMETERS_LENGTH + IV_LENGTH..].copy_from_slice(&tag);
        (Self { message, next: 0 }, header)
    }

    /// Seals the next segment, which is not the last; `plaintext` is exactly [`Parameters::plain_segment`] long.
    pub async fn seal_segment(
        &mut self,
        cipher: &impl SegmentCipher,
        rng: &mut impl CryptoRng,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        if plaintext.len() != self.message.parameters.plain_segment() {
            return Err(SealError::WrongPiece);
        }
        if self.next >= MAX_SEGMENTS - 1 {
            return Err(SealError::TooLong);
        }
        let number = self.next;
        // Counted before sealing: a number is never used twice, even when the future is dropped half way.
        self.next += 1;
        self.seal(cipher, rng, plaintext, number, NOT_LAST).await
    }

    /// Seals the last segment: from nothing up to [`Parameters::plain_segment`] bytes.
    pub async fn seal_last(
        self,
        cipher: &impl SegmentCipher,
        rng: &mut impl CryptoRng,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        if plaintext.len() > self.message.parameters.plain_segment() {
            return Err(SealError::WrongPiece);
        }
        let length = (plaintext.len() + SEGMENT_OVERHEAD) as u32;
        self.seal(cipher, rng, plaintext, self.next, length.to_be_bytes()).await
    }

    async fn seal(
        &self,
        cipher: &impl SegmentCipher,
        rng: &mut impl CryptoRng,
        plaintext: &[u8],
        number: u64,
        length: [u8; LENGTH_FIELD],
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        rng.fill_bytes(&mut nonce);
        let key = self.message.segment_key(number);
        let aad = segment_aad(number, length != NOT_LAST);
        let sealed =
            cipher.seal(SegmentJob { key: &key, nonce, aad, bytes: plaintext }).await.map_err(|_| SealError::Cipher)?;
        if sealed.len() != plaintext.len() + TAG_LENGTH {
            return Err(SealError::Cipher);
        }
        Ok([length.as_slice(), &nonce, &sealed].concat())
    }
}

/// Opens the segments of one body, in any order.
pub struct Decryptor {
    message: Message,
    layout: Layout,
}

impl std::fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decryptor").field("layout", &self.layout).finish_non_exhaustive()
    }
}

impl Decryptor {
    /// Checks that `header` was made with this key and associated data. `sealed` is the length of the whole body,
    /// header included, from a source that is trusted (the manifest): it says which segment is the last.
    pub fn start(
        parameters: Parameters,
        key: &BodyKey,
        aad: &[u8],
        header: &[u8],
        sealed: u64,
    ) -> Result<Self, OpenError> {
        let header: &[u8; HEADER_LENGTH] = header.try_into().map_err(|_| OpenError)?;
        let (encoded, rest) = header.split_at(PARAMETERS_LENGTH);
        let (iv, tag) = rest.split_first_chunk::<IV_LENGTH>().ok_or(OpenError)?;
        if encoded != parameters.encode() {
            return Err(OpenError);
        }
        let (message, expected) = Message::start(parameters, key, iv, aad);
        if !bool::from(expected.ct_eq(tag)) {
            return Err(OpenError);
        }
        let layout = parameters.layout(sealed)?;
        Ok(Self { message, layout })
    }

    /// Where the segments lie.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Opens segment `number`; `segment` is what lies at [`Layout::sealed_range`].
    pub async fn open_segment(
        &self,
        cipher: &impl SegmentCipher,
        number: u64,
        segment: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let range = self.layout.sealed_range(number);
        if segment.len() as u64 != range.end - range.start {
            return Err(OpenError);
        }
        let last = self.layout.is_last(number);
        let expected = if last { (segment.len() as u32).to_be_bytes() } else { NOT_LAST };
        let (length, rest) = segment.split_first_chunk::<LENGTH_FIELD>().ok_or(OpenError)?;
        let (nonce, bytes) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or(OpenError)?;
        if *length != expected {
            return Err(OpenError);
        }
        let key = self.message.segment_key(number);
        let aad = segment_aad(number, last);
        cipher.open(SegmentJob { key: &key, nonce: *nonce, aad, bytes }).await.map_err(|_| OpenError)
    }
}
