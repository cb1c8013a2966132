//! What lies in IndexedDB, looked at from outside too.

use getrandom::SysRng;
use js_sys::{Array, Uint8Array};
use medkey_browser::BrowserDevice;
use medkey_client::ports::Device;
use medkey_crypto::RootSecret;
use medkey_protocol::Address;
use rand_core::UnwrapErr;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::javascript::{get, wait_for};

const MEMBER: Address = Address::repeat_byte(1);

/// Everything in the store `held`.
const READ_HELD: &str = "return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = reject;
    opening.onsuccess = () => {
        const reading = opening.result.transaction('held').objectStore('held').getAll();
        reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
        reading.onerror = reject;
    };
})";

/// Whether WebCrypto gives a key away, in any format.
const IS_EXPORTED: &str = "return Promise.all(['raw', 'jwk'].map((format) =>
    crypto.subtle.exportKey(format, key).then(() => true, () => false))).then((all) => all.includes(true))";

/// Changes one field of what is held.
const CHANGE_HELD: &str = "return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = reject;
    opening.onsuccess = () => {
        const store = opening.result.transaction('held', 'readwrite').objectStore('held');
        store.get('root').onsuccess = (event) => store.put({ ...event.target.result, [field]: value }, 'root');
        store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
    };
})";

async fn in_database(name: &str) -> Array {
    wait_for("name", READ_HELD, &[&name.into()]).await.dyn_into().unwrap()
}

fn root() -> RootSecret {
    RootSecret::make(&mut UnwrapErr(SysRng))
}

#[wasm_bindgen_test]
async fn keeps_under_a_name_until_told_to_forget() {
    let device = BrowserDevice::new("keeping");
    assert_eq!(device.load("slot").await.unwrap(), None);
    device.keep("slot", b"one").await.unwrap();
    device.keep("slot", b"two").await.unwrap();
    device.keep("other", b"").await.unwrap();
    let reloaded = BrowserDevice::new("keeping");
    assert_eq!(reloaded.load("slot").await.unwrap().unwrap(), b"two");
    assert_eq!(reloaded.load("other").await.unwrap().unwrap(), b"");
    reloaded.forget("slot").await.unwrap();
    assert_eq!(device.load("slot").await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn forgets_every_name_with_a_word_in_it() {
    let device = BrowserDevice::new("forgetting");
    for name in ["slot 0x1", "passkey 0x1 b", "slot 0x2"] {
        device.keep(name, b"kept").await.unwrap();
    }
    device.forget_all("0x1").await.unwrap();
    assert_eq!(device.load("slot 0x1").await.unwrap(), None);
    assert_eq!(device.load("passkey 0x1 b").await.unwrap(), None);
    assert_eq!(device.load("slot 0x2").await.unwrap().unwrap(), b"kept");
}

#[wasm_bindgen_test]
async fn holds_the_root_for_its_member_and_time() {
    let device = BrowserDevice::new("holding");
    let root = root();
    device.hold(MEMBER, &root, 100).await.unwrap();

    let reloaded = BrowserDevice::new("holding");
    assert!(reloaded.held(Address::repeat_byte(2), 99).await.unwrap().is_none());
    assert_eq!(reloaded.held(MEMBER, 99).await.unwrap().unwrap().expose(), root.expose());
    assert!(reloaded.held(MEMBER, 100).await.unwrap().is_none());
    assert_eq!(in_database("holding").await.length(), 0, "what ran out is deleted");
}

#[wasm_bindgen_test]
async fn release_deletes_the_key_and_the_wrapped_root() {
    let device = BrowserDevice::new("releasing");
    device.hold(MEMBER, &root(), 100).await.unwrap();
    assert_eq!(in_database("releasing").await.length(), 1);
    device.release().await.unwrap();
    assert_eq!(in_database("releasing").await.length(), 0);
    assert!(device.held(MEMBER, 0).await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn the_root_does_not_lie_there_in_the_clear() {
    let root = root();
    BrowserDevice::new("looking").hold(MEMBER, &root, 100).await.unwrap();
    let held = in_database("looking").await.get(0);
    let mut fields = 0;
    for name in ["member", "nonce", "sealed"] {
        let bytes = get(&held, name).dyn_into::<Uint8Array>().unwrap().to_vec();
        assert!(!bytes.windows(8).any(|window| root.expose().windows(8).any(|part| part == window)), "{name}");
        fields += 1;
    }
    assert_eq!(get(&held, "until").as_f64(), Some(100.0));
    let all = js_sys::Object::keys(held.unchecked_ref::<js_sys::Object>()).length();
    assert_eq!(all, fields + 2, "nothing else but the time and the key");
    assert_eq!(wait_for("key", IS_EXPORTED, &[&get(&held, "key")]).await, JsValue::FALSE);
}

#[wasm_bindgen_test]
async fn a_changed_time_or_member_opens_nothing() {
    let other = Uint8Array::from(Address::repeat_byte(2).as_slice());
    for (field, value) in [("until", JsValue::from(1_000)), ("member", other.into())] {
        let device = BrowserDevice::new("changing");
        device.hold(MEMBER, &root(), 100).await.unwrap();
        wait_for("name, field, value", CHANGE_HELD, &[&"changing".into(), &field.into(), &value]).await;
        for member in [MEMBER, Address::repeat_byte(2)] {
            assert!(device.held(member, 50).await.unwrap().is_none(), "{field}");
        }
    }
}
