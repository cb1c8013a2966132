//! A person opens a record: its ciphertext is fetched, every block verified, decrypted and compared with what the
//! manifest commits to.

use medkey_crypto::Context;
use medkey_protocol::blocks::BodyLink;
use zeroize::Zeroizing;

use crate::{
    Medkey,
    fault::Fault,
    list_records::Record,
    ports::Ports,
    stream::{SealedBody, Sealing},
};

/// The longest record that is shown in the page; longer ones are saved.
pub const SHOWN_AT_MOST: u64 = 64 << 20;

impl Record {
    /// Where its ciphertext is, and how many bytes of it there are.
    pub fn ciphertext(&self) -> BodyLink {
        self.body
    }

    /// Its file as the relay holds it, and what opens it.
    pub(crate) fn sealed_body<'a>(&'a self, context: &'a Context) -> SealedBody<'a> {
        let Self { id, key, meta, body, content, .. } = self;
        let sealing = Sealing { context, id, key, salt: &meta.salt.0 };
        SealedBody { body: *body, content, length: meta.length, sealing }
    }
}

impl<P: Ports> Medkey<P> {
    /// Hands a record's plaintext on, piece by piece. Whoever takes the pieces shows nothing of them before this
    /// returns: only then is the whole proven.
    pub async fn read_record(&self, record: &Record, take: impl FnMut(&[u8])) -> Result<(), Fault> {
        let context = self.context(record.chart);
        self.read_body(&record.sealed_body(&context), take).await
    }

    /// The whole plaintext of a record that fits into memory.
    pub async fn open_record(&self, record: &Record) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if record.meta.length > SHOWN_AT_MOST {
            return Err(Fault::TooLong(medkey_protocol::blocks::BlockError::TooLarge));
        }
        // Room for all of it at once: a vector that grows leaves copies behind that nobody wipes.
        let mut bytes = Zeroizing::new(Vec::with_capacity(record.meta.length as usize));
        self.read_record(record, |piece| bytes.extend_from_slice(piece)).await?;
        Ok(bytes)
    }
}
