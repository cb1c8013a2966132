use std::time::Duration;

use medkey_browser::BrowserClock;
use medkey_client::ports::Clock;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn tells_the_time_and_waits() {
    let before = js_sys::Date::now();
    BrowserClock.wait(Duration::from_millis(50)).await;
    assert!(js_sys::Date::now() - before >= 49.0);
    assert!(BrowserClock.now() as f64 >= before / 1000.0 - 1.0);
}
