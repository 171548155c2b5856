//! What a call asks: the documents in its address and in its body (GraphQL over HTTP, sections 4 and 5).

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::Refusal;

/// A call as it goes to its upstream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call<'a> {
    /// What stands after the `?` of its address.
    pub query: &'a str,
    /// Its `Content-Type`.
    pub kind: &'a str,
    /// Its body; empty for none.
    pub body: &'a str,
}

/// One document with its variables.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) document: String,
    pub(crate) variables: Map<String, Value>,
}

impl Call<'_> {
    /// Everything that some server might run of it: servers differ in whether the address or the body comes first.
    pub(crate) fn asked(&self) -> Result<Vec<Asked>, Refusal> {
        let mut found = Vec::new();
        found.extend(of_address(self.query)?);
        if !self.body.trim().is_empty() {
            let kind = self.kind.split(';').next().unwrap_or_default().trim();
            let is = |name: &str| kind.eq_ignore_ascii_case(name);
            if is("application/graphql") {
                found.push(Asked {
                    document: self.body.to_owned(),
                    variables: Map::new(),
                });
            } else if is("application/x-www-form-urlencoded") {
                found.extend(of_address(self.body)?);
            } else if kind.is_empty() || is("application/json") || kind.ends_with("+json") {
                of_json(self.body, &mut found)?;
            } else {
                return Err(unreadable(
                    "send the query as `application/json` or `application/graphql`, so that it can be measured",
                ));
            }
        }
        if found.is_empty() {
            return Err(unreadable(NO_QUERY));
        }
        Ok(found)
    }
}

fn of_address(query: &str) -> Result<Vec<Asked>, Refusal> {
    let mut documents = Vec::new();
    let mut variables = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "query" => documents.push(value.into_owned()),
            "variables" => variables.extend(variables_of(&Value::String(value.into_owned()))?),
            _ => {}
        }
    }
    let asked = documents.into_iter().map(|document| Asked {
        document,
        variables: variables.clone(),
    });
    Ok(asked.collect())
}

fn of_json(body: &str, found: &mut Vec<Asked>) -> Result<(), Refusal> {
    let body: Value = serde_json::from_str(body)
        .map_err(|_| unreadable("the body is no JSON; send `{\"query\": …}`"))?;
    let all = match body {
        Value::Array(all) if all.len() > MOST_DOCUMENTS => {
            let why = format!("the call has more than {MOST_DOCUMENTS} documents");
            return Err(Refusal::Unreadable(why));
        }
        Value::Array(all) => all,
        one @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => vec![one],
    };
    for one in all {
        let document = one.get("query").and_then(Value::as_str);
        let document = document.ok_or_else(|| unreadable(NO_QUERY))?.to_owned();
        let variables = one.get("variables").map_or(Ok(Map::new()), variables_of)?;
        found.push(Asked {
            document,
            variables,
        });
    }
    Ok(())
}

/// Some clients send them as the text of an object.
fn variables_of(value: &Value) -> Result<Map<String, Value>, Refusal> {
    let parsed = match value {
        Value::Null => return Ok(Map::new()),
        Value::String(text) if text.trim().is_empty() => return Ok(Map::new()),
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.clone(),
    };
    match parsed {
        Value::Object(variables) => Ok(variables),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(unreadable("`variables` is no object"))
        }
    }
}

fn unreadable(why: &str) -> Refusal {
    Refusal::Unreadable(why.to_owned())
}

const NO_QUERY: &str = "the call has no `query`, so that nobody can say how much it asks; send the document itself, also of a query that the upstream has stored";
/// In one batch.
const MOST_DOCUMENTS: usize = 100;
