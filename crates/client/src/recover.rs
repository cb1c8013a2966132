//! A member opens its vault with the recovery code, and lets a wallet open it on this site from now on.

use medkey_crypto::{
    OpenError, RootSecret, card,
    vault::{RecoveryCode, WalletKey, recovery::CodeError},
};
use medkey_protocol::{
    Address, SolCall,
    blocks::{Block, Slot},
    contract::IMembers,
    ids::Fixed,
};

use crate::{
    Medkey,
    chain::Progress,
    fault::Fault,
    list_slots::account_of,
    me::Me,
    people::CurrentCard,
    ports::{Clock, Ports},
};

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

    /// Lets the wallet that was just enrolled open the vault on this site, in the place of what it had here before. Slots of
    /// other sites and passkeys stay; those of an account that does not act for the member any more go.
    pub async fn add_slot(&self, me: &Me, wallet: &WalletKey, progress: Progress<'_>) -> Result<(), Fault> {
        self.refresh_card(me).await?;
        let slot = self.wallet_slot(me, &me.root, wallet).encode()?;
        self.store(&slot).await?;
        let mut card = me.card();
        let mut slots = Vec::new();
        for link in card.block.body.slots {
            let gives_way = self.slot_block(me, link).await?.is_some_and(|old| self.gives_way(&old));
            if !gives_way {
                slots.push(link);
            }
        }
        slots.push(slot.link());
        card.block.body.slots = slots;
        let (call, card) = self.store_card(me, card).await?;
        self.transact(vec![call], progress).await?;
        me.set_card(card);
        self.keep_slot(me.address, Some(&slot)).await;
        Ok(())
    }

    /// A slot for this wallet on this site.
    pub(crate) fn wallet_slot(&self, me: &Me, root: &RootSecret, wallet: &WalletKey) -> Block<Slot> {
        let mut slot = card::make_slot(&me.context(), &self.origin.domain, root, wallet, &mut self.ports.rng());
        slot.body.account =
            Some(self.account()).filter(|account| *account != me.address).map(|account| Fixed(account.0.0));
        slot.body.made = Some(self.ports.clock().now());
        slot
    }

    /// Whether a new slot for this wallet on this site takes the place of this one.
    fn gives_way(&self, old: &Block<Slot>) -> bool {
        old.body.passkey.is_none() && (account_of(old) != self.account() || self.is_for_this_site(old))
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
