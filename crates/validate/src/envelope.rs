//! The outside of a request: what the platform's HTTP front lets through, and an upstream should not see.

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// HTTP method as sent.
    pub method: &'a str,
    /// The whole request target's length, in bytes.
    pub target_bytes: usize,
    /// The `Host` header.
    pub host: &'a str,
    /// How many header fields there are.
    pub header_count: usize,
    /// Names and values of all headers together, in bytes.
    pub header_bytes: usize,
    /// Whether a body is announced (`Content-Length` above zero, or chunks).
    pub has_body: bool,
}

/// What is wrong; each has its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeFault {
    /// 501: not a method that APIs have.
    UnknownMethod,
    /// 414: longer than [`TARGET_LIMIT`].
    TargetTooLong,
    /// 431: more than [`HEADER_COUNT_LIMIT`] headers or [`HEADER_BYTES_LIMIT`] bytes.
    HeadersTooLarge,
    /// 400: not a host name or address with an optional port.
    BadHost,
    /// 400: `GET` and `HEAD` have no body with a meaning (RFC 9110 section 9.3.1), and the platform cannot forward one.
    UnexpectedBody,
}

/// Looks.
///
/// # Errors
/// The first fault.
pub fn envelope(request: &Envelope<'_>) -> Result<(), EnvelopeFault> {
    if !METHODS.contains(&request.method) {
        return Err(EnvelopeFault::UnknownMethod);
    }
    if request.target_bytes > TARGET_LIMIT {
        return Err(EnvelopeFault::TargetTooLong);
    }
    if request.header_count > HEADER_COUNT_LIMIT || request.header_bytes > HEADER_BYTES_LIMIT {
        return Err(EnvelopeFault::HeadersTooLarge);
    }
    if !is_host(request.host) {
        return Err(EnvelopeFault::BadHost);
    }
    if request.has_body && matches!(request.method, "GET" | "HEAD") {
        return Err(EnvelopeFault::UnexpectedBody);
    }
    Ok(())
}

/// A host name or an address, with an optional port. A `/` or `@` here would move the path or the host.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if address.bytes().all(is_address_byte) => {
                ("v6", port.strip_prefix(':').unwrap_or(port))
            }
            _ => return false,
        },
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let is_name_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !name.is_empty()
        && name.bytes().all(is_name_byte)
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

const fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The methods that OpenAPI has for operations; `TRACE` is not among those that we serve, because it reflects headers.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// 16 KiB, as Cloudflare has it.
pub const TARGET_LIMIT: usize = 16 * 1024;
/// More than any honest client sends.
pub const HEADER_COUNT_LIMIT: usize = 200;
/// 64 KiB: half of what Cloudflare lets through, which leaves room for what is added on the way.
pub const HEADER_BYTES_LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Envelope<'_> = Envelope {
        method: "GET",
        target_bytes: 10,
        host: "api.example.com",
        header_count: 5,
        header_bytes: 200,
        has_body: false,
    };

    #[test]
    fn only_well_formed_requests_pass() {
        assert_eq!(envelope(&GOOD), Ok(()));
        for (request, fault) in [
            (
                Envelope {
                    method: "TRACE",
                    ..GOOD
                },
                EnvelopeFault::UnknownMethod,
            ),
            (
                Envelope {
                    method: "get",
                    ..GOOD
                },
                EnvelopeFault::UnknownMethod,
            ),
            (
                Envelope {
                    target_bytes: TARGET_LIMIT + 1,
                    ..GOOD
                },
                EnvelopeFault::TargetTooLong,
            ),
            (
                Envelope {
                    header_count: 201,
                    ..GOOD
                },
                EnvelopeFault::HeadersTooLarge,
            ),
            (
                Envelope {
                    has_body: true,
                    ..GOOD
                },
                EnvelopeFault::UnexpectedBody,
            ),
        ] {
            assert_eq!(envelope(&request), Err(fault), "{request:?}");
        }
    }

    #[test]
    fn a_host_cannot_carry_a_path() {
        for host in [
            "localhost:8787",
            "192.0.2.1",
            "[::1]:80",
            "[2001:db8::1]",
            "a-b.c_d",
        ] {
            assert_eq!(envelope(&Envelope { host, ..GOOD }), Ok(()), "{host}");
        }
        for host in [
            "", "gw/evil", "a@evil", "gw:80x", "a b", "[::1", "a\\b", "a?b", "a#b",
        ] {
            let fault = envelope(&Envelope { host, ..GOOD });
            assert_eq!(fault, Err(EnvelopeFault::BadHost), "{host}");
        }
    }
}
