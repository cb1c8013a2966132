//! Foundry's local chain, on a port of its own, ended on drop.

use std::{
    borrow::Cow,
    env,
    io::{self, BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

use alloy::{
    providers::{Provider, RootProvider},
    transports::TransportError,
};
use serde_json::{Value, json};

const FROM_NPM: &str = "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";
const LISTENING: &str = "Listening on ";

/// Why there is no local chain.
#[derive(Debug, thiserror::Error)]
pub enum AnvilError {
    /// Not found, or it does not run.
    #[error("{} does not start; install Foundry or name its anvil in MEDKEY_ANVIL: {cause}", .program.display())]
    Start {
        /// What was tried.
        program: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It ended before it listened.
    #[error("anvil ended before it listened; it said:\n{0}")]
    Ended(String),
    /// It refused a command.
    #[error("anvil refused: {0}")]
    Refused(#[from] TransportError),
}

/// A running local chain. It mines each transaction at once, and nothing else unless told to.
#[derive(Debug)]
pub struct Anvil {
    process: Child,
    address: String,
    node: RootProvider,
}

impl Anvil {
    /// Chain id of every local chain.
    pub const CHAIN: u64 = 31_337;
    /// The words of its accounts.
    pub const WORDS: &str = "test test test test test test test test test test test junk";
    /// How many of its accounts have funds.
    pub const ACCOUNTS: u32 = 50;

    /// Starts `MEDKEY_ANVIL`, else the one among the contract's packages, else the one on the path.
    pub fn start() -> Result<Self, AnvilError> {
        let program = program();
        let started = Command::new(&program)
            .args(["--port", "0", "--slots-in-an-epoch", "1"])
            .args(["--chain-id", &Self::CHAIN.to_string(), "--accounts", &Self::ACCOUNTS.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = started.map_err(|cause| AnvilError::Start { program, cause })?;
        let (port, said) = port(&mut process);
        let Some(port) = port else {
            end(&mut process);
            return Err(AnvilError::Ended(said));
        };
        let address = format!("http://127.0.0.1:{port}");
        let Ok(url) = address.parse() else {
            end(&mut process);
            return Err(AnvilError::Ended(said));
        };
        Ok(Self { process, node: RootProvider::new_http(url), address })
    }

    /// Address of its node.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Lets chain time pass, in seconds, and mines a block then.
    pub async fn pass(&self, seconds: u64) -> Result<(), AnvilError> {
        self.command("evm_increaseTime", json!([seconds])).await?;
        self.mine(1).await
    }

    /// Mines empty blocks.
    pub async fn mine(&self, blocks: u64) -> Result<(), AnvilError> {
        self.command("anvil_mine", json!([format!("{blocks:#x}")])).await
    }

    /// The number of its newest block.
    pub async fn newest(&self) -> Result<u64, AnvilError> {
        Ok(self.node.get_block_number().await?)
    }

    /// Takes back the newest `blocks` blocks and mines as many empty ones in their place.
    pub async fn reorganise(&self, blocks: u64) -> Result<(), AnvilError> {
        self.command("anvil_reorg", json!([blocks, []])).await
    }

    async fn command(&self, method: &'static str, parameters: Value) -> Result<(), AnvilError> {
        let _: Value = self.node.raw_request(Cow::Borrowed(method), parameters).await?;
        Ok(())
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Nothing is to be done about a process that has ended by itself.
fn end(process: &mut Child) {
    process.kill().ok();
    process.wait().ok();
}

fn program() -> PathBuf {
    let from_npm = || Some(super::repository().join(FROM_NPM)).filter(|program| program.is_file());
    env::var_os("MEDKEY_ANVIL").map(PathBuf::from).or_else(from_npm).unwrap_or_else(|| "anvil".into())
}

/// The port it chose, or what it said until it ended. Its further words are read and dropped: it ends when nobody reads.
fn port(process: &mut Child) -> (Option<u16>, String) {
    let mut said = String::new();
    let Some(output) = process.stdout.take() else { return (None, said) };
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    for line in lines.by_ref() {
        if let Some((_, address)) = line.split_once(LISTENING) {
            let port = address.rsplit(':').next().and_then(|port| port.trim().parse().ok());
            thread::spawn(move || lines.for_each(drop));
            return (port, line);
        }
        said.push_str(&line);
        said.push('\n');
    }
    (None, said)
}
