//! The laboratory's pages: a batch that is delivered, and what was delivered before.

mod batch;
pub mod deliver;
pub mod delivered;
mod desk;
pub mod record;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    components::{Redirect, Route, Routes},
    path,
};

use self::{deliver::Deliver, delivered::Delivered, desk::LabDesk, record::OwnCopy};
use super::{desk::Open, settings::Settings};
use crate::components::{blank::TroubleLine, nav::Role, shell::Shell};

/// All pages of a laboratory.
#[component]
pub fn LaboratoryPages(
    /// The member, whose vault is open.
    open: Rc<Open>,
) -> impl IntoView {
    let desk = LabDesk::start(open);
    provide_context(desk);
    let registration = Memo::new(move |_| desk.registration.get());
    let trouble = Signal::derive(move || registration.with(|known| known.as_ref().and_then(|known| known.trouble())));
    move || {
        let Some(registration) = registration.get() else {
            return view! { <main class="entry" aria-busy="true"></main> }.into_any();
        };
        let (name, role) = (registration.name.clone(), registration.word());
        view! {
            <Shell me=registration.me() waiting=0>
                <TroubleLine trouble=trouble />
                <Routes fallback=|| view! { <Redirect path=Role::Laboratory.start() /> }>
                    <Route path=path!("/deliver") view=Deliver />
                    <Route path=path!("/delivered") view=Delivered />
                    <Route path=path!("/delivered/:id") view=OwnCopy />
                    <Route
                        path=path!("/settings")
                        view=move || {
                            let open = desk.open();
                            view! {
                                <Settings
                                    seat=Rc::clone(&open.seat)
                                    me=Some(open)
                                    name=name.clone()
                                    role=role.clone()
                                />
                            }
                        }
                    />
                </Routes>
            </Shell>
        }
        .into_any()
    }
}
