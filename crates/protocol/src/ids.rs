//! Ids: digests of blocks, random ids of folders and records, links between blocks.

use core::{fmt, str::FromStr};

use alloy_primitives::{Address, B256};
pub use cid::Cid;
use cid::multihash::Multihash;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// Multicodec of a raw leaf.
pub const RAW: u64 = 0x55;
/// Multicodec of a UnixFS node.
pub const DAG_PB: u64 = 0x70;
/// Multicodec of our own blocks.
pub const DAG_CBOR: u64 = 0x71;
/// Multihash code of SHA-256, the only hash Medkey uses.
pub const SHA2_256: u64 = 0x12;

/// Why a text or byte string is not the id it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not the exact number of bytes.
    #[error("the id does not have the right length")]
    Length,
    /// Not hexadecimal, or not a CID.
    #[error("the id is not written correctly")]
    Text,
    /// A CID of another version, codec or hash than Medkey uses.
    #[error("the CID is not version 1 with SHA-256 and a codec that Medkey uses")]
    Cid,
}

/// Which contract on which chain everything belongs to. Part of the app's build, never asked of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deployment {
    /// EIP-155 chain id.
    pub chain: u64,
    /// Address of the `Medkey` contract.
    pub contract: Address,
    /// Block in which it was deployed: no event is older.
    pub block: u64,
}

/// Fixed bytes: a byte string in DAG-CBOR, `0x` and hexadecimal in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Debug for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> fmt::Display for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> FromStr for Fixed<N> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        if digits.len() != 2 * N {
            return Err(IdError::Length);
        }
        let mut bytes = [0; N];
        alloy_primitives::hex::decode_to_slice(digits, &mut bytes).map_err(|_| IdError::Text)?;
        Ok(Self(bytes))
    }
}

impl<const N: usize> Serialize for Fixed<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_bytes(&self.0) }
    }
}

impl<'de, const N: usize> Deserialize<'de> for Fixed<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<const N: usize>;

        impl<const N: usize> de::Visitor<'_> for Visitor<N> {
            type Value = Fixed<N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{N} bytes")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                bytes.try_into().map(Fixed).map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_bytes(Visitor)
        }
    }
}

/// Bytes of any length: a byte string in DAG-CBOR, hexadecimal in JSON.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Octets(pub Vec<u8>);

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&alloy_primitives::hex::encode_prefixed(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Octets;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                alloy_primitives::hex::decode(text).map(Octets).map_err(E::custom)
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Octets(bytes.to_vec()))
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Visitor)
        } else {
            deserializer.deserialize_bytes(Visitor)
        }
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Fixed<32>);

        impl $name {
            /// The id's bytes.
            pub const fn bytes(&self) -> &[u8; 32] {
                &self.0.0
            }
        }
        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> Self {
                Self(Fixed(bytes))
            }
        }
        impl From<B256> for $name {
            fn from(word: B256) -> Self {
                Self(Fixed(word.0))
            }
        }
        impl From<$name> for B256 {
            fn from(id: $name) -> Self {
                B256::new(*id.bytes())
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// SHA-256 of a DAG-CBOR block, as it stands on chain.
    Digest
);
id!(
    /// Random id of a folder.
    FolderId
);
id!(
    /// Random id of a record, kept when it is filed anew.
    RecordId
);
id!(
    /// What a grant is for: the id of a folder or of a record.
    Scope
);

impl From<FolderId> for Scope {
    fn from(folder: FolderId) -> Self {
        Self(folder.0)
    }
}

impl From<RecordId> for Scope {
    fn from(record: RecordId) -> Self {
        Self(record.0)
    }
}

impl Digest {
    /// The digest of a block's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Fixed(Sha256::digest(bytes).into()))
    }

    /// The link to the DAG-CBOR block with this digest.
    pub fn link(self) -> Link {
        Link::new(DAG_CBOR, self)
    }

    /// The part the contract keeps for cards and hospital pages.
    pub fn short(self) -> [u8; 20] {
        let mut short = [0; 20];
        short.copy_from_slice(&self.bytes()[..20]);
        short
    }
}

/// A CIDv1 with SHA-256 over raw, dag-pb or dag-cbor bytes: the only CIDs Medkey knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(Cid);

impl Link {
    fn new(codec: u64, digest: Digest) -> Self {
        // A SHA-256 digest always fits into the 64 bytes of a multihash.
        let hash = Multihash::wrap(SHA2_256, digest.bytes()).unwrap_or_default();
        Self(Cid::new_v1(codec, hash))
    }

    /// The link to these bytes, read as `codec`.
    pub fn of(codec: u64, bytes: &[u8]) -> Self {
        Self::new(codec, Digest::of(bytes))
    }

    /// Takes a CID if it is of the kind Medkey uses.
    pub fn from_cid(cid: Cid) -> Result<Self, IdError> {
        let known = cid.version() == cid::Version::V1
            && matches!(cid.codec(), RAW | DAG_PB | DAG_CBOR)
            && cid.hash().code() == SHA2_256
            && cid.hash().size() == 32;
        if known { Ok(Self(cid)) } else { Err(IdError::Cid) }
    }

    /// The CID.
    pub fn cid(&self) -> &Cid {
        &self.0
    }

    /// Multicodec of the bytes it names.
    pub fn codec(&self) -> u64 {
        self.0.codec()
    }

    /// SHA-256 of the bytes it names.
    pub fn digest(&self) -> Digest {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&self.0.hash().digest()[..32]);
        bytes.into()
    }

    /// Whether these are the bytes it names.
    pub fn names(&self, bytes: &[u8]) -> bool {
        self.digest() == Digest::of(bytes)
    }
}

impl FromStr for Link {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Cid::try_from(text).map_err(|_| IdError::Text).and_then(Self::from_cid)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(&self.0) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
        } else {
            Self::from_cid(Cid::deserialize(deserializer)?).map_err(de::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_link_is_the_published_cid() {
        let link = Link::of(RAW, b"hello world");
        assert_eq!(link.to_string(), "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
        assert_eq!(link.to_string().parse::<Link>(), Ok(link));
    }

    #[test]
    fn other_cids_are_refused() {
        // CIDv0 and an identity hash.
        for text in ["QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "bafkqaaa"] {
            assert_eq!(text.parse::<Link>(), Err(IdError::Cid), "{text}");
        }
        assert_eq!("not a cid".parse::<Link>(), Err(IdError::Text));
    }

    #[test]
    fn ids_have_one_length() {
        assert_eq!("0x00".parse::<Digest>(), Err(IdError::Length));
        let id = FolderId::from([7; 32]);
        assert_eq!(id.to_string().parse::<FolderId>(), Ok(id));
    }
}
