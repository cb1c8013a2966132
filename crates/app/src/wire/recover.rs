//! Back with the recovery code, over whatever wallet is here; and on from there.

use std::{cell::Cell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use medkey_protocol::{Address, api};
use zeroize::Zeroizing;

use super::{
    desk::{Desk, Open, Seat, Stage, use_desk},
    moving::{Acting, acting, is_ready},
    said::{sentence_of, trouble},
    scanning::{Scanning, Wanted},
};
use crate::{
    components::code_fields::TypedCode,
    load::Trouble,
    pages::recover::{RecoverInput, RecoverView},
};

const KEPT: &str = "Nothing was changed. Check the code and try again.";

/// Back with the recovery code.
#[component]
pub fn Recover(
    /// The wallet.
    seat: Rc<Seat>,
    /// The member, where it is known already.
    member: Option<Address>,
) -> impl IntoView {
    let desk = use_desk();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<Trouble>);
    let typed = TypedCode::new();
    let address = RwSignal::new(member.map(|member| member.to_string()).unwrap_or_default());
    let scanning = RwSignal::new(false);
    let seat = StoredValue::new_local(seat);
    let recover = move |input: RecoverInput| {
        let (seat, navigate) = (seat.get_value(), navigate.clone());
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let RecoverInput { code, address, .. } = input;
            match recover(&seat, &code, &address).await {
                Ok((open, acting)) => {
                    let place = if acting == Acting::Yes { "/settings" } else { "/home" };
                    go_on(desk, Rc::new(open), acting, code);
                    navigate(place, Default::default());
                }
                Err(trouble) => {
                    let _left = failed.try_set(Some(trouble));
                    let _left = busy.try_set(false);
                }
            }
        });
    };
    let found = move |text: Zeroizing<String>| {
        scanning.set(false);
        match seat.with_value(|seat| seat.client.scan_recovery(&text)) {
            Ok((member, code)) => {
                typed.fill(0, &code);
                address.set(member.to_string());
                failed.set(None);
            }
            Err(error) => failed.set(Some(Trouble::new(sentence_of(&error), KEPT))),
        }
    };
    view! {
        <RecoverView
            typed=typed
            address=address
            busy=busy
            trouble=failed
            on_scan=move |()| scanning.set(true)
            on_recover=recover
        />
        <Show when=move || scanning.get()>
            <Scanning
                seat=seat.get_value()
                wanted=Wanted::Recovery
                on_found=found
                on_close=move |()| scanning.set(false)
            />
        </Show>
    }
}

/// Where the record is open now: what comes next depends on whose account the wallet shows. The code goes on only where
/// it is needed once more.
fn go_on(desk: Desk, open: Rc<Open>, acting: Acting, code: Zeroizing<String>) {
    desk.touch();
    match acting {
        Acting::MayMove if open.me.role == api::Role::Patient => {
            desk.stage.set(Stage::Proposing(open, Some(Rc::new(code))));
        }
        Acting::Soon(waiting) if is_ready(&waiting) => desk.stage.set(Stage::Taking(open)),
        Acting::Yes | Acting::Soon(_) | Acting::MayMove | Acting::No => desk.go_in(open),
    }
}

async fn recover(seat: &Rc<Seat>, code: &Zeroizing<String>, address: &str) -> Result<(Open, Acting), Trouble> {
    let member: Address =
        address.parse().map_err(|_| Trouble::new("This address is not complete.", "Copy it anew and try again."))?;
    let client = &seat.client;
    let me = client.recover(member, code).await.map_err(|error| Trouble::new(sentence_of(&error), KEPT))?;
    let standing = client.look_up(member).await.map_err(|fault| trouble(&fault))?;
    let standing = standing.ok_or_else(|| Trouble::new("This address is not registered with Medkey.", KEPT))?;
    let acting = acting(client, member, me.role).await.map_err(|fault| trouble(&fault))?;
    let acts = Cell::new(acting == Acting::Yes);
    Ok((Open { seat: Rc::clone(seat), me, standing, acts }, acting))
}
