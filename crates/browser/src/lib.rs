//! The ports of [`medkey_client`] in a browser, and what else a page needs of it: wallets, files, downloads.
//!
//! The only crate below the views with `web-sys`. Outside wasm32 it is empty.

#![cfg(target_arch = "wasm32")]

mod cipher;
mod clock;
mod database;
mod device;
mod events;
mod helper;
mod passkeys;
mod ports;
mod refused;
mod rng;
mod save;
mod scan;
mod source;
mod spool;
mod subtle;
mod transport;
mod viewers;
pub mod wallets;

pub use cipher::WebCryptoCipher;
pub use clock::BrowserClock;
pub use device::BrowserDevice;
pub use passkeys::BrowserPasskeys;
pub use ports::BrowserPorts;
pub use rng::BrowserRng;
pub use save::{ObjectUrl, SaveError, save};
pub use scan::{Camera, CameraError, ScanError, read_picture};
pub use source::FileSource;
pub use spool::Spool;
pub use transport::{FetchBody, FetchTransport};
pub use viewers::{DicomWorker, Pdf, ViewerError};
