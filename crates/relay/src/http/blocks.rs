//! `PUT /v1/blocks/{cid}`: takes blocks in.
//!
//! Leaves and inner nodes come from members in a session. A member's own card, slots, rings and profile, and the
//! pages of hospitals, may also come without one, within a small quota: whoever registers has no session yet.
//! Manifests and reasons come from the author alone, envelopes from the patient, or from the party that they name: who
//! claims an offer seals its secret to itself.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State, rejection::PathRejection},
    http::{Method, StatusCode},
};
use medkey_protocol::{
    Address, Link,
    api::{MAX_BLOCK, Reach, paths},
    blocks::Kind,
};
use tokio::sync::OwnedSemaphorePermit;
use tower_http::timeout::TimeoutLayer;

use super::{Api, Caller, Peer, Relay, unix_now};
use crate::{
    block::{Facts, Form},
    error::Error,
    health::Count,
    index::blocks,
};

/// How long one block may take to arrive and to be kept.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn router() -> Api {
    let mut api = Api::default().on(Method::PUT, &format!("{}/{{cid}}", paths::BLOCKS), put);
    api.router = api
        .router
        .layer(DefaultBodyLimit::max(MAX_BLOCK))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE));
    api
}

async fn put(
    State(relay): State<Arc<Relay>>,
    Peer(peer): Peer,
    Caller(caller): Caller,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<StatusCode, Error> {
    let Path(cid) = path?;
    let link: Link = cid.parse().map_err(|error| Error::BadRequest(format!("{error}")))?;
    let sender = match caller {
        None => None,
        Some((member, Reach::Full)) => Some(member),
        Some((_, Reach::Slots)) => return Err(Error::NoAccess),
    };
    let Body(bytes, _permit) = body;
    if !link.names(&bytes) {
        return Err(Error::WrongHash);
    }
    let facts = Facts::read(link, &bytes, &relay.config.deployment())?;
    may_send(&facts, sender)?;
    match sender {
        Some(member) => relay.limits.member_block(member, facts.size)?,
        None => relay.limits.visitor_block(peer, facts.size)?,
    }

    let now = unix_now();
    let _no_clearing = relay.clearing.read().await;
    if let (Some(body), Some(author)) = (facts.body(), sender) {
        let filed_before = facts.subject == Some(author) && blocks::is_body_in_chart(&relay.db, body, author).await?;
        if !filed_before {
            blocks::check_sent_body(&relay.db, body, author, now).await?;
        }
    }
    let known = blocks::announce(&relay.db, link, &facts, now).await?;
    if !known {
        relay.health.count(Count::BlocksIn, 1);
        relay.health.count(Count::BytesIn, facts.size);
        relay.store.put(link, bytes).await?;
    }
    blocks::settle(&relay.db, link, &facts, sender).await?;
    Ok(if known { StatusCode::OK } else { StatusCode::CREATED })
}

/// Whether this block is this sender's to send.
fn may_send(facts: &Facts, sender: Option<Address>) -> Result<(), Error> {
    let by = |member: Option<Address>| match sender {
        None => Err(Error::NoSession),
        Some(sender) if member == Some(sender) => Ok(()),
        Some(_) => Err(Error::NotYours),
    };
    match facts.form {
        Form::Leaf | Form::Node => sender.map(|_| ()).ok_or(Error::NoSession),
        Form::Own(Kind::Manifest | Kind::Reason) => by(facts.party),
        Form::Own(Kind::Envelope) => by(facts.subject).or_else(|_| by(facts.party)),
        Form::Own(Kind::Hospital) if facts.subject == Some(Address::ZERO) => Ok(()),
        Form::Own(Kind::Hospital | Kind::Notebook) => Err(Error::NotYours),
        Form::Own(Kind::Card | Kind::Slot | Kind::Ring | Kind::Profile) => match sender {
            Some(sender) if facts.subject != Some(sender) => Err(Error::NotYours),
            _ => Ok(()),
        },
    }
}

/// The bytes of a block; so many are in memory at once and no more.
struct Body(Bytes, OwnedSemaphorePermit);

impl FromRequest<Arc<Relay>> for Body {
    type Rejection = Error;

    async fn from_request(request: Request, relay: &Arc<Relay>) -> Result<Self, Error> {
        let uploads = Arc::clone(&relay.uploads);
        let permit = uploads.acquire_owned().await.map_err(|_| Error::Unavailable("it is stopping"))?;
        Ok(Self(Bytes::from_request(request, relay).await?, permit))
    }
}
