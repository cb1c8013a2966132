//! A member opens its vault with the wallet; after a reload with what the device holds; and locks it.

use medkey_crypto::{
    OpenError, RootSecret, card,
    vault::{
        WalletKey,
        wallet::{SignatureError, SiteError},
    },
};
use medkey_protocol::{
    Address, Link,
    blocks::{Block, Slot},
    ids::DAG_CBOR,
};
use zeroize::Zeroizing;

use crate::{
    Medkey,
    fault::Fault,
    me::Me,
    people::CurrentCard,
    ports::{Clock, Device, Ports, Wallet},
};

/// What the wallet is about to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// To sign in: only on a device that does not know the member yet.
    SignIn,
    /// To unlock.
    Unlock,
}

/// Why the vault did not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// Anything that can go wrong in any act.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No slot was made for this wallet on this site.
    #[error(
        "This wallet cannot unlock your vault on this site yet. Use your recovery code; then you can add the wallet here."
    )]
    NoSlot,
    /// The signature is not the one the slot was made with.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The page's address cannot stand in the message.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The slot does not open, or holds a root that was retired.
    #[error("This wallet's key does not open your vault any more. Use your recovery code.")]
    OldSlot,
}

impl From<OpenError> for UnlockError {
    fn from(_: OpenError) -> Self {
        Self::OldSlot
    }
}

/// The name under which a device keeps a member's slot.
pub(crate) fn slot_name(member: Address) -> String {
    format!("slot {member}")
}

impl<P: Ports> Medkey<P> {
    /// Opens the vault with the wallet: one prompt on a known device, two on a new one. `prompt` is told before each.
    pub async fn unlock(&self, prompt: impl Fn(Prompt)) -> Result<Me, UnlockError> {
        let member = self.member().await?;
        let (found, card) = self.member_with_card(member).await?;
        let slot = match self.kept_slot(member, &card).await {
            Some(slot) => slot,
            None => {
                prompt(Prompt::SignIn);
                self.fetch_slot(member, &card).await?
            }
        };
        let message = self.unlock_message()?;
        prompt(Prompt::Unlock);
        let signature = Zeroizing::new(self.ports.wallet().sign_text(&message).await.map_err(Fault::from)?);
        let key = WalletKey::from_signature(&message, self.account(), &signature)?;
        let me = Me::new(member, found.role, card::open_slot(&slot, &key)?, card)?;
        self.sign_in(&me);
        Ok(me)
    }

    /// Opens the vault with what the device holds since before a reload, without a prompt. `None` if it holds nothing.
    pub async fn resume(&self) -> Result<Option<Me>, Fault> {
        let member = self.member().await?;
        let Some(root) = self.ports.device().held(member, self.ports.clock().now()).await? else { return Ok(None) };
        let me = self.me_with(member, root).await?;
        Ok(Some(me))
    }

    /// Lets a reload before `until` (seconds since 1970) need no prompt.
    pub async fn hold(&self, me: &Me, until: u64) -> Result<(), Fault> {
        Ok(self.ports.device().hold(me.address, &me.root, until).await?)
    }

    /// Locks: wipes what the device holds and what was read. The keys are wiped when the caller drops its [`Me`].
    pub async fn lock(&self) -> Result<(), Fault> {
        self.blocks.borrow_mut().clear();
        let released = self.ports.device().release().await;
        self.sign_out().await;
        Ok(released?)
    }

    /// The member that this root belongs to.
    pub(crate) async fn me_with(&self, member: Address, root: RootSecret) -> Result<Me, Fault> {
        let (found, card) = self.member_with_card(member).await?;
        let me = Me::new(member, found.role, root, card)?;
        self.sign_in(&me);
        Ok(me)
    }

    /// Reads the member's own card again, as after a change on another device.
    pub async fn refresh_card(&self, me: &Me) -> Result<(), Fault> {
        let card = self.card_of(me.address).await?;
        if !card::is_root_of(&card.block.body, &me.root) {
            return Err(Fault::VaultRenewed);
        }
        me.set_card(card);
        Ok(())
    }

    /// Whether this device keeps a slot with which the member's wallet opens the vault on this site.
    pub async fn unlocks_here(&self, me: &Me) -> bool {
        self.kept_slot(me.address, &me.card()).await.is_some()
    }

    /// The slot the device keeps, if the card still names it and it is for this site.
    async fn kept_slot(&self, member: Address, card: &CurrentCard) -> Option<Block<Slot>> {
        let bytes = self.ports.device().load(&slot_name(member)).await.ok()??;
        let named = card.block.body.slots.contains(&Link::of(DAG_CBOR, &bytes));
        let slot = Block::parse_of(&bytes, &self.at, member).ok()?;
        (named && self.is_for_this_site(&slot)).then_some(slot)
    }

    /// The slot from the relay, which hands it only to a session of the member.
    async fn fetch_slot(&self, member: Address, card: &CurrentCard) -> Result<Block<Slot>, UnlockError> {
        self.sign_in_with_wallet(member).await?;
        for link in &card.block.body.slots {
            let slot: Block<Slot> = self.block_of(link.digest(), member).await?;
            if self.is_for_this_site(&slot) {
                self.keep_slot(member, slot.encode().ok().as_ref()).await;
                return Ok(slot);
            }
        }
        Err(UnlockError::NoSlot)
    }

    fn is_for_this_site(&self, slot: &Block<Slot>) -> bool {
        slot.body.domain == self.origin.domain
    }
}
