//! A person reads a chart: all its entries from the relay, folded and compared with the head on chain.

use medkey_protocol::{
    Address, B256,
    chart::{Entry, fold},
};

use crate::{
    Medkey,
    chain::{LOOK_EVERY, Stamp},
    chart::Chart,
    fault::{Fault, Lie, RelayError},
    me::Me,
    people::PATIENCE,
    ports::{Clock, Ports, ReadAt, WalletError},
};

/// How far a chart's entries are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seal {
    /// They fold to the head on chain, at the wallet's newest block.
    Complete(Stamp),
    /// They fold to the head of an older block; something newer is not shown yet.
    Behind {
        /// The block they hold at.
        at: Stamp,
        /// The wallet's newest block.
        newest: u64,
    },
    /// The wallet's node cannot be asked at the moment.
    NotChecked(WalletError),
}

/// A chart's entries and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadChart {
    /// Whose.
    pub chart: Address,
    /// Every entry, oldest first.
    pub entries: Vec<Entry>,
    /// The head that they fold to.
    pub head: B256,
    /// Their fold.
    pub state: Chart,
    /// How far they are proven.
    pub seal: Seal,
    /// Block time that the answer holds at.
    pub time: u64,
}

impl ReadChart {
    /// Before anything was read.
    fn nothing(chart: Address) -> Self {
        let seal = Seal::NotChecked(WalletError::UnknownBlock);
        Self { chart, entries: Vec::new(), head: B256::ZERO, state: Chart::default(), seal, time: 0 }
    }
}

impl<P: Ports> Medkey<P> {
    /// Reads a chart. Entries that do not fold to the head at the block that the relay names are a lie, and nothing of
    /// them is given out.
    pub async fn read_chart(&self, chart: Address) -> Result<ReadChart, Fault> {
        match self.read_entries(ReadChart::nothing(chart)).await {
            // A reorganisation between two answers looks the same: only what is wrong twice is a lie.
            Err(Fault::Lie(Lie::Chart)) => self.read_entries(ReadChart::nothing(chart)).await,
            other => other,
        }
    }

    /// Reads on where a chart was read before: only what came since is fetched. What was read before counts as little as
    /// what is new until all of it folds to the head on chain; where it does not, everything is read anew.
    pub async fn read_chart_on(&self, before: ReadChart) -> Result<ReadChart, Fault> {
        let chart = before.chart;
        match self.read_entries(before).await {
            Err(Fault::Lie(Lie::Chart)) => self.read_chart(chart).await,
            other => other,
        }
    }

    async fn read_entries(&self, before: ReadChart) -> Result<ReadChart, Fault> {
        let ReadChart { chart, mut entries, mut head, mut state, .. } = before;
        let known = entries.len();
        let mut after = (known > 0).then_some(known as u64);
        let (tip, told) = loop {
            let page = self.relay_entries(chart, after).await?;
            entries.extend(page.entries);
            match page.next {
                Some(next) if after.is_none_or(|before| next > before) => after = Some(next),
                Some(_) => return Err(Lie::Chart.into()),
                None => break (page.at, page.head),
            }
        };
        for entry in &entries[known..] {
            head = fold(head, chart, entry.time, &entry.event);
        }
        state.go_on(chart, &entries[known..]);
        // The relay rolled back some of what was read before: its own word is enough to begin again.
        if known > 0 && told != head {
            return Err(Lie::Chart.into());
        }
        let named = self.view_chart(chart, ReadAt::Block(tip.block)).await;
        let seal = match named {
            Ok((on_chain, stamp)) => {
                if on_chain.head != head || stamp.block != tip.block {
                    return Err(Lie::Chart.into());
                }
                match self.view_chart(chart, ReadAt::Newest).await {
                    // A node that shows something older than the block just checked adds nothing.
                    Ok((newest, at)) if newest.head != head && at.block > tip.block => {
                        Seal::Behind { at: stamp, newest: at.block }
                    }
                    Ok(_) => Seal::Complete(stamp),
                    Err(error) => Seal::NotChecked(error),
                }
            }
            Err(error) => Seal::NotChecked(error),
        };
        // The relay's word for the time counts only while the chain cannot be asked.
        let time = match &seal {
            Seal::Complete(at) | Seal::Behind { at, .. } => at.time,
            Seal::NotChecked(_) => tip.time,
        };
        Ok(ReadChart { chart, entries, head, state, seal, time })
    }

    /// One's own chart, from where it was read last.
    pub async fn read_my_chart(&self, me: &Me) -> Result<ReadChart, Fault> {
        let read = match me.take_read() {
            Some(before) => self.read_chart_on(before).await?,
            None => self.read_chart(me.address).await?,
        };
        me.set_read(read.clone());
        Ok(read)
    }

    /// One's own chart for an act that changes who holds its keys: complete, or nothing. An older list would give keys
    /// back to somebody whose grant was revoked on another device.
    pub(crate) async fn read_own_chart(&self, me: &Me) -> Result<ReadChart, Fault> {
        self.until_complete(async || self.read_my_chart(me).await).await
    }

    /// Somebody else's chart for an act that depends on its newest entry: complete, or nothing.
    pub(crate) async fn read_whole_chart(&self, chart: Address) -> Result<ReadChart, Fault> {
        self.until_complete(async || self.read_chart(chart).await).await
    }

    async fn until_complete(&self, read: impl AsyncFn() -> Result<ReadChart, Fault>) -> Result<ReadChart, Fault> {
        for _ in 0..PATIENCE {
            let read = read().await?;
            match read.seal {
                Seal::Complete(_) => return Ok(read),
                Seal::Behind { .. } => self.ports.clock().wait(LOOK_EVERY).await,
                Seal::NotChecked(error) => return Err(error.into()),
            }
        }
        Err(RelayError::Behind.into())
    }
}
