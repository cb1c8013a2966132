//! A QR code is read: with the camera, from a picture, or as pasted text.

use leptos::{ev, html, prelude::*};
use web_sys::File;

use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Takes};
use crate::components::icon::{Glyph, Icon};

/// How far looking has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScanState {
    /// The browser asks whether the camera may be used.
    #[default]
    Asking,
    /// It may not.
    Refused,
    /// There is no camera.
    Absent,
    /// The camera gives no picture.
    Busy,
    /// No code was seen yet.
    Looking,
}

impl ScanState {
    /// Whether what the camera sees is shown.
    #[must_use]
    pub fn has_camera(&self) -> bool {
        matches!(self, Self::Asking | Self::Looking)
    }

    /// What is said of it.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Asking => "Your browser asks whether this page may use the camera.",
            Self::Refused => {
                "Your browser does not let this page use the camera. Allow it in the browser’s settings for this page, \
                 or choose a picture of the code or paste its text."
            }
            Self::Absent => "No camera was found here. Choose a picture of the code or paste its text.",
            Self::Busy => {
                "The camera gives no picture; another program may be using it. Choose a picture of the code or paste \
                 its text."
            }
            Self::Looking => "Hold the code in front of the camera.",
        }
    }
}

/// The dialog.
#[component]
pub fn ScanDialog(
    /// `Scan a patient’s code`.
    #[prop(into)]
    title: String,
    /// What codes it takes.
    #[prop(into)]
    sentence: String,
    /// What the text begins with.
    #[prop(into)]
    hint: String,
    /// How far it is.
    #[prop(into)]
    state: Signal<ScanState>,
    /// Why what was read last is of no use; may be empty.
    #[prop(into)]
    unlike: Signal<String>,
    /// Where the camera is shown.
    video: NodeRef<html::Video>,
    /// A picture was chosen.
    #[prop(into)]
    on_picture: Callback<File>,
    /// A text was pasted.
    #[prop(into)]
    on_text: Callback<String>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let input: NodeRef<html::Input> = NodeRef::new();
    let text = RwSignal::new(String::new());
    let over = RwSignal::new(false);
    let has_camera = Memo::new(move |_| state.with(ScanState::has_camera));
    let looking = move || state.with(|state| *state == ScanState::Looking);
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            on_picture.run(file);
        }
    };
    view! {
        <Dialog title=title on_close=on_close>
            <div
                class="scan"
                class:drop-page--over=move || over.get()
                on:dragover=move |event: ev::DragEvent| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=move |event: ev::DragEvent| {
                    event.prevent_default();
                    over.set(false);
                    take(event.data_transfer().and_then(|transfer| transfer.files()));
                }
            >
                <p class="second">{sentence}</p>
                <div class="scan__frame" class:scan__frame--on=looking hidden=move || !has_camera.get()>
                    <video
                        node_ref=video
                        class="scan__video"
                        muted
                        playsinline
                        aria-label="What the camera sees"
                    ></video>
                </div>
                <div class="scan__say" class:scan__say--off=move || !has_camera.get() role="status">
                    <Glyph icon=Icon::Camera />
                    <p>{move || state.with(ScanState::sentence)}</p>
                </div>
                {move || {
                    let unlike = unlike.get();
                    (!unlike.is_empty())
                        .then(|| {
                            view! {
                                <div class="say say--boxed say--warn" role="alert">
                                    <Glyph icon=Icon::Warning />
                                    <p class="say__text">{unlike}</p>
                                </div>
                            }
                        })
                }}
                <input
                    type="file"
                    accept="image/*"
                    node_ref=input
                    class="unseen"
                    tabindex="-1"
                    aria-label="A picture of the code"
                    on:change=move |_| {
                        if let Some(input) = input.get_untracked() {
                            take(input.files());
                            input.set_value("");
                        }
                    }
                />
                <form
                    class="scan__text"
                    novalidate
                    on:submit=move |event| {
                        event.prevent_default();
                        if !text.with_untracked(|text| text.trim().is_empty()) {
                            on_text.run(text.get_untracked());
                        }
                    }
                >
                    // No text to be looked through for its spelling, perhaps elsewhere.
                    <Field label="Or paste its text" value=text takes=Takes::Address hint=hint />
                    <Button
                        label="Use this text"
                        submits=true
                        disabled=Signal::derive(move || text.with(|text| text.trim().is_empty()))
                    />
                </form>
            </div>
            <div class="dialog__foot">
                <Button label="Cancel" on_press=on_close />
                <Button
                    label="Choose a picture"
                    icon=Icon::Picture
                    on_press=move |()| {
                        if let Some(input) = input.get_untracked() {
                            input.click();
                        }
                    }
                />
            </div>
        </Dialog>
    }
}

/// A patient's address, typed, pasted or scanned.
#[component]
pub fn PatientField(
    /// The address.
    value: RwSignal<String>,
    /// Where it is found.
    #[prop(into)]
    hint: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Scans it.
    #[prop(into)]
    on_scan: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="scan__text">
            <Field label="Patient’s address" value=value takes=Takes::Address error=error first=true hint=hint />
            <Button label="Scan" about="the patient’s code" icon=Icon::Camera on_press=on_scan />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_camera_is_told_the_other_ways() {
        for state in [ScanState::Refused, ScanState::Absent, ScanState::Busy] {
            assert!(!state.has_camera());
            let sentence = state.sentence().to_lowercase();
            assert!(sentence.contains("choose a picture") && sentence.contains("paste its text"), "{state:?}");
        }
        assert!(ScanState::Looking.has_camera());
    }
}
