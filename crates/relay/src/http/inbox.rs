//! What concerns a member in others' charts.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use medkey_protocol::api::{After, InboxEntry, Page, paths};

use super::{Api, Member, Relay, at, limit};
use crate::{error::Error, index::read};

pub(super) fn router() -> Api {
    Api::default().get(paths::INBOX, list)
}

async fn list(
    State(relay): State<Arc<Relay>>,
    Member(member): Member,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<Page<InboxEntry>>, Error> {
    let Query(after) = query?;
    let limit = limit(after.limit);
    let (tip, entries) = read::inbox(&relay.db, member, after.after.unwrap_or(0), limit + 1).await?;
    Ok(Json(read::page(at(tip)?, entries, limit, |entry| entry.seq)))
}
