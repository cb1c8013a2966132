//! The real relay, in a thread of its own, ended on drop.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    thread::{self, JoinHandle},
    time::Duration,
};

use medkey_client::ports::{AnswerBody, Method, Request, Transport};
use medkey_protocol::{
    Deployment,
    api::{Info, paths},
};
use medkey_relay::{
    Config, RunError,
    config::{NotAnOrigin, Paying},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::oneshot};

use crate::HttpTransport;

const READY: &str = "/readyz";
const LOOK_EVERY: Duration = Duration::from_millis(10);
const LOOKS: usize = 1_000;
/// Tests ask for more, and from one address.
const REQUESTS_PER_SECOND: u64 = 100_000;
const DAILY: u64 = 1 << 40;

/// Why there is no relay.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// No port, no directory or no thread.
    #[error("the system gives the relay no place: {0}")]
    Place(#[from] io::Error),
    /// The address is not one.
    #[error(transparent)]
    Origin(#[from] NotAnOrigin),
    /// It ended by itself.
    #[error(transparent)]
    Ended(#[from] RunError),
    /// It does not answer that it is ready.
    #[error("the relay does not become ready")]
    NotReady,
}

/// A running relay with a store and an index of its own.
#[derive(Debug)]
pub struct RunningRelay {
    address: String,
    transport: HttpTransport,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), RunError>>>,
    _data: TempDir,
}

impl RunningRelay {
    /// Starts a relay that follows `deployment` by the node at this address, and pays for members as told.
    pub async fn start(node: &str, deployment: Deployment, paying: Paying) -> Result<Self, RelayError> {
        let data = TempDir::new()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listen = listener.local_addr()?;
        let address = format!("http://{listen}");
        let config = Config {
            listen,
            origin: address.parse()?,
            rpc: node.parse().map_err(|_| RelayError::NotReady)?,
            chain_id: deployment.chain,
            contract: deployment.contract,
            deployment_block: deployment.block,
            data: data.path().to_owned(),
            kubo: None,
            page: None,
            page_connect: Vec::new(),
            poll_ms: 20,
            finality: 64,
            member_quota: DAILY,
            visitor_quota: DAILY,
            visitors_quota: DAILY,
            request_rate: REQUESTS_PER_SECOND,
            behind_proxy: false,
            paying,
        };
        let (stop, stopped) = oneshot::channel();
        let runtime = Runtime::new()?;
        let run = move || {
            let serving = async {
                let listener = tokio::net::TcpListener::from_std(listener).map_err(RunError::Listen)?;
                medkey_relay::serve(listener, config, async { drop(stopped.await) }).await
            };
            runtime.block_on(serving)
        };
        let thread = thread::Builder::new().name("relay".to_owned()).spawn(run)?;
        let transport = HttpTransport::new(&address).map_err(|_| RelayError::NotReady)?;
        let mut relay = Self { address, transport, stop: Some(stop), thread: Some(thread), _data: data };
        relay.wait_until_ready().await?;
        Ok(relay)
    }

    /// Its origin.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until it has followed the chain to this block.
    pub async fn reach(&self, block: u64) -> Result<(), RelayError> {
        for _ in 0..LOOKS {
            let info = self.ask(paths::INFO).await.and_then(|body| serde_json::from_slice::<Info>(&body).ok());
            if info.is_some_and(|info| info.at.block >= block) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(RelayError::NotReady)
    }

    async fn wait_until_ready(&mut self) -> Result<(), RelayError> {
        for _ in 0..LOOKS {
            if self.thread.as_ref().is_some_and(JoinHandle::is_finished) {
                self.end()?;
                break;
            }
            if self.ask(READY).await.is_some() {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(RelayError::NotReady)
    }

    /// The body of a good answer.
    async fn ask(&self, path: &str) -> Option<Vec<u8>> {
        let request = Request { method: Method::Get, path, media_type: "application/json", bearer: None, body: &[] };
        let mut answer = self.transport.send(request).await.ok().filter(|answer| answer.status == 200)?;
        let mut body = Vec::new();
        while let Some(piece) = answer.body.next().await.ok()? {
            body.extend_from_slice(&piece);
        }
        Some(body)
    }

    fn end(&mut self) -> Result<(), RunError> {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            stop.send(()).ok();
        }
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or(Ok(()))
    }
}

impl Drop for RunningRelay {
    fn drop(&mut self) {
        self.end().ok();
    }
}
