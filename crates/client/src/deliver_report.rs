//! A laboratory or a doctor files a record in a patient's chart. It is sealed to the patient and to the folder, so that
//! whoever holds the folder can read it at once, and to the author, who keeps a copy.

use medkey_protocol::{Address, FolderId, blocks::Category};

use crate::{
    Medkey,
    add_record::{Filed, PlainFile, StoredRecord, sealed_to_current},
    chain::Progress,
    fault::{Fault, Refusal},
    me::Me,
    ports::{Ports, Source},
};

/// Where a record is filed in somebody else's chart.
#[derive(Debug, Clone, Copy)]
enum Into {
    /// In the patient's folder of this category.
    Category(Category),
    /// In this folder.
    Folder(FolderId),
}

impl<P: Ports> Medkey<P> {
    /// Delivers a file to the folder of this category in a patient's chart.
    pub async fn deliver_report(
        &self,
        me: &Me,
        patient: Address,
        file: PlainFile<impl Source>,
        category: Category,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        // Asked first, so that nobody uploads for somebody who is no patient.
        self.card_of(patient).await?;
        let record = self.store_file(patient, file, progress).await?;
        let filed = self.deliver_stored(me, patient, &[(&record, category)], progress).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Announces a stored file in this very folder of a patient's chart.
    pub(crate) async fn deliver_into(
        &self,
        me: &Me,
        patient: Address,
        record: &StoredRecord,
        folder: FolderId,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let into = [(record, Into::Folder(folder))];
        let filed = sealed_to_current(async || self.deliver_once(me, patient, &into, progress).await).await?;
        filed.into_iter().next().ok_or(Fault::NoKey)
    }

    /// Announces stored files in a patient's chart, in one transaction. Whoever declined in the wallet comes back here;
    /// nothing is uploaded again. Where the patient's card changed meanwhile the manifests are sealed again, not the
    /// bodies.
    pub async fn deliver_stored(
        &self,
        me: &Me,
        patient: Address,
        records: &[(&StoredRecord, Category)],
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let records: Vec<_> = records.iter().map(|(record, category)| (*record, Into::Category(*category))).collect();
        sealed_to_current(async || self.deliver_once(me, patient, &records, progress).await).await
    }

    async fn deliver_once(
        &self,
        me: &Me,
        patient: Address,
        records: &[(&StoredRecord, Into)],
        progress: Progress<'_>,
    ) -> Result<Vec<Filed>, Fault> {
        let card = self.card_of(patient).await?;
        let own_key = me.card().identity()?;
        let mut calls = Vec::new();
        let mut sealed = Vec::new();
        for (record, into) in records {
            let entry = card.block.body.folders.iter().find(|entry| match into {
                Into::Category(category) => entry.category == Some(*category),
                Into::Folder(id) => entry.id == *id,
            });
            let folder = entry.ok_or(Fault::Refused(Refusal::NoChart))?.id;
            let pending = self.seal_record(record.sealable(), &card, folder, me.address, Some(&own_key)).await?;
            calls.push(pending.add_call(patient));
            sealed.push((record.id(), pending.manifest));
        }
        let receipt = self.transact(calls, progress).await?;
        let filed = |(id, manifest)| Filed { id, manifest, block: receipt.block };
        Ok(sealed.into_iter().map(filed).collect())
    }
}
