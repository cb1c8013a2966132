//! `cargo xtask test`: every part is run, whatever became of the parts before it; the table at the end tells.

mod answers;
mod counts;
mod coverage;
mod halmos;
mod long;
mod mutants;
mod parts;
mod slither;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process::{self, Interrupted};
use counts::Counts;

struct Part {
    name: &'static str,
    run: fn(&Selection) -> Result<Tally>,
    /// Only with `--long`, or named by `--only`.
    long: bool,
}

const fn short(name: &'static str, run: fn(&Selection) -> Result<Tally>) -> Part {
    Part { name, run, long: false }
}

const fn long(name: &'static str, run: fn(&Selection) -> Result<Tally>) -> Part {
    Part { name, run, long: true }
}

/// In the order of what a wrong line costs: the quickest complaint first.
const PARTS: [Part; 12] = [
    short("fmt", parts::fmt),
    short("lint", parts::lint),
    short("rust", parts::rust),
    short("wasm", parts::wasm),
    short("forge", parts::forge),
    short("browser", parts::browser),
    long("slither", slither::run),
    long("coverage", coverage::run),
    long("halmos", halmos::run),
    long("invariants", long::invariants),
    long("fuzz", long::fuzz),
    long("mutants", mutants::run),
];

/// What the command line chose.
pub(crate) struct Selection {
    only: Vec<String>,
    long: bool,
    without_kubo: bool,
    without_browser: bool,
}

impl Selection {
    pub(crate) fn parse(only: &[String], without: &[String], long: bool) -> Result<Self> {
        if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|part| part.name == *name)) {
            let known = PARTS.map(|part| part.name).join(", ");
            bail!("there is no part `{unknown}`; the parts are {known}");
        }
        if let Some(unknown) = without.iter().find(|name| !["kubo", "browser"].contains(&name.as_str())) {
            bail!("only kubo and browser can be left out, not `{unknown}`");
        }
        let leaves_out = |name: &str| without.iter().any(|left_out| left_out == name);
        Ok(Self { only: only.to_vec(), long, without_kubo: leaves_out("kubo"), without_browser: leaves_out("browser") })
    }

    fn wants(&self, part: &Part) -> bool {
        if self.only.is_empty() { self.long || !part.long } else { self.only.iter().any(|name| name == part.name) }
    }
}

/// What one part came to.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    notes: Vec<String>,
}

impl Tally {
    fn failure(&mut self, note: String) {
        self.failed += 1;
        self.notes.push(note);
    }

    /// A tool that says yes or no, counted as one test.
    fn check(&mut self, name: &str, success: bool) {
        if success {
            self.passed += 1;
        } else {
            self.failure(format!("{name} complains"));
        }
    }

    /// A runner's counts; no test at all, or a skipped one, is a failure too.
    fn tests(&mut self, runner: &str, success: bool, counts: Counts) {
        self.passed += counts.passed;
        self.failed += counts.failed;
        if counts.failed > 0 {
            self.notes.push(format!("{runner}: {} failed", counts.failed));
        } else if !success {
            self.failure(format!("{runner} ended with an error"));
        } else if counts.ran() == 0 {
            self.failure(format!("{runner} executed no test"));
        }
        if counts.skipped > 0 {
            self.failure(format!("{runner} skipped {} tests", counts.skipped));
        }
        if counts.filtered > 0 {
            self.notes.push(format!("{runner}: {} left out", counts.filtered));
        }
    }
}

pub(crate) fn run(selection: &Selection) -> Result<ExitCode> {
    let mut rows = Vec::new();
    for part in PARTS.iter().filter(|part| selection.wants(part)) {
        println!("\n━━ {}", part.name);
        let start = Instant::now();
        let tally = match (part.run)(selection) {
            Ok(tally) => tally,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                println!("{error:#}");
                let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
                Tally { failed: 1, notes: vec![format!("could not be run: {reason}")], ..Tally::default() }
            }
        };
        rows.push((part.name, tally, start.elapsed()));
    }
    process::check_interrupted()?;
    print_table(&rows);
    let passed: u64 = rows.iter().map(|(_, tally, _)| tally.passed).sum();
    let failed: u64 = rows.iter().map(|(_, tally, _)| tally.failed).sum();
    println!("\n{passed} passed, {failed} failed");
    Ok(if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_table(rows: &[(&str, Tally, Duration)]) {
    println!("\n{:<10} {:>7} {:>7} {:>7}", "part", "passed", "failed", "time");
    for (name, tally, time) in rows {
        let seconds = time.as_secs();
        let time = format!("{}:{:02}", seconds / 60, seconds % 60);
        let line = format!("{name:<10} {:>7} {:>7} {time:>7}  {}", tally.passed, tally.failed, tally.notes.join("; "));
        println!("{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_without_tests_or_with_skipped_ones_fails() {
        let mut none = Tally::default();
        none.tests("forge test", true, Counts::default());
        assert_eq!((none.passed, none.failed), (0, 1));

        let mut skipped = Tally::default();
        skipped.tests("cargo test", true, Counts { passed: 3, skipped: 1, ..Counts::default() });
        assert_eq!((skipped.passed, skipped.failed), (3, 1));

        let mut broken = Tally::default();
        broken.tests("cargo test", false, Counts { passed: 3, ..Counts::default() });
        assert_eq!((broken.passed, broken.failed), (3, 1));
    }

    fn chosen(line: &str, long: bool) -> Vec<&'static str> {
        let only: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let selection = Selection::parse(&only, &[], long).unwrap();
        PARTS.iter().filter(|part| selection.wants(part)).map(|part| part.name).collect()
    }

    #[test]
    fn long_parts_run_when_they_are_asked_for() {
        let short = ["fmt", "lint", "rust", "wasm", "forge", "browser"];
        assert_eq!(chosen("", false), short);
        assert_eq!(chosen("", true)[..6], short);
        assert_eq!(chosen("", true)[6..], ["slither", "coverage", "halmos", "invariants", "fuzz", "mutants"]);
        assert_eq!(chosen("slither fmt", false), ["fmt", "slither"]);
        assert_eq!(chosen("slither", true), ["slither"]);
    }

    #[test]
    fn only_what_exists_can_be_chosen() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let selection = Selection::parse(&names(&["fmt"]), &names(&["kubo"]), false).unwrap();
        assert!(selection.without_kubo && !selection.without_browser);
        assert!(Selection::parse(&names(&["rsut"]), &[], false).is_err());
        assert!(Selection::parse(&[], &names(&["forge"]), false).is_err());
    }
}
