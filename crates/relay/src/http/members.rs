//! The directory of members.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use medkey_protocol::{
    Address,
    api::{At, MemberEntry, MemberQuery, Page, paths},
};

use super::{Api, Relay, at, limit};
use crate::{error::Error, index::read};

pub(super) fn router() -> Api {
    Api::default().get(paths::MEMBERS, list).get(&format!("{}/{{member}}", paths::MEMBERS), one)
}

async fn list(
    State(relay): State<Arc<Relay>>,
    query: Result<Query<MemberQuery>, QueryRejection>,
) -> Result<Json<Page<MemberEntry>>, Error> {
    let Query(query) = query?;
    let limit = limit(query.limit);
    let (tip, members) = read::members(&relay.db, &query, limit + 1).await?;
    Ok(Json(read::page(at(tip)?, members, limit, |member| member.seq)))
}

async fn one(
    State(relay): State<Arc<Relay>>,
    path: Result<Path<Address>, PathRejection>,
) -> Result<Json<At<MemberEntry>>, Error> {
    let Path(member) = path?;
    let (tip, found) = read::member(&relay.db, member).await?;
    Ok(Json(At { at: at(tip)?, item: found.ok_or(Error::NotFound)? }))
}
