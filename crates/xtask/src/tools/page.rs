//! What builds the page: the wasm target, Trunk, wasm-bindgen (its test runner too), wasm-opt, and what draws PDF.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{npm, on_path, version_of};
use crate::{process, workspace};

const WASM: &str = "wasm32-unknown-unknown";

pub(crate) struct PageTools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) wasm_opt: PathBuf,
}

pub(crate) fn bring() -> Result<PageTools> {
    bring_wasm_target()?;
    npm::bring("e2e")?;
    npm::bring("crates/app/js")?;
    Ok(PageTools {
        trunk: TRUNK.bring()?,
        wasm_bindgen: WASM_BINDGEN.bring()?,
        // Not the system's: Debian's breaks the page and exits 0.
        wasm_opt: workspace::root().join("e2e/node_modules/.bin/wasm-opt"),
    })
}

pub(crate) fn bring_wasm_test_runner() -> Result<PathBuf> {
    bring_wasm_target()?;
    Ok(WASM_BINDGEN.bring()?.with_file_name("wasm-bindgen-test-runner"))
}

pub(crate) fn bring_wasm_target() -> Result<()> {
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!("this Rust has no {WASM} target and there is no rustup to add it; see https://rustup.rs");
    }
    process::announce("Adding Rust's wasm target, a few seconds");
    process::run(Command::new("rustup").args(["target", "add", WASM]))
        .context("rustup could not add the wasm target; the first start needs the network")
}

/// A program that `cargo install` builds.
struct CargoTool {
    program: &'static str,
    package: &'static str,
    version: &'static str,
    /// Trunk's lock file is followed; wasm-bindgen's names a version that was withdrawn.
    locked: bool,
    opt_level: &'static str,
    takes: &'static str,
}

const TRUNK: CargoTool = CargoTool {
    program: "trunk",
    package: "trunk",
    version: "0.21.14",
    locked: true,
    opt_level: "0",
    takes: "2 to 4 minutes",
};

/// The version equals that of the crate `wasm-bindgen` in `Cargo.lock`.
const WASM_BINDGEN: CargoTool = CargoTool {
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    locked: false,
    opt_level: "1",
    takes: "1 to 2 minutes",
};

impl CargoTool {
    fn bring(&self) -> Result<PathBuf> {
        if let Some(installed) = on_path(self.program)
            && version_of(&installed, "--version").as_deref() == Some(self.version)
        {
            return Ok(installed);
        }
        let cache = workspace::cache()?.join("tools");
        let home = cache.join(format!("{}-{}", self.program, self.version));
        let built = home.join("bin").join(self.program);
        if built.is_file() {
            return Ok(built);
        }
        process::announce(&format!(
            "Building {} {} with cargo, {} (only this once)",
            self.program, self.version, self.takes
        ));
        let scratch = cache.join(format!("{}-build", self.program));
        let mut cargo = Command::new("cargo");
        cargo
            .args(["install", self.package, "--version", self.version, "--no-default-features", "--root"])
            .arg(&home)
            .args(self.locked.then_some("--locked"))
            .env("CARGO_TARGET_DIR", &scratch)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
        process::run(&mut cargo)
            .with_context(|| format!("cargo could not build {}; the first build needs the network", self.program))?;
        fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
        Ok(built)
    }
}
