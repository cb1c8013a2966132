//! The time as the views see it: one context, so that what is said about
//! "today" changes everywhere at once.

use leptos::prelude::*;

use crate::speaking::{Say, Speaker};

/// The clock of this page.
#[derive(Clone, Copy)]
pub struct Clock {
    now: Signal<u64>,
    offset: fn(u64) -> i32,
}

impl Clock {
    /// A clock over a signal of seconds since 1970 and a local offset.
    #[must_use]
    pub fn new(now: Signal<u64>, offset: fn(u64) -> i32) -> Self {
        Self { now, offset }
    }

    /// Speaks of times as seen at this moment; tracks the minute.
    #[must_use]
    pub fn speaker(&self) -> Speaker {
        Speaker { now: self.now.get(), offset: self.offset }
    }
}

/// Starts the clock of the page and hands it to everything below. It ticks
/// once a minute: nothing that is said here is finer.
pub fn provide_clock() {
    let now = RwSignal::new(browser_now());
    let tick = set_interval_with_handle(move || now.set(browser_now()), std::time::Duration::from_secs(60));
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    provide_context(Clock::new(now.into(), browser_offset));
}

/// The clock in reach, or a still one that shows the time of the call.
#[must_use]
pub fn use_clock() -> Clock {
    use_context().unwrap_or_else(|| Clock::new(Signal::stored(browser_now()), browser_offset))
}

fn browser_now() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970 fit")]
    let seconds = (js_sys::Date::now() / 1000.0) as u64;
    seconds
}

fn browser_offset(at: u64) -> i32 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "seconds since 1970 and minutes of offset are small"
    )]
    let minutes_west =
        js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64 * 1000.0)).get_timezone_offset() as i32;
    -60 * minutes_west
}

/// A time as people say it; the full time on hover.
#[component]
pub fn When(
    /// Seconds since 1970.
    at: u64,
    /// How much of it is said.
    how: Say,
) -> impl IntoView {
    let clock = use_clock();
    view! {
        <time title=move || clock.speaker().say(at, Say::Full)>
            {move || clock.speaker().say(at, how)}
        </time>
    }
}
