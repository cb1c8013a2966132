//! A device that remembers as long as the process runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use medkey_client::ports::{Device, DeviceError};
use medkey_crypto::RootSecret;
use medkey_protocol::Address;
use zeroize::Zeroizing;

/// What a browser would keep, in memory. Clones are the same device: ports opened anew over one are a reload.
#[derive(Debug, Clone, Default)]
pub struct MemoryDevice(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    kept: BTreeMap<String, Vec<u8>>,
    held: Option<Held>,
}

struct Held {
    member: Address,
    root: Zeroizing<Vec<u8>>,
    until: u64,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").field("member", &self.member).field("until", &self.until).finish_non_exhaustive()
    }
}

impl MemoryDevice {
    fn state(&self) -> Result<MutexGuard<'_, State>, DeviceError> {
        self.0.lock().map_err(|_| DeviceError)
    }
}

impl Device for MemoryDevice {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, DeviceError> {
        Ok(self.state()?.kept.get(name).cloned())
    }

    async fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        self.state()?.kept.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    async fn forget(&self, name: &str) -> Result<(), DeviceError> {
        self.state()?.kept.remove(name);
        Ok(())
    }

    async fn forget_all(&self, word: &str) -> Result<(), DeviceError> {
        self.state()?.kept.retain(|name, _| !name.contains(word));
        Ok(())
    }

    async fn hold(&self, member: Address, root: &RootSecret, until: u64) -> Result<(), DeviceError> {
        self.state()?.held = Some(Held { member, root: Zeroizing::new(root.expose().to_vec()), until });
        Ok(())
    }

    async fn held(&self, member: Address, now: u64) -> Result<Option<RootSecret>, DeviceError> {
        let mut state = self.state()?;
        if state.held.as_ref().is_some_and(|held| held.until <= now) {
            state.held = None;
        }
        let held = state.held.as_ref().filter(|held| held.member == member);
        Ok(held.and_then(|held| RootSecret::from_exposed(&held.root)))
    }

    async fn release(&self) -> Result<(), DeviceError> {
        self.state()?.held = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::system_rng;

    #[tokio::test]
    async fn keeps_under_a_name_until_told_to_forget() {
        let device = MemoryDevice::default();
        device.keep("a", b"one").await.unwrap();
        device.keep("a", b"two").await.unwrap();
        assert_eq!(device.clone().load("a").await.unwrap().unwrap(), b"two");
        device.forget("a").await.unwrap();
        assert_eq!(device.load("a").await.unwrap(), None);
        for name in ["slot 0x1", "passkey 0x1 b", "slot 0x2"] {
            device.keep(name, b"").await.unwrap();
        }
        device.forget_all("0x1").await.unwrap();
        assert_eq!(device.load("slot 0x1").await.unwrap(), None);
        assert_eq!(device.load("passkey 0x1 b").await.unwrap(), None);
        assert_eq!(device.load("slot 0x2").await.unwrap().unwrap(), b"");
    }

    #[tokio::test]
    async fn holds_the_root_for_its_member_and_time() {
        let device = MemoryDevice::default();
        let (member, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let root = RootSecret::make(&mut system_rng());
        device.hold(member, &root, 100).await.unwrap();

        assert!(device.held(other, 99).await.unwrap().is_none());
        assert_eq!(device.held(member, 99).await.unwrap().unwrap().expose(), root.expose());
        assert!(device.held(member, 100).await.unwrap().is_none());
        assert!(device.held(member, 99).await.unwrap().is_none(), "what ran out is wiped");

        device.hold(member, &root, 100).await.unwrap();
        device.release().await.unwrap();
        assert!(device.held(member, 99).await.unwrap().is_none());
    }
}
