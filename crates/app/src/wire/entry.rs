//! The way in: wallet, registration, unlocking, recovery. Whoever is not in yet sees these instead of the page that was
//! asked for, and that page afterwards.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use medkey_client::{
    fault::{Fault, Refusal},
    people::Standing,
    register::{Joining, NewVault},
    tell_about_me,
    unlock::{self, Prompt as WalletPrompt, UnlockError},
};
use medkey_protocol::{Address, api, blocks::Profile};

use super::{
    confirming::{Making, Steps},
    desk::{Client, Seat, Stage, use_desk},
    moving::{ExpectedMove, MovedAway, ProposeMove, TakeOver},
    qr,
    recover::Recover,
    renewing::RenewVault,
    said::{sentence_of, trouble},
};
use crate::{
    components::nav::Role,
    load::Trouble,
    pages::{
        confirm::{ConfirmStep, Prompt},
        register::{AboutForm, AboutMe, AboutStep, RecoveryCodeStep, RoleStep, ShownCode},
        unlock::{Locked, PasskeyWay, UnlockView},
        welcome::{WalletItem, WelcomeView},
    },
};

/// First visit: the wallets found in this browser.
#[component]
pub fn Welcome() -> impl IntoView {
    let desk = use_desk();
    let wallets = Signal::derive(move || {
        let item = |wallet: medkey_browser::wallets::AnnouncedWallet| WalletItem {
            note: if wallet.rdns == DEMO_WALLET {
                "Try every role, nothing to install"
            } else {
                "Found in this browser"
            }
            .to_owned(),
            id: wallet.id,
            name: wallet.name,
            icon: wallet.icon,
        };
        desk.wallets.get().into_iter().map(item).collect::<Vec<_>>()
    });
    view! {
        <WelcomeView
            wallets=wallets
            asking=desk.asking
            trouble=desk.trouble
            on_connect=move |id: String| desk.connect(&id)
        />
    }
}

/// The name of the demo's wallet, by which it is told apart in the list.
const DEMO_WALLET: &str = "org.medkey.demo";

/// The vault is locked.
#[component]
pub fn Unlock(
    /// The wallet.
    seat: Rc<Seat>,
    /// As the chain has the member.
    standing: Standing,
    /// It was locked because nothing happened for a while.
    by_itself: bool,
) -> impl IntoView {
    let desk = use_desk();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Trouble>);
    let locked = RwSignal::new(Locked {
        address: seat.client.account().to_string(),
        wallet: seat.wallet.clone(),
        what: if standing.role == api::Role::Patient { "record" } else { "account" }.to_owned(),
        prompts: 1,
        by_itself,
        passkey: PasskeyWay::None,
    });
    let seat = StoredValue::new_local(seat);
    spawn_local(async move {
        let seat = seat.get_value();
        // Where this cannot be asked now, the wallet is offered, and says why when it is pressed.
        let Ok(ways) = seat.client.ways_in().await else { return };
        let _left = locked.try_update(|locked| {
            locked.prompts = if ways.wallet_is_known { 1 } else { 2 };
            locked.passkey = passkey_way(ways.passkey);
        });
    });
    let unlock = move |()| {
        let seat = seat.get_value();
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let prompt = |prompt| {
                if prompt == WalletPrompt::SignIn {
                    locked.update(|locked| locked.prompts = 2);
                }
            };
            match seat.client.unlock(prompt).await {
                Ok(me) => desk.open(Rc::clone(&seat), me, standing),
                Err(error) => {
                    let _left = failed.try_set(Some(unlock_trouble(&error)));
                    let _left = busy.try_set(false);
                }
            }
        });
    };
    let passkey_busy = RwSignal::new(false);
    let unlock_with_passkey = move |()| {
        let seat = seat.get_value();
        passkey_busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match seat.client.unlock_with_passkey(|_| {}).await {
                Ok(me) => desk.open(Rc::clone(&seat), me, standing),
                Err(error) => {
                    let _left = failed.try_set(Some(unlock_trouble(&error)));
                    let _left = passkey_busy.try_set(false);
                }
            }
        });
    };
    view! {
        <UnlockView
            locked=locked
            busy=busy
            passkey_busy=passkey_busy
            trouble=failed
            on_unlock=unlock
            on_passkey=unlock_with_passkey
            on_leave=move |()| desk.leave()
        />
    }
}

fn passkey_way(way: unlock::PasskeyWay) -> PasskeyWay {
    match way {
        unlock::PasskeyWay::Known => PasskeyWay::Known,
        unlock::PasskeyWay::Possible => PasskeyWay::Possible,
        unlock::PasskeyWay::None => PasskeyWay::None,
    }
}

fn unlock_trouble(error: &UnlockError) -> Trouble {
    match error {
        UnlockError::Fault(fault) => trouble(fault),
        UnlockError::Passkey(_) => Trouble::new(sentence_of(error), "Try again, or unlock with your wallet."),
        other => Trouble::new(sentence_of(other), "Your record is safe."),
    }
}

/// What registration has come to. Only the recovery code's step holds the new vault; the last holds the kept one.
#[derive(Clone)]
enum Step {
    Role,
    About(Role),
    Code(Role, AboutMe),
    Confirm(Role, AboutMe),
}

/// What is kept when registering stops.
const KEPT: &str = "What you entered and your recovery code are kept; go on where you stopped.";

/// Registration in four steps.
#[component]
pub fn Register(
    /// The wallet.
    seat: Rc<Seat>,
) -> impl IntoView {
    let desk = use_desk();
    let step = RwSignal::new_local(Step::Role);
    let chosen = RwSignal::new(None::<Role>);
    let form = AboutForm::new(AboutMe::default());
    let making = StoredValue::new_local(Making::default());
    let hospitals = RwSignal::new(Vec::<(String, String)>::new());
    let seat = StoredValue::new_local(seat);
    spawn_local(async move {
        let seat = seat.get_value();
        // Without the list the hospital can be proposed later from the settings.
        if let Ok(found) = seat.client.hospitals().await {
            let open = found.into_iter().filter(|hospital| hospital.open);
            hospitals.set(open.map(|hospital| (hospital.id.to_string(), hospital.page.name)).collect());
        }
    });
    let steps = seat.with_value(|seat| Steps::new(Vec::new(), &seat.wallet, KEPT));
    let to_code = move |role: Role, about: AboutMe| {
        let seat = seat.get_value();
        making.set_value(Making::begin(&seat.client));
        step.set(Step::Code(role, about));
    };
    let to_confirm = move |role: Role, about: AboutMe| {
        steps.shown.update(|confirming| {
            confirming.prompts = prompts(role);
            confirming.trouble = None;
            confirming.now = String::new();
        });
        step.set(Step::Confirm(role, about));
    };
    let body = move || match step.get() {
        Step::Role => view! {
            <RoleStep
                chosen=chosen
                on_back=move |()| desk.leave()
                on_next=move |role| step.set(Step::About(role))
            />
        }
        .into_any(),
        Step::About(role) => view! {
            <AboutStep
                role=role
                form=form
                hospitals=hospitals
                on_back=move |()| step.set(Step::Role)
                on_next=move |about| to_code(role, about)
            />
        }
        .into_any(),
        Step::Code(role, about) => {
            let what = if role == Role::Patient { "record" } else { "account" };
            let code =
                making.with_value(|making| seat.with_value(|seat| making.code(&seat.client, seat.client.account())));
            let Some(code) = code else {
                return view! { <p>"The code is made anew."</p> }.into_any();
            };
            let groups = code.groups.clone();
            let ask = code.ask;
            let copy = groups.join("-");
            let next = move |()| {
                let kept = making.try_update_value(|making| making.type_back(ask, &groups));
                if kept.unwrap_or_default() {
                    to_confirm(role, about.clone());
                }
            };
            view! {
                <RecoveryCodeStep
                    code=code
                    what=what
                    step=3
                    next=format!("Create my {what}")
                    on_print=move |()| drop(window().print())
                    on_copy=move |()| drop(window().navigator().clipboard().write_text(&copy))
                    on_back=move |()| step.set(Step::About(role))
                    on_next=next
                />
            }
            .into_any()
        }
        Step::Confirm(role, about) => {
            let again = about.clone();
            let start = move |()| {
                let (seat, about) = (seat.get_value(), about.clone());
                spawn_local(async move {
                    steps.go_on();
                    // Taken out while it is used, and put back if it is needed again.
                    let mut made = Making::default();
                    making.update_value(|making| made = std::mem::take(making));
                    let registered = register(&seat, &mut made, role, &about, steps).await;
                    making.update_value(|making| *making = made);
                    match registered {
                        Ok((me, standing)) => desk.open(Rc::clone(&seat), me, standing),
                        Err(trouble) => steps.stop(trouble),
                    }
                });
            };
            view! {
                <ConfirmStep
                    confirming=steps.shown
                    step=4
                    on_back=move |()| to_code(role, again.clone())
                    on_start=start
                />
            }
            .into_any()
        }
    };
    view! { {body} }
}

/// The code as it is shown, and which two groups are asked for: they follow from the code, so that going back and forth
/// does not change them.
pub(super) fn shown_code(client: &Client, member: Address, vault: &NewVault) -> ShownCode {
    let groups: Vec<String> = vault.groups().iter().map(|group| group.to_string()).collect();
    let sum = groups.iter().flat_map(|group| group.bytes()).map(usize::from).sum::<usize>();
    let first = sum % 4;
    let second = 4 + sum / 4 % 4;
    ShownCode {
        groups,
        ask: (first, second),
        qr: qr::squares(&client.recovery_qr(member, vault)),
        address: member.to_string(),
        site: window().location().origin().unwrap_or_default(),
    }
}

fn prompts(role: Role) -> Vec<Prompt> {
    let mut sentences = vec![
        "Sign once to make the key that unlocks on this device.",
        "Sign the same again, to be sure that it always unlocks.",
        "Register your account.",
    ];
    if role == Role::Patient {
        sentences.push("File your name and birth date, encrypted, in your record.");
    }
    sentences.into_iter().map(|sentence| Prompt { sentence: sentence.to_owned(), done: false }).collect()
}

async fn register(
    seat: &Seat,
    making: &mut Making,
    role: Role,
    about: &AboutMe,
    steps: Steps,
) -> Result<(medkey_client::me::Me, Standing), Trouble> {
    let client = &seat.client;
    steps.enrol(client, 0, &mut making.key).await?;
    let (vault, key) = making.ready()?;
    let joining = joining(role, about);
    let listen = |step| {
        let done = if let medkey_client::chain::Step::Sent(_) = step { 3 } else { 2 };
        steps.at_step(done, step);
    };
    let me = client.register(vault, key, &joining, &listen).await.map_err(|fault| match fault {
        Fault::Refused(Refusal::AlreadyRegistered) => Trouble::new(fault.to_string(), "Reload the page to unlock it."),
        other => steps.trouble(&other),
    })?;
    let standing = client.look_up(me.address).await.ok().flatten();
    let standing =
        standing.ok_or_else(|| Trouble::new("You are registered.", "Reload the page to unlock your record."))?;
    if role == Role::Patient {
        let (phone, email) = phone_or_email(about);
        let about = tell_about_me::AboutMe {
            name: about.name.clone(),
            birth_date: about.birth_date.clone(),
            gender: about.sex.clone(),
            phone,
            email,
            ..tell_about_me::AboutMe::default()
        };
        // Whoever declines this one is registered all the same, and can tell it later.
        let _told = client.tell_about_me(&me, &about, &|step| steps.at_step(3, step)).await;
    }
    Ok((me, standing))
}

/// One field takes either.
fn phone_or_email(about: &AboutMe) -> (String, String) {
    match about.contact.contains('@') {
        true => (String::new(), about.contact.clone()),
        false => (about.contact.clone(), String::new()),
    }
}

fn joining(role: Role, about: &AboutMe) -> Joining {
    let (phone, email) = phone_or_email(about);
    let profile = Profile {
        name: about.name.clone(),
        profession: about.profession.clone(),
        specialty: about.specialty.clone(),
        qualification: about.qualification.clone(),
        licence: about.licence.clone(),
        languages: about.languages.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect(),
        phone,
        email,
        address: about.address.clone(),
    };
    let hospital = about.hospital.parse().unwrap_or_default();
    match role {
        Role::Patient | Role::Registrar => Joining::Patient,
        Role::Doctor => Joining::Doctor(profile, hospital),
        Role::Laboratory => Joining::Lab(profile, hospital),
    }
}

/// What somebody sees who is not in yet.
#[must_use]
pub fn way_in(stage: Stage) -> AnyView {
    match stage {
        Stage::Out => view! { <Welcome /> }.into_any(),
        Stage::Stranger(seat) => {
            let wallet = Rc::clone(&seat);
            or_recover(wallet, None, move || view! { <Register seat=Rc::clone(&seat) /> }.into_any())
        }
        Stage::Expecting { seat, chart, waiting } => {
            let expected = {
                let seat = Rc::clone(&seat);
                move || view! { <ExpectedMove seat=Rc::clone(&seat) chart=chart waiting=waiting /> }.into_any()
            };
            or_recover(seat, Some(chart), expected)
        }
        Stage::MovedAway { seat, to } => view! { <MovedAway seat=seat to=to /> }.into_any(),
        Stage::Locked { seat, member, standing, by_itself } => {
            let locked = {
                let seat = Rc::clone(&seat);
                move || view! { <Unlock seat=Rc::clone(&seat) standing=standing by_itself=by_itself /> }.into_any()
            };
            or_recover(seat, Some(member), locked)
        }
        Stage::Proposing(open, code) => view! { <ProposeMove open=open code=code /> }.into_any(),
        Stage::Taking(open) => view! { <TakeOver open=open /> }.into_any(),
        Stage::Renewing(open) => view! { <RenewVault open=open /> }.into_any(),
        Stage::Lied(lie) => view! {
            <main class="entry">
                <section class="card card--danger alarm" role="alert">
                    <h1>"Do not go on here"</h1>
                    <p>{lie.to_string()}</p>
                </section>
            </main>
        }
        .into_any(),
        Stage::Looking | Stage::Open(_) | Stage::Registrar(_) => {
            view! { <main class="entry" aria-busy="true"></main> }.into_any()
        }
    }
}

/// The recovery code has an address of its own, for as long as nobody is in.
fn or_recover(seat: Rc<Seat>, member: Option<Address>, other: impl Fn() -> AnyView + 'static) -> AnyView {
    let pathname = use_location().pathname;
    let recovers = Memo::new(move |_| pathname.with(|pathname| pathname == "/recover"));
    let shown = StoredValue::new_local((seat, other));
    view! {
        {move || {
            shown
                .with_value(|(seat, other)| {
                    if recovers.get() {
                        view! { <Recover seat=Rc::clone(seat) member=member /> }.into_any()
                    } else {
                        other()
                    }
                })
        }}
    }
    .into_any()
}
