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
        apply(
            &action(name, Flow::Request, pairs),
            &mut message,
            &Around::default(),
        );
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
        &Around::default(),
    );
    assert_eq!(message.query, "a=1&b%20c=2&a=3&d%26e=%C3%BC");
    for (name, rest) in [("a", "b%20c=2"), ("b c", "a=1&a=3")] {
        let mut message = request();
        let removed = action("removeQueryParam", Flow::Request, &[("paramKey", name)]);
        apply(&removed, &mut message, &Around::default());
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
        &Around::default(),
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
    apply(&change, &mut message, &Around::default());
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
        let found = apply(
            &filter,
            &mut request(),
            &Around {
                client: address.parse().ok(),
                fault: None,
            },
        );
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
    let effect = apply(
        &action("respond", Flow::Fault, &pairs),
        &mut message,
        &Around::default(),
    );
    assert_eq!((effect, message.status), (Effect::Answered, 418));
    assert_eq!(message.body.as_deref(), Some(b"{}".as_slice()));
    assert_eq!(
        message.headers.get("content-type"),
        Some("application/json")
    );
    assert_eq!(message.headers.get("content-length"), None);
    let mut message = request();
    let redirect = action("redirect", Flow::Request, &[("location", "/new")]);
    apply(&redirect, &mut message, &Around::default());
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
    ] {
        let mut message = request();
        message.headers.set("content-type", "application/json");
        message.body = Some(body.into());
        apply(&mask, &mut message, &Around::default());
        // As values: which order names come in hangs on who else is built along.
        let masked: serde_json::Value = serde_json::from_slice(&message.body.unwrap()).unwrap();
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(masked, expected, "{body}");
    }
    for (kind, effect) in [
        ("application/json", Effect::Unreadable),
        ("text/plain", Effect::Done),
    ] {
        let mut message = request();
        message.headers.set("content-type", kind);
        message.body = Some(br#"[{"card":"#.to_vec());
        assert_eq!(apply(&mask, &mut message, &Around::default()), effect);
        assert_eq!(message.body.as_deref(), Some(br#"[{"card":"#.as_slice()));
    }
}

#[test]
fn the_log_is_told_no_secret() {
    let pairs = [
        ("message", "seen"),
        ("headers", "X-A, authorization, x-none"),
    ];
    let mut message = request();
    message.headers.set("authorization", "Bearer t0p");
    let effect = apply(
        &action("logMessage", Flow::Request, &pairs),
        &mut message,
        &Around::default(),
    );
    let line = "seen x-a=1 authorization=*** x-none=-".to_owned();
    assert_eq!(effect, Effect::Noted(line));
}

#[test]
fn faults_are_told_in_the_owners_words() {
    let around = Around {
        client: None,
        fault: Some(Told {
            code: "900902",
            message: "Missing Credentials",
            description: "say \"please\" <b>".to_owned(),
            request_id: "r1".to_owned(),
        }),
    };
    let json = r#"{"c":"{code}","d":"{description}","o":{"x":"{other}"}}"#;
    for (codes, kind, body, expected) in [
        (
            "",
            "application/json",
            json,
            r#"{"c":"900902","d":"say \"please\" <b>","o":{"x":"{other}"}}"#,
        ),
        (
            "900902,900901",
            "text/xml",
            "<f>{description}{</f>",
            "<f>say &quot;please&quot; &lt;b&gt;{</f>",
        ),
        ("900901", "text/plain", "{message}", "old"),
        (
            "",
            "text/plain",
            "{message} {requestId}",
            "Missing Credentials r1",
        ),
    ] {
        let pairs = [
            ("codes", codes),
            ("statusCode", "418"),
            ("contentType", kind),
            ("body", body),
        ];
        let mut message = request();
        message.status = 401;
        message.body = Some(b"old".to_vec());
        apply(
            &action("customFault", Flow::Fault, &pairs),
            &mut message,
            &around,
        );
        let written = String::from_utf8(message.body.unwrap()).unwrap();
        assert_eq!(written, expected);
        assert_eq!(message.status, if expected == "old" { 401 } else { 418 });
    }
    let status = [("body", "x"), ("statusCode", "200")];
    assert_eq!(places("customFault", Flow::Fault, &status), ["statusCode"]);
}

#[test]
fn dynamic_addresses_are_those_that_are_allowed() {
    let by_header = |address: &str| {
        let mut step = action(
            "setDynamicEndpoint",
            Flow::Request,
            &[("headerName", "x-to")],
        );
        if let Action::SetEndpoint { allowed, .. } = &mut step {
            *allowed = vec![
                "https://a.example/v1/".to_owned(),
                "https://b.example".to_owned(),
            ];
        }
        let mut message = request();
        message.headers.set("x-to", address);
        let effect = apply(&step, &mut message, &Around::default());
        assert_eq!(message.headers.get("x-to"), None);
        effect
    };
    for good in [
        "https://a.example/v1",
        "https://a.example/v1/x",
        "https://b.example/",
    ] {
        let address = good.trim_end_matches('/').to_owned();
        assert_eq!(by_header(good), Effect::Elsewhere(address));
    }
    for bad in [
        "https://a.example/v2",
        "https://a.example/v10",
        "https://b.example.evil",
        "https://b.example@evil.example/",
        "https://b.example:99/",
        "https://a.example/v1/../v2",
        "https://a.example/v1/%2e%2e/v2",
        "https://b.example/?x",
        "http://b.example",
        "",
    ] {
        assert_eq!(by_header(bad), Effect::Astray, "{bad}");
    }
    let both = [("headerName", "x-to"), ("url", "https://a.example")];
    assert_eq!(places("setDynamicEndpoint", Flow::Request, &both), ["url"]);
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
