//! `GET /v1/info`: what the relay says of itself.

use std::sync::Arc;

use axum::{Json, extract::State};
use medkey_protocol::api::{Info, paths};

use super::{Api, Relay, at};
use crate::{error::Error, index::read};

pub(super) fn router() -> Api {
    Api::default().get(paths::INFO, info)
}

async fn info(State(relay): State<Arc<Relay>>) -> Result<Json<Info>, Error> {
    let at = at(read::tip(&relay.db).await?)?;
    Ok(Json(Info { deployment: relay.config.deployment(), at, pays: relay.payer.is_some() }))
}
