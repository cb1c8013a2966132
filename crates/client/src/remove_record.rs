//! A patient takes a record out of the own chart. The server hands it to nobody any more but the patient and its author;
//! what was read before cannot be recalled.

use medkey_protocol::{Digest, SolCall, contract::ICharts};

use crate::{Medkey, chain::Progress, fault::Fault, me::Me, ports::Ports};

impl<P: Ports> Medkey<P> {
    /// Removes the record with this manifest.
    pub async fn remove_record(&self, me: &Me, manifest: Digest, progress: Progress<'_>) -> Result<u64, Fault> {
        let call = ICharts::removeRecordCall { chart: me.address, manifest: manifest.into() }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }
}
