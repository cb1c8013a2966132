//! Building the contract, and its creation code from forge's output.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::tools::foundry::Foundry;
use crate::workspace;
use crate::{process, tools};

/// A forge command in `contracts/`, with its compiler in place.
pub(crate) fn forge(foundry: &Foundry, arguments: &[&str]) -> Command {
    let mut command = Command::new(&foundry.forge);
    command.current_dir(workspace::root().join("contracts")).args(arguments);
    command
}

/// Leaves fresh artefacts in `contracts/out`, which tests and the demo deploy from.
pub(crate) fn build() -> Result<Foundry> {
    let foundry = tools::foundry::bring()?;
    process::announce("Building the contract, about 10 seconds");
    process::run(&mut forge(&foundry, &["build"]))?;
    Ok(foundry)
}

/// Creation code of `Medkey` as `0x…`.
pub(crate) fn creation_code() -> Result<String> {
    code_in(&out())
}

/// Creation code of `Medkey` among the artefacts of a build.
pub(crate) fn code_in(out: &Path) -> Result<String> {
    let artefact = artefact(out)?;
    let code = artefact.pointer("/bytecode/object").and_then(Value::as_str).filter(|code| code.len() > 2);
    code.map(str::to_owned).with_context(|| format!("no bytecode in {}", out.display()))
}

/// The first four bytes of a call, in hex.
pub(crate) fn selector(signature: &str) -> Result<String> {
    let artefact = artefact(&out())?;
    let selector = artefact["methodIdentifiers"][signature].as_str();
    selector.map(str::to_owned).with_context(|| format!("the contract has no {signature}"))
}

fn out() -> PathBuf {
    workspace::root().join("contracts/out")
}

fn artefact(out: &Path) -> Result<Value> {
    let path = out.join("Medkey.sol/Medkey.json");
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("forge left no contract at {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display()))
}
