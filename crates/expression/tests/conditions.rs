//! Conditions, patterns and templates, as whoever writes a rule sees them.

#![allow(clippy::panic, reason = "a text that cannot be read ends its story")]

use std::borrow::Cow;

use expression::{Call, Expression, Field, Pattern, Template, Undecided};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A call of ann's through `shop`.
struct Ann(Value);

fn ann() -> Ann {
    Ann(
        json!({"department": "sales", "level": 3, "realm": {"roles": ["reader", "writer"]}, "beta": true}),
    )
}

impl Call for Ann {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(match field {
            Field::Method => "POST",
            Field::Path => "/pets/1.0.0/pet/7",
            Field::Host => "api.example",
            Field::Address => "192.0.2.7",
            Field::User => "ann",
            Field::ApplicationId => "app-1",
            Field::ApplicationName => "Shop",
            Field::ApplicationOwner => return None,
            Field::Plan => "Gold",
            Field::ApiId => "api-1",
            Field::ApiName => "Pets",
            Field::ApiVersion => "1.0.0",
            Field::ApiContext => "/pets/1.0.0",
            Field::Organization => "default",
            Field::OperationMethod => "POST",
            Field::OperationTemplate => "/pet/{petId}",
        }))
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        (name == "x-shop").then_some(Cow::Borrowed("zurich"))
    }

    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        (name == "limit").then_some(Cow::Borrowed("50"))
    }

    fn claim(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

fn decide(text: &str) -> Result<bool, Undecided> {
    Expression::read(text)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
        .decide(&ann())
}

#[test]
fn conditions_that_are_met() {
    for text in [
        "true",
        "request.method == 'POST' && user == \"ann\"",
        "request.headers['X-Shop'] == 'zurich' || false",
        "request.headers.accept == 'x' || user == 'ann'",
        "'x-shop' in request.headers && !('accept' in request.headers)",
        "int(request.query.limit) + 1 == 51",
        "claims.level >= 3 && claims.level < 3.5",
        "'writer' in claims.realm.roles",
        "claims.realm.roles.exists(it, it.startsWith('wri')) && claims.realm.roles.all(r, r.size() == 6)",
        "claims['realm']['roles'][0] == 'reader'",
        "has(claims.realm.roles) && !has(claims.realm.groups) && !has(application.owner)",
        "request.path.matches('^/pets/[0-9.]+/pet/')",
        "api.context + operation.template == '/pets/1.0.0/pet/{petId}'",
        "subscription.plan in ['Gold', 'Silver']",
        "(claims.beta ? 1 : 2) * -3 == -3 && 7 % 4 == 3 && 7 / 2 == 3",
        "request.address.startsWith('192.0.2.') && api.name.lowerAscii() == 'pets'",
        "claims.department != 5 && null == null && [1, 2] == [1, 2.0]",
        r"'a\u0062\n' == 'ab\n' && size(r'\n') == 2 && string(1) == '1'",
    ] {
        assert_eq!(decide(text), Ok(true), "{text}");
    }
}

#[test]
fn what_is_not_there_decides_nothing() {
    for text in [
        "claims.gone == 'x'",
        "!(claims.gone == 'x')",
        "application.owner == 'ann'",
        "claims.department < 3",
        "1 / 0 == 1",
        "9223372036854775807 + 1 > 0",
        "claims.department",
        "true && claims.gone == 1",
    ] {
        assert_eq!(decide(text), Err(Undecided), "{text}");
        assert!(
            Expression::read(text).is_ok_and(|it| !it.is_met(&ann())),
            "{text}"
        );
    }
    assert_eq!(decide("false && claims.gone == 1"), Ok(false));
    assert_eq!(decide("claims.gone == 1 || true"), Ok(true));
}

#[test]
fn faults_name_their_place() {
    for (text, at, help) in [
        ("", 0, "too early"),
        ("user ==", 7, "too early"),
        ("user = 'ann'", 5, "does not belong"),
        ("usr == 'ann'", 0, "not known"),
        ("request.verb == 'GET'", 8, "no `verb`"),
        ("user == 'ann", 8, "not closed"),
        ("claims == 1", 0, "by name"),
        ("user.matches(api.name)", 13, "written out"),
        ("user.matches('(')", 13, "cannot be used"),
        ("user == 'ann' user", 14, "ends before"),
        ("1u == 1", 0, "a number is"),
        ("b'x' == 'x'", 0, "bytes"),
        ("has(user == 'ann')", 9, "is missing"),
        ("user.reverse()", 13, "not known"),
        ("99999999999999999999 == 1", 0, "too large"),
    ] {
        let fault = Expression::read(text).err();
        assert!(
            fault
                .as_ref()
                .is_some_and(|it| it.at == at && it.help.contains(help)),
            "{text}: {fault:?}"
        );
    }
}

#[test]
fn nothing_is_unbounded() {
    for text in [
        "(".repeat(4_000),
        "!".repeat(4_000),
        "[".repeat(4_000),
        "1+".repeat(2_000) + "1",
        "user ".repeat(2_000),
        format!("user.matches('{}')", "a{1000}".repeat(20)),
    ] {
        assert!(Expression::read(&text).is_err(), "{:.20}", text);
    }
    let list = format!("[{}]", "1,".repeat(100));
    let nested = format!("{list}.all(a, claims.realm.roles.all(b, {{}}))");
    let loops = "[1,1,1,1,1,1,1,1,1,1]";
    let text = format!(
        "{loops}.all(a, {loops}.all(b, {loops}.all(c, {loops}.all(d, {loops}.all(e, {loops}.all(f, a == b))))))"
    );
    assert!(Expression::read(&nested).is_err(), "braces are not there");
    assert_eq!(decide(&text), Err(Undecided), "ten to the sixth steps");
}

#[test]
fn a_pattern_matches_the_whole_value() {
    let pattern = Pattern::read("a|bc").unwrap_or_else(|fault| panic!("{fault}"));
    for (value, matches) in [
        ("a", true),
        ("bc", true),
        ("ab", false),
        ("xbc", false),
        ("bc\n", false),
        ("", false),
    ] {
        assert_eq!(pattern.matches(value), Some(matches), "{value}");
    }
    assert_eq!(
        pattern.matches(&"a".repeat(3_000)),
        None,
        "too long to be looked at"
    );
    for wrong in [
        "(",
        "a)|(b",
        "(?=a)b",
        r"(a)\1",
        "a{1000}{1000}",
        "(?x) a # ",
    ] {
        assert!(Pattern::read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_template_names_who_counts() {
    let template = Template::read("$userId:$apiContext:$resourceKey/$clientIp")
        .unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(
        template.render(&ann()),
        "ann:/pets/1.0.0:/pets/1.0.0/pet/{petId}:POST/192.0.2.7"
    );
    let wrong = [
        ("", 0),
        ("$nobody", 0),
        ("a:$userid", 2),
        ("$userId$", 7),
        ("$customProperty", 0),
        ("$customProperty.", 0),
        ("$cookie.name", 0),
    ];
    for (wrong, at) in wrong {
        assert_eq!(
            Template::read(wrong).err().map(|fault| fault.at),
            Some(at),
            "{wrong}"
        );
    }
}

#[test]
fn a_template_may_ask_for_what_callers_bring() {
    for (template, key) in [
        ("$customProperty.level", "3"),
        (
            "$customProperty.realm:$userId",
            "{\"roles\":[\"reader\",\"writer\"]}:ann",
        ),
        ("$header.X-Shop/$query.limit", "zurich/50"),
        ("$customProperty.nothing.$header.accept", "-.-"),
    ] {
        let read = Template::read(template).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(read.render(&ann()), key, "{template}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in ".{0,200}") {
        if let Ok(read) = Expression::read(&text) {
            let _ = read.is_met(&ann());
        }
        let _ = (Pattern::read(&text), Template::read(&text).map(|it| it.render(&ann())));
    }

    #[test]
    fn no_sentence_is_too_much(words in proptest::collection::vec(word(), 0..60)) {
        if let Ok(read) = Expression::read(&words.join(" ")) {
            let _ = read.is_met(&ann());
        }
    }
}

/// Words that expressions are made of.
fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "(",
        ")",
        "[",
        "]",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "==",
        "<",
        "in",
        "?",
        ":",
        ",",
        ".",
        "1",
        "2.5",
        "'a'",
        "user",
        "claims",
        "claims.realm",
        "request.headers",
        ".exists(x,",
        ".all(y,",
        "x",
        "y",
        "has(",
        "size(",
        "int(",
        ".matches('a+')",
        "null",
        "true",
        "9223372036854775807",
    ])
}
