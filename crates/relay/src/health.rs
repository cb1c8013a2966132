//! How the relay is: whether it follows the chain, and what it has done so far.

use std::{
    fmt::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use medkey_protocol::api::{Scrub, Tip};

/// How long the chain may be silent before grants are no longer taken to hold.
const SILENCE: Duration = Duration::from_secs(5 * 60);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    BlocksIn,
    BytesIn,
    BlocksOut,
    BytesOut,
    Deliveries,
    Refusals,
    Reorganisations,
    BlocksCleared,
    ActsPaid,
    ActsRefused,
    Failures,
}

const COUNTS: [(Count, &str, &str); 11] = [
    (Count::BlocksIn, "medkey_blocks_in_total", "Blocks taken in"),
    (Count::BytesIn, "medkey_bytes_in_total", "Bytes of blocks taken in"),
    (Count::BlocksOut, "medkey_blocks_out_total", "Blocks handed out"),
    (Count::BytesOut, "medkey_bytes_out_total", "Bytes of blocks handed out"),
    (Count::Deliveries, "medkey_deliveries_total", "Deliveries to others than the patient"),
    (Count::Refusals, "medkey_refusals_total", "Refusals by the access rule"),
    (Count::Reorganisations, "medkey_reorganisations_total", "Reorganisations of the chain"),
    (Count::BlocksCleared, "medkey_blocks_cleared_total", "Abandoned blocks cleared away"),
    (Count::ActsPaid, "medkey_acts_paid_total", "Transactions sent and paid for members"),
    (Count::ActsRefused, "medkey_acts_refused_total", "Signed acts that the contract or a quota refuses"),
    (Count::Failures, "medkey_failures_total", "Requests that failed inside the relay"),
];

#[derive(Debug, Default)]
struct Chain {
    seen: Option<Instant>,
    caught_up: bool,
    trouble: Option<String>,
    stopped: Option<String>,
}

/// How the relay is.
#[derive(Debug, Default)]
pub(crate) struct Health {
    chain: Mutex<Chain>,
    block: AtomicU64,
    block_time: AtomicU64,
    scrub: Mutex<Option<Scrub>>,
    counts: [AtomicU64; COUNTS.len()],
}

impl Health {
    fn chain<T>(&self, look: impl FnOnce(&mut Chain) -> T) -> T {
        look(&mut self.chain.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The node answered as it should.
    pub(crate) fn chain_seen(&self, caught_up: bool) {
        self.chain(|chain| {
            chain.seen = Some(Instant::now());
            chain.caught_up |= caught_up;
            chain.trouble = None;
        });
    }

    /// The node does not answer as it should; true when that is news.
    pub(crate) fn chain_trouble(&self, cause: String) -> bool {
        self.chain(|chain| {
            let news = chain.trouble.as_ref() != Some(&cause);
            chain.trouble = Some(cause);
            news
        })
    }

    /// Following the chain has ended for good.
    pub(crate) fn stopped(&self, cause: String) {
        self.chain(|chain| chain.stopped = Some(cause));
    }

    /// How far the index has come.
    pub(crate) fn at(&self, tip: Tip) {
        self.block.store(tip.block, Ordering::Relaxed);
        self.block_time.store(tip.time, Ordering::Relaxed);
    }

    /// Rows were taken back.
    pub(crate) fn reorganised(&self) {
        self.count(Count::Reorganisations, 1);
    }

    /// The store was gone through.
    pub(crate) fn scrubbed(&self, scrub: Scrub) {
        *self.scrub.lock().unwrap_or_else(PoisonError::into_inner) = Some(scrub);
    }

    /// What going through the store came to the last time.
    pub(crate) fn scrub(&self) -> Option<Scrub> {
        *self.scrub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts.
    pub(crate) fn count(&self, what: Count, by: u64) {
        self.counts[what as usize].fetch_add(by, Ordering::Relaxed);
    }

    /// Whether grants can be taken to hold: the chain was seen of late.
    pub(crate) fn chain_is_known(&self) -> bool {
        self.chain(|chain| chain.stopped.is_none() && chain.seen.is_some_and(|seen| seen.elapsed() < SILENCE))
    }

    /// Nothing when the relay is ready, else what it waits for.
    pub(crate) fn waits_for(&self) -> Option<String> {
        self.chain(|chain| {
            if let Some(cause) = chain.stopped.as_ref().or(chain.trouble.as_ref()) {
                return Some(cause.clone());
            }
            (!chain.caught_up).then(|| "the index is not yet at the newest block".to_owned())
        })
    }

    /// The figures in Prometheus' text form.
    pub(crate) fn metrics(&self) -> String {
        let mut text = String::new();
        for (what, name, help) in COUNTS {
            let value = self.counts[what as usize].load(Ordering::Relaxed);
            line(&mut text, name, help, "counter", value);
        }
        let ready = u64::from(self.waits_for().is_none());
        line(&mut text, "medkey_ready", "Whether the relay is ready", "gauge", ready);
        line(&mut text, "medkey_block", "Newest followed block", "gauge", self.block.load(Ordering::Relaxed));
        let time = self.block_time.load(Ordering::Relaxed);
        line(&mut text, "medkey_block_time_seconds", "Time of the newest followed block", "gauge", time);
        if let Some(Scrub { ended, blocks, damaged }) = self.scrub() {
            line(&mut text, "medkey_scrub_time_seconds", "When the store was last gone through", "gauge", ended);
            line(&mut text, "medkey_scrub_blocks", "Blocks that were read then", "gauge", blocks);
            line(&mut text, "medkey_scrub_damaged", "Blocks that were gone or damaged then", "gauge", damaged);
        }
        text
    }
}

fn line(text: &mut String, name: &str, help: &str, kind: &str, value: u64) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
}
