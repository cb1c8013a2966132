//! `cargo xtask demo`: a whole small health system on this machine, kept in `.demo/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page::Profile;
use crate::stack::{Plan, Stack};
use crate::{chain, process, workspace};

pub(crate) struct Options {
    pub(crate) fresh: bool,
    pub(crate) plan: Plan,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let plan = options.plan;
    plan.check_ports()?;
    let dir = workspace::root().join(".demo");
    // Written last, so that a demo whose people were only half made is never resumed.
    let complete = dir.join("complete");
    if options.fresh {
        remove(&dir)?;
    } else if dir.exists() && !complete.exists() {
        println!("The last start did not come to its end; its data is made anew.");
        remove(&dir)?;
    }
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;

    let mut stack = Stack::start(&plan, Profile::Release, &dir)?;
    if !complete.exists() {
        seed(&plan)?;
        fs::write(&complete, "").with_context(|| format!("cannot write {}", complete.display()))?;
    }
    println!(
        "\nMedkey is at  {}\n\nCtrl-C stops it; its data stays in .demo/ until you start with --fresh.",
        plan.address()
    );
    stack.supervise()
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    Ok(())
}

/// Hospitals, doctors, a laboratory, patients and their files, through the same client that people use.
fn seed(plan: &Plan) -> Result<()> {
    process::announce("Making the people of the demo and their files, about 3 minutes the first time");
    let mut seed = Command::new("cargo");
    seed.current_dir(workspace::root())
        .args(["run", "--quiet", "--locked", "--package", "medkey-native", "--bin", "seed", "--"])
        .args(["--relay", &plan.address()])
        .args(["--rpc", &plan.deployment().rpc])
        .args(["--contract", chain::CONTRACT]);
    process::run(&mut seed).context("the people of the demo could not be made")
}
