//! The browser journeys, against a chain, a relay and a page of their own.

use std::process::Command;

use anyhow::Result;

use crate::{
    chain,
    page::Profile,
    process::{self, Shown},
    stack::{Plan, Stack},
    tools, workspace,
};

/// Runs these files of `e2e/`, or all of them.
pub(crate) fn run(plan: &Plan, profile: Profile, specs: &[String]) -> Result<Shown> {
    let chromium = tools::chromium::bring()?;
    let dir = workspace::fresh("browser-journey")?;
    let _stack = Stack::start(plan, profile, &dir)?;
    let e2e = workspace::root().join("e2e");
    let mut playwright = Command::new(e2e.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&e2e)
        .args(["test", "--reporter=list"])
        .args(specs)
        .env("MEDKEY_PAGE", plan.address())
        .env("MEDKEY_RPC", plan.deployment().rpc)
        .env("MEDKEY_CONTRACT", chain::CONTRACT)
        .env("MEDKEY_CHROMIUM", chromium);
    process::announce("The browser journey, about 4 minutes for all of it");
    process::show(&mut playwright)
}
