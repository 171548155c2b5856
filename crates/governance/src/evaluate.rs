//! Rules against a document.

use serde_json::Value;

use crate::{
    Format, Rule, Ruleset, Severity,
    function::word,
    path::{Node, child},
    ruleset::Then,
};

/// What a document is like by a ruleset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Where rules are broken; at most 500.
    pub violations: Vec<Violation>,
    /// Names of the rules that are followed, or are not about such a document.
    pub followed: Vec<String>,
    /// The document was too large for all rules to look at all of it.
    pub is_partial: bool,
}

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Name of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Keys from the root, with dots between them.
    pub path: String,
    /// What is wrong, in the words of the rule.
    pub message: String,
}

/// Holds a document to a ruleset.
#[must_use]
pub fn evaluate(ruleset: &Ruleset, document: &Value) -> Report {
    let format = Format::of(document);
    let mut steps = STEPS;
    let mut report = Report::default();
    for rule in &ruleset.rules {
        let is_about = rule.formats.is_empty() || rule.formats.contains(&format);
        let found = if is_about {
            broken(rule, document, &mut steps)
        } else {
            Vec::new()
        };
        if found.is_empty() {
            report.followed.push(rule.name.clone());
        }
        let room = MOST.saturating_sub(report.violations.len());
        report.violations.extend(found.into_iter().take(room));
    }
    report.is_partial = steps == 0;
    report
}

fn broken(rule: &Rule, document: &Value, steps: &mut usize) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    for path in &rule.given {
        for node in path.find(document, steps) {
            for then in &rule.then {
                for (keys, value, reason) in looked_at(&node, then, document) {
                    let violation = Violation {
                        rule: rule.name.clone(),
                        severity: rule.severity,
                        message: told(rule, &keys, value, &reason),
                        path: keys.join("."),
                    };
                    if found.len() < EACH && !found.contains(&violation) {
                        found.push(violation);
                    }
                }
            }
        }
    }
    found
}

type Looked<'d> = (Vec<String>, Option<&'d Value>, String);

/// What a function says of a place: of the value, of a field of it, of each of its keys.
fn looked_at<'d>(node: &Node<'d>, then: &Then, root: &Value) -> Vec<Looked<'d>> {
    let tell =
        |keys: Vec<String>, value: Option<&'d Value>, given: Option<&Value>| -> Vec<Looked<'d>> {
            let said = then.function.check(given, root).into_iter();
            said.map(|(below, reason)| ([keys.clone(), below].concat(), value, reason))
                .collect()
        };
    if node.is_key {
        let key = Value::String(node.keys.last().cloned().unwrap_or_default());
        return tell(node.keys.clone(), Some(node.value), Some(&key));
    }
    match then.field.as_deref() {
        None => tell(node.keys.clone(), Some(node.value), Some(node.value)),
        Some("@key") => {
            let members = node.value.as_object().into_iter().flatten();
            members
                .flat_map(|(name, value)| {
                    let keys = [node.keys.clone(), vec![name.clone()]].concat();
                    tell(keys, Some(value), Some(&Value::String(name.clone())))
                })
                .collect()
        }
        Some(field) => {
            // A field of what has no fields is not there, and nobody's fault.
            if !node.value.is_object() && !node.value.is_array() {
                return Vec::new();
            }
            let mut keys = node.keys.clone();
            let mut value = Some(node.value);
            for key in split(field) {
                value = value.and_then(|value| child(value, &key));
                keys.push(key);
            }
            tell(keys, value, value)
        }
    }
}

/// `a.b`, `a['b.c']`, or the whole name where it has no dot.
fn split(field: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = field.strip_prefix("$.").unwrap_or(field);
    while !rest.is_empty() {
        if let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            keys.push(inside.trim_matches(['\'', '"']).to_owned());
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !name.is_empty() {
            keys.push(name.to_owned());
        }
        rest = after.strip_prefix('.').unwrap_or(after);
        if end == 0 && rest.len() == after.len() {
            // An open bracket without its end is a part of the name.
            keys.push(rest.to_owned());
            break;
        }
    }
    keys
}

fn told(rule: &Rule, keys: &[String], value: Option<&Value>, reason: &str) -> String {
    let property = keys.last().cloned().unwrap_or_default();
    let about = if property.is_empty() {
        reason.to_owned()
    } else {
        format!("`{property}` {reason}")
    };
    let Some(message) = &rule.message else {
        return if rule.description.is_empty() {
            about
        } else {
            rule.description.clone()
        };
    };
    let value: String = value
        .map(word)
        .unwrap_or_default()
        .chars()
        .take(VALUE)
        .collect();
    message
        .replace("{{error}}", &about)
        .replace("{{description}}", &rule.description)
        .replace("{{property}}", &property)
        .replace("{{path}}", &keys.join("."))
        .replace("{{value}}", &value)
}

/// Nobody reads more.
const MOST: usize = 500;
/// Of one rule, so that one that everything breaks leaves room for the others.
const EACH: usize = 100;
/// Values that all rules of a ruleset may look at: what some hundred milliseconds are enough for.
const STEPS: usize = 3_000_000;
const VALUE: usize = 200;

#[cfg(test)]
#[expect(clippy::too_many_lines, reason = "one ruleset, read as a whole")]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(text: &str) -> Ruleset {
        Ruleset::read(text).unwrap()
    }

    fn document() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "Pets", "contact": {}},
            "paths": {
                "/pets": {"get": {"operationId": "list_pets", "tags": ["a"]}, "post": {"tags": []}},
                "/Toys/": {"get": {"operationId": "listToys"}},
            },
        })
    }

    #[test]
    fn broken_rules_are_told_with_their_places() {
        let text = r#"
rules:
  operation-id-camel:
    message: "{{property}}: {{error}}"
    severity: error
    given: $.paths[*][get,put,post,delete]
    then: {field: operationId, function: casing, functionOptions: {type: camel}}
  operation-tags:
    description: every operation has a tag
    given: "$.paths[*][?(@property === 'get' || @property === 'post')]"
    then: {field: tags, function: length, functionOptions: {min: 1}}
  no-trailing-slash:
    given: $.paths[*]~
    then: {function: pattern, functionOptions: {notMatch: '\/$'}}
  lower-paths:
    severity: hint
    given: $.paths
    then: {field: '@key', function: pattern, functionOptions: {match: '^[a-z/]+$'}}
  contact:
    given: $.info
    then: [{field: contact.email, function: truthy}, {field: title, function: defined}]
  only-swagger:
    formats: [oas2]
    given: $
    then: {field: host, function: truthy}
"#;
        let report = evaluate(&rules(text), &document());
        let told: Vec<(&str, &str, &str)> = report
            .violations
            .iter()
            .map(|it| (it.rule.as_str(), it.path.as_str(), it.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "operation-id-camel",
                    "paths./pets.get.operationId",
                    "operationId: `operationId` must be camel case"
                ),
                (
                    "operation-tags",
                    "paths./pets.post.tags",
                    "every operation has a tag"
                ),
                (
                    "no-trailing-slash",
                    "paths./Toys/",
                    "`/Toys/` must not match `/$`"
                ),
                (
                    "lower-paths",
                    "paths./Toys/",
                    "`/Toys/` must match `^[a-z/]+$`"
                ),
                (
                    "contact",
                    "info.contact.email",
                    "`email` must be there and not be empty"
                ),
            ]
        );
        assert_eq!(report.followed, ["only-swagger"]);
        assert_eq!(report.violations[3].severity, Severity::Info);
        assert!(!report.is_partial);
    }

    #[test]
    fn work_is_bounded() {
        let text = "rules: {a: {given: '$..[*]..[*]..[*]..[*]', then: {function: falsy}}}";
        let report = evaluate(
            &rules(text),
            &json!({"a": vec![json!({"c": vec![json!([{"b": vec![1; 300]}]); 40]}); 100]}),
        );
        assert!(report.is_partial);
        assert!(report.violations.len() <= EACH);
    }
}
