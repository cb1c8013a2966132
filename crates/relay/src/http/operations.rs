//! For those who run the relay: health, readiness, figures and the description of the API.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use medkey_protocol::api::{HealthReport, paths};

use super::{Api, Relay};
use crate::{error::Error, index::read};

/// The API described in OpenAPI 3.1; a test compares it with the routes.
pub(super) const OPENAPI: &str = include_str!("../../openapi.json");

pub(super) fn router() -> Api {
    Api::default()
        .get("/healthz", async || "ok\n")
        .get("/readyz", ready)
        .get("/metrics", metrics)
        .get(paths::HEALTH, report)
        .get("/openapi.json", async || ([(header::CONTENT_TYPE, "application/json")], OPENAPI))
}

/// Whether the index is at the newest block; if not, why.
async fn ready(State(relay): State<Arc<Relay>>) -> (StatusCode, String) {
    match relay.health.waits_for() {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(cause) => (StatusCode::SERVICE_UNAVAILABLE, format!("{cause}\n")),
    }
}

/// The same for whoever keeps an eye on it from the app.
async fn report(State(relay): State<Arc<Relay>>) -> Result<Json<HealthReport>, Error> {
    let at = read::tip(&relay.db).await?;
    Ok(Json(HealthReport { at, waits: relay.health.waits_for(), scrub: relay.health.scrub() }))
}

async fn metrics(State(relay): State<Arc<Relay>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], relay.health.metrics())
}
