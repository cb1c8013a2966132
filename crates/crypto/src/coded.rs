//! What is sealed besides keys is canonical DAG-CBOR, padded; what is opened is read strictly.

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{OpenError, SealError, padding};

/// `prefix || DAG-CBOR`, padded.
pub(crate) fn encode(prefix: &[u8], value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let coded = write(value)?;
    let mut whole = Zeroizing::new(Vec::with_capacity(prefix.len() + coded.len()));
    whole.extend_from_slice(prefix);
    whole.extend_from_slice(&coded);
    padding::pad(&whole)
}

/// Undoes [`encode`]; refuses every other coding of the same value.
pub(crate) fn decode<T: Serialize + DeserializeOwned, const PREFIX: usize>(
    padded: &[u8],
) -> Result<([u8; PREFIX], T), OpenError> {
    let whole = padding::unpad(padded)?;
    let (prefix, coded) = whole.split_first_chunk::<PREFIX>().ok_or(OpenError)?;
    Ok((*prefix, read(coded)?))
}

/// Canonical DAG-CBOR.
pub(crate) fn write(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    serde_ipld_dagcbor::to_vec(value).map(Zeroizing::new).map_err(|_| SealError::Text)
}

/// Undoes [`write`]; refuses every other coding of the same value.
pub(crate) fn read<T: Serialize + DeserializeOwned>(coded: &[u8]) -> Result<T, OpenError> {
    let value: T = serde_ipld_dagcbor::from_slice(coded).map_err(|_| OpenError)?;
    let again = write(&value).map_err(|_| OpenError)?;
    if *again == coded { Ok(value) } else { Err(OpenError) }
}
