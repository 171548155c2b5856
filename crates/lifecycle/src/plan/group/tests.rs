use super::*;
use crate::{PolicyKind, door, plan::PolicyBody};

const LIMIT: &str = r#"{"type": "REQUESTCOUNTLIMIT", "requestCount": {"timeUnit": "min", "unitTime": 1, "requestCount": 5}}"#;

fn policy(groups: &str) -> PolicyBody {
    let text = format!(
        r#"{{"policyName": "Two", "defaultLimit": {LIMIT}, "conditionalGroups": {groups}}}"#
    );
    door::parse(&text).unwrap()
}

fn one(condition: &str) -> String {
    format!(r#"[{{"conditions": [{condition}], "limit": {LIMIT}}}]"#)
}

#[test]
fn conditions_become_what_gateways_judge() {
    let check = |condition: &str, expected: Condition| {
        let policy = policy(&one(condition)).advanced().unwrap();
        assert_eq!(policy.groups[0].conditions, [expected], "{condition}");
        assert!(policy.groups[0].limit.is_some());
    };
    let plain = |about| Condition {
        about,
        inverted: false,
    };
    let address = |from: &str, to: &str| {
        plain(Trait::Address {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        })
    };
    check(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPSPECIFIC", "specificIP": "::ffff:10.1.1.2", "startingIP": null}}"#,
        address("10.1.1.2", "10.1.1.2"),
    );
    check(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPRANGE", "startingIP": "2001:db8::1", "endingIP": "2001:db8::ff"}}"#,
        address("2001:db8::1", "2001:db8::ff"),
    );
    check(
        r#"{"type": "HEADERCONDITION", "invertCondition": true, "headerCondition": {"headerName": "User-Agent", "headerValue": "curl/.*"}}"#,
        Condition {
            about: Trait::Header {
                name: "user-agent".into(),
                pattern: "curl/.*".into(),
            },
            inverted: true,
        },
    );
    check(
        r#"{"type": "QUERYPARAMETERCONDITION", "queryParameterCondition": {"parameterName": "name", "parameterValue": "admin"}}"#,
        plain(Trait::Query {
            name: "name".into(),
            pattern: "admin".into(),
        }),
    );
    check(
        r#"{"type": "JWTCLAIMSCONDITION", "jwtClaimsCondition": {"claimUrl": "http://wso2.org/claims/role", "attribute": "a|b"}}"#,
        plain(Trait::Claim {
            name: "http://wso2.org/claims/role".into(),
            pattern: "a|b".into(),
        }),
    );
}

#[test]
fn each_fault_names_its_place() {
    let check = |groups: &str, place: &str| {
        let faults = policy(groups).faults(PolicyKind::Advanced);
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, [place], "{groups}");
    };
    let inside = |condition: &str, place: &str| {
        let place = format!("conditionalGroups[0].conditions[0].{place}");
        check(&one(condition), &place);
    };
    inside(r#"{"type": "COOKIECONDITION"}"#, "type");
    inside(r#"{"type": "IPCONDITION"}"#, "ipCondition");
    inside(
        r#"{"type": "IPCONDITION", "headerCondition": {"headerName": "a", "headerValue": "b"}}"#,
        "headerCondition",
    );
    inside(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPRANGE", "startingIP": "10.0.0.1", "endingIP": "10.0.0.0"}}"#,
        "ipCondition.endingIP",
    );
    inside(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPRANGE", "startingIP": "10.0.0.1", "endingIP": "::1"}}"#,
        "ipCondition.endingIP",
    );
    inside(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPSPECIFIC", "specificIP": "10.0.0.256"}}"#,
        "ipCondition.specificIP",
    );
    inside(
        r#"{"type": "IPCONDITION", "ipCondition": {"ipConditionType": "IPMASK"}}"#,
        "ipCondition.ipConditionType",
    );
    inside(
        r#"{"type": "HEADERCONDITION", "headerCondition": {"headerName": "a b", "headerValue": "c"}}"#,
        "headerCondition.headerName",
    );
    inside(
        r#"{"type": "HEADERCONDITION", "headerCondition": {"headerName": "a", "headerValue": "(c"}}"#,
        "headerCondition.headerValue",
    );
    inside(
        r#"{"type": "QUERYPARAMETERCONDITION", "queryParameterCondition": {"parameterName": "", "parameterValue": "c"}}"#,
        "queryParameterCondition.parameterName",
    );
    let look_around = r#"{"type": "JWTCLAIMSCONDITION", "jwtClaimsCondition": {"claimUrl": "a", "attribute": "(?=c)"}}"#;
    inside(look_around, "jwtClaimsCondition.attribute");
    let good = r#"{"type": "QUERYPARAMETERCONDITION", "queryParameterCondition": {"parameterName": "a", "parameterValue": "c"}}"#;
    check(
        &format!(r#"[{{"conditions": [], "limit": {LIMIT}}}]"#),
        "conditionalGroups[0].conditions",
    );
    check(
        &format!(r#"[{{"conditions": [{good}]}}]"#),
        "conditionalGroups[0].limit",
    );
    check(
        &format!(r#"[{{"conditions": [{good}], "limit": {LIMIT}, "groupId": "a b"}}]"#),
        "conditionalGroups[0].groupId",
    );
    let many = vec![format!(r#"{{"conditions": [{good}], "limit": {LIMIT}}}"#); GROUPS + 1];
    check(&format!("[{}]", many.join(",")), "conditionalGroups");
}

#[test]
fn a_group_keeps_its_id_when_edited_or_moved() {
    let group = |id: Option<&str>, value: &str| Group {
        group_id: id.map(str::to_owned),
        conditions: vec![ThrottleCondition {
            kind: value.to_owned(),
            ..ThrottleCondition::default()
        }],
        ..Group::default()
    };
    let before = [group(Some("a"), "x"), group(Some("b"), "y")];
    let check = |mut groups: Vec<Group>, expected: &[&str]| {
        let mut next = 0;
        let fresh = || {
            next += 1;
            Ok::<_, ()>(format!("new-{next}"))
        };
        name_groups(&mut groups, &before, fresh).unwrap();
        let ids: Vec<_> = groups
            .iter()
            .map(|one| one.group_id.as_deref().unwrap())
            .collect();
        assert_eq!(ids, expected);
    };
    // Moved, without ids.
    check(vec![group(None, "y"), group(None, "x")], &["b", "a"]);
    // Edited in its place.
    check(vec![group(None, "x"), group(None, "z")], &["a", "b"]);
    // The first is gone, a new one comes last.
    check(
        vec![group(None, "y"), group(None, "z"), group(None, "w")],
        &["b", "new-1", "new-2"],
    );
    // Named by the client.
    check(vec![group(Some("b"), "z"), group(None, "x")], &["b", "a"]);
    check(vec![], &[]);
}
