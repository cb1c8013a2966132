//! The journey of a record: one file per thing a person does, over [`ports`] for wallet, relay, cipher and device.
//!
//! Nothing here trusts the relay. Every block is compared with its hash ([`fetch`]), every key with the card digest and
//! every profile with the verified digest on chain ([`people`]), every list with its chart's head ([`read_chart`]).
//! What the chain says is asked through the wallet ([`chain`]). A lie is a [`fault::Lie`], with a message of its own.
//!
//! The crate does no I/O and reads no clock: that is what the ports are for.

use std::{
    cell::{Cell, Ref, RefCell},
    collections::BTreeMap,
};

use medkey_protocol::{Address, Deployment, Link, api::Session};
use zeroize::Zeroizing;

pub mod add_passkey;
pub mod add_record;
pub mod amend_record;
pub mod ask_for_treatment;
pub mod chain;
pub mod chart;
pub mod claim_offer;
pub mod compare_keys;
pub mod confirm_record;
pub mod connect;
pub mod deliver_batch;
pub mod deliver_report;
pub mod describe_file;
pub mod export_chart;
pub mod fault;
mod fetch;
pub mod find_twin;
pub mod folders;
pub mod follow_hospitals;
pub mod grant_access;
pub mod import_document;
mod index;
pub mod keep_draft;
pub mod keep_notebook;
pub mod leave_device;
pub mod list_delivered;
pub mod list_members;
pub mod list_records;
pub mod list_slots;
pub mod live;
pub mod make_folder;
pub mod make_offer;
pub mod manage_hospitals;
pub mod me;
pub mod move_chart;
pub mod open_chart;
pub mod open_record;
pub mod people;
pub mod ports;
pub mod read_chart;
pub mod read_history;
pub mod read_registration;
pub mod read_timeline;
pub mod read_treatments;
pub mod record_vitals;
pub mod recover;
pub mod reencrypt_records;
pub mod refile_record;
pub mod refusal;
pub mod register;
mod relay;
pub mod remove_folder;
pub mod remove_record;
pub mod remove_slot;
pub mod rename_folder;
pub mod renew_vault;
pub mod replace_record;
pub mod request_access;
pub mod revoke_access;
pub mod scan_code;
mod sign_in;
mod stream;
pub mod tell_about_me;
pub mod time;
pub mod unlock;
pub mod verify_member;
pub mod withdraw_offer;
pub mod write_entries;
mod written;

pub use medkey_crypto::{
    envelope::Introduction,
    manifest::{Confirmed, Meta, RecordKind},
    offer::OfferSecret,
    reason::Asking,
    ring::FolderName,
    vault::WalletKey,
};

use fetch::VerifiedBlock;
use futures::lock::Mutex;
use ports::Ports;
use sign_in::Signer;

/// The site the app was opened at: what a wallet is asked to sign names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Host, and port if it is not the scheme's own.
    pub domain: String,
    /// Origin with scheme.
    pub uri: String,
}

/// Medkey as one person uses it: the ports, the deployment the app was built for, and the session at the relay.
pub struct Medkey<P> {
    ports: P,
    at: Deployment,
    origin: Origin,
    session: RefCell<Option<Session>>,
    signer: RefCell<Option<Signer>>,
    blocks: RefCell<BTreeMap<Link, VerifiedBlock>>,
    /// The nonce after the last signature that was used.
    nonce: Cell<u64>,
    /// What was signed and handed out, and has not been seen on chain.
    outstanding: Cell<Option<chain::Outstanding>>,
    /// Who may ask the wallet: one act after the other.
    prompt: Mutex<()>,
}

impl<P> core::fmt::Debug for Medkey<P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Medkey").field("at", &self.at).field("session", &self.session).finish_non_exhaustive()
    }
}

impl<P: Ports> Medkey<P> {
    /// Medkey over these ports, for the deployment that is part of the app's build.
    pub fn new(ports: P, at: Deployment, origin: Origin) -> Self {
        let (session, signer) = (RefCell::default(), RefCell::default());
        Self {
            ports,
            at,
            origin,
            session,
            signer,
            blocks: RefCell::default(),
            nonce: Cell::default(),
            outstanding: Cell::default(),
            prompt: Mutex::default(),
        }
    }

    /// The deployment.
    pub fn deployment(&self) -> &Deployment {
        &self.at
    }

    /// The ports.
    pub fn ports(&self) -> &P {
        &self.ports
    }

    /// The account in the wallet.
    pub fn account(&self) -> Address {
        use ports::Wallet as _;
        self.ports.wallet().account()
    }

    fn bearer(&self) -> Option<Zeroizing<String>> {
        let session: Ref<'_, Option<Session>> = self.session.borrow();
        session.as_ref().map(|session| Zeroizing::new(session.token.to_string()[2..].to_owned()))
    }

    fn context(&self, subject: Address) -> medkey_crypto::Context {
        medkey_crypto::Context::new(&self.at, subject)
    }
}
