//! Where things lie: the repository, and the cache outside it.

use std::path::{Path, PathBuf};

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

/// Tools outlive a clone: `MEDKEY_CACHE`, else `~/.cache/medkey`.
pub(crate) fn cache() -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("MEDKEY_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    let home = std::env::var_os("HOME").context("neither MEDKEY_CACHE nor HOME says where the tools may be kept")?;
    Ok(PathBuf::from(home).join(".cache/medkey"))
}
