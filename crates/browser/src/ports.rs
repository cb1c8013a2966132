//! All ports together.

use medkey_client::ports::Ports;

use crate::{
    BrowserClock, BrowserDevice, BrowserPasskeys, BrowserRng, FetchTransport, WebCryptoCipher, rng::browser_rng,
    wallets::BrowserWallet,
};

/// A person at a browser.
#[derive(Debug)]
pub struct BrowserPorts {
    wallet: BrowserWallet,
    transport: FetchTransport,
    cipher: WebCryptoCipher,
    device: BrowserDevice,
    clock: BrowserClock,
}

impl BrowserPorts {
    /// With the wallet that the person chose.
    #[must_use]
    pub fn new(wallet: BrowserWallet, transport: FetchTransport, device: BrowserDevice) -> Self {
        Self { wallet, transport, cipher: WebCryptoCipher::default(), device, clock: BrowserClock }
    }
}

impl Ports for BrowserPorts {
    type Wallet = BrowserWallet;
    type Transport = FetchTransport;
    type Cipher = WebCryptoCipher;
    type Device = BrowserDevice;
    type Passkeys = BrowserPasskeys;
    type Clock = BrowserClock;
    type Rng = BrowserRng;

    fn wallet(&self) -> &BrowserWallet {
        &self.wallet
    }

    fn transport(&self) -> &FetchTransport {
        &self.transport
    }

    fn cipher(&self) -> &WebCryptoCipher {
        &self.cipher
    }

    fn device(&self) -> &BrowserDevice {
        &self.device
    }

    fn passkeys(&self) -> &BrowserPasskeys {
        &BrowserPasskeys
    }

    fn clock(&self) -> &BrowserClock {
        &self.clock
    }

    fn rng(&self) -> BrowserRng {
        browser_rng()
    }
}
