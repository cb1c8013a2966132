//! A fixed stream in place of random numbers, a fixed deployment, and what the tests share.

use std::{
    convert::Infallible,
    future::Future,
    pin::pin,
    task::{Poll, Waker},
};

use medkey_crypto::{Context, RootSecret};
use medkey_protocol::{Address, Deployment};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// `SHA-256(seed || 0) || SHA-256(seed || 1) || …`, the counter in eight big-endian bytes.
pub(crate) struct Stream {
    seed: Vec<u8>,
    counter: u64,
    rest: Vec<u8>,
}

impl Stream {
    pub(crate) fn new(seed: &str) -> Self {
        Self { seed: seed.into(), counter: 0, rest: Vec::new() }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.try_fill_bytes(&mut bytes).unwrap();
        bytes
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            if self.rest.is_empty() {
                let block = Sha256::new_with_prefix(&self.seed).chain_update(self.counter.to_be_bytes()).finalize();
                self.rest = block.iter().rev().copied().collect();
                self.counter += 1;
            }
            *byte = self.rest.pop().unwrap();
        }
        Ok(())
    }
}

impl TryCryptoRng for Stream {}

/// Runs a future that never waits, as those of the Rust cipher.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the Rust cipher never waits"),
    }
}

pub(crate) const DEPLOYMENT: Deployment = Deployment { chain: 31337, contract: Address::repeat_byte(0xc0), block: 1 };
pub(crate) const PATIENT: Address = Address::repeat_byte(0x01);
pub(crate) const DOCTOR: Address = Address::repeat_byte(0x02);
pub(crate) const LABORATORY: Address = Address::repeat_byte(0x03);

/// The patient's chart, and the patient as a member.
pub(crate) fn chart() -> Context {
    Context::new(&DEPLOYMENT, PATIENT)
}

/// Three contexts that differ from [`chart`] in one field each.
pub(crate) fn other_contexts() -> [Context; 3] {
    let at = chart();
    [
        Context { chain: 1, ..at },
        Context { contract: Address::repeat_byte(0xc1), ..at },
        Context { subject: DOCTOR, ..at },
    ]
}

pub(crate) fn root(byte: u8) -> RootSecret {
    RootSecret::from_exposed(&[byte; 32]).unwrap()
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    alloy_primitives::hex::encode(bytes)
}

pub(crate) fn unhex(value: &Value) -> Vec<u8> {
    alloy_primitives::hex::decode(value.as_str().unwrap()).unwrap()
}

/// `length` bytes of a pattern that repeats every 251 bytes.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

/// Every way to flip one bit of `bytes`.
pub(crate) fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// One flipped bit in every byte, natively; in every seventh as wasm, where public keys are slow.
pub(crate) fn some_flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let step = if cfg!(target_arch = "wasm32") { 7 } else { 1 };
    (0..bytes.len()).step_by(step).map(|at| {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1 << (at % 8);
        flipped
    })
}
