//! Operations as methods.

use serde_json::{Value, json};

use super::{
    types::{Types, UNKNOWN},
    words::{Names, camel, comment, property, quoted},
};

/// One operation of a definition.
pub(super) struct Operation<'a> {
    document: &'a Value,
    method: String,
    template: &'a str,
    path: &'a Value,
    own: &'a Value,
}

/// A parameter of a method.
struct Parameter {
    /// What the method calls it.
    key: String,
    name: String,
    /// `path`, `query` or `header`.
    place: String,
    is_required: bool,
    kind: String,
}

/// What is sent.
struct Body {
    media_type: String,
    kind: String,
    is_required: bool,
}

impl<'a> Operation<'a> {
    /// Each of a document, in its order.
    pub(super) fn all(document: &'a Value) -> Vec<Self> {
        let paths = document.get("paths").and_then(Value::as_object);
        let mut found = Vec::new();
        for (template, path) in paths.into_iter().flatten() {
            for (method, own) in path.as_object().into_iter().flatten() {
                if METHODS.contains(&method.as_str()) {
                    found.push(Self {
                        document,
                        method: method.to_ascii_uppercase(),
                        template,
                        path,
                        own,
                    });
                }
            }
        }
        found
    }

    /// The method, with its comment.
    pub(super) fn method(&self, names: &mut Names, types: &Types<'_>) -> String {
        let id = self.word("operationId");
        let wanted = match id {
            "" => camel(&format!(
                "{} {}",
                self.method.to_ascii_lowercase(),
                self.template
            )),
            id => camel(id),
        };
        let name = names.give(&wanted);
        let parameters = self.parameters(types);
        let body = self.body(types);
        let mut signature = Vec::new();
        let fields: Vec<String> = parameters
            .iter()
            .map(|one| {
                let mark = if one.is_required { "" } else { "?" };
                format!("{}{mark}: {}", property(&one.key), one.kind)
            })
            .collect();
        let is_optional = parameters.iter().all(|one| !one.is_required);
        // A parameter with a default may stand before one without, so that the order is always the same.
        let default = if is_optional { " = {}" } else { "" };
        let fields = if fields.is_empty() {
            "Record<string, never>".to_owned()
        } else {
            format!("{{ {} }}", fields.join("; "))
        };
        signature.push(format!("parameters: {fields}{default}"));
        let (sent, media_type) = match &body {
            None => ("undefined", "undefined".to_owned()),
            Some(body) => {
                let absent = if body.is_required { "" } else { " | undefined" };
                signature.push(format!("body: {}{absent}", body.kind));
                ("body", quoted(&body.media_type))
            }
        };
        signature.push("init: RequestInit = {}".to_owned());
        let places: Vec<Value> = parameters
            .iter()
            .map(|one| json!([one.key, one.name, one.place]))
            .collect();
        let note = comment("  ", &[self.word("summary"), self.word("description")]);
        format!(
            "\n{note}  async {name}({}): Promise<{}> {{\n    return this.send({}, {}, {}, parameters, {sent}, {media_type}, init);\n  }}\n",
            signature.join(", "),
            self.answer(types),
            quoted(&self.method),
            quoted(self.template),
            json!(places),
        )
    }

    fn word(&self, name: &str) -> &'a str {
        self.own
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn parameters(&self, types: &Types<'_>) -> Vec<Parameter> {
        let list = |of: &'a Value| of.get("parameters").and_then(Value::as_array);
        let own = list(self.own).into_iter().flatten();
        // What the operation says comes before what the path says.
        let all = own.chain(list(self.path).into_iter().flatten());
        let mut names = Names::taken(&[]);
        let mut found: Vec<Parameter> = Vec::new();
        for given in all {
            let given = resolved(self.document, given);
            let word = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
            let (name, place) = (word("name"), word("in"));
            let is_known = found
                .iter()
                .any(|one| one.name == name && one.place == place);
            if !PLACES.contains(&place) || is_known {
                continue;
            }
            let schema = given.get("schema").unwrap_or(given);
            let is_required = given.get("required").and_then(Value::as_bool) == Some(true);
            found.push(Parameter {
                key: names.give(name),
                name: name.to_owned(),
                place: place.to_owned(),
                is_required: is_required || place == "path",
                kind: types.of_schema(schema),
            });
        }
        found
    }

    fn body(&self, types: &Types<'_>) -> Option<Body> {
        if let Some(given) = self.own.get("requestBody") {
            let given = resolved(self.document, given);
            let content = given.get("content")?.as_object()?;
            let json = content.iter().find(|(name, _)| is_json(name));
            let (media_type, media) = json.or_else(|| content.iter().next())?;
            let kind = if is_json(media_type) || media_type.contains("form") {
                media.get("schema").map(|schema| types.of_schema(schema))
            } else {
                None
            };
            return Some(Body {
                media_type: media_type.clone(),
                kind: kind.unwrap_or_else(|| "BodyInit".to_owned()),
                is_required: given.get("required").and_then(Value::as_bool) == Some(true),
            });
        }
        let list = self.own.get("parameters").and_then(Value::as_array)?;
        let given = list
            .iter()
            .map(|one| resolved(self.document, one))
            .find(|one| one.get("in").and_then(Value::as_str) == Some("body"))?;
        Some(Body {
            media_type: "application/json".to_owned(),
            kind: given
                .get("schema")
                .map_or_else(|| UNKNOWN.to_owned(), |schema| types.of_schema(schema)),
            is_required: given.get("required").and_then(Value::as_bool) == Some(true),
        })
    }

    /// The type of the first good answer that says one.
    fn answer(&self, types: &Types<'_>) -> String {
        let responses = self.own.get("responses").and_then(Value::as_object);
        let good = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .map(|(_, response)| resolved(self.document, response));
        let schemas = good.filter_map(|response| {
            if let Some(schema) = response.get("schema") {
                return Some(schema);
            }
            let content = response.get("content")?.as_object()?;
            let json = content.iter().find(|(name, _)| is_json(name));
            json?.1.get("schema")
        });
        schemas
            .map(|schema| types.of_schema(schema))
            .next()
            .unwrap_or_else(|| UNKNOWN.to_owned())
    }
}

/// What a `$ref` leads to, within the document; what is none, as it is.
fn resolved<'v>(document: &'v Value, given: &'v Value) -> &'v Value {
    let mut found = given;
    for _ in 0..CHAIN {
        let reference = found.get("$ref").and_then(Value::as_str);
        let Some(pointer) = reference.and_then(|it| it.strip_prefix('#')) else {
            return found;
        };
        found = document.pointer(pointer).unwrap_or(&Value::Null);
    }
    &Value::Null
}

fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json") || name.ends_with("+json")
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
const PLACES: [&str; 3] = ["path", "query", "header"];
/// References that lead to references.
const CHAIN: usize = 8;
