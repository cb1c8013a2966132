//! `cargo xtask scale`: how the page holds out with very much in it. What each role can have much of is made on a chain
//! of its own, and a browser measures what people wait for.

use std::{fmt::Write, fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    chain,
    page::Profile,
    process,
    stack::{Limits, Plan, Stack},
    tools, workspace,
};

/// A role, what it has very much of, and how much where no other number is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Role {
    name: &'static str,
    what: &'static str,
    number: u32,
}

/// All roles.
pub(crate) const ROLES: [Role; 4] = [
    Role { name: "patient", what: "records", number: 10_000 },
    Role { name: "doctor", what: "patients", number: 2_000 },
    Role { name: "laboratory", what: "deliveries", number: 10_000 },
    Role { name: "registry", what: "doctors", number: 5_000 },
];

/// The role of this name, or all; with another number, where one is asked for.
pub(crate) fn roles(name: Option<&str>, number: Option<u32>) -> Result<Vec<Role>> {
    let chosen: Vec<Role> = ROLES.into_iter().filter(|role| name.is_none_or(|name| role.name == name)).collect();
    if chosen.is_empty() {
        bail!("--role is one of patient, doctor, laboratory and registry");
    }
    Ok(chosen.into_iter().map(|role| Role { number: number.unwrap_or(role.number), ..role }).collect())
}

pub(crate) fn run(plan: &Plan, profile: Profile, roles: &[Role]) -> Result<()> {
    let chromium = tools::chromium::bring()?;
    let dir = workspace::fresh("scale")?;
    let mut stack = Stack::start(plan, profile, &dir)?;
    // Whoever makes so much at once asks for more than one visitor may.
    stack.restart_relay(plan, &dir, Limits::None)?;
    let mut made = Vec::new();
    for Role { name, what, number } in roles {
        process::announce(&format!("Making a {name} with {number} {what}, some minutes"));
        let begun = Instant::now();
        let mut seed = Command::new("cargo");
        seed.current_dir(workspace::root())
            .args(["run", "--quiet", "--locked", "--package", "medkey-native", "--bin", "seed", "--"])
            .args(["--relay", &plan.address()])
            .args(["--rpc", &plan.deployment().rpc])
            .args(["--contract", chain::CONTRACT])
            .args(["--scale", name, "--number", &number.to_string()]);
        process::run(&mut seed).with_context(|| format!("the {name} could not be made"))?;
        made.push(begun.elapsed());
    }
    stack.restart_relay(plan, &dir, Limits::Usual)?;
    let mut tables = String::new();
    for (Role { name, what, number }, made) in roles.iter().zip(made) {
        process::announce(&format!("Measuring the {name} in the browser"));
        let figures = dir.join(format!("{name}.json"));
        let e2e = workspace::root().join("e2e");
        let mut playwright = Command::new(e2e.join("node_modules/.bin/playwright"));
        playwright
            .current_dir(&e2e)
            .args(["test", "--config", "scale.config.js"])
            .env("MEDKEY_PAGE", plan.address())
            .env("MEDKEY_RPC", plan.deployment().rpc)
            .env("MEDKEY_ROLE", name)
            .env("MEDKEY_NUMBER", number.to_string())
            .env("MEDKEY_FIGURES", &figures)
            .env("MEDKEY_CHROMIUM", &chromium);
        process::run(&mut playwright).with_context(|| format!("the {name} was not measured"))?;
        let seconds = made.as_secs();
        let title = format!("{name} with {number} {what}, made in {} min {:02} s", seconds / 60, seconds % 60);
        tables.push_str(&table(&title, &figures)?);
    }
    println!("{tables}");
    Ok(())
}

/// The figures of a role, one a line.
fn table(title: &str, figures: &Path) -> Result<String> {
    let text = fs::read_to_string(figures).context("the browser left no figures")?;
    let figures: Vec<(String, Value)> = serde_json::from_str(&text).context("the figures cannot be read")?;
    let width = figures.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut table = format!("\n{title}\n");
    for (name, value) in &figures {
        writeln!(table, "  {name:width$}  {}", value.as_str().unwrap_or_default())?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_roles_or_one_with_its_number() {
        let numbers =
            |name, number| roles(name, number).map(|all| all.iter().map(|role| role.number).collect::<Vec<_>>());
        assert_eq!(numbers(None, None).unwrap(), [10_000, 2_000, 10_000, 5_000]);
        assert_eq!(numbers(Some("doctor"), Some(7)).unwrap(), [7]);
        assert!(roles(Some("nurse"), None).unwrap_err().to_string().contains("laboratory"));
    }
}
