//! A doctor asks a patient for folders, with a reason that only the patient can read; the patient reads it, and denies
//! or grants.

use medkey_crypto::reason::{Asking, make_reason, open_reason};
use medkey_protocol::{
    Address, Digest, SolCall,
    blocks::{Block, Reason},
    contract::ICharts,
};

use crate::{
    Medkey,
    chain::Progress,
    chart::Asked,
    fault::{Fault, Lie},
    me::Me,
    ports::Ports,
    read_chart::ReadChart,
};

/// A request as the patient reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asked when, and what became of it.
    pub asked: Asked,
    /// What the requester wrote; `None` if it does not open.
    pub asking: Option<Asking>,
}

impl<P: Ports> Medkey<P> {
    /// Asks a patient for access.
    pub async fn request_access(
        &self,
        me: &Me,
        patient: Address,
        asking: &Asking,
        progress: Progress<'_>,
    ) -> Result<Digest, Fault> {
        let card = self.card_of(patient).await?;
        let context = self.context(patient);
        let reason = make_reason(&context, me.address, &card.identity()?, asking, &mut self.ports.rng())?.encode()?;
        self.store(&reason).await?;
        let call = ICharts::requestAccessCall { chart: patient, reason: reason.digest.into() }.abi_encode();
        self.transact(vec![call], progress).await?;
        Ok(reason.digest)
    }

    /// All requests of one's own chart, newest first, with the words of each.
    pub async fn read_requests(&self, me: &Me, read: &ReadChart) -> Result<Vec<Request>, Fault> {
        let mut requests = Vec::new();
        for asked in read.state.requests.iter().rev() {
            let asking = match self.block_of::<Reason>(asked.reason, me.address).await {
                Ok(reason) => open_asking(me, &reason, asked.requester),
                Err(Fault::Lie(Lie::Place)) | Err(Fault::Relay(crate::fault::RelayError::Refused { .. })) => None,
                Err(fault) => return Err(fault),
            };
            requests.push(Request { asked: asked.clone(), asking });
        }
        Ok(requests)
    }

    /// Says no to requests, in one transaction.
    pub async fn deny_requests(&self, me: &Me, asked: &[Asked], progress: Progress<'_>) -> Result<u64, Fault> {
        let deny = |asked: &Asked| {
            let (requester, reason) = (asked.requester, asked.reason.into());
            ICharts::denyRequestCall { chart: me.address, requester, reason }.abi_encode()
        };
        Ok(self.transact(asked.iter().map(deny).collect(), progress).await?.block)
    }
}

fn open_asking(me: &Me, reason: &Block<Reason>, requester: Address) -> Option<Asking> {
    if reason.header.party != Some(requester) {
        return None;
    }
    let roots = std::iter::once(&me.root).chain(&me.former);
    roots.into_iter().find_map(|root| open_reason(reason, &root.identity()).ok())
}
