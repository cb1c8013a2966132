//! A patient who lost the wallet, or wants another, moves the chart to a new account: the recovery code proves the right, the
//! account that acts now can stop it while it waits, and the new one then takes over. The chart's id stays.

use medkey_crypto::vault::RecoveryCode;
use medkey_protocol::{Address, SolCall, acts::move_digest, contract::ICharts};

use crate::{
    Medkey,
    chain::Progress,
    fault::{Fault, Refusal},
    me::Me,
    ports::{Ports, ReadAt},
    recover::RecoverError,
};

/// A move that waits, as the chain has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingMove {
    /// To where.
    pub account: Address,
    /// From when on that account may take the chart: block time in seconds.
    pub effective: u64,
    /// Block time now.
    pub now: u64,
}

impl<P: Ports> Medkey<P> {
    /// Begins the move of `chart` to the wallet's account, which must be nobody yet.
    pub async fn propose_move(
        &self,
        chart: Address,
        typed: &str,
        progress: Progress<'_>,
    ) -> Result<WaitingMove, RecoverError> {
        let code = RecoveryCode::parse(typed)?;
        let (_, card) = self.member_with_card(chart).await?;
        let key = code.signing_key();
        if card.block.header.party != Some(key.address()) {
            return Err(RecoverError::OtherVault);
        }
        let (before, _) = self.view_move(chart).await.map_err(Fault::from)?;
        let account = self.account();
        let (r, vs) = key.sign(move_digest(&self.at, chart, account, before.nonce));
        let card = card.block.encode().map_err(Fault::from)?.bytes.into();
        let propose = ICharts::proposeMoveCall { chart, card, account, r, vs }.abi_encode();
        self.transact(vec![propose], progress).await?;
        let waiting = self.waiting_move(chart).await?;
        Ok(waiting.ok_or(Fault::Refused(Refusal::NoMove))?)
    }

    /// The move of a chart that waits, if there is one.
    pub async fn waiting_move(&self, chart: Address) -> Result<Option<WaitingMove>, Fault> {
        let (found, stamp) = self.view_move(chart).await?;
        let waiting = WaitingMove { account: found.account, effective: found.effective.to::<u64>(), now: stamp.time };
        Ok((waiting.account != Address::ZERO).then_some(waiting))
    }

    /// The account that acts for a chart now.
    pub async fn account_of(&self, chart: Address) -> Result<Address, Fault> {
        Ok(self.view_chart(chart, ReadAt::Newest).await?.0.owner)
    }

    /// Stops a move of one's own chart: somebody else may have found the recovery code.
    pub async fn veto_move(&self, me: &Me, progress: Progress<'_>) -> Result<u64, Fault> {
        let veto = ICharts::vetoMoveCall { chart: me.address }.abi_encode();
        Ok(self.transact(vec![veto], progress).await?.block)
    }

    /// Takes the chart over with the wallet's account, once the waiting period is over.
    pub async fn accept_move(&self, chart: Address, progress: Progress<'_>) -> Result<u64, Fault> {
        let accept = ICharts::acceptMoveCall { chart }.abi_encode();
        Ok(self.transact(vec![accept], progress).await?.block)
    }
}
