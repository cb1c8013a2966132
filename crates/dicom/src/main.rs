//! The worker: reads a file that the page hands over, and draws its frames.

#[cfg(target_arch = "wasm32")]
mod worker;

/// The worker waits to be asked; see `crates/app/js/dicom.js`.
fn main() {}
