//! A member looks at what opens its vault: which wallets and passkeys, on which sites, since when.

use medkey_protocol::{
    Address, Link,
    api::ErrorCode,
    blocks::{Block, Slot},
};

use crate::{
    Medkey,
    fault::{Fault, Lie, RelayError},
    me::Me,
    ports::Ports,
};

/// A slot that the card names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSlot {
    /// By which the card names it.
    pub link: Link,
    /// What opens it.
    pub opens: Opens,
    /// The site it is for; empty where it cannot be read.
    pub domain: String,
    /// When it was made, by its maker's clock.
    pub made: Option<u64>,
    /// Whether it opens the vault on this site: with this wallet, or with a passkey.
    pub here: bool,
}

/// What opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// The wallet of this account.
    Wallet(Address),
    /// A passkey, and whether it was used on this device.
    Passkey {
        /// It was.
        used_here: bool,
    },
    /// The server does not have it.
    Missing,
}

impl<P: Ports> Medkey<P> {
    /// Every slot of the member's current card, in its order.
    pub async fn list_slots(&self, me: &Me) -> Result<Vec<KnownSlot>, Fault> {
        self.refresh_card(me).await?;
        let card = me.card();
        let kept = self.kept_passkeys(me.address, &card).await;
        let mut slots = Vec::new();
        for link in card.block.body.slots {
            let Some(slot) = self.slot_block(me, link).await? else {
                slots.push(KnownSlot { link, opens: Opens::Missing, domain: String::new(), made: None, here: false });
                continue;
            };
            let at_this_site = self.is_for_this_site(&slot);
            let opens = match &slot.body.passkey {
                Some(_) => Opens::Passkey { used_here: kept.contains(&slot) },
                None => Opens::Wallet(account_of(&slot)),
            };
            let mine = matches!(opens, Opens::Passkey { .. }) || opens == Opens::Wallet(self.account());
            let here = at_this_site && mine;
            slots.push(KnownSlot { link, opens, domain: slot.body.domain, made: slot.body.made, here });
        }
        Ok(slots)
    }

    /// A slot's block; `None` where the server does not have it or hands out something else: it opens nothing then.
    pub(crate) async fn slot_block(&self, me: &Me, link: Link) -> Result<Option<Block<Slot>>, Fault> {
        match self.block_of(link.digest(), me.address).await {
            Ok(slot) => Ok(Some(slot)),
            Err(Fault::Relay(error)) if error.code() == Some(ErrorCode::NotFound) => Ok(None),
            Err(Fault::Lie(Lie::Place) | Fault::Relay(RelayError::Nonsense)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// The account whose wallet opens a slot; the member's own where it names none.
pub(crate) fn account_of(slot: &Block<Slot>) -> Address {
    slot.body.account.map_or(slot.header.subject, |account| Address::from(account.0))
}
