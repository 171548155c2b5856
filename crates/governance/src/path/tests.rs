use serde_json::json;

use super::*;

fn found(path: &str) -> Vec<String> {
    let document = json!({
        "info": {"title": "a", "x-logo": {"url": "b"}},
        "paths": {
            "/a": {"get": {"tags": ["x", "y"], "deprecated": true}, "put": {"tags": []}, "parameters": [{"in": "query", "name": "q"}]},
            "/b": {"get": {"tags": ["z"]}},
        },
    });
    let nodes = Path::parse(path).unwrap().find(&document, &mut 10_000);
    nodes
        .into_iter()
        .map(|node| {
            format!(
                "{}{}",
                node.keys.join(" "),
                if node.is_key { "~" } else { "" }
            )
        })
        .collect()
}

#[test]
fn paths_lead_where_they_say() {
    for (path, expected) in [
        ("$", vec![""]),
        ("$.info.title", vec!["info title"]),
        ("$.info.x-logo.url", vec!["info x-logo url"]),
        ("$['info']['title']", vec!["info title"]),
        ("$.paths[*]~", vec!["paths /a~", "paths /b~"]),
        (
            "$.paths['/a'][get,put]",
            vec!["paths /a get", "paths /a put"],
        ),
        (
            "$.paths.*.get.tags[0]",
            vec!["paths /a get tags 0", "paths /b get tags 0"],
        ),
        (
            "$.paths.*.get.tags[-1:]",
            vec!["paths /a get tags 1", "paths /b get tags 0"],
        ),
        ("$..title", vec!["info title"]),
        ("$..[?(@.in == 'query')]", vec!["paths /a parameters 0"]),
        (
            "$.paths[*][?(@property === 'get' && @.deprecated)]",
            vec!["paths /a get"],
        ),
        (
            "$.paths[?(@property.match(/^\\/b/))].get",
            vec!["paths /b get"],
        ),
        (
            "$.paths[*][?(@property !== 'parameters' && !@.deprecated)]",
            vec!["paths /a put", "paths /b get"],
        ),
        ("$.paths[*].get.tags[?(@ == 'z')]^^", vec!["paths /b get"]),
        (
            "$.paths[*][?(@.tags && @.tags.length > 1)]",
            vec!["paths /a get"],
        ),
        ("$.nothing[*]", vec![]),
    ] {
        assert_eq!(found(path), expected, "{path}");
    }
}

#[test]
fn bad_paths_are_told() {
    for path in [
        "",
        "info",
        "$.",
        "$[",
        "$[]",
        "$.a b",
        "$..",
        "$[?(]",
        "$[?(@.a ==)]",
        "$[?(foo())]",
        "$.a~.b",
        "$[?(@.a.match(/(/))]",
    ] {
        assert!(Path::parse(path).is_err(), "{path}");
    }
    let deep = format!("$[?({}@.a{})]", "(".repeat(10_000), ")".repeat(10_000));
    assert!(Path::parse(&deep).is_err());
}

#[test]
fn steps_are_bounded() {
    let document = json!({"a": vec![1; 1_000]});
    let mut steps = 10;
    assert!(
        Path::parse("$.a[*]")
            .unwrap()
            .find(&document, &mut steps)
            .len()
            < 10
    );
    assert_eq!(steps, 0);
}
