//! Where a sealed thing belongs. What was sealed in one place never opens in another.

use alloy_primitives::Address;
use medkey_protocol::{Deployment, blocks::Header};

use crate::derive::transcript;

/// The deployment and the member or chart that something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Context {
    /// EIP-155 chain id.
    pub chain: u64,
    /// Address of the `Medkey` contract.
    pub contract: Address,
    /// The member's account or the chart's id.
    pub subject: Address,
}

impl From<&Header> for Context {
    fn from(header: &Header) -> Self {
        Self { chain: header.chain, contract: header.contract, subject: header.subject }
    }
}

impl Context {
    /// A member or chart of this deployment.
    #[must_use]
    pub const fn new(at: &Deployment, subject: Address) -> Self {
        Self { chain: at.chain, contract: at.contract, subject }
    }

    /// The header of a block that belongs here.
    #[must_use]
    pub const fn header(&self) -> Header {
        Header { chain: self.chain, contract: self.contract, subject: self.subject, party: None }
    }

    /// A transcript that begins with chain, contract and subject.
    pub(crate) fn transcript(&self, purpose: &str, fields: &[&[u8]]) -> Vec<u8> {
        let chain = self.chain.to_be_bytes();
        let mut all: Vec<&[u8]> = vec![&chain, self.contract.as_slice(), self.subject.as_slice()];
        all.extend(fields);
        transcript(purpose, &all)
    }
}
