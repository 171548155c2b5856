//! Rules for people: who may be added, which password is good, how guesses are slowed down, how long a session lives.
//!
//! Pure, like every crate: rows, digests, randomness and the time come in as arguments, and what to write and what to
//! answer goes out. The shell around it is `workers/keys`. [`judge_attempts`] stands before everything that can be
//! guessed.

#![warn(missing_docs)]

mod attempt;
mod person;
mod session;

pub use attempt::{ATTEMPT_WINDOW_MS, Attempts, attempt_window, judge_attempts};
pub use person::{NewUser, UserUpdate, require_password, require_username};
pub use session::{
    SESSION_COOKIE, SessionState, clear_cookie, is_alive, require_own_page, session_expiry,
    session_id, set_cookie,
};
