//! Whether a chart holds a file already. A manifest commits to the plaintext by a digest with a salt of its own, so a file
//! is compared with those records only that are as long as it is, in one pass over the file.

use medkey_crypto::content::ContentHasher;

use crate::{
    list_records::Record,
    ports::{Source, SourceError},
};

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// The place of the first of these records that holds this very file.
pub async fn find_twin(records: &[Record], source: &mut impl Source) -> Result<Option<usize>, SourceError> {
    let length = source.length();
    let as_long = records.iter().enumerate().filter(|(_, record)| record.meta.length == length);
    let mut candidates: Vec<(usize, ContentHasher)> =
        as_long.map(|(at, record)| (at, ContentHasher::new(&record.meta.salt.0))).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    let mut left = length;
    while left > 0 {
        let piece = zeroize::Zeroizing::new(source.read(PIECE).await?);
        if piece.is_empty() || piece.len() as u64 > left {
            return Err(SourceError);
        }
        left -= piece.len() as u64;
        for (_, hasher) in &mut candidates {
            hasher.update(&piece);
        }
    }
    Ok(candidates.into_iter().find_map(|(at, hasher)| (hasher.finish() == records[at].content).then_some(at)))
}
