//! The worker: reads the pictures that the page hands over.

#[cfg(target_arch = "wasm32")]
mod worker;

/// The worker waits to be asked; see `crates/app/js/scan.js`.
fn main() {}
