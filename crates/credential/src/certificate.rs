//! A client's certificate, as whoever ends TLS before us tells it (RFC 8705, RFC 9440).

use std::borrow::Cow;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::x509::unarmoured;

/// The thumbprint (`x5t#S256`) of a certificate: told as the hexadecimal SHA-256 of its DER, as Cloudflare does; as the
/// DER itself in base64 between colons (RFC 9440); or, as other front proxies do, in base64 alone or in PEM, with or
/// without percent codes. `None` for anything else.
#[must_use]
pub fn certificate_thumbprint(told: &str) -> Option<String> {
    let told = told.trim();
    let digest = match told.strip_prefix(':') {
        Some(rest) => digest(&BASE64_STANDARD.decode(rest.strip_suffix(':')?).ok()?)?,
        None => match unhex(told) {
            Some(digest) => digest,
            None => digest(&unarmoured(&unescaped(told))?)?,
        },
    };
    Some(BASE64_URL_SAFE_NO_PAD.encode(digest))
}

fn digest(der: &[u8]) -> Option<Vec<u8>> {
    // The first octet of every certificate: a SEQUENCE.
    (der.first() == Some(&0x30)).then(|| Sha256::digest(der).to_vec())
}

/// A text without the percent codes that keep its line breaks in a header.
fn unescaped(told: &str) -> Cow<'_, str> {
    if !told.contains('%') {
        return Cow::Borrowed(told);
    }
    let mut text = String::with_capacity(told.len());
    let mut rest = told.chars();
    while let Some(letter) = rest.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let mut digit = || rest.next().and_then(|it| it.to_digit(16)).unwrap_or(0);
        let code = digit() * 16 + digit();
        text.extend(char::from_u32(code).filter(char::is_ascii));
    }
    Cow::Owned(text)
}

/// Is the certificate of this thumbprint one of a client's own (RFC 8705 section 2.2): the first of the `x5c` of a key of
/// its set?
#[must_use]
pub fn is_own_certificate(thumbprint: &str, key_set: &Value) -> bool {
    let keys = key_set.get("keys").and_then(Value::as_array);
    keys.into_iter().flatten().any(|key| {
        let der = key.get("x5c").and_then(|chain| chain.get(0)?.as_str());
        let told = der.map(|der| format!(":{der}:"));
        told.as_deref().and_then(certificate_thumbprint).as_deref() == Some(thumbprint)
    })
}

/// The 32 bytes of 64 hexadecimal digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != DIGITS {
        return None;
    }
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    pairs.collect()
}

const DIGITS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_ways_of_telling_name_the_same_certificate() {
        let der = [0x30, 0x03, 0x02, 0x01, 0x05];
        let digest = Sha256::digest(der);
        let expected = Some(BASE64_URL_SAFE_NO_PAD.encode(digest));
        let hex = crate::hex(&digest);
        assert_eq!(certificate_thumbprint(&hex), expected);
        assert_eq!(certificate_thumbprint(&hex.to_uppercase()), expected);
        let field = format!(" :{}: ", BASE64_STANDARD.encode(der));
        assert_eq!(certificate_thumbprint(&field), expected);
        let base64 = BASE64_STANDARD.encode(der);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
        let escaped = pem
            .replace('\n', "%0A")
            .replace(' ', "%20")
            .replace('=', "%3D");
        for told in [&base64, &pem.replace('\n', " "), &escaped] {
            assert_eq!(certificate_thumbprint(told), expected, "{told}");
        }
        for wrong in ["", ":", "::", ":AAAA:", "ab", &"g".repeat(64), ":MAMCAQU="] {
            assert_eq!(certificate_thumbprint(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn own_certificates_are_those_of_the_key_set() {
        let der = BASE64_STANDARD.encode([0x30, 0x03, 0x02, 0x01, 0x05]);
        let other = BASE64_STANDARD.encode([0x30, 0x03, 0x02, 0x01, 0x06]);
        let thumbprint = certificate_thumbprint(&format!(":{der}:")).unwrap();
        let set = |chains: Value| json!({"keys": [{"kty": "EC"}, {"x5c": chains}]});
        assert!(is_own_certificate(&thumbprint, &set(json!([der]))));
        assert!(!is_own_certificate(&thumbprint, &set(json!([other]))));
        assert!(
            !is_own_certificate(&thumbprint, &set(json!([other, der]))),
            "an issuer's"
        );
        for none in [json!([]), json!(7), json!([7])] {
            assert!(!is_own_certificate(&thumbprint, &set(none)));
        }
        assert!(!is_own_certificate(&thumbprint, &json!({})));
    }
}
