//! Asks before a page is left or read anew while something was typed that is not saved.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// For as long as the page is shown: the browser asks whether to leave it while this holds.
pub fn ask_before_leaving(unsaved: Signal<bool>) {
    let handle = window_event_listener_untyped("beforeunload", move |event| {
        if unsaved.try_get_untracked().unwrap_or_default() {
            event.prevent_default();
            // Older browsers ask only where this is set; the sentence is their own in all of them.
            let _set = js_sys::Reflect::set(&event, &JsValue::from("returnValue"), &JsValue::TRUE);
        }
    });
    on_cleanup(move || handle.remove());
}
