use super::*;

/// Made with OpenSSL for these tests; the private keys are gone.
const EC_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIBezCCASGgAwIBAgIUIW+tUbJ4t2CotLb1yNnc74WchNkwCgYIKoZIzj0EAwIw\nEjEQMA4GA1UEAwwHdGVzdCBlYzAgFw0yNjExMjYxNjE3MjFaGA8yMTI2MTEwMjE2\nMTcyMVowEjEQMA4GA1UEAwwHdGVzdCBlYzBZMBMGByqGSM49AgEGCCqGSM49AwEH\nA0IABDw3UxeQXGfkQWN3VTQSg6Ajw9zP/ivopsgtwwgPhIUvDLH86zEKs1UM+iST\nwmMrYi6jmCLqffcBUI20jvNkXSijUzBRMB0GA1UdDgQWBBTBbK62gZr2q2DGb2hE\nBqeC6wMr3DAfBgNVHSMEGDAWgBTBbK62gZr2q2DGb2hEBqeC6wMr3DAPBgNVHRMB\nAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCdBnZfbSZjMGOKy1OTa3cmJwzN\nueJbq63i3VNM1hoC/wIgHrdJ25dZdQsZAdGEgkzb+YIMxE8DfwKWGDLbDizVr2I=\n-----END CERTIFICATE-----";
const EC_KEY: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPDdTF5BcZ+RBY3dVNBKDoCPD3M/+\nK+imyC3DCA+EhS8MsfzrMQqzVQz6JJPCYytiLqOYIup99wFQjbSO82RdKA==\n-----END PUBLIC KEY-----";
const ED_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIBOjCB7aADAgECAhQQUN0eyYS3pUTUwhVwQ+rpZrDRhDAFBgMrZXAwEjEQMA4G\nA1UEAwwHdGVzdCBlZDAgFw0yNjExMjYxNjE3MjJaGA8yMTI2MTEwMjE2MTcyMlow\nEjEQMA4GA1UEAwwHdGVzdCBlZDAqMAUGAytlcAMhALYY70IEt7/a1PKBkcLpaFHX\nSP20xfxXID1SU5lZ78oso1MwUTAdBgNVHQ4EFgQU7toDr8JCYyOryR3krqJpaclO\nfEcwHwYDVR0jBBgwFoAU7toDr8JCYyOryR3krqJpaclOfEcwDwYDVR0TAQH/BAUw\nAwEB/zAFBgMrZXADQQBwoZN5Dm4V0Qxw+6sknp5oKYN2R1aEl/zSDoQBRpdw8T/F\nH5BNOSVK96GA0n16zbLQnpjfujERvMHN+aaFdysF\n-----END CERTIFICATE-----";
const RSA_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIDCTCCAfGgAwIBAgIUBBTHXJds8+KYTh13cEoR98sLnl4wDQYJKoZIhvcNAQEL\nBQAwEzERMA8GA1UEAwwIdGVzdCByc2EwIBcNMjYxMTI2MTYxNzIyWhgPMjEyNjEx\nMDIxNjE3MjJaMBMxETAPBgNVBAMMCHRlc3QgcnNhMIIBIjANBgkqhkiG9w0BAQEF\nAAOCAQ8AMIIBCgKCAQEA1ghdVowz3yC72fi1Suc/afixc2Z5+68Wyrk0SHDlgJ9M\nU1mXNEyu//34NgJEvO5q3/SMaxjT59o+odZjO77CrOAtcPpdLpBYr3AWSxTLIlbg\nz+JZTIRDrjCgxthtILtWrD7RGjNjqlJg6YMxVH6fCBElS29fU4lGsI3RzC14dF6k\nZIlZ1FO9hb29YAVRqd3TkUWz0APQjLBQ3QObSpoUkeRd+QhDOlWb/ejG47Aa6n3x\nL/sEo7gXFUyfxUfGMjxMQlOp8oczd5N2dfv3ZMsCXf3jJe7QDMMnynHy9oYlEh7F\ncx+YGfqBTf7FiYty2C0u6xP/8oHKMC0Scg82BhXxfQIDAQABo1MwUTAdBgNVHQ4E\nFgQUOJr6UsKW6ANV3M5G8HnrqcL6X/8wHwYDVR0jBBgwFoAUOJr6UsKW6ANV3M5G\n8HnrqcL6X/8wDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAzbJ7\nNvQ2HEgtWPYooFLOUU82wkmNwT/WNxdKgNe/dpcD+sBfEXpRiRHjo4ZZzCP8wi8e\n7nSqGXiMV+y1IwHSZVUy32x+U8X/kVPHZAAoUtD8WHJ2rc5oPfsGbeWv2vNnMMJT\nTWctm1XqbIvascULn91/1ovQ2IDWjS6YOrLO+lA8pyWerQatu1TwuRhGGFOnIlXY\ngXx8D//lGfwtBTYl/shwJv+5IC165+se9B8vYnY3DC0Co2w0vzwVylXtKmzHRn3N\nwb+xpHrqEaG7VoS4RFJxpGDEBSfoEQOSgltQBodnFCH7uVcU8ThenuA7szFrO8Fy\nGshkovDI2JsUC0aDEQ==\n-----END CERTIFICATE-----";

#[test]
fn keys_are_read_from_certificates_and_by_themselves() {
    let check = |text: &str, alg: &str, member: &str, expected: &str| {
        let key = pem_key(text).unwrap();
        assert_eq!((key.alg.as_str(), key.kid.as_str()), (alg, ""), "{text}");
        assert_eq!(key.jwk[member], expected, "{text}");
    };
    let x = "PDdTF5BcZ-RBY3dVNBKDoCPD3M_-K-imyC3DCA-EhS8";
    check(EC_CERTIFICATE, "ES256", "x", x);
    check(EC_KEY, "ES256", "x", x);
    check(
        EC_KEY,
        "ES256",
        "y",
        "DLH86zEKs1UM-iSTwmMrYi6jmCLqffcBUI20jvNkXSg",
    );
    check(
        ED_CERTIFICATE,
        "EdDSA",
        "x",
        "thjvQgS3v9rU8oGRwuloUddI_bTF_FcgPVJTmVnvyiw",
    );
    let n = "1ghdVowz3yC72fi1Suc_afixc2Z5-68Wyrk0SHDlgJ9MU1mXNEyu__34NgJEvO5q3_SMaxjT59o-odZjO77CrOAtcPpdLpBYr3AWSxTLIlbgz-JZTIRDrjCgxthtILtWrD7RGjNjqlJg6YMxVH6fCBElS29fU4lGsI3RzC14dF6kZIlZ1FO9hb29YAVRqd3TkUWz0APQjLBQ3QObSpoUkeRd-QhDOlWb_ejG47Aa6n3xL_sEo7gXFUyfxUfGMjxMQlOp8oczd5N2dfv3ZMsCXf3jJe7QDMMnynHy9oYlEh7Fcx-YGfqBTf7FiYty2C0u6xP_8oHKMC0Scg82BhXxfQ";
    check(RSA_CERTIFICATE, "RS256", "n", n);
    check(RSA_CERTIFICATE, "RS256", "e", "AQAB");
    check(&BASE64_STANDARD.encode(EC_CERTIFICATE), "ES256", "x", x);
}

#[test]
fn other_texts_are_refused_with_a_reason() {
    let none = "it has no `CERTIFICATE` and no `PUBLIC KEY` in PEM";
    let check =
        |text: &str, expected: &str| assert_eq!(pem_key(text).unwrap_err(), expected, "{text}");
    check("", none);
    check("https://a.example/keys", none);
    check(&EC_KEY.replace("PUBLIC", "PRIVATE"), none);
    check(&EC_KEY.replace("-----END", "-----"), none);
    check(&EC_KEY.replace("MFkw", "!!!!"), none);
    check(
        &format!("{EC_KEY}\n{EC_CERTIFICATE}"),
        "it has several certificates or keys; name the one that signs",
    );
    check(
        &EC_KEY.replace("MFkw", "MEkw"),
        "its key is none of RSA, P-256 and Ed25519, or it is damaged",
    );
}

#[test]
fn no_damage_is_a_panic() {
    for pem in [EC_CERTIFICATE, ED_CERTIFICATE, RSA_CERTIFICATE, EC_KEY] {
        let der = block(pem).unwrap();
        for index in 0..der.len() {
            let mut bent = der.clone();
            bent[index] ^= 0xff;
            let _ = certified(&bent).or_else(|| jwk(&bent));
            let _ = certified(&der[..index]).or_else(|| jwk(&der[..index]));
        }
    }
}
