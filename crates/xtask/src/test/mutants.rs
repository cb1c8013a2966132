//! Mutation testing: the contract is changed in one place at a time, and the tests have to notice. What nobody notices is
//! either the same contract in other words, and `contracts/ASSURANCE.md` says why, or a gap in the tests.

mod bench;
mod compiler;
mod generate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use super::answers::{self, Answers, Key};
use super::{Selection, Tally};
use crate::{process, tools, workspace};
use bench::Bench;
use compiler::{Compiler, Way};
use generate::{Enums, Mutant};

pub(super) fn run(_: &Selection) -> Result<Tally> {
    let foundry = tools::foundry::bring()?;
    let scratch = workspace::fresh("mutants")?;
    let plain = Compiler::set_up(&foundry, Way::Plain, scratch.join("plain"))?;
    let mutants = all_mutants(&plain)?;
    if mutants.is_empty() {
        bail!("the contract's source has nothing to change");
    }
    process::announce(&format!("Compiling {} mutants, about 10 minutes", mutants.len()));
    let mut census = Census::default();
    let codes = census.sort_by_code(&plain, &mutants.iter().collect::<Vec<_>>())?;

    process::announce(&format!("{} of them meet the tests of single functions, about 30 minutes", codes.len()));
    let set_up = |number| Bench::set_up(&foundry, scratch.join(format!("bench-{number}")));
    let benches = each_at_once((0..workers()).collect(), set_up)?;
    let left =
        survivors(&benches, codes.keys().copied().collect(), |bench, number| bench.notices_code(&codes[&number]))?;
    census.killed += codes.len() - left.len();

    process::announce(&format!("{} of them meet all tests, about a minute each", left.len()));
    let deployed = Compiler::set_up(&foundry, Way::Deployed, scratch.join("deployed"))?;
    let left: Vec<usize> = left.into_iter().collect();
    let differing = census.sort_by_code(&deployed, &left.iter().map(|number| &mutants[*number]).collect::<Vec<_>>())?;
    let left: Vec<usize> = differing.keys().map(|at| left[*at]).collect();
    let alive = survivors(&benches, left.clone(), |bench, number| bench.notices(&mutants[number]))?;
    census.killed += left.len() - alive.len();

    let mut tally = Tally::default();
    tally.passed += (census.killed + census.same) as u64;
    tally.notes.push(format!(
        "{} mutants: {} killed, {} alive, {} the same code, {} do not compile",
        mutants.len(),
        census.killed,
        alive.len(),
        census.same,
        census.refused
    ));
    if census.killed == 0 {
        tally.failure("no mutant was killed: the tests were not run".to_owned());
    }
    let named = answers::numbered(mutants.iter().map(key)).into_iter().enumerate();
    let named = named.filter(|(number, _)| alive.contains(number)).map(|(_, key)| key);
    Answers::read("Mutants")?.compare("mutants alive", &named.collect(), &mut tally);
    Ok(tally)
}

/// What has become of those that are no question any more.
#[derive(Default)]
struct Census {
    killed: usize,
    /// The compiler makes the very same code of the change.
    same: usize,
    /// The change is no Solidity.
    refused: usize,
}

impl Census {
    /// The code of each, by its place in the list, of those that differ from the contract as it is.
    fn sort_by_code(&mut self, compiler: &Compiler, mutants: &[&Mutant]) -> Result<BTreeMap<usize, String>> {
        let mut codes = compiler.codes(mutants)?.into_iter();
        let unchanged = codes.next().flatten().context("the compiler refuses the contract as it is")?;
        let mut differing = BTreeMap::new();
        for (number, code) in codes.enumerate() {
            match code {
                None => self.refused += 1,
                Some(code) if code == unchanged => self.same += 1,
                Some(code) => {
                    differing.insert(number, code);
                }
            }
        }
        Ok(differing)
    }
}

fn key(mutant: &Mutant) -> Key {
    [&mutant.file, &mutant.function, &mutant.before, &mutant.after].map(Clone::clone).to_vec()
}

fn all_mutants(compiler: &Compiler) -> Result<Vec<Mutant>> {
    let sources = compiler.sources()?;
    let mut enums = Enums::new();
    for source in sources.values() {
        generate::collect_enums(source.tree, &mut enums);
    }
    let mutants = sources.iter().map(|(file, source)| generate::mutants(file, source.text, source.tree, &enums));
    Ok(mutants.collect::<Result<Vec<_>>>()?.concat())
}

/// The numbers of those that no bench notices.
fn survivors(
    benches: &[Bench],
    numbers: Vec<usize>,
    notices: impl Fn(&Bench, usize) -> Result<bool> + Sync,
) -> Result<BTreeSet<usize>> {
    let total = numbers.len();
    let waiting = Mutex::new(numbers.into_iter());
    let done = Mutex::new((0, BTreeSet::new()));
    each_at_once(benches.iter().collect(), |bench| -> Result<()> {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(number) = next else { return Ok(()) };
            let noticed = notices(bench, number)?;
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.0 += 1;
            if !noticed {
                done.1.insert(number);
            }
            if done.0 % 50 == 0 {
                println!("  {} of {total}, {} left", done.0, done.1.len());
            }
        }
    })?;
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner).1)
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Each in a thread of its own.
fn each_at_once<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        let results = workers.into_iter().map(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => bail!("a worker broke down"),
        });
        results.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_at_once_keeps_its_order_and_its_errors() {
        let doubled = each_at_once(vec![1, 2, 3], |number| Ok(number * 2)).unwrap();
        assert_eq!(doubled, [2, 4, 6]);
        let failed = each_at_once(vec![1, 2], |number| if number == 1 { bail!("one") } else { Ok(number) });
        assert!(failed.is_err());
    }
}
