//! Kubo, the reference IPFS node: `ipfs` from PATH, else built with Go from the small module in `kubo/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{on_path, version_of};
use crate::{process, workspace};

const VERSION: &str = "0.40.1";
/// The first minor version that knows the `unixfs-v1-2025` profile.
const OLDEST_MINOR: u32 = 40;

pub(crate) fn bring() -> Result<PathBuf> {
    if let Some(installed) = on_path("ipfs").filter(|ipfs| knows_profile(ipfs)) {
        return Ok(installed);
    }
    let built = workspace::cache()?.join(format!("tools/kubo-{VERSION}/bin/ipfs"));
    if built.is_file() {
        return Ok(built);
    }
    if on_path("go").is_none() {
        bail!(
            "Kubo 0.{OLDEST_MINOR} or newer is missing and there is no Go to build it: install `ipfs` \
             (https://docs.ipfs.tech/install), or Go, or leave its tests out with --without kubo"
        );
    }
    process::announce(&format!("Building Kubo {VERSION} with Go, about 4 minutes (only this once)"));
    build(&built)?;
    Ok(built)
}

fn build(binary: &Path) -> Result<()> {
    let dir = binary.parent().context("the cache has no such folder")?;
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    // Built beside its place and moved, so that an interrupted build is never taken for the tool.
    let unfinished = dir.join("ipfs.unfinished");
    let mut go = Command::new("go");
    go.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("kubo"))
        .args(["build", "-trimpath", "-ldflags=-s -w", "-o"])
        .arg(&unfinished)
        .arg(".");
    process::run(&mut go).context("Go could not build Kubo; the first build needs the network")?;
    fs::rename(&unfinished, binary).with_context(|| format!("cannot write {}", binary.display()))
}

fn knows_profile(ipfs: &Path) -> bool {
    let version = version_of(ipfs, "version").unwrap_or_default();
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(0), Some(minor)) => minor >= OLDEST_MINOR,
        (Some(major), Some(_)) => major > 0,
        _ => false,
    }
}
