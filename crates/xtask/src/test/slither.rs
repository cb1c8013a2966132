//! Slither over the contract's own source: what it finds is exactly what `contracts/ASSURANCE.md` answers.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::answers::{self, Answers, Key};
use super::{Selection, Tally};
use crate::{process, tools, workspace};

pub(super) fn run(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let slither = tools::analysers::bring()?.slither;
    let scratch = workspace::fresh("slither")?;
    let report = scratch.join("findings.json");
    let mut command = Command::new(slither);
    command
        .current_dir(workspace::root().join("contracts"))
        // It builds anew by itself, and before that removes what it takes for the last build.
        .env("FOUNDRY_OUT", scratch.join("out"))
        .env("FOUNDRY_CACHE_PATH", scratch.join("cache"))
        .env("PATH", foundry.path()?)
        .args([".", "--config-file", "slither.config.json", "--fail-none", "--json"])
        .arg(&report);
    let shown = process::show(&mut command)?;
    let mut tally = Tally::default();
    let contracts = analysed(&shown.text);
    if !shown.success || contracts == 0 {
        tally.failure(format!("slither analysed {contracts} contracts and ended with an error"));
        return Ok(tally);
    }
    tally.passed += contracts;
    let text = fs::read_to_string(&report).with_context(|| format!("slither left no {}", report.display()))?;
    let found = answers::numbered(findings(&serde_json::from_str(&text)?)?);
    Answers::read("Slither")?.compare("findings of Slither", &found.into_iter().collect(), &mut tally);
    Ok(tally)
}

/// `. analyzed (27 contracts with 102 detectors), 15 result(s) found`.
fn analysed(text: &str) -> u64 {
    let number = |line: &str| line.split_once(" analyzed (")?.1.split(' ').next()?.parse().ok();
    text.lines().find_map(number).unwrap_or(0)
}

/// A finding: the detector, and what it points at.
fn findings(report: &Value) -> Result<Vec<Key>> {
    let Some(results) = report.get("results").filter(|_| report["success"] == true) else {
        bail!("slither failed: {}", report["error"]);
    };
    // Where nothing was found, there is no list.
    let detectors = results.get("detectors").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    detectors.iter().map(finding).collect()
}

fn finding(found: &Value) -> Result<Key> {
    let detector = found["check"].as_str().context("a finding without a detector")?;
    let elements = found["elements"].as_array().context("a finding without elements")?;
    let places = elements.iter().map(|element| {
        let name = element["name"].as_str().unwrap_or_default();
        let parent = element.pointer("/type_specific_fields/parent/name").and_then(Value::as_str);
        match parent.filter(|_| element["type"] != "node") {
            Some(parent) => format!("{parent}.{name}"),
            None => name.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    });
    Ok(std::iter::once(detector.to_owned()).chain(places).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_finding_is_named_by_what_it_points_at_and_not_by_its_line() {
        let report = json!({ "success": true, "error": null, "results": { "detectors": [{
            "check": "timestamp",
            "elements": [
                { "type": "function", "name": "_logAccess", "type_specific_fields": { "parent": { "name": "Charts" } } },
                { "type": "node", "name": "a <= \n b", "type_specific_fields": { "parent": { "name": "_logAccess" } } },
            ],
        }] } });
        assert_eq!(findings(&report).unwrap(), [["timestamp", "Charts._logAccess", "a <= b"]]);
    }

    #[test]
    fn a_failure_is_not_taken_for_a_clean_report() {
        assert!(findings(&json!({ "success": false, "error": "no compiler", "results": {} })).is_err());
        assert!(findings(&json!({ "success": true, "error": null, "results": {} })).unwrap().is_empty());
        assert_eq!(analysed("Error: nothing compiled\n"), 0);
        assert_eq!(analysed(". analyzed (27 contracts with 102 detectors), 15 result(s) found\n"), 27);
    }
}
