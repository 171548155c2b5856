use serde_json::json;

use super::*;

fn read(text: &str) -> (Result<Value, Fault>, Vec<Fault>) {
    let mut duplicates = Listed::default();
    let value = parse(text, &mut duplicates);
    (value, duplicates.into_list())
}

#[test]
fn order_of_keys_is_kept() {
    let (value, duplicates) = read(r#"{"b": 1, "a": [true, null, -2, 1.5, "x"]}"#);
    assert_eq!(
        value.unwrap().to_string(),
        r#"{"b":1,"a":[true,null,-2,1.5,"x"]}"#
    );
    assert!(duplicates.is_empty());
}

#[test]
fn duplicate_keys_are_listed_with_pointers() {
    let (value, duplicates) =
        read(r#"{"a": {"b": 1, "b": 2}, "l": [0, {"x/y": 1, "x/y": 1}], "a": {}}"#);
    assert_eq!(value.unwrap(), json!({"a": {}, "l": [0, {"x/y": 1}]}));
    let pointers: Vec<_> = duplicates
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/a/b", "/l/1/x~1y", "/a"]);
}

#[test]
fn syntax_error_names_line_and_column() {
    let (value, _) = read("{\n  \"a\": 1,\n  b\n}");
    let fault = value.unwrap_err();
    assert_eq!(fault.code, FaultCode::Syntax);
    assert_eq!((fault.line, fault.column), (Some(3), Some(3)));
    assert_eq!(fault.message, "not valid JSON: key must be a string");
}

#[test]
fn trailing_text_is_refused() {
    assert_eq!(read("{} x").0.unwrap_err().code, FaultCode::Syntax);
}

#[test]
fn depth_beyond_limit_is_refused() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(&nested(MAX_DEPTH - 1)).0.is_ok());
    assert_eq!(
        read(&nested(MAX_DEPTH)).0.unwrap_err().code,
        FaultCode::TooDeep
    );
    assert_eq!(
        read(&nested(100_000)).0.unwrap_err().code,
        FaultCode::TooDeep
    );
}

#[test]
fn too_many_values_are_refused() {
    let text = format!("[{}0]", "0,".repeat(MAX_VALUES));
    assert_eq!(read(&text).0.unwrap_err().code, FaultCode::TooManyValues);
}
