//! `/v1/notebook`: what a member notes for itself, handed to nobody else and replaced by what is newer alone.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{Method, StatusCode, header},
    response::IntoResponse,
};
use medkey_protocol::{
    api::paths,
    blocks::{Block, Kind, Notebook},
};

use super::{Api, Member, Relay};
use crate::{block::NotABlock, error::Error, index::notebooks};

const RAW: &str = "application/vnd.ipld.raw";

pub(super) fn router() -> Api {
    let mut api = Api::default().get(paths::NOTEBOOK, fetch).on(Method::PUT, paths::NOTEBOOK, put);
    api.router = api.router.layer(DefaultBodyLimit::max(Kind::Notebook.limit()));
    api
}

async fn fetch(State(relay): State<Arc<Relay>>, Member(member): Member) -> Result<impl IntoResponse, Error> {
    let block = notebooks::find(&relay.db, member).await?.ok_or(Error::NotFound)?;
    Ok(([(header::CONTENT_TYPE, RAW), (header::CACHE_CONTROL, "no-store")], block))
}

async fn put(
    State(relay): State<Arc<Relay>>,
    Member(member): Member,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Error> {
    let bytes = bytes?;
    let block = Block::<Notebook>::parse_of(&bytes, &relay.config.deployment(), member).map_err(NotABlock::from)?;
    relay.limits.member_block(member, bytes.len() as u64)?;
    match notebooks::replace(&relay.db, member, block.body.counter, &bytes).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::Outdated),
    }
}
