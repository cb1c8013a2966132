//! Chain, relay and page, started together: by the demo with data that stays, by the browser journey with none.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::Service;
use crate::{chain, contracts, http, page, process, workspace};

/// Where a stack listens and how fast its chain goes.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) chain_port: u16,
    pub(crate) page_port: u16,
    pub(crate) block_seconds: u32,
    pub(crate) relay: BuiltWith,
}

/// With what the relay is built: cargo builds most of it anew for another choice of packages.
#[derive(Clone, Copy)]
pub(crate) enum BuiltWith {
    Nothing,
    /// Where they were built just before.
    Tests,
}

pub(crate) const DEMO: Plan = Plan { chain_port: 8545, page_port: 8700, block_seconds: 4, relay: BuiltWith::Nothing };
/// Other ports than the demo's, so that both may run at once.
pub(crate) const JOURNEY: Plan =
    Plan { chain_port: 18545, page_port: 18700, block_seconds: 1, relay: BuiltWith::Nothing };

/// What a page build trusts for ever.
pub(crate) struct Deployment {
    pub(crate) chain_id: u64,
    pub(crate) contract: &'static str,
    /// Events are read from here on.
    pub(crate) block: u64,
    /// The node that the demo wallet speaks to.
    pub(crate) rpc: String,
}

impl Plan {
    /// The same at other ports, where they are named.
    pub(crate) fn with_ports(self, page: Option<u16>, chain: Option<u16>) -> Self {
        Self { page_port: page.unwrap_or(self.page_port), chain_port: chain.unwrap_or(self.chain_port), ..self }
    }

    /// The same with the relay that the tests are built with.
    pub(crate) fn after_tests(self) -> Self {
        Self { relay: BuiltWith::Tests, ..self }
    }

    pub(crate) fn deployment(&self) -> Deployment {
        Deployment {
            chain_id: chain::CHAIN_ID,
            contract: chain::CONTRACT,
            block: 1,
            rpc: format!("http://127.0.0.1:{}", self.chain_port),
        }
    }

    /// A name, not a number: passkeys are bound to one.
    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}", self.page_port)
    }

    pub(crate) fn check_ports(&self) -> Result<()> {
        for (port, option) in [(self.chain_port, "--chain-port"), (self.page_port, "--port")] {
            if !is_free(port) {
                bail!(
                    "port {port} is taken, perhaps by a demo that still runs: \
                     stop what listens there, or let the demo use another with {option}"
                );
            }
        }
        Ok(())
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// How much the relay lets one visitor ask of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limits {
    /// As for everybody.
    Usual,
    /// As much as whoever makes very much at once needs.
    None,
}

/// The running services; the relay ends before the chain that it follows.
pub(crate) struct Stack {
    relay: Option<Service>,
    chain: Service,
}

impl Stack {
    /// Builds what is needed, then starts chain, relay and page with their data in `dir`.
    pub(crate) fn start(plan: &Plan, profile: page::Profile, dir: &Path) -> Result<Self> {
        plan.check_ports()?;
        let deployment = plan.deployment();
        let dist = dir.join("page");
        let foundry = contracts::build()?;
        page::build(&deployment, profile, &dist)?;
        process::announce("Building the relay, about 3 minutes the first time");
        process::run(&mut build_relay(plan.relay))?;

        process::announce("Starting the chain, the relay and the page");
        let chain = chain::start(&foundry, plan.chain_port, plan.block_seconds, dir)?;
        chain::deploy(plan.chain_port, dir)?;
        let relay = start_relay(plan, &deployment, dir, dist, Limits::Usual)?;
        Ok(Self { relay: Some(relay), chain })
    }

    /// Starts the relay anew, with the same data.
    pub(crate) fn restart_relay(&mut self, plan: &Plan, dir: &Path, limits: Limits) -> Result<()> {
        self.relay = None;
        self.relay = Some(start_relay(plan, &plan.deployment(), dir, dir.join("page"), limits)?);
        Ok(())
    }

    /// Returns when Ctrl-C was pressed or a service ended by itself.
    pub(crate) fn supervise(&mut self) -> Result<()> {
        let mut services = vec![&mut self.chain];
        services.extend(&mut self.relay);
        process::supervise(&mut services)
    }
}

fn build_relay(with: BuiltWith) -> Command {
    let mut command = match with {
        BuiltWith::Nothing => workspace::cargo(&["build", "--locked", "--package", "medkey-relay"]),
        BuiltWith::Tests => workspace::native_tests(),
    };
    command.args(match with {
        BuiltWith::Nothing => ["--bin", "medkey-relay"].as_slice(),
        BuiltWith::Tests => &["--no-run"],
    });
    command
}

fn start_relay(plan: &Plan, deployment: &Deployment, dir: &Path, page: PathBuf, limits: Limits) -> Result<Service> {
    let mut command = Command::new(workspace::target().join("debug/medkey-relay"));
    command
        .current_dir(workspace::root())
        .env("MEDKEY_RELAY_LISTEN", format!("127.0.0.1:{}", plan.page_port))
        .env("MEDKEY_RELAY_ORIGIN", plan.address())
        .env("MEDKEY_RELAY_PAGE", page)
        .env("MEDKEY_RELAY_DATA", dir.join("relay"))
        .env("MEDKEY_RELAY_RPC", &deployment.rpc)
        // The demo's wallet speaks to the chain's node from the page.
        .env("MEDKEY_RELAY_PAGE_CONNECT", &deployment.rpc)
        .env("MEDKEY_RELAY_POLL_MS", "250")
        .env("MEDKEY_RELAY_CHAIN_ID", deployment.chain_id.to_string())
        .env("MEDKEY_RELAY_CONTRACT", deployment.contract)
        .env("MEDKEY_RELAY_DEPLOYMENT_BLOCK", deployment.block.to_string());
    if limits == Limits::None {
        command
            .env("MEDKEY_RELAY_REQUEST_RATE", "100000")
            .env("MEDKEY_RELAY_VISITOR_QUOTA", (1_u64 << 40).to_string())
            .env("MEDKEY_RELAY_VISITORS_QUOTA", (1_u64 << 40).to_string())
            .env("MEDKEY_RELAY_MEMBER_QUOTA", (1_u64 << 40).to_string());
    }
    let mut relay = Service::start("relay", &mut command, dir.join("relay.log"))?;
    let ready = || http::get(plan.page_port, "/readyz").is_ok_and(|answer| answer.status == 200);
    relay.wait_until(Duration::from_secs(60), ready).context("the relay is not ready")?;
    Ok(relay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let refusal = Plan { chain_port: port, ..DEMO }.check_ports().unwrap_err().to_string();
        assert!(refusal.contains(&format!("port {port} is taken")), "{refusal}");
        assert!(refusal.contains("--chain-port"), "{refusal}");
        drop(taken);
        assert!(is_free(port));
    }
}
