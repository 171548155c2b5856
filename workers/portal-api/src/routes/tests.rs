use super::*;

#[test]
fn paths_lead_to_their_operation() {
    let check = |method: &str, path: &str, expected: Option<&str>| {
        let found = find(method, path).ok().map(|(route, _)| route.template);
        assert_eq!(found, expected, "{method} {path}");
    };
    check("GET", "/api/am/publisher/v4/apis", Some("/apis"));
    check("GET", "/api/am/publisher/v4/apis/", Some("/apis"));
    check(
        "POST",
        "/api/am/publisher/v4/apis/validate",
        Some("/apis/validate"),
    );
    check("GET", "/api/am/publisher/v4/apis/7", Some("/apis/{apiId}"));
    check(
        "GET",
        "/api/am/publisher/v4/apis/7/swagger",
        Some("/apis/{apiId}/swagger"),
    );
    check("GET", "/api/am/publisher/v4/apis//swagger", None);
    check("GET", "/api/am/publisher/v5/apis", None);
    check("GET", "/api/am/publisher/v4apis", None);
    check("PATCH", "/api/am/publisher/v4/apis/7", None);
}

#[test]
fn other_methods_are_named() {
    let missed = find("PATCH", "/api/am/publisher/v4/apis/7").err();
    assert_eq!(missed, Some(Missed::Method(vec!["GET", "PUT", "DELETE"])));
}

#[test]
fn parameters_are_decoded_once() {
    let (_, parameters) = find(
        "GET",
        "/api/am/publisher/v4/throttling-policies/api/a%2Fb%2525+c",
    )
    .unwrap_or_else(|_| panic!());
    assert_eq!(
        parameters,
        [
            ("policyLevel", "api".to_owned()),
            ("policyName", "a/b%25+c".to_owned())
        ]
    );
}

/// The documents promise what the table keeps, and nothing else: same operations, same scopes.
#[test]
fn table_and_documents_agree() {
    let documents: [(Tables, &str); 7] = [
        (PUBLISHER, include_str!("../../../../api/publisher.yaml")),
        (DEVPORTAL, include_str!("../../../../api/devportal.yaml")),
        (ADMIN, include_str!("../../../../api/admin.yaml")),
        (&[ANALYTICS], include_str!("../../../../api/analytics.yaml")),
        (&[ALERTS], include_str!("../../../../api/alerts.yaml")),
        (
            &[governance::GOVERNANCE],
            include_str!("../../../../api/governance.yaml"),
        ),
        (
            SERVICES,
            include_str!("../../../../api/service-catalog.yaml"),
        ),
    ];
    for (table, document) in documents {
        let definition = openapi::read(document).unwrap();
        let mut promised: Vec<String> = definition
            .operations
            .iter()
            .map(|operation| {
                format!(
                    "{} {} {:?}",
                    operation.method,
                    operation.template,
                    scopes(&definition.document, operation)
                )
            })
            .collect();
        let mut kept: Vec<String> = table
            .iter()
            .copied()
            .flatten()
            .map(|route| {
                let mut scopes: Vec<&str> = match route.access {
                    Access::Open => Vec::new(),
                    Access::Any(scopes) => scopes.to_vec(),
                };
                scopes.sort_unstable();
                format!("{} {} {scopes:?}", route.method, route.template)
            })
            .collect();
        promised.sort_unstable();
        kept.sort_unstable();
        assert_eq!(kept, promised);
    }
}

/// The scopes under `OAuth2Security`; none for an operation that everyone may call.
fn scopes(document: &serde_json::Value, operation: &openapi::Operation) -> Vec<String> {
    let security =
        document["paths"][&operation.template][operation.method.to_lowercase()]["security"]
            .as_array()
            .cloned()
            .unwrap_or_default();
    if security
        .iter()
        .any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
    {
        return Vec::new();
    }
    let mut scopes: Vec<String> = security
        .iter()
        .filter_map(|one| one.get("OAuth2Security")?.as_array())
        .flatten()
        .filter_map(|scope| scope.as_str().map(str::to_owned))
        .collect();
    scopes.sort_unstable();
    scopes
}
