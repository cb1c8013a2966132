//! A member opens its vault with the recovery code, and lets a wallet open it on this site from now on.

use medkey_crypto::{
    OpenError, card,
    vault::{RecoveryCode, WalletKey, recovery::CodeError},
};
use medkey_protocol::{Address, SolCall, contract::IMembers};

use crate::{Medkey, chain::Progress, fault::Fault, me::Me, people::CurrentCard, ports::Ports};

/// Why the recovery code did not open the vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoverError {
    /// Mistyped; says where.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Well formed, but not this member's.
    #[error(
        "This recovery code does not belong to this address. Check the address, and whether the code is the newest one."
    )]
    OtherVault,
    /// Anything that can go wrong in any act.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<OpenError> for RecoverError {
    fn from(_: OpenError) -> Self {
        Self::OtherVault
    }
}

impl<P: Ports> Medkey<P> {
    /// Opens the vault of `member` with its recovery code. Any wallet will do: it only asks the chain.
    pub async fn recover(&self, member: Address, typed: &str) -> Result<Me, RecoverError> {
        let code = RecoveryCode::parse(typed)?;
        let (found, card) = self.member_with_card(member).await?;
        let root = card::recover_root(&card.block, &code)?;
        let me = Me::new(member, found.role, root, card)?;
        self.sign_in(&me);
        Ok(me)
    }

    /// Lets the wallet that was just enrolled open the vault on this site. After a move the former account's slots go.
    pub async fn add_slot(&self, me: &Me, wallet: &WalletKey, progress: Progress<'_>) -> Result<(), Fault> {
        self.refresh_card(me).await?;
        let slot = card::make_slot(&me.context(), &self.origin.domain, &me.root, wallet, &mut self.ports.rng());
        let slot = slot.encode()?;
        self.store(&slot).await?;
        let mut card = me.card();
        if self.account() != me.address {
            card.block.body.slots.clear();
        }
        card.block.body.slots.push(slot.link());
        let (call, card) = self.store_card(me, card).await?;
        self.transact(vec![call], progress).await?;
        me.set_card(card);
        self.keep_slot(me.address, Some(&slot)).await;
        Ok(())
    }

    /// Stores a changed card and gives the call that puts it in the place of the one it was made from.
    pub(crate) async fn store_card(&self, me: &Me, card: CurrentCard) -> Result<(Vec<u8>, CurrentCard), Fault> {
        let encoded = card.block.encode()?;
        self.store(&encoded).await?;
        let previous = me.card().digest.into();
        let call = IMembers::updateCardCall { previous, card: encoded.digest.into() }.abi_encode();
        Ok((call, CurrentCard { digest: encoded.digest, block: card.block }))
    }
}
