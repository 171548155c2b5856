//! Inputs out of inputs: a few changes each, from a random number that can be made again.

/// A source of inputs.
pub(crate) struct Changes {
    pool: Vec<Vec<u8>>,
    seeds: usize,
    words: &'static [&'static str],
    state: u64,
}

impl Changes {
    pub(crate) fn new(seeds: &[&str], words: &'static [&'static str], seed: u64) -> Self {
        let mut pool: Vec<Vec<u8>> = seeds.iter().map(|it| it.as_bytes().to_vec()).collect();
        pool.push(Vec::new());
        Self {
            seeds: pool.len(),
            pool,
            words,
            state: seed | 1,
        }
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let at = self.below(self.pool.len());
        let mut input = self.pool.get(at).cloned().unwrap_or_default();
        for _ in 0..=self.below(6) {
            self.change(&mut input);
        }
        input.truncate(MOST_BYTES);
        input
    }

    /// What was accepted is worth changing further; a little of what was not, too.
    pub(crate) fn learn(&mut self, input: &[u8], is_accepted: bool) {
        if !is_accepted && self.below(64) != 0 {
            return;
        }
        if self.pool.len() < self.seeds + POOL {
            return self.pool.push(input.to_vec());
        }
        let at = self.seeds + self.below(POOL);
        if let Some(slot) = self.pool.get_mut(at) {
            *slot = input.to_vec();
        }
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + self.below(16)).min(input.len());
        match self.below(9) {
            0 => {
                let bit = 1_u8 << self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            1 => {
                let byte = u8::try_from(self.below(256)).unwrap_or_default();
                input.insert(at, byte);
            }
            2 => drop(input.drain(at..end)),
            3 => {
                let piece: Vec<u8> = input.get(at..end).unwrap_or_default().to_vec();
                let times = 1 + self.below(40);
                input.splice(at..at, piece.repeat(times));
            }
            4 => {
                let other = self.below(self.pool.len());
                let other = self.pool.get(other).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                let tail = other.get(from..).unwrap_or_default().to_vec();
                input.truncate(at);
                input.extend(tail);
            }
            5 => input.truncate(at),
            _ => {
                let word = self.below(self.words.len() + EXTREMES.len());
                let known = self.words.get(word).map(|it| it.as_bytes());
                let extreme = word
                    .checked_sub(self.words.len())
                    .and_then(|it| EXTREMES.get(it));
                let word = known.or(extreme.copied()).unwrap_or_default().to_vec();
                let end = if self.below(2) == 0 { at } else { end };
                input.splice(at..end, word);
            }
        }
    }

    /// `xorshift64*`.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let random = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let limit = limit.max(1) as u64;
        usize::try_from(random % limit).unwrap_or_default()
    }
}

/// What breaks counters, encodings and texts.
const EXTREMES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa9",
    b"\xe2\x80\xae",
    b"%00",
    b"%2f",
    b"%",
    b"%c0%af",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"0.1",
    b"\\ud800",
    b"\\",
    b"\"",
    b"'",
    b"\r\n",
    b"\t",
    b" ",
];
/// Larger inputs take time and find nothing more.
const MOST_BYTES: usize = 8 * 1024;
/// Inputs that are remembered beside the first ones.
const POOL: usize = 256;
