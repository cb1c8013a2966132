//! Reading a code: the camera is asked for when the dialog opens and stops when it closes. What was read stays in memory.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{html, prelude::*, task::spawn_local};
use medkey_browser::{Camera, CameraError, read_picture};
use medkey_client::{
    ports::{Clock as _, Ports as _},
    scan_code::Code,
};
use web_sys::{File, HtmlVideoElement};
use zeroize::Zeroizing;

use super::desk::Seat;
use crate::pages::scan::{ScanDialog, ScanState};

/// How long between two looks through the camera.
const LOOK_EVERY: Duration = Duration::from_millis(120);

/// Which codes are wanted, and how the dialog is called for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What a patient offers, or the patient's own address.
    OfferOrPatient,
    /// A patient's address.
    Patient,
    /// A recovery code.
    Recovery,
}

impl Wanted {
    fn title(self) -> &'static str {
        match self {
            Self::OfferOrPatient | Self::Patient => "Scan a patient’s code",
            Self::Recovery => "Scan your recovery code",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::OfferOrPatient => "A code that was made for you, an emergency card, or the patient’s own code.",
            Self::Patient => "The patient shows it under Settings, with “Show my code”.",
            Self::Recovery => "It is printed beside the groups. Nobody else must see it.",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::OfferOrPatient => "It begins with MEDKEY-",
            Self::Patient => "It begins with MEDKEY-PATIENT, or is the address itself",
            Self::Recovery => "It begins with MEDKEY-RECOVERY",
        }
    }

    /// Why a text is of no use here; empty where it is.
    fn unlike(self, text: &str) -> &'static str {
        match (self, Code::of(text)) {
            (Self::OfferOrPatient, Code::Offer | Code::Patient)
            | (Self::Patient, Code::Patient)
            | (Self::Recovery, Code::Recovery) => "",
            (Self::Patient, Code::Offer) => {
                "This code opens a record. Here the patient’s own code is needed, from the patient’s settings."
            }
            (Self::OfferOrPatient | Self::Patient, Code::Recovery) => {
                "This is a recovery code. It opens somebody’s whole record and belongs to them alone: give it back, and do not keep a picture of it."
            }
            (Self::Recovery, Code::Offer | Code::Patient) => "This is a Medkey code, but not a recovery code.",
            (_, Code::Other) => "This is no code of Medkey.",
        }
    }
}

/// The camera, while it is looked through.
#[derive(Default)]
struct Eye {
    camera: RefCell<Option<Rc<Camera>>>,
    closed: Cell<bool>,
}

impl Eye {
    fn close(&self) {
        self.closed.set(true);
        if let Some(camera) = self.camera.take() {
            camera.stop();
        }
    }
}

/// What the dialog shows.
#[derive(Clone, Copy)]
struct Looking {
    wanted: Wanted,
    state: RwSignal<ScanState>,
    unlike: RwSignal<String>,
    found: Callback<Zeroizing<String>>,
}

impl Looking {
    /// Hands on what was read, if it is wanted; else says why not.
    fn take(self, text: Zeroizing<String>) -> bool {
        let unlike = self.wanted.unlike(&text);
        self.say(unlike);
        if unlike.is_empty() {
            self.found.run(text);
        }
        unlike.is_empty()
    }

    /// Says why something is of no use; what is said already is not said again with every look.
    fn say(self, unlike: &str) {
        if self.unlike.try_with_untracked(|said| said != unlike).unwrap_or_default() {
            let _left = self.unlike.try_set(unlike.to_owned());
        }
    }

    async fn through_camera(self, seat: Rc<Seat>, video: HtmlVideoElement, eye: Rc<Eye>) {
        // Asked to the end even where the dialog has closed meanwhile: a camera that comes late has to be stopped.
        let camera = match Camera::start(video).await {
            Ok(camera) => camera,
            Err(error) => {
                let state = match error {
                    CameraError::Refused => ScanState::Refused,
                    CameraError::Absent => ScanState::Absent,
                    CameraError::Busy => ScanState::Busy,
                };
                let _left = self.state.try_set(state);
                return;
            }
        };
        let camera = Rc::new(camera);
        eye.camera.replace(Some(Rc::clone(&camera)));
        let _left = self.state.try_set(ScanState::Looking);
        while !eye.closed.get() {
            let seen = match camera.look().await {
                Ok(seen) => seen,
                Err(error) => {
                    self.say(&error.to_string());
                    None
                }
            };
            if eye.closed.get() || seen.is_some_and(|text| self.take(text)) {
                break;
            }
            seat.client.ports().clock().wait(LOOK_EVERY).await;
        }
    }

    async fn in_picture(self, file: File) {
        let unlike = match read_picture(&file).await {
            Ok(Some(text)) => {
                self.take(text);
                return;
            }
            Ok(None) => {
                "No code was found in this picture. Take it straight from above, with the whole code on it.".to_owned()
            }
            Err(error) => error.to_string(),
        };
        self.say(&unlike);
    }
}

/// The dialog.
#[component]
pub fn Scanning(
    /// The wallet.
    seat: Rc<Seat>,
    /// Which codes are wanted.
    wanted: Wanted,
    /// One was read.
    #[prop(into)]
    on_found: Callback<Zeroizing<String>>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let state = RwSignal::new(ScanState::Asking);
    let unlike = RwSignal::new(String::new());
    let looking = Looking { wanted, state, unlike, found: on_found };
    let video: NodeRef<html::Video> = NodeRef::new();
    let eye = StoredValue::new_local(Rc::new(Eye::default()));
    video.on_load(move |video| {
        // Not every browser takes the attribute of an element that a script made.
        video.set_muted(true);
        spawn_local(looking.through_camera(Rc::clone(&seat), video, eye.get_value()));
    });
    on_cleanup(move || eye.with_value(|eye| eye.close()));
    view! {
        <ScanDialog
            title=wanted.title()
            sentence=wanted.sentence()
            hint=wanted.hint()
            state=state
            unlike=unlike
            video=video
            on_picture=move |file| spawn_local(looking.in_picture(file))
            on_text=move |text: String| {
                looking.take(Zeroizing::new(text));
            }
            on_close=on_close
        />
    }
}
