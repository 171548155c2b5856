//! Bodies that are made anew: XML and JSON as each other, and templates.

use shape::{template, xml};

use super::{Target, holds, text};

pub(super) const RESHAPE: Target = Target {
    name: "reshape",
    seeds: &[
        "<a b='1'>t<c>2</c><c/><!-- x --><![CDATA[<x>]]></a>",
        "<s:a xmlns:s='urn:s' xmlns='urn:t'><b/></s:a>",
        "{\"a\":{\"@b\":\"1\",\"#text\":\"t\",\"c\":[1,[2],null,true]}}",
        "[[1],{\"x\":\"<&>\\u0001\"}]",
        "[{\"xmlns:x\":\"y\"},{\"@xmlns:s\":\"urn:s\",\"s:a\":1}]",
    ],
    words: &[
        "<",
        ">",
        "</",
        "/>",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#0;",
        "&#x41;",
        "xmlns:",
        "=\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        "\"@",
        "\"#text\":",
        "\\ud800",
        ":",
        ",",
        "item",
    ],
    run: |input| {
        let as_json = xml::to_json(input);
        if let Ok(json) = &as_json {
            let read: Result<serde_json::Value, _> = serde_json::from_slice(json);
            holds(read.is_ok(), "what is made of XML is no JSON")?;
        }
        let as_xml = xml::from_json(input, "root");
        if let Ok(made) = &as_xml {
            holds(xml::to_json(made).is_ok(), "what is made of JSON is no XML")?;
        }
        Ok(as_json.is_ok() || as_xml.is_ok())
    },
};

pub(super) const TEMPLATE: Target = Target {
    name: "template",
    seeds: &[
        "{\"a\": {{ body.a }}, \"b\": {{ message.path|upper }}}",
        "{% for x in body.a %}{{ x }}{% else %}none{% endfor %}",
        "{% if message.headers['x-a'] == '1' and not body %}{{ message.text|length }}{% endif %}",
        "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1) }}{% set y = range(3)|list %}{{ y }}",
    ],
    words: &[
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "for",
        "in",
        "if",
        "endif",
        "endfor",
        "set",
        "range(",
        "|",
        "~",
        "*",
        "body",
        "message",
        ".a",
        "[0]",
        "['",
        "']",
        "loop.index",
        "|tojson",
        "|join(',')",
        "macro",
        "endmacro",
    ],
    run: |input| {
        let template = text(input);
        let is_good = template::check(&template).is_ok();
        let message = template::Message {
            path: "/pet".to_owned(),
            text: "{\"a\":[1,\"two\",{\"b\":null}]}".to_owned(),
            ..template::Message::default()
        };
        let made = template::made(&template, "application/json", &message);
        holds(
            is_good || made.is_err(),
            "a template that cannot be read makes a body",
        )?;
        Ok(is_good)
    },
};
