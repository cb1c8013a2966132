//! Between the client and the views: what is kept while the page is open, and how it becomes what a page shows.
//!
//! [`desk`] knows who is here, [`acts`] runs what takes a while, [`own_chart`] keeps a patient's chart up to date.
//! Everything else turns the client's types into view models. Only compiled for a browser.

pub mod acts;
pub mod build;
pub mod comparing;
pub mod confirming;
pub mod current;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod drafts;
pub mod elsewhere;
pub mod entry;
pub mod filing;
pub mod kin;
pub mod laboratory;
pub mod leaving;
pub mod moving;
pub mod own_chart;
pub mod patient;
pub mod professional;
pub mod profile;
pub mod qr;
pub mod recover;
pub mod registrar;
pub mod renewing;
pub mod said;
pub mod scanning;
pub mod settings;
pub mod slots;
pub mod uploading;
pub mod viewer;
pub mod vitals;
pub mod while_here;

use leptos::prelude::*;
use leptos_router::components::Router;
use medkey_protocol::api::Role;

use self::{
    acts::{ActSheets, Acts},
    desk::{Desk, Stage, use_desk},
    doctor::DoctorPages,
    laboratory::LaboratoryPages,
    patient::PatientPages,
    registrar::RegistrarPages,
};
use crate::{
    clock::provide_clock,
    components::toast::{ToastView, Toasts},
};

/// The app: what every page has in reach, and who sees which pages.
#[component]
pub fn App() -> impl IntoView {
    settings::apply_kept_theme();
    demo::load_wallet();
    provide_clock();
    let toasts = Toasts::new();
    provide_context(toasts);
    provide_context(Acts::new(toasts));
    provide_context(Desk::start());
    view! {
        <Router>
            <Pages />
        </Router>
        <div class="floats">
            <ActSheets />
            <ToastView toasts=toasts />
        </div>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let desk = use_desk();
    move || match desk.stage.get() {
        Stage::Open(open) => match open.me.role {
            Role::Patient => view! { <PatientPages open=open /> }.into_any(),
            Role::Doctor => view! { <DoctorPages open=open /> }.into_any(),
            Role::Lab => view! { <LaboratoryPages open=open /> }.into_any(),
        },
        Stage::Registrar(seat) => view! { <RegistrarPages seat=seat /> }.into_any(),
        other => entry::way_in(other),
    }
}
