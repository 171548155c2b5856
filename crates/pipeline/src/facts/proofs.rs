//! Proofs of possession that this isolate has seen: each is good for one request (RFC 9449 section 11.1).

use super::Facts;
use crate::shelf::Shelf;

/// What may be done with a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Its signature has to be verified first.
    Unverified,
    /// It is this request's.
    First,
    /// Another request had it.
    Again,
}

#[derive(Debug)]
pub(super) struct Proofs {
    /// Texts whose signature is good. By text: of one proof there are several, with other signatures, some of them bad.
    verified: Shelf<String, ()>,
    /// The request that used a proof, by the names of key and proof. A decision is asked for several times, and the
    /// request that it is for has one name.
    used: Shelf<String, String>,
}

impl Default for Proofs {
    fn default() -> Self {
        Self {
            verified: Shelf::of_bytes(PROOFS, PROOF_BYTES),
            used: Shelf::new(PROOFS),
        }
    }
}

impl Proofs {
    pub(super) const fn bytes(&self) -> usize {
        self.verified.bytes()
    }
}

impl Facts {
    /// Uses a proof for a request.
    pub(crate) fn use_proof(&mut self, text: &str, name: String, request_id: &str) -> Use {
        if self.proofs.verified.get(text).is_none() {
            return Use::Unverified;
        }
        match self.proofs.used.get(&name) {
            Some(by) if by.as_str() == request_id => Use::First,
            Some(_) => Use::Again,
            None => {
                self.proofs.used.put(name, request_id.to_owned());
                Use::First
            }
        }
    }

    pub(super) fn put_proof(&mut self, text: &str, good: bool) {
        if good {
            self.proofs.verified.put_of(text.len(), text.to_owned(), ());
        } else {
            self.forge(text);
        }
    }
}

/// As many as an isolate sees in two minutes of ordinary traffic; a proof is refused by its age after one. About 1 KiB each.
const PROOFS: usize = 5_000;
const PROOF_BYTES: usize = 4 << 20;
