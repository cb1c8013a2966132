//! AES-256-GCM of WebCrypto, with keys that cannot be exported.

use js_sys::{Array, ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey, SubtleCrypto};

use crate::refused::Refused;

const AES_GCM: &str = "AES-GCM";
const KEY_BITS: u16 = 256;
pub(crate) const NONCE_LENGTH: usize = 12;

/// Missing where a page came without https.
fn subtle() -> Result<SubtleCrypto, Refused> {
    Ok(web_sys::window().ok_or(Refused)?.crypto()?.subtle())
}

fn usages() -> JsValue {
    Array::of2(&"encrypt".into(), &"decrypt".into()).into()
}

/// A new key.
pub(crate) async fn make_key() -> Result<CryptoKey, Refused> {
    let algorithm = AesKeyGenParams::new(AES_GCM, KEY_BITS);
    let made = subtle()?.generate_key_with_object(&algorithm, false, &usages())?;
    Ok(JsFuture::from(made).await?.dyn_into()?)
}

/// The key with these bytes.
pub(crate) async fn import_key(bytes: &[u8; 32]) -> Result<CryptoKey, Refused> {
    let copy = Uint8Array::from(bytes.as_slice());
    let importing = subtle()?.import_key_with_str("raw", &copy, AES_GCM, false, &usages());
    // WebCrypto has taken its own copy by now.
    copy.fill(0, 0, copy.length());
    Ok(JsFuture::from(importing?).await?.dyn_into()?)
}

/// One use of a key.
pub(crate) struct Use<'a> {
    pub(crate) key: &'a CryptoKey,
    pub(crate) nonce: &'a [u8; NONCE_LENGTH],
    pub(crate) aad: &'a [u8],
}

impl Use<'_> {
    fn algorithm(&self) -> Object {
        let algorithm = AesGcmParams::new_with_u8_array(AES_GCM, &Uint8Array::from(self.nonce.as_slice()));
        algorithm.set_additional_data_u8_array(&Uint8Array::from(self.aad));
        algorithm.set_tag_length(128);
        algorithm.into()
    }

    /// Ciphertext followed by the 16-byte tag.
    pub(crate) async fn seal(&self, plain: &[u8]) -> Result<Uint8Array, Refused> {
        let sealing = subtle()?.encrypt_with_object_and_u8_array(&self.algorithm(), self.key, plain)?;
        bytes(sealing).await
    }

    /// The plaintext, if the tag is right.
    pub(crate) async fn open(&self, sealed: &[u8]) -> Result<Uint8Array, Refused> {
        let opening = subtle()?.decrypt_with_object_and_u8_array(&self.algorithm(), self.key, sealed)?;
        bytes(opening).await
    }
}

async fn bytes(promise: Promise) -> Result<Uint8Array, Refused> {
    let buffer: ArrayBuffer = JsFuture::from(promise).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer))
}
