//! A patient takes a record out of the own chart. The server hands it to nobody any more but the patient and its author;
//! what was read before cannot be recalled, and the chain keeps that it once was there.

use medkey_protocol::{Digest, SolCall, contract::ICharts};

use crate::{Medkey, chain::Progress, fault::Fault, me::Me, ports::Ports};

impl<P: Ports> Medkey<P> {
    /// Removes the record with this manifest. Where it has another by now, as after a change on another device, nothing
    /// is asked of the wallet: the contract would take the call, and the record would stay.
    pub async fn remove_record(&self, me: &Me, manifest: Digest, progress: Progress<'_>) -> Result<u64, Fault> {
        if !self.read_own_chart(me).await?.state.stands(manifest) {
            return Err(Fault::RecordChanged);
        }
        let call = ICharts::removeRecordCall { chart: me.address, manifest: manifest.into() }.abi_encode();
        let receipt = self.transact(vec![call], progress).await?;
        // Replaced while the wallet asked, it lives on under its new manifest.
        self.expect(me, |state| !state.replaced(manifest)).await?;
        Ok(receipt.block)
    }
}
