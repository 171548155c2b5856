use super::*;

fn given(pairs: &[(&str, &str)]) -> Given {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

fn action(name: &str, flow: Flow, pairs: &[(&str, &str)]) -> Action {
    read(name, flow, given(pairs)).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"))
}

fn places(name: &str, flow: Flow, pairs: &[(&str, &str)]) -> Vec<&'static str> {
    let wrong = read(name, flow, given(pairs)).expect_err("bad input is taken");
    wrong.into_iter().map(|(place, _)| place).collect()
}

fn request() -> Message {
    Message {
        method: "POST".into(),
        path: "/pet".into(),
        query: "a=1&b%20c=2&a=3".into(),
        status: 0,
        headers: [("x-a", "1"), ("content-type", "text/plain")]
            .into_iter()
            .collect(),
        body: None,
    }
}

#[test]
fn headers_are_set_added_and_removed() {
    let pairs = [("headerName", "X-A"), ("headerValue", "2")];
    for (name, expected) in [
        ("setHeader", vec!["2"]),
        ("addHeader", vec!["1", "2"]),
        ("removeHeader", vec![]),
    ] {
        let pairs = if name == "removeHeader" {
            &pairs[..1]
        } else {
            &pairs
        };
        let mut message = request();
        apply(&action(name, Flow::Request, pairs), &mut message, None);
        let values: Vec<_> = message.headers.all("x-a").collect();
        assert_eq!(values, expected, "{name}");
    }
}

#[test]
fn headers_of_the_gateway_are_left_alone() {
    for name in [
        "Host",
        "content-length",
        "set-cookie",
        "x-postern-hops",
        "a b",
        "",
    ] {
        let pairs = [("headerName", name), ("headerValue", "1")];
        assert_eq!(
            places("setHeader", Flow::Request, &pairs),
            ["headerName"],
            "{name}"
        );
    }
    let pairs = [("headerName", "x"), ("headerValue", "a\r\nb: c")];
    assert_eq!(places("addHeader", Flow::Request, &pairs), ["headerValue"]);
}

#[test]
fn query_parameters_are_encoded_and_found_however_spelled() {
    let mut message = request();
    let added = [("paramKey", "d&e"), ("paramValue", "ü")];
    apply(
        &action("addQueryParam", Flow::Request, &added),
        &mut message,
        None,
    );
    assert_eq!(message.query, "a=1&b%20c=2&a=3&d%26e=%C3%BC");
    for (name, rest) in [("a", "b%20c=2"), ("b c", "a=1&a=3")] {
        let mut message = request();
        let removed = action("removeQueryParam", Flow::Request, &[("paramKey", name)]);
        apply(&removed, &mut message, None);
        assert_eq!(message.query, rest, "{name}");
    }
}

#[test]
fn a_path_stays_below_its_endpoint() {
    let mut message = request();
    let pairs = [
        ("newResourcePath", "v2/pet"),
        ("includeQueryParams", "false"),
    ];
    apply(
        &action("rewriteResourcePath", Flow::Request, &pairs),
        &mut message,
        None,
    );
    assert_eq!(
        (message.path.as_str(), message.query.as_str()),
        ("/v2/pet", "")
    );
    for path in ["/a/../b", "/%2E%2e/b", "/a?b", "/a#b", "/a\\b", "/{id}"] {
        let pairs = [("newResourcePath", path)];
        let found = places("rewriteResourcePath", Flow::Request, &pairs);
        assert_eq!(found, ["newResourcePath"], "{path}");
    }
}

#[test]
fn a_call_that_becomes_a_get_has_no_body() {
    let mut message = request();
    let change = action(
        "changeHTTPMethod",
        Flow::Request,
        &[("updatedMethod", "GET")],
    );
    apply(&change, &mut message, None);
    assert_eq!(
        (message.method.as_str(), message.body),
        ("GET", Some(Vec::new()))
    );
    assert_eq!(message.headers.get("content-type"), None);
}

#[test]
fn addresses_are_let_in_or_kept_out() {
    let ranges = ("addresses", "192.0.2.0/24, 2001:db8::/32");
    for (mode, address, effect) in [
        ("allow", "192.0.2.7", Effect::Done),
        ("allow", "::ffff:192.0.2.7", Effect::Done),
        ("allow", "192.0.3.7", Effect::Refused),
        ("allow", "", Effect::Refused),
        ("deny", "2001:db8::1", Effect::Refused),
        ("deny", "2001:db9::1", Effect::Done),
        ("deny", "", Effect::Refused),
    ] {
        let filter = action("ipFilter", Flow::Request, &[("mode", mode), ranges]);
        let found = apply(&filter, &mut request(), address.parse().ok());
        assert_eq!(found, effect, "{mode} {address}");
    }
    for bad in ["192.0.2.0/33", "example.org", ""] {
        let pairs = [("mode", "deny"), ("addresses", bad)];
        assert_eq!(
            places("ipFilter", Flow::Request, &pairs),
            ["addresses"],
            "{bad}"
        );
    }
}

#[test]
fn answers_replace_what_was_there() {
    let pairs = [("statusCode", "418"), ("body", "{}")];
    let mut message = request();
    message.headers.set("content-length", "99");
    let effect = apply(&action("respond", Flow::Fault, &pairs), &mut message, None);
    assert_eq!((effect, message.status), (Effect::Answered, 418));
    assert_eq!(message.body.as_deref(), Some(b"{}".as_slice()));
    assert_eq!(
        message.headers.get("content-type"),
        Some("application/json")
    );
    assert_eq!(message.headers.get("content-length"), None);
    let mut message = request();
    let redirect = action("redirect", Flow::Request, &[("location", "/new")]);
    apply(&redirect, &mut message, None);
    assert_eq!(
        (message.status, message.headers.get("location")),
        (302, Some("/new"))
    );
    assert_eq!(
        places("respond", Flow::Request, &[("statusCode", "99")]),
        ["statusCode"]
    );
    let script = [("location", "javascript:alert(1)")];
    assert_eq!(places("redirect", Flow::Request, &script), ["location"]);
}

#[test]
fn masked_fields_are_never_shown() {
    let mask = action(
        "maskFields",
        Flow::Response,
        &[("fields", "/*/card, /0/a~1b")],
    );
    for (body, expected) in [
        (
            r#"[{"card":{"n":1},"id":2},{"card":3,"a/b":4}]"#,
            r#"[{"card":"****","id":2},{"a/b":4,"card":"****"}]"#,
        ),
        (r#"[{"a/b":1}]"#, r#"[{"a/b":"****"}]"#),
        (r#""none""#, r#""none""#),
        (r#"[{"card":"#, "null"),
    ] {
        let mut message = request();
        message.headers.set("content-type", "application/json");
        message.body = Some(body.into());
        apply(&mask, &mut message, None);
        let masked = String::from_utf8(message.body.unwrap()).unwrap();
        assert_eq!(masked, expected, "{body}");
    }
}

#[test]
fn each_fault_of_a_policy_is_named() {
    assert_eq!(places("noSuch", Flow::Request, &[]), [""]);
    assert_eq!(
        places("redirect", Flow::Response, &[("odd", "1")]),
        ["", "location", ""]
    );
    let method = [("updatedMethod", "FETCH")];
    assert_eq!(
        places("changeHTTPMethod", Flow::Request, &method),
        ["updatedMethod"]
    );
}

#[test]
fn each_kind_has_a_page_that_names_its_attributes() {
    for kind in CATALOGUE {
        let path = format!(
            "{}/../../docs/policies/{}.md",
            env!("CARGO_MANIFEST_DIR"),
            kind.name
        );
        let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {path}"));
        for attribute in kind.attributes {
            let named = format!("`{}`", attribute.name);
            assert!(page.contains(&named), "{}: {named}", kind.name);
        }
    }
}
