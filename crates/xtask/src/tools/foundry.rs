//! Foundry: forge and anvil, from npm's platform packages where they exist, else from PATH.
//!
//! The npm meta packages are avoided on purpose: their shims swallow the exit code.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{npm, on_path};
use crate::workspace;

pub(crate) struct Foundry {
    pub(crate) forge: PathBuf,
    pub(crate) anvil: PathBuf,
}

impl Foundry {
    /// `PATH` for what calls `forge` by name.
    pub(crate) fn path(&self) -> Result<OsString> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let forge = self.forge.parent().map(ToOwned::to_owned);
        std::env::join_paths(forge.into_iter().chain(std::env::split_paths(&inherited)))
            .context("PATH cannot be extended")
    }
}

pub(crate) fn bring() -> Result<Foundry> {
    npm::bring("contracts")?;
    Ok(Foundry { forge: find("forge")?, anvil: find("anvil")? })
}

fn find(tool: &str) -> Result<PathBuf> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let packaged =
        workspace::root().join(format!("contracts/node_modules/@foundry-rs/{tool}-{system}-{machine}/bin/{tool}"));
    if packaged.is_file() {
        return packaged.canonicalize().with_context(|| format!("cannot reach {}", packaged.display()));
    }
    on_path(tool).with_context(|| {
        format!("`{tool}` is missing: npm has no Foundry for {system}-{machine}, install it from https://getfoundry.sh")
    })
}
