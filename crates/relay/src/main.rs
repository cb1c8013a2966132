//! Wires the relay: its configuration, its log, its listener and the signals that end it.

use std::process::ExitCode;

use clap::Parser;
use medkey_relay::{Config, RunError, serve};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing::{error, info};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).init();
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            error!(%cause, "the relay cannot run");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), RunError> {
    let listener = TcpListener::bind(config.listen).await.map_err(RunError::Listen)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(RunError::Listen)?;
    let address = listener.local_addr().map_err(RunError::Listen)?;
    info!(%address, "listening");
    serve(listener, config, async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        info!("stopping");
    })
    .await
}
