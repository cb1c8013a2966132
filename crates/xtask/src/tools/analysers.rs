//! Halmos and Slither, from PyPI, in a Python environment of their own. `analysers/requirements.txt` pins every package
//! and its hashes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{on_path, version_of};
use crate::{process, workspace};

/// Halmos asks for it.
const OLDEST_MINOR: u32 = 11;

pub(crate) struct Analysers {
    pub(crate) halmos: PathBuf,
    pub(crate) slither: PathBuf,
}

pub(crate) fn bring() -> Result<Analysers> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("analysers/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let home = workspace::cache()?.join("tools/analysers");
    // Written last, so that an interrupted installation is never taken for the tools.
    let installed = home.join("installed.txt");
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        install(&home, &requirements)?;
        fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    }
    let bin = home.join("bin");
    Ok(Analysers { halmos: bin.join("halmos"), slither: bin.join("slither") })
}

fn install(home: &Path, requirements: &Path) -> Result<()> {
    let python =
        on_path("python3").filter(|python| is_new_enough(&version_of(python, "--version").unwrap_or_default()));
    let Some(python) = python else {
        bail!(
            "Halmos and Slither need `python3`, version 3.{OLDEST_MINOR} or newer: get it from https://www.python.org \
             or your system's packages"
        );
    };
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    process::announce("Installing Halmos and Slither, about half a minute (only this once)");
    process::run(Command::new(python).args(["-m", "venv"]).arg(home))
        .context("python3 could not make an environment; on Debian that is the package python3-venv")?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--requirement"]);
    process::run(pip.arg(requirements))
        .context("pip could not install the packages; the first installation needs the network")
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(3), Some(minor)) => minor >= OLDEST_MINOR,
        (Some(major), Some(_)) => major > 3,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn an_old_python_is_not_taken() {
        assert!(is_new_enough("3.11.7") && is_new_enough("3.14.0") && is_new_enough("4.0"));
        assert!(!is_new_enough("3.9.2") && !is_new_enough("2.7.18") && !is_new_enough(""));
    }
}
