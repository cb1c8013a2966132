//! The laboratory's pages: a batch that is delivered, and what was delivered before.

mod batch;
pub mod deliver;
pub mod delivered;
mod desk;
pub mod record;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use self::{deliver::Deliver, delivered::Delivered, desk::LabDesk, record::OwnCopy};
use super::{desk::Open, elsewhere::Elsewhere, professional::Registration, profile::MyProfile, settings::Settings};
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
    // Drawn anew as a whole when the registrar has answered.
    view! {
        <Show when=move || registration.with(Option::is_none)>
            <main class="entry" aria-busy="true"></main>
        </Show>
        <For
            each=move || registration.get()
            key=|known| (known.name.clone(), known.word())
            children=move |known| frame(desk, &known)
        />
    }
}

fn frame(desk: LabDesk, known: &Registration) -> impl IntoView + use<> {
    let (name, role) = (known.name.clone(), known.word());
    let trouble = known.trouble_elsewhere();
    view! {
        <Shell me=known.me() waiting=0>
            <Show when=move || trouble.with(Option::is_some)>
                <TroubleLine trouble=trouble />
            </Show>
            <Routes fallback=|| view! { <Elsewhere to=Role::Laboratory.start() /> }>
                <Route path=path!("/deliver") view=Deliver />
                <Route path=path!("/delivered") view=Delivered />
                <Route path=path!("/delivered/:id") view=OwnCopy />
                <Route
                    path=path!("/profile")
                    view=move || {
                        view! {
                            <MyProfile
                                open=desk.held()
                                registration=desk.registration
                                on_changed=move |()| desk.read_again()
                            />
                        }
                    }
                />
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
}
