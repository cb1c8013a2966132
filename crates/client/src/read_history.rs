//! A patient looks at what a record was before: each manifest that another has taken the place of, back to the first.

use crate::{
    Medkey,
    fault::Fault,
    list_records::{OwnKeys, Record, Records},
    me::Me,
    ports::Ports,
    read_chart::ReadChart,
};

impl<P: Ports> Medkey<P> {
    /// The former states of a record of one's own chart, newest first: other titles, other folders, other files. What
    /// cannot be shown is counted.
    pub async fn read_history(&self, me: &Me, read: &ReadChart, record: &Record) -> Result<Records, Fault> {
        let (mut keys, mut found) = (OwnKeys::default(), Records::default());
        let announced = &read.state.records;
        let mut at = announced.iter().position(|one| one.current && one.manifest == record.manifest);
        while let Some(previous) = at.and_then(|at| announced[at].replaces) {
            // What was replaced was announced before, so this ends.
            at = announced.iter().take(at.unwrap_or_default()).position(|one| one.manifest == previous);
            if let Some(at) = at {
                let former = self.own_record(me, read, &announced[at], &mut keys, &mut found).await?;
                found.records.extend(former);
            }
        }
        Ok(found)
    }
}
