//! A patient gives a record another title, or moves it to another folder: a new manifest over the same body takes the
//! place of the old one. Nothing is encrypted or uploaded again but that manifest, of some kilobytes.
//!
//! Who read the record through its former folder keeps what was read, the record's key among it. The server hands out
//! neither the new manifest nor the body for that folder any more, and the folder that it moves to has a key of its
//! own, so nothing that is filed or renamed from then on reaches them. A grant for this one record goes on: it names the
//! record, wherever it is filed.
//!
//! The new manifest names the first one, so that everybody sees who filed the record and when. Whoever can read the
//! record can therefore read its first title too.

use medkey_crypto::manifest::{Meta, Stored};
use medkey_protocol::{FolderId, blocks::Manifest};

use crate::{
    Medkey,
    add_record::{Filed, Sealable},
    chain::Progress,
    fault::Fault,
    list_records::Record,
    make_folder::NewFolder,
    me::Me,
    ports::Ports,
};

impl<P: Ports> Medkey<P> {
    /// Gives a record another title.
    pub async fn rename_record(
        &self,
        me: &Me,
        record: &Record,
        title: &str,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let meta = Meta { title: title.to_owned(), ..(*record.meta).clone() };
        self.refile(me, record, &meta, (record.folder, None), progress).await
    }

    /// Moves a record to another folder.
    pub async fn move_record(
        &self,
        me: &Me,
        record: &Record,
        folder: FolderId,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        self.refile(me, record, &record.meta, (folder, None), progress).await
    }

    /// Makes a folder and moves a record to it, in one transaction.
    pub async fn move_to_new_folder(
        &self,
        me: &Me,
        record: &Record,
        new: &NewFolder,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        self.refile(me, record, &record.meta, (new.id, Some(new)), progress).await
    }

    async fn refile(
        &self,
        me: &Me,
        record: &Record,
        meta: &Meta,
        folder: (FolderId, Option<&NewFolder>),
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let now = self.block_of::<Manifest>(record.manifest, record.chart).await?;
        let stored = &Stored::again(&now.body, record.manifest.link());
        let record_now = Sealable { chart: record.chart, key: &record.key, meta, stored };
        self.put_in_place(me, record_now, folder, record.manifest, progress).await
    }
}
