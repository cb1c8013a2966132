//! A doctor or a laboratory lists what it filed in others' charts, opened with the copies that it kept.

use core::cmp::Reverse;

use futures::future::join_all;
use medkey_crypto::manifest::{Reader, open_manifest};
use medkey_protocol::{Address, Digest, chart::ChartEvent};

use crate::{
    Medkey,
    chart::Place,
    fault::Fault,
    index::Opened,
    list_records::{AT_A_TIME, Fetched, Record, Records},
    me::Me,
    open_chart::Dealing,
    ports::Ports,
};

/// Where a record was filed.
#[derive(Debug, Clone, Copy)]
struct Filed {
    chart: Address,
    at: Place,
    manifest: Digest,
}

/// A listing of what was filed on its way: what was opened before is there at once, the rest follows, newest first.
#[derive(Debug)]
pub struct DeliveredListing {
    /// Each with its place, the newest last.
    left: Vec<(usize, Filed)>,
    opened: Vec<(usize, Record)>,
    /// What could not be shown.
    counts: Records,
}

impl DeliveredListing {
    /// What was opened so far, the newest first.
    #[must_use]
    pub fn records(&self) -> Records {
        let mut opened: Vec<&(usize, Record)> = self.opened.iter().collect();
        // Each chart's are in order already, the newest first.
        opened.sort_by_key(|(place, record)| (Reverse(record.at.time), *place));
        let records = opened.into_iter().map(|(_, record)| record.clone()).collect();
        Records { records, pending: self.left.len(), ..self.counts.clone() }
    }
}

impl<P: Ports> Medkey<P> {
    /// The records that this member filed in somebody's chart, the newest first. The titles of those opened before are
    /// at hand on the device.
    pub async fn list_delivered(&self, me: &Me, dealings: &[Dealing]) -> Result<Records, Fault> {
        let mut listing = self.begin_delivered(me, dealings).await;
        self.go_on_delivered(me, &mut listing, usize::MAX).await;
        Ok(listing.records())
    }

    /// Lists what of it was opened before, on this device.
    pub async fn begin_delivered(&self, me: &Me, dealings: &[Dealing]) -> DeliveredListing {
        self.load_index(me).await;
        let mut listing = DeliveredListing { left: Vec::new(), opened: Vec::new(), counts: Records::default() };
        for (place, filed) in dealings.iter().flat_map(|dealing| filed_by(me.address, dealing)).enumerate() {
            match me.index.borrow().get(filed.manifest) {
                Some(known) => listing.opened.push((place, record(&filed, &known))),
                None => listing.left.push((place, filed)),
            }
        }
        listing.left.sort_by_key(|(place, filed)| (filed.at.time, Reverse(*place)));
        listing
    }

    /// Opens up to `most` more. How many are left, the listing says as [`Records::pending`].
    pub async fn go_on_delivered(&self, me: &Me, listing: &mut DeliveredListing, most: usize) {
        let from = listing.left.len().saturating_sub(most);
        let next = listing.left.split_off(from);
        let DeliveredListing { opened, counts, .. } = listing;
        for some in next.rchunks(AT_A_TIME) {
            let fetched =
                join_all(some.iter().map(|(_, filed)| self.manifest(filed.chart, filed.manifest, me.address))).await;
            for ((place, filed), fetched) in some.iter().zip(fetched) {
                let Ok(Fetched::Manifest(manifest)) = fetched else {
                    counts.withheld += 1;
                    continue;
                };
                let copy = open_manifest(&manifest, Reader::Author(&me.identity)).ok();
                let Some(copy) = counts.count(copy) else { continue };
                let (known, _) = self.opened(filed.chart, &manifest, copy, false, |_| None).await;
                opened.push((*place, record(filed, &known)));
                me.index.borrow_mut().put_own(filed.manifest, known);
            }
        }
        self.keep_index(me).await;
    }
}

fn filed_by(author: Address, dealing: &Dealing) -> impl Iterator<Item = Filed> {
    let Dealing { chart, entries } = dealing;
    entries.iter().filter_map(move |entry| match entry.event {
        ChartEvent::RecordAdded { author: by, manifest } if by == author => {
            Some(Filed { chart: *chart, at: entry.into(), manifest })
        }
        _ => None,
    })
}

fn record(Filed { chart, at, manifest }: &Filed, opened: &Opened) -> Record {
    Record::of(*chart, *manifest, *at, opened)
}
