use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const ANY: Limits = Limits {
    depth: None,
    complexity: None,
};

fn measured(document: &str, variables: &str, values: &Values) -> Result<Measure, Refusal> {
    let body = serde_json::json!({"query": document, "variables": variables}).to_string();
    let call = Call {
        body: &body,
        kind: "application/json; charset=utf-8",
        query: "",
    };
    judge(&call, values, &ANY)
}

fn both(document: &str) -> (u32, u64) {
    let found = measured(document, "{}", &Values::default()).unwrap();
    (found.depth, found.complexity)
}

fn why(document: &str) -> String {
    let refusal = measured(document, "", &Values::default()).unwrap_err();
    assert_eq!(refusal.code(), "900422", "{document}");
    refusal.to_string()
}

/// `Query.hero` is a `Hero` of 5, whose `friends` are heroes of 3.
fn heroes() -> Values {
    let field = |value, of: &str| Field {
        value,
        of: of.to_owned(),
    };
    let hero = [
        ("friends".to_owned(), field(3, "Hero")),
        ("name".to_owned(), field(0, "String")),
        ("id".to_owned(), field(1, "ID")),
    ];
    let query = [("hero".to_owned(), field(5, "Hero"))];
    Values::of(
        BTreeMap::from([("query".to_owned(), "Query".to_owned())]),
        BTreeMap::from([
            ("Query".to_owned(), query.into()),
            ("Hero".to_owned(), hero.into()),
        ]),
    )
}

fn complexity(document: &str, variables: &str) -> u64 {
    measured(document, variables, &heroes()).unwrap().complexity
}

#[test]
fn fields_count_by_level_and_number() {
    assert_eq!(both("{ a }"), (1, 1));
    assert_eq!(both("{a b c{d}}"), (2, 4));
    assert_eq!(
        both(
            "query Q($a: [Int!]! = [1, 2] @x(y: {z: 1})) @y { a: b(c: $a, d: {e: [{f: 1}]}) { c } }"
        ),
        (2, 2)
    );
    assert_eq!(
        both("{ a ... { b { c } } ... on X @include(if: false) { d } }"),
        (2, 4)
    );
    assert_eq!(
        both("# { x { y } }\n{ a(b: \"}\\\"{\", c: \"\"\"{ \\\"\"\" { \"\"\") }"),
        (1, 1)
    );
    assert_eq!(both("query A { a } mutation B { b { c { d } } e }"), (3, 4));
}

#[test]
fn aliases_and_fragments_count_each_time() {
    assert_eq!(both("{ a: x { y } b: x { y } }"), (2, 4));
    let spread = "{ a { ...F } b { ...F } } fragment F on T { c { ...G } } fragment G on U { d e }";
    assert_eq!(both(spread), (3, 8));
}

#[test]
fn values_follow_the_types() {
    assert_eq!(complexity("{ hero { name id } }", ""), 6);
    assert_eq!(
        complexity(
            "{ x: hero { friends { friends { id } } } other { id } }",
            ""
        ),
        14
    );
    assert_eq!(
        complexity("{ node { ... on Hero { friends { id } } } }", ""),
        5
    );
    assert_eq!(complexity("mutation { hero { id } }", ""), 2);
    assert_eq!(
        complexity(
            "{ hero { ...F } } fragment F on Hero { friends { id } }",
            ""
        ),
        9
    );
}

#[test]
fn lists_multiply_what_is_in_them() {
    assert_eq!(complexity("{ hero { friends(first: 10) { id } } }", ""), 45);
    assert_eq!(
        complexity("{ hero { friends(Limit: 10, last: 2) { id } } }", ""),
        45
    );
    let asked = "query ($n: Int = 4) { hero { friends(first: $n) { id } } }";
    assert_eq!(complexity(asked, ""), 21);
    assert_eq!(complexity(asked, "{\"n\": 100}"), 405);
    assert_eq!(complexity(asked, "{\"n\": \"100\"}"), 405);
    assert_eq!(complexity(asked, "{\"n\": 1e2}"), 405);
    assert_eq!(complexity(asked, "{\"n\": null}"), 9);
    assert_eq!(complexity("{ hero { friends(first: 0) { id } } }", ""), 9);
    assert_eq!(complexity("{ hero { friends(first: -3) { id } } }", ""), 9);
    let endless = "9".repeat(60);
    let nested = format!("{{ a(first: {endless}) {{ b(first: {endless}) {{ c }} }} }}");
    assert_eq!(complexity(&nested, ""), u64::MAX);
}

#[test]
fn what_is_no_query_is_refused() {
    assert!(why("{ ...F } fragment F on T { a { ...F } }").contains("within itself"));
    assert!(
        why("{ ...A } fragment A on T { ...B } fragment B on T { ...A }").contains("within itself")
    );
    assert!(why("{ ...F }").contains("not there"));
    assert!(why("{ a } fragment F on T { a } fragment F on T { a }").contains("twice"));
    assert!(why("fragment F on T { a }").contains("no operation"));
    assert!(why("type Query { a: Int }").contains("something else"));
    assert!(why(&format!("{}a{}", "{ a ".repeat(5_000), "}".repeat(5_000))).contains("nested"));
    assert!(why(&"{ a } ".repeat(20_000)).contains("more than"));
    for broken in [
        "",
        "{",
        "{ a",
        "{ a } }",
        "{ a(b: ) }",
        "{ a(b: {) }",
        "{ a \u{1} }",
        "{ a(b: \"x) }",
        "{ .. }",
        "{ a(b) }",
    ] {
        why(broken);
    }
}

#[test]
fn fragment_bomb_is_counted_in_one_walk() {
    let mut bomb = "{ ...F0 }".to_owned();
    for at in 0..150 {
        let next = at + 1;
        bomb.push_str(&format!(" fragment F{at} on T {{ ...F{next} ...F{next} }}"));
    }
    bomb.push_str(" fragment F150 on T { a }");
    assert_eq!(both(&bomb), (1, u64::MAX));
}

#[test]
fn everything_that_a_server_may_run_counts() {
    let judged = |query: &str, kind: &str, body: &str| {
        judge(&Call { query, kind, body }, &Values::default(), &ANY)
    };
    let one = judged("a=b&query=%7B+a%7Bb%7D+%7D", "", "").unwrap();
    assert_eq!((one.depth, one.complexity), (2, 2));
    let of_both = judged("query={a}", "application/json", "{\"query\": \"{ b c }\"}").unwrap();
    assert_eq!(of_both.complexity, 3);
    let batch = "[{\"query\": \"{ a { b } }\"}, {\"query\": \"{ c }\", \"variables\": null}]";
    let batch = judged("", "application/json", batch).unwrap();
    assert_eq!((batch.depth, batch.complexity), (2, 3));
    assert_eq!(
        judged("", "application/graphql", "{ a }")
            .unwrap()
            .complexity,
        1
    );
    let listed = "query=query($n:Int){a(first:$n)}&variables={\"n\":7}";
    assert_eq!(judged(listed, "", "").unwrap().complexity, 7);
    for (query, kind, body) in [
        ("", "", ""),
        ("extensions={}", "", ""),
        ("", "application/json", "{\"extensions\": {}}"),
        ("", "application/json", "no"),
        (
            "",
            "application/json",
            "{\"query\": \"{ a }\", \"variables\": [1]}",
        ),
        ("", "multipart/form-data; boundary=x", "x"),
    ] {
        assert_eq!(
            judged(query, kind, body).unwrap_err().code(),
            "900422",
            "{query} {body}"
        );
    }
}

#[test]
fn limits_are_what_may_just_be_reached() {
    let call = Call {
        query: "query={a{b{c}}}",
        ..Call::default()
    };
    let judged =
        |depth, complexity| judge(&call, &Values::default(), &Limits { depth, complexity });
    assert!(judged(Some(3), Some(3)).is_ok());
    assert_eq!(judged(Some(2), Some(2)).unwrap_err().code(), "900820");
    assert_eq!(judged(None, Some(2)).unwrap_err().code(), "900821");
}

/// Selections within one another, with what they count.
fn selections() -> impl Strategy<Value = (String, u32, u64)> {
    let leaf = "[a-z]{1,3}".prop_map(|name| (name, 1, 1));
    leaf.prop_recursive(6, 60, 4, |inner| {
        (prop::collection::vec(inner, 1..4), 1_u64..4, any::<bool>()).prop_map(
            |(all, first, is_spread)| {
                let text: Vec<&str> = all.iter().map(|it| it.0.as_str()).collect();
                let text = text.join(" ");
                let depth = all.iter().map(|it| it.1).max().unwrap_or_default();
                let sum: u64 = all.iter().map(|it| it.2).sum();
                if is_spread {
                    return (format!("... on T @skip(if: true) {{ {text} }}"), depth, sum);
                }
                (
                    format!("x(first: {first}) {{ {text} }}"),
                    depth + 1,
                    first * (sum + 1),
                )
            },
        )
    })
}

proptest! {
    #[test]
    fn measure_is_the_sum_of_parts((text, depth, sum) in selections()) {
        prop_assert_eq!(both(&format!("{{ {text} }}")), (depth, sum));
        let spread = format!("{{ ...F a {{ ...F }} }} fragment F on T {{ {text} }}");
        prop_assert_eq!(both(&spread), (depth + 1, 2 * sum + 1));
    }

    #[test]
    fn no_text_breaks_it(text in "[{}()\\[\\]:$@!.\"\\\\# a-c0-9\n]{0,80}") {
        let _ = measured(&text, "{}", &heroes());
        let _ = measured(&format!("{{ {text} }}"), &text, &heroes());
    }
}
