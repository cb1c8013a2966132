//! How many tests ran, read from what the runners print. A runner's exit code alone is not trusted:
//! cargo, forge and the wasm runner all end well when they found no test at all.

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Ignored, skipped or not reached.
    pub(crate) skipped: u64,
    /// Left out by a filter that we passed on.
    pub(crate) filtered: u64,
}

impl Counts {
    pub(crate) fn ran(&self) -> u64 {
        self.passed + self.failed
    }

    fn add(&mut self, amount: u64, word: &str) {
        match word {
            "passed" => self.passed += amount,
            "failed" => self.failed += amount,
            "ignored" | "skipped" | "did" | "interrupted" => self.skipped += amount,
            "filtered" => self.filtered += amount,
            // Playwright's word for: failed at first, passed when repeated.
            "flaky" => self.failed += amount,
            _ => {}
        }
    }

    /// `12 passed; 0 failed` or `12 passed, 0 failed`: numbers and the word after each.
    fn add_pairs(&mut self, text: &str) {
        for piece in text.split([';', ',', '(']) {
            let mut words = piece.split_whitespace();
            if let (Some(Ok(amount)), Some(word)) = (words.next().map(str::parse), words.next()) {
                self.add(amount, word);
            }
        }
    }
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; …`, once per test binary;
/// cargo and the wasm runner share the form.
pub(crate) fn of_cargo(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        if let Some((_, result)) = line.trim().strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) {
            counts.add_pairs(result);
        }
    }
    counts
}

/// `Ran 3 test suites in 1.02s (2.10s CPU time): 45 tests passed, 0 failed, 0 skipped (45 total tests)`.
pub(crate) fn of_forge(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        if line.starts_with("Ran ")
            && line.ends_with(" total tests)")
            && let Some((_, result)) = line.split_once("): ")
        {
            counts.add_pairs(&result.replace("tests passed", "passed"));
        }
    }
    counts
}

/// `Symbolic test result: 7 passed; 0 failed; time: 12.34s`, once per contract.
pub(crate) fn of_halmos(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        if let Some(result) = line.strip_prefix("Symbolic test result: ") {
            counts.add_pairs(result);
        }
    }
    counts
}

/// The list reporter's last lines: `  12 passed (34.5s)`, `  1 failed`, `  2 did not run`.
pub(crate) fn of_playwright(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        let mut words = line.split_whitespace();
        let (Some(Ok(amount)), Some(word)) = (words.next().map(str::parse), words.next()) else {
            continue;
        };
        let rest = words.next();
        if rest.is_none() || rest.is_some_and(|rest| rest.starts_with('(')) || (word, rest) == ("did", Some("not")) {
            counts.add(amount, word);
        }
    }
    counts
}

/// Without the escape sequences that colour a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('[') => {
                letters.by_ref().find(char::is_ascii_alphabetic);
            }
            Some('(') => {
                letters.next();
            }
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_counts_add_up_over_test_binaries() {
        let text = "\
            running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s\n\
            test result: \u{1b}[31mFAILED\u{1b}(B\u{1b}[m. 5 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(of_cargo(text), Counts { passed: 8, failed: 2, skipped: 1, filtered: 1 });
    }

    #[test]
    fn a_run_without_tests_counts_nothing() {
        assert_eq!(of_cargo("no tests to run!\n").ran(), 0);
        assert_eq!(of_cargo("error: could not compile `medkey-crypto`\n").ran(), 0);
        assert_eq!(of_forge("No tests found in project! Forge looks for functions that start with `test`\n").ran(), 0);
        assert_eq!(of_playwright("Error: No tests found\n").ran(), 0);
    }

    #[test]
    fn forge_counts_come_from_the_last_line_only() {
        let text = "\
            Suite result: ok. 20 passed; 0 failed; 0 skipped; finished in 5.20ms (3.15ms CPU time)\n\
            Suite result: FAILED. 24 passed; 1 failed; 1 skipped; finished in 5.20ms (3.15ms CPU time)\n\n\
            Ran 2 test suites in 9.95ms (10.40ms CPU time): 44 tests passed, 1 failed, 1 skipped (46 total tests)\n";
        assert_eq!(of_forge(text), Counts { passed: 44, failed: 1, skipped: 1, filtered: 0 });
    }

    #[test]
    fn halmos_counts_add_up_over_contracts() {
        let text = "\
            Running 2 tests for test/halmos/Offer.t.sol:OfferProof\n\
            \u{1b}[32m[PASS]\u{1b}[0m check_ClaimTouchesNoOtherGrant(address) (paths: 4, time: 1.21s, bounds: [])\n\
            [TIMEOUT] check_NobodyElseOffers(address) (paths: 4, time: 600.00s, bounds: [])\n\
            Symbolic test result: 1 passed; 1 failed; time: 601.50s\n\n\
            Symbolic test result: 7 passed; 0 failed; time: 3.10s\n";
        assert_eq!(of_halmos(text), Counts { passed: 8, failed: 1, ..Counts::default() });
        assert_eq!(of_halmos("Error: No tests with --match-contract Proof\n").ran(), 0);
    }

    #[test]
    fn playwright_counts_flaky_and_unreached_tests_against_the_run() {
        let text = "\
            Running 9 tests using 1 worker\n  \
            ✓  1 journey.spec.ts:10:1 › a patient registers (2.1s)\n  \
            1 failed\n    journey.spec.ts:30:1 › a doctor asks\n  \
            1 flaky\n  2 skipped\n  1 did not run\n  4 passed (34.5s)\n";
        assert_eq!(of_playwright(text), Counts { passed: 4, failed: 2, skipped: 3, filtered: 0 });
    }
}
