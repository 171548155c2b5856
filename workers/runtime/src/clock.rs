//! The platform's clock. On Cloudflare it stands still between I/O, which is what one decision per request wants.

use model::Timestamp;

/// Now, in milliseconds.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}
