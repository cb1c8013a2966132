//! What `SPEC.md` promises, tested the same way natively and as wasm under Node.js.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod blocks;
mod body;
mod floe;
mod hpke;
mod kept;
mod keys;
mod offer;
mod recovery;
mod support;
mod tampering;
mod vault;
mod vectors;
