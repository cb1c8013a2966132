//! What the acts cost: gas from `contracts/snapshots/`, where forge keeps it as receipts count it, beside what others have
//! published; the bytes of a record, measured on a chain; money at a stated price. The README shows the same table.

mod record;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::workspace;
use record::Footprint;

/// At which an act is paid for.
pub(crate) struct Prices {
    pub(crate) gas_gwei: f64,
    pub(crate) ether_dollars: f64,
}

/// Round numbers that are easily scaled, not a forecast.
pub(crate) const STATED: Prices = Prices { gas_gwei: 1.0, ether_dollars: 3_000.0 };

const BEGIN: &str = "<!-- `cargo xtask figures --readme` writes from here -->";
const END: &str = "<!-- to here -->";

pub(crate) fn print(prices: &Prices) -> Result<()> {
    let Report { compared, record, others } = report(prices)?;
    print!("{compared}\n{record}\n{others}");
    Ok(())
}

/// Writes the report at the stated prices into the README.
pub(crate) fn write_readme() -> Result<()> {
    let (before, _, after) = readme()?;
    let path = readme_path();
    fs::write(&path, [&before, for_readme()?.as_str(), &after].concat())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Whether the README shows what is measured today.
pub(crate) fn stand_in_readme() -> Result<bool> {
    let (_, shown, _) = readme()?;
    let right = shown == for_readme()?;
    if !right {
        println!("the figures in README.md are not today's: `cargo xtask figures --readme` writes them");
    }
    Ok(right)
}

fn for_readme() -> Result<String> {
    let Report { compared, record, others } = report(&STATED)?;
    let others = format!("<details><summary>Every other act</summary>\n\n{others}\n</details>\n");
    Ok(format!("\n{compared}\n{record}\n{others}\n"))
}

fn readme_path() -> PathBuf {
    workspace::root().join("README.md")
}

/// What stands before the figures, the figures, and what follows.
fn readme() -> Result<(String, String, String)> {
    split(&fs::read_to_string(readme_path())?).with_context(|| format!("README.md has no `{BEGIN}` and `{END}`"))
}

fn split(text: &str) -> Option<(String, String, String)> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (shown, after) = rest.split_once(END)?;
    Some((format!("{before}{BEGIN}\n"), shown.strip_prefix('\n')?.to_owned(), format!("{END}{after}")))
}

fn report(prices: &Prices) -> Result<Report> {
    let gas = gas_per_act()?;
    let record = record::measure()?;
    Ok(render(&gas, &record, prices))
}

fn gas_per_act() -> Result<BTreeMap<String, u64>> {
    let path = workspace::root().join("contracts/snapshots/Medkey.json");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("no gas figures at {}: `forge test` writes them", path.display()))?;
    let gas = parse(&text).with_context(|| format!("cannot read {}", path.display()))?;
    if let Some((act, _)) = PUBLISHED.iter().find(|(act, _)| !gas.keys().any(|ours| ours.starts_with(act))) {
        bail!("{} says nothing of `{act}`", path.display());
    }
    Ok(gas)
}

/// What another contract for health records was published to take, by how our acts' names begin.
const PUBLISHED: [(&str, u64); 6] = [
    ("registerProfessional: doctor", 334_710),
    ("register and verify: doctor", 334_710),
    ("registerPatient", 263_405),
    ("registerProfessional: laboratory", 215_039),
    ("register and verify: laboratory", 215_039),
    ("addRecord", 164_545),
];

fn published(act: &str) -> Option<u64> {
    PUBLISHED.iter().find(|(beginning, _)| act.starts_with(beginning)).map(|(_, gas)| *gas)
}

/// forge writes one object of names and decimal strings per group.
fn parse(text: &str) -> Result<BTreeMap<String, u64>> {
    let written: BTreeMap<String, String> = serde_json::from_str(text)?;
    written
        .into_iter()
        .map(|(act, gas)| Ok((act, gas.parse().with_context(|| format!("`{gas}` is no amount of gas"))?)))
        .collect()
}

/// In Markdown.
struct Report {
    compared: String,
    record: String,
    others: String,
}

fn render(gas: &BTreeMap<String, u64>, record: &Footprint, prices: &Prices) -> Report {
    let mut compared =
        String::from("| act, checks included | gas | published | ours of it | cost |\n|---|--:|--:|--:|--:|\n");
    let mut others = String::from("| act, checks included | gas | cost |\n|---|--:|--:|\n");
    for (act, gas) in gas {
        let money = dollars(*gas, prices);
        match published(act) {
            Some(theirs) => {
                let percent = (gas * 100 + theirs / 2) / theirs;
                let theirs = grouped(theirs);
                compared.push_str(&format!("| {act} | {} | {theirs} | {percent} % | {money} |\n", grouped(*gas)));
            }
            None => others.push_str(&format!("| {act} | {} | {money} |\n", grouped(*gas))),
        }
    }
    let Prices { gas_gwei, ether_dollars } = prices;
    let Footprint { call_data, log, storage, storage_of_first } = record;
    let record = format!(
        "Gas as receipts count it; cost at {gas_gwei} gwei and {ether_dollars} dollars for an ether.\n\
         A record puts {} bytes on the chain: {call_data} of call data, {log} of log (topics and data), {storage} of new \
         storage.\nThe first event of a chart takes {} bytes of storage, which later ones write over.\n",
        call_data + log + storage,
        storage_of_first - storage,
    );
    Report { compared, record, others }
}

fn dollars(gas: u64, prices: &Prices) -> String {
    // 2^53 units of gas are more than a chain spends in its life.
    #[allow(clippy::cast_precision_loss)]
    let gas = gas as f64;
    format!("${:.3}", gas * prices.gas_gwei * 1e-9 * prices.ether_dollars)
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
    use super::*;

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

    #[test]
    fn an_act_stands_beside_what_was_published_of_its_kind() {
        let gas = [("addRecord: later", 32_909), ("logAccess", 34_000)].map(|(act, gas)| (act.to_owned(), gas)).into();
        let record = Footprint { call_data: 100, log: 128, storage: 0, storage_of_first: 32 };
        let prices = Prices { gas_gwei: 0.5, ether_dollars: 2_000.0 };
        let Report { compared, record, others } = render(&gas, &record, &prices);
        assert!(compared.contains("| addRecord: later | 32,909 | 164,545 | 20 % | $0.033 |\n"), "{compared}");
        assert!(others.contains("| logAccess | 34,000 | $0.034 |\n"), "{others}");
        assert!(record.contains("at 0.5 gwei and 2000 dollars"), "{record}");
        assert!(record.contains("puts 228 bytes"), "{record}");
    }

    #[test]
    fn the_figures_stand_between_their_markers() {
        let text = format!("# Medkey\n{BEGIN}\n\n| act |\n\n{END}\nMore.\n");
        let (before, shown, after) = split(&text).unwrap();
        assert_eq!(shown, "\n| act |\n\n");
        assert_eq!([before, shown, after].concat(), text);
        assert!(split("# Medkey\n").is_none());
    }
}
