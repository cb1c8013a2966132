//! All ports together.

use medkey_client::ports::Ports;
use medkey_crypto::floe::RustSegmentCipher;

use crate::{HttpTransport, KeyWallet, MemoryDevice, NoPasskeys, SystemClock, SystemRng, rng::system_rng};

/// Why ports cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Not a private key, or not words of a wallet.
    #[error("This is not a private key or a list of wallet words.")]
    Key,
    /// Not the address of a node.
    #[error("This is not the http address of a network node.")]
    Node,
    /// HTTP cannot be set up.
    #[error("The system lets this program make no connections.")]
    Network,
}

/// A person without a browser.
#[derive(Debug, Clone)]
pub struct NativePorts {
    wallet: KeyWallet,
    transport: HttpTransport,
    device: MemoryDevice,
    clock: SystemClock,
}

impl NativePorts {
    /// `relay` is its origin, such as `http://127.0.0.1:8700`. The device is new, the clock the system's.
    pub fn new(wallet: KeyWallet, relay: &str) -> Result<Self, ConnectError> {
        let transport = HttpTransport::new(relay).map_err(|_| ConnectError::Network)?;
        Ok(Self { wallet, transport, device: MemoryDevice::default(), clock: SystemClock::default() })
    }

    /// The same person on another device.
    #[must_use]
    pub fn with_device(self, device: MemoryDevice) -> Self {
        Self { device, ..self }
    }

    /// The same person by another clock.
    #[must_use]
    pub fn with_clock(self, clock: SystemClock) -> Self {
        Self { clock, ..self }
    }
}

impl Ports for NativePorts {
    type Wallet = KeyWallet;
    type Transport = HttpTransport;
    type Cipher = RustSegmentCipher;
    type Device = MemoryDevice;
    type Passkeys = NoPasskeys;
    type Clock = SystemClock;
    type Rng = SystemRng;

    fn wallet(&self) -> &KeyWallet {
        &self.wallet
    }

    fn transport(&self) -> &HttpTransport {
        &self.transport
    }

    fn cipher(&self) -> &RustSegmentCipher {
        &RustSegmentCipher
    }

    fn device(&self) -> &MemoryDevice {
        &self.device
    }

    fn passkeys(&self) -> &NoPasskeys {
        &NoPasskeys
    }

    fn clock(&self) -> &SystemClock {
        &self.clock
    }

    fn rng(&self) -> SystemRng {
        system_rng()
    }
}
