//! EIP-1193: one function to ask, and events.

use std::fmt;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use medkey_client::{ports::WalletError, refusal::refusal};
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

/// Parts of an error that say what it means; `message` is not among an error's own fields for `JSON.stringify`.
const ERROR_PARTS: [&str; 6] = ["code", "message", "data", "originalError", "error", "cause"];
const DEEPEST: usize = 6;

/// A wallet's provider object.
#[derive(Clone)]
pub(crate) struct Provider {
    object: JsValue,
    request: Function,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Provider")
    }
}

impl Provider {
    /// `None` where there is no `request`.
    pub(crate) fn parse(object: &JsValue) -> Option<Self> {
        Some(Self { object: object.clone(), request: function(object, "request")? })
    }

    /// Asks the wallet; what it refuses is told as [`WalletError`].
    pub(crate) async fn request(&self, method: &str, parameters: &Value) -> Result<Value, WalletError> {
        let thrown = |error: JsValue| refusal(&error_value(&error, 0));
        let question = question(method, parameters).map_err(thrown)?;
        let promise = self.request.call1(&self.object, &question).map_err(thrown)?;
        let answer = JsFuture::from(Promise::resolve(&promise)).await.map_err(thrown)?;
        let text = JSON::stringify(&answer).ok().and_then(|text| text.as_string());
        // `undefined` has no text.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null))
    }

    /// Hears an event until the answer is dropped; `None` where the wallet has no events.
    pub(crate) fn watch(&self, event: &'static str, heard: impl Fn(Value) + 'static) -> Option<Watch> {
        let heard = Closure::<dyn Fn(JsValue)>::new(move |value: JsValue| {
            let text = JSON::stringify(&value).ok().and_then(|text| text.as_string());
            heard(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null));
        });
        function(&self.object, "on")?.call2(&self.object, &event.into(), heard.as_ref()).ok()?;
        Some(Watch { provider: self.clone(), event, heard })
    }
}

/// Hears an event of a wallet until it is dropped.
#[derive(Debug)]
pub struct Watch {
    provider: Provider,
    event: &'static str,
    heard: Closure<dyn Fn(JsValue)>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let object = &self.provider.object;
        if let Some(remove) = function(object, "removeListener") {
            remove.call2(object, &self.event.into(), self.heard.as_ref()).ok();
        }
    }
}

fn function(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

fn question(method: &str, parameters: &Value) -> Result<JsValue, JsValue> {
    let question = Object::new();
    Reflect::set(&question, &"method".into(), &method.into())?;
    Reflect::set(&question, &"params".into(), &JSON::parse(&parameters.to_string())?)?;
    Ok(question.into())
}

fn error_value(error: &JsValue, depth: usize) -> Value {
    if let Some(text) = error.as_string() {
        return text.into();
    }
    if let Some(number) = error.as_f64() {
        return (number as i64).into();
    }
    if !error.is_object() || depth > DEEPEST {
        return Value::Null;
    }
    let parts = ERROR_PARTS.into_iter().filter_map(|name| {
        let part = Reflect::get(error, &name.into()).ok().filter(|part| !part.is_undefined())?;
        Some((name.to_owned(), error_value(&part, depth + 1)))
    });
    Value::Object(parts.collect::<Map<_, _>>())
}
