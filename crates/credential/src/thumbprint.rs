//! The name that a public key gives itself (RFC 7638).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// SHA-256 of the members that make the key, in base64url; `None` for what is no public key of a kind that we know.
#[must_use]
pub fn thumbprint(jwk: &Value) -> Option<String> {
    let names: &[&str] = match jwk.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    // In the order of their names and without spaces, as section 3.3 has it.
    let mut members = Vec::with_capacity(names.len());
    for name in names {
        let value = jwk.get(*name)?.as_str()?;
        members.push(format!("\"{name}\":{}", Value::from(value)));
    }
    let canonical = format!("{{{}}}", members.join(","));
    Some(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)))
}

#[cfg(test)]
mod tests {
    use super::thumbprint;
    use serde_json::json;

    #[test]
    fn keys_have_the_names_that_the_standards_give_them() {
        // RFC 7638 section 3.1.
        let rsa = json!({
            "kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        });
        let named = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(thumbprint(&rsa).as_deref(), Some(named));
        // RFC 8037 appendix A.3.
        let okp = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let named = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(thumbprint(&okp).as_deref(), Some(named));
        // RFC 9449 section 6.1, of the key of section 4.2.
        let ec = json!({
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        });
        let named = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        assert_eq!(thumbprint(&ec).as_deref(), Some(named));
    }

    #[test]
    fn what_is_no_public_key_has_no_name() {
        for jwk in [
            json!({}),
            json!("RSA"),
            json!({"kty": "oct", "k": "AAAA"}),
            json!({"kty": "RSA", "n": "AA"}),
            json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": 7}),
        ] {
            assert_eq!(thumbprint(&jwk), None, "{jwk}");
        }
    }
}
