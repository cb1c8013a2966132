//! Every line, branch and function of the contract is executed by its tests, by `forge coverage`: it compiles without
//! optimiser, so that each instruction still belongs to its line.

use std::fs;

use anyhow::{Context, Result};

use super::{Selection, Tally, counts};
use crate::{contracts, process, tools, workspace};

/// Left out where the contract is compiled without optimiser: that code is larger than the limit, takes more gas, and writes
/// a packed slot once for each field.
pub(super) const NOT_OF_PLAIN_CODE: [&str; 4] =
    ["--no-match-contract", "^GasTest$", "--no-match-test", "^test_(CodeFitsTheLimit|OfferIsOneSlotAndTheHead)"];

pub(super) fn run(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let scratch = workspace::fresh("coverage")?;
    let report = scratch.join("lcov.info");
    let mut command = contracts::forge(&foundry, &["coverage", "--report", "summary", "--report", "lcov"]);
    command
        .arg("--report-file")
        .arg(&report)
        .args(["--no-match-coverage", "^(test|script|node_modules)/"])
        .args(NOT_OF_PLAIN_CODE)
        .env("FOUNDRY_OUT", scratch.join("out"))
        .env("FOUNDRY_CACHE_PATH", scratch.join("cache"));
    let shown = process::show(&mut command)?;
    let mut tally = Tally::default();
    tally.tests("forge coverage", shown.success, counts::of_forge(&shown.text));
    let text = fs::read_to_string(&report).with_context(|| format!("forge left no {}", report.display()))?;
    judge(&text, &mut tally);
    Ok(tally)
}

/// Reads the report in LCOV's form, where each line, branch and function is one entry with the number of its executions.
fn judge(report: &str, tally: &mut Tally) {
    let mut file = "";
    let mut missed = Vec::new();
    let mut reached = 0;
    for line in report.lines() {
        let Some((kind, rest)) = line.split_once(':') else { continue };
        let fields: Vec<&str> = rest.split(',').collect();
        let (what, executions) = match (kind, fields.as_slice()) {
            ("SF", [path]) => {
                file = path;
                continue;
            }
            ("DA", [line, executions]) => (format!("line {line}"), executions),
            ("BRDA", [line, _, branch, executions]) => (format!("branch {branch} of line {line}"), executions),
            ("FNDA", [executions, function]) => (format!("function {function}"), executions),
            _ => continue,
        };
        if executions.parse::<u64>().is_ok_and(|executions| executions > 0) {
            reached += 1;
        } else {
            missed.push(format!("{file}: {what}"));
        }
    }
    tally.passed += reached;
    if reached == 0 && missed.is_empty() {
        tally.failure("nothing of the contract was measured".to_owned());
    }
    if !missed.is_empty() {
        println!("\nnever executed by a test:");
        for place in &missed {
            println!("  {place}");
        }
        tally.failed += missed.len() as u64;
        tally.notes.push(format!("{} lines, branches and functions are never executed", missed.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
TN:
SF:src/Acts.sol
DA:21,256
FN:21,Acts.multicall
FNDA:3,Acts.multicall
BRDA:34,0,0,1
BRDA:34,0,1,-
DA:35,0
FNF:1
end_of_record
SF:src/Moves.sol
FNDA:0,Moves.vetoMove
end_of_record
";

    #[test]
    fn what_no_test_reaches_fails() {
        let mut tally = Tally::default();
        judge(REPORT, &mut tally);
        assert_eq!((tally.passed, tally.failed), (3, 3));
    }

    #[test]
    fn an_empty_report_fails() {
        let mut tally = Tally::default();
        judge("TN:\n", &mut tally);
        assert_eq!((tally.passed, tally.failed), (0, 1));
    }
}
