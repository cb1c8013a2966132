//! A doctor or a laboratory corrects what it filed itself. The correction is a record of its own, whose sealed meta names
//! the one that it amends; the patient and whoever reads the folder see both, linked, and the newest counts.
//!
//! It lies where the former record lies. Where that does not stand any more, the patient has renamed, moved or removed
//! it, perhaps to keep it from somebody, and its author cannot tell where it is now: then the correction lies in the
//! private folder, and the patient decides who else reads it.

use medkey_protocol::{Address, FolderId, blocks::Category};

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile, StoredRecord},
    chain::Progress,
    chart::Chart,
    fault::{Fault, Refusal},
    list_records::Record,
    me::Me,
    ports::{Ports, Source},
};

/// Where the correction of a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// In this folder, the former record's.
    Folder(FolderId),
    /// In the private folder, as the patient has renamed, moved or removed the former record, or removed its folder.
    Private(FolderId),
}

impl Beside {
    /// The folder.
    #[must_use]
    pub fn folder(self) -> FolderId {
        match self {
            Self::Folder(folder) | Self::Private(folder) => folder,
        }
    }
}

impl Record {
    /// Who wrote it first.
    #[must_use]
    pub fn written_by(&self) -> Address {
        self.origin.unwrap_or(self.author)
    }

    /// Whether this member may amend it: what one wrote in somebody else's chart, but not that one has checked something.
    #[must_use]
    pub fn may_be_amended_by(&self, member: Address) -> bool {
        self.written_by() == member && member != self.chart && self.meta.confirms.is_none()
    }

    /// Whether this record takes the place of another of the same chart: its own author says so, or the patient.
    #[must_use]
    pub fn corrects(&self, other: &Self) -> bool {
        let author = self.written_by();
        self.chart == other.chart
            && self.id != other.id
            && self.meta.amends == Some(other.id)
            && (author == other.written_by() || author == self.chart)
    }
}

impl Details {
    /// What is said of a file that corrects `record`. What that answered, it answers.
    #[must_use]
    pub fn amending(self, record: &Record) -> Self {
        Self { amends: Some(record.id), answers: record.meta.answers, ..self }
    }
}

impl<P: Ports> Medkey<P> {
    /// Files a correction of a record, in one transaction.
    pub async fn amend_record(
        &self,
        me: &Me,
        record: &Record,
        PlainFile { source, details }: PlainFile<impl Source>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        // Asked first, so that nothing is uploaded in vain.
        self.beside(me, record).await?;
        let file = PlainFile { source, details: details.amending(record) };
        let stored = self.store_file(record.chart, file, progress).await?;
        self.file_amendment(me, record, &stored, progress).await
    }

    /// Announces a stored file, whose details are [`Details::amending`], as the correction of a record. Whoever declined
    /// in the wallet comes back here; nothing is uploaded again.
    pub async fn file_amendment(
        &self,
        me: &Me,
        record: &Record,
        correction: &StoredRecord,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let beside = self.beside(me, record).await?;
        self.deliver_into(me, record.chart, correction, beside.folder(), progress).await
    }

    /// Where a correction of this record would lie now. Only who wrote a record amends it.
    pub async fn beside(&self, me: &Me, record: &Record) -> Result<Beside, Fault> {
        if !record.may_be_amended_by(me.address) {
            return Err(Fault::NotYours);
        }
        let folders = self.folders(&self.card_of(record.chart).await?);
        let private = folders.iter().find(|folder| folder.category == Some(Category::Private));
        let private = private.ok_or(Fault::Refused(Refusal::NoChart))?.id;
        let is_there = folders.iter().any(|folder| folder.id == record.folder);
        let chart: Chart = self.read_whole_chart(record.chart).await?.state;
        let stands = is_there && chart.stands(record.manifest);
        Ok(if stands { Beside::Folder(record.folder) } else { Beside::Private(private) })
    }
}
