//! `cargo xtask scale`: how the page holds out with a very long chart. A patient with real records is made on a chain of
//! its own, and a browser measures what she waits for.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{
    chain,
    page::Profile,
    process,
    stack::{Plan, Stack},
    tools, workspace,
};

/// Records, where no other number is asked for.
pub(crate) const RECORDS: u32 = 10_000;

pub(crate) fn run(plan: &Plan, records: u32) -> Result<()> {
    let chromium = tools::chromium::bring()?;
    let dir = workspace::fresh("scale")?;
    let _stack = Stack::start(plan, Profile::Release, &dir)?;
    process::announce(&format!("Making a patient with {records} records, some minutes for 10,000"));
    let mut seed = Command::new("cargo");
    seed.current_dir(workspace::root())
        .args(["run", "--quiet", "--locked", "--package", "medkey-native", "--bin", "seed", "--"])
        .args(["--relay", &plan.address()])
        .args(["--rpc", &plan.deployment().rpc])
        .args(["--contract", chain::CONTRACT])
        .args(["--records", &records.to_string()]);
    process::run(&mut seed).context("the patient could not be made")?;
    process::announce("Measuring in the browser");
    let e2e = workspace::root().join("e2e");
    let mut playwright = Command::new(e2e.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&e2e)
        .args(["test", "--config", "scale.config.js"])
        .env("MEDKEY_PAGE", plan.address())
        .env("MEDKEY_RPC", plan.deployment().rpc)
        .env("MEDKEY_RECORDS", records.to_string())
        .env("MEDKEY_CHROMIUM", chromium);
    process::run(&mut playwright).context("the page was not measured")
}
