//! Staying up to date: what is shown is read again whenever the relay tells that something happened to it.

use std::time::Duration;

use medkey_client::ports::{Clock as _, Ports as _};
use medkey_protocol::Address;

use super::desk::Client;

/// How long to wait before listening again after the connection was lost.
const LISTEN_AGAIN: Duration = Duration::from_secs(3);
/// How many charts are listened to: the relay takes 200 addresses in all.
pub const LISTENED: usize = 190;

/// What is listened to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// These charts.
    pub charts: Vec<Address>,
    /// Whatever names these members.
    pub members: Vec<Address>,
    /// Reads anew at every block: something is awaited that names nobody listened to.
    pub every_block: bool,
    /// Block time of what was read last.
    pub as_of: u64,
}

/// Reads, and reads again whenever something happened to what is watched. Never ends by itself.
pub async fn stay_current(client: &Client, watch: impl Fn() -> Watch, read: impl AsyncFn()) {
    stay_current_with(client, watch, async |_| read().await).await;
}

/// The same; `read` is told to which charts something may have happened.
pub async fn stay_current_with(client: &Client, watch: impl Fn() -> Watch, read: impl AsyncFn(&[Address])) {
    read(&[]).await;
    loop {
        let Watch { charts, members, as_of, .. } = watch();
        let same = || {
            let now = watch();
            now.charts == charts && now.members == members
        };
        if let Ok(mut changes) = client.listen(&charts, &members).await {
            let mut first = true;
            while let Ok(Some(change)) = changes.next().await {
                // The first says where the relay stands: whether something was missed before listening began.
                let missed = core::mem::take(&mut first) && change.at.time > as_of;
                let named = change.rolled_back || !change.charts.is_empty() || !change.members.is_empty();
                if missed || change.rolled_back {
                    read(&charts).await;
                } else if named || watch().every_block {
                    read(&change.charts).await;
                }
                if !same() {
                    break;
                }
            }
        }
        if same() {
            client.ports().clock().wait(LISTEN_AGAIN).await;
        }
    }
}
