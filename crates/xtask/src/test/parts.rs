//! The parts of `cargo xtask test`, each around the runner that knows its language.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Selection, Tally, counts};
use crate::page::Profile;
use crate::stack::JOURNEY;
use crate::workspace::cargo;
use crate::{contracts, e2e, figures, process, tools, workspace};

/// They run in a page only.
const PAGE_CRATES: [&str; 2] = ["medkey-app", "medkey-browser"];
/// Crates whose tests also run as wasm, under Node.js.
const WASM_TESTED: [&str; 1] = ["medkey-crypto"];
/// Crates whose wasm tests need what only a browser has.
const CHROMIUM_TESTED: [&str; 1] = ["medkey-browser"];
const WASM: &str = "wasm32-unknown-unknown";
const WASM_RUNNER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";

pub(super) fn fmt(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let mut tally = Tally::default();
    tally.check("cargo fmt", process::show(&mut cargo(&["fmt", "--all", "--check"]))?.success);
    tally.check("forge fmt", process::show(&mut contracts::forge(&foundry, &["fmt", "--check"]))?.success);
    Ok(tally)
}

pub(super) fn lint(_: &Selection) -> Result<Tally> {
    let foundry = contracts::build()?;
    tools::page::bring_wasm_target()?;
    process::announce("Linting, about 4 minutes the first time");
    let mut tally = Tally::default();

    let mut native = cargo(&["clippy", "--locked", "--quiet", "--workspace", "--all-targets"]);
    native.args(PAGE_CRATES.iter().flat_map(|package| ["--exclude", package]));
    tally.check("clippy", process::show(native.args(["--", "-D", "warnings"]))?.success);

    let mut page = cargo(&["clippy", "--locked", "--quiet", "--all-targets", "--target", WASM]);
    page.args(PAGE_CRATES.iter().chain([&"medkey-dicom", &"medkey-scan"]).flat_map(|package| ["--package", package]));
    tally.check("clippy for wasm", process::show(page.args(["--", "-D", "warnings"]))?.success);

    // With folders of its own: lint leaves artefacts without bytecode, in which forge test finds nothing.
    let scratch = workspace::target().join("forge-lint");
    let mut forge = contracts::forge(&foundry, &["lint", "--deny", "warnings"]);
    forge.env("FOUNDRY_OUT", scratch.join("out")).env("FOUNDRY_CACHE_PATH", scratch.join("cache"));
    tally.check("forge lint", process::show(&mut forge)?.success);
    Ok(tally)
}

/// Tests that need Kubo have `kubo` in their path; they find it and anvil through the environment.
pub(super) fn rust(selection: &Selection) -> Result<Tally> {
    let mut tally = Tally::default();
    let foundry = contracts::build()?;
    let mut test = workspace::native_tests();
    test.arg("--no-fail-fast").env("MEDKEY_ANVIL", &foundry.anvil);
    let kubo = if selection.without_kubo { None } else { kubo(&mut tally)? };
    match kubo {
        Some(kubo) => test.env("MEDKEY_KUBO", kubo),
        None => test.args(["--", "--skip", "kubo"]),
    };
    process::announce("Building and running the Rust tests, about 5 minutes the first time");
    let shown = process::show(&mut test)?;
    tally.tests("cargo test", shown.success, counts::of_cargo(&shown.text));
    Ok(tally)
}

/// Without Kubo its tests count as failed, and the others still run.
fn kubo(tally: &mut Tally) -> Result<Option<PathBuf>> {
    match tools::kubo::bring() {
        Ok(kubo) => Ok(Some(kubo)),
        Err(error) => {
            process::check_interrupted()?;
            println!("{error:#}");
            tally.failure("the Kubo tests could not be run".to_owned());
            Ok(None)
        }
    }
}

/// The same tests as natively where there is no page in them, and in Chromium what needs one.
pub(super) fn wasm(selection: &Selection) -> Result<Tally> {
    let runner = tools::page::bring_wasm_test_runner()?;
    process::announce("Building and running the wasm tests, about 3 minutes the first time");
    let mut tally = Tally::default();
    for package in WASM_TESTED {
        let shown = process::show(wasm_test(package).env(WASM_RUNNER, &runner))?;
        tally.tests(&format!("{package} under Node.js"), shown.success, counts::of_cargo(&shown.text));
    }
    if selection.without_browser {
        tally.notes.push("Chromium: left out".to_owned());
        return Ok(tally);
    }
    tools::npm::bring("e2e")?;
    let chromium = tools::chromium::bring()?;
    for package in CHROMIUM_TESTED {
        let mut test = wasm_test(package);
        test.env(WASM_RUNNER, Path::new(env!("CARGO_MANIFEST_DIR")).join("wasm-in-chromium.mjs"))
            .env("MEDKEY_WASM_TEST_RUNNER", &runner)
            .env("MEDKEY_CHROMIUM", &chromium);
        let shown = process::show(&mut test)?;
        tally.tests(&format!("{package} in Chromium"), shown.success, counts::of_cargo(&shown.text));
    }
    Ok(tally)
}

fn wasm_test(package: &str) -> Command {
    cargo(&["test", "--locked", "--no-fail-fast", "--tests", "--target", WASM, "--package", package])
}

pub(super) fn forge(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let mut tally = Tally::default();
    let mut test = contracts::forge(&foundry, &["test"]);
    // The committed gas figures are compared, not rewritten.
    let shown = process::show(test.env("FORGE_SNAPSHOT_CHECK", "true"))?;
    tally.tests("forge test", shown.success, counts::of_forge(&shown.text));
    tally.check("the README's figures", figures::stand_in_readme()?);
    Ok(tally)
}

/// The journey through the released page, against a chain and a relay of its own.
pub(super) fn browser(selection: &Selection) -> Result<Tally> {
    let mut tally = Tally::default();
    if selection.without_browser {
        tally.notes.push("left out".to_owned());
        return Ok(tally);
    }
    let shown = e2e::run(&JOURNEY.after_tests(), Profile::Release, &[])?;
    tally.tests("playwright", shown.success, counts::of_playwright(&shown.text));
    Ok(tally)
}
