//! A patient lets a doctor or laboratory read a folder or one record until a day. Granting the same again before its end
//! extends it or cuts it short.

use medkey_crypto::envelope::{HandedKey, Introduction, make_envelope};
use medkey_protocol::{Address, Digest, FolderId, Scope, SolCall, api::Status, contract::ICharts};

use crate::{
    Medkey,
    chain::Progress,
    fault::{Fault, Refusal},
    folders::Changes,
    list_records::Record,
    me::Me,
    ports::Ports,
    tell_about_me::AboutMe,
};

/// What is shared.
#[derive(Debug, Clone, Copy)]
pub enum Shared<'a> {
    /// A folder: what is in it and what will be added while the grant lives.
    Folder(FolderId),
    /// One record.
    Record(&'a Record),
}

/// "Until I revoke it": the last block time that the contract can hold.
pub const UNTIL_REVOKED: u64 = (1 << 40) - 1;

/// What a patient decides.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Who.
    pub grantee: Address,
    /// What.
    pub shared: Shared<'a>,
    /// Until when: block time in seconds, exclusive.
    pub expiry: u64,
    /// The request that it answers.
    pub answers: Option<Digest>,
}

impl Shared<'_> {
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::Folder(folder) => (*folder).into(),
            Self::Record(record) => record.id.into(),
        }
    }
}

impl<P: Ports> Medkey<P> {
    /// Grants in one transaction: the envelope hands over today's key, the ring those of tomorrow.
    pub async fn grant_access(
        &self,
        me: &Me,
        about: &AboutMe,
        decision: &Decision<'_>,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        let Decision { grantee, shared, expiry, answers } = *decision;
        self.refresh_card(me).await?;
        let (standing, card) = self.member_with_card(grantee).await?;
        if standing.status != Status::Active || standing.profile.is_none() {
            return Err(Refusal::NotVerified.into());
        }
        let identity = card.identity()?;
        let read = self.read_own_chart(me).await?;
        let joining = match shared {
            Shared::Folder(folder) => Some((folder, &identity)),
            Shared::Record(_) => None,
        };
        let fitted = self.fit_rings(me, &read, &Changes { joining, ..Changes::default() }).await?;
        let current = fitted.as_ref().map_or_else(|| me.card(), |(_, card)| card.clone());
        let introduction =
            Introduction { name: about.name.clone(), birth_date: about.birth_date.clone(), request: answers };
        let (context, scope) = (me.context(), shared.scope());
        let rng = &mut self.ports.rng();
        let envelope = match shared {
            Shared::Folder(folder) => {
                let (_, ring) = self.ring(&current, folder).await?;
                let key = me.folder_key(&ring)?;
                make_envelope(&context, grantee, &identity, scope, HandedKey::Folder(&key), &introduction, rng)?
            }
            Shared::Record(record) => {
                make_envelope(&context, grantee, &identity, scope, HandedKey::Record(&record.key), &introduction, rng)?
            }
        };
        let envelope = envelope.encode()?;
        self.store(&envelope).await?;
        let grant = ICharts::grantAccessCall {
            chart: me.address,
            grantee,
            scope: scope.into(),
            expiry: medkey_protocol::Uint40::saturating_from(expiry),
            envelope: envelope.digest.into(),
        };
        let calls = fitted.iter().map(|(call, _)| call.clone()).chain([grant.abi_encode()]).collect();
        let receipt = self.transact(calls, progress).await?;
        me.set_card(current);
        Ok(receipt.block)
    }
}
