//! A patient makes an offer: a grant in advance to whoever holds a QR code, for a card in the wallet or a visit to come.
//! The code can be shown and printed again on every device of the patient.

use medkey_crypto::{
    OpenError,
    envelope::{HandedKey, Introduction},
    offer::{self, OfferSecret},
};
use medkey_protocol::{
    Address, SolCall,
    blocks::{Block, Envelope},
    contract::ICharts,
};
use rand_core::Rng;
use zeroize::Zeroizing;

use crate::{
    Medkey,
    chain::Progress,
    chart::Offer,
    fault::{Fault, Lie},
    folders::Changes,
    grant_access::Shared,
    me::Me,
    ports::Ports,
    tell_about_me::AboutMe,
};

/// What a patient offers.
#[derive(Debug, Clone, Copy)]
pub struct Offering<'a> {
    /// What.
    pub shared: Shared<'a>,
    /// Until when it can be claimed: block time in seconds, exclusive.
    pub expiry: u64,
    /// How long the grant of each claim lives, in seconds.
    pub length: u32,
    /// How many doctors or laboratories may claim it.
    pub claims: u32,
    /// Whether it is the patient's emergency card.
    pub emergency: bool,
}

/// An offer that was made.
pub struct Made {
    /// The address it is known by.
    pub key: Address,
    /// The text of its QR.
    pub code: Zeroizing<String>,
}

impl<P: Ports> Medkey<P> {
    /// Makes an offer in one transaction, and gives the text of its QR. The offer's key is put into the folder's ring, so
    /// that the code opens what is added later too.
    pub async fn make_offer(
        &self,
        me: &Me,
        about: &AboutMe,
        offering: &Offering<'_>,
        progress: Progress<'_>,
    ) -> Result<Made, Fault> {
        let Offering { shared, expiry, length, claims, emergency } = *offering;
        self.refresh_card(me).await?;
        let read = self.read_own_chart(me).await?;
        let rng = &mut self.ports.rng();
        let mut id = [0; 32];
        rng.fill_bytes(&mut id);
        let secret = me.root.offer(&id);
        let reader = secret.reader();
        let joining: Vec<_> = shared.folder().map(|folder| (folder, reader.public().clone())).into_iter().collect();
        let fitted = self.fit_rings(me, &read, &Changes { joining: &joining, ..Changes::default() }).await?;
        let current = fitted.as_ref().map_or_else(|| me.card(), |(_, card)| card.clone());
        let introduction =
            Introduction { name: about.name.clone(), birth_date: about.birth_date.clone(), request: None };
        let (context, scope) = (me.context(), shared.scope());
        let mut seal = |key| offer::make_offer(&context, &me.root, id, scope, key, &introduction, rng);
        let envelope = match shared {
            Shared::Folder(folder) => {
                let (_, ring) = self.ring(&current, folder).await?;
                seal(HandedKey::Folder(&me.folder_key(&ring)?))?
            }
            Shared::Record(record) => seal(HandedKey::Record(&record.key))?,
            Shared::Stored(record) => seal(HandedKey::Record(record.sealable().key))?,
        };
        let envelope = envelope.encode()?;
        self.store(&envelope).await?;
        let key = secret.signing_key().address();
        let terms = ICharts::OfferTerms {
            chart: me.address,
            key,
            scope: scope.into(),
            expiry: medkey_protocol::Uint40::saturating_from(expiry),
            length,
            claims,
            emergency,
            envelope: envelope.digest.into(),
        };
        let make = ICharts::makeOfferCall { terms }.abi_encode();
        let calls = fitted.iter().map(|(call, _)| call.clone()).chain([make]).collect();
        self.transact(calls, progress).await?;
        me.set_card(current);
        Ok(Made { key, code: secret.qr_text(&context) })
    }

    /// The text of the QR of an offer that was made before, on this device or another.
    pub async fn show_offer(&self, me: &Me, offer: &Offer) -> Result<Zeroizing<String>, Fault> {
        Ok(self.offer_secret(me, offer).await?.qr_text(&me.context()))
    }

    /// The secret of one's own offer: its envelope tells the id that it follows from.
    pub(crate) async fn offer_secret(&self, me: &Me, offer: &Offer) -> Result<OfferSecret, Fault> {
        let envelope: Block<Envelope> = self.block_of(offer.envelope, me.address).await?;
        if envelope.header.party != Some(offer.key) || envelope.body.scope != offer.scope {
            return Err(Lie::Place.into());
        }
        let id = envelope.body.offer.ok_or(OpenError)?;
        let mut secrets = std::iter::once(&me.root).chain(&me.former).map(|root| root.offer(&id.0));
        let own = secrets.find(|secret| secret.signing_key().address() == offer.key);
        Ok(own.ok_or(OpenError)?)
    }
}
