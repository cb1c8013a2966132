//! A patient gives a folder of one's own another name, or sets it apart as sensitive. The folder keeps its key: a ring of
//! the same epoch takes the place of the one that is there, with the name sealed anew. Whoever can read the folder reads
//! the new name too; whose grant has ended does not, as the rings are made to fit first.

use medkey_crypto::ring::{self, FolderName};
use medkey_protocol::FolderId;

use crate::{
    Medkey,
    add_record::sealed_to_current,
    chain::Progress,
    fault::Fault,
    folders::{Changes, FolderError},
    make_folder::parse_name,
    me::Me,
    ports::Ports,
};

impl<P: Ports> Medkey<P> {
    /// Changes name and sensitivity of a folder of one's own, in one transaction.
    pub async fn rename_folder(
        &self,
        me: &Me,
        folder: FolderId,
        name: &FolderName,
        progress: Progress<'_>,
    ) -> Result<(), Fault> {
        sealed_to_current(async || {
            self.refresh_card(me).await?;
            let read = self.read_own_chart(me).await?;
            let folders = self.own_folders(me).await?;
            if !folders.iter().any(|one| one.id == folder && one.is_own()) {
                return Err(FolderError::Gone.into());
            }
            let others = folders.iter().filter(|one| one.id != folder);
            let name = FolderName { name: parse_name(&name.name, others)?, sensitive: name.sensitive };
            let fitted = self.fit_card(me, &read, &Changes::default()).await?;
            let mut card = fitted.unwrap_or_else(|| me.card());
            let (_, mut ring) = self.ring(&card, folder).await?;
            let key = me.folder_key(&ring)?;
            ring::rename_ring(&mut ring, &key, &name, &mut self.ports.rng())?;
            let ring = ring.encode()?;
            self.store(&ring).await?;
            for entry in card.block.body.folders.iter_mut().filter(|entry| entry.id == folder) {
                entry.ring = ring.link();
            }
            let (call, card) = self.store_card(me, card).await?;
            self.transact(vec![call], progress).await?;
            me.set_card(card);
            Ok(())
        })
        .await
    }
}
