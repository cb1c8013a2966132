//! The tools that are not Rust crates: found on the machine, or brought once and kept in the cache.

pub(crate) mod analysers;
pub(crate) mod chromium;
pub(crate) mod foundry;
pub(crate) mod kubo;
pub(crate) mod npm;
pub(crate) mod page;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Everything that `demo` and `test` will ask for; with `long`, what `test --long` asks for too.
pub(crate) fn bring_all(long: bool) -> Result<()> {
    let foundry = foundry::bring()?;
    let page = page::bring()?;
    let kubo = kubo::bring()?;
    let chromium = chromium::bring()?;
    for tool in [&foundry.forge, &foundry.anvil, &page.trunk, &page.wasm_bindgen, &page.wasm_opt, &kubo, &chromium] {
        println!("  {}", tool.display());
    }
    if long {
        let analysers = analysers::bring()?;
        for tool in [&analysers.halmos, &analysers.slither] {
            println!("  {}", tool.display());
        }
    }
    Ok(())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The first `1.2.3` in what `program argument` prints.
fn version_of(program: &Path, argument: &str) -> Option<String> {
    let printed = process::capture(Command::new(program).arg(argument)).ok()?;
    find_version(&printed)
}

fn find_version(printed: &str) -> Option<String> {
    let words = printed.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.map(|word| word.trim_matches('.')).find(|word| word.contains('.')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::find_version;

    #[test]
    fn a_version_is_found_among_the_words() {
        assert_eq!(find_version("trunk 0.21.14\n").as_deref(), Some("0.21.14"));
        assert_eq!(find_version("0.40.1-dev").as_deref(), Some("0.40.1"));
        assert_eq!(find_version("no version here.").as_deref(), None);
    }
}
