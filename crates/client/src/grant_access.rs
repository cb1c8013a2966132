//! A patient lets doctors or laboratories read folders or records until a day. Granting the same again before its end
//! extends it or cuts it short.

use medkey_crypto::{
    PublicKey,
    envelope::{HandedKey, Introduction, make_envelope},
};
use medkey_protocol::{Address, Digest, FolderId, Scope, SolCall, api::Status, contract::ICharts};

use crate::{
    Medkey,
    add_record::StoredRecord,
    chain::Progress,
    fault::{Fault, Refusal},
    folders::Changes,
    list_records::Record,
    me::Me,
    people::CurrentCard,
    ports::Ports,
    read_chart::ReadChart,
    tell_about_me::AboutMe,
};

/// What is shared.
#[derive(Debug, Clone, Copy)]
pub enum Shared<'a> {
    /// A folder: what is in it and what will be added while the grant lives.
    Folder(FolderId),
    /// One record.
    Record(&'a Record),
    /// One record that is announced in the same transaction.
    Stored(&'a StoredRecord),
}

/// "Until I revoke it": the last block time that the contract can hold.
pub const UNTIL_REVOKED: u64 = (1 << 40) - 1;

/// What a patient decides.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Who: one, or the doctors of a hospital.
    pub grantees: &'a [Address],
    /// What.
    pub shared: &'a [Shared<'a>],
    /// Until when: block time in seconds, exclusive.
    pub expiry: u64,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

impl Shared<'_> {
    /// The folder, where it is one.
    pub(crate) fn folder(&self) -> Option<FolderId> {
        if let Self::Folder(folder) = self { Some(*folder) } else { None }
    }

    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::Folder(folder) => (*folder).into(),
            Self::Record(record) => record.id.into(),
            Self::Stored(record) => record.id().into(),
        }
    }
}

/// Somebody who may be given something: verified, with the key of the current card.
pub(crate) type Grantee = (Address, PublicKey);

impl<P: Ports> Medkey<P> {
    /// Grants all of it to all of them, in one transaction: the envelopes hand over today's keys, the rings those of
    /// tomorrow.
    pub async fn grant_access(
        &self,
        me: &Me,
        about: &AboutMe,
        decision: &Decision<'_>,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        self.refresh_card(me).await?;
        let grantees = self.verified(decision.grantees).await?;
        let read = self.read_own_chart(me).await?;
        let joining = joining(&grantees, decision.shared);
        let fitted = self.fit_rings(me, &read, &Changes { joining: &joining, ..Changes::default() }).await?;
        let current = fitted.as_ref().map_or_else(|| me.card(), |(_, card)| card.clone());
        let mut calls: Vec<Vec<u8>> = fitted.into_iter().map(|(call, _)| call).collect();
        calls.extend(self.grant_calls(me, &current, about, &grantees, decision, |_, _| true).await?);
        let receipt = self.transact(calls, progress).await?;
        me.set_card(current);
        Ok(receipt.block)
    }

    /// Those who can be given something. One among them who is not verified stops it.
    pub(crate) async fn verified(&self, grantees: &[Address]) -> Result<Vec<Grantee>, Fault> {
        let mut verified = Vec::new();
        for grantee in grantees {
            let (standing, card) = self.member_with_card(*grantee).await?;
            if standing.status != Status::Active || standing.profile.is_none() {
                return Err(Refusal::NotVerified.into());
            }
            verified.push((*grantee, card.identity()?));
        }
        Ok(verified)
    }

    /// Leaves the envelopes, and gives the calls that grant each of it to each of them that `wants` it.
    pub(crate) async fn grant_calls(
        &self,
        me: &Me,
        card: &CurrentCard,
        about: &AboutMe,
        grantees: &[Grantee],
        decision: &Decision<'_>,
        wants: impl Fn(Address, Scope) -> bool,
    ) -> Result<Vec<Vec<u8>>, Fault> {
        let Decision { shared, expiry, answers, .. } = *decision;
        let introduction =
            Introduction { name: about.name.clone(), birth_date: about.birth_date.clone(), request: answers };
        let mut calls = Vec::new();
        for shared in shared {
            let folder_key;
            let key = match shared {
                Shared::Folder(folder) => {
                    folder_key = me.folder_key(&self.ring(card, *folder).await?.1)?;
                    HandedKey::Folder(&folder_key)
                }
                Shared::Record(record) => HandedKey::Record(&record.key),
                Shared::Stored(record) => HandedKey::Record(record.sealable().key),
            };
            for (grantee, identity) in grantees.iter().filter(|(grantee, _)| wants(*grantee, shared.scope())) {
                let envelope = self.hand_over(me, (*grantee, identity), shared.scope(), &key, &introduction).await?;
                let grant = ICharts::grantAccessCall {
                    chart: me.address,
                    grantee: *grantee,
                    scope: shared.scope().into(),
                    expiry: medkey_protocol::Uint40::saturating_from(expiry),
                    envelope: envelope.into(),
                };
                calls.push(grant.abi_encode());
            }
        }
        Ok(calls)
    }

    /// Leaves an envelope with this key for a grantee.
    pub(crate) async fn hand_over(
        &self,
        me: &Me,
        (grantee, identity): (Address, &PublicKey),
        scope: Scope,
        key: &HandedKey<'_>,
        introduction: &Introduction,
    ) -> Result<Digest, Fault> {
        let rng = &mut self.ports.rng();
        let envelope = make_envelope(&me.context(), grantee, identity, scope, *key, introduction, rng)?.encode()?;
        self.store(&envelope).await?;
        Ok(envelope.digest)
    }
}

/// Who joins which folder with these grants.
pub(crate) fn joining(grantees: &[Grantee], shared: &[Shared<'_>]) -> Vec<(FolderId, PublicKey)> {
    let folders = shared.iter().filter_map(Shared::folder);
    folders.flat_map(|folder| grantees.iter().map(move |(_, identity)| (folder, identity.clone()))).collect()
}

/// Whether a grant until then would last longer than what is there.
pub(crate) fn lasts_longer(read: &ReadChart, grantee: Address, scope: Scope, expiry: u64) -> bool {
    let standing = read.state.grant(grantee, scope).filter(|grant| grant.is_live(read.time));
    standing.is_none_or(|grant| grant.expiry < expiry)
}
