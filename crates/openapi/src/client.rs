//! A client of an API, written in TypeScript from its definition: one file over `fetch`, with a type for each schema and a method
//! for each operation. What the definition says too little about is `unknown`, so that the client never promises more.

mod operation;
mod runtime;
mod types;
mod words;

use serde_json::{Value, json};

use operation::Operation;
use types::Types;
use words::{Names, comment};

/// A file of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files of a client in TypeScript for the API that `document` (OpenAPI or Swagger 2.0) defines; `address` is where the API
/// is called unless the client's user says otherwise.
#[must_use]
pub fn typescript(document: &Value, address: &str) -> Vec<Part> {
    let info = |name: &str| {
        let word = document.pointer(&format!("/info/{name}"));
        word.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (title, version) = (info("title"), info("version"));
    let package = json!({
        "name": words::package(&title),
        "version": words::semantic(&version),
        "private": true,
        "type": "module",
        "exports": "./src/index.ts",
        "scripts": {"build": "tsc"},
        "devDependencies": {"typescript": "^5"},
    });
    let options = json!({
        "compilerOptions": {
            "target": "es2022", "module": "nodenext", "lib": ["es2022", "dom", "dom.iterable"],
            "strict": true, "declaration": true, "outDir": "dist", "skipLibCheck": true,
        },
        "include": ["src"],
    });
    let part = |path: &str, text: String| Part {
        path: path.to_owned(),
        text,
    };
    vec![
        part("package.json", pretty(&package)),
        part("tsconfig.json", pretty(&options)),
        part("README.md", runtime::readme(&title, &version)),
        part("src/index.ts", source(document, address)),
    ]
}

fn source(document: &Value, address: &str) -> String {
    let types = Types::of(document);
    let mut names = Names::taken(RESERVED);
    let methods: String = Operation::all(document)
        .iter()
        .map(|operation| operation.method(&mut names, &types))
        .collect();
    let title = document.pointer("/info/title").and_then(Value::as_str);
    let mut text = comment("", &[title.unwrap_or_default()]);
    text.push_str(&types.declared());
    text.push_str(&runtime::source(
        address,
        &api_key_header(document),
        &methods,
    ));
    text
}

/// The header that the API takes keys in.
fn api_key_header(document: &Value) -> String {
    let schemes = document
        .pointer("/components/securitySchemes")
        .or_else(|| document.get("securityDefinitions"));
    let schemes = schemes.and_then(Value::as_object);
    let word =
        |scheme: &Value, name: &str| scheme.get(name).and_then(Value::as_str).map(str::to_owned);
    let header = schemes.into_iter().flatten().find_map(|(_, scheme)| {
        let is_key = word(scheme, "type").as_deref() == Some("apiKey");
        let is_header = word(scheme, "in").as_deref() == Some("header");
        word(scheme, "name").filter(|_| is_key && is_header)
    });
    header.unwrap_or_else(|| "ApiKey".to_owned())
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// What the class has besides operations.
const RESERVED: &[&str] = &["constructor", "options", "send"];

#[cfg(test)]
mod tests;
