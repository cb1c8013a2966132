//! `contracts/ASSURANCE.md`: why a finding of Slither is none, and why a mutant that lives is no gap in the tests.
//! Under the heading of its part, an answer is an item of a list: the first line names what is answered in code spans
//! and ends with a colon, the lines below it say why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};

use super::Tally;
use crate::workspace;

const PLACE: &str = "contracts/ASSURANCE.md";

/// What is answered: the words in code spans.
pub(super) type Key = Vec<String>;

pub(super) struct Answers(BTreeMap<Key, String>);

impl Answers {
    /// Those under `## heading`.
    pub(super) fn read(heading: &str) -> Result<Self> {
        let path = workspace::root().join(PLACE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        parse(&text, heading).with_context(|| format!("{PLACE} under `{heading}`"))
    }

    /// Exactly what was found is answered: each finding counts as a test, and so does each answer to nothing.
    pub(super) fn compare(&self, what: &str, found: &BTreeSet<Key>, tally: &mut Tally) {
        let unanswered: Vec<&Key> = found.iter().filter(|key| !self.0.contains_key(*key)).collect();
        let outdated: Vec<&Key> = self.0.keys().filter(|key| !found.contains(*key)).collect();
        tally.passed += (found.len() - unanswered.len()) as u64;
        for (keys, complaint) in [(&unanswered, "not answered in"), (&outdated, "no more, yet answered in")] {
            if keys.is_empty() {
                continue;
            }
            println!("\n{what} {complaint} {PLACE}:");
            for key in keys {
                println!("{}", item(key));
            }
            tally.failed += keys.len() as u64;
            tally.notes.push(format!("{} {what} {complaint} {PLACE}", keys.len()));
        }
    }
}

/// Of several that are named alike, each after the first bears its number.
pub(super) fn numbered(keys: impl IntoIterator<Item = Key>) -> Vec<Key> {
    let mut times = BTreeMap::<Key, u32>::new();
    let number = |key: Key| {
        let time = times.entry(key.clone()).or_default();
        *time += 1;
        let number = (*time > 1).then(|| time.to_string());
        key.into_iter().chain(number).collect()
    };
    keys.into_iter().map(number).collect()
}

/// As it is written in the file, without the answer.
fn item(key: &[String]) -> String {
    let spans: Vec<String> = key.iter().map(|word| format!("`{word}`")).collect();
    format!("- {}:", spans.join(" "))
}

fn parse(text: &str, heading: &str) -> Result<Answers> {
    let mut answers = BTreeMap::new();
    let mut open: Option<Key> = None;
    let mut inside = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            inside = title == heading;
            open = None;
        } else if !inside {
        } else if line.starts_with("- ") {
            let key: Key = line.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            if key.is_empty() || !line.ends_with("`:") {
                bail!("this names nothing that could be answered: {line}");
            }
            if answers.insert(key.clone(), String::new()).is_some() {
                bail!("answered twice: {line}");
            }
            open = Some(key);
        } else if let (Some(key), Some(words)) = (&open, line.strip_prefix("  ")) {
            answers.entry(key.clone()).or_default().push_str(words);
        } else {
            open = None;
        }
    }
    if let Some((key, _)) = answers.iter().find(|(_, answer)| answer.trim().is_empty()) {
        bail!("no answer stands below\n{}", item(key));
    }
    Ok(Answers(answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Assurance

## Slither

Words before.

- `timestamp` `Charts._logAccess` `a <= b`:
  Expiry is block time
  by design.
- `unused-return` `Offers._claim`:
  The third value is not needed.

## Mutants

- `src/Charts.sol` `_fold` `x` `{}`:
  The same.
";

    fn key(words: &[&str]) -> Key {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn answers_stand_under_their_heading() {
        let answers = parse(TEXT, "Slither").unwrap();
        assert_eq!(answers.0.len(), 2);
        assert!(answers.0[&key(&["timestamp", "Charts._logAccess", "a <= b"])].ends_with("by design."));
        assert!(parse(TEXT, "Nothing").unwrap().0.is_empty());
    }

    #[test]
    fn every_finding_needs_its_answer_and_every_answer_its_finding() {
        let answers = parse(TEXT, "Slither").unwrap();
        let answered = key(&["unused-return", "Offers._claim"]);
        let found = BTreeSet::from([answered.clone(), key(&["reentrancy", "Acts.multicall"])]);
        let mut tally = Tally::default();
        answers.compare("findings", &found, &mut tally);
        assert_eq!((tally.passed, tally.failed), (1, 2));

        let mut tally = Tally::default();
        let found = BTreeSet::from([answered, key(&["timestamp", "Charts._logAccess", "a <= b"])]);
        answers.compare("findings", &found, &mut tally);
        assert_eq!((tally.passed, tally.failed), (2, 0));
    }

    #[test]
    fn what_is_named_alike_is_numbered() {
        let keys = numbered([key(&["a", "b"]), key(&["c"]), key(&["a", "b"])]);
        assert_eq!(keys, [key(&["a", "b"]), key(&["c"]), key(&["a", "b", "2"])]);
    }

    #[test]
    fn an_answer_without_words_or_without_a_key_is_refused() {
        assert!(parse("## Slither\n- `timestamp` `f`:\n- `timestamp` `g`:\n  Design.\n", "Slither").is_err());
        assert!(parse("## Slither\n- timestamp:\n  Design.\n", "Slither").is_err());
        assert!(parse("## Slither\n- `a`:\n  One.\n- `a`:\n  Two.\n", "Slither").is_err());
    }
}
