//! The ports in a real browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod cipher;
mod clock;
mod device;
mod files;
mod javascript;
mod transport;
mod wallets;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
