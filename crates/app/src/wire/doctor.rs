//! The doctor's pages: charts that patients share, as view models, and what is asked and written, as acts.

pub mod amending;
pub mod asked;
pub mod chart;
mod desk;
mod entries;
mod findings;
pub mod open_code;
pub mod patients;
pub mod record;
pub mod today;
mod treatments;
mod unfiled;
pub mod vitals;
pub mod writing;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use self::{
    asked::{AskForAccess, Asked, waiting},
    chart::DoctorChart,
    desk::DoctorDesk,
    open_code::OpenCode,
    patients::Patients,
    record::DoctorRecord,
    today::Today,
    vitals::{DoctorVital, InChart, Vitals},
};
use super::{desk::Open, elsewhere::Elsewhere, professional::Registration, profile::MyProfile, settings::Settings};
use crate::components::{blank::TroubleLine, nav::Role, shell::Shell};

/// All pages of a doctor.
#[component]
pub fn DoctorPages(
    /// The member, whose vault is open.
    open: Rc<Open>,
) -> impl IntoView {
    let desk = DoctorDesk::start(open);
    provide_context(desk);
    provide_context(Vitals::new(InChart::new(desk)));
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

fn frame(desk: DoctorDesk, known: &Registration) -> impl IntoView + use<> {
    let waiting = Memo::new(move |_| waiting(desk));
    let (name, role) = (known.name.clone(), known.word());
    let trouble = known.trouble_elsewhere();
    view! {
        <Shell me=known.me() waiting=waiting>
            <Show when=move || trouble.with(Option::is_some)>
                <TroubleLine trouble=trouble />
            </Show>
            <Routes fallback=|| view! { <Elsewhere to=Role::Doctor.start() /> }>
                <Route path=path!("/today") view=Today />
                <Route path=path!("/patients") view=Patients />
                <Route path=path!("/patients/:chart") view=DoctorChart />
                <Route path=path!("/patients/:chart/records/:id") view=DoctorRecord />
                <Route path=path!("/patients/:chart/vitals/:vital") view=DoctorVital />
                <Route path=path!("/asked") view=Asked />
                <Route path=path!("/open") view=OpenCode />
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
            <AskForAccess />
        </Shell>
    }
}
