//! A file as a CARv1 stream: the root, then its parts depth first, each block once.
//!
//! Blocks are read from the store one by one as the stream is pulled, so a file of any size passes through the memory
//! of one block.

use std::{collections::HashSet, sync::Arc};

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{Stream, stream};
use medkey_protocol::{Link, ids};
use serde::Serialize;

use crate::{
    store::{Store, StoreError},
    unixfs::{FileNode, NotAFile},
};

/// Why a stream breaks off.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CarError {
    #[error("block {0} is missing in the store")]
    Missing(Link),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Node(#[from] NotAFile),
    #[error("the header cannot be written")]
    Header,
}

#[derive(Serialize)]
struct Header {
    roots: [Link; 1],
    version: u8,
}

/// The stream's first bytes.
pub(crate) fn header(root: Link) -> Result<Bytes, CarError> {
    let header = serde_ipld_dagcbor::to_vec(&Header { roots: [root], version: 1 }).map_err(|_| CarError::Header)?;
    let mut bytes = BytesMut::with_capacity(header.len() + 2);
    put_varint(&mut bytes, header.len());
    bytes.extend_from_slice(&header);
    Ok(bytes.freeze())
}

/// One block of the stream.
pub(crate) fn section(link: Link, block: &[u8]) -> Bytes {
    let cid = link.cid().to_bytes();
    let mut bytes = BytesMut::with_capacity(cid.len() + block.len() + 4);
    put_varint(&mut bytes, cid.len() + block.len());
    bytes.extend_from_slice(&cid);
    bytes.extend_from_slice(block);
    bytes.freeze()
}

/// The blocks of the file at `root`, in order. A DAG-CBOR block stands for itself alone.
pub(crate) fn sections(store: Arc<dyn Store>, root: Link) -> impl Stream<Item = Result<Bytes, CarError>> {
    let start = (store, vec![root], HashSet::new());
    stream::try_unfold(start, |(store, mut open, mut sent)| async move {
        let next = loop {
            match open.pop() {
                None => return Ok(None),
                Some(link) if sent.insert(link) => break link,
                Some(_) => {}
            }
        };
        let block = store.get(next).await?.ok_or(CarError::Missing(next))?;
        if next.codec() == ids::DAG_PB {
            let parts = FileNode::parse(&block)?.parts;
            open.extend(parts.iter().rev().map(|part| part.link));
        }
        Ok(Some((section(next, &block), (store, open, sent))))
    })
}

fn put_varint(bytes: &mut BytesMut, mut value: usize) {
    while value >= 0x80 {
        bytes.put_u8((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.put_u8(value as u8);
}
