//! What is held of external issuers: asking for keys that nobody has told us yet, and forgetting tokens of those who are
//! no longer trusted in the same words.

use model::{Timestamp, Trust, TrustedIssuer};

use super::{Facts, tokens::Verified};
use crate::{Need, decision::Stop};

impl Facts {
    /// Before refusing a token that names a key which is not here: asks for the issuer's keys, unless that was done lately.
    pub(crate) fn ask_for_keys(
        &mut self,
        issuer: &TrustedIssuer,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let asked = self.asked_for_keys.get(issuer.id.as_str());
        if asked.is_some_and(|at| now.ms_since(*at) < ASK_AGAIN_MS) {
            return Ok(());
        }
        Err(Stop::missing(Need::IssuerKeys(issuer.id.clone())))
    }

    /// Notes that an issuer was asked, whatever came of it. Not before: a shell may want several decisions before it
    /// fetches anything.
    pub(super) fn asked_for_keys_of(&mut self, key_manager: &str, now: Timestamp) {
        self.asked_for_keys.put(key_manager.to_owned(), now);
    }

    /// Forgets the tokens that `new` does not speak for as what is held does.
    pub(super) fn keep_tokens_of(&mut self, new: &Trust) {
        let held = self.trust.value().cloned().unwrap_or_default();
        let is_unchanged = |issuer: &&TrustedIssuer| {
            let mut before = held.external.iter();
            before.any(|it| it.reads_as(issuer) && it.keys == issuer.keys)
        };
        let unchanged: Vec<&str> = new
            .external
            .iter()
            .filter(is_unchanged)
            .map(|issuer| issuer.id.as_str())
            .collect();
        self.tokens.retain(
            |Verified { claims, kid, .. }| match (&claims.key_manager, kid) {
                (Some(id), _) => unchanged.contains(&id.as_str()),
                (None, Some(kid)) => new.keys.iter().any(|key| key.kid == *kid),
                (None, None) => true,
            },
        );
    }
}

/// Whoever makes up names of keys makes us ask this often.
const ASK_AGAIN_MS: i64 = 30_000;
