//! Reading how many tests passed from what the runners say.

/// A count of tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Sums the summaries of cargo (`test result: ok. 3 passed; 0 failed; …`), of Node (`# pass 3`, `ℹ fail 0`) and of
    /// vitest (`Tests  1 failed | 3 passed (4)`) in a log.
    pub(crate) fn of(log: &str) -> Self {
        let mut tally = Self::default();
        for line in log.lines().map(str::trim) {
            if line.starts_with("test result:") || line.starts_with("Tests ") {
                tally.passed += before(line, "passed");
                tally.failed += before(line, "failed");
            } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))
            {
                tally.passed += after(rest, "pass");
                tally.failed += after(rest, "fail");
            }
        }
        tally
    }
}

/// The number before a word.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line
        .split([' ', ';', '|', '.'])
        .filter(|part| !part.is_empty())
        .collect();
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [number, found] if *found == word => number.parse::<u64>().ok(),
        _ => None,
    });
    pairs.sum()
}

/// The number after a word that begins the line.
fn after(line: &str, word: &str) -> u64 {
    let rest = line.strip_prefix(word).unwrap_or_default();
    rest.trim().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_every_runner_are_read() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                12,
                0,
            ),
            ("test result: FAILED. 2 passed; 3 failed; 0 ignored", 2, 3),
            ("# tests 5\n# pass 4\n# fail 1\n# cancelled 0", 4, 1),
            ("ℹ tests 5\nℹ pass 5\nℹ fail 0", 5, 0),
            (
                " Test Files  2 passed (2)\n      Tests  1 failed | 11 passed (12)",
                11,
                1,
            ),
            ("nothing to see", 0, 0),
        ];
        for (log, passed, failed) in cases {
            assert_eq!(Tally::of(log), Tally { passed, failed }, "{log}");
        }
    }
}
