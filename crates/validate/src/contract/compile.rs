//! From a definition to a [`Contract`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Body, CONTRACT_SCHEMA, Contract, Mode, Operation, essence,
    parameter::{Parameter, Part, Style},
    schema::Schemas,
};
use crate::mock::{self, made::Maker};

/// An operation as it is deployed, with what is wanted of its contract.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path template.
    pub template: &'a str,
    /// What becomes of requests that break the contract.
    pub request: Mode,
    /// What becomes of replies that break it.
    pub reply: Mode,
    /// Replies are made from the definition's examples.
    pub is_mocked: bool,
}

/// Compiles the contract of these operations. An operation that the definition does not have promises nothing.
///
/// # Errors
/// Places in the definition, and what about them cannot be held to.
pub fn compile(
    document: &Value,
    sources: &[Source<'_>],
) -> Result<Contract, Vec<(String, String)>> {
    let mut compiler = Compiler {
        schemas: Schemas::of(document),
        maker: Maker::of(document),
        document,
        is_swagger: document.get("swagger").is_some(),
    };
    let mut operations = BTreeMap::new();
    for source in sources {
        if let Some(operation) = compiler.operation(source) {
            operations.insert(format!("{} {}", source.method, source.template), operation);
        }
    }
    let Schemas { kept, faults, .. } = compiler.schemas;
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Contract {
        schema: CONTRACT_SCHEMA,
        operations,
        schemas: kept,
        ..Contract::default()
    })
}

struct Compiler<'a> {
    document: &'a Value,
    schemas: Schemas<'a>,
    maker: Maker<'a>,
    is_swagger: bool,
}

impl<'a> Compiler<'a> {
    fn operation(&mut self, source: &Source<'_>) -> Option<Operation> {
        let (item, given) = self.find(source.method, source.template)?;
        let place = format!("{} {}", source.method, source.template);
        let mut operation = Operation {
            request: source.request,
            reply: source.reply,
            ..Operation::default()
        };
        if source.request != Mode::Off {
            let parameters = self.parameters(item, given);
            operation.body = self.request_body(given, &parameters, &place);
            for parameter in parameters {
                operation
                    .parameters
                    .extend(self.parameter(parameter, &place));
            }
        }
        let replies = given.get("responses").and_then(Value::as_object);
        if source.reply != Mode::Off {
            for (status, reply) in replies.into_iter().flatten() {
                let reply = self.schemas.resolved(reply);
                let body = self.reply(given, reply, &place);
                operation
                    .replies
                    .insert(status.to_uppercase().replace("DEFAULT", "default"), body);
            }
        }
        if source.is_mocked {
            operation.examples = mock::examples(&self.maker, given);
        }
        Some(operation)
    }

    /// The path item and the operation in it. Templates are compared without a trailing slash.
    fn find(&self, method: &str, template: &str) -> Option<(&'a Value, &'a Value)> {
        let plain = |path: &str| {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            path.trim_end_matches('/').to_owned()
        };
        let wanted = plain(template);
        let paths = self.document.get("paths")?.as_object()?;
        let lower = method.to_ascii_lowercase();
        paths
            .iter()
            .filter(|(path, _)| plain(path) == wanted)
            .map(|(_, item)| self.schemas.resolved(item))
            .find_map(|item| item.get(&lower).map(|it| (item, it)))
    }

    /// The operation's own parameters, and those of its path that it does not replace.
    fn parameters(&self, item: &'a Value, operation: &'a Value) -> Vec<&'a Value> {
        let list = |of: &'a Value| {
            let given = of.get("parameters").and_then(Value::as_array);
            given.into_iter().flatten()
        };
        let mut found: Vec<&Value> = list(operation)
            .map(|it| self.schemas.resolved(it))
            .collect();
        for shared in list(item).map(|it| self.schemas.resolved(it)) {
            let same = |it: &&Value| {
                it.get("name") == shared.get("name") && it.get("in") == shared.get("in")
            };
            if !found.iter().any(same) {
                found.push(shared);
            }
        }
        found
    }

    fn parameter(&mut self, given: &'a Value, place: &str) -> Option<Parameter> {
        let text = |key: &str| given.get(key).and_then(Value::as_str);
        let name = text("name")?.to_owned();
        let part = match text("in")? {
            "path" => Part::Path,
            "query" => Part::Query,
            "header" => Part::Header,
            "cookie" => Part::Cookie,
            _ => return None,
        };
        // Held to by other means, as OpenAPI says of these.
        let lower = name.to_ascii_lowercase();
        if part == Part::Header
            && ["accept", "content-type", "authorization"].contains(&lower.as_str())
        {
            return None;
        }
        let place = format!("{place} {name}");
        let content = given.get("content").and_then(Value::as_object);
        let media = content.and_then(|content| content.values().next());
        let (schema, style) = match media {
            Some(media) => (media.get("schema"), Style::Json),
            None if self.is_swagger => (Some(given), swagger_style(given)),
            None => (given.get("schema"), style(given, part)),
        };
        let schema = schema.map_or(Value::Bool(true), |it| self.schemas.schema(it, &place));
        Some(Parameter {
            name,
            part,
            required: part == Part::Path || given.get("required") == Some(&Value::Bool(true)),
            style,
            schema: without_required_flag(schema),
        })
    }

    fn request_body(
        &mut self,
        operation: &'a Value,
        parameters: &[&'a Value],
        place: &str,
    ) -> Option<Body> {
        let place = format!("{place} requestBody");
        if !self.is_swagger {
            let given = self.schemas.resolved(operation.get("requestBody")?);
            return Some(Body {
                required: given.get("required") == Some(&Value::Bool(true)),
                content: self.content(given.get("content"), &place),
            });
        }
        let is_in = |it: &&&Value, part: &str| it.get("in").and_then(Value::as_str) == Some(part);
        if let Some(body) = parameters.iter().find(|it| is_in(it, "body")) {
            let schema = body
                .get("schema")
                .map_or(Value::Bool(true), |it| self.schemas.schema(it, &place));
            let kinds = self.kinds(operation, "consumes");
            return Some(Body {
                required: body.get("required") == Some(&Value::Bool(true)),
                content: kinds
                    .into_iter()
                    .map(|kind| (kind, schema.clone()))
                    .collect(),
            });
        }
        let mut fields = parameters.iter().filter(|it| is_in(it, "formData"));
        fields.next().map(|_| Body {
            required: false,
            content: [
                (
                    "application/x-www-form-urlencoded".to_owned(),
                    Value::Bool(true),
                ),
                ("multipart/form-data".to_owned(), Value::Bool(true)),
            ]
            .into(),
        })
    }

    fn reply(&mut self, operation: &'a Value, given: &'a Value, place: &str) -> Body {
        let place = format!("{place} responses");
        let content = if self.is_swagger {
            match given.get("schema") {
                None => BTreeMap::new(),
                Some(schema) => {
                    let schema = self.schemas.schema(schema, &place);
                    let kinds = self.kinds(operation, "produces");
                    kinds
                        .into_iter()
                        .map(|kind| (kind, schema.clone()))
                        .collect()
                }
            }
        } else {
            self.content(given.get("content"), &place)
        };
        Body {
            required: false,
            content,
        }
    }

    fn content(&mut self, given: Option<&'a Value>, place: &str) -> BTreeMap<String, Value> {
        let mut content = BTreeMap::new();
        for (kind, media) in given.and_then(Value::as_object).into_iter().flatten() {
            let schema = media
                .get("schema")
                .map_or(Value::Bool(true), |it| self.schemas.schema(it, place));
            content.insert(essence(kind), schema);
        }
        content
    }

    /// Swagger 2.0: the content types of the operation, or else of the document.
    fn kinds(&self, operation: &Value, key: &str) -> Vec<String> {
        let list = operation.get(key).or_else(|| self.document.get(key));
        let kinds: Vec<String> = list
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(essence)
            .collect();
        if kinds.is_empty() {
            return vec!["application/json".to_owned()];
        }
        kinds
    }
}

/// A parameter of Swagger 2.0 is its own schema, whose `required` says something else there.
fn without_required_flag(mut schema: Value) -> Value {
    if let Value::Object(keywords) = &mut schema
        && keywords.get("required").is_some_and(Value::is_boolean)
    {
        keywords.remove("required");
    }
    schema
}

fn style(given: &Value, part: Part) -> Style {
    let by_part = match part {
        Part::Query | Part::Cookie => "form",
        Part::Path | Part::Header => "simple",
    };
    let style = given
        .get("style")
        .and_then(Value::as_str)
        .unwrap_or(by_part);
    let explode = given.get("explode").and_then(Value::as_bool);
    match (style, explode.unwrap_or(style == "form")) {
        ("form", true) => Style::Repeated,
        ("simple", true) => Style::Pairs,
        ("spaceDelimited", false) => Style::Spaces,
        ("pipeDelimited", false) => Style::Pipes,
        ("deepObject", _) => Style::Deep,
        ("spaceDelimited" | "pipeDelimited", true) => Style::Repeated,
        _ => Style::Commas,
    }
}

fn swagger_style(given: &Value) -> Style {
    match given.get("collectionFormat").and_then(Value::as_str) {
        Some("ssv") => Style::Spaces,
        Some("tsv") => Style::Tabs,
        Some("pipes") => Style::Pipes,
        Some("multi") => Style::Repeated,
        _ => Style::Commas,
    }
}

/// The properties of an object, or nothing.
pub(crate) fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}
