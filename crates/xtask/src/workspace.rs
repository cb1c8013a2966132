//! Where things lie: the repository, and the cache outside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The build directory that cargo uses, for what the steps leave behind.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).args(arguments);
    command
}

/// All Rust tests but those that need a browser: the app's views and words are tested anywhere, the browser's ports only
/// in a page.
pub(crate) fn native_tests() -> Command {
    cargo(&["test", "--locked", "--workspace", "--exclude", "medkey-browser"])
}

/// Tools outlive a clone: `MEDKEY_CACHE`, else `~/.cache/medkey`.
pub(crate) fn cache() -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("MEDKEY_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    let home = std::env::var_os("HOME").context("neither MEDKEY_CACHE nor HOME says where the tools may be kept")?;
    Ok(PathBuf::from(home).join(".cache/medkey"))
}

/// An empty folder of that name in the build directory.
pub(crate) fn fresh(name: &str) -> Result<PathBuf> {
    let dir = target().join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok(dir)
}
