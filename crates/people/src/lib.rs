//! Rules for people: who may be added, which password is good, how guesses are slowed down, what a second factor
//! proves, how long a session lives, who may register, and what is written to them.
//!
//! Pure, like every crate: rows, digests, randomness and the time come in as arguments, and what to write and what to
//! answer goes out. The shell around it is `workers/keys`. [`judge_attempts`] stands before everything that can be
//! guessed.

#![warn(missing_docs)]

mod attempt;
pub mod federation;
mod mail;
pub mod passkey;
mod person;
mod policy;
mod recovery_code;
mod session;
mod sign_up;
mod totp;

pub use attempt::{
    ATTEMPT_WINDOW_MS, Attempts, CODE_WINDOW_MS, CodeAttempts, attempt_window, code_window,
    judge_attempts, judge_code_attempts,
};
pub use mail::Mail;
pub use person::{NewUser, UserUpdate, require_password, require_username};
pub use policy::{Factors, Policy, SelfRegistration};
pub use recovery_code::{RECOVERY_CODES, normalize_code, recovery_code};
pub use session::{
    SESSION_COOKIE, SessionState, clear_cookie, clear_cookie_of, cookie, is_alive, is_fresh,
    require_own_page, session_expiry, session_id, set_cookie,
};
pub use sign_up::{CONFIRMATION_LINK_MS, RECOVERY_LINK_MS, SIGN_UP_ROLE, SignUp};
pub use totp::{TotpSecret, base32, matching_step, otpauth_uri};
