//! What is sealed besides keys is canonical DAG-CBOR, padded; what is opened is read strictly.

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{OpenError, SealError, padding};

/// `prefix || DAG-CBOR`, padded.
pub(crate) fn encode(prefix: &[u8], value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let coded = serde_ipld_dagcbor::to_vec(value).map(Zeroizing::new).map_err(|_| SealError::Text)?;
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
    let value: T = serde_ipld_dagcbor::from_slice(coded).map_err(|_| OpenError)?;
    let again = serde_ipld_dagcbor::to_vec(&value).map(Zeroizing::new).map_err(|_| OpenError)?;
    if *again == coded { Ok((*prefix, value)) } else { Err(OpenError) }
}
