//! A doctor opens a chart with a patient's code.

use leptos::prelude::*;

use super::patients::WaitingForRegistrar;
use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::components::page_head::{Crumb, Crumbs, PageHead};
use crate::load::Trouble;

/// The page.
#[component]
pub fn OpenCodeView(
    /// The text of the code.
    code: RwSignal<String>,
    /// The registrar has verified this doctor.
    #[prop(into)]
    verified: Signal<bool>,
    /// It is being looked at.
    #[prop(into)]
    busy: Signal<bool>,
    /// Why it does not open.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// Scans a code.
    #[prop(into)]
    on_scan: Callback<()>,
    /// Opens the chart.
    #[prop(into)]
    on_open: Callback<()>,
) -> impl IntoView {
    let note = StoredValue::new(format!(
        "The patient is told at once that you used the code, and until when you may read. {wallet} asks once."
    ));
    view! {
        <Crumbs way=vec![Crumb::to("Patients", "/patients"), Crumb::here("Open with a code")] />
        <PageHead
            title="Open with a code"
            sub="A patient’s QR code opens what it was made for, without a request. So does an emergency card."
        />
        {move || {
            if !verified.get() {
                return view! { <WaitingForRegistrar /> }.into_any();
            }
            view! {
                <form
                    class="card card--pad fields gate"
                    novalidate
                    on:submit=move |event| {
                        event.prevent_default();
                        if !code.with_untracked(|code| code.trim().is_empty()) {
                            on_open.run(());
                        }
                    }
                >
                    <div class="button-row">
                        <Button
                            label="Scan a code"
                            icon=Icon::Camera
                            weight=Weight::Primary
                            disabled=busy
                            on_press=on_scan
                        />
                        <span class="second scan__beside">"With the camera, or from a picture."</span>
                    </div>
                    // No text to be looked through for its spelling, perhaps elsewhere.
                    <Field
                        label="Code"
                        value=code
                        takes=Takes::Address
                        hint="Or paste the text of the code; it begins with MEDKEY-OFFER."
                    />
                    <TroubleLine trouble=trouble />
                    <p class="second">{note.get_value()}</p>
                    <div class="button-row">
                        <Button
                            label="Open the chart"
                            icon=Icon::Lock
                            submits=true
                            busy=busy
                            disabled=Signal::derive(move || {
                                code.with(|code| code.trim().is_empty())
                            })
                        />
                    </div>
                </form>
            }
                .into_any()
        }}
    }
}
