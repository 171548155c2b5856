use serde_json::json;

use super::*;

fn read(text: &str) -> (Result<Value, Fault>, Vec<Fault>) {
    let mut duplicates = Listed::default();
    let value = parse(text, &mut duplicates);
    (value, duplicates.into_list())
}

fn value(text: &str) -> Value {
    read(text).0.unwrap()
}

fn refusal(text: &str) -> Fault {
    read(text).0.unwrap_err()
}

#[test]
fn scalars_keep_what_was_written() {
    for (text, expected) in [
        ("no", json!("no")),
        ("on", json!("on")),
        ("y", json!("y")),
        ("true", json!(true)),
        ("False", json!(false)),
        ("~", json!(null)),
        ("null", json!(null)),
        ("", json!(null)),
        ("2024-01-31", json!("2024-01-31")),
        (
            "2001-12-14t21:59:43.10-05:00",
            json!("2001-12-14t21:59:43.10-05:00"),
        ),
        ("12:30:45", json!("12:30:45")),
        ("0123", json!("0123")),
        ("-007", json!("-007")),
        ("0", json!(0)),
        ("-1", json!(-1)),
        ("0o17", json!(15)),
        ("0x1F", json!(31)),
        ("-0x1F", json!("-0x1F")),
        ("1_000", json!("1_000")),
        ("+1", json!("+1")),
        ("1.0", json!(1.0)),
        (".5", json!(0.5)),
        ("1e3", json!(1000.0)),
        ("1.2.3", json!("1.2.3")),
        ("-", json!([null])),
        (".", json!(".")),
        (".inf", json!(".inf")),
        (".nan", json!(".nan")),
        ("1e999", json!("1e999")),
        ("9223372036854775808", json!(9_223_372_036_854_775_808_u64)),
        (
            "123456789012345678901234567890",
            json!(1.234_567_890_123_456_8e29),
        ),
        ("'1'", json!("1")),
        ("\"true\"", json!("true")),
        ("!!str 1", json!("1")),
        ("! 1", json!("1")),
        ("!!int '1'", json!(1)),
        ("!custom 1", json!(1)),
        ("|\n  a\n  b\n", json!("a\nb\n")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn keys_are_text_as_written() {
    let text = "200: a\nno: b\n1.10: c\n~: d\n2024-01-31: e\n0x10: f\n";
    assert_eq!(
        value(text),
        json!({"200": "a", "no": "b", "1.10": "c", "~": "d", "2024-01-31": "e", "0x10": "f"})
    );
}

#[test]
fn aliases_and_merge_keys_are_filled_in() {
    let text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd:\n  <<: [{x: 9}, *a]\n  '<<': 1\n";
    assert_eq!(
        value(text),
        json!({
            "a": {"x": 1, "y": 2},
            "b": {"x": 1, "y": 2},
            "c": {"y": 3, "x": 1},
            "d": {"<<": 1, "x": 9, "y": 2}
        })
    );
}

#[test]
fn alias_bomb_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = level - 1;
        let aliases = vec![format!("*a{below}"); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let fault = refusal(&text);
    assert_eq!(fault.code, FaultCode::TooManyValues);
    assert!(fault.line.is_some());
}

#[test]
fn alias_in_its_own_value_is_refused() {
    assert_eq!(refusal("a: &a [1, *a]").code, FaultCode::CircularReference);
}

#[test]
fn depth_beyond_limit_is_refused() {
    let flow = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let block = |levels: usize| "- ".repeat(levels) + "1";
    for nested in [flow, block] {
        assert!(read(&nested(MAX_DEPTH - 1)).0.is_ok());
        for levels in [MAX_DEPTH + 1, MAX_DEPTH + 2, 5_000] {
            assert_eq!(
                refusal(&nested(levels)).code,
                FaultCode::TooDeep,
                "{levels}"
            );
        }
    }
    let aliased = format!("a: &a {}\nb: {}", flow(60), flow(60).replace('1', "*a"));
    assert_eq!(refusal(&aliased).code, FaultCode::TooDeep);
}

#[test]
fn duplicate_keys_are_listed_with_places() {
    let (read, duplicates) = read("a:\n  b: 1\n  b: 2\nl:\n- x: 1\n  x: 3\n");
    assert_eq!(read.unwrap(), json!({"a": {"b": 1}, "l": [{"x": 1}]}));
    let places: Vec<_> = duplicates
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.line, fault.column))
        .collect();
    assert_eq!(
        places,
        [("/a/b", Some(3), Some(3)), ("/l/0/x", Some(6), Some(3))]
    );
}

#[test]
fn malformed_text_names_its_line() {
    for (text, line) in [
        ("a: 1\nb: [1, 2\nc: 3", 3),
        ("a: 1\n\tb: 2", 1),
        ("a: *nobody", 1),
        ("a: 'open", 1),
        ("a: b: c", 1),
    ] {
        let fault = refusal(text);
        assert_eq!(fault.code, FaultCode::Syntax, "{text}");
        assert_eq!(fault.line, Some(line), "{text}: {}", fault.message);
    }
}

#[test]
fn second_document_is_refused() {
    let fault = refusal("a: 1\n---\nb: 2\n");
    assert_eq!(
        (fault.code, fault.line),
        (FaultCode::NotADefinition, Some(2))
    );
    assert_eq!(value("---\na: 1\n...\n"), json!({"a": 1}));
}

#[test]
fn collection_as_key_is_refused() {
    for text in ["? [a, b]\n: 1", "{a: 1}: 2", "a: &a x\n*a : 2"] {
        assert_eq!(refusal(text).code, FaultCode::WrongType, "{text}");
    }
}
