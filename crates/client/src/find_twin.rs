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
    let candidates: Vec<usize> = (0..records.len()).filter(|at| records[*at].meta.length == length).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    let hashers = candidates.iter().map(|at| ContentHasher::new(&records[*at].meta.salt.0)).collect();
    let found = digests(source, hashers).await?;
    Ok(candidates.into_iter().zip(found).find_map(|(at, found)| (found == records[at].content).then_some(at)))
}

/// What each of these comes to, in one pass over a file.
pub(crate) async fn digests(
    source: &mut impl Source,
    mut hashers: Vec<ContentHasher>,
) -> Result<Vec<[u8; 32]>, SourceError> {
    let mut left = source.length();
    while left > 0 {
        let piece = zeroize::Zeroizing::new(source.read(PIECE).await?);
        if piece.is_empty() || piece.len() as u64 > left {
            return Err(SourceError);
        }
        left -= piece.len() as u64;
        for hasher in &mut hashers {
            hasher.update(&piece);
        }
    }
    Ok(hashers.into_iter().map(ContentHasher::finish).collect())
}
