//! Bodies, and the definitions that they are held against.

use serde_json::{Map, Value, json};
use validate::{
    Mode, Source, compile,
    threat::{self, JsonLimits, XmlLimits},
};

use super::{Target, holds, text};

pub(super) const JSON: Target = Target {
    name: "json",
    seeds: &[
        r#"{"a":[1,2,{"b":"x\u0041\n"}],"c":null,"d":-1.5e3,"e":true}"#,
        "[[[[]]]]",
        "\"\\\"\"",
        "{}",
    ],
    words: &[
        "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "null", "true", "1e5", "\"a\":", "[[[[[[[[",
    ],
    run: |input| {
        let scanned = JsonLimits::default().scan(input);
        let Ok(value) = serde_json::from_slice::<Value>(input) else {
            return Ok(false);
        };
        holds(scanned.is_none(), "what is JSON is refused without a limit")?;
        // The limits are measured by the tree, which the scanner never makes. The tree keeps one of two equal names, and
        // the scanner counts both: exact only where no name stands twice.
        let is_exact = value.to_string().matches('"').count()
            == text(input).replace("\\\"", "").matches('"').count();
        let exact = measured(&value, 1);
        if is_exact && !input.contains(&b'\\') {
            holds(
                exact.scan(input).is_none(),
                "what is within its limits is refused",
            )?;
            let flat = JsonLimits {
                depth: exact.depth.saturating_sub(1),
                ..JsonLimits::default()
            };
            holds(
                exact.depth < 2 || flat.scan(input).is_some(),
                "what is too deep passes",
            )?;
            let short = JsonLimits {
                text: exact.text.saturating_sub(1),
                ..JsonLimits::default()
            };
            holds(
                exact.text < 2 || short.scan(input).is_some(),
                "a text that is too long passes",
            )?;
            let few = JsonLimits {
                elements: exact.elements.saturating_sub(1),
                ..JsonLimits::default()
            };
            holds(
                exact.elements < 2 || few.scan(input).is_some(),
                "an array that is too long passes",
            )?;
        }
        Ok(true)
    },
};

fn measured(value: &Value, depth: u32) -> JsonLimits {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut found = JsonLimits::default();
    let mut within = |inner: JsonLimits| {
        found.properties = found.properties.max(inner.properties);
        found.text = found.text.max(inner.text);
        found.elements = found.elements.max(inner.elements);
        found.name = found.name.max(inner.name);
        found.depth = found.depth.max(inner.depth);
    };
    match value {
        Value::String(text) => found.text = count(text.chars().count()),
        Value::Array(items) => {
            items.iter().for_each(|it| within(measured(it, depth + 1)));
            found.elements = found.elements.max(count(items.len()));
            found.depth = found.depth.max(depth);
        }
        Value::Object(object) => {
            object
                .values()
                .for_each(|it| within(measured(it, depth + 1)));
            for name in object.keys() {
                found.name = found.name.max(count(name.chars().count()));
            }
            found.properties = found.properties.max(count(object.len()));
            found.depth = found.depth.max(depth);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    found
}

pub(super) const XML: Target = Target {
    name: "xml",
    seeds: &[
        "<?xml version='1.0'?><!-- c --><a b='1'><c/>&lt;<![CDATA[<x>]]></a>",
        "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z '&x;&x;'>]><a>&z;</a>",
        "<!DOCTYPE a SYSTEM \"http://x/y.dtd\"><a/>",
    ],
    words: &[
        "<",
        ">",
        "</",
        "/>",
        "<!",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<!DOCTYPE ",
        "<!ENTITY ",
        "SYSTEM ",
        "&x;",
        "&#65;",
        "%p;",
        "'",
        "\"",
        "[",
        "]",
    ],
    run: |input| {
        let strict = XmlLimits {
            depth: 5,
            elements: 10,
            attributes: 3,
            attribute: 20,
            expansions: 10,
            children: 5,
            ..XmlLimits::default()
        };
        let loose = XmlLimits {
            dtd: true,
            external_entities: true,
            ..XmlLimits::default()
        };
        let is_refused = strict.scan(input).is_some();
        let is_refused_by_nobody = loose.scan(input).is_none();
        holds(
            is_refused || is_refused_by_nobody,
            "a stricter guard lets more through",
        )?;
        holds(
            is_refused || !text(input).starts_with("<!DOCTYPE"),
            "a document type passes",
        )?;
        Ok(is_refused_by_nobody)
    },
};

pub(super) const PATTERNS: Target = Target {
    name: "patterns",
    seeds: &[
        "a=1' or '1'='1",
        "%3Cscript%3E",
        "&lt;script&gt;",
        "\\u003csvg onload=x>",
        "1/**/union/**/select",
        "../../etc/passwd",
    ],
    words: &[
        "'", "\"", "--", ";", "/*", "*/", "<", ">", "%27", "%2527", "\\u0027", "&#39;", "&#x", ";",
        "or", "union", "select", "script", "on", "=", "..", "/",
    ],
    run: |input| {
        let Some(Ok(guard)) = threat::read("regexPolicy", &Map::new()) else {
            return Err("the policy is not read".to_owned());
        };
        let given = text(input);
        let found = guard.body("text/plain", input).is_some();
        let upper = given.to_ascii_uppercase();
        // Escapes are told by their case; without them, capitals hide nothing.
        if !given.contains(['\\', '&', '%']) {
            let shouted = guard.body("text/plain", upper.as_bytes()).is_some();
            holds(found == shouted, "capitals make a difference")?;
        }
        let head = guard.head(&given, &given, std::iter::once(("x", given.as_ref())));
        holds(
            !found || head.is_some(),
            "what is found in a body is not found in a head",
        )?;
        Ok(!found)
    },
};

pub(super) const DEFINITION: Target = Target {
    name: "definition",
    seeds: &[
        r##"{"openapi":"3.0.3","info":{"title":"A","version":"1"},"paths":{"/a/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/A"}}],"responses":{"200":{"description":"x","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/A"}}}}}}}}},"components":{"schemas":{"A":{"type":"object","nullable":true,"required":["a"],"properties":{"a":{"type":"string","pattern":"^a"},"b":{"$ref":"#/components/schemas/A"}}}}}}"##,
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {oneOf: [{type: string}, {type: 'null'}]}}}}\n      responses: {default: {description: x}}\n",
        r##"{"swagger":"2.0","info":{"title":"A","version":"1"},"paths":{"/a":{"post":{"parameters":[{"in":"body","name":"b","schema":{"$ref":"#/definitions/B"}}],"responses":{"200":{"description":"x","schema":{"type":"file"}}}}}},"definitions":{"B":{"allOf":[{"$ref":"#/definitions/B"}]}}}"##,
    ],
    words: &[
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"$ref\":\"#/\"",
        "\"type\":",
        "\"paths\"",
        "null",
        "- ",
        "\n  ",
        "&a ",
        "*a",
        "\"allOf\":[",
        "\"pattern\":\"(\"",
        "get",
        "/a/{id}",
    ],
    run: |input| {
        let given = text(input);
        let Ok(definition) = openapi::read(&given) else {
            return Ok(false);
        };
        let sources: Vec<Source<'_>> = definition
            .operations
            .iter()
            .map(|operation| source(&operation.method, &operation.template))
            .collect();
        if let Ok(contract) = compile(&definition.document, &sources) {
            let kept = serde_json::to_string(&contract).map_err(|error| error.to_string())?;
            let read: Result<validate::Contract, _> = serde_json::from_str(&kept);
            holds(read.is_ok(), "a contract does not survive its own text")?;
        }
        Ok(true)
    },
};

const fn source<'a>(method: &'a str, template: &'a str) -> Source<'a> {
    Source {
        method,
        template,
        request: Mode::Block,
        reply: Mode::Block,
        is_mocked: true,
    }
}

pub(super) const CONTRACT: Target = Target {
    name: "contract",
    seeds: &[
        r##"{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":1},"b":{"$ref":"#/components/schemas/S"}},"additionalProperties":false}|{"a":1,"b":{"a":2}}"##,
        r##"{"oneOf":[{"type":"string","format":"date-time"},{"type":"array","uniqueItems":true,"contains":{"const":1}}],"if":{"type":"string"},"then":{"pattern":"^\\d+$"}}|[1,2]"##,
        r##"{"allOf":[{"$ref":"#/components/schemas/S"},{"$ref":"#/components/schemas/S"}]}|null"##,
    ],
    words: &[
        "|",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"type\":\"string\"",
        "\"anyOf\":[",
        "\"not\":",
        "\"items\":",
        "\"$ref\":\"#/components/schemas/S\"",
        "\"enum\":[",
        "\"multipleOf\":0.1",
        "\"format\":\"uuid\"",
        "\"maxLength\":1",
        "\"patternProperties\":{\"^a\":",
        "1e400",
    ],
    run: |input| {
        let given = text(input);
        let (schema, body) = given.split_once('|').unwrap_or((&given, "{}"));
        let Ok(schema) = serde_json::from_str::<Value>(schema) else {
            return Ok(false);
        };
        let document = json!({
            "openapi": "3.1.0",
            "paths": {"/a": {"post": {
                "parameters": [{"name": "q", "in": "query", "schema": schema}],
                "requestBody": {"content": {"*/*": {"schema": schema}}},
                "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
            }}},
            "components": {"schemas": {"S": schema}},
        });
        let Ok(contract) = compile(&document, &[source("POST", "/a")]) else {
            return Ok(false);
        };
        let operation = contract
            .operation("POST", "/a")
            .ok_or("the operation is lost")?;
        let found = contract.request_body(operation, "application/json", Some(body.as_bytes()));
        holds(found.len() <= 50, "more is listed than fifty")?;
        holds(
            found.iter().all(|it| it.place.starts_with("body")),
            "a place is outside the body",
        )?;
        let call = validate::Call {
            template: "/a",
            path: "/a",
            query: body,
            headers: &[],
        };
        let _ = contract.parameters(operation, &call);
        Ok(found.is_empty())
    },
};
