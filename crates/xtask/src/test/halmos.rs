//! Halmos proves what `contracts/test/halmos/README.md` says of the contract.

use std::process::Command;

use anyhow::Result;

use super::{Selection, Tally, counts};
use crate::{process, tools, workspace};

/// Its mark of a proof that left paths unexplored, and which passes all the same.
const UNEXPLORED: &str = "#loop-bound";

pub(super) fn run(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let halmos = tools::analysers::bring()?.halmos;
    process::announce("Proving, about 10 minutes");
    let mut command = Command::new(halmos);
    command
        .current_dir(workspace::root().join("contracts"))
        .env("FOUNDRY_PROFILE", "halmos")
        .env("PATH", foundry.path()?)
        .args(["--config", "test/halmos/halmos.toml"]);
    let shown = process::show(&mut command)?;
    let mut tally = Tally::default();
    tally.tests("halmos", shown.success, counts::of_halmos(&shown.text));
    if shown.text.contains(UNEXPLORED) {
        tally.failure("halmos left paths unexplored".to_owned());
    }
    Ok(tally)
}
