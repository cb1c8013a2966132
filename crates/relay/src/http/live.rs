//! `GET /v1/live?chart=…&member=…`: what changes on the chain, as server-sent events. Public facts only, since the
//! browser's event source cannot show a session.

use std::{collections::BTreeSet, convert::Infallible, sync::Arc};

use axum::{
    extract::{RawQuery, State},
    response::{
        IntoResponse, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt, future, stream};
use medkey_protocol::{
    Address,
    api::{Live, paths},
};
use tokio_stream::wrappers::BroadcastStream;

use super::{Api, Relay};
use crate::{error::Error, index::read};

/// Charts and members that one stream listens to at most.
const LISTENED: usize = 200;

pub(super) fn router() -> Api {
    Api::default().get(paths::LIVE, live)
}

/// What a stream listens to.
#[derive(Debug, Default)]
struct Wanted {
    charts: BTreeSet<Address>,
    members: BTreeSet<Address>,
}

impl Wanted {
    fn parse(query: &str) -> Result<Self, Error> {
        let mut wanted = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let into = match name {
                "chart" => &mut wanted.charts,
                "member" => &mut wanted.members,
                _ => continue,
            };
            into.insert(value.parse().map_err(|_| Error::BadRequest(format!("{name} is not an address")))?);
        }
        if wanted.charts.len() + wanted.members.len() > LISTENED {
            return Err(Error::BadRequest(format!("at most {LISTENED} addresses")));
        }
        Ok(wanted)
    }

    fn of(&self, live: &Live) -> Live {
        Live {
            at: live.at,
            charts: live.charts.iter().filter(|chart| self.charts.contains(*chart)).copied().collect(),
            members: live.members.iter().filter(|member| self.members.contains(*member)).copied().collect(),
            rolled_back: live.rolled_back,
        }
    }
}

async fn live(State(relay): State<Arc<Relay>>, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Error> {
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default())?;
    let news = BroadcastStream::new(relay.live.subscribe());
    // The first event says where the relay stands; whoever reads it has missed nothing after that.
    let tip = read::tip(&relay.db).await?;
    let first = tip.map(|at| Live { at, charts: vec![], members: vec![], rolled_back: false });
    let mut newest = tip;
    let rest = news.filter_map(move |live| {
        let known = newest;
        let live = match live {
            // Told between the subscription and the first event.
            Ok(live) if !live.rolled_back && known.is_some_and(|known| live.at.block <= known.block) => None,
            Ok(live) => {
                newest = Some(live.at);
                Some(wanted.of(&live))
            }
            // Events were lost on a listener this slow: everything has to be read anew.
            Err(_) => known.map(|at| Live { at, charts: vec![], members: vec![], rolled_back: true }),
        };
        future::ready(live)
    });
    let stop = relay.stop.clone();
    let events = events(stream::iter(first).chain(rest)).take_until(stop.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

fn events(news: impl Stream<Item = Live>) -> impl Stream<Item = Result<Event, Infallible>> {
    news.filter_map(async |live| Event::default().json_data(&live).ok().map(Ok))
}
