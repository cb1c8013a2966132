//! A member makes the vault anew, because the recovery code was lost or seen by somebody, or a wallet's signature was: a new
//! root, a new code, and this wallet's slot alone. What locked the old root opens nothing that is sealed from now on; what
//! it could open until now cannot be recalled.

use medkey_crypto::{OpenError, RootSecret, card, vault::WalletKey};
use medkey_protocol::{Address, SolCall, api::Role, contract::ICharts};

use crate::{
    Medkey,
    chain::Progress,
    fault::Fault,
    folders::Changes,
    keep_notebook::Notebook,
    me::Me,
    people::CurrentCard,
    ports::{Device, Ports},
    register::{KeptVault, NewVault},
};

/// The name under which a device keeps in which block the vault was made anew.
fn renewed_name(member: Address) -> String {
    format!("renewed {member}")
}

impl<P: Ports> Medkey<P> {
    /// In which block the vault was last made anew, as the notebook says, or on this device; 0 if it never was.
    pub async fn renewed_in(&self, me: &Me, notebook: &Notebook) -> u64 {
        let kept = self.ports.device().load(&renewed_name(me.address)).await.ok().flatten();
        let here = kept.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
        if here > notebook.renewed {
            // The relay did not take it then. As long as it does not, the other devices go on warning.
            let _told = self.note_renewal(me, here).await;
        }
        here.max(notebook.renewed)
    }

    async fn note_renewal(&self, me: &Me, block: u64) -> Result<Notebook, Fault> {
        self.change_notebook(me, |notebook| notebook.renewed = notebook.renewed.max(block)).await
    }

    /// Puts the new vault in the old one's place, in one transaction. Every folder of a patient gets a new key for those who
    /// hold a live grant, and every live offer is withdrawn, as its secret follows from the old root. Other sites, other
    /// wallets and all passkeys enrol anew. After a failure the same new vault can be tried again.
    ///
    /// `me` is of the past afterwards: whoever calls goes on with what is returned.
    pub async fn renew_vault(
        &self,
        me: &Me,
        KeptVault(NewVault { root, code }): &KeptVault,
        wallet: &WalletKey,
        progress: Progress<'_>,
    ) -> Result<Me, Fault> {
        self.refresh_card(me).await?;
        let mut current = me.card();
        let mut calls = Vec::new();
        if me.role == Role::Patient {
            let read = self.read_own_chart(me).await?;
            let offers: Vec<_> = read.state.live_offers(read.time).map(|offer| (offer.key, offer.scope)).collect();
            let changes = Changes { root: Some(root), withdrawn: &offers, ..Changes::default() };
            if let Some(fitted) = self.fit_card(me, &read, &changes).await? {
                current = fitted;
            }
            calls.extend(offers.into_iter().map(|(key, scope)| {
                ICharts::withdrawOfferCall { chart: me.address, key, scope: scope.into() }.abi_encode()
            }));
        }
        let rng = &mut self.ports.rng();
        let former = std::iter::once(&me.root).chain(&me.former);
        let mut block = card::renew_card(&current.block, former, root, code, rng)?;
        let slot = self.wallet_slot(me, root, wallet).encode()?;
        self.store(&slot).await?;
        block.body.slots.push(slot.link());
        let (update, card) = self.store_card(me, CurrentCard { digest: current.digest, block }).await?;
        calls.push(update);
        let receipt = self.transact(calls, progress).await?;
        self.keep_slot(me.address, Some(&slot)).await;
        for link in current.block.body.slots {
            self.forget_passkey(me.address, link).await;
        }
        // Where neither device nor relay keeps anything, a warning about the former code stays.
        let _kept = self.ports.device().keep(&renewed_name(me.address), &receipt.block.to_be_bytes()).await;
        let root = RootSecret::from_exposed(root.expose()).ok_or(OpenError)?;
        let renewed = Me::new(me.address, me.role, root, card)?;
        self.sign_in(&renewed);
        // Written under the new root from here on. A warning about the former code ends on the other devices with it.
        let _told = self.note_renewal(&renewed, receipt.block).await;
        Ok(renewed)
    }
}
