//! `GET /ipfs/{cid}`: the trustless gateway. Raw blocks and CAR streams, to whom the access rule allows.
//!
//! What goes to others than the patient, and what is refused, is kept for the patient to see.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use medkey_protocol::{Address, Link, api::paths};
use serde::Deserialize;

use super::{Api, Caller, Relay, unix_now};
use crate::{
    access::{Verdict, decide},
    car,
    error::Error,
    health::Count,
    index::{
        blocks,
        sessions::{self, Deed},
    },
};

const RAW: &str = "application/vnd.ipld.raw";
const CAR: &str = "application/vnd.ipld.car";
const CAR_ANSWER: &str = "application/vnd.ipld.car; version=1; order=dfs; dups=n";

pub(super) fn router() -> Api {
    Api::default().get(&format!("{}/{{cid}}", paths::IPFS), fetch)
}

#[derive(Debug, Deserialize)]
struct Wanted {
    format: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Raw,
    Car,
}

impl Wanted {
    /// The query is stronger than the header, as gateways have it.
    fn format(&self, headers: &HeaderMap) -> Option<Format> {
        match self.format.as_deref() {
            Some("raw") => return Some(Format::Raw),
            Some("car") => return Some(Format::Car),
            Some(_) => return None,
            None => {}
        }
        let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
        let accepts = |kind: &str| accept.split(',').any(|entry| entry.split(';').next().map(str::trim) == Some(kind));
        if accepts(CAR) {
            Some(Format::Car)
        } else if accepts(RAW) {
            Some(Format::Raw)
        } else {
            None
        }
    }
}

async fn fetch(
    State(relay): State<Arc<Relay>>,
    Caller(caller): Caller,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let Path(cid) = path?;
    let Query(wanted) = query?;
    let link: Link = cid.parse().map_err(|error| Error::BadRequest(format!("{error}")))?;
    let format = wanted
        .format(&headers)
        .ok_or_else(|| Error::BadRequest("ask for format=raw or format=car; nothing else is served".into()))?;

    let Some((asked, reader)) = blocks::asked(&relay.db, link, caller).await? else { return Err(Error::NotFound) };
    let verdict = decide(&asked, reader.as_ref());
    let member = reader.map(|reader| reader.member);
    if matches!(verdict, Verdict::Granted { .. }) && !relay.health.chain_is_known() {
        return Err(Error::Unavailable("the chain has not been seen of late, so grants cannot be checked"));
    }
    match &verdict {
        Verdict::NoSession => return Err(Error::NoSession),
        Verdict::Nothing => return Err(Error::NotFound),
        Verdict::Refused { charts } => {
            relay.health.count(Count::Refusals, 1);
            let charts = charts.iter().map(|chart| (*chart, None));
            keep(&relay, member, link, charts, false).await?;
            return Err(Error::NoAccess);
        }
        Verdict::Public | Verdict::Own { .. } | Verdict::Granted { .. } => {}
    }

    let first = relay.store.get(link).await?.ok_or(Error::NotFound)?;
    let delivered = match verdict {
        Verdict::Granted { chart, scope } => Some((chart, Some(scope))),
        Verdict::Own { chart } => chart.map(|chart| (chart, None)),
        _ => None,
    };
    keep(&relay, member, link, delivered, true).await?;

    let mut response = match format {
        Format::Raw => {
            relay.health.count(Count::BlocksOut, 1);
            relay.health.count(Count::BytesOut, first.len() as u64);
            ([(header::CONTENT_TYPE, RAW)], first).into_response()
        }
        Format::Car => {
            let header = car::header(link).map_err(|cause| Error::Internal(cause.into()))?;
            let health = Arc::clone(&relay.health);
            let sections = car::sections(Arc::clone(&relay.store), link).inspect(move |section| match section {
                Ok(section) => {
                    health.count(Count::BlocksOut, 1);
                    health.count(Count::BytesOut, section.len() as u64);
                }
                Err(cause) => tracing::error!(%cause, "a stream breaks off"),
            });
            let stream = stream::iter([Ok(header)]).chain(sections);
            ([(header::CONTENT_TYPE, CAR_ANSWER)], Body::from_stream(stream)).into_response()
        }
    };
    let headers = response.headers_mut();
    let public = matches!(verdict, Verdict::Public);
    let caching = if public { "public, max-age=31536000, immutable" } else { "private, no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Authorization"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"),
    );
    Ok(response)
}

/// Keeps for these charts' patients what was done; what they do themselves they know.
async fn keep(
    relay: &Relay,
    member: Option<Address>,
    block: Link,
    charts: impl IntoIterator<Item = (Address, Option<medkey_protocol::Scope>)>,
    delivered: bool,
) -> Result<(), Error> {
    let Some(member) = member else { return Ok(()) };
    let others = charts.into_iter().filter(|(chart, _)| *chart != member);
    let deeds: Vec<Deed> = others.map(|(chart, scope)| Deed { chart, member, block, scope, delivered }).collect();
    if deeds.is_empty() {
        return Ok(());
    }
    if delivered {
        relay.health.count(Count::Deliveries, 1);
    }
    Ok(sessions::keep(&relay.db, &deeds, unix_now()).await?)
}
