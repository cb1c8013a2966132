//! Somebody connects a wallet: who is this account, and is the server the one this app was built for?

use medkey_protocol::Address;

use crate::{
    Medkey,
    fault::{Fault, Lie, Refusal},
    people::Standing,
    ports::Ports,
};

/// What an account is to Medkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing yet.
    Stranger,
    /// A member.
    Member(Standing),
    /// A patient's former account: the chart has moved to another.
    MovedAway,
    /// The registrar.
    Registrar,
}

impl<P: Ports> Medkey<P> {
    /// Compares the relay's deployment with the app's own and asks the chain who the account is.
    pub async fn connect(&self) -> Result<Known, Fault> {
        let told = self.relay_info().await?.deployment;
        if told != self.at {
            return Err(Lie::Deployment.into());
        }
        if self.registrar().await? == self.account() {
            return Ok(Known::Registrar);
        }
        match self.member().await {
            Ok(member) => Ok(self.look_up(member).await?.map_or(Known::Stranger, Known::Member)),
            Err(Fault::Refused(Refusal::MovedAway)) => Ok(Known::MovedAway),
            Err(fault) => Err(fault),
        }
    }

    /// Whose the registrar's seat is.
    pub async fn registrar(&self) -> Result<Address, Fault> {
        Ok(self.view_registrar().await?.0)
    }
}
