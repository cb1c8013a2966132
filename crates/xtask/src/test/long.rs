//! The parts of `cargo xtask test --long` that run tests of the contract for hours.

use anyhow::Result;

use super::{Selection, Tally, counts};
use crate::{contracts, process, tools};

/// 100,000 values for each fuzzed test.
pub(super) fn fuzz(_: &Selection) -> Result<Tally> {
    forge_test("fuzz", &["--no-match-path", "test/{Gas.t.sol,invariant/**}"])
}

/// 500 sequences of 500 acts for each invariant.
pub(super) fn invariants(_: &Selection) -> Result<Tally> {
    forge_test("invariants", &["--match-path", "test/invariant/**"])
}

fn forge_test(name: &str, chosen: &[&str]) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let mut tally = Tally::default();
    let mut test = contracts::forge(&foundry, &["test"]);
    let shown = process::show(test.args(chosen).env("FOUNDRY_PROFILE", "long"))?;
    tally.tests(name, shown.success, counts::of_forge(&shown.text));
    Ok(tally)
}
