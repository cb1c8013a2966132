//! A doctor or a laboratory scans a patient's code and claims what it offers. Claim and visit are one transaction, so that
//! the chart opens at once, and the code is needed only this one time.

use medkey_crypto::offer::{self, OfferSecret, QrError};
use medkey_protocol::{Address, Scope, SolCall, contract::ICharts};

use crate::{
    Medkey,
    chain::Progress,
    chart::{Offer, OfferEnd},
    fault::{Fault, Refusal},
    me::Me,
    ports::Ports,
};

/// A code that was read, but opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClosedOffer {
    /// The chart has no offer with this key.
    #[error("There is no offer with this code. Check that all of it was scanned or copied.")]
    Unknown,
    /// The patient withdrew it.
    #[error("The patient has withdrawn this code. Ask the patient for a new one.")]
    Withdrawn,
    /// As many claimed it as might.
    #[error("This code is used up: as many have used it as the patient allowed. Ask the patient for a new one.")]
    UsedUp,
    /// Its time ran out.
    #[error("The time of this code has run out. Ask the patient for a new one.")]
    Expired,
}

/// A code that was scanned, and what it offers now.
#[derive(Debug)]
pub struct Scanned {
    /// Whose chart.
    pub chart: Address,
    /// The offers that can be claimed with it, from a chart that was read and checked.
    pub offers: Vec<Offer>,
    /// The scopes of the code that this member may open already.
    pub granted: Vec<Scope>,
    secret: OfferSecret,
}

impl<P: Ports> Medkey<P> {
    /// Reads a scanned or pasted code, and what it offers. A code of another Medkey is refused; one whose offers have
    /// ended too, unless its scopes are open to this member already.
    pub async fn scan_offer(&self, me: &Me, text: &str) -> Result<Scanned, Fault> {
        let (secret, context) = OfferSecret::parse_qr(text)?;
        if context != self.context(context.subject) {
            return Err(QrError::NotAnOffer.into());
        }
        let chart = context.subject;
        let read = self.read_chart(chart).await?;
        let key = secret.signing_key().address();
        let known: Vec<&Offer> = read.state.offers.iter().filter(|offer| offer.key == key).collect();
        let granted: Vec<Scope> = self
            .my_grants(me, &read)
            .map(|grant| grant.scope)
            .filter(|scope| known.iter().any(|offer| offer.scope == *scope))
            .collect();
        let claimable = |offer: &&&Offer| {
            offer.is_live(read.time) && !offer.is_claimed_by(me.address) && !granted.contains(&offer.scope)
        };
        let offers: Vec<Offer> = known.iter().filter(claimable).map(|offer| (**offer).clone()).collect();
        if offers.is_empty() && granted.is_empty() {
            return Err(why_closed(me.address, &known, read.time));
        }
        Ok(Scanned { chart, offers, granted, secret })
    }

    /// Claims all that the code offers and logs the visit, in one transaction. The chart then opens like any other
    /// ([`Medkey::open_chart`]) without a further prompt.
    pub async fn claim_offer(&self, me: &Me, scanned: &Scanned, progress: Progress<'_>) -> Result<(), Fault> {
        let Scanned { chart, offers, secret, .. } = scanned;
        let (chart, key) = (*chart, secret.signing_key().address());
        let context = self.context(chart);
        let mut calls = Vec::new();
        for Offer { scope, .. } in offers {
            let rng = &mut self.ports.rng();
            let claim = offer::make_claim(&context, me.address, me.identity.public(), *scope, secret, rng)?.encode()?;
            self.store(&claim).await?;
            let (r, vs) = secret.sign_claim(&self.at, chart, *scope, me.address);
            let (scope, envelope) = ((*scope).into(), claim.digest.into());
            calls.push(ICharts::claimOfferCall { chart, key, scope, envelope, r, vs }.abi_encode());
            calls.push(ICharts::logAccessCall { chart, scope }.abi_encode());
        }
        if !calls.is_empty() {
            self.transact(calls, progress).await?;
        }
        Ok(())
    }
}

fn why_closed(me: Address, known: &[&Offer], now: u64) -> Fault {
    if known.iter().any(|offer| offer.is_claimed_by(me)) {
        return Refusal::AlreadyClaimed.into();
    }
    let end = known.iter().find_map(|offer| offer.end(now));
    let closed = end.map_or(ClosedOffer::Unknown, |end| match end {
        OfferEnd::Withdrawn(_) => ClosedOffer::Withdrawn,
        OfferEnd::UsedUp(_) => ClosedOffer::UsedUp,
        OfferEnd::Expired => ClosedOffer::Expired,
    });
    closed.into()
}
