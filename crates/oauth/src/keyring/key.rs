//! A key of the ring, and where in its life it is.

use model::Timestamp;
use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;

/// Where in its life a key is. It only ever goes forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyState {
    /// Published, so that everybody knows it by the time it signs.
    Announced,
    /// The one that signs.
    Signing,
    /// Signs no more; what it signed is good until it expires.
    Retiring,
    /// Nothing that it signed is good any more; no longer published.
    Retired,
    /// Taken back, with everything that it signed.
    Withdrawn,
}

impl KeyState {
    /// Is the key among those that readers are told?
    #[must_use]
    pub const fn is_published(self) -> bool {
        match self {
            Self::Announced | Self::Signing | Self::Retiring => true,
            Self::Retired | Self::Withdrawn => false,
        }
    }
}

/// A key as its row has it, without its halves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingKey {
    /// `kid`.
    pub kid: String,
    /// What it signs by.
    pub algorithm: SigningAlgorithm,
    /// Where it is.
    pub state: KeyState,
    /// Since when every reader that asks is told it; `None`: it was not published yet.
    pub published_at: Option<Timestamp>,
    /// Since when it signs, from [`KeyState::Signing`] on.
    pub signing_from: Timestamp,
    /// When it stopped to sign.
    pub replaced_at: Option<Timestamp>,
}

/// Under which key and by which algorithm something is signed: what a JOSE header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyName<'a> {
    /// `kid`.
    pub kid: &'a str,
    /// `alg`.
    pub algorithm: SigningAlgorithm,
}
