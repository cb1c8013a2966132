//! The ports of [`medkey_client`] outside a browser: a key in memory, HTTP, the system's clock and random numbers.
//! The journey's tests and the demo's seeding run over it.

mod clock;
mod device;
mod passkeys;
mod ports;
mod rng;
mod transport;
mod wallet;
#[cfg(feature = "world")]
pub mod world;

pub use clock::SystemClock;
pub use device::MemoryDevice;
pub use passkeys::NoPasskeys;
pub use ports::{ConnectError, NativePorts};
pub use rng::SystemRng;
pub use transport::{HttpBody, HttpTransport};
pub use wallet::KeyWallet;
