//! What a log may be told of headers.

/// The value of a header, or stars for one that may hold a secret: by its name, since everything that signs somebody in is
/// called something like that.
#[must_use]
pub fn redacted<'a>(name: &str, value: &'a str) -> &'a str {
    const SIGNS: [&str; 11] = [
        "auth",
        "cookie",
        "key",
        "token",
        "secret",
        "password",
        "session",
        "signature",
        "jwt",
        "cert",
        "dpop",
    ];
    if SIGNS.iter().any(|sign| name.contains(sign)) {
        return STARS;
    }
    value
}

const STARS: &str = "***";

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn what_signs_somebody_in_is_not_told() {
        for name in [
            "authorization",
            "cookie",
            "set-cookie",
            "apikey",
            "internal-key",
            "x-jwt-assertion",
            "dpop",
            "proxy-authorization",
            "x-api-key",
            "x-amz-security-token",
            "client-cert",
            "sec-websocket-key",
        ] {
            assert_eq!(redacted(name, "v"), "***", "{name}");
        }
        assert_eq!(redacted("accept", "v"), "v");
    }
}
