//! How much one member, one network address and all visitors together may ask of the relay.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use medkey_protocol::Address;

use crate::{config::Config, error::Error};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Challenges and attempts to sign in from one network address: a minute's worth at once.
const SIGN_INS_PER_MINUTE: u64 = 120;
/// Signed acts from one network address: a minute's worth at once.
const ACTS_PER_MINUTE: u64 = 120;
/// Buckets that are remembered for one kind of limit; full ones are forgotten first.
const REMEMBERED: usize = 100_000;

/// Buckets of one size that fill again at one rate.
#[derive(Debug)]
struct Buckets<K> {
    capacity: f64,
    per_second: f64,
    left: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Eq + Hash + Copy> Buckets<K> {
    fn new(capacity: u64, refill: Duration) -> Self {
        let capacity = capacity as f64;
        Self { capacity, per_second: capacity / refill.as_secs_f64(), left: Mutex::default() }
    }

    fn take(&self, key: K, amount: u64, now: Instant) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= REMEMBERED && !left.contains_key(&key) {
            left.retain(|_, (amount, since)| self.filled(*amount, *since, now) < self.capacity);
        }
        if left.len() >= REMEMBERED && !left.contains_key(&key) {
            return false;
        }
        let (held, since) = left.entry(key).or_insert((self.capacity, now));
        let filled = self.filled(*held, *since, now);
        let enough = filled >= amount as f64;
        *held = if enough { filled - amount as f64 } else { filled };
        *since = now;
        enough
    }

    fn filled(&self, amount: f64, since: Instant, now: Instant) -> f64 {
        let added = self.per_second * now.saturating_duration_since(since).as_secs_f64();
        (amount + added).min(self.capacity)
    }
}

/// All limits.
#[derive(Debug)]
pub(crate) struct Limits {
    requests: Buckets<IpAddr>,
    sign_ins: Buckets<IpAddr>,
    acts: Buckets<IpAddr>,
    member_bytes: Buckets<Address>,
    visitor_bytes: Buckets<IpAddr>,
    visitors_bytes: Buckets<()>,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            requests: Buckets::new(config.request_rate.saturating_mul(10), Duration::from_secs(10)),
            sign_ins: Buckets::new(SIGN_INS_PER_MINUTE, Duration::from_secs(60)),
            acts: Buckets::new(ACTS_PER_MINUTE, Duration::from_secs(60)),
            member_bytes: Buckets::new(config.member_quota, DAY),
            visitor_bytes: Buckets::new(config.visitor_quota, DAY),
            visitors_bytes: Buckets::new(config.visitors_quota, DAY),
        }
    }

    /// One more request.
    pub(crate) fn request(&self, from: IpAddr) -> Result<(), Error> {
        if self.requests.take(from, 1, Instant::now()) { Ok(()) } else { Err(Error::RateLimited) }
    }

    /// One more step of signing in.
    pub(crate) fn sign_in(&self, from: IpAddr) -> Result<(), Error> {
        if self.sign_ins.take(from, 1, Instant::now()) { Ok(()) } else { Err(Error::RateLimited) }
    }

    /// One more request to pay for acts.
    pub(crate) fn acts(&self, from: IpAddr) -> Result<(), Error> {
        if self.acts.take(from, 1, Instant::now()) { Ok(()) } else { Err(Error::RateLimited) }
    }

    /// Bytes of a block by a member in a session.
    pub(crate) fn member_block(&self, member: Address, bytes: u64) -> Result<(), Error> {
        if self.member_bytes.take(member, bytes, Instant::now()) { Ok(()) } else { Err(Error::Quota) }
    }

    /// Bytes of a block by a visitor without a session.
    pub(crate) fn visitor_block(&self, from: IpAddr, bytes: u64) -> Result<(), Error> {
        let now = Instant::now();
        let enough = self.visitor_bytes.take(from, bytes, now) && self.visitors_bytes.take((), bytes, now);
        if enough { Ok(()) } else { Err(Error::Quota) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_runs_dry_and_fills_again() {
        let buckets = Buckets::new(100, Duration::from_secs(100));
        let start = Instant::now();
        assert!(buckets.take(1, 60, start));
        assert!(!buckets.take(1, 60, start));
        assert!(buckets.take(2, 100, start), "another one's bucket is full");
        assert!(buckets.take(1, 60, start + Duration::from_secs(20)));
        assert!(!buckets.take(1, 1, start + Duration::from_secs(20)));
        assert!(!buckets.take(1, 101, start + Duration::from_secs(1000)), "never more than it holds");
    }
}
