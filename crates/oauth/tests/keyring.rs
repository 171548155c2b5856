//! Keys through the years, seed after seed: no reader, however old its copy of the keys, meets a token whose key it does
//! not know.
//!
//! The world has several isolates of the issuer, each of which knows the ring from its last look; publications that come
//! late; and readers that look at the published keys again only when their copy has expired, and never before.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code that clippy does not know as such"
)]

use model::Timestamp;
use oauth::{KeySchedule, KeyState, RingKey, SigningAlgorithm, Timing, Turn, due_turns};

#[test]
fn no_reader_meets_an_unknown_key() {
    for seed in 0..40 {
        let story = World::new(seed, GOOD).run();
        assert_eq!(story.strangers, 0, "seed {seed}");
        assert!(story.checks > 1_000, "seed {seed}: {}", story.checks);
        assert!(story.turns >= 10, "seed {seed}: {}", story.turns);
    }
}

/// The test above can fail: with an announcement that is shorter than the readers' caches it does.
#[test]
fn short_announcement_is_found_out() {
    let short = Timing {
        announcement_ms: CACHE_MS / 2,
        ..GOOD
    };
    assert!((0..20).any(|seed| World::new(seed, short).run().strangers > 0));
}

/// And so it does when a key goes before the last token that it signed.
#[test]
fn short_overlap_is_found_out() {
    let short = Timing {
        overlap_ms: LIFE_MS / 2,
        ..GOOD
    };
    assert!((0..20).any(|seed| World::new(seed, short).run().strangers > 0));
}

const HOUR_MS: i64 = 3_600_000;
/// How old a reader's copy of the keys becomes.
const CACHE_MS: i64 = 12 * HOUR_MS;
/// How old an isolate's copy of the ring becomes.
const RING_MS: i64 = HOUR_MS / 4;
/// The longest life of a token.
const LIFE_MS: i64 = 10 * 24 * HOUR_MS;
const GOOD: Timing = Timing {
    announcement_ms: CACHE_MS + RING_MS,
    overlap_ms: LIFE_MS + RING_MS,
};

#[derive(Default)]
struct Story {
    checks: usize,
    strangers: usize,
    turns: usize,
}

struct Token {
    kid: String,
    expires_at: Timestamp,
}

/// What somebody remembers of the ring.
#[derive(Clone, Default)]
struct Copy {
    keys: Vec<RingKey>,
    read_at: Option<Timestamp>,
}

struct World {
    chance: u64,
    timing: Timing,
    now: Timestamp,
    keys: Vec<RingKey>,
    /// Of the issuer: they sign by their copy, and publish it.
    isolates: Vec<Copy>,
    readers: Vec<Copy>,
    tokens: Vec<Token>,
    story: Story,
}

impl World {
    fn new(seed: u64, timing: Timing) -> Self {
        let first = RingKey {
            kid: "k0".into(),
            algorithm: SigningAlgorithm::Es256,
            state: KeyState::Signing,
            published_at: Some(Timestamp(0)),
            signing_from: Timestamp(0),
            replaced_at: None,
        };
        Self {
            chance: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            timing,
            now: Timestamp(0),
            keys: vec![first],
            isolates: vec![Copy::default(); 3],
            readers: vec![Copy::default(); 4],
            tokens: Vec::new(),
            story: Story::default(),
        }
    }

    fn run(mut self) -> Story {
        while self.now < Timestamp(120 * 24 * HOUR_MS) {
            self.now = self.now.plus_ms(self.pick(2 * HOUR_MS) + 1);
            self.turn();
            self.publish();
            self.sign();
            self.verify();
        }
        self.story
    }

    /// Takes the steps that are due, as the statements of the shell do.
    fn turn(&mut self) {
        let algorithm = SigningAlgorithm::ALL[self.pick(3) as usize];
        let schedule = KeySchedule {
            algorithm,
            period_days: Some(12),
        };
        for turn in due_turns(&self.keys, &schedule, self.timing, self.now) {
            self.story.turns += 1;
            match turn {
                Turn::Announce(algorithm) => self.keys.push(RingKey {
                    kid: format!("k{}", self.story.turns),
                    algorithm,
                    state: KeyState::Announced,
                    published_at: None,
                    signing_from: self.now,
                    replaced_at: None,
                }),
                Turn::Promote(kid) => self.promote(&kid),
                Turn::Retire(kid) => self.key(&kid).state = KeyState::Retired,
            }
            let signing = |key: &&RingKey| key.state == KeyState::Signing;
            assert_eq!(self.keys.iter().filter(signing).count(), 1);
        }
    }

    fn promote(&mut self, kid: &str) {
        let now = self.now;
        for key in &mut self.keys {
            if key.state == KeyState::Signing {
                key.state = KeyState::Retiring;
                key.replaced_at = Some(now);
            }
        }
        let next = self.key(kid);
        next.state = KeyState::Signing;
        next.signing_from = now;
    }

    /// A publication fails now and then, and is repeated later.
    fn publish(&mut self) {
        if self.pick(3) == 0 {
            return;
        }
        let now = self.now;
        for key in &mut self.keys {
            key.published_at.get_or_insert(now);
        }
    }

    fn sign(&mut self) {
        let isolate = self.pick(3) as usize;
        let copy = self.look(isolate);
        let signing = copy.iter().find(|key| key.state == KeyState::Signing);
        let kid = signing.map(|key| key.kid.clone()).unwrap_or_default();
        let life = self.pick(LIFE_MS);
        self.tokens.push(Token {
            kid,
            expires_at: self.now.plus_ms(life),
        });
    }

    /// Any token that is still good, before any reader.
    fn verify(&mut self) {
        let now = self.now;
        self.tokens.retain(|token| now < token.expires_at);
        for reader in 0..self.readers.len() {
            let is_old = |at: Timestamp| now.ms_since(at) >= CACHE_MS;
            if self.readers[reader].read_at.is_none_or(is_old) {
                let isolate = self.pick(3) as usize;
                let mut keys = self.look(isolate);
                keys.retain(|key| key.state.is_published());
                self.readers[reader] = Copy {
                    keys,
                    read_at: Some(now),
                };
            }
            let known = &self.readers[reader].keys;
            for token in &self.tokens {
                self.story.checks += 1;
                if !known.iter().any(|key| key.kid == token.kid) {
                    self.story.strangers += 1;
                }
            }
        }
    }

    /// The ring as an isolate knows it.
    fn look(&mut self, isolate: usize) -> Vec<RingKey> {
        let copy = &mut self.isolates[isolate];
        let now = self.now;
        if copy.read_at.is_none_or(|at| now.ms_since(at) >= RING_MS) {
            copy.keys = self.keys.clone();
            copy.read_at = Some(now);
        }
        copy.keys.clone()
    }

    fn key(&mut self, kid: &str) -> &mut RingKey {
        let found = self.keys.iter_mut().find(|key| key.kid == kid);
        found.unwrap()
    }

    /// A number below `end`.
    fn pick(&mut self, end: i64) -> i64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 1) as i64 % end
    }
}
