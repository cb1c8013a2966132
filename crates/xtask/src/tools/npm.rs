//! The npm packages of `contracts/`, `e2e/` and the page's `crates/app/js/`.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::{process, tools, workspace};

/// Installs what the lock file of `folder` names, unless that has been done since it last changed.
pub(crate) fn bring(folder: &str) -> Result<()> {
    let dir = workspace::root().join(folder);
    let lock = dir.join("package-lock.json");
    let wanted = modified(&lock).with_context(|| format!("{} is missing", lock.display()))?;
    if modified(&dir.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    if tools::on_path("npm").is_none() {
        bail!("Node.js 20 or newer with npm is needed; get it from https://nodejs.org or your system's packages");
    }
    process::announce(&format!("Installing the npm packages of {folder}/, about half a minute"));
    process::run(Command::new("npm").arg("ci").current_dir(&dir))
        .context("npm could not install the packages; the first start needs the network, later ones do not")
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|about| about.modified()).ok()
}
