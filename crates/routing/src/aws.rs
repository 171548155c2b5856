//! Signature Version 4 of AWS.

use hmac::{Hmac, Mac};
use model::Timestamp;
use sha2::{Digest, Sha256};

use crate::login::push_encoded;

/// Whose signature it is, and for which service.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// Id of the access key.
    pub access_key: &'a str,
    /// The secret access key.
    pub secret_key: &'a str,
    /// For example `eu-central-1`.
    pub region: &'a str,
    /// For example `execute-api`.
    pub service: &'a str,
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Absolute URL as it is sent.
    pub url: &'a str,
    /// More headers to sign beside `host`: lower-case names with their values.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body; empty for none.
    pub body: &'a [u8],
}

/// The headers that make it a signed request.
#[must_use]
pub fn sign(
    request: &Signed<'_>,
    signer: &Signer<'_>,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let time = time(now);
    let date = time.split('T').next().unwrap_or_default();
    let (host, path, query) = parts(request.url);
    let digest = hex(&Sha256::digest(request.body));
    let mut headers: Vec<(&str, &str)> = request.headers.to_vec();
    headers.extend([("host", host), ("x-amz-date", time.as_str())]);
    if signer.service == "s3" {
        headers.push(("x-amz-content-sha256", digest.as_str()));
    }
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{digest}",
        request.method,
        canonical_path(path, signer.service),
        canonical_query(query),
    );
    let scope = format!("{date}/{}/{}/aws4_request", signer.region, signer.service);
    let text = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let secret = format!("AWS4{}", signer.secret_key);
    let key = [date, signer.region, signer.service, "aws4_request"]
        .iter()
        .fold(secret.into_bytes(), |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &text));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        signer.access_key
    );
    let mut made = vec![
        ("authorization", authorization),
        ("x-amz-date", time.clone()),
    ];
    if signer.service == "s3" {
        made.push(("x-amz-content-sha256", digest));
    }
    made
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Host with port, path and query of an absolute URL.
fn parts(url: &str) -> (&str, &str, &str) {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    match rest.find('/') {
        Some(at) => {
            let (host, path) = rest.split_at(at);
            (host, path, query)
        }
        None => (rest, "/", query),
    }
}

/// Every service but S3 wants the path encoded once more than it is sent.
fn canonical_path(path: &str, service: &str) -> String {
    if service == "s3" {
        return path.to_owned();
    }
    path.split('/')
        .map(|part| encode(part.bytes()))
        .collect::<Vec<_>>()
        .join("/")
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encode(decode(name)), encode(decode(value)))
        })
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn encode(bytes: impl IntoIterator<Item = u8>) -> String {
    let mut text = String::new();
    for byte in bytes {
        push_encoded(&mut text, byte);
    }
    text
}

fn decode(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut rest = bytes.clone();
        let digits = (rest.next().and_then(digit), rest.next().and_then(digit));
        match (byte, digits) {
            (b'%', (Some(high), Some(low))) => {
                decoded.push(high * 16 + low);
                bytes = rest;
            }
            (b'+', _) => decoded.push(b' '),
            _ => decoded.push(byte),
        }
    }
    decoded
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|it| u8::try_from(it).ok())
}

/// `20150830T123600Z`.
fn time(now: Timestamp) -> String {
    let seconds = now.0.div_euclid(1_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days from the civil calendar's era of 400 years that begins on 1 March (Howard Hinnant's algorithm).
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_440_938_160_000);

    fn signature(method: &str, url: &str, headers: &[(&str, &str)], service: &str) -> String {
        let signer = Signer {
            access_key: "AKIDEXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service,
        };
        let request = Signed {
            method,
            url,
            headers,
            body: b"",
        };
        let made = sign(&request, &signer, AT);
        assert_eq!(made[1], ("x-amz-date", "20150830T123600Z".to_owned()));
        made[0].1.rsplit('=').next().unwrap().to_owned()
    }

    // The values are those of AWS's Signature Version 4 test suite and of the example in its documentation.
    #[test]
    fn signs_as_aws_does() {
        let form = [(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )];
        for (method, url, headers, service, expected) in [
            (
                "GET",
                "https://example.amazonaws.com/",
                &[][..],
                "service",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "https://example.amazonaws.com",
                &[],
                "service",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "GET",
                "https://example.amazonaws.com/?Param2=value2&Param1=value1",
                &[],
                "service",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "GET",
                "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                &form,
                "iam",
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            ),
        ] {
            assert_eq!(signature(method, url, headers, service), expected, "{url}");
        }
    }

    #[test]
    fn queries_are_encoded_once_and_sorted() {
        for (query, expected) in [
            ("", ""),
            ("b=1&a", "a=&b=1"),
            ("a=%2f+x&a=%41", "a=%2F%20x&a=A"),
            ("x=100%", "x=100%25"),
        ] {
            assert_eq!(canonical_query(query), expected);
        }
    }
}
