//! What the tests do to the browser that the crate itself never does.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Runs the body of a function with these arguments.
pub(crate) fn run(names: &str, body: &str, arguments: &[&JsValue]) -> JsValue {
    let arguments: Array = arguments.iter().copied().collect();
    Function::new_with_args(names, body).apply(&JsValue::NULL, &arguments).unwrap()
}

/// As [`run`], for a body that answers a promise.
pub(crate) async fn wait_for(names: &str, body: &str, arguments: &[&JsValue]) -> JsValue {
    let promise: Promise = run(names, body, arguments).dyn_into().unwrap();
    JsFuture::from(promise).await.unwrap()
}

pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
