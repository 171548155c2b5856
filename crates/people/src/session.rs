//! The portals' sessions: one cookie, no token in the browser.

use model::Timestamp;

/// Name of the cookie. `__Host-` makes browsers insist on Secure, on Path=/ and on this host alone.
pub const SESSION_COOKIE: &str = "__Host-postern-session";

/// What is kept of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// The last request that carried it.
    pub last_seen_at: Timestamp,
    /// Its absolute end.
    pub expires_at: Timestamp,
}

/// Is the session still good: neither idle for 30 minutes nor past its end?
#[must_use]
pub fn is_alive(session: SessionState, now: Timestamp) -> bool {
    now < session.expires_at && now.ms_since(session.last_seen_at) < IDLE_MS
}

/// Was the sign-in just now? What would let a thief of the cookie stay is asked of those only.
#[must_use]
pub fn is_fresh(auth_time: Timestamp, now: Timestamp) -> bool {
    now.ms_since(auth_time) < FRESH_MS
}

/// When a session that starts now ends, however busy it is: after 12 hours.
#[must_use]
pub const fn session_expiry(now: Timestamp) -> Timestamp {
    now.plus_ms(ABSOLUTE_MS)
}

/// The session id of a `Cookie` header. A cookie that stands twice is none: one of the two is somebody else's.
#[must_use]
pub fn session_id(cookies: &str) -> Option<&str> {
    cookie(cookies, SESSION_COOKIE)
}

/// The value of a cookie that stands once.
#[must_use]
pub fn cookie<'a>(cookies: &'a str, wanted: &str) -> Option<&'a str> {
    let mut found = cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    let id = found.next()?;
    found.next().is_none().then_some(id)
}

/// `Set-Cookie` of a new session.
#[must_use]
pub fn set_cookie(id: &str) -> String {
    format!(
        "{SESSION_COOKIE}={id}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax",
        ABSOLUTE_MS / 1000
    )
}

/// `Set-Cookie` that takes the cookie away.
#[must_use]
pub fn clear_cookie() -> String {
    clear_cookie_of(SESSION_COOKIE)
}

/// `Set-Cookie` that takes a cookie of ours away.
#[must_use]
pub fn clear_cookie_of(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

/// Does a change by cookie come from our own pages? They send a header that a foreign page cannot, and the browser
/// names where the request comes from.
///
/// # Errors
/// What is missing, to be told to the client.
pub fn require_own_page(
    csrf: Option<&str>,
    fetch_site: Option<&str>,
    origin: Option<&str>,
    own_origin: &str,
) -> Result<(), &'static str> {
    if csrf != Some("1") {
        return Err("a change by session cookie needs the header `X-Postern-CSRF: 1`");
    }
    match (fetch_site, origin) {
        (Some("same-origin"), _) => Ok(()),
        (Some(_), _) => Err("a change by session cookie has to come from this site's own pages"),
        (None, Some(origin)) if origin != own_origin => {
            Err("a change by session cookie has to come from this site's own pages")
        }
        (None, _) => Ok(()),
    }
}

/// 15 minutes.
const FRESH_MS: i64 = 15 * 60 * 1000;
const IDLE_MS: i64 = 30 * 60 * 1000;
const ABSOLUTE_MS: i64 = 12 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_ends_idle_or_old() {
        let check = |last, end, now, expected| {
            let session = SessionState {
                last_seen_at: Timestamp(last),
                expires_at: Timestamp(end),
            };
            assert_eq!(
                is_alive(session, Timestamp(now)),
                expected,
                "{session:?} {now}"
            );
        };
        check(0, ABSOLUTE_MS, IDLE_MS - 1, true);
        check(0, ABSOLUTE_MS, IDLE_MS, false);
        check(ABSOLUTE_MS - 1, ABSOLUTE_MS, ABSOLUTE_MS, false);
    }

    #[test]
    fn sign_in_is_fresh_for_a_quarter_hour() {
        assert!(is_fresh(Timestamp(0), Timestamp(FRESH_MS - 1)));
        assert!(!is_fresh(Timestamp(0), Timestamp(FRESH_MS)));
    }

    #[test]
    fn doubled_cookie_is_no_cookie() {
        let name = SESSION_COOKIE;
        assert_eq!(session_id(&format!("a=b; {name}=x; c=d")), Some("x"));
        assert_eq!(session_id(&format!("{name}=x; {name}=y")), None);
        assert_eq!(session_id("a=b"), None);
        assert_eq!(session_id(&format!("x{name}=x")), None);
    }

    #[test]
    fn foreign_pages_change_nothing() {
        let check = |csrf, site, origin, expected: bool| {
            let verdict = require_own_page(csrf, site, origin, "https://a");
            assert_eq!(verdict.is_ok(), expected, "{csrf:?} {site:?} {origin:?}");
        };
        check(Some("1"), Some("same-origin"), Some("https://a"), true);
        check(Some("1"), None, Some("https://a"), true);
        check(Some("1"), None, None, true);
        check(None, Some("same-origin"), Some("https://a"), false);
        check(Some("1"), Some("same-site"), Some("https://a"), false);
        check(Some("1"), Some("cross-site"), None, false);
        check(Some("1"), None, Some("https://evil"), false);
    }
}
