//! A patient withdraws an offer. The folder gets a new key in the same transaction: whoever kept the code learns nothing of
//! what is added from now on. Grants that were claimed before live on until they end or are revoked.

use medkey_protocol::{Address, Scope, SolCall, contract::ICharts};

use crate::{Medkey, chain::Progress, fault::Fault, folders::Changes, me::Me, ports::Ports};

impl<P: Ports> Medkey<P> {
    /// Withdraws an offer and renews the key of its folder.
    pub async fn withdraw_offer(
        &self,
        me: &Me,
        key: Address,
        scope: Scope,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        let changes = Changes { withdrawn: &[(key, scope)], ..Changes::default() };
        let fitted = self.fit_rings(me, &read, &changes).await?;
        let withdraw = ICharts::withdrawOfferCall { chart: me.address, key, scope: scope.into() }.abi_encode();
        let calls = std::iter::once(withdraw).chain(fitted.iter().map(|(call, _)| call.clone())).collect();
        let receipt = self.transact(calls, progress).await?;
        if let Some((_, card)) = fitted {
            me.set_card(card);
        }
        Ok(receipt.block)
    }
}
