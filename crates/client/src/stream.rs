//! Bodies on their way: FLOE segments into UnixFS blocks and to the relay, and back from a CAR.
//!
//! Up: one pass, one leaf in memory. A lost connection is waited out and the same block sent again; every block is sent
//! under its own CID, so nothing is sent twice for nothing. Down: every block is compared with the link that announced
//! it before a byte of it is decrypted.

use core::time::Duration;

use medkey_crypto::{
    Context, OpenError, RecordKey,
    body::{BodyOpener, BodySealer, check_content},
    content::ContentHasher,
    floe::HEADER_LENGTH,
};
use medkey_protocol::{
    Link, RecordId,
    api::{ErrorCode, MAX_BLOCK},
    blocks::BodyLink,
    ids::{Cid, DAG_PB},
};
use rust_unixfs::file::adder::{BalancedCollector, Chunker, FileAdder, parse_file_branch};
use zeroize::Zeroizing;

use crate::{
    Medkey,
    chain::{Progress, Step},
    fault::{Fault, Lie, RelayError},
    ports::{AnswerBody, Clock, Ports, Source, SourceError, Transport},
};

/// Bytes of a leaf, as in the profile `unixfs-v1-2025`.
const LEAF: usize = 1 << 20;
/// Links of an inner node, as in the profile.
const WIDTH: usize = 1024;
/// First and longest pause before a block is sent again.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// A file's ciphertext as the relay holds it, and the digest of its plaintext.
#[derive(Debug)]
pub(crate) struct StoredBody {
    pub(crate) body: BodyLink,
    pub(crate) content: [u8; 32],
}

/// Builds the UnixFS file of the profile `unixfs-v1-2025` while its bytes go by.
struct FileBuilder {
    adder: FileAdder,
    size: u64,
}

impl FileBuilder {
    fn new() -> Self {
        let collector = BalancedCollector::with_branching_factor(WIDTH);
        let adder = FileAdder::builder().with_chunker(Chunker::Size(LEAF)).with_collector(collector).build();
        Self { adder, size: 0 }
    }

    /// Takes bytes and gives the blocks they complete.
    fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<(Link, Vec<u8>)>, Fault> {
        self.size += bytes.len() as u64;
        let mut blocks = Vec::new();
        while !bytes.is_empty() {
            let (made, taken) = self.adder.push(bytes);
            blocks.extend(made);
            bytes = &bytes[taken..];
        }
        named(blocks)
    }

    /// The remaining blocks, the root last.
    fn finish(self) -> Result<Vec<(Link, Vec<u8>)>, Fault> {
        named(self.adder.finish())
    }
}

/// The builder makes no other links than Medkey's.
fn named(blocks: impl IntoIterator<Item = (Cid, Vec<u8>)>) -> Result<Vec<(Link, Vec<u8>)>, Fault> {
    let link = |(cid, bytes)| Link::from_cid(cid).map(|link| (link, bytes));
    blocks.into_iter().map(link).collect::<Result<_, _>>().map_err(|_| Lie::Block.into())
}

type Body<P> = <<P as Ports>::Transport as Transport>::Body;

impl<P: Ports> Medkey<P> {
    /// Encrypts a file and stores it, in one pass.
    pub(crate) async fn store_body(
        &self,
        source: &mut impl Source,
        sealing: Sealing<'_>,
        progress: Progress<'_>,
    ) -> Result<StoredBody, Fault> {
        let Sealing { context, id, key, salt } = sealing;
        let total = source.length();
        let mut rng = self.ports.rng();
        let (mut sealer, header) = BodySealer::start(context, id, key, total, salt, &mut rng);
        let mut builder = FileBuilder::new();
        let mut blocks = builder.push(&header)?;
        let (mut sealed, mut stored) = (0, 0);
        while let Some(wanted) = sealer.wanted() {
            let plain = read_exactly(source, wanted).await?;
            let segment = sealer.seal(self.ports.cipher(), &mut rng, &plain).await?;
            sealed += wanted as u64;
            blocks.extend(builder.push(&segment)?);
            for (link, bytes) in blocks.drain(..) {
                self.put_patiently(link, &bytes, progress).await?;
                stored = sealed;
            }
            progress(Step::Sealing { sealed, stored, total });
        }
        if !source.read(1).await?.is_empty() {
            return Err(SourceError.into());
        }
        let content = sealer.finish()?;
        let size = builder.size;
        let mut root = None;
        for (link, bytes) in builder.finish()? {
            self.put_patiently(link, &bytes, progress).await?;
            root = Some(link);
        }
        progress(Step::Sealing { sealed: total, stored: total, total });
        let link = root.ok_or(SourceError)?;
        Ok(StoredBody { body: BodyLink { link, size }, content })
    }

    /// Sends a block, again and again while the connection is lost. Whoever has no patience drops the future.
    async fn put_patiently(&self, link: Link, bytes: &[u8], progress: Progress<'_>) -> Result<(), Fault> {
        let mut pause = PAUSE.0;
        loop {
            match self.relay_put(link, bytes).await {
                Ok(()) => return Ok(()),
                Err(error) if is_passing(&error) => {
                    progress(Step::Waiting);
                    self.ports.clock().wait(pause).await;
                    pause = (pause * 2).min(PAUSE.1);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Fetches, verifies and decrypts a body, and hands its plaintext on, piece by piece. Only when this returns is the
    /// whole proven: whoever took pieces keeps them to itself until then.
    pub(crate) async fn read_body(&self, body: &SealedBody<'_>, mut take: impl FnMut(&[u8])) -> Result<(), Fault> {
        let mut reader = self.open_body(*body).await?;
        while let Some(piece) = reader.next().await? {
            take(&piece);
        }
        Ok(())
    }

    /// Begins to fetch a body.
    pub(crate) async fn open_body<'a>(&'a self, body: SealedBody<'a>) -> Result<BodyReader<'a, P>, Fault> {
        let mut car = Car::new(self.relay_car(body.body.link).await?);
        car.skip_header().await?;
        let hasher = Some(ContentHasher::new(body.sealing.salt));
        let (buffer, expected) = (Vec::with_capacity(2 * LEAF), vec![body.body.link]);
        Ok(BodyReader { cipher: self.ports.cipher(), body, car, opener: None, hasher, buffer, next: 0, expected })
    }
}

/// A body at the relay, and what opens it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealedBody<'a> {
    /// Where it is.
    pub(crate) body: BodyLink,
    /// The digest of its plaintext.
    pub(crate) content: &'a [u8; 32],
    /// The length of its plaintext.
    pub(crate) length: u64,
    /// What it was sealed with.
    pub(crate) sealing: Sealing<'a>,
}

/// A body that is being fetched, verified and decrypted, with a leaf or two of it in memory.
pub(crate) struct BodyReader<'a, P: Ports> {
    cipher: &'a P::Cipher,
    body: SealedBody<'a>,
    car: Car<Body<P>>,
    opener: Option<BodyOpener>,
    /// Gone once the whole is proven.
    hasher: Option<ContentHasher>,
    buffer: Vec<u8>,
    next: u64,
    expected: Vec<Link>,
}

impl<P: Ports> BodyReader<'_, P> {
    /// The next piece of plaintext; `None` once the whole is proven.
    pub(crate) async fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        while self.hasher.is_some() {
            if let Some(piece) = self.opened().await? {
                return Ok(Some(piece));
            }
            match self.expected.pop() {
                Some(link) => self.fetch(link).await?,
                None => self.prove()?,
            }
        }
        Ok(None)
    }

    /// The next segment, where all of it is here.
    async fn opened(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let Some(opener) = self.opener.as_ref().filter(|opener| self.next < opener.segments()) else { return Ok(None) };
        let range = opener.sealed_range(self.next);
        let length = (range.end - range.start) as usize;
        let Some(segment) = self.buffer.get(..length) else { return Ok(None) };
        let plain = Zeroizing::new(opener.open(self.cipher, self.next, segment).await?);
        self.buffer.drain(..length);
        self.next += 1;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&plain);
        }
        Ok(Some(plain))
    }

    async fn fetch(&mut self, link: Link) -> Result<(), Fault> {
        let bytes = self.car.block(link).await?;
        if link.codec() == DAG_PB {
            let branch = parse_file_branch(&bytes).ok_or(Lie::Block)?;
            for child in branch.links.iter().rev() {
                self.expected.push(Link::from_cid(child.cid).map_err(|_| Lie::Block)?);
            }
            return Ok(());
        }
        self.buffer.extend_from_slice(&bytes);
        if self.opener.is_none() {
            let SealedBody { body, length, sealing: Sealing { context, id, key, .. }, .. } = self.body;
            let header = self.buffer.get(..HEADER_LENGTH).ok_or(OpenError)?;
            self.opener = Some(BodyOpener::start(context, id, key, header, body.size, length)?);
            self.buffer.drain(..HEADER_LENGTH);
        }
        Ok(())
    }

    fn prove(&mut self) -> Result<(), Fault> {
        let read = self.opener.as_ref().is_some_and(|opener| self.next == opener.segments());
        let hasher = self.hasher.take().filter(|_| read && self.buffer.is_empty()).ok_or(OpenError)?;
        Ok(check_content(hasher, self.body.content)?)
    }
}

/// With what a body is sealed and opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealing<'a> {
    /// The chart.
    pub(crate) context: &'a Context,
    /// The record.
    pub(crate) id: &'a RecordId,
    /// The record's key.
    pub(crate) key: &'a RecordKey,
    /// Salt of the content digest.
    pub(crate) salt: &'a [u8; 32],
}

async fn read_exactly(source: &mut impl Source, wanted: usize) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let mut plain = Zeroizing::new(Vec::with_capacity(wanted));
    while plain.len() < wanted {
        let more = Zeroizing::new(source.read(wanted - plain.len()).await?);
        if more.is_empty() || more.len() > wanted - plain.len() {
            return Err(SourceError);
        }
        plain.extend_from_slice(&more);
    }
    Ok(plain)
}

/// Whether trying again later may help by itself.
fn is_passing(error: &RelayError) -> bool {
    match error {
        RelayError::Disconnected(_) => true,
        RelayError::Refused { code, .. } => matches!(code, ErrorCode::RateLimited | ErrorCode::Unavailable),
        RelayError::Reverted(_) | RelayError::Behind | RelayError::Nonsense => false,
    }
}

/// A CARv1 stream, read block by block in the order that the links announce.
struct Car<B> {
    body: B,
    buffer: Vec<u8>,
    read: usize,
}

impl<B: AnswerBody> Car<B> {
    fn new(body: B) -> Self {
        Self { body, buffer: Vec::new(), read: 0 }
    }

    /// The header names roots; which root is read is decided by the manifest, not by it.
    async fn skip_header(&mut self) -> Result<(), Fault> {
        let length = self.varint().await?;
        self.take(length).await.map(drop)
    }

    /// The next block, which must be the one that `link` names.
    async fn block(&mut self, link: Link) -> Result<Vec<u8>, Fault> {
        let length = self.varint().await?;
        let name = link.cid().to_bytes();
        let section = self.take(length).await?;
        let bytes = section.strip_prefix(name.as_slice()).ok_or(Lie::Block)?;
        if !link.names(bytes) {
            return Err(Lie::Block.into());
        }
        Ok(bytes.to_vec())
    }

    async fn varint(&mut self) -> Result<usize, Fault> {
        const LONGEST: usize = 4;
        let mut value = 0_usize;
        for place in 0..LONGEST {
            let byte = self.take(1).await?[0];
            value |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Lie::Block.into())
    }

    async fn take(&mut self, length: usize) -> Result<&[u8], Fault> {
        // A block, its name, and nothing longer.
        if length > MAX_BLOCK + 64 {
            return Err(Lie::Block.into());
        }
        while self.buffer.len() - self.read < length {
            self.buffer.drain(..self.read);
            self.read = 0;
            let piece = self.body.next().await?.ok_or(RelayError::Disconnected(crate::ports::Disconnected))?;
            self.buffer.extend_from_slice(&piece);
        }
        let start = self.read;
        self.read += length;
        Ok(&self.buffer[start..self.read])
    }
}

#[cfg(test)]
mod tests {
    use chacha20::{
        ChaCha20,
        cipher::{KeyIvInit, StreamCipher},
    };
    use sha2::{Digest, Sha256};

    use super::{FileBuilder, LEAF, Link};

    /// The root of a file of `length` bytes of the keystream of ChaCha20 under the SHA-256 of `seed`.
    fn root_of_keystream(seed: &str, length: usize) -> Link {
        let mut stream = ChaCha20::new(&Sha256::digest(seed), &[0; 12].into());
        let mut builder = FileBuilder::new();
        let mut root = None;
        let mut left = length;
        while left > 0 {
            let mut piece = vec![0; left.min(LEAF)];
            stream.apply_keystream(&mut piece);
            left -= piece.len();
            root = builder.push(&piece).unwrap().pop().map(|(link, _)| link);
        }
        builder.finish().unwrap().pop().map(|(link, _)| link).or(root).unwrap()
    }

    /// IPIP-0499, profile `unixfs-v1-2025`; its answers for 1 GiB take minutes here.
    #[test]
    fn files_have_the_published_cids() {
        for (length, cid) in [
            (1 << 20, "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta"),
            ((1 << 20) + 1, "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64"),
        ] {
            assert_eq!(root_of_keystream("chunk-v1-seed", length).to_string(), cid, "{length} bytes");
        }
    }
}
