//! The unlocked member: its root and what follows from it. It exists only in memory.

use std::cell::RefCell;

use medkey_crypto::{Context, FolderKey, IdentityKey, OpenError, RootSecret, card, ring};
use medkey_protocol::{
    Address,
    api::Role,
    blocks::{Block, Ring},
};

use crate::{index::Index, people::CurrentCard, read_chart::ReadChart};

/// A member whose vault is open. Dropping it wipes its keys.
#[derive(Debug)]
pub struct Me {
    /// Whose.
    pub address: Address,
    /// What it is.
    pub role: Role,
    pub(crate) root: RootSecret,
    pub(crate) former: Vec<RootSecret>,
    pub(crate) identity: IdentityKey,
    card: RefCell<CurrentCard>,
    /// The own chart as it was read last.
    read: RefCell<Option<ReadChart>>,
    /// What was opened of records.
    pub(crate) index: RefCell<Index>,
}

impl Me {
    /// The member whose card this root belongs to.
    pub(crate) fn new(address: Address, role: Role, root: RootSecret, card: CurrentCard) -> Result<Self, OpenError> {
        if !card::is_root_of(&card.block.body, &root) {
            return Err(OpenError);
        }
        let former = card::open_former(&card.block, &root)?;
        let identity = root.identity();
        Ok(Self {
            address,
            role,
            root,
            former,
            identity,
            card: RefCell::new(card),
            read: RefCell::default(),
            index: RefCell::default(),
        })
    }

    /// The member's card as last seen.
    pub fn card(&self) -> CurrentCard {
        self.card.borrow().clone()
    }

    pub(crate) fn set_card(&self, card: CurrentCard) {
        self.card.replace(card);
    }

    pub(crate) fn take_read(&self) -> Option<ReadChart> {
        self.read.take()
    }

    pub(crate) fn set_read(&self, read: ReadChart) {
        self.read.replace(Some(read));
    }

    pub(crate) fn context(&self) -> Context {
        Context::from(&self.card.borrow().block.header)
    }

    /// The key of a ring of one's own folder, whichever root it was made with.
    pub(crate) fn folder_key(&self, block: &Block<Ring>) -> Result<FolderKey, OpenError> {
        let roots = std::iter::once(&self.root).chain(&self.former);
        roots.into_iter().find_map(|root| ring::derive_key(&block.body, root).ok()).ok_or(OpenError)
    }
}
