//! A patient takes a grant back. The folder gets a new key in the same transaction, sealed to everyone who remains, so
//! that what is added from now on stays closed to the one who left. What was read cannot be recalled.
//!
//! Who left may hold the code of an offer of the same folder, and would come back with it: such offers can be withdrawn in
//! the same transaction.

use medkey_protocol::{Address, Scope, SolCall, contract::ICharts};

use crate::{Medkey, chain::Progress, fault::Fault, folders::Changes, me::Me, ports::Ports, read_chart::ReadChart};

impl<P: Ports> Medkey<P> {
    /// Revokes a grant, withdraws the offers of the same scope with these keys, and renews the key of the folder.
    pub async fn revoke_access(
        &self,
        me: &Me,
        grantee: Address,
        scope: Scope,
        offers: &[Address],
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        let withdrawn: Vec<(Address, Scope)> = offers.iter().map(|key| (*key, scope)).collect();
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        let changes = Changes { leaving: &[(grantee, scope)], withdrawn: &withdrawn, ..Changes::default() };
        self.take_back(me, &read, &changes, None, progress).await
    }

    /// Revokes several grants and renews the keys of their folders, in one transaction.
    pub async fn revoke_all(&self, me: &Me, grants: &[(Address, Scope)], progress: Progress<'_>) -> Result<u64, Fault> {
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        let changes = Changes { leaving: grants, ..Changes::default() };
        self.take_back(me, &read, &changes, None, progress).await
    }

    /// Does one call first, then takes back what is leaving and withdrawn, with new keys for those who remain.
    pub(crate) async fn take_back(
        &self,
        me: &Me,
        read: &ReadChart,
        changes: &Changes<'_>,
        first: Option<Vec<u8>>,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        let fitted = self.fit_rings(me, read, changes).await?;
        let chart = me.address;
        let revoke = changes.leaving.iter().map(|(grantee, scope)| {
            ICharts::revokeAccessCall { chart, grantee: *grantee, scope: (*scope).into() }.abi_encode()
        });
        let withdraw = changes
            .withdrawn
            .iter()
            .map(|(key, scope)| ICharts::withdrawOfferCall { chart, key: *key, scope: (*scope).into() }.abi_encode());
        let renew = fitted.iter().map(|(call, _)| call.clone());
        let calls = first.into_iter().chain(revoke).chain(withdraw).chain(renew).collect();
        let receipt = self.transact(calls, progress).await?;
        if let Some((_, card)) = fitted {
            me.set_card(card);
        }
        Ok(receipt.block)
    }

    /// Takes no further records from an author, or takes them again.
    pub async fn block_author(
        &self,
        me: &Me,
        author: Address,
        blocked: bool,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        let call = ICharts::blockAuthorCall { chart: me.address, author, blocked }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }
}
