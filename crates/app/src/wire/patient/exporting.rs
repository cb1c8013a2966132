//! Taking everything along: all files as they were filed, and what each of them is, in one ZIP.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_browser::Spool;
use medkey_client::{
    export_chart::{Archive, Said},
    list_records::Record,
};

use super::Patient;
use crate::{
    load::Trouble,
    pages::records::Exporting,
    speaking::{count, sentence},
    wire::{desk::Open, own_chart::OwnChart, said},
};

/// The archive's name.
const NAME: &str = "medkey-records.zip";

impl Patient {
    /// Exports everything, unless that is on its way.
    pub(super) fn export(self) {
        let Some(chart) = self.chart() else { return };
        if matches!(self.exporting.get_untracked(), Exporting::At { .. }) {
            return;
        }
        let open = self.open();
        self.exporting.set(Exporting::At { part: 0.0 });
        spawn_local(async move {
            let told = |part| {
                let _left = self.exporting.try_set(Exporting::At { part });
            };
            let done = match export(&open, &chart, told).await {
                Ok(left_out) if left_out.is_empty() => {
                    self.toasts.say("All records are in the ZIP. Nothing in it is encrypted: keep it safe.");
                    Exporting::No
                }
                Ok(left_out) => Exporting::Failed(Trouble::new(
                    sentence(&format!("{} could not be opened.", count(left_out.len(), "record", "records"))),
                    format!("The others are in the ZIP. Left out: {}.", left_out.join(", ")),
                )),
                Err(failed) => Exporting::Failed(Trouble::new(failed.to_string(), "Nothing was saved.")),
            };
            let _left = self.exporting.try_set(done);
        });
    }
}

/// Saves the archive; gives the titles of what could not be opened and is left out of it.
async fn export(
    open: &Rc<Open>,
    chart: &OwnChart,
    told: impl Fn(f64),
) -> Result<Vec<String>, Box<dyn core::error::Error>> {
    let records = &chart.records.records;
    let total = records.iter().map(|record| record.meta.length).sum::<u64>().max(1) as f64;
    let (mut archive, mut out) = (Archive::default(), Spool::default());
    let (mut before, mut left_out) = (0, Vec::new());
    for record in records {
        let mut file = Spool::default();
        let (mut read, mut kept) = (0, Ok(()));
        let opened = open
            .client()
            .read_record(record, |piece| {
                kept = kept.and_then(|()| file.push(piece));
                read += piece.len() as u64;
                told((before + read) as f64 / total);
            })
            .await;
        kept?;
        before += record.meta.length;
        // Only what is proven to be whole comes into the archive.
        if opened.is_err() {
            left_out.push(record.meta.title.clone());
            continue;
        }
        let author = author(chart, record);
        archive.begin(record, Said { folder: chart.folder_word(record.folder), author: &author })?;
        let mut written = Ok(());
        file.read_all(|piece| {
            written = written.and_then(|()| archive.write(piece));
            out.push(&archive.take())
        })
        .await?;
        written?;
    }
    out.push(&archive.finish(chart.about.as_ref())?)?;
    out.save(NAME)?;
    Ok(left_out)
}

fn author(chart: &OwnChart, record: &Record) -> String {
    match record.origin.unwrap_or(record.author) {
        author if author == record.chart => {
            chart.about.as_ref().map_or("The patient", |about| about.name.as_str()).to_owned()
        }
        author => said::person(author, chart.people.get(&author)).name,
    }
}
