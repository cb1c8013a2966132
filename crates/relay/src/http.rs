//! The relay's HTTP side: what all routes share, and the table of who serves what.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State},
    handler::Handler,
    http::{Method, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{self, MethodRouter},
};
use medkey_protocol::{
    Address,
    api::{Live, MAX_PAGE, Reach, Tip},
    ids::Fixed,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::{RwLock, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tracing::info;

use crate::{
    config::Config,
    error::Error,
    health::{Count, Health},
    index::{Db, sessions},
    limits::Limits,
    payer::Payer,
    store::Store,
};

mod acts;
mod blocks;
mod charts;
mod gateway;
mod hospitals;
mod inbox;
mod info;
mod live;
mod members;
mod notebook;
mod operations;
mod page;
mod registry;
mod sign_in;

pub(crate) use page::Page;
pub use page::PageError;
use sign_in::Challenges;

/// Blocks that are received at the same time at most: with [`medkey_protocol::api::MAX_BLOCK`] this bounds memory.
const UPLOADS: usize = 64;

/// What every route works with.
pub(crate) struct Relay {
    pub(crate) config: Config,
    pub(crate) db: Db,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) health: Arc<Health>,
    pub(crate) live: broadcast::Sender<Live>,
    pub(crate) limits: Limits,
    pub(crate) challenges: Challenges,
    /// Pays for members' acts, where that is set up.
    pub(crate) payer: Option<Payer>,
    pub(crate) uploads: Arc<Semaphore>,
    /// Held for reading while a block is taken in, for writing while abandoned ones are cleared.
    pub(crate) clearing: RwLock<()>,
    pub(crate) stop: CancellationToken,
}

impl Relay {
    pub(crate) fn new(
        config: Config,
        db: Db,
        store: Arc<dyn Store>,
        health: Arc<Health>,
        live: broadcast::Sender<Live>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            limits: Limits::new(&config),
            challenges: Challenges::default(),
            payer: Payer::new(&config, db.clone(), Arc::clone(&health)),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            clearing: RwLock::default(),
            config,
            db,
            store,
            health,
            live,
            stop,
        }
    }
}

/// Seconds since 1970.
pub(crate) fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Routes, and a list of them that the OpenAPI document is checked against.
#[derive(Default)]
struct Api {
    router: Router<Arc<Relay>>,
    routes: Vec<(Method, String)>,
}

impl Api {
    fn on<H, T>(mut self, method: Method, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<Relay>>,
        T: 'static,
    {
        let route: MethodRouter<Arc<Relay>, Infallible> = match method {
            Method::POST => routing::post(handler),
            Method::PUT => routing::put(handler),
            Method::DELETE => routing::delete(handler),
            _ => routing::get(handler),
        };
        self.router = self.router.route(path, route);
        self.routes.push((method, path.to_owned()));
        self
    }

    fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<Relay>>,
        T: 'static,
    {
        self.on(Method::GET, path, handler)
    }

    fn with(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.routes.extend(other.routes);
        self
    }
}

/// Answers in JSON, which are compressed.
fn answers() -> Api {
    Api::default()
        .with(info::router())
        .with(sign_in::router())
        .with(members::router())
        .with(hospitals::router())
        .with(registry::router())
        .with(charts::router())
        .with(inbox::router())
        .with(acts::router())
        .with(notebook::router())
        .with(operations::router())
}

/// Ciphertext and streams, which are not.
fn streams() -> Api {
    Api::default().with(blocks::router()).with(gateway::router()).with(live::router())
}

/// The whole service.
pub(crate) fn service(relay: Arc<Relay>, page: Option<Page>) -> Router {
    let mut router = answers().router.layer(CompressionLayer::new()).merge(streams().router);
    router = match page {
        Some(page) => router.fallback_service(page.router().layer(CompressionLayer::new())),
        None => router.fallback(nothing),
    };
    router.layer(middleware::from_fn_with_state(Arc::clone(&relay), watch)).with_state(relay)
}

async fn nothing() -> Error {
    Error::NotFound
}

/// Limits, counts and logs every request: its route and outcome, never who it is about.
async fn watch(State(relay): State<Arc<Relay>>, Peer(peer): Peer, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = match relay.limits.request(peer) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let status = response.status();
    if status.is_server_error() {
        relay.health.count(Count::Failures, 1);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    info!(
        %method,
        route = route.as_ref().map_or("page", MatchedPath::as_str),
        status = status.as_u16(),
        ms = started.elapsed().as_millis() as u64,
        "request"
    );
    response
}

/// The caller's network address.
struct Peer(IpAddr);

impl FromRequestParts<Arc<Relay>> for Peer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, relay: &Arc<Relay>) -> Result<Self, Error> {
        let forwarded = || {
            let entries = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            entries.rsplit(',').next()?.trim().parse().ok()
        };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = if relay.config.behind_proxy { forwarded().or(peer) } else { peer };
        peer.map(Self).ok_or(Error::Unavailable("the caller's address is not known"))
    }
}

/// Who calls, where a session is shown. A session that has ended is an error, not a stranger.
struct Caller(Option<(Address, Reach)>);

impl FromRequestParts<Arc<Relay>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, relay: &Arc<Relay>) -> Result<Self, Error> {
        match token(parts)? {
            None => Ok(Self(None)),
            Some(token) => {
                let session = sessions::find(&relay.db, &token, unix_now()).await?;
                session.map(|session| Self(Some(session))).ok_or(Error::NoSession)
            }
        }
    }
}

/// A member in a session that its sign-in key opened.
struct Member(Address);

impl FromRequestParts<Arc<Relay>> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, relay: &Arc<Relay>) -> Result<Self, Error> {
        match Caller::from_request_parts(parts, relay).await? {
            Caller(Some((member, Reach::Full))) => Ok(Self(member)),
            Caller(Some((_, Reach::Slots))) => Err(Error::NoAccess),
            Caller(None) => Err(Error::NoSession),
        }
    }
}

/// SHA-256 of the bearer token: tokens themselves are not kept.
fn token(parts: &Parts) -> Result<Option<[u8; 32]>, Error> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Error::NoSession)?;
    let token = text.strip_prefix("Bearer ").and_then(|token| token.parse().ok()).ok_or(Error::NoSession)?;
    Ok(Some(token_hash(&token)))
}

fn token_hash(token: &Fixed<32>) -> [u8; 32] {
    Sha256::digest(token.0).into()
}

/// How many entries an answer holds.
fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)
}

/// The block an answer holds at, once there is one.
fn at(tip: Option<Tip>) -> Result<Tip, Error> {
    tip.ok_or(Error::Unavailable("the chain has not been read yet"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The OpenAPI document names exactly the routes there are.
    #[test]
    fn the_openapi_document_is_complete() {
        let document: serde_json::Value = serde_json::from_str(operations::OPENAPI).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert((method.to_uppercase(), path.clone()));
            }
        }
        let api = answers().with(streams());
        let served: BTreeSet<_> = api.routes.into_iter().map(|(method, path)| (method.to_string(), path)).collect();
        assert_eq!(described, served);
    }
}
