//! Workers of the app's own, which do what is not to be done where keys are. Each is asked one thing at a time.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// Why a worker has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HelperError {
    /// Its program could not be fetched, or it ended.
    Away,
    /// It was too much for it.
    Damaged,
}

/// A worker. It ends on drop.
#[derive(Debug)]
pub(crate) struct Helper(Worker);

impl Helper {
    /// Fetches it.
    pub(crate) fn start(address: &str) -> Result<Self, HelperError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        Worker::new_with_options(address, &options).map(Self).map_err(|_| HelperError::Away)
    }

    /// Asks it, and waits for its answer or its end.
    pub(crate) async fn ask(&self, asked: &Object, wanted: &str) -> Result<JsValue, HelperError> {
        let worker = &self.0;
        // A function's default would be made from text, which the page's policy forbids.
        let mut ends = None::<(Function, Function)>;
        let promise = Promise::new(&mut |resolve, reject| ends = Some((resolve, reject)));
        let (answer, lost) = ends.ok_or(HelperError::Away)?;
        // Both live until there is an answer; calling them cannot fail.
        let answered = Closure::once(move |event: MessageEvent| answer.call1(&JsValue::NULL, &event.data()).ok());
        let ended = Closure::once(move |_: JsValue| lost.call0(&JsValue::NULL).ok());
        worker.set_onmessage(Some(answered.as_ref().unchecked_ref()));
        worker.set_onerror(Some(ended.as_ref().unchecked_ref()));
        worker.post_message(asked).map_err(|_| HelperError::Damaged)?;
        let answer = JsFuture::from(promise).await.map_err(|_| HelperError::Away)?;
        let said = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or_default();
        if said("away").is_truthy() {
            return Err(HelperError::Away);
        }
        let value = said(wanted);
        if value.is_undefined() { Err(HelperError::Damaged) } else { Ok(value) }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

/// Names a value in what is asked.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    // Cannot fail on a plain object.
    Reflect::set(object, &name.into(), value).ok();
}
