//! Answers as browsers make them, and each bent in one place.

use super::*;

const CHALLENGE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const ORIGIN: &str = "https://portal.example.org:8443";
const EXPECTED: Expected<'_> = Expected {
    challenge: CHALLENGE,
    origin: ORIGIN,
    user_verification: false,
};
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn client_data(kind: &str, challenge: &str, origin: &str, more: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#)
        .into_bytes()
}

fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn key(members: &[(i64, Value)]) -> Value {
    Value::Map(
        members
            .iter()
            .map(|(name, value)| (Value::from(*name), value.clone()))
            .collect(),
    )
}

fn es256() -> Value {
    key(&[
        (1, 2.into()),
        (3, Value::from(-7)),
        (-1, 1.into()),
        (-2, Value::Bytes(vec![1; 32])),
        (-3, Value::Bytes(vec![2; 32])),
    ])
}

fn data(host: &str, flags: u8, count: u32, credential: Option<(&[u8], &Value)>) -> Vec<u8> {
    let mut bytes = Sha256::digest(host).to_vec();
    bytes.push(flags);
    bytes.extend(count.to_be_bytes());
    if let Some((id, key)) = credential {
        bytes.extend([0; 16]);
        bytes.extend(u16::try_from(id.len()).unwrap().to_be_bytes());
        bytes.extend(id);
        bytes.extend(cbor(key));
    }
    bytes
}

fn object(format: &str, statement: Value, data: Vec<u8>) -> Vec<u8> {
    cbor(&Value::Map(vec![
        ("fmt".into(), format.into()),
        ("attStmt".into(), statement),
        ("authData".into(), Value::Bytes(data)),
    ]))
}

fn attested(client: &[u8], object: &[u8]) -> Attestation {
    Attestation {
        client_data: encode(client),
        attestation_object: encode(object),
    }
}

fn created(key: &Value) -> Result<NewPasskey, PasskeyFault> {
    let data = data(
        "portal.example.org",
        PRESENT | ATTESTED,
        7,
        Some((b"id", key)),
    );
    let client = client_data("webauthn.create", CHALLENGE, ORIGIN, "");
    register(
        &attested(&client, &object("none", Value::Map(vec![]), data)),
        EXPECTED,
    )
}

#[test]
fn new_credential_gives_its_key() {
    let made = created(&es256()).unwrap();
    assert_eq!(made.credential_id, encode(b"id"));
    assert_eq!(
        (made.key.alg, made.sign_count, made.proof),
        ("ES256", 7, None)
    );
    assert_eq!(made.key.jwk["crv"], "P-256");
    assert_eq!(made.key.jwk["x"], encode(&[1; 32]));
    let ed = key(&[
        (1, 1.into()),
        (3, Value::from(-8)),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![3; 32])),
    ]);
    assert_eq!(created(&ed).unwrap().key.jwk["crv"], "Ed25519");
    let rsa = key(&[
        (1, 3.into()),
        (3, Value::from(-257)),
        (-1, Value::Bytes(vec![9; 256])),
        (-2, Value::Bytes(vec![1, 0, 1])),
    ]);
    assert_eq!(created(&rsa).unwrap().key.jwk["e"], "AQAB");
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let mut wrong_curve = es256();
    let mut doubled = es256();
    let mut short = es256();
    let mut other_alg = es256();
    wrong_curve.as_map_mut().unwrap()[2].1 = 2.into();
    short.as_map_mut().unwrap()[3].1 = Value::Bytes(vec![1; 31]);
    other_alg.as_map_mut().unwrap()[1].1 = Value::from(-8);
    let again = doubled.as_map().unwrap()[3].clone();
    doubled.as_map_mut().unwrap().push(again);
    for bad in [wrong_curve, doubled, short, other_alg, Value::from(7)] {
        assert!(created(&bad).is_err(), "{bad:?}");
    }
}

#[test]
fn answers_to_other_questions_are_refused() {
    let good = data(
        "portal.example.org",
        PRESENT | ATTESTED,
        0,
        Some((b"id", &es256())),
    );
    let good = object("none", Value::Map(vec![]), good);
    let check = |client: Vec<u8>, why: &str| {
        let verdict = register(&attested(&client, &good), EXPECTED).map(|_| ());
        assert_eq!(verdict, Err(why), "{}", String::from_utf8_lossy(&client));
    };
    let site = "the answer comes from another site";
    check(
        client_data("webauthn.get", CHALLENGE, ORIGIN, ""),
        "the answer is to another question",
    );
    check(
        client_data("webauthn.create", "AAAA", ORIGIN, ""),
        "the answer is to another challenge; start again",
    );
    check(
        client_data(
            "webauthn.create",
            CHALLENGE,
            "https://portal.example.org",
            "",
        ),
        site,
    );
    check(
        client_data(
            "webauthn.create",
            CHALLENGE,
            ORIGIN,
            r#","crossOrigin":true"#,
        ),
        site,
    );
    check(
        client_data(
            "webauthn.create",
            CHALLENGE,
            ORIGIN,
            r#","topOrigin":"https://evil.example""#,
        ),
        site,
    );
    check(b"{}".to_vec(), "the client data is malformed");
}

#[test]
fn authenticator_data_is_read_to_the_byte() {
    let check = |bytes: Vec<u8>, verified: bool, why: &str| {
        let client = client_data("webauthn.create", CHALLENGE, ORIGIN, "");
        let expected = Expected {
            user_verification: verified,
            ..EXPECTED
        };
        let shown = attested(&client, &object("none", Value::Map(vec![]), bytes.clone()));
        assert_eq!(
            register(&shown, expected).map(|_| ()),
            Err(why),
            "{bytes:?}"
        );
    };
    let key = es256();
    let made = |host, flags| data(host, flags, 0, Some((b"id", &key)));
    let host = "portal.example.org";
    check(
        made("example.org", PRESENT | ATTESTED),
        false,
        "the passkey is for another site",
    );
    check(
        made(host, ATTESTED),
        false,
        "nobody touched the authenticator",
    );
    check(
        made(host, PRESENT | ATTESTED),
        true,
        "the authenticator has not asked for PIN, finger or face",
    );
    check(
        made(host, PRESENT | ATTESTED | 0x10),
        false,
        "the authenticator data contradicts itself",
    );
    check(
        data(host, PRESENT, 0, None),
        false,
        "the answer holds no new credential",
    );
    let mut longer = made(host, PRESENT | ATTESTED);
    longer.push(0);
    check(
        longer,
        false,
        "the authenticator data has something left over",
    );
    let mut shorter = made(host, PRESENT | ATTESTED);
    shorter.truncate(54);
    check(shorter, false, "the authenticator data is cut off");
}

#[test]
fn attestation_is_none_or_by_the_key_itself() {
    let bytes = data(
        "portal.example.org",
        PRESENT | ATTESTED,
        0,
        Some((b"id", &es256())),
    );
    let client = client_data("webauthn.create", CHALLENGE, ORIGIN, "");
    let der = vec![0x30, 6, 2, 1, 5, 2, 1, 6];
    let packed = |alg: i64, more: Vec<(Value, Value)>| {
        let mut members = vec![
            ("alg".into(), Value::from(alg)),
            ("sig".into(), Value::Bytes(der.clone())),
        ];
        members.extend(more);
        register(
            &attested(
                &client,
                &object("packed", Value::Map(members), bytes.clone()),
            ),
            EXPECTED,
        )
    };
    let proof = packed(-7, vec![]).unwrap().proof.unwrap();
    assert_eq!(proof.signature.len(), 64);
    assert!(proof.bytes.starts_with(&bytes));
    assert!(proof.bytes.ends_with(&Sha256::digest(&client)));
    assert!(packed(-8, vec![]).is_err());
    assert!(packed(-7, vec![("x5c".into(), Value::Array(vec![]))]).is_err());
    let foreign = object("tpm", Value::Map(vec![]), bytes);
    assert!(register(&attested(&client, &foreign), EXPECTED).is_err());
}

#[test]
fn assertion_tells_what_to_verify() {
    let bytes = data("portal.example.org", PRESENT | VERIFIED, 8, None);
    let client = client_data("webauthn.get", CHALLENGE, ORIGIN, r#","unknown":1"#);
    let shown = Assertion {
        client_data: encode(&client),
        authenticator_data: encode(&bytes),
        signature: encode(&[0x30, 6, 2, 1, 5, 2, 1, 6]),
        user_handle: Some(user_handle("u-1")),
    };
    let asserted = assert(&shown, "ES256", EXPECTED).unwrap();
    assert_eq!((asserted.sign_count, asserted.user_verified), (8, true));
    assert_eq!(
        asserted.user_handle.as_deref(),
        Some(user_handle("u-1").as_str())
    );
    let mut expected = bytes;
    expected.extend(Sha256::digest(&client));
    assert_eq!(asserted.proof.bytes, expected);
    let malformed = Assertion {
        signature: encode(&[1; 64]),
        ..shown.clone()
    };
    assert!(assert(&malformed, "ES256", EXPECTED).is_err());
    assert!(assert(&malformed, "EdDSA", EXPECTED).is_ok());
    let foreign = Assertion {
        authenticator_data: "%".into(),
        ..shown
    };
    assert!(assert(&foreign, "ES256", EXPECTED).is_err());
}

#[test]
fn counter_that_goes_back_is_a_copy() {
    for (kept, shown, expected) in [
        (0, 0, true),
        (0, 1, true),
        (5, 6, true),
        (5, 5, false),
        (5, 4, false),
        (5, 0, false),
    ] {
        assert_eq!(counter_goes_on(kept, shown), expected, "{kept} {shown}");
    }
}

#[test]
fn site_of_a_passkey_is_the_host_alone() {
    assert_eq!(rp_id("http://localhost:8787"), "localhost");
    assert_eq!(rp_id("https://portal.example.org"), "portal.example.org");
    let options = request_options(CHALLENGE, ORIGIN, &[]);
    assert_eq!(options["userVerification"], "required");
    let options = creation_options(CHALLENGE, ORIGIN, ("u", "ann", "Ann"), &["x".into()]);
    assert_eq!(options["pubKeyCredParams"][0]["alg"], -7);
    assert_eq!(options["excludeCredentials"][0]["id"], "x");
}
