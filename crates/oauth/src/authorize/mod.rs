//! The front channel: what a browser brings to `/oauth2/authorize`, and what it takes back.
//!
//! An authorization request is told in this order: [`Target::find`] (may anybody be sent anywhere at all?),
//! [`AuthorizationRequest::read`], [`decide`] (issue, ask, or refuse), [`Target::answer`]. The code that comes out of it
//! is weighed by [`judge_code`] when the client shows it. Words and errors are those of RFC 6749, 7636, 8707, 9126, 9207
//! and 9470, and of `OpenID` Connect.

mod answer;
mod code;
mod fault;
mod pkce;
mod request;
mod step;
mod target;

pub use answer::Answer;
pub(crate) use answer::with_query;
pub use code::{CODE_LIFE_MS, CodeState, CodeVerdict, ShownCode, judge_code};
pub use fault::PageFault;
pub use pkce::{Challenge, PkceRule};
pub use request::{AuthorizationRequest, Prompt};
pub(crate) use step::ACR_VALUES;
pub use step::{Agreement, Ask, Presence, Situation, Step, acr_of, decide};
pub use target::{ResponseMode, Target};

/// How long a person may take over an authorization: 10 minutes.
pub const INTERACTION_LIFE_MS: i64 = 10 * 60 * 1000;
/// How long a pushed request waits for its browser (RFC 9126 section 2.2): 60 s.
pub const PUSHED_LIFE_MS: i64 = 60 * 1000;
/// What the name of a pushed request begins with.
pub const PUSHED_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
