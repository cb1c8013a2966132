//! What a person has begun to write stays on the device over a reload, under a key of the person's own, until it is sent.

use medkey_crypto::{RootSecret, kept::KeptKey};
use zeroize::Zeroizing;

use crate::{
    Medkey,
    fault::Fault,
    me::Me,
    ports::{Device, Ports},
};

impl<P: Ports> Medkey<P> {
    /// Keeps what was written so far; `what` tells one draft from another.
    pub async fn keep_draft(&self, me: &Me, what: &str, text: &[u8]) -> Result<(), Fault> {
        let key = key_of(&me.root, me, what);
        let sealed = key.seal(text, &mut self.ports.rng())?;
        Ok(self.ports.device().keep(&key.name(), &sealed).await?)
    }

    /// What was kept, if anything was. A draft from before the vault was made anew is found as well.
    pub async fn open_draft(&self, me: &Me, what: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        for key in keys(me, what) {
            if let Some(sealed) = self.ports.device().load(&key.name()).await? {
                // What the device damaged is no draft any more.
                return Ok(key.open(&sealed).ok());
            }
        }
        Ok(None)
    }

    /// Forgets a draft: it was sent, or is not wanted any more.
    pub async fn forget_draft(&self, me: &Me, what: &str) -> Result<(), Fault> {
        for key in keys(me, what) {
            self.ports.device().forget(&key.name()).await?;
        }
        Ok(())
    }
}

fn keys<'a>(me: &'a Me, what: &'a str) -> impl Iterator<Item = KeptKey> + 'a {
    let roots = std::iter::once(&me.root).chain(&me.former);
    roots.map(move |root| key_of(root, me, what))
}

fn key_of(root: &RootSecret, me: &Me, what: &str) -> KeptKey {
    KeptKey::derive(root, &me.context(), &format!("draft {what}"))
}
