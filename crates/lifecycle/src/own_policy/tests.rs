use serde_json::{Value, json};

use super::*;

fn file() -> Value {
    json!({
        "name": "tenantHeader",
        "version": "v2",
        "displayName": "Tenant header",
        "applicableFlows": ["request", "response"],
        "policyAttributes": [
            {"name": "tenant", "required": true, "validationRegex": "[a-z]+"},
            {"name": "level", "type": "Enum", "allowedValues": ["low", "high"], "defaultValue": "low"},
        ],
        "steps": [
            {"policyName": "setHeader", "parameters": {"headerName": "x-tenant", "headerValue": "${tenant}/${level}"}},
            {"policyName": "removeHeader", "parameters": {"headerName": "x-old"}, "condition": "user == 'ann'"},
        ],
    })
}

fn places(file: &Value) -> Vec<String> {
    let faults = read(file).expect_err("bad input is taken");
    faults.into_iter().map(|it| it.place).collect()
}

fn given(pairs: &[(&str, &str)]) -> Given {
    let owned = pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    owned.collect()
}

#[test]
fn attributes_fill_the_steps() {
    let wrapped = json!({"type": "operation_policy", "version": "v4.5.0", "data": file()});
    for file in [file(), wrapped] {
        let policy = read(&file).unwrap();
        let steps = policy.filled(given(&[("tenant", "acme")])).unwrap();
        assert_eq!(steps[0].parameters["headerValue"], "acme/low");
        assert_eq!(steps[1].condition.as_deref(), Some("user == 'ann'"));
        assert!(policy.may_stand_in(Flow::Request) && !policy.may_stand_in(Flow::Fault));
    }
}

#[test]
fn what_is_put_in_is_not_filled_again() {
    let text = filled("${a}${b", &given(&[("a", "${b}"), ("b", "secret")]));
    assert_eq!(text, "${b}${b");
}

#[test]
fn values_are_held_to_what_the_policy_says() {
    let policy = read(&file()).unwrap();
    for (pairs, place) in [
        (vec![], "tenant"),
        (vec![("tenant", "ACME")], "tenant"),
        (vec![("tenant", "a"), ("level", "middle")], "level"),
        (vec![("tenant", "a"), ("odd", "1")], ""),
    ] {
        let wrong = policy
            .filled(given(&pairs))
            .expect_err("bad value is taken");
        assert_eq!(wrong[0].0, place, "{wrong:?}");
    }
}

#[test]
fn each_fault_of_a_specification_has_its_place() {
    for (pointer, value, place) in [
        ("/name", json!("setHeader"), "name"),
        ("/name", json!("JSONThreatProtector"), "name"),
        ("/name", json!("a b"), "name"),
        (
            "/applicableFlows",
            json!(["fault", "sideways"]),
            "applicableFlows",
        ),
        ("/applicableFlows", json!([]), "applicableFlows"),
        ("/steps", json!([]), "steps"),
        (
            "/steps/0/policyName",
            json!("tenantHeader"),
            "steps[0].policyName",
        ),
        (
            "/steps/0/policyName",
            json!("ipFilter"),
            "steps[0].policyName",
        ),
        (
            "/steps/0/parameters/headerValue",
            json!("${none}"),
            "steps[0].parameters.headerValue",
        ),
        ("/steps/1/condition", json!("user =="), "steps[1].condition"),
        (
            "/policyAttributes/0/validationRegex",
            json!("("),
            "policyAttributes[0].validationRegex",
        ),
        (
            "/policyAttributes/1/defaultValue",
            json!("none"),
            "policyAttributes[1].defaultValue",
        ),
        (
            "/policyAttributes/1/allowedValues",
            json!([]),
            "policyAttributes[1].allowedValues",
        ),
        (
            "/policyAttributes/0/required",
            json!("yes"),
            "policyAttributes[0].required",
        ),
    ] {
        let mut file = file();
        *file.pointer_mut(pointer).unwrap() = value;
        assert!(
            places(&file).iter().any(|it| it == place),
            "{pointer}: {:?}",
            places(&file)
        );
    }
    let mut odd = file();
    odd["synapse"] = json!("<sequence/>");
    assert_eq!(places(&odd), ["synapse"]);
    assert_eq!(places(&json!([])), [""]);
}

#[test]
fn what_is_kept_is_read_back_as_it_was() {
    let policy = read(&file()).unwrap();
    let kept = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<OwnPolicy>(&kept).unwrap(), policy);
}
