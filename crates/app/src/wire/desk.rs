//! Who is here: which wallet was chosen, what its account is to Medkey, and whether the vault is open.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use medkey_browser::{
    BrowserDevice, BrowserPorts, FetchTransport,
    wallets::{AnnouncedWallet, BrowserWallet, WalletChange, Wallets},
};
use medkey_client::{
    Medkey, Origin,
    connect::Known,
    fault::{Fault, Lie},
    me::Me,
    move_chart::WaitingMove,
    people::Standing,
    ports::{Device as _, Ports as _},
};
use medkey_protocol::{Address, Deployment};
use zeroize::Zeroizing;

use super::{build, moving};
use crate::load::Trouble;

/// Medkey in this browser.
pub type Client = Medkey<BrowserPorts>;

/// Milliseconds of use after which the device is told anew how long to hold the vault open.
const HOLD_EVERY: f64 = 60_000.0;
/// Where the name of the wallet is kept that was chosen last.
const WALLET_KEY: &str = "medkey.wallet";
/// Where the minutes until the vault locks by itself are kept.
const LOCK_KEY: &str = "medkey.lock-after";
/// Where it is kept that a closed page locks.
const CLOSING_KEY: &str = "medkey.locks-when-closed";
/// Those minutes, unless the person chose others.
const LOCK_AFTER: u64 = 15;
/// How often the page looks whether it is time to lock.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A wallet that is connected, and Medkey over it.
pub struct Seat {
    /// Medkey.
    pub client: Client,
    /// The wallet's name.
    pub wallet: String,
}

/// A member whose vault is open.
pub struct Open {
    /// The wallet.
    pub seat: Rc<Seat>,
    /// The member.
    pub me: Me,
    /// As the chain had it when the vault was opened.
    pub standing: Standing,
    /// Whether the wallet's account acts for the member. It does not where the recovery code opened the vault over
    /// another one.
    pub acts: Cell<bool>,
}

impl Open {
    /// Medkey.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.seat.client
    }
}

/// How far somebody has come.
#[derive(Clone)]
pub enum Stage {
    /// The wallet of the last time is being looked for.
    Looking,
    /// No wallet is chosen.
    Out,
    /// The account is nothing to Medkey yet.
    Stranger(Rc<Seat>),
    /// The account is nothing yet, and this device remembers that a record was to move to it.
    Expecting {
        /// The wallet.
        seat: Rc<Seat>,
        /// The record.
        chart: Address,
        /// The move, unless it was stopped.
        waiting: Option<WaitingMove>,
    },
    /// The record of this account has moved to another.
    MovedAway {
        /// The wallet.
        seat: Rc<Seat>,
        /// To where.
        to: Address,
    },
    /// A member whose vault is locked.
    Locked {
        /// The wallet.
        seat: Rc<Seat>,
        /// The member that the account acts for.
        member: Address,
        /// As the chain has the member.
        standing: Standing,
        /// It was locked because nothing happened for a while.
        by_itself: bool,
    },
    /// A member whose vault is open.
    Open(Rc<Open>),
    /// A patient who is about to move the record to this account, with the recovery code where it has just been typed.
    Proposing(Rc<Open>, Option<Rc<Zeroizing<String>>>),
    /// A patient who takes the record over, now that the waiting period has ended.
    Taking(Rc<Open>),
    /// A member who makes the vault anew, with a new recovery code.
    Renewing(Rc<Open>),
    /// The registrar, who has no vault.
    Registrar(Rc<Seat>),
    /// The server is not the one that this app was built for.
    Lied(Lie),
}

/// The desk of this page, in its context.
#[derive(Clone, Copy)]
pub struct Desk {
    /// How far somebody has come.
    pub stage: RwSignal<Stage, LocalStorage>,
    /// The wallets found so far.
    pub wallets: RwSignal<Vec<AnnouncedWallet>, LocalStorage>,
    /// The wallet that is being asked to connect.
    pub asking: RwSignal<Option<String>>,
    /// Why the last try to connect did not work.
    pub trouble: RwSignal<Option<Trouble>>,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Clone, Default)]
struct Inner {
    found: Rc<RefCell<Option<Wallets>>>,
    watches: Rc<RefCell<Vec<medkey_browser::wallets::Watch>>>,
    last_sign: Rc<Cell<f64>>,
    last_hold: Rc<Cell<f64>>,
    seats: Rc<Cell<u32>>,
}

impl Desk {
    /// Begins to look for wallets, and sits down again with the one of the last time if that needs no prompt.
    #[must_use]
    pub fn start() -> Self {
        let desk = Self {
            stage: RwSignal::new_local(Stage::Looking),
            wallets: RwSignal::new_local(Vec::new()),
            asking: RwSignal::new(None),
            trouble: RwSignal::new(None),
            inner: StoredValue::new_local(Inner::default()),
        };
        let remembered = kept(WALLET_KEY);
        let tried = Cell::new(false);
        let found = Wallets::discover(move |list| {
            desk.wallets.set(list.to_vec());
            let known = list.iter().find(|wallet| Some(&wallet.rdns) == remembered.as_ref());
            if let Some(wallet) = known.cloned().filter(|_| !tried.replace(true)) {
                spawn_local(desk.sit_down_again(wallet));
            }
        });
        desk.inner.with_value(|inner| inner.found.replace(Some(found)));
        // A wallet that is there announces itself at once; one that is gone never will.
        set_timeout(
            move || {
                if matches!(desk.stage.get_untracked(), Stage::Looking) && desk.asking.get_untracked().is_none() {
                    desk.stage.set(Stage::Out);
                }
            },
            Duration::from_millis(400),
        );
        if kept(WALLET_KEY).is_none() {
            desk.stage.set(Stage::Out);
        }
        desk.watch_for_idleness();
        desk
    }

    /// Asks a wallet to connect.
    pub fn connect(self, id: &str) {
        let Some(wallet) = self.wallets.get_untracked().into_iter().find(|wallet| wallet.id == id) else { return };
        spawn_local(async move {
            self.asking.set(Some(wallet.id.clone()));
            self.trouble.set(None);
            let connected = async {
                let at = build::deployment().ok_or(Fault::Lie(Lie::Deployment))?;
                let seat = BrowserWallet::connect(&wallet, build::network(&at)).await?;
                keep(WALLET_KEY, &wallet.rdns);
                self.take_seat(&wallet, seat, at).await
            };
            if let Err(fault) = connected.await {
                self.fail(fault);
            }
            self.asking.set(None);
        });
    }

    async fn sit_down_again(self, wallet: AnnouncedWallet) {
        self.asking.set(Some(wallet.id.clone()));
        let connected = async {
            let at = build::deployment().ok_or(Fault::Lie(Lie::Deployment))?;
            match BrowserWallet::reconnect(&wallet, build::network(&at)).await? {
                Some(seat) => self.take_seat(&wallet, seat, at).await,
                None => {
                    self.stage.set(Stage::Out);
                    Ok(())
                }
            }
        };
        if let Err(fault) = connected.await {
            self.fail(fault);
        }
        self.asking.set(None);
    }

    async fn take_seat(self, announced: &AnnouncedWallet, wallet: BrowserWallet, at: Deployment) -> Result<(), Fault> {
        let name = announced.name.clone();
        let announced = announced.clone();
        let watches = wallet.watch(move |change| match change {
            // Another account is another person: nothing of the one before stays open.
            WalletChange::Accounts(accounts) if accounts.is_empty() => self.leave(),
            WalletChange::Accounts(_) => {
                self.close(false);
                spawn_local(self.sit_down_again(announced.clone()));
            }
            // A transaction on another chain is refused where it is sent; reading goes on.
            WalletChange::Chain(_) | WalletChange::Unreachable => {}
        });
        self.inner.with_value(|inner| inner.watches.replace(watches));
        let device = BrowserDevice::new(format!("medkey {} {}", at.chain, at.contract));
        let ports = BrowserPorts::new(wallet, FetchTransport::same_origin(), device);
        let client = Medkey::new(ports, at, origin());
        self.sit(Rc::new(Seat { client, wallet: name })).await
    }

    /// Asks anew what the account is to Medkey, and goes where that leads.
    async fn sit(self, seat: Rc<Seat>) -> Result<(), Fault> {
        let number = self.next_seat();
        let stage = stage_of(seat).await?;
        // Whoever left or took another wallet meanwhile stays there.
        if self.inner.with_value(|inner| inner.seats.get()) == number {
            self.stage.set(stage);
        }
        Ok(())
    }

    fn next_seat(self) -> u32 {
        self.inner.with_value(|inner| {
            inner.seats.set(inner.seats.get() + 1);
            inner.seats.get()
        })
    }

    /// The vault is open, over the account that acts for the member.
    pub fn open(self, seat: Rc<Seat>, me: Me, standing: Standing) {
        self.go_in(Rc::new(Open { seat, me, standing, acts: Cell::new(true) }));
    }

    /// On to the pages.
    pub fn go_in(self, open: Rc<Open>) {
        self.touch();
        self.stage.set(Stage::Open(Rc::clone(&open)));
        self.hold(open);
    }

    /// Lets a reload need no prompt until the vault would have locked by itself. Only where the account alone says whose
    /// vault it is.
    fn hold(self, open: Rc<Open>) {
        self.inner.with_value(|inner| inner.last_hold.set(inner.last_sign.get()));
        if !open.acts.get() || !stays_open() {
            return;
        }
        spawn_local(async move {
            let until = now() + 60 * lock_after();
            // Where the device keeps nothing, a reload asks for the wallet again.
            let _held = open.client().hold(&open.me, until).await;
            // Locked meanwhile: what was just held is wiped again.
            if self.vault().is_none() {
                let _wiped = open.client().lock().await;
            }
        });
    }

    /// The vault, while it is open.
    fn vault(self) -> Option<Rc<Open>> {
        match self.stage.try_get_untracked()? {
            Stage::Open(open) | Stage::Proposing(open, _) | Stage::Taking(open) | Stage::Renewing(open) => Some(open),
            _ => None,
        }
    }

    /// Locks the vault.
    pub fn lock(self, by_itself: bool) {
        let Some(open) = self.vault() else { return };
        let (seat, member, standing) = (Rc::clone(&open.seat), open.me.address, open.standing);
        let acts = open.acts.get();
        self.stage.set(match acts {
            true => Stage::Locked { seat: Rc::clone(&seat), member, standing, by_itself },
            // Its account opens nothing; what it is to Medkey is asked anew.
            false => Stage::Looking,
        });
        spawn_local(async move {
            let _wiped = seat.client.lock().await;
            if acts {
                return;
            }
            if let Err(fault) = self.sit(seat).await {
                self.fail(fault);
            }
        });
    }

    /// The record has moved to another account while the vault was open: this one can do nothing any more.
    pub fn moved_away(self) {
        let Some(open) = self.vault() else { return };
        let seat = Rc::clone(&open.seat);
        self.stage.set(Stage::Looking);
        spawn_local(async move {
            let _wiped = seat.client.lock().await;
            if let Err(fault) = self.sit(seat).await {
                self.fail(fault);
            }
        });
    }

    /// Lets the vault stay open when the page is closed or loaded anew, or not.
    pub fn set_stays_open(self, stays: bool) {
        match stays {
            true => forget(CLOSING_KEY),
            false => keep(CLOSING_KEY, "yes"),
        }
        let Some(open) = self.vault() else { return };
        match stays {
            true => self.hold(open),
            false => spawn_local(async move {
                // What cannot be wiped ends by itself when its time is over.
                let _wiped = open.client().ports().device().release().await;
            }),
        }
    }

    /// Takes the account off this device: what is kept under its address, and which wallet was chosen.
    pub fn leave_device(self) {
        let open = self.vault();
        self.leave();
        let Some(open) = open else { return };
        spawn_local(async move {
            // A device that keeps nothing has nothing to forget.
            let _gone = open.client().leave_device(&open.me).await;
        });
    }

    /// Locks, and forgets which wallet was chosen.
    pub fn leave(self) {
        forget(WALLET_KEY);
        self.close(true);
    }

    fn close(self, out: bool) {
        self.next_seat();
        if let Some(open) = self.vault() {
            let seat = Rc::clone(&open.seat);
            spawn_local(async move {
                let _wiped = seat.client.lock().await;
            });
        }
        self.inner.with_value(|inner| inner.watches.borrow_mut().clear());
        self.stage.set(if out { Stage::Out } else { Stage::Looking });
    }

    fn fail(self, fault: Fault) {
        if let Fault::Lie(lie) = fault {
            self.stage.set(Stage::Lied(lie));
            return;
        }
        self.trouble.set(Some(Trouble::new(fault.to_string(), "Nothing was changed.")));
        self.stage.set(Stage::Out);
    }

    /// Somebody did something: the time until the vault locks begins anew.
    pub fn touch(self) {
        self.inner.with_value(|inner| inner.last_sign.set(js_sys::Date::now()));
    }

    fn watch_for_idleness(self) {
        self.touch();
        for sign in ["pointerdown", "keydown", "wheel"] {
            let handle = window_event_listener_untyped(sign, move |_| self.touch());
            on_cleanup(move || handle.remove());
        }
        let look = set_interval_with_handle(
            move || {
                let idle = self.inner.with_value(|inner| js_sys::Date::now() - inner.last_sign.get());
                if idle >= 60_000.0 * lock_after() as f64 {
                    self.lock(true);
                    return;
                }
                let since_hold = self.inner.with_value(|inner| inner.last_sign.get() - inner.last_hold.get());
                if let (true, Stage::Open(open)) = (since_hold > HOLD_EVERY, self.stage.get_untracked()) {
                    self.hold(open);
                }
            },
            LOOK_EVERY,
        );
        on_cleanup(move || {
            if let Ok(look) = look {
                look.clear();
            }
        });
    }
}

/// What the account of this wallet is to Medkey, and whether its vault is still open here.
async fn stage_of(seat: Rc<Seat>) -> Result<Stage, Fault> {
    let client = &seat.client;
    Ok(match client.connect().await? {
        Known::Registrar => Stage::Registrar(seat),
        Known::Stranger => match moving::expected(client).await? {
            Some((chart, waiting)) => Stage::Expecting { seat, chart, waiting },
            None => Stage::Stranger(seat),
        },
        Known::MovedAway => {
            let to = client.account_of(client.account()).await?;
            Stage::MovedAway { seat, to }
        }
        Known::Member(standing) => {
            let member = client.member().await?;
            match client.resume().await {
                Ok(Some(me)) => Stage::Open(Rc::new(Open { seat, me, standing, acts: Cell::new(true) })),
                // What the device held is gone or no longer fits: unlock as usual.
                Ok(None) | Err(Fault::Device(_) | Fault::Unreadable(_)) => {
                    Stage::Locked { seat, member, standing, by_itself: false }
                }
                Err(fault) => return Err(fault),
            }
        }
    })
}

/// The desk in reach.
#[must_use]
pub fn use_desk() -> Desk {
    use_context().unwrap_or_else(Desk::start)
}

/// Minutes until the vault locks by itself.
#[must_use]
pub fn lock_after() -> u64 {
    kept(LOCK_KEY).and_then(|minutes| minutes.parse().ok()).unwrap_or(LOCK_AFTER)
}

/// Chooses other minutes.
pub fn set_lock_after(minutes: u64) {
    keep(LOCK_KEY, &minutes.to_string());
}

/// Whether the vault stays open when the page is closed or loaded anew, until it would have locked by itself.
#[must_use]
pub fn stays_open() -> bool {
    kept(CLOSING_KEY).is_none()
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}

fn origin() -> Origin {
    let location = window().location();
    let text = |found: Result<String, _>| found.unwrap_or_default();
    Origin { domain: text(location.host()), uri: text(location.origin()) }
}

fn kept(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn keep(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Where the browser keeps nothing, the person is asked again next time.
        let _kept = storage.set_item(key, value);
    }
}

fn forget(key: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _gone = storage.remove_item(key);
    }
}
