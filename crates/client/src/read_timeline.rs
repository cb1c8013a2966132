//! A patient reads what happened in the own chart: every entry, proven by the chain, and besides it what the relay says
//! that it did, marked as the relay's word.

use medkey_protocol::{Address, api::Word, chart::Entry};

use crate::{Medkey, fault::Fault, ports::Ports, read_chart::ReadChart};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// In the chart: proven.
    Entry(Entry),
    /// At the relay: its word alone.
    Word(Word),
}

impl Happening {
    /// When, in seconds since 1970.
    pub fn time(&self) -> u64 {
        match self {
            Self::Entry(entry) => entry.time,
            Self::Word(word) => word.time,
        }
    }
}

impl<P: Ports> Medkey<P> {
    /// Everything that happened, newest first.
    pub async fn read_timeline(&self, read: &ReadChart) -> Result<Vec<Happening>, Fault> {
        let words = self.words(read.chart).await?.into_iter().map(Happening::Word);
        let mut all: Vec<Happening> = read.entries.iter().cloned().map(Happening::Entry).chain(words).collect();
        // Entries of one block keep their order: the sort is stable, and the newest come first afterwards.
        all.sort_by_key(Happening::time);
        all.reverse();
        Ok(all)
    }

    async fn words(&self, chart: Address) -> Result<Vec<Word>, Fault> {
        let mut words = Vec::new();
        let mut after = None;
        loop {
            let page = self.relay_words(chart, after).await?;
            words.extend(page.items);
            match page.next {
                Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
                _ => return Ok(words),
            }
        }
    }
}
