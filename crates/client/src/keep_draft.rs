//! What a person has begun to write stays on the device over a reload, under a key of the person's own, until it is sent.

use medkey_crypto::{RootSecret, draft::DraftKey};
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
        let key = DraftKey::derive(&me.root, &me.context(), what);
        let sealed = key.seal(text, &mut self.ports.rng())?;
        Ok(self.ports.device().keep(&device_name(&key), &sealed).await?)
    }

    /// What was kept, if anything was. A draft from before the vault was made anew is found as well.
    pub async fn open_draft(&self, me: &Me, what: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        for key in keys(me, what) {
            if let Some(sealed) = self.ports.device().load(&device_name(&key)).await? {
                // What the device damaged is no draft any more.
                return Ok(key.open(&sealed).ok());
            }
        }
        Ok(None)
    }

    /// Forgets a draft: it was sent, or is not wanted any more.
    pub async fn forget_draft(&self, me: &Me, what: &str) -> Result<(), Fault> {
        for key in keys(me, what) {
            self.ports.device().forget(&device_name(&key)).await?;
        }
        Ok(())
    }
}

fn keys<'a>(me: &'a Me, what: &'a str) -> impl Iterator<Item = DraftKey> + 'a {
    let roots = std::iter::once(&me.root).chain(&me.former);
    roots.map(move |root: &RootSecret| DraftKey::derive(root, &me.context(), what))
}

fn device_name(key: &DraftKey) -> String {
    let name: String = key.name().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("draft {name}")
}
