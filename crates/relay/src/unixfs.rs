//! Reads the inner nodes of bodies: UnixFS files in dag-pb, profile `unixfs-v1-2025`.
//!
//! Only the one form in which that profile writes an inner node is read: unnamed links, no data of its own, the sizes
//! of its parts in order. So the relay can follow a body from its root to its leaves and add up what it holds.

use bytes::Bytes;
use ipld_dagpb::PbNode;
use medkey_protocol::{Link, ids};

/// Links of an inner node at most.
const WIDTH: usize = 1024;
const FILE: u64 = 2;

/// One part of a file: a leaf or another inner node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// The block.
    pub(crate) link: Link,
    /// Bytes of the file below it.
    pub(crate) size: u64,
}

/// An inner node of a UnixFS file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileNode {
    /// Bytes of the file below it.
    pub(crate) size: u64,
    /// Its parts in order.
    pub(crate) parts: Vec<Part>,
}

/// The bytes are not an inner node of a UnixFS file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the block is not an inner node of a UnixFS file")]
pub(crate) struct NotAFile;

impl FileNode {
    /// Reads an inner node in its one form.
    pub(crate) fn parse(bytes: &Bytes) -> Result<Self, NotAFile> {
        let node = PbNode::from_bytes(bytes.clone()).map_err(|_| NotAFile)?;
        let data = node.data.clone().ok_or(NotAFile)?;
        let (size, sizes) = read_data(&data).ok_or(NotAFile)?;
        if node.links.is_empty() || node.links.len() > WIDTH || node.links.len() != sizes.len() {
            return Err(NotAFile);
        }
        let mut parts = Vec::with_capacity(sizes.len());
        for (link, size) in node.links.iter().zip(sizes) {
            let part = Link::from_cid(link.cid).map_err(|_| NotAFile)?;
            let named = link.name.as_ref().is_some_and(|name| !name.is_empty());
            if named || part.codec() == ids::DAG_CBOR || size == 0 {
                return Err(NotAFile);
            }
            parts.push(Part { link: part, size });
        }
        let total = parts.iter().try_fold(0u64, |sum, part| sum.checked_add(part.size));
        if total != Some(size) || node.into_bytes() != *bytes {
            return Err(NotAFile);
        }
        Ok(Self { size, parts })
    }
}

/// The UnixFS message: type, file size, then one block size per part; nothing else and in this order.
fn read_data(data: &[u8]) -> Option<(u64, Vec<u64>)> {
    let mut rest = data;
    if field(&mut rest, 1)? != FILE {
        return None;
    }
    let size = field(&mut rest, 3)?;
    let mut sizes = Vec::new();
    while !rest.is_empty() {
        sizes.push(field(&mut rest, 4)?);
    }
    Some((size, sizes))
}

/// A protobuf field of this number that holds a varint.
fn field(rest: &mut &[u8], number: u8) -> Option<u64> {
    let (tag, after) = rest.split_first()?;
    if *tag != number << 3 {
        return None;
    }
    let mut value = 0u64;
    for (at, byte) in after.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            // A last byte of zero would be a longer way to write the same number.
            let shortest = *byte != 0 || at == 0;
            *rest = &after[at + 1..];
            return shortest.then_some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use rust_unixfs::file::adder::{BalancedCollector, Chunker, FileAdder};

    use super::*;

    fn file(len: usize) -> Vec<(Link, Bytes)> {
        let mut adder = FileAdder::builder()
            .with_chunker(Chunker::Size(1 << 10))
            .with_collector(BalancedCollector::with_branching_factor(4))
            .build();
        let content: Vec<u8> = (0..len).map(|at| at as u8).collect();
        let mut blocks = Vec::new();
        let mut rest = content.as_slice();
        while !rest.is_empty() {
            let (ready, used) = adder.push(rest);
            blocks.extend(ready);
            rest = &rest[used..];
        }
        blocks.extend(adder.finish());
        blocks.into_iter().map(|(cid, bytes)| (Link::from_cid(cid).unwrap(), bytes.into())).collect()
    }

    #[test]
    fn parts_and_sizes_are_read() {
        let blocks = file(5 * 1024 + 7);
        let (root, bytes) = blocks.last().unwrap();
        assert_eq!(root.codec(), ids::DAG_PB);
        let node = FileNode::parse(bytes).unwrap();
        assert_eq!(node.size, 5 * 1024 + 7);
        assert_eq!(node.parts.iter().map(|part| part.size).collect::<Vec<_>>(), [4096, 1024 + 7]);
    }

    #[test]
    fn a_changed_size_or_kind_is_refused() {
        let blocks = file(3000);
        let (_, bytes) = blocks.last().unwrap();
        let data = PbNode::from_bytes(bytes.clone()).unwrap().data.unwrap();
        let start = bytes.windows(data.len()).position(|window| window == data).unwrap();
        for bit in start * 8..(start + data.len()) * 8 {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(FileNode::parse(&changed.into()), Err(NotAFile), "bit {bit}");
        }
        for len in 0..bytes.len() {
            assert_eq!(FileNode::parse(&bytes.slice(..len)), Err(NotAFile), "{len} bytes");
        }
    }

    #[test]
    fn a_named_link_is_refused() {
        let blocks = file(3000);
        let (_, bytes) = blocks.last().unwrap();
        let mut node = PbNode::from_bytes(bytes.clone()).unwrap();
        node.links[0].name = Some("surprise".into());
        assert_eq!(FileNode::parse(&node.into_bytes().into()), Err(NotAFile));
    }
}
