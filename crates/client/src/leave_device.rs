//! A member takes its account off a device: everything kept there under its address.

use crate::{
    Medkey,
    fault::Fault,
    me::Me,
    ports::{Device, Ports},
};

impl<P: Ports> Medkey<P> {
    /// Locks, and forgets every name in which the member's address stands: slots, notes, whatever was compared. The
    /// record and the card stay as they are.
    pub async fn leave_device(&self, me: &Me) -> Result<(), Fault> {
        self.lock().await?;
        Ok(self.ports.device().forget_all(&me.address.to_string()).await?)
    }
}
