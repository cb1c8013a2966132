//! The registrar's pages: profiles, members and hospitals, and nothing medical.

mod desk;
pub mod hospitals;
pub mod members;
pub mod overview;
pub mod verify;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use self::{
    desk::RegistrarDesk,
    hospitals::{HospitalPageOf, Hospitals},
    members::{MemberPage, Members},
    overview::Overview,
    verify::Verify,
};
use super::{desk::Seat, elsewhere::Elsewhere, settings::Settings};
use crate::{
    components::{
        nav::Role,
        shell::{Me, Shell},
    },
    speaking::short_address,
};

/// The name of the seat.
const NAME: &str = "Health registry";

/// All pages of the registrar.
#[component]
pub fn RegistrarPages(
    /// The wallet, which needs no vault here.
    seat: Rc<Seat>,
) -> impl IntoView {
    let me = Me {
        name: NAME.to_owned(),
        sub: format!("Registrar {}", short_address(&seat.client.account().to_string())),
        role: Role::Registrar,
    };
    let desk = RegistrarDesk::start(seat);
    provide_context(desk);
    let waiting = Signal::derive(move || desk.candidates.with(|found| found.ready().map_or(0, |found| found.len())));
    view! {
        <Shell me=me waiting=waiting>
            <Routes fallback=|| view! { <Elsewhere to=Role::Registrar.start() /> }>
                <Route path=path!("/verify") view=Verify />
                <Route path=path!("/members") view=Members />
                <Route path=path!("/members/:member") view=MemberPage />
                <Route path=path!("/hospitals") view=Hospitals />
                <Route path=path!("/hospitals/:id") view=HospitalPageOf />
                <Route path=path!("/overview") view=Overview />
                <Route
                    path=path!("/settings")
                    view=move || view! { <Settings seat=desk.seat() me=None name=NAME role="Registrar" /> }
                />
            </Routes>
        </Shell>
    }
}
