//! The system's time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use medkey_client::ports::Clock;

/// The system's time, ahead by what it was put forward. Clones go together.
#[derive(Debug, Clone, Default)]
pub struct SystemClock {
    ahead: Arc<AtomicU64>,
    longest_wait: Option<Duration>,
}

impl SystemClock {
    /// The same clock, which waits no longer than this at a time: for a chain and a relay that answer at once.
    #[must_use]
    pub fn hasty(self, longest_wait: Duration) -> Self {
        Self { longest_wait: Some(longest_wait), ..self }
    }

    /// Puts the clock forward, together with a local chain's.
    pub fn put_forward(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        // A clock before 1970 is as wrong as one in 1970.
        let system = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        system.saturating_add(self.ahead.load(Ordering::Relaxed))
    }

    async fn wait(&self, time: Duration) {
        tokio::time::sleep(self.longest_wait.map_or(time, |longest| time.min(longest))).await;
    }
}
