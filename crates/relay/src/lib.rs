//! The relay: keeps ciphertext under its hash, follows the chain, hands out what the chain allows.
//!
//! It holds no key and reads no record. What it says is checked by those who ask: every block against its hash,
//! every chart against its head.
//!
//! - [`config`]: how it is set up
//! - `http`: the routes; `error`: how they refuse; `limits`: how much one may ask
//! - `access`: who is handed which block, as one pure rule; `block`: what a block is, read once when it comes in
//! - `index`: what the chain says, in rows; `index::follow` keeps them with the chain; `node`: how the chain is asked
//! - [`payer`]: sends what members sign, and pays for it, where the relay does that
//! - [`store`]: where blocks are kept; `clearing`: when they are not; `scrub`: whether they still are
//! - `car`, `unixfs`: files as streams of blocks

use std::{future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::broadcast};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

mod access;
mod block;
mod car;
mod clearing;
pub mod config;
mod error;
mod health;
mod http;
mod index;
mod limits;
mod node;
pub mod payer;
mod scrub;
pub mod store;
mod unixfs;

pub use config::Config;
pub use http::PageError;

use health::Health;
use http::{Page, Relay};
use index::{Db, DbError, follow::Follower, read};
use node::Node;
use store::{Embedded, Kubo, Store, StoreError};

/// Changes that a slow listener may be behind before it must read everything anew.
const NEWS: usize = 256;
/// How long open requests may take to end when the relay stops.
const FAREWELL: Duration = Duration::from_secs(20);

/// Why the relay cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data directory cannot be used.
    #[error("the data directory {} cannot be used: {cause}", path.display())]
    Data {
        /// The directory.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The index cannot be opened.
    #[error("the index cannot be opened: {0}")]
    Index(String),
    /// The store cannot be opened.
    #[error("the store cannot be opened: {0}")]
    Store(#[from] StoreError),
    /// The app cannot be served.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The listener failed.
    #[error("the relay cannot listen: {0}")]
    Listen(#[source] io::Error),
}

impl From<DbError> for RunError {
    fn from(cause: DbError) -> Self {
        Self::Index(cause.to_string())
    }
}

/// Runs the relay on `listener` until `shutdown` is ready, then lets open requests end.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let data = |cause| RunError::Data { path: config.data.clone(), cause };
    tokio::fs::create_dir_all(&config.data).await.map_err(data)?;
    let page = config.page.as_deref().map(|page| Page::open(page, &config.page_connect)).transpose()?;
    let store: Arc<dyn Store> = match &config.kubo {
        Some(rpc) => Arc::new(Kubo::new(rpc.clone())?),
        None => Arc::new(Embedded::open(&config.data.join("blocks"))?),
    };
    let deployment = config.deployment();
    let db = Db::open(&config.data.join("index.sqlite"), &deployment).await?;
    let health = Arc::new(Health::default());
    if let Some(tip) = read::tip(&db).await? {
        health.at(tip);
    }
    let (live, _) = broadcast::channel(NEWS);
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();

    let follower = Follower {
        node: Node::new(config.rpc.clone()),
        db: db.clone(),
        deployment,
        finality: config.finality,
        poll: config.poll(),
        health: Arc::clone(&health),
        live: live.clone(),
    };
    tasks.spawn(follower.run(stop.clone()));
    let relay = Arc::new(Relay::new(config, db.clone(), store, health, live, stop.clone()));
    tasks.spawn(clearing::run(Arc::clone(&relay), stop.clone()));
    tasks.spawn(scrub::run(Arc::clone(&relay), stop.clone()));

    let service = http::service(relay, page).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = stop.clone();
    let served = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        stopping.cancel();
    });
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(FAREWELL).await;
    };
    let outcome = tokio::select! {
        outcome = served => outcome.map_err(RunError::Listen),
        () = late => Ok(()),
    };
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    db.close().await;
    outcome
}
