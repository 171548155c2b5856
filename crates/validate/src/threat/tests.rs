//! What guards refuse, and what they let pass.

use serde_json::{Map, Value, json};

use super::*;

fn guard(policy: &str, parameters: Value) -> Guard {
    let parameters: Map<String, Value> = serde_json::from_value(parameters).expect("an object");
    let guard = read(policy, &parameters)
        .expect("a guard")
        .expect("no fault");
    let kept = serde_json::to_string(&guard).expect("is JSON");
    serde_json::from_str(&kept).expect("reads back")
}

fn found(guard: &Guard, content_type: &str, text: &str) -> String {
    guard
        .body(content_type, text.as_bytes())
        .map_or_else(String::new, |it| it.message)
}

#[test]
fn json_beyond_its_limits_is_refused() {
    let guard = guard(
        "jsonValidator",
        json!({
            "maxPropertyCount": "2", "maxStringLength": "3", "maxArrayElementCount": 3, "maxKeyLength": "2", "maxJsonDepth": "3",
        }),
    );
    let check = |text: &str, expected: &str| {
        assert_eq!(found(&guard, "application/json", text), expected, "{text}");
    };
    check(r#"{"a":[1,2,{}],"b":"x\u0041\n"}"#, "");
    check(
        r#"{"a":1,"b":2,"c":3}"#,
        "has more than 2 properties in one object",
    );
    check(r#"["abcd"]"#, "has more than 3 characters in one text");
    check("[\"äöü\"]", "");
    check("[1,2,3,4]", "has more than 3 elements in one array");
    check(r#"[1,[2,2],3]"#, "");
    check(
        r#"{"abc":1}"#,
        "has more than 2 characters in one property's name",
    );
    check("[[[[1]]]]", "has more than 3 levels inside each other");
    check(
        &"[".repeat(1_000_000),
        "has more than 3 levels inside each other",
    );
    check("[1", "is not JSON: it ends too early");
    check("{]", "is not JSON: a bracket closes that was not opened");
    check("[\"abc", "is not JSON: a text does not end");
    check(
        "[1 // no\n]",
        "is not JSON: it has a character that has no place there",
    );
    // Whatever it calls itself.
    assert_eq!(
        found(&guard, "text/plain", "[[[[1]]]]"),
        "has more than 3 levels inside each other"
    );
    assert_eq!(found(&guard, "text/plain", "hello"), "");
}

#[test]
fn xml_beyond_its_limits_is_refused() {
    let guard = guard(
        "XMLThreatProtector",
        json!({
            "maxXMLDepth": 3, "elementCount": 6, "attributeCount": 2, "attributeLength": 5, "childrenPerElement": 3,
        }),
    );
    let check = |text: &str, expected: &str| {
        assert_eq!(found(&guard, "text/xml", text), expected, "{text}");
    };
    check(
        "<?xml version='1.0'?><!-- <x> --><a b='1' c=\"2\"><b><c/></b><![CDATA[<<<]]>&lt;</a>",
        "",
    );
    check(
        "<a><b><c><d/></c></b></a>",
        "has more than 3 elements inside each other",
    );
    check(
        "<a><b/><b/><b/><b/></a>",
        "has more than 3 elements directly inside one",
    );
    check(
        "<a><b/><b><c/><c/></b><b><c/></b></a>",
        "has more than 6 elements",
    );
    check(
        "<a b='' c='' d=''/>",
        "has more than 2 attributes in one element",
    );
    check("<a b='>23456'/>", "has more than 5 bytes in one attribute");
    check(
        "<!DOCTYPE a><a/>",
        "has a document type (DTD), which is not allowed here",
    );
    check("<a>", "is not XML: it ends too early");
    check("</a>", "is not XML: an element closes that was not opened");
    check("<a <b/></a>", "is not XML: `<` inside an element's tag");
    assert_eq!(
        found(&guard, "text/plain", "<!DOCTYPE a><a/>"),
        "has a document type (DTD), which is not allowed here"
    );
    let wide: Vec<u8> = "<a/>".bytes().flat_map(|byte| [byte, 0]).collect();
    assert_eq!(
        guard.body("text/xml", &wide).expect("is refused").message,
        "is not XML in UTF-8"
    );
}

#[test]
fn entities_that_multiply_are_counted_and_never_made() {
    let guard = guard(
        "xmlValidator",
        json!({"dtdEnabled": "true", "entityExpansionLimit": "100"}),
    );
    let check = |text: &str, expected: &str| {
        assert_eq!(found(&guard, "application/xml", text), expected, "{text}");
    };
    let mut laughs = "<!DOCTYPE a [<!ENTITY l0 'ha'>".to_owned();
    for level in 1..60 {
        let text = format!("&l{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{level} '{text}'>"));
    }
    check(
        &format!("{laughs}]><a>&l59;</a>"),
        "expands more than 100 entities",
    );
    check(&format!("{laughs}]><a>&l1;</a>"), "");
    check(
        "<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]><a>&x;</a>",
        "has an entity that contains itself",
    );
    for text in [
        "<!DOCTYPE a SYSTEM 'http://evil/x.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % p PUBLIC 'x' 'http://evil'> %p;]><a/>",
    ] {
        check(
            text,
            "refers to an entity from elsewhere, which is not allowed here",
        );
    }
}

#[test]
fn injections_are_seen_however_they_are_spelled() {
    let guard = guard("regexPolicy", json!({}));
    let check = |text: &str, expected: &str| {
        let message = match expected {
            "" => String::new(),
            other => format!("looks like {other}"),
        };
        assert_eq!(found(&guard, "text/plain", text), message, "{text}");
    };
    for text in [
        "1' OR '1'='1",
        "1 or 1=1",
        "x%27%20or%20%27a%27%3D%27a",
        "x%2527%20or%201%3d1",
        "1; DROP TABLE users",
        "1 UNION/**/SELECT password FROM users",
        "1 UNION/*/ */SELECT password FROM users",
        r#"{"a":"x\u0027 or 1=1"}"#,
        "admin'--",
        "1 AND SLEEP(5)",
        "'; exec xp_cmdshell('dir')",
        "1') or ('a'='a",
    ] {
        check(text, "SQL injection");
    }
    for text in [
        "<script>alert(1)</script>",
        "%3Cscript%3E",
        "&lt;script&gt;",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        r#"{"a":"\u003csvg/onload=x>"}"#,
        "<a href='java&#115;cript:x'>",
        "<b title='<' onmouseover = 'x'>",
        "document.cookie",
    ] {
        check(text, "JavaScript injection");
    }
    check("<!--#exec cmd=\"ls\" -->", "server-side include injection");
    check(
        "//user[name/text()='x'] | //*[child::node()]",
        "XPath injection",
    );
    for text in [
        "../../etc/passwd",
        "..%2f..%2fx",
        "a/%2e%2e/b",
        "..\\x",
        "%252e%252e%252f",
    ] {
        check(text, "path traversal");
    }
}

/// Each beginning was once looked for its end to the end of the text: this took minutes.
#[test]
fn comments_that_never_end_are_gone_through_once() {
    let guard = guard("regexPolicy", json!({}));
    let text = "/* ".repeat(1 << 20);
    assert_eq!(found(&guard, "text/plain", &text), "");
    let ends = format!("{}*/ union */ select", "/*".repeat(1 << 10));
    assert_eq!(
        found(&guard, "text/plain", &ends),
        "",
        "behind the first end there is no comment"
    );
    let hidden = format!("{}*/ 1 union/*{}*/select", "/*".repeat(9), "/* ".repeat(9));
    assert_eq!(
        found(&guard, "text/plain", &hidden),
        "looks like SQL injection"
    );
}

#[test]
fn ordinary_texts_look_like_nothing() {
    let guard = guard("regexPolicy", json!({}));
    for text in [
        "It's a good day, and 5 people or more will come; don't drop it.",
        r#"{"name":"Pizza \"O'Hara\"","price":12.5,"tags":["a","b"],"note":"select one from the list"}"#,
        "Order: union of students, updated 2026-11-26",
        "a...b and 1..2",
        "<order><item id='1'>tea</item></order>",
        "I said 'no' and left",
        "https://example.com/a?b=c&d=e",
        "5 > 3 && 2 < 4",
    ] {
        assert_eq!(found(&guard, "text/plain", text), "", "{text}");
    }
}

#[test]
fn heads_are_looked_at_where_it_was_asked_for() {
    let all = guard("regexPolicy", json!({"threatType": "SQL-Injection"}));
    let head = |guard: &Guard, path: &str, query: &str, header: &str| {
        let headers = [("authorization", "' or 1=1"), ("x-name", header)];
        guard
            .head(path, query, headers.into_iter())
            .map(|it| it.place)
    };
    assert_eq!(head(&all, "/a", "a=1&b=2", "x"), None);
    assert_eq!(
        head(&all, "/a'%20or%201=1", "", "x").as_deref(),
        Some("path")
    );
    assert_eq!(
        head(&all, "/a", "a=1&b=1'+or+1=1", "x").as_deref(),
        Some("query.b")
    );
    assert_eq!(
        head(&all, "/a", "", "' or 1=1").as_deref(),
        Some("header.x-name")
    );
    let body = guard(
        "regexPolicy",
        json!({"enabledCheckPathParams": false, "enabledCheckHeaders": "false"}),
    );
    assert_eq!(head(&body, "/a", "b=1'+or+1=1", "' or 1=1"), None);
    let own = guard(
        "RegularExpressionProtector",
        json!({"regex": ".*ALTER.*|.*DROP.*", "threatType": "SQL-Injection and XSS"}),
    );
    assert_eq!(
        head(&own, "/a", "b=x%20DROP", "x").as_deref(),
        Some("query.b")
    );
}

#[test]
fn parameters_that_mean_nothing_are_faults() {
    let parameters = json!({"maxJsonDepth": "deep"});
    let faults =
        read("jsonValidator", parameters.as_object().expect("an object")).expect("a guard");
    assert_eq!(faults.expect_err("is refused")[0].0, "maxJsonDepth");
    let parameters = json!({"threatType": "Aliens"});
    let faults = read("regexPolicy", parameters.as_object().expect("an object")).expect("a guard");
    assert_eq!(faults.expect_err("is refused")[0].0, "threatType");
    assert!(read("addHeader", &Map::new()).is_none());
}
