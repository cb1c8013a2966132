//! `POST /v1/acts`: sends what a member signed, and pays for it. Whoever registers has no session, so none is
//! asked for.

use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{Method, StatusCode},
};
use medkey_protocol::{
    acts::SignedActs,
    api::{ActsSent, paths},
};

use super::{Api, Peer, Relay, at, unix_now};
use crate::{error::Error, index::read};

/// Bytes of a request at most: many acts, and a contract's signature.
const LARGEST: usize = 64 << 10;

pub(super) fn router() -> Api {
    let mut api = Api::default().on(Method::POST, paths::ACTS, pay);
    api.router = api.router.layer(DefaultBodyLimit::max(LARGEST));
    api
}

async fn pay(
    State(relay): State<Arc<Relay>>,
    Peer(peer): Peer,
    body: Result<Json<SignedActs>, JsonRejection>,
) -> Result<Json<ActsSent>, Error> {
    let payer = relay.payer.as_ref().ok_or(Error::NotFound)?;
    relay.limits.acts(peer)?;
    let Json(signed) = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooMuch,
        _ => rejection.into(),
    })?;
    if !relay.health.chain_is_known() {
        return Err(Error::Unavailable("the chain has not been seen of late, so nothing is sent to it"));
    }
    let tip = at(read::tip(&relay.db).await?)?;
    let transaction = payer.pay(&signed, tip.time, unix_now()).await?;
    Ok(Json(ActsSent { transaction }))
}
