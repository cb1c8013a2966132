//! `GET /v1/registry`: how many members there are, and what happened to them.

use std::sync::Arc;

use axum::{Json, extract::State};
use medkey_protocol::api::{At, RegistryCounts, paths};

use super::{Api, Relay, at};
use crate::{error::Error, index::read};

pub(super) fn router() -> Api {
    Api::default().get(paths::REGISTRY, counts)
}

async fn counts(State(relay): State<Arc<Relay>>) -> Result<Json<At<RegistryCounts>>, Error> {
    let (tip, item) = read::counts(&relay.db).await?;
    Ok(Json(At { at: at(tip)?, item }))
}
