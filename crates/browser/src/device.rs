//! What the browser keeps, in IndexedDB.

use js_sys::{Object, Reflect, Uint8Array};
use medkey_client::ports::{Device, DeviceError};
use medkey_crypto::RootSecret;
use medkey_protocol::Address;
use rand_core::Rng;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;
use zeroize::Zeroizing;

use crate::{
    database::{Database, Store},
    refused::Refused,
    rng::browser_rng,
    subtle::{NONCE_LENGTH, Use, make_key},
};

const ROOT: &str = "root";

/// Keeps bytes in IndexedDB. The root lies there wrapped under a key that the browser keeps and nobody can export:
/// whoever copies the bytes off the disk's database by script gets nothing; the page itself can still unwrap it.
#[derive(Debug, Clone)]
pub struct BrowserDevice {
    database: String,
}

impl BrowserDevice {
    /// `database` is the name of its own in this origin, one per deployment.
    #[must_use]
    pub fn new(database: impl Into<String>) -> Self {
        Self { database: database.into() }
    }

    async fn open(&self) -> Result<Database, DeviceError> {
        Ok(Database::open(&self.database).await?)
    }
}

impl Device for BrowserDevice {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, DeviceError> {
        let value = self.open().await?.get(Store::Kept, name).await?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    async fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), DeviceError> {
        Ok(self.open().await?.put(Store::Kept, name, &Uint8Array::from(bytes)).await?)
    }

    async fn forget(&self, name: &str) -> Result<(), DeviceError> {
        Ok(self.open().await?.delete(Store::Kept, name).await?)
    }

    async fn forget_all(&self, word: &str) -> Result<(), DeviceError> {
        let database = self.open().await?;
        for name in database.names(Store::Kept).await?.into_iter().filter(|name| name.contains(word)) {
            database.delete(Store::Kept, &name).await?;
        }
        Ok(())
    }

    async fn hold(&self, member: Address, root: &RootSecret, until: u64) -> Result<(), DeviceError> {
        let held = Held::wrap(member, root, until).await?;
        Ok(self.open().await?.put(Store::Held, ROOT, &held.encode()?).await?)
    }

    async fn held(&self, member: Address, now: u64) -> Result<Option<RootSecret>, DeviceError> {
        let value = self.open().await?.get(Store::Held, ROOT).await?;
        if value.is_undefined() {
            return Ok(None);
        }
        let Some(held) = Held::parse(&value).filter(|held| now < held.until) else {
            self.release().await?;
            return Ok(None);
        };
        // Another member's stays until its time is over.
        if held.member != member {
            return Ok(None);
        }
        let root = held.unwrap().await;
        if root.is_none() {
            self.release().await?;
        }
        Ok(root)
    }

    async fn release(&self) -> Result<(), DeviceError> {
        Ok(self.open().await?.delete(Store::Held, ROOT).await?)
    }
}

/// A wrapped root, as it lies in the database.
struct Held {
    member: Address,
    until: u64,
    key: CryptoKey,
    nonce: [u8; NONCE_LENGTH],
    sealed: Vec<u8>,
}

impl Held {
    async fn wrap(member: Address, root: &RootSecret, until: u64) -> Result<Self, Refused> {
        let key = make_key().await?;
        let mut nonce = [0; NONCE_LENGTH];
        browser_rng().fill_bytes(&mut nonce);
        let aad = aad(member, until);
        let sealed = Use { key: &key, nonce: &nonce, aad: &aad }.seal(root.expose()).await?.to_vec();
        Ok(Self { member, until, key, nonce, sealed })
    }

    /// `None` when the bytes or the time beside them were changed.
    async fn unwrap(&self) -> Option<RootSecret> {
        let aad = aad(self.member, self.until);
        let opened = Use { key: &self.key, nonce: &self.nonce, aad: &aad }.open(&self.sealed).await.ok()?;
        let bytes = Zeroizing::new(opened.to_vec());
        opened.fill(0, 0, opened.length());
        RootSecret::from_exposed(&bytes)
    }

    fn encode(&self) -> Result<JsValue, Refused> {
        let object = Object::new();
        let set = |name: &str, value: &JsValue| Reflect::set(&object, &name.into(), value).map(drop);
        set("member", &Uint8Array::from(self.member.as_slice()))?;
        // Exact for as long as seconds matter.
        set("until", &(self.until as f64).into())?;
        set("key", &self.key)?;
        set("nonce", &Uint8Array::from(self.nonce.as_slice()))?;
        set("sealed", &Uint8Array::from(self.sealed.as_slice()))?;
        Ok(object.into())
    }

    fn parse(value: &JsValue) -> Option<Self> {
        let get = |name: &str| Reflect::get(value, &name.into()).ok();
        let bytes = |name: &str| get(name)?.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec());
        Some(Self {
            member: Address::from(<[u8; 20]>::try_from(bytes("member")?).ok()?),
            until: get("until")?.as_f64()? as u64,
            key: get("key")?.dyn_into().ok()?,
            nonce: bytes("nonce")?.try_into().ok()?,
            sealed: bytes("sealed")?,
        })
    }
}

fn aad(member: Address, until: u64) -> Vec<u8> {
    [member.as_slice(), &until.to_be_bytes()].concat()
}
