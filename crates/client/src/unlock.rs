//! A member opens its vault with the wallet or a passkey; after a reload with what the device holds; and locks it.

use medkey_crypto::{
    OpenError, RootSecret, card,
    vault::{
        WalletKey,
        wallet::{SignatureError, SiteError},
    },
};
use medkey_protocol::{
    Address, Link,
    blocks::{Block, Passkey, Slot},
    ids::DAG_CBOR,
};
use zeroize::Zeroizing;

use crate::{
    Medkey,
    fault::Fault,
    me::Me,
    people::CurrentCard,
    ports::{Clock, Device, PasskeyError, Passkeys, Ports, Wallet},
};

/// What is about to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The wallet, to sign in: only on a device that does not know the member yet.
    SignIn,
    /// The wallet, to unlock.
    Unlock,
    /// The device, for the passkey.
    Passkey,
}

/// What a device knows of a member whose vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// The wallet opens it with one prompt.
    pub wallet_is_known: bool,
    /// Whether a passkey may.
    pub passkey: PasskeyWay,
}

/// Whether a passkey opens a vault here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyWay {
    /// One was used here before.
    Known,
    /// There may be one for this site: the card names several slots.
    Possible,
    /// No.
    None,
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
    /// No passkey was made for this site.
    #[error("There is no passkey for your account on this site. Unlock with your wallet; then you can add one.")]
    NoPasskey,
    /// The passkey gave nothing.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// The passkey's secret does not open its slot, or that holds a root that was retired.
    #[error("This passkey does not open your vault any more. Unlock with your wallet; then you can add it anew.")]
    OldPasskey,
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

/// The name under which a device keeps the slot of a passkey that was used there.
fn passkey_name(member: Address, link: Link) -> String {
    format!("passkey {member} {link}")
}

impl<P: Ports> Medkey<P> {
    /// How the vault of the member that the account acts for can be opened here.
    pub async fn ways_in(&self) -> Result<Ways, Fault> {
        let member = self.member().await?;
        let card = self.card_of(member).await?;
        let passkey = match card.block.body.slots.len() {
            _ if !self.ports.passkeys().are_here().await => PasskeyWay::None,
            _ if !self.kept_passkeys(member, &card).await.is_empty() => PasskeyWay::Known,
            // The wallet's own is one of them.
            2.. => PasskeyWay::Possible,
            _ => PasskeyWay::None,
        };
        Ok(Ways { wallet_is_known: self.kept_slot(member, &card).await.is_some(), passkey })
    }

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

    /// Opens the vault with a passkey: no prompt of the wallet on a device where it was used before, one on a new one.
    /// `prompt` is told before each.
    pub async fn unlock_with_passkey(&self, prompt: impl Fn(Prompt)) -> Result<Me, UnlockError> {
        let member = self.member().await?;
        let (found, card) = self.member_with_card(member).await?;
        let mut slots = self.kept_passkeys(member, &card).await;
        if slots.is_empty() {
            prompt(Prompt::SignIn);
            self.sign_in_with_wallet(member).await?;
            slots = self.slots_here(member, &card).await?;
        }
        let passkeys: Vec<Passkey> = slots.iter().filter_map(|slot| slot.body.passkey.clone()).collect();
        slots.retain(|slot| slot.body.passkey.is_some());
        if slots.is_empty() {
            return Err(UnlockError::NoPasskey);
        }
        prompt(Prompt::Passkey);
        let (which, key) = self.ports.passkeys().ask(&self.origin.domain, &passkeys).await?;
        let slot = slots.get(which).ok_or(UnlockError::OldPasskey)?;
        let root = card::open_slot(slot, &key).map_err(|_| UnlockError::OldPasskey)?;
        let me = Me::new(member, found.role, root, card).map_err(|_| UnlockError::OldPasskey)?;
        self.keep_passkey(member, slot).await;
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

    /// The slot the device keeps, if the card still names it and this wallet opens it on this site.
    async fn kept_slot(&self, member: Address, card: &CurrentCard) -> Option<Block<Slot>> {
        let bytes = self.ports.device().load(&slot_name(member)).await.ok()??;
        let named = card.block.body.slots.contains(&Link::of(DAG_CBOR, &bytes));
        let slot = Block::parse_of(&bytes, &self.at, member).ok()?;
        (named && self.is_for_this_site(&slot) && self.is_this_wallets(&slot)).then_some(slot)
    }

    /// The slots of passkeys that were used on this device and site, as far as the card still names them.
    pub(crate) async fn kept_passkeys(&self, member: Address, card: &CurrentCard) -> Vec<Block<Slot>> {
        let mut kept = Vec::new();
        for link in &card.block.body.slots {
            let bytes = self.ports.device().load(&passkey_name(member, *link)).await.ok().flatten();
            let named = bytes.filter(|bytes| link.names(bytes));
            let slot = named.and_then(|bytes| Block::<Slot>::parse_of(&bytes, &self.at, member).ok());
            kept.extend(slot.filter(|slot| self.is_for_this_site(slot) && slot.body.passkey.is_some()));
        }
        kept
    }

    /// Keeps the slot of a passkey that was used here. Where the device keeps nothing, the wallet is asked first.
    pub(crate) async fn keep_passkey(&self, member: Address, slot: &Block<Slot>) {
        if let Ok(slot) = slot.encode() {
            let _kept = self.ports.device().keep(&passkey_name(member, slot.link()), &slot.bytes).await;
        }
    }

    /// Forgets a passkey's slot that opens nothing any more.
    pub(crate) async fn forget_passkey(&self, member: Address, link: Link) {
        let _gone = self.ports.device().forget(&passkey_name(member, link)).await;
    }

    /// The wallet's slot from the relay, which hands it only to a session of the member.
    async fn fetch_slot(&self, member: Address, card: &CurrentCard) -> Result<Block<Slot>, UnlockError> {
        self.sign_in_with_wallet(member).await?;
        let slots = self.slots_here(member, card).await?;
        let slot = slots.into_iter().find(|slot| self.is_this_wallets(slot)).ok_or(UnlockError::NoSlot)?;
        self.keep_slot(member, slot.encode().ok().as_ref()).await;
        Ok(slot)
    }

    /// The slots for this site.
    async fn slots_here(&self, member: Address, card: &CurrentCard) -> Result<Vec<Block<Slot>>, Fault> {
        let mut slots = Vec::new();
        for link in &card.block.body.slots {
            let slot: Block<Slot> = self.block_of(link.digest(), member).await?;
            if self.is_for_this_site(&slot) {
                slots.push(slot);
            }
        }
        Ok(slots)
    }

    pub(crate) fn is_for_this_site(&self, slot: &Block<Slot>) -> bool {
        slot.body.domain == self.origin.domain
    }

    /// Whether the wallet's account opens it. One that names no account may be of any.
    fn is_this_wallets(&self, slot: &Block<Slot>) -> bool {
        let Slot { account, passkey, .. } = &slot.body;
        passkey.is_none() && account.is_none_or(|account| Address::from(account.0) == self.account())
    }
}
