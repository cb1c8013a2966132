//! A patient puts another file in the place of a record. It is a record of its own, with a key of its own, that says
//! which one it amends: who holds the old record's key cannot open it, and a grant for the old record alone does not
//! reach it. Who reads the folder reads the new file there.
//!
//! The old file goes to the patient and its author alone from then on; who read it may have kept it.

use crate::{
    Medkey,
    add_record::{Details, Filed, StoredRecord},
    chain::Progress,
    fault::Fault,
    list_records::Record,
    me::Me,
    ports::Ports,
};

impl Details {
    /// What is said of a file that takes the place of `record`.
    #[must_use]
    pub fn in_place_of(self, record: &Record) -> Self {
        Self { amends: Some(record.id), ..self }
    }
}

impl<P: Ports> Medkey<P> {
    /// Announces a stored file in the place of a record, in the same folder. Whoever declined in the wallet comes back
    /// here; nothing is uploaded again.
    pub async fn replace_record(
        &self,
        me: &Me,
        record: &Record,
        file: &StoredRecord,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        self.put_in_place(me, file.sealable(), (record.folder, None), record.manifest, progress).await
    }
}
