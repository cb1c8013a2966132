//! The texts that Medkey puts into a QR: a name, the version, whose it is, and a secret. All of it is in QR's
//! alphanumeric set.

use alloy_primitives::{Address, hex};
use zeroize::Zeroizing;

use crate::Context;

const VERSION: &str = "1";

/// Why a scanned text is not the one looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unlike {
    Other,
    Version,
}

pub(crate) fn text(name: &str, context: &Context, secret: &str) -> Zeroizing<String> {
    let Context { chain, contract, subject } = context;
    let (contract, subject) = (hex::encode_upper(contract), hex::encode_upper(subject));
    Zeroizing::new(format!("{name}:{VERSION}:{chain}:{contract}:{subject}:{secret}"))
}

/// The secret's text, and whose it is.
pub(crate) fn parse<'a>(name: &str, text: &'a str) -> Result<(&'a str, Context), Unlike> {
    let mut fields = text.trim().split(':');
    let mut next = || fields.next().ok_or(Unlike::Other);
    if next()? != name {
        return Err(Unlike::Other);
    }
    if next()? != VERSION {
        return Err(Unlike::Version);
    }
    let chain = next()?.parse().map_err(|_| Unlike::Other)?;
    let (contract, subject) = (address(next()?)?, address(next()?)?);
    let secret = next()?;
    if fields.next().is_some() {
        return Err(Unlike::Other);
    }
    Ok((secret, Context { chain, contract, subject }))
}

fn address(text: &str) -> Result<Address, Unlike> {
    hex::decode_to_array::<_, 20>(text).map(Address::from).map_err(|_| Unlike::Other)
}
