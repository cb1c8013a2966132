//! Work that goes on for as long as the pages that began it are shown.

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

/// Runs this until it ends by itself or the pages are left.
pub fn while_here(work: impl Future<Output = ()> + 'static) {
    let (running, stop) = abortable(work);
    spawn_local(async move {
        let _stopped = running.await;
    });
    let stop = StoredValue::new_local(stop);
    on_cleanup(move || stop.with_value(AbortHandle::abort));
}
