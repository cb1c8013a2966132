//! The patient's pages: the own chart as view models, and what is asked of it as acts.

pub mod about;
pub mod adding;
pub mod changing;
pub mod directory;
pub mod emergency;
mod exporting;
pub mod folders;
pub mod home;
pub mod importing;
pub mod measuring;
pub mod moving;
mod notices;
pub mod offers;
pub mod people;
pub mod record;
pub mod records;
pub mod requests;
pub mod sharing;
pub mod timeline;
pub mod treatments;
mod vitals;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};
use medkey_client::fault::Fault;

use self::{
    about::{AboutPage, Drafts},
    adding::Adding,
    directory::{Directory, HospitalPageOf, ProfessionalPage},
    emergency::EmergencyPage,
    home::Home,
    measuring::{Unsaved, VitalPage},
    moving::Moving,
    offers::Offers,
    people::People,
    record::RecordPage,
    records::RecordsPage,
    requests::Requests,
    sharing::Sharing,
    timeline::Timeline,
    treatments::{AskForTreatment, Treatments},
    vitals::Vitals,
};
use super::{
    acts::{Acts, Label, Listen, Shape, use_acts},
    desk::Open,
    elsewhere::Elsewhere,
    moving::Acting,
    own_chart::{ChartDesk, OwnChart},
    settings::Settings,
};
use crate::{
    components::{
        nav::Role,
        shell::{Me, Shell},
        toast::Toasts,
    },
    load::Load,
    pages::records::{Exporting, Finding},
    speaking::short_address,
};

/// What is open above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Above {
    /// Nothing.
    Nothing,
    /// A record is being added.
    Adding,
    /// Somebody is being picked to share with: the record with this id, or anything.
    Picking(Option<String>),
    /// A decision about one person.
    Sharing(sharing::About),
    /// A move was stopped.
    Stopped,
}

/// What the patient's pages share: the chart, and the dialog above them.
#[derive(Clone, Copy)]
struct Patient {
    desk: ChartDesk,
    above: RwSignal<Above>,
    /// What is looked for among the records, while one moves between pages.
    finding: RwSignal<Finding>,
    /// How far an export of everything is.
    exporting: RwSignal<Exporting>,
    /// Files that were dropped on the page and not looked at yet.
    dropped: StoredValue<Vec<web_sys::File>, LocalStorage>,
    acts: Acts,
    toasts: Toasts,
}

impl Patient {
    fn open(&self) -> Rc<Open> {
        self.desk.open()
    }

    /// What a page shows, derived from the chart.
    fn model<T: Clone + Send + Sync + 'static>(&self, make: fn(&OwnChart) -> T) -> Signal<Load<T>> {
        let chart = self.desk.chart;
        Signal::derive(move || {
            chart.with(|chart| match chart {
                Load::Loading => Load::Loading,
                Load::Failed(trouble) => Load::Failed(trouble.clone()),
                Load::Ready(chart) => Load::Ready(make(chart)),
            })
        })
    }

    /// The chart, where it is here.
    fn chart(&self) -> Option<Rc<OwnChart>> {
        self.desk.chart.with_untracked(|chart| chart.ready().cloned())
    }

    fn wallet(&self) -> String {
        self.open().seat.wallet.clone()
    }

    /// Whether this wallet's account may change nothing.
    fn read_only(&self) -> Signal<bool> {
        let chart = self.desk.chart;
        Signal::derive(move || chart.with(|chart| chart.ready().is_some_and(|chart| chart.acting != Acting::Yes)))
    }

    /// Whether this wallet's account may change anything; says so where it may not.
    fn may_change(&self) -> bool {
        let may = self.chart().is_none_or(|chart| chart.acting == Acting::Yes);
        if !may {
            self.toasts.say("With this wallet’s account you can only read this record.");
        }
        may
    }

    /// Opens a dialog about something that changes the record.
    fn show(&self, above: Above) {
        if self.may_change() {
            self.above.set(above);
        }
    }

    /// Starts an act that asks the wallet only, and reads the chart again when it is done.
    fn start<R>(&self, title: impl Into<String>, done: impl Into<String>, run: impl Fn(Rc<Open>, Listen) -> R + 'static)
    where
        R: Future<Output = Result<(), Fault>> + 'static,
    {
        if !self.may_change() {
            return;
        }
        let label = Label { title: title.into(), done: done.into(), wallet: self.wallet(), shape: Shape::Signing };
        let (open, desk) = (self.open(), self.desk);
        self.acts.start(label, move |listen| {
            let acting = run(Rc::clone(&open), listen);
            async move {
                acting.await?;
                desk.read_again();
                Ok(())
            }
        });
    }
}

/// The patient in reach; only below [`PatientPages`].
fn use_patient() -> Option<Patient> {
    use_context()
}

/// All pages of a patient.
#[component]
pub fn PatientPages(
    /// The member, whose vault is open.
    open: Rc<Open>,
) -> impl IntoView {
    let address = open.me.address.to_string();
    let patient = Patient {
        desk: ChartDesk::start(open),
        above: RwSignal::new(Above::Nothing),
        finding: RwSignal::default(),
        exporting: RwSignal::new(Exporting::No),
        dropped: StoredValue::new_local(Vec::new()),
        acts: use_acts(),
        toasts: use_context().unwrap_or_default(),
    };
    provide_context(patient);
    provide_context(Vitals::new(patient));
    provide_context(Drafts::new());
    provide_context(Unsaved::new());
    let chart = patient.desk.chart;
    let waiting =
        Signal::derive(move || chart.with(|chart| chart.ready().map_or(0, |chart| requests::waiting(chart).count())));
    let name = Memo::new(move |_| {
        let told =
            chart.with(|chart| chart.ready().and_then(|chart| chart.about.as_ref().map(|about| about.name.clone())));
        told.unwrap_or_else(|| "You".to_owned())
    });
    let exposed =
        Signal::derive(move || chart.with(|chart| chart.ready().is_some_and(|chart| chart.code_is_exposed())));
    let me = Signal::derive(move || Me { name: name.get(), sub: short_address(&address), role: Role::Patient });
    view! {
        <Shell me=me waiting=waiting>
            <Moving />
            <Routes fallback=|| view! { <Elsewhere to="/home" /> }>
                <Route path=path!("/home") view=Home />
                <Route path=path!("/records") view=RecordsPage />
                <Route path=path!("/records/:id") view=RecordPage />
                <Route path=path!("/people") view=People />
                <Route path=path!("/directory") view=Directory />
                <Route path=path!("/directory/:member") view=ProfessionalPage />
                <Route path=path!("/hospitals/:id") view=HospitalPageOf />
                <Route path=path!("/offers") view=Offers />
                <Route path=path!("/emergency") view=EmergencyPage />
                <Route path=path!("/about") view=AboutPage />
                <Route path=path!("/about/:vital") view=VitalPage />
                <Route path=path!("/requests") view=Requests />
                <Route path=path!("/timeline") view=Timeline />
                <Route path=path!("/treatment") view=Treatments />
                <Route path=path!("/treatment/new") view=AskForTreatment />
                <Route
                    path=path!("/settings")
                    view=move || {
                        let open = patient.open();
                        view! {
                            <Settings
                                seat=Rc::clone(&open.seat)
                                me=Some(open)
                                name=name
                                role="Patient"
                                exposed=exposed
                            />
                        }
                    }
                />
            </Routes>
            <Adding />
            <Sharing />
        </Shell>
    }
}
