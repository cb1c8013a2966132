//! The hospitals.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use medkey_protocol::api::{After, HospitalEntry, Page, paths};

use super::{Api, Relay, at, limit};
use crate::{error::Error, index::read};

pub(super) fn router() -> Api {
    Api::default().get(paths::HOSPITALS, list)
}

async fn list(
    State(relay): State<Arc<Relay>>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<Page<HospitalEntry>>, Error> {
    let Query(after) = query?;
    let limit = limit(after.limit);
    let (tip, hospitals) = read::hospitals(&relay.db, after.after.unwrap_or(0), limit + 1).await?;
    Ok(Json(read::page(at(tip)?, hospitals, limit, |hospital| hospital.hospital.into())))
}
