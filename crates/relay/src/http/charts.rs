//! A chart: its entries, its current records, and the relay's words about it.

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
    api::{After, ChartPage, Page, Reach, RecordEntry, Word, paths},
};

use super::{Api, Member, Relay, at, limit};
use crate::{
    access::{Verdict, through_records},
    error::Error,
    index::{blocks, read},
};

type ChartPath = Result<Path<Address>, PathRejection>;
type AfterQuery = Result<Query<After>, QueryRejection>;

pub(super) fn router() -> Api {
    let of_chart = |what: &str| format!("{}/{{chart}}/{what}", paths::CHARTS);
    Api::default().get(&of_chart("entries"), entries).get(&of_chart("records"), records).get(&of_chart("words"), words)
}

/// What happened in a chart. Positions count its entries from 1, so `after` is how many the caller has.
async fn entries(
    State(relay): State<Arc<Relay>>,
    Member(_): Member,
    path: ChartPath,
    query: AfterQuery,
) -> Result<Json<ChartPage>, Error> {
    let (Path(chart), Query(after)) = (path?, query?);
    let page = read::entries(&relay.db, chart, after.after.unwrap_or(0), limit(after.limit)).await?;
    page.map(Json).ok_or(Error::Unavailable("the chain has not been read yet"))
}

/// The current records that the caller may fetch now.
async fn records(
    State(relay): State<Arc<Relay>>,
    Member(member): Member,
    path: ChartPath,
    query: AfterQuery,
) -> Result<Json<Page<RecordEntry>>, Error> {
    let (Path(chart), Query(after)) = (path?, query?);
    let limit = limit(after.limit);
    let found = blocks::records(&relay.db, chart, (member, Reach::Full), after.after.unwrap_or(0)).await?;
    let (tip, reader, records) = found.ok_or(Error::Unavailable("the chain has not been read yet"))?;
    let open = |verdict| matches!(verdict, Verdict::Own { .. } | Verdict::Granted { .. });
    let entries = records
        .into_iter()
        .filter(|(_, filed)| open(through_records(core::slice::from_ref(filed), &reader)))
        .map(|(entry, _)| entry)
        .take(limit as usize + 1)
        .collect();
    Ok(Json(read::page(tip, entries, limit, |record: &RecordEntry| record.seq)))
}

/// The relay's words, for the patient alone.
async fn words(
    State(relay): State<Arc<Relay>>,
    Member(member): Member,
    path: ChartPath,
    query: AfterQuery,
) -> Result<Json<Page<Word>>, Error> {
    let (Path(chart), Query(after)) = (path?, query?);
    if member != chart {
        return Err(Error::NoAccess);
    }
    let limit = limit(after.limit);
    let (tip, words) = read::words(&relay.db, chart, after.after.unwrap_or(0), limit + 1).await?;
    Ok(Json(read::page(at(tip)?, words, limit, |word| word.seq)))
}
