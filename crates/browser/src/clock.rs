//! The browser's time.

use std::time::Duration;

use js_sys::Promise;
use medkey_client::ports::Clock;
use wasm_bindgen_futures::JsFuture;

/// `Date.now` and `setTimeout`.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> u64 {
        (js_sys::Date::now() / 1000.0) as u64
    }

    async fn wait(&self, time: Duration) {
        let milliseconds = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        let over = Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).ok();
            }
        });
        JsFuture::from(over).await.ok();
    }
}
