//! Nobody reads what belongs to another organization: each query that picks an object by its id names the organization,
//! or the application that was found by its owner before.

use tests::{files, read};

/// Tables whose rows clients name by id.
const NAMED_BY_CLIENTS: &[&str] = &[
    "api",
    "api_category",
    "api_key",
    "application",
    "deny_policy",
    "environment",
    "gateway_policy",
    "key_manager",
    "label",
    "operation_policy",
    "shared_scope",
    "subscription",
    "throttle_policy",
    "user",
    "workflow",
];

/// Queries that need not; a reviewer sees this list change.
const EXCEPTIONS: &[&str] = &[];

#[test]
fn every_query_by_id_names_the_organization() {
    let mut seen = 0;
    for path in files("workers/portal-api/src", &[".rs"]) {
        for query in queries(&read(&path)) {
            if !picks_by_id(&query) {
                continue;
            }
            seen += 1;
            let is_bounded = query.contains("organization") || query.contains("application_id = ?");
            assert!(
                is_bounded || EXCEPTIONS.contains(&query.as_str()),
                "{path} reads by id whatever the organization: {query}"
            );
        }
    }
    assert!(
        seen > 10,
        "only {seen} queries were found; does the check still read them?"
    );
}

/// The string literals that are queries, each on one line.
fn queries(source: &str) -> Vec<String> {
    source
        .split('"')
        .map(|part| {
            part.split("\\\n")
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|part| part.starts_with("SELECT "))
        .collect()
}

fn picks_by_id(query: &str) -> bool {
    let table = query
        .split(" FROM ")
        .nth(1)
        .and_then(|rest| rest.split([' ', ')']).next());
    let by_id = [" id = ?", "(id = ?", ".id = ?"]
        .iter()
        .any(|condition| query.contains(condition));
    by_id && table.is_some_and(|table| NAMED_BY_CLIENTS.contains(&table))
}

#[test]
fn an_unbounded_query_is_seen() {
    let source = r#"sql("SELECT name FROM api \
        WHERE id = ?")"#;
    assert_eq!(queries(source), ["SELECT name FROM api WHERE id = ?"]);
    assert!(queries(source).iter().all(|query| picks_by_id(query)));
}
