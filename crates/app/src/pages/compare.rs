//! Comparing the words of two keys by voice or in person.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::components::button::{Button, Weight};
use crate::components::chip::Standing;
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::components::key_words::KeyWords;
use crate::components::person_row::{Person, PersonHead};
use crate::load::{Load, Loaded};
use crate::speaking::Say;

/// Somebody's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// The words.
    pub words: String,
    /// When they were compared on this device, and whether the key is still the same.
    pub compared: Option<(u64, bool)>,
}

/// The address of somebody who is in no directory.
#[component]
pub fn CompareAddressDialog(
    /// Shows the words of the member with this address.
    #[prop(into)]
    on_show: Callback<String>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let address = RwSignal::new(String::new());
    let complete = move || address.with(|address| address.trim().len() == 42);
    let show = move |()| {
        if complete() {
            on_show.run(address.get_untracked().trim().to_owned());
        }
    };
    view! {
        <Dialog title="Compare with somebody" on_close=on_close>
            <form on:submit=move |event| {
                event.prevent_default();
                show(());
            }>
                <Field
                    label="Address of the account"
                    value=address
                    takes=Takes::Address
                    first=true
                    hint="The other one copies it under Settings and sends it to you. It begins with 0x."
                />
            </form>
            <DialogFoot
                act="Show the words"
                disabled=Signal::derive(move || !complete())
                on_act=show
                on_leave=on_close
            />
        </Dialog>
    }
}

/// Both words, and whether they match.
#[component]
pub fn CompareDialog(
    /// One's own words.
    #[prop(into)]
    mine: String,
    /// With whom.
    person: Person,
    /// The other's words.
    #[prop(into)]
    theirs: Signal<Load<Theirs>>,
    /// Tries to read them again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// They match.
    #[prop(into)]
    on_match: Callback<()>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let clock = use_clock();
    let differ = RwSignal::new(false);
    // An account without a name is somebody's.
    let named = person.standing != Standing::Plain;
    let name = StoredValue::new(if named { person.name.clone() } else { "its owner".to_owned() });
    let here = Signal::derive(move || theirs.with(|theirs| theirs.ready().is_some()));
    let body = move || {
        if differ.get() {
            return view! { <Differ name=name.get_value() /> }.into_any();
        }
        view! {
            <ol class="compare">
                <li>
                    <p>
                        {format!(
                            "Ask {} to open Settings in Medkey and to read the words of the key to you. They must be:",
                            name.get_value(),
                        )}
                    </p>
                    <Loaded
                        model=theirs
                        rows=1
                        on_retry=on_retry
                        children={move |theirs: Theirs| {
                            let compared = theirs.compared;
                            view! {
                                <KeyWords words=theirs.words large=true />
                                {compared
                                    .map(|(at, same)| {
                                        move || {
                                            let day = clock.speaker().say(at, Say::Date);
                                            if same {
                                                view! {
                                                    <p class="say say--good">
                                                        <Glyph icon=Icon::Checked />
                                                        {format!("They matched when you compared them on {day}.")}
                                                    </p>
                                                }
                                                    .into_any()
                                            } else {
                                                view! {
                                                    <p class="say say--warn">
                                                        <Glyph icon=Icon::Warning />
                                                        {format!(
                                                            "The key is another than on {day}, as after a renewal. Compare anew.",
                                                        )}
                                                    </p>
                                                }
                                                    .into_any()
                                            }
                                        }
                                    })}
                            }
                        }}
                    />
                </li>
                <li>
                    <p>"Then read yours aloud:"</p>
                    <KeyWords words=mine.clone() large=true />
                </li>
            </ol>
        }
        .into_any()
    };
    view! {
        <Dialog title="Compare the words" on_close=on_close>
            <PersonHead person=person />
            {body}
            <div class="dialog__foot">
                {move || {
                    if differ.get() {
                        return view! {
                            <Button label="Compare again" on_press=move |()| differ.set(false) />
                            <Button label="Close" weight=Weight::Primary on_press=on_close />
                        }
                            .into_any();
                    }
                    view! {
                        <Button
                            label="They do not match"
                            disabled=Signal::derive(move || !here.get())
                            on_press=move |()| differ.set(true)
                        />
                        <Button
                            label="They match"
                            icon=Icon::Tick
                            weight=Weight::Primary
                            disabled=Signal::derive(move || !here.get())
                            on_press=on_match
                        />
                    }
                        .into_any()
                }}
            </div>
        </Dialog>
    }
}

/// What to do when they do not match.
#[component]
fn Differ(name: String) -> impl IntoView {
    view! {
        <div class="say say--boxed say--danger" role="alert">
            <Glyph icon=Icon::Warning />
            <div class="say__text">
                <strong>"Share nothing with this account for now."</strong>
                "What you would share could be read by somebody else."
            </div>
        </div>
        <ul class="bullets">
            <li>{format!("Read the words once more, slowly, and check that {name} looks at Settings.")}</li>
            <li>"Compare the address of the account, too: it may be another person of the same name."</li>
            <li>
                "If they still differ, one of you sees a key that is not the other’s. Revoke what you have shared under People, and tell whoever runs this server."
            </li>
        </ul>
    }
}
