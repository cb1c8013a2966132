//! Listening that ends on drop.

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::EventTarget;

/// A listener of a target's event.
#[derive(Debug)]
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    heard: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    /// `None` where the target takes no listeners.
    pub(crate) fn start(target: &EventTarget, event: &'static str, heard: impl Fn(JsValue) + 'static) -> Option<Self> {
        let heard = Closure::<dyn Fn(JsValue)>::new(heard);
        target.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref()).ok()?;
        Some(Self { target: target.clone(), event, heard })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.heard.as_ref().unchecked_ref();
        self.target.remove_event_listener_with_callback(self.event, heard).ok();
    }
}
