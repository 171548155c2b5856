//! What a request's head is made of.

use std::borrow::Cow;

use credential::{DpopProof, Jwt, Proven};
use expression::{Call, Expression, Field, Pattern, Template};
use matching::Path;
use model::{Security, Timestamp};
use validate::{Envelope, envelope};

use super::{Target, holds, text};

pub(super) const PATH: Target = Target {
    name: "path",
    seeds: &[
        "/pets/1/toys",
        "/a%20b/%E4%BD%A0",
        "/a;x=1/..;/b",
        "/%2e%2e//c/",
        "/x%3Acancel",
    ],
    words: &[
        "/", "//", "..", ".", ";", "%2F", "%2e", "%252e", "%5c", "\\", ":", "*", "{id}", "?", "#",
    ],
    run: |input| {
        let raw = text(input);
        let Ok(path) = Path::parse(&raw) else {
            return Ok(false);
        };
        let canonical = path.as_str();
        let again = Path::parse(canonical)
            .map_err(|fault| format!("its own spelling is refused: {fault}"))?;
        holds(again.as_str() == canonical, "its spelling is not the last")?;
        holds(canonical.starts_with('/'), "it does not begin with `/`")?;
        let climbs = canonical.split('/').any(|it| matches!(it, "." | ".."));
        holds(!climbs, "it climbs")?;
        holds(!canonical.contains("//"), "it has an empty segment")?;
        Ok(true)
    },
};

pub(super) const ENVELOPE: Target = Target {
    name: "envelope",
    seeds: &["api.example.com", "[2001:db8::1]:8080", "localhost:8787"],
    words: &[".", ":", "[", "]", "@", "/", "-", "_", "443", "::"],
    run: |input| {
        let host = text(input);
        let request = Envelope {
            method: "GET",
            target_bytes: input.len(),
            host: &host,
            header_count: 5,
            header_bytes: input.len(),
            has_body: false,
        };
        let is_fine = envelope(&request).is_ok();
        let is_harmless = !host.contains(['/', '@', '?', '#', ' ', '\\']);
        holds(!is_fine || is_harmless, "a host carries more than a host")?;
        Ok(is_fine)
    },
};

const HEADER_AND_CLAIMS: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJhIiwic3ViIjoiYiIsImV4cCI6MTcwMDAwMDAwMH0.c2lnbmF0dXJl";

pub(super) const TOKEN: Target = Target {
    name: "token",
    seeds: &[HEADER_AND_CLAIMS, "Bearer x", "DPoP ", "e30.e30.AA"],
    words: &[
        ".", "Bearer ", "DPoP ", "e30", "eyJ", "=", "-", "_", "fQ", "IiwiYiI6",
    ],
    run: |input| {
        let given = text(input);
        let security = Security {
            oauth2: true,
            api_key: true,
            authorization_header: "authorization".into(),
            api_key_header: "apikey".into(),
            ..Security::default()
        };
        let header = |name: &str| (name == "authorization").then_some(given.as_ref());
        let shown = credential::find(header, &given, &security);
        let token = shown.bearer.or(shown.bound).unwrap_or(&given);
        let Ok(jwt) = Jwt::parse(token) else {
            return Ok(false);
        };
        holds(
            !jwt.signature.is_empty(),
            "a token without a signature is read",
        )?;
        holds(
            token.starts_with(jwt.signing_input),
            "what is signed is not what was sent",
        )?;
        let _ = credential::Claims::read(&jwt.claims);
        Ok(true)
    },
};

pub(super) const PROOF: Target = Target {
    name: "proof",
    seeds: &[
        r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}}|{"htm":"GET","htu":"https://a/b","iat":1,"jti":"x"}"#,
    ],
    words: &[
        "\"htm\"",
        "\"htu\"",
        "\"iat\"",
        "\"jti\"",
        "\"ath\"",
        "\"jwk\"",
        "\"kty\":\"RSA\"",
        "\"d\":\"x\"",
        "{",
        "}",
        ",",
        ":",
        "|",
        "null",
        "[]",
        "https://",
    ],
    run: |input| {
        // Header and claims in plain text, so that changes reach what is in them.
        let given = text(input);
        let (header, claims) = given.split_once('|').unwrap_or((&given, "{}"));
        let token = format!("{}.{}.AA", base64url(header), base64url(claims));
        let Ok(jwt) = Jwt::parse(&token) else {
            return Ok(false);
        };
        let proven = Proven {
            method: "GET",
            url: "https://a/b?c",
            access_token: None,
        };
        let _ = DpopProof::check(&jwt, &proven, Timestamp(1_000));
        Ok(true)
    },
};

fn base64url(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let mut bits = 0_usize;
        for at in 0..3 {
            bits = bits << 8 | chunk.get(at).copied().map_or(0, usize::from);
        }
        for at in 0..=chunk.len() {
            let digit = bits >> (18 - 6 * at) & 63;
            out.extend(ALPHABET.get(digit).map(|it| char::from(*it)));
        }
    }
    out
}

struct Nothing;

impl Call for Nothing {
    fn field(&self, _: Field) -> Option<Cow<'_, str>> {
        Some("value".into())
    }
    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        Some(name.to_owned().into())
    }
    fn query(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }
    fn claim(&self, _: &str) -> Option<&serde_json::Value> {
        None
    }
}

pub(super) const CONDITION: Target = Target {
    name: "condition",
    seeds: &[
        "request.method == 'GET' && has(claims.sub) || 1 + 2 * 3 > 4",
        "request.headers['x'].matches('^a+$') ? true : user in ['a', 'b']",
        "size(user) % 2 == 0 && !request.path.startsWith('/a')",
    ],
    words: &[
        "(",
        ")",
        "[",
        "]",
        "!",
        "&&",
        "||",
        "==",
        "?",
        ":",
        " in ",
        "has(",
        "claims.",
        "'a'",
        ".matches(",
        "size(",
        "-",
        "*",
        "/",
        "%",
        "((((((((",
    ],
    run: |input| {
        let given = text(input);
        let _ = Pattern::read(&given).map(|it| it.matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
        let _ = Template::read(&given).map(|it| it.render(&Nothing));
        let Ok(condition) = Expression::read(&given) else {
            return Ok(false);
        };
        let first = condition.decide(&Nothing).is_ok_and(|it| it);
        holds(
            first == condition.is_met(&Nothing),
            "it is decided both ways",
        )?;
        Ok(true)
    },
};
