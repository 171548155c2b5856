//! From text to a [`Definition`], or to all its faults.

use serde_json::{Map, Value};

use crate::definition::{Definition, Format, as_text};
use crate::fault::{Fault, FaultCode, Findings, fault};
use crate::limit::MAX_BYTES;
use crate::place::{self, Syntax};
use crate::pointer::Pointer;
use crate::security::{self, Schemes};
use crate::{json, paths, reference, servers, yaml};

/// Reads an API definition: Swagger 2.0, OpenAPI 3.0, 3.1 or 3.2, in JSON or YAML.
///
/// # Errors
/// All faults of a document that cannot be imported, with their places, at most [`crate::limit::MAX_LISTED`] and one
/// that counts the rest. A text that is neither JSON nor YAML, or breaks a limit, has just that fault.
pub fn read(text: &str) -> Result<Definition, Vec<Fault>> {
    let mut findings = Findings::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut document, syntax) = parse(text, &mut findings).map_err(|fault| vec![fault])?;
    let described = describe(&mut document, text, syntax, &mut findings);
    let mut faults = findings.faults.into_list();
    match described {
        Some(mut definition) if faults.is_empty() => {
            definition.document = document;
            definition.warnings = findings.warnings.into_list();
            place::fill_in(text, syntax, &mut definition.warnings);
            Ok(definition)
        }
        _ => {
            place::fill_in(text, syntax, &mut faults);
            Err(faults)
        }
    }
}

/// Reads any JSON or YAML, with the same bounds as a definition and without asking what it says.
///
/// # Errors
/// Where it is not well formed.
pub fn tree(text: &str) -> Result<Value, Fault> {
    parse(text, &mut Findings::default()).map(|(document, _)| document)
}

/// JSON where the text begins like it, else YAML. A YAML document may begin with `{` too; its author is told about
/// JSON only when it is neither.
fn parse(text: &str, findings: &mut Findings) -> Result<(Value, Syntax), Fault> {
    if text.len() > MAX_BYTES {
        let message = format_args!("larger than {} MiB", MAX_BYTES / 1024 / 1024);
        return Err(fault(FaultCode::TooLarge, &Pointer::ROOT, message));
    }
    let start = text.trim_start();
    if start.is_empty() {
        return Err(not_a_definition("there is no text"));
    }
    if start.starts_with('<') {
        return Err(not_a_definition(
            "this is HTML or XML; give the address of the definition itself",
        ));
    }
    if !start.starts_with('{') {
        return yaml::parse(text, &mut findings.faults).map(|value| (value, Syntax::Yaml));
    }
    match json::parse(text, &mut findings.faults) {
        Ok(value) => Ok((value, Syntax::Json)),
        Err(refusal) if refusal.code == FaultCode::Syntax => {
            let mut duplicates = Findings::default();
            let value = yaml::parse(text, &mut duplicates.faults).map_err(|_| refusal)?;
            findings.faults = duplicates.faults;
            Ok((value, Syntax::Yaml))
        }
        Err(refusal) => Err(refusal),
    }
}

fn not_a_definition(message: &str) -> Fault {
    fault(FaultCode::NotADefinition, &Pointer::ROOT, message)
}

/// Everything but `document` and `warnings`; `None` when the format is not known, and then nothing else can be said.
fn describe(
    document: &mut Value,
    text: &str,
    syntax: Syntax,
    findings: &mut Findings,
) -> Option<Definition> {
    let Value::Object(root) = document else {
        let message = "a definition is an object that begins with `openapi` or `swagger`";
        findings.fault(FaultCode::NotADefinition, &Pointer::ROOT, message);
        return None;
    };
    let (format, format_version) = recognize(root, findings)?;
    let version = take_version(root, text, syntax, findings);
    let title = title(root, findings);
    check_root_fields(root, format, findings);
    let document = &*document;
    let schemes = Schemes::read(document, format);
    let operations = paths::read(document, format, &schemes, findings);
    reference::check(document, findings);
    let mut scopes = schemes.declared_scopes(document);
    security::complete(&mut scopes, &operations);
    Some(Definition {
        format,
        format_version,
        document: Value::Null,
        version,
        description: text_at(document, "/info/description").map(str::to_owned),
        context: context(document, &title),
        title,
        servers: servers::read(document, format, findings),
        operations,
        scopes,
        security_schemes: schemes.list,
        throttling_tier: security::throttling_tier(document),
        warnings: Vec::new(),
    })
}

fn recognize(root: &Map<String, Value>, findings: &mut Findings) -> Option<(Format, String)> {
    let (name, value) = match (root.get("openapi"), root.get("swagger")) {
        (Some(value), _) => ("openapi", value),
        (None, Some(value)) => ("swagger", value),
        (None, None) => {
            let message = "neither `openapi` nor `swagger` says which version this is";
            findings.fault(FaultCode::NotADefinition, &Pointer::ROOT, message);
            return None;
        }
    };
    let version = as_text(value);
    let Some(format) = Format::by_version(name, &version) else {
        findings.fault(
            FaultCode::UnsupportedVersion,
            &Pointer::ROOT.at(name),
            format_args!("`{name}: {version}` is none of Swagger 2.0, OpenAPI 3.0, 3.1 and 3.2"),
        );
        return None;
    };
    Some((format, version))
}

/// `info.version` as text, which it also becomes in the document: as a number, `1.10` would be written back as `1.1`.
fn take_version(
    root: &mut Map<String, Value>,
    text: &str,
    syntax: Syntax,
    findings: &mut Findings,
) -> String {
    let at = Pointer::ROOT.at("info");
    let at = at.at("version");
    let found = root
        .get_mut("info")
        .and_then(|details| details.get_mut("version"));
    let Some(version) = found else {
        missing(root, "version", findings);
        return String::new();
    };
    if let Value::Number(number) = version {
        let pointer = at.to_string();
        let written = place::find(text, syntax, [pointer.as_str()])
            .remove(&pointer)
            .and_then(|place| place.written)
            .unwrap_or_else(|| number.to_string());
        let message = format_args!("`{written}` is a number; read as text, which a version is");
        findings.warn(FaultCode::WrongType, &at, message);
        *version = Value::String(written);
    }
    match version.as_str().map(str::trim) {
        Some(written) if !written.is_empty() => written.to_owned(),
        _ => {
            findings.fault(
                FaultCode::WrongType,
                &at,
                "`info.version` must be a text that is not empty",
            );
            String::new()
        }
    }
}

fn title(root: &Map<String, Value>, findings: &mut Findings) -> String {
    let at = Pointer::ROOT.at("info");
    let at = at.at("title");
    match root.get("info").map(|details| details.get("title")) {
        Some(Some(Value::String(title))) if !title.trim().is_empty() => title.trim().to_owned(),
        Some(Some(Value::String(_))) => {
            findings.warn(
                FaultCode::MissingField,
                &at,
                "`info.title` is empty; name the API",
            );
            UNTITLED.to_owned()
        }
        Some(Some(_)) => {
            findings.fault(FaultCode::WrongType, &at, "`info.title` must be a text");
            String::new()
        }
        Some(None) => {
            missing(root, "title", findings);
            String::new()
        }
        // Said once, for the version.
        None => String::new(),
    }
}

fn missing(root: &Map<String, Value>, field: &str, findings: &mut Findings) {
    match root.get("info") {
        None => findings.fault(FaultCode::MissingField, &Pointer::ROOT, "`info` is missing"),
        Some(Value::Object(_)) => {
            let at = Pointer::ROOT.at("info");
            let message = format_args!("`info.{field}` is missing");
            findings.fault(FaultCode::MissingField, &at, message);
        }
        Some(_) if field == "version" => {
            let at = Pointer::ROOT.at("info");
            findings.fault(FaultCode::WrongType, &at, "`info` must be an object");
        }
        Some(_) => {}
    }
}

fn check_root_fields(root: &Map<String, Value>, format: Format, findings: &mut Findings) {
    let known: &[&str] = match format {
        Format::Swagger2 => &[
            "swagger",
            "info",
            "host",
            "basePath",
            "schemes",
            "consumes",
            "produces",
            "paths",
            "definitions",
            "parameters",
            "responses",
            "securityDefinitions",
            "security",
            "tags",
            "externalDocs",
        ],
        Format::OpenApi30 => &[
            "openapi",
            "info",
            "servers",
            "paths",
            "components",
            "security",
            "tags",
            "externalDocs",
        ],
        Format::OpenApi31 | Format::OpenApi32 => &[
            "openapi",
            "info",
            "jsonSchemaDialect",
            "servers",
            "paths",
            "webhooks",
            "components",
            "security",
            "tags",
            "externalDocs",
            "$self",
        ],
    };
    for name in root.keys().filter(|name| !name.starts_with("x-")) {
        if !known.contains(&name.as_str()) {
            let at = Pointer::ROOT.at(name);
            let message = format_args!("`{name}` is no field of {format}");
            findings.warn(FaultCode::UnknownField, &at, message);
        }
    }
}

/// `x-wso2-basePath` as far as it is a path, else the title in lower case with hyphens.
fn context(document: &Value, title: &str) -> String {
    let given = text_at(document, "/x-wso2-basePath").map(|path| path.trim_end_matches('/'));
    if let Some(path) = given.filter(|path| path.starts_with('/') && path.len() <= MAX_CONTEXT) {
        return path.to_owned();
    }
    let mut slug = String::from("/");
    for character in title.chars() {
        if slug.len() >= MAX_CONTEXT {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with(['/', '-']) && character != '\'' {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches(['-', '/']);
    if slug.is_empty() {
        "/api".to_owned()
    } else {
        slug.to_owned()
    }
}

fn text_at<'d>(document: &'d Value, pointer: &str) -> Option<&'d str> {
    document.pointer(pointer).and_then(Value::as_str)
}

/// Title of a definition that has an empty one, as eight of 2,600 public ones have.
const UNTITLED: &str = "Untitled API";

/// Characters of a proposed context; WSO2 allows 232 and nobody wants to type more than this.
const MAX_CONTEXT: usize = 60;

#[cfg(test)]
mod tests;
