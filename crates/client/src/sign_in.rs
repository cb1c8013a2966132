//! A member opens a session at the relay. A session gives the relay's bytes and nothing more: it unlocks no vault.

use medkey_crypto::SignInKey;
use medkey_protocol::{
    Address,
    api::{Proof, SessionRequest},
    ids::Fixed,
    login,
};

use crate::{
    Medkey, Origin,
    fault::{Fault, RelayError},
    me::Me,
    ports::{Ports, Wallet, WalletError},
};

/// Who answers the relay's challenges for this member.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) member: Address,
    pub(crate) key: SignInKey,
}

impl<P: Ports> Medkey<P> {
    /// From here on sessions are opened with this member's sign-in key, without a prompt, whenever one is needed.
    pub(crate) fn sign_in(&self, me: &Me) {
        self.session.replace(None);
        self.signer.replace(Some(Signer { member: me.address, key: me.root.sign_in() }));
    }

    /// Opens a session if there is a key to open it with.
    pub(crate) async fn renew_session(&self) -> Result<bool, RelayError> {
        let Some(member) = self.signer.borrow().as_ref().map(|signer| signer.member) else { return Ok(false) };
        self.session.replace(None);
        let challenge = self.relay_challenge(member).await?;
        let bytes = login::key_bytes(member, &self.at, &challenge.nonce);
        let signature = match self.signer.borrow().as_ref() {
            Some(signer) if signer.member == member => Fixed(signer.key.sign(&bytes)),
            _ => return Ok(false),
        };
        let request = SessionRequest { member, nonce: challenge.nonce, proof: Proof::Key { signature } };
        let session = self.relay_session(&request).await?;
        self.session.replace(Some(session));
        Ok(true)
    }

    /// Opens a session of the member that the account acts for, with a wallet prompt: it hands out the member's own slots and nothing else.
    pub(crate) async fn sign_in_with_wallet(&self, member: Address) -> Result<(), Fault> {
        self.session.replace(None);
        let challenge = self.relay_challenge(member).await?;
        // Anything else could add lines of the relay's to what the wallet signs.
        if !is_instant(&challenge.issued_at) {
            return Err(RelayError::Nonsense.into());
        }
        // The relay's own idea of the domain is not asked: a text for another site is never signed.
        let Origin { domain, uri } = &self.origin;
        let text = login::wallet_text(domain, uri, self.account(), &self.at, &challenge.nonce, &challenge.issued_at);
        let signature = self.ports.wallet().sign_text(&text).await?;
        let signature = Fixed(signature.try_into().map_err(|_| WalletError::Unsupported)?);
        let request = SessionRequest { member, nonce: challenge.nonce, proof: Proof::Wallet { signature } };
        let session = self.relay_session(&request).await?;
        self.session.replace(Some(session));
        Ok(())
    }

    /// Ends the session; what is in memory of it is forgotten even if the relay cannot be told.
    pub(crate) async fn sign_out(&self) {
        self.signer.replace(None);
        if self.session.borrow().is_some() {
            let _told = self.relay_end_session().await;
        }
        self.session.replace(None);
    }
}

/// Whether a text holds nothing but what an RFC 3339 time does.
fn is_instant(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_digit() || b"TZ:+-.".contains(&byte);
    (20..=40).contains(&text.len()) && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::is_instant;

    #[test]
    fn a_time_is_signed_and_nothing_else() {
        for time in ["2026-11-20T08:12:00Z", "2026-11-20T08:12:00.123456789Z", "2026-11-20T09:12:00+01:00"] {
            assert!(is_instant(time), "{time}");
        }
        for other in
            ["", "now", "2026-11-20T08:12:00Z\nResources:\n- urn:x", "2026-11-20 08:12:00Z", "2026-11-20T08:12Z"]
        {
            assert!(!is_instant(other), "{other}");
        }
    }
}
