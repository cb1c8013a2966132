//! A member's notebook: private conveniences in one block that the relay keeps and replaces.
//!
//! It consists of pages by name. What a page says is the reader's business; one that this version does not know is
//! written back as it was read.

use std::collections::BTreeMap;

use medkey_protocol::{
    blocks::{Block, Locked, Notebook},
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Context, OpenError, RootSecret, SealError, coded};

/// The pages of a notebook, each one value in canonical DAG-CBOR.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages(BTreeMap<String, Octets>);

impl Pages {
    /// What a page says; `None` where there is none.
    pub fn read<T: Serialize + DeserializeOwned>(&self, name: &str) -> Result<Option<T>, OpenError> {
        self.0.get(name).map(|page| coded::read(&page.0)).transpose()
    }

    /// Writes a page in the place of what it said.
    pub fn write(&mut self, name: &str, value: &impl Serialize) -> Result<(), SealError> {
        self.0.insert(name.to_owned(), Octets(coded::write(value)?.to_vec()));
        Ok(())
    }
}

/// Seals a notebook for its member, `context.subject`, under the root of this generation.
pub fn make_notebook(
    context: &Context,
    root: &RootSecret,
    (generation, counter): (u32, u64),
    pages: &Pages,
    rng: &mut impl CryptoRng,
) -> Result<Block<Notebook>, SealError> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let binding = binding(context, generation, counter);
    let sealed = root.notebook(&salt, &binding).seal(&binding, &coded::encode(&[], pages)?);
    let pages = Locked { salt: Fixed(salt), ct: Octets(sealed) };
    Ok(Block { header: context.header(), body: Notebook { generation, counter, pages } })
}

/// Opens a notebook with the root of its generation.
pub fn open_notebook(notebook: &Block<Notebook>, root: &RootSecret) -> Result<Pages, OpenError> {
    let Notebook { generation, counter, pages } = &notebook.body;
    let binding = binding(&Context::from(&notebook.header), *generation, *counter);
    let message = root.notebook(&pages.salt.0, &binding).open(&binding, &pages.ct.0)?;
    let ([], pages) = coded::decode(&message)?;
    Ok(pages)
}

fn binding(context: &Context, generation: u32, counter: u64) -> Vec<u8> {
    context.transcript("notebook", &[&generation.to_be_bytes(), &counter.to_be_bytes()])
}
