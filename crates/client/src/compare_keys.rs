//! Two people compare the words of their keys by voice or in person, and this device remembers that they matched.

use medkey_protocol::Address;

use crate::{
    Medkey,
    fault::Fault,
    me::Me,
    ports::{Clock, Device, Ports},
};

/// What a device remembers of having compared somebody's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// When, in seconds since 1970.
    pub at: u64,
    /// Whether the key is still the same.
    pub same: bool,
}

/// The name under which a device keeps which words matched.
fn compared_name(member: Address, other: Address) -> String {
    format!("compared {member} {other}")
}

impl<P: Ports> Medkey<P> {
    /// The words of a member's key, from the card that the chain names.
    pub async fn words_of(&self, member: Address) -> Result<String, Fault> {
        Ok(self.card_of(member).await?.fingerprint()?)
    }

    /// What this device remembers of somebody whose words are these now.
    pub async fn compared(&self, me: &Me, other: Address, words: &str) -> Option<Compared> {
        let kept = self.ports.device().load(&compared_name(me.address, other)).await.ok()??;
        let (at, matched) = kept.split_first_chunk()?;
        Some(Compared { at: u64::from_be_bytes(*at), same: matched == words.as_bytes() })
    }

    /// Remembers on this device that these words were compared and matched.
    pub async fn remember_compared(&self, me: &Me, other: Address, words: &str) -> Result<Compared, Fault> {
        let at = self.ports.clock().now();
        let kept = [&at.to_be_bytes(), words.as_bytes()].concat();
        self.ports.device().keep(&compared_name(me.address, other), &kept).await?;
        Ok(Compared { at, same: true })
    }
}
