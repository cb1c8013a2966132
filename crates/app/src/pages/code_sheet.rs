//! The recovery code on paper: one A4 page that somebody understands who finds it years later.

use leptos::prelude::*;

use super::register::ShownCode;
use crate::clock::use_clock;
use crate::components::qr::QrCode;
use crate::components::shell::Brand;
use crate::speaking::Say;

/// The sheet. It is only there in print.
#[component]
pub fn CodeSheet(
    /// The code, and what it is for.
    code: ShownCode,
    /// `record` for a patient, `account` for others.
    what: &'static str,
) -> impl IntoView {
    let clock = use_clock();
    let ShownCode { groups, qr, address, site, .. } = code;
    view! {
        <section class="code-sheet print-only" aria-hidden="true">
            <Brand />
            <h2 class="code-sheet__title">"Recovery code"</h2>
            <p>
                {format!("With this code and the address below you get back into your health {what} when your wallet is lost, on any device. Nobody can replace it: keep it where you keep your passport.")}
            </p>
            <ol class="code">
                {groups
                    .into_iter()
                    .enumerate()
                    .map(|(at, group)| {
                        view! {
                            <li class="code__group">
                                <span class="code__number">{at + 1}</span>
                                <span class="code__word">{group}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
            <div class="code-sheet__line">
                {qr.map(|squares| view! { <QrCode squares=squares label="Recovery code" /> })}
                <dl class="code-sheet__facts">
                    <dt>"Address of the account"</dt>
                    <dd class="mono">{address}</dd>
                    <dt>"Site"</dt>
                    <dd>{site.clone()}</dd>
                    <dt>"Printed"</dt>
                    <dd>
                        {move || {
                            let speaker = clock.speaker();
                            speaker.say(speaker.now, Say::FullDate)
                        }}
                    </dd>
                    <dt>"The square"</dt>
                    <dd>"holds the code and the address, for a camera."</dd>
                </dl>
            </div>
            <h3>"When you need it"</h3>
            <ol class="code-sheet__steps">
                <li>{format!("Open {site} and connect any wallet, also a new one.")}</li>
                <li>"Choose “Use your recovery code”, and enter the eight groups and the address."</li>
                <li>{format!("Your {what} opens. Medkey then says how to go on with the new wallet.")}</li>
            </ol>
            <h3>"When somebody else has seen it"</h3>
            <p>
                "Renew it at once: Settings, How it opens, Renew. The old code then opens nothing new. Destroy this sheet."
            </p>
        </section>
    }
}
