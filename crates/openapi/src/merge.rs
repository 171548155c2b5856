//! One document of operations that come from several.

use serde_json::{Map, Value, json};

use crate::{
    compose::apply_operations,
    definition::{Format, Operation},
    fault::Fault,
    paths::inlined,
};

/// A document, and which of its operations are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What it is called: names that two documents give to different things get it before them.
    pub name: &'a str,
    /// The document.
    pub document: &'a Value,
    /// Operations of the document.
    pub operations: &'a [Operation],
}

/// A document with the operations of all sources, and with what these refer to.
///
/// The first source that is OpenAPI 3 says which version; operations of sources in another one stand there by method and
/// path alone.
///
/// # Errors
/// Faults of the operations; their pointers begin with `/operations`.
pub fn merged(title: &str, version: &str, sources: &[Source<'_>]) -> Result<Value, Vec<Fault>> {
    let formats = sources.iter().map(|source| Format::of(source.document));
    let format = formats
        .clone()
        .find(|format| *format != Format::Swagger2)
        .unwrap_or(Format::OpenApi30);
    let mut whole = Merge::default();
    for (source, _) in sources.iter().zip(formats).filter(|(_, it)| *it == format) {
        whole.take(source, format)?;
    }
    let number = match format {
        Format::Swagger2 | Format::OpenApi30 => "3.0.3",
        Format::OpenApi31 => "3.1.0",
        Format::OpenApi32 => "3.2.0",
    };
    let mut document = json!({
        "openapi": number,
        "info": {"title": title, "version": version},
        "paths": whole.paths,
    });
    if !whole.components.is_empty()
        && let Value::Object(root) = &mut document
    {
        root.insert("components".to_owned(), json!(whole.components));
    }
    let all: Vec<Operation> = sources
        .iter()
        .flat_map(|it| it.operations)
        .cloned()
        .collect();
    apply_operations(&document, &all)
}

#[derive(Default)]
struct Merge {
    paths: Map<String, Value>,
    /// Kind (`schemas`), name, content.
    components: Map<String, Value>,
}

impl Merge {
    fn take(&mut self, source: &Source<'_>, format: Format) -> Result<(), Vec<Fault>> {
        let trimmed = apply_operations(source.document, source.operations)?;
        let paths = trimmed.get("paths").and_then(Value::as_object);
        let mut names = Vec::new();
        for (path, item) in paths.into_iter().flatten() {
            let mut item = inlined(&trimmed, item);
            let shared = item.shift_remove("parameters");
            for (method, mut operation) in item {
                if !format.methods().contains(&method.as_str()) {
                    continue;
                }
                if let Value::Object(members) = &mut operation {
                    // Credentials are the product's, and servers the gateway's.
                    members.shift_remove("security");
                    members.shift_remove("servers");
                    inherit(members, shared.as_ref());
                }
                self.adopt(&mut operation, source, &mut names, 0);
                let place = self.paths.entry(path.clone()).or_insert_with(|| json!({}));
                if let Value::Object(place) = place {
                    place.insert(method, operation);
                }
            }
        }
        Ok(())
    }

    /// Takes along what `value` refers to, and names it as it is called here.
    fn adopt(
        &mut self,
        value: &mut Value,
        source: &Source<'_>,
        names: &mut Vec<(String, String)>,
        depth: usize,
    ) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::String(text) if text.starts_with(COMPONENTS) => {
                if let Some(name) = self.named(text, source, names, depth) {
                    *text = name;
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.adopt(item, source, names, depth + 1);
                }
            }
            Value::Object(members) => {
                for member in members.values_mut() {
                    self.adopt(member, source, names, depth + 1);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The reference by which a component of the source is found here; it is brought along when it is not here yet.
    fn named(
        &mut self,
        reference: &str,
        source: &Source<'_>,
        names: &mut Vec<(String, String)>,
        depth: usize,
    ) -> Option<String> {
        if let Some((_, here)) = names.iter().find(|(there, _)| there == reference) {
            return Some(here.clone());
        }
        let (kind, name) = reference.strip_prefix(COMPONENTS)?.split_once('/')?;
        if name.contains('/') {
            return None;
        }
        let plain = name.replace("~1", "/").replace("~0", "~");
        let mut content = source
            .document
            .get("components")?
            .get(kind)?
            .get(&plain)?
            .clone();
        let taken = |name: &str| {
            let kind = self.components.get(kind);
            kind.is_some_and(|kind| kind.get(name).is_some())
        };
        let mut own = plain.clone();
        let prefix: String = source
            .name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        while taken(&own) {
            own = format!("{prefix}_{own}");
        }
        let here = format!(
            "{COMPONENTS}{kind}/{}",
            own.replace('~', "~0").replace('/', "~1")
        );
        names.push((reference.to_owned(), here.clone()));
        // Its place first: what refers to itself finds it.
        self.put(kind, &own, Value::Null);
        self.adopt(&mut content, source, names, depth + 1);
        self.put(kind, &own, content);
        Some(here)
    }

    fn put(&mut self, kind: &str, name: &str, content: Value) {
        let kinds = self.components.entry(kind).or_insert_with(|| json!({}));
        if let Value::Object(kinds) = kinds {
            kinds.insert(name.to_owned(), content);
        }
    }
}

/// The parameters of a path are those of each of its operations, unless they say otherwise.
fn inherit(operation: &mut Map<String, Value>, shared: Option<&Value>) {
    let shared = shared.and_then(Value::as_array).into_iter().flatten();
    let key = |it: &Value| {
        (
            it.get("name").cloned(),
            it.get("in").cloned(),
            it.get("$ref").cloned(),
        )
    };
    let own = operation
        .get("parameters")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let inherited = shared.filter(|it| !own.iter().any(|other| key(other) == key(it)));
    let all: Vec<Value> = inherited.cloned().chain(own.iter().cloned()).collect();
    if !all.is_empty() {
        operation.insert("parameters".to_owned(), json!(all));
    }
}

const COMPONENTS: &str = "#/components/";
/// Deeper than any document that [`crate::read`] lets in, references included.
const DEPTH: usize = 400;

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
mod tests {
    use super::*;

    fn document(schema: Value) -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "a", "version": "1"},
            "paths": {"/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "get": {"responses": {"200": {"description": "a", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Thing"}}}}}},
                "delete": {"responses": {"204": {"description": "gone"}}},
            }},
            "components": {"schemas": {"Thing": schema, "Other": {"type": "string"}}},
        })
    }

    fn operation(method: &str, template: &str) -> Operation {
        Operation {
            method: method.to_owned(),
            template: template.to_owned(),
            ..Operation::default()
        }
    }

    #[test]
    fn operations_bring_what_they_refer_to() {
        let one = document(
            json!({"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Thing"}}}),
        );
        let two = {
            let mut two = document(json!({"type": "integer"}));
            let paths = two["paths"].take();
            two["paths"] = json!({"/b/{id}": paths["/a/{id}"]});
            two
        };
        let (of_one, of_two) = ([operation("GET", "/a/{id}")], [operation("GET", "/b/{id}")]);
        let whole = merged(
            "Both",
            "1",
            &[
                Source {
                    name: "one",
                    document: &one,
                    operations: &of_one,
                },
                Source {
                    name: "two",
                    document: &two,
                    operations: &of_two,
                },
            ],
        )
        .unwrap();
        let schema = |path: &str| {
            whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                ["$ref"]
                .clone()
        };
        assert_eq!(schema("/a/{id}"), "#/components/schemas/Thing");
        assert_eq!(schema("/b/{id}"), "#/components/schemas/two_Thing");
        assert_eq!(
            whole["components"]["schemas"]["two_Thing"]["type"],
            "integer"
        );
        assert_eq!(whole["components"]["schemas"].get("Other"), None);
        assert_eq!(whole["paths"]["/a/{id}"].get("delete"), None);
        assert_eq!(
            whole["paths"]["/a/{id}"]["get"]["parameters"][0]["name"],
            "id"
        );
        let read = crate::read(&whole.to_string()).unwrap();
        assert_eq!(read.operations.len(), 2);
    }

    #[test]
    fn older_documents_give_their_operations_alone() {
        let old = json!({"swagger": "2.0", "info": {"title": "a", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "a"}}}}}});
        let operations = [operation("GET", "/a")];
        let source = Source {
            name: "a",
            document: &old,
            operations: &operations,
        };
        let whole = merged("Old", "1", &[source]).unwrap();
        assert_eq!(whole["openapi"], "3.0.3");
        assert_eq!(
            crate::read(&whole.to_string()).unwrap().operations[0].template,
            "/a"
        );
    }
}
