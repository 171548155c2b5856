//! Bodies from templates (Jinja), within bounds.

use std::io::{self, Write};

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, value::Serde};
use serde::{Deserialize, Serialize};

use crate::{Fault, MOST_BYTES};

/// What a template may say of a message, as `message`; a body that is JSON is `body` too.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Message {
    /// Method of the call.
    pub method: String,
    /// Path below the endpoint's address.
    pub path: String,
    /// Query, as it is sent.
    pub query: String,
    /// Status of a reply; 0 of a request.
    pub status: u16,
    /// Headers by their names in lower case.
    pub headers: serde_json::Map<String, serde_json::Value>,
    /// The body as a text.
    pub text: String,
}

/// Can the template be read?
///
/// # Errors
/// What is wrong with it, and in which line.
pub fn check(template: &str) -> Result<(), Fault> {
    environment("")
        .template_from_str(template)
        .map(|_| ())
        .map_err(|error| told(&error))
}

/// The body that the template makes of a message. What is put in is written so that it cannot end the text around it, by
/// the media type: as JSON in JSON, with entities in XML and HTML, and as it is elsewhere.
///
/// # Errors
/// The template cannot be read, asks for what is not there, takes too many steps or makes too long a body.
pub fn made(template: &str, media_type: &str, message: &Message) -> Result<Vec<u8>, Fault> {
    let environment = environment(media_type);
    let read = environment
        .template_from_str(template)
        .map_err(|error| told(&error))?;
    let body: serde_json::Value = serde_json::from_str(&message.text).unwrap_or_default();
    let context = minijinja::context! { message => Value::from(Serde(message)), body => Value::from(Serde(&body)) };
    let mut bounded = Bounded(Vec::new());
    match read.render_captured_to(context, &mut bounded) {
        Ok(_) => Ok(bounded.0),
        Err(error) => Err(told(&error)),
    }
}

fn environment<'a>(media_type: &str) -> Environment<'a> {
    let mut environment = Environment::new();
    let kind = media_type.to_ascii_lowercase();
    let escape = if kind.contains("json") {
        AutoEscape::Json
    } else if kind.contains("xml") || kind.contains("html") {
        AutoEscape::Html
    } else {
        AutoEscape::None
    };
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(MOST_NESTED);
    environment
}

/// Kind and line: the detail may repeat a value.
fn told(error: &minijinja::Error) -> Fault {
    let line = error.line().unwrap_or_default();
    Fault::new(format!("template, line {line}: {}", error.kind()))
}

struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other("longer than a body may be"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Steps of one template: some milliseconds.
pub const FUEL: u64 = 100_000;
const MOST_NESTED: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message {
            method: "POST".into(),
            path: "/pet".into(),
            headers: [("x-a".to_owned(), "1".into())].into_iter().collect(),
            text: text.into(),
            ..Message::default()
        }
    }

    fn text(template: &str, kind: &str, body: &str) -> Result<String, String> {
        let made = made(template, kind, &message(body)).map_err(|it| it.to_string())?;
        Ok(String::from_utf8(made).unwrap())
    }

    #[test]
    fn what_is_put_in_cannot_end_the_text_around_it() {
        let body = r#"{"name": "a\"b<c>", "tags": ["x", 2]}"#;
        for (template, kind, expected) in [
            (
                r#"{"n": {{ body.name }}, "t": {{ body.tags }}}"#,
                "application/json",
                r#"{"n": "a\"b<c>", "t": ["x",2]}"#,
            ),
            (
                "<n>{{ body.name }}</n>",
                "text/xml",
                "<n>a&quot;b&lt;c&gt;</n>",
            ),
            (
                "{{ body.name }} {{ message.headers['x-a'] }} {{ message.method }}",
                "text/plain",
                "a\"b<c> 1 POST",
            ),
            (
                "{% for tag in body.tags %}{{ tag }};{% endfor %}",
                "text/plain",
                "x;2;",
            ),
        ] {
            assert_eq!(
                text(template, kind, body).as_deref(),
                Ok(expected),
                "{template}"
            );
        }
    }

    #[test]
    fn a_template_takes_no_more_than_it_may() {
        let endless =
            "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
        assert!(text(endless, "text/plain", "").is_err());
        let nested = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
        assert!(text(nested, "text/plain", "").is_err());
    }

    #[test]
    fn faults_have_a_line_and_no_value() {
        let wrong = "ok\n{{ 'secret' + }}";
        let fault = check(wrong).unwrap_err().to_string();
        assert!(
            fault.starts_with("template, line 2: ") && !fault.contains("secret"),
            "{fault}"
        );
        assert!(check("{{ body.a }}").is_ok());
        let fault = text("{{ message.text|int + 1 }}", "text/plain", "secret").unwrap_err();
        assert!(!fault.contains("secret"), "{fault}");
    }
}
