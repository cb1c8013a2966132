//! A doctor or a laboratory lists what it filed in others' charts, opened with the copies that it kept.

use core::cmp::Reverse;

use futures::future::join_all;
use medkey_crypto::manifest::{Reader, open_manifest};
use medkey_protocol::{
    Address, Digest,
    chart::{ChartEvent, Entry},
};

use crate::{
    Medkey,
    fault::Fault,
    index::Opened,
    list_records::{AT_A_TIME, Fetched, Record, Records},
    me::Me,
    open_chart::Dealing,
    ports::Ports,
};

/// Where a record was filed.
struct Filed<'a> {
    chart: Address,
    entry: &'a Entry,
    manifest: Digest,
}

impl<P: Ports> Medkey<P> {
    /// The records that this member filed in somebody's chart, the newest first. The titles of those opened before are
    /// at hand on the device.
    pub async fn list_delivered(&self, me: &Me, dealings: &[Dealing]) -> Result<Records, Fault> {
        self.load_index(me).await;
        let mut found = Records::default();
        let mut left = Vec::new();
        let mut opened = Vec::new();
        for (place, filed) in dealings.iter().flat_map(|dealing| filed_by(me.address, dealing)).enumerate() {
            match me.index.borrow().get(filed.manifest) {
                Some(known) => opened.push((place, record(&filed, &known))),
                None => left.push((place, filed)),
            }
        }
        for some in left.chunks(AT_A_TIME) {
            let fetched =
                join_all(some.iter().map(|(_, filed)| self.manifest(filed.chart, filed.manifest, me.address))).await;
            for ((place, filed), fetched) in some.iter().zip(fetched) {
                let Ok(Fetched::Manifest(manifest)) = fetched else {
                    found.withheld += 1;
                    continue;
                };
                let copy = open_manifest(&manifest, Reader::Author(&me.identity)).ok();
                let Some(copy) = found.count(copy) else { continue };
                let (known, _) = self.opened(filed.chart, &manifest, copy, false, |_| None).await;
                opened.push((*place, record(filed, &known)));
                me.index.borrow_mut().put_own(filed.manifest, known);
            }
        }
        self.keep_index(me).await;
        // Each chart's are in order already, the newest first.
        opened.sort_by_key(|(place, record)| (Reverse(record.at.time), *place));
        found.records = opened.into_iter().map(|(_, record)| record).collect();
        Ok(found)
    }
}

fn filed_by<'a>(author: Address, dealing: &'a Dealing) -> impl Iterator<Item = Filed<'a>> {
    let Dealing { chart, entries } = dealing;
    entries.iter().filter_map(move |entry| match entry.event {
        ChartEvent::RecordAdded { author: by, manifest } if by == author => {
            Some(Filed { chart: *chart, entry, manifest })
        }
        _ => None,
    })
}

fn record(Filed { chart, entry, manifest }: &Filed<'_>, opened: &Opened) -> Record {
    Record::of(*chart, *manifest, (*entry).into(), opened)
}
