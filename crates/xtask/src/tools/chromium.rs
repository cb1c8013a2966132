//! A Chromium for the browser journey: the one installed, else the system's package, else Playwright's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{npm, on_path};
use crate::{process, workspace};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

pub(crate) fn bring() -> Result<PathBuf> {
    if let Some(chromium) = installed() {
        return Ok(chromium);
    }
    if let Some(chromium) = from_system_packages()? {
        return Ok(chromium);
    }
    from_playwright()
}

fn installed() -> Option<PathBuf> {
    let mac = Path::new(MAC);
    NAMES.iter().find_map(|name| on_path(name)).or_else(|| mac.is_file().then(|| mac.to_owned()))
}

/// Only for root on a system with apt; nobody is asked for a password.
fn from_system_packages() -> Result<Option<PathBuf>> {
    if on_path("apt-get").is_none() || !nix::unistd::geteuid().is_root() {
        return Ok(None);
    }
    process::announce("Installing Chromium from the system's packages, about half a minute");
    let mut installing = Ok(());
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq", "chromium"][..]] {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        installing = installing.and_then(|()| process::run(&mut apt));
    }
    process::check_interrupted()?;
    if let Err(error) = installing {
        println!("  The system has no Chromium to install ({error:#}); trying Playwright's.");
    }
    Ok(installed())
}

fn from_playwright() -> Result<PathBuf> {
    npm::bring("e2e")?;
    let e2e = workspace::root().join("e2e");
    let script = "console.log(require('playwright-core').chromium.executablePath())";
    let printed = process::capture(Command::new("node").current_dir(&e2e).args(["-e", script]))?;
    let chromium = PathBuf::from(printed.trim());
    if !chromium.is_file() {
        process::announce("Downloading Playwright's Chromium, about a minute");
        let playwright = e2e.join("node_modules/.bin/playwright");
        process::run(Command::new(playwright).current_dir(&e2e).args(["install", "chromium"])).context(
            "no Chromium could be found, installed or downloaded: install one, \
             or leave the browser journey out with --without browser",
        )?;
    }
    Ok(chromium)
}
