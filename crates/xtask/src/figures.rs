//! The figures that the README names, from what forge measured in `contracts/snapshots/`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace;

pub(crate) fn print() -> Result<()> {
    let dir = workspace::root().join("contracts/snapshots");
    let files = fs::read_dir(&dir).with_context(|| {
        format!("no gas figures in {} yet: `cargo xtask test --only forge` writes them", dir.display())
    })?;
    let mut groups = BTreeMap::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let figures =
                parse(&fs::read_to_string(&path)?).with_context(|| format!("cannot read {}", path.display()))?;
            groups.insert(name, figures);
        }
    }
    if groups.values().all(BTreeMap::is_empty) {
        bail!("no gas figures in {}", dir.display());
    }
    println!("Gas per act, as receipts count it\n");
    for (group, figures) in groups {
        println!("{group}");
        for (act, gas) in figures {
            println!("  {act:<52} {:>10}", grouped(gas));
        }
    }
    Ok(())
}

/// forge writes one object of names and decimal strings per group.
fn parse(text: &str) -> Result<BTreeMap<String, u64>> {
    let written: BTreeMap<String, String> = serde_json::from_str(text)?;
    written
        .into_iter()
        .map(|(act, gas)| Ok((act, gas.parse().with_context(|| format!("`{gas}` is no amount of gas"))?)))
        .collect()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, parse};

    #[test]
    fn figures_are_read_as_forge_writes_them() {
        let figures = parse(r#"{ "register patient": "46200", "grant": "58500" }"#).unwrap();
        assert_eq!(figures["grant"], 58_500);
        assert!(parse(r#"{ "grant": "much" }"#).is_err());
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(46_200), "46,200");
        assert_eq!(grouped(1_046_200), "1,046,200");
    }
}
