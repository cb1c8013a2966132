//! A member takes a way to open the vault off the card. The root stays: whoever has copied the slot and holds its wallet or
//! passkey can still open what is sealed until the vault is [made anew](Medkey::renew_vault).

use medkey_protocol::Link;

use crate::{
    Medkey,
    chain::Progress,
    fault::Fault,
    me::Me,
    ports::{Passkeys, Ports},
};

impl<P: Ports> Medkey<P> {
    /// Removes a slot that the card names. One that it does not name any more is gone already.
    pub async fn remove_slot(&self, me: &Me, link: Link, progress: Progress<'_>) -> Result<(), Fault> {
        self.refresh_card(me).await?;
        let slot = self.slot_block(me, link).await?;
        let mut card = me.card();
        if !card.block.body.slots.contains(&link) {
            return Ok(());
        }
        card.block.body.slots.retain(|named| *named != link);
        let (call, card) = self.store_card(me, card).await?;
        self.transact(vec![call], progress).await?;
        me.set_card(card);
        self.forget_passkey(me.address, link).await;
        let passkey = slot.filter(|slot| self.is_for_this_site(slot)).and_then(|slot| slot.body.passkey);
        if let Some(passkey) = passkey {
            self.ports.passkeys().give_up(&self.origin.domain, &passkey.id.0).await;
        }
        Ok(())
    }
}
