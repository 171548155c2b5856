//! The signing keys of the issuer, from their announcement to the end of the last token that they signed.
//!
//! A key is published before it signs, for longer than anybody keeps an old copy of the published keys, and stays
//! published until its last token has expired: so nobody ever meets a token whose key is not known. What is due is said by
//! [`due_turns`]; a compromised key goes by [`judge_withdrawal`], at once and without any of that.

mod algorithm;
mod key;
mod schedule;
mod turn;

pub use algorithm::SigningAlgorithm;
pub use key::{KeyName, KeyState, RingKey};
pub use schedule::KeySchedule;
pub use turn::{Timing, Turn, Withdrawal, due_turns, judge_withdrawal, may_announce};
