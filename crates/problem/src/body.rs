//! The three shapes of a refusal.

use serde_json::{Map, Value, json};

use crate::{Problem, table::Family};

impl Problem {
    /// The gateway's fault body in WSO2's shape: all values are strings; run-time faults carry `type`, throttle faults
    /// `nextAccessTime`, and a blocked API has no `message` (facts of WSO2 API Manager 4, handlers of the gateway).
    #[must_use]
    pub fn gateway_body(&self) -> String {
        let mut body = Map::new();
        body.insert("code".into(), json!(self.entry.code));
        match self.entry.family {
            Family::Blocked => {
                body.insert("type".into(), json!(self.entry.title));
            }
            Family::Runtime => {
                body.insert("type".into(), json!("Status report"));
                body.insert("message".into(), json!(self.entry.title));
            }
            Family::Access | Family::Throttle | Family::Management => {
                body.insert("message".into(), json!(self.entry.title));
            }
        }
        let mut description = self.description().to_owned();
        if let Some(next) = &self.next_access {
            description.push_str(". You can access the API after ");
            description.push_str(&next.text);
            body.insert("nextAccessTime".into(), json!(next.text));
        }
        body.insert("description".into(), json!(description));
        if !self.faults.is_empty() {
            // Beside what the peer says: all of it, each with its place.
            let faults = self.faults.iter();
            let details = faults.map(|it| json!({"place": it.place, "message": it.message}));
            body.insert("details".into(), details.collect());
        }
        Value::Object(body).to_string()
    }

    /// The management REST error body in WSO2's shape: `code` is a number, `error` lists single faults, whose
    /// `code` is text.
    #[must_use]
    pub fn management_body(&self) -> String {
        let code: u64 = self.entry.code.parse().unwrap_or(500);
        let faults: Vec<Value> = self
            .faults
            .iter()
            .map(
                |fault| json!({"code": self.entry.code, "message": fault.message, "description": fault.place}),
            )
            .collect();
        json!({
            "code": code,
            "message": self.entry.title,
            "description": self.description(),
            "moreInfo": self.page(),
            "error": faults,
        })
        .to_string()
    }

    /// `application/problem+json` (RFC 9457) with `code` and, where there are several faults, `errors` beside.
    #[must_use]
    pub fn problem_json(&self, request_id: &str) -> String {
        let mut body = Map::new();
        body.insert("type".into(), json!(self.page()));
        body.insert("title".into(), json!(self.entry.title));
        body.insert("status".into(), json!(self.entry.status));
        body.insert("detail".into(), json!(self.description()));
        body.insert("code".into(), json!(self.entry.code));
        if !request_id.is_empty() {
            body.insert("requestId".into(), json!(request_id));
        }
        if let Some(next) = &self.next_access {
            body.insert("retryAfterSeconds".into(), json!(next.retry_after_seconds));
        }
        if !self.faults.is_empty() {
            let errors: Vec<Value> = self
                .faults
                .iter()
                .map(|fault| json!({"pointer": fault.place, "detail": fault.message}))
                .collect();
            body.insert("errors".into(), Value::Array(errors));
        }
        Value::Object(body).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::{NextAccess, Problem};

    /// The order of properties means nothing, and differs with the features that other crates ask of `serde_json`.
    fn read(body: &str) -> Value {
        serde_json::from_str(body).expect("a body is JSON")
    }

    #[test]
    fn gateway_bodies_keep_the_peers_shapes() {
        let check = |problem: Problem, expected: &str| {
            assert_eq!(read(&problem.gateway_body()), read(expected))
        };
        check(
            Problem::new("900902").detail("say who you are"),
            r#"{"code":"900902","description":"say who you are","message":"Missing Credentials"}"#,
        );
        check(
            Problem::new("700700").detail("closed"),
            r#"{"code":"700700","description":"closed","type":"API blocked"}"#,
        );
        check(
            Problem::new("404").detail("nothing here"),
            r#"{"code":"404","description":"nothing here","message":"Not Found","type":"Status report"}"#,
        );
        let next = NextAccess {
            retry_after_seconds: 9,
            text: "2026-Jan-31 10:00:00+0000 UTC".into(),
        };
        assert!(
            Problem::new("900804")
                .retry(next)
                .gateway_body()
                .contains("\"nextAccessTime\"")
        );
    }

    #[test]
    fn management_bodies_name_each_fault() {
        let body = Problem::new("400")
            .fault("/name", "is missing")
            .management_body();
        assert!(body.contains(r#""message":"is missing""#), "{body}");
        assert!(body.contains(r#""code":400"#), "{body}");
    }

    #[test]
    fn problem_documents_point_to_a_page() {
        let body = Problem::new("900908").problem_json("r-1");
        assert!(body.contains(r#""type":"/docs/errors/900908""#), "{body}");
        assert!(body.contains(r#""requestId":"r-1""#), "{body}");
    }
}
