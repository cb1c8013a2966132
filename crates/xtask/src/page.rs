//! Building the page with Trunk. Which chain and contract it trusts is part of the build.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::stack::Deployment;
use crate::tools::page::PageTools;
use crate::{process, tools, workspace};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

pub(crate) fn build(deployment: &Deployment, profile: Profile, dist: &Path) -> Result<()> {
    let tools = tools::page::bring()?;
    // Trunk works offline; what the lock file names is fetched here.
    process::run(Command::new("cargo").current_dir(workspace::root()).args(["fetch", "--locked", "--quiet"]))
        .context("cargo could not fetch the crates; the first build needs the network")?;
    process::announce(match profile {
        Profile::Dev => "Building the page, about 1 minute the first time",
        Profile::Release => "Building the page for release, about 2 minutes the first time",
    });
    let mut trunk = Command::new(&tools.trunk);
    trunk
        .current_dir(workspace::root())
        .args(["build", "--dist"])
        .arg(dist)
        .args((profile == Profile::Release).then_some("--release"))
        .env("PATH", path_with(&tools)?)
        // Trunk reads it as a flag of its own and stops at the customary `1`.
        .env_remove("NO_COLOR")
        .env("MEDKEY_CHAIN_ID", deployment.chain_id.to_string())
        .env("MEDKEY_CONTRACT", deployment.contract)
        .env("MEDKEY_DEPLOYMENT_BLOCK", deployment.block.to_string())
        .env("MEDKEY_DEMO_RPC", &deployment.rpc);
    process::run(&mut trunk).context("the page was not built")
}

/// Trunk takes wasm-bindgen and wasm-opt from PATH: ours come first.
fn path_with(tools: &PageTools) -> Result<OsString> {
    let ours = [&tools.wasm_bindgen, &tools.wasm_opt].into_iter().filter_map(|tool| tool.parent());
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = ours.map(Path::to_owned).chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).context("PATH cannot be extended")
}
