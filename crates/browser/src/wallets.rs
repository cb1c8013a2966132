//! The wallets that a browser has, found as EIP-6963 says.

mod browser_wallet;
mod provider;

use std::{cell::RefCell, rc::Rc};

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, Event};

use self::provider::Provider;
pub use self::{
    browser_wallet::{BrowserWallet, Currency, Network, WalletChange},
    provider::Watch,
};
use crate::events::Listener;

const ANNOUNCE: &str = "eip6963:announceProvider";
const REQUEST: &str = "eip6963:requestProvider";

/// A wallet that announced itself, in its own words: nothing of it is checked by anybody.
#[derive(Debug, Clone)]
pub struct AnnouncedWallet {
    /// Of this wallet on this page load.
    pub id: String,
    /// For people.
    pub name: String,
    /// A `data:` address of an image, where it gave one.
    pub icon: Option<String>,
    /// Of its maker: the same after a reload.
    pub rdns: String,
    pub(crate) provider: Provider,
}

impl AnnouncedWallet {
    fn parse(event: &JsValue) -> Option<Self> {
        let detail = event.dyn_ref::<CustomEvent>()?.detail();
        let info = Reflect::get(&detail, &"info".into()).ok()?;
        let text = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string();
        Some(Self {
            id: text("uuid")?,
            name: text("name")?,
            icon: text("icon").filter(|icon| icon.starts_with("data:image/")),
            rdns: text("rdns")?,
            provider: Provider::parse(&Reflect::get(&detail, &"provider".into()).ok()?)?,
        })
    }
}

/// The list of wallets, kept up to date until it is dropped.
#[derive(Debug)]
pub struct Wallets {
    found: Rc<RefCell<Vec<AnnouncedWallet>>>,
    _listener: Option<Listener>,
}

impl Wallets {
    /// Asks all wallets to announce themselves. `changed` is given the whole list each time it grows; wallets may
    /// come late.
    pub fn discover(changed: impl Fn(&[AnnouncedWallet]) + 'static) -> Self {
        let found = Rc::<RefCell<Vec<AnnouncedWallet>>>::default();
        let list = Rc::clone(&found);
        let heard = move |event| {
            let Some(wallet) = AnnouncedWallet::parse(&event) else { return };
            {
                let mut list = list.borrow_mut();
                // A wallet announces itself again whenever anybody asks.
                if list.iter().any(|known| known.id == wallet.id) {
                    return;
                }
                list.push(wallet);
            }
            changed(&list.borrow());
        };
        let window = web_sys::window();
        let listener = window.as_ref().and_then(|window| Listener::start(window, ANNOUNCE, heard));
        if let (Some(window), Ok(request)) = (window, Event::new(REQUEST)) {
            window.dispatch_event(&request).ok();
        }
        Self { found, _listener: listener }
    }

    /// Those found so far, in the order they came.
    #[must_use]
    pub fn list(&self) -> Vec<AnnouncedWallet> {
        self.found.borrow().clone()
    }
}
