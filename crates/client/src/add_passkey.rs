//! A member lets a passkey open the vault on this site: the device makes it and gives its secret twice, and one transaction
//! puts its slot into the card.

use medkey_crypto::{
    card,
    vault::{PasskeyKey, passkey::NotRepeatable},
};
use medkey_protocol::{
    blocks::Passkey,
    ids::{Fixed, Octets},
};
use rand_core::Rng;

use crate::{
    Medkey,
    chain::Progress,
    fault::Fault,
    me::Me,
    ports::{Clock, MadePasskey, PasskeyError, PasskeyRequest, Passkeys, Ports},
};

/// A passkey whose secret is known to come back, without a slot yet.
#[derive(Debug)]
pub struct EnrolledPasskey {
    passkey: Passkey,
    key: PasskeyKey,
}

/// What the device is about to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyPrompt {
    /// To make the passkey.
    Make,
    /// For its secret, to be sure that it always unlocks.
    Check,
}

/// Why no passkey was enrolled. Nothing is left of it but, on some devices, a passkey that opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolPasskeyError {
    /// Anything that can go wrong in any act.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The device gave none.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// Its secret differs from time to time.
    #[error(transparent)]
    NotRepeatable(#[from] NotRepeatable),
    /// Its id does not fit into a slot.
    #[error("This device makes passkeys of a kind that Medkey cannot keep.")]
    TooLong,
}

impl<P: Ports> Medkey<P> {
    /// Has the device make a passkey, unless it has one for this member and site, and asks until its secret came twice:
    /// only if it gives the same bytes can it unlock. `prompt` is told before each time the device asks.
    pub async fn enrol_passkey(
        &self,
        me: &Me,
        prompt: impl Fn(PasskeyPrompt),
    ) -> Result<EnrolledPasskey, EnrolPasskeyError> {
        self.refresh_card(me).await?;
        let known = self.passkeys_here(me).await?;
        let mut salt = [0; 32];
        self.ports.rng().fill_bytes(&mut salt);
        let domain = self.origin.domain.as_str();
        let request = PasskeyRequest { domain, member: me.address, salt: &salt, known: &known };
        prompt(PasskeyPrompt::Make);
        let MadePasskey { id, key } = self.ports.passkeys().make(&request).await?;
        let passkey = Passkey { id: Octets(id), salt: Fixed(salt) };
        let enrolled = self.check_passkey(&passkey, key, prompt).await;
        if enrolled.is_err() {
            self.ports.passkeys().give_up(domain, &passkey.id.0).await;
        }
        Ok(EnrolledPasskey { passkey, key: enrolled? })
    }

    async fn check_passkey(
        &self,
        passkey: &Passkey,
        first: Option<PasskeyKey>,
        prompt: impl Fn(PasskeyPrompt),
    ) -> Result<PasskeyKey, EnrolPasskeyError> {
        if !(1..=Passkey::MAX_ID).contains(&passkey.id.0.len()) {
            return Err(EnrolPasskeyError::TooLong);
        }
        let asked = core::slice::from_ref(passkey);
        let ask = async || {
            prompt(PasskeyPrompt::Check);
            self.ports.passkeys().ask(&self.origin.domain, asked).await.map(|(_, key)| key)
        };
        let first = match first {
            Some(first) => first,
            None => ask().await?,
        };
        let second = ask().await?;
        Ok(PasskeyKey::enrol(first, &second)?)
    }

    /// Lets the passkey that was just enrolled open the vault on this site. After a failure the same one can be tried
    /// again.
    pub async fn add_passkey(
        &self,
        me: &Me,
        EnrolledPasskey { passkey, key }: &EnrolledPasskey,
        progress: Progress<'_>,
    ) -> Result<(), Fault> {
        self.refresh_card(me).await?;
        let mut slot = card::make_slot(&me.context(), &self.origin.domain, &me.root, key, &mut self.ports.rng());
        slot.body.passkey = Some(passkey.clone());
        slot.body.made = Some(self.ports.clock().now());
        let encoded = slot.encode()?;
        self.store(&encoded).await?;
        let mut card = me.card();
        card.block.body.slots.push(encoded.link());
        let (call, card) = self.store_card(me, card).await?;
        self.transact(vec![call], progress).await?;
        me.set_card(card);
        self.keep_passkey(me.address, &slot).await;
        Ok(())
    }

    /// Gives up a passkey that was enrolled and never added: the device is told that it opens nothing.
    pub async fn give_up_passkey(&self, EnrolledPasskey { passkey, .. }: EnrolledPasskey) {
        self.ports.passkeys().give_up(&self.origin.domain, &passkey.id.0).await;
    }

    /// The passkeys that open the vault on this site.
    async fn passkeys_here(&self, me: &Me) -> Result<Vec<Passkey>, Fault> {
        let mut here = Vec::new();
        for link in me.card().block.body.slots {
            let slot = self.slot_block(me, link).await?.filter(|slot| self.is_for_this_site(slot));
            here.extend(slot.and_then(|slot| slot.body.passkey));
        }
        Ok(here)
    }
}
