//! A file on its way into a chart. What was uploaded stays uploaded: whoever declines in the wallet and tries again only
//! signs.

use std::{cell::RefCell, rc::Rc};

use medkey_browser::FileSource;
use medkey_client::{
    add_record::{Details, PlainFile, StoredRecord},
    fault::Fault,
};
use web_sys::File;

use super::{acts::Listen, desk::Open};

/// The file, and what became of it so far.
#[derive(Clone)]
pub struct Upload {
    file: File,
    details: Details,
    stored: Rc<RefCell<Option<Rc<StoredRecord>>>>,
}

impl Upload {
    /// Nothing of it is encrypted yet.
    #[must_use]
    pub fn new(file: File, details: Details) -> Self {
        Self { file, details, stored: Rc::default() }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.file.size() as u64
    }

    /// Encrypts and stores it, unless that is done.
    pub async fn store(&self, open: &Open, listen: &Listen) -> Result<Rc<StoredRecord>, Fault> {
        let known = self.stored.borrow().clone();
        if let Some(record) = known {
            return Ok(record);
        }
        let plain = PlainFile { source: FileSource::from(self.file.clone()), details: self.details.clone() };
        let record = Rc::new(open.client().store_file(open.me.address, plain, &**listen).await?);
        self.stored.replace(Some(Rc::clone(&record)));
        Ok(record)
    }
}
