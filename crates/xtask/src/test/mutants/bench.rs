//! A copy of `contracts/` in which one changed contract after another meets the tests.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::compiler::Way;
use super::generate::Mutant;
use crate::process;
use crate::test::{counts, coverage};
use crate::tools::foundry::Foundry;
use crate::workspace;

/// What belongs to the project; the packages are shared.
const COPIED: [&str; 4] = ["bin", "foundry.toml", "src", "test"];
/// Fuzzed values are the same in every run, so that a mutant has one fate.
const SEED: &str = "0x6d65646b6579";
const LIMIT: Duration = Duration::from_secs(900);

pub(super) struct Bench {
    forge: PathBuf,
    dir: PathBuf,
}

/// Which tests are run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tests {
    /// Those of single functions, with few values: they notice almost everything, in seconds.
    Quick,
    All,
}

impl Bench {
    /// Copies the project, and sees that its tests pass as it is.
    pub(super) fn set_up(foundry: &Foundry, dir: PathBuf) -> Result<Self> {
        let contracts = workspace::root().join("contracts");
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        for part in COPIED {
            copy(&contracts.join(part), &dir.join(part))?;
        }
        // Measures what the deployed code costs. Left out by a filter it would be compiled again for each mutant.
        fs::remove_file(dir.join("test/Gas.t.sol")).context("the gas tests are not where they were")?;
        symlink(contracts.canonicalize()?.join("node_modules"), dir.join("node_modules"))
            .with_context(|| format!("cannot link the packages into {}", dir.display()))?;
        let bench = Self { forge: foundry.forge.clone(), dir };
        for tests in [Tests::All, Tests::Quick] {
            if bench.notice(tests)? {
                bail!("the contract as it is fails its tests: run them with `cargo xtask test --only forge`");
            }
        }
        Ok(bench)
    }

    /// Whether the quick tests notice this creation code in the contract's place.
    pub(super) fn notices_code(&self, code: &str) -> Result<bool> {
        let path = self.dir.join("out/Medkey.sol/Medkey.json");
        let mut artefact: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let object = artefact.pointer_mut("/bytecode/object").context("an artefact without code")?;
        *object = format!("0x{code}").into();
        fs::write(&path, artefact.to_string())?;
        self.notice(Tests::Quick)
    }

    /// Whether any test notices the change.
    pub(super) fn notices(&self, mutant: &Mutant) -> Result<bool> {
        let path = self.dir.join(&mutant.file);
        let source = fs::read_to_string(&path)?;
        fs::write(&path, mutant.apply(&source))?;
        let noticed = self.notice(Tests::All);
        fs::write(&path, source)?;
        noticed
    }

    fn notice(&self, tests: Tests) -> Result<bool> {
        let mut test = Command::new(&self.forge);
        test.current_dir(&self.dir)
            .args(["test", "--fail-fast", "--threads", "1", "--fuzz-seed", SEED])
            .args(coverage::NOT_OF_PLAIN_CODE)
            // Only what gas costs depends on it.
            .env("FOUNDRY_ISOLATE", "false");
        Way::Plain.set(&mut test);
        if tests == Tests::Quick {
            test.args(["--no-match-path", "test/invariant/**"]).env("FOUNDRY_FUZZ_RUNS", "8");
        }
        // What does not end has changed.
        let Some(ended) = process::capture_within(LIMIT, &mut test)? else { return Ok(true) };
        let counts = counts::of_forge(&ended.text);
        if counts.ran() == 0 || ended.success != (counts.failed == 0) {
            bail!("forge did not come to the tests\n{}", ended.text);
        }
        Ok(counts.failed > 0)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let copying = || format!("cannot copy {}", from.display());
    if from.is_dir() {
        fs::create_dir_all(to).with_context(copying)?;
        for entry in fs::read_dir(from).with_context(copying)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to).with_context(copying)?;
    }
    Ok(())
}
