//! Tokens whose signature is good.
//!
//! A token is 700 bytes that every call shows. Its place is made from the end of its signature, and in Wasm, where a
//! comparison goes byte by byte, it is compared eight bytes at a time. Two that meet at a place push each other out, and
//! neither is mistaken for the other.

use std::{hash::Hasher, rc::Rc};

use credential::Claims;
use rustc_hash::FxHasher;

use crate::shelf::Shelf;

#[derive(Debug)]
pub(super) struct Tokens(Shelf<u64, (String, Verified)>);

/// What is known of a token.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub(super) claims: Rc<Claims>,
    /// Of the key that has signed it; `None` for an opaque token.
    pub(super) kid: Option<String>,
    /// The version of the trust value whose revocations it was last compared with.
    pub(super) compared_with: u64,
}

impl Tokens {
    /// Holds at most `capacity` tokens, of `bytes` together.
    pub(super) fn new(capacity: usize, bytes: usize) -> Self {
        Self(Shelf::of_bytes(capacity, bytes))
    }

    pub(super) const fn bytes(&self) -> usize {
        self.0.bytes()
    }

    pub(super) fn get(&mut self, token: &str) -> Option<&mut Verified> {
        let (held, verified) = self.0.get(&place(token))?;
        is_same(held, token).then_some(verified)
    }

    pub(super) fn put(&mut self, token: &str, verified: Verified) {
        self.0
            .put_of(token.len(), place(token), (token.to_owned(), verified));
    }

    pub(super) fn remove(&mut self, token: &str) {
        if self.get(token).is_some() {
            self.0.remove(&place(token));
        }
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Verified) -> bool) {
        self.0.retain(|(_, verified)| keep(verified));
    }
}

fn place(token: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(
        token
            .as_bytes()
            .last_chunk::<PLACE_BYTES>()
            .unwrap_or(&[0; PLACE_BYTES]),
    );
    hasher.finish()
}

fn is_same(held: &str, shown: &str) -> bool {
    let (held, held_end) = held.as_bytes().as_chunks::<8>();
    let (shown, shown_end) = shown.as_bytes().as_chunks::<8>();
    held.len() == shown.len()
        && held_end == shown_end
        && held
            .iter()
            .zip(shown)
            .all(|(held, shown)| u64::from_ne_bytes(*held) == u64::from_ne_bytes(*shown))
}

/// Half of the shortest signature.
const PLACE_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_nobody_elses() {
        let long = format!("{}.{}", "a".repeat(300), "s".repeat(86));
        let tail = long.strip_prefix('a').unwrap_or_default();
        for (held, shown, expected) in [
            (long.as_str(), long.as_str(), true),
            (&long, &long.replacen('a', "b", 1), false),
            (&long, &format!("{long}s"), false),
            (&long, tail, false),
            ("short", "short", true),
            ("short", "other", false),
            ("", "", true),
            ("", "short", false),
        ] {
            assert_eq!(is_same(held, shown), expected, "{held} {shown}");
        }
        assert_eq!(place(&long), place(tail), "the two meet at a place");
        assert_eq!(place("short"), place("other"));
    }
}
