//! The contract's sources as the compiler sees them, and what it makes of changed ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::generate::Mutant;
use super::{each_at_once, workers};
use crate::tools::foundry::Foundry;
use crate::{contracts, process, workspace};

/// How the contract is compiled: quickly and without optimiser, or as it is deployed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Plain,
    Deployed,
}

impl Way {
    /// For a command of forge.
    pub(super) fn set(self, command: &mut Command) {
        if self == Self::Plain {
            command.env("FOUNDRY_VIA_IR", "false").env("FOUNDRY_OPTIMIZER", "false");
        }
    }
}

/// The compiler with what forge gives it.
pub(super) struct Compiler {
    dir: PathBuf,
    build: Value,
}

/// One source file and its syntax tree.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) tree: &'a Value,
}

impl Compiler {
    pub(super) fn set_up(foundry: &Foundry, way: Way, dir: PathBuf) -> Result<Self> {
        let out = dir.join("out");
        let mut build =
            contracts::forge(foundry, &["build", "--build-info", "--ast", "--skip", "test/**", "script/**"]);
        build.env("FOUNDRY_OUT", &out).env("FOUNDRY_CACHE_PATH", dir.join("cache"));
        way.set(&mut build);
        process::capture(&mut build)?;
        for entry in fs::read_dir(out.join("build-info")).context("forge left no build-info")? {
            let build: Value = serde_json::from_str(&fs::read_to_string(entry?.path())?)?;
            if build.pointer("/input/sources/src~1Medkey.sol").is_some() {
                fs::write(dir.join("input.json"), build["input"].to_string())?;
                return Ok(Self { dir, build });
            }
        }
        anyhow::bail!("forge did not compile the contract")
    }

    /// The contract's own sources, by their path in `contracts/`.
    pub(super) fn sources(&self) -> Result<BTreeMap<&str, Source<'_>>> {
        let sources = self.build.pointer("/input/sources").and_then(Value::as_object).context("a build of nothing")?;
        let own = sources.iter().filter(|(path, _)| path.starts_with("src/"));
        own.map(|(path, source)| {
            let text = source["content"].as_str().with_context(|| format!("{path} has no text"))?;
            let tree = &self.build["output"]["sources"][path]["ast"];
            Ok((path.as_str(), Source { text, tree }))
        })
        .collect()
    }

    /// The creation code of each changed contract, in their order; none where the compiler refuses the change.
    /// The first is that of the contract as it is.
    pub(super) fn codes(&self, mutants: &[&Mutant]) -> Result<Vec<Option<String>>> {
        let sources = self.sources()?;
        let (unchanged, source) = sources.first_key_value().context("a build of nothing")?;
        let changed =
            mutants.iter().map(|mutant| (mutant.file.as_str(), mutant.apply(sources[mutant.file.as_str()].text)));
        let all = std::iter::once((*unchanged, source.text.to_owned())).chain(changed);
        let changes: Vec<Value> = all.map(|(file, source)| json!({ "file": file, "source": source })).collect();
        fs::write(self.dir.join("changes.json"), Value::from(changes).to_string())?;
        let codes = self.dir.join("codes");
        fs::create_dir_all(&codes)?;
        let parts: Vec<usize> = (0..workers()).collect();
        each_at_once(parts, |part| {
            let mut node = Command::new("node");
            node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("compile-mutants.mjs"))
                .arg(workspace::root().join("contracts"))
                .args([self.dir.join("input.json"), self.dir.join("changes.json"), codes.clone()])
                .args([part.to_string(), workers().to_string()]);
            process::capture(&mut node)
        })?;
        let code = |number: usize| {
            let code = fs::read_to_string(codes.join(number.to_string()))?;
            Ok((!code.is_empty()).then_some(code))
        };
        (0..=mutants.len()).map(code).collect()
    }
}
