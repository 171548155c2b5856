//! Devices without a keyboard (RFC 8628): they show a short code, which a person types where a keyboard is.

mod poll;
mod user_code;

pub use poll::{DeviceState, DeviceStatus, PollVerdict, judge_poll};
pub use user_code::UserCode;

/// How long a person may take to type the code: 10 minutes.
pub const DEVICE_LIFE_MS: i64 = 10 * 60 * 1000;
/// Seconds that a device waits between two polls, at first.
pub const POLL_SECONDS: i64 = 5;
