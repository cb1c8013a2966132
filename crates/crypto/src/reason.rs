//! Why a doctor asks, and for what, sealed to the patient.

use medkey_protocol::{
    Address, FolderId,
    blocks::{Block, Reason},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::{
    Context, IdentityKey, OpenError, PublicKey, SealError, coded,
    hpke::{Purpose, seal},
};

/// A request in the doctor's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Why.
    pub words: String,
    /// The folders asked for, as the patient's card lists them.
    pub folders: Vec<FolderId>,
    /// For how many days, if the doctor says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// Seals a request to the patient `to`; `context.subject` is the chart.
pub fn make_reason(
    context: &Context,
    requester: Address,
    to: &PublicKey,
    asking: &Asking,
    rng: &mut impl CryptoRng,
) -> Result<Block<Reason>, SealError> {
    let message = coded::encode(&[], asking)?;
    let aad = binding(context, requester);
    let sealed = seal(rng, to, Purpose::Reason, context, &aad, &message)?;
    Ok(Block { header: context.header().with_party(requester), body: Reason { sealed } })
}

/// Opens a request; only the patient can.
pub fn open_reason(reason: &Block<Reason>, identity: &IdentityKey) -> Result<Asking, OpenError> {
    let context = Context::from(&reason.header);
    let requester = reason.header.party.ok_or(OpenError)?;
    let message = identity.0.open(Purpose::Reason, &context, &binding(&context, requester), &reason.body.sealed)?;
    let ([], asking) = coded::decode(&message)?;
    Ok(asking)
}

fn binding(context: &Context, requester: Address) -> Vec<u8> {
    context.transcript("reason", &[requester.as_slice()])
}
