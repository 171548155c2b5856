//! Operations at the door: a known method, a plain path template, each pair once, scopes that are declared.

use std::collections::BTreeSet;

use model::OperationSecurity;

use crate::{
    Fault,
    draft::{Operation, fault, missing},
};

/// What is wrong with the operations of a draft. `scopes` are those that the draft declares, `own` the verbs of its kind
/// beside HTTP's methods.
#[must_use]
pub fn faults(operations: &[Operation], scopes: &[&str], own: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, operation) in operations.iter().enumerate() {
        let place = |part: &str| format!("operations[{index}].{part}");
        let verb = operation
            .verb
            .as_deref()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let target = operation.target.as_deref().unwrap_or_default();
        if verb.is_empty() {
            faults.push(missing(&place("verb")));
        } else if !VERBS.contains(&verb.as_str()) && !own.contains(&verb.as_str()) {
            let known = [VERBS, own].concat().join("`, `");
            faults.push(fault(
                &place("verb"),
                format!("`{verb}` is none of `{known}`"),
            ));
        }
        if target.is_empty() {
            faults.push(missing(&place("target")));
        } else if !is_field(&verb)
            && let Some(reason) = target_fault(target)
        {
            faults.push(fault(&place("target"), reason));
        }
        if let Some(kind) = operation.auth_type.as_deref()
            && security(kind).is_none()
        {
            faults.push(fault(
                &place("authType"),
                format!("`{kind}` is not a kind of credential"),
            ));
        }
        if operation.throttling_weight.is_some() && weight(operation).is_none() {
            faults.push(fault(
                &place("throttlingWeight"),
                format!("is not a whole number from 1 to {WEIGHT_LIMIT}"),
            ));
        }
        for scope in operation.scopes.iter().flatten() {
            if !scopes.contains(&scope.as_str()) {
                faults.push(fault(
                    &place("scopes"),
                    format!("`{scope}` is not among the scopes of the API"),
                ));
            }
        }
        if !verb.is_empty() && !seen.insert((verb.clone(), target)) {
            faults.push(fault(
                &place("target"),
                format!("`{verb} {target}` stands twice"),
            ));
        }
    }
    faults
}

/// Who may call, from WSO2's `authType`; `None` for any other word.
#[must_use]
pub fn security(auth_type: &str) -> Option<OperationSecurity> {
    Some(match auth_type {
        "None" => OperationSecurity::None,
        "Any" | "Application & Application User" | "" => OperationSecurity::Any,
        "Application" => OperationSecurity::Application,
        "Application User" | "Application_User" => OperationSecurity::ApplicationUser,
        _ => return None,
    })
}

/// Units that a call takes from limits of requests; `None` where the draft says none that is good.
#[must_use]
pub fn weight(operation: &Operation) -> Option<u32> {
    let weight = u32::try_from(operation.throttling_weight?).ok()?;
    (1..=WEIGHT_LIMIT).contains(&weight).then_some(weight)
}

/// The operations that an API has when nothing says otherwise: everything, under `/*` (the peer's default).
#[must_use]
pub fn everything() -> Vec<Operation> {
    ["GET", "PUT", "POST", "DELETE", "PATCH"]
        .into_iter()
        .map(|verb| Operation {
            target: Some("/*".to_owned()),
            verb: Some(verb.to_owned()),
            auth_type: Some("Application & Application User".to_owned()),
            throttling_policy: Some("Unlimited".to_owned()),
            ..Operation::default()
        })
        .collect()
}

/// Puts onto `fresh` (read from a new definition) what the publisher had set on the same method and path in `known`,
/// unless the definition itself says something about it.
#[must_use]
pub fn keep_settings(fresh: Vec<Operation>, known: &[Operation]) -> Vec<Operation> {
    let same = |a: &Operation, b: &Operation| a.verb == b.verb && a.target == b.target;
    fresh
        .into_iter()
        .map(
            |operation| match known.iter().find(|other| same(other, &operation)) {
                None => operation,
                Some(before) => Operation {
                    auth_type: operation.auth_type.or_else(|| before.auth_type.clone()),
                    throttling_policy: operation
                        .throttling_policy
                        .or_else(|| before.throttling_policy.clone()),
                    throttling_weight: operation.throttling_weight.or(before.throttling_weight),
                    scopes: operation.scopes.or_else(|| before.scopes.clone()),
                    target: operation.target,
                    verb: operation.verb,
                    id: operation.id,
                    ..before.clone()
                },
            },
        )
        .collect()
}

/// A field of a GraphQL schema has a name and no path.
fn is_field(verb: &str) -> bool {
    matches!(verb, "QUERY" | "MUTATION" | "SUBSCRIPTION")
}

fn target_fault(target: &str) -> Option<String> {
    if !target.starts_with('/') {
        return Some("does not start with `/`".to_owned());
    }
    if target.len() > TARGET_LIMIT {
        return Some(format!("is longer than {TARGET_LIMIT} bytes"));
    }
    target
        .chars()
        .find(|character| character.is_control())
        .map(|character| format!("has the character `{}`", character.escape_debug()))
}

/// What OpenAPI knows as methods.
const VERBS: &[&str] = &[
    "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE",
];

/// Longer than any template of any public definition, short enough for a counter's name.
const TARGET_LIMIT: usize = 2_048;

/// One call that costs more than a small plan's minute is a slip of the hand.
const WEIGHT_LIMIT: u32 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(verb: &str, target: &str) -> Operation {
        Operation {
            verb: Some(verb.to_owned()),
            target: Some(target.to_owned()),
            ..Operation::default()
        }
    }

    #[test]
    fn each_fault_has_its_place() {
        let check = |operation: Operation, place: &str| {
            let found = faults(&[operation], &["read"], &[]);
            assert_eq!(
                found.first().map(|fault| fault.place.as_str()),
                Some(place).filter(|place| !place.is_empty())
            );
        };
        check(operation("GET", "/pets"), "");
        check(operation("get", "/pets"), "");
        check(operation("FETCH", "/pets"), "operations[0].verb");
        check(operation("GET", "pets"), "operations[0].target");
        check(operation("", "/pets"), "operations[0].verb");
        check(
            Operation {
                auth_type: Some("Nobody".into()),
                ..operation("GET", "/pets")
            },
            "operations[0].authType",
        );
        check(
            Operation {
                throttling_weight: Some(0),
                ..operation("GET", "/pets")
            },
            "operations[0].throttlingWeight",
        );
        check(
            Operation {
                scopes: Some(vec!["write".into()]),
                ..operation("GET", "/pets")
            },
            "operations[0].scopes",
        );
        check(
            Operation {
                scopes: Some(vec!["read".into()]),
                ..operation("GET", "/pets")
            },
            "",
        );
    }

    #[test]
    fn an_operation_stands_once() {
        assert_eq!(
            faults(&[operation("GET", "/a"), operation("get", "/a")], &[], &[]).len(),
            1
        );
        assert_eq!(
            faults(&[operation("GET", "/a"), operation("PUT", "/a")], &[], &[]).len(),
            0
        );
    }

    #[test]
    fn new_definition_keeps_the_publishers_settings() {
        let known = [Operation {
            throttling_policy: Some("10KPerMin".into()),
            ..operation("GET", "/a")
        }];
        let kept = keep_settings(vec![operation("GET", "/a"), operation("GET", "/b")], &known);
        assert_eq!(kept[0].throttling_policy.as_deref(), Some("10KPerMin"));
        assert_eq!(kept[1].throttling_policy, None);
    }
}
