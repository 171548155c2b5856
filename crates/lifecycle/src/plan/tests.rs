use super::*;
use crate::door;

fn body(limit: &str) -> PolicyBody {
    door::parse(&format!(
        r#"{{"policyName": "Gold", "defaultLimit": {limit}}}"#
    ))
    .unwrap()
}

#[test]
fn limits_become_what_gateways_count() {
    let check = |limit: &str, expected: Option<(Measure, u32, TimeUnit)>| {
        let found = body(limit).limit().unwrap();
        assert_eq!(
            found.map(|limit| (limit.measure, limit.unit_time, limit.time_unit)),
            expected,
            "{limit}"
        );
    };
    check(
        r#"{"type": "REQUESTCOUNTLIMIT", "requestCount": {"timeUnit": "min", "unitTime": 1, "requestCount": 5000}}"#,
        Some((Measure::Requests(5000), 1, TimeUnit::Min)),
    );
    check(
        r#"{"type": "REQUESTCOUNTLIMIT", "requestCount": {"timeUnit": "min", "unitTime": 1, "requestCount": 2147483647}}"#,
        None,
    );
    check(
        r#"{"type": "BANDWIDTHLIMIT", "bandwidth": {"timeUnit": "hour", "unitTime": 2, "dataAmount": 3, "dataUnit": "MB"}}"#,
        Some((Measure::Bytes(3 << 20), 2, TimeUnit::Hour)),
    );
    check(
        r#"{"type": "EVENTCOUNTLIMIT", "eventCount": {"timeUnit": "days", "unitTime": 1, "eventCount": 9}}"#,
        Some((Measure::Events(9), 1, TimeUnit::Day)),
    );
}

#[test]
fn each_bad_limit_names_its_field() {
    let check = |limit: &str, place: &str| {
        let faults = body(limit).faults(PolicyKind::Subscription);
        assert_eq!(
            faults.first().map(|fault| fault.place.as_str()),
            Some(place),
            "{limit}"
        );
    };
    let count =
        |inside: &str| format!(r#"{{"type": "REQUESTCOUNTLIMIT", "requestCount": {{{inside}}}}}"#);
    check(r#"{"type": "COUNT"}"#, "defaultLimit.type");
    check(
        r#"{"type": "REQUESTCOUNTLIMIT"}"#,
        "defaultLimit.requestCount",
    );
    check(
        &count(r#""timeUnit": "min", "unitTime": 1"#),
        "defaultLimit.requestCount.requestCount",
    );
    check(
        &count(r#""timeUnit": "min", "unitTime": 0, "requestCount": 1"#),
        "defaultLimit.requestCount.unitTime",
    );
    check(
        &count(r#""timeUnit": "fortnight", "unitTime": 1, "requestCount": 1"#),
        "defaultLimit.requestCount.timeUnit",
    );
    check(
        &count(r#""timeUnit": "min", "unitTime": 1, "requestCount": -4"#),
        "defaultLimit.requestCount.requestCount",
    );
}

#[test]
fn bursts_are_read_from_either_place() {
    let burst = |text: &str| {
        let limit = r#""defaultLimit": {"type": "REQUESTCOUNTLIMIT", "requestCount": {"timeUnit": "min", "unitTime": 1, "requestCount": 5}}"#;
        let body: PolicyBody =
            door::parse(&format!(r#"{{"policyName": "x", {limit}, {text}}}"#)).unwrap();
        body.subscription()
            .map(|policy| policy.burst.map(|burst| burst.time_unit))
    };
    assert_eq!(
        burst(r#""rateLimitCount": 5, "rateLimitTimeUnit": "sec""#),
        Ok(Some(TimeUnit::Sec))
    );
    assert_eq!(
        burst(r#""burstLimit": {"rateLimitCount": 5, "rateLimitTimeUnit": "min"}"#),
        Ok(Some(TimeUnit::Min))
    );
    assert_eq!(burst(r#""rateLimitCount": 0"#), Ok(None));
    assert!(burst(r#""rateLimitCount": 5, "rateLimitTimeUnit": "week""#).is_err());
}
