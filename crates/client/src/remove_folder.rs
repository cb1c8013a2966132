//! A patient removes a folder of one's own that is empty and that nobody reads: its entry leaves the card. That there was
//! a folder stays on the chain in former cards, without its name.

use medkey_protocol::{FolderId, Scope};

use crate::{
    Medkey,
    add_record::sealed_to_current,
    chain::Progress,
    chart::Chart,
    fault::Fault,
    folders::{Changes, FolderError},
    me::Me,
    ports::Ports,
};

/// Whether somebody holds a live grant of a folder, or a code for it can be used.
#[must_use]
pub fn is_shared(state: &Chart, folder: FolderId, now: u64) -> bool {
    let scope = Scope::from(folder);
    let granted = state.live_grants(now).any(|grant| grant.scope == scope);
    granted || state.live_offers(now).any(|offer| offer.scope == scope)
}

impl<P: Ports> Medkey<P> {
    /// Removes the folder, in one transaction. A record that another device files in it at this very moment stays the
    /// patient's, in no folder, and can be moved to another.
    pub async fn remove_folder(&self, me: &Me, folder: FolderId, progress: Progress<'_>) -> Result<(), Fault> {
        sealed_to_current(async || {
            self.refresh_card(me).await?;
            let read = self.read_own_chart(me).await?;
            if !self.folders(&me.card()).iter().any(|one| one.id == folder && one.is_own()) {
                return Err(FolderError::Gone.into());
            }
            if is_shared(&read.state, folder, read.time) {
                return Err(FolderError::Shared.into());
            }
            let found = self.list_records(me, &read).await?;
            if found.records.iter().any(|record| record.folder == folder) {
                return Err(FolderError::NotEmpty.into());
            }
            if found.withheld > 0 {
                return Err(FolderError::NotKnown.into());
            }
            let fitted = self.fit_card(me, &read, &Changes::default()).await?;
            let mut card = fitted.unwrap_or_else(|| me.card());
            card.block.body.folders.retain(|entry| entry.id != folder);
            let (call, card) = self.store_card(me, card).await?;
            self.transact(vec![call], progress).await?;
            me.set_card(card);
            Ok(())
        })
        .await
    }
}
