//! Whatever a browser throws: nobody can act on the difference, so each port says it in its own sentence.

use medkey_client::ports::{DeviceError, Disconnected, SourceError};
use medkey_crypto::floe::CipherError;
use wasm_bindgen::JsValue;

/// The browser threw, or answered something else than it should.
#[derive(Debug)]
pub(crate) struct Refused;

impl From<JsValue> for Refused {
    fn from(_: JsValue) -> Self {
        Self
    }
}

macro_rules! becomes {
    ($($error:ident),*) => {
        $(impl From<Refused> for $error {
            fn from(_: Refused) -> Self {
                Self
            }
        })*
    };
}

becomes!(CipherError, DeviceError, Disconnected, SourceError);
