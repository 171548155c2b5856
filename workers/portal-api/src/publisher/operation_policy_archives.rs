//! Operation policies as archives: a folder with a specification, as the peer's tools have them.

use archive::File;
use openapi::OutputFormat;
use runtime::{Failure, Outcome, reply};
use serde_json::json;
use worker::Response;

use super::operation_policies::{EVERY_API, OF_ANOTHER_GATEWAY, built_in, keep, one};
use crate::{
    apis::row,
    call::Call,
    download,
    operation_policies::{self, Row},
    refusal,
    upload::Upload,
};

/// `GET /operation-policies/export?name=&version=&format=`: one that is for all APIs, as `POST /operation-policies/import`
/// takes it.
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let (name, version) = (call.required("name")?, call.required("version")?);
    let format = match call.query("format") {
        None => None,
        Some("YAML" | "yaml") => Some(OutputFormat::Yaml),
        Some("JSON" | "json") => Some(OutputFormat::Json),
        Some(_) => {
            let help = "is neither `YAML` nor `JSON`";
            return Err(refusal::one("900703", "format", help));
        }
    };
    let found = operation_policies::named(call, name, version).await?;
    let row = found.ok_or_else(|| {
        let help = "there is no operation policy of that name and version; those of the catalogue are in every installation";
        Failure::because("404", help)
    })?;
    match format {
        None => packed(&row),
        Some(format) => rendered(&row, format),
    }
}

/// `POST /operation-policies/import`: the policy of an archive, for all APIs.
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let form = Upload::read(call).await?;
    let file = form
        .file("file")
        .await?
        .ok_or_else(|| refusal::one("900700", "file", "is missing"))?;
    let files = archive::read(&file.bytes, BOUNDS)
        .map_err(|fault| refusal::one("400", "file", fault.to_string()))?;
    keep(call, EVERY_API, &specification(&files)?).await?;
    reply::json(200, &json!({"message": "the policy was imported"}))
}

/// The text of the only specification of an archive.
fn specification(files: &[File]) -> Outcome<String> {
    let ends_with = |file: &&File, endings: &[&str]| {
        let ending = file.path.rsplit_once('.').map(|(_, ending)| ending);
        ending.is_some_and(|it| endings.contains(&it))
    };
    if let Some(template) = files.iter().find(|it| ends_with(it, &["j2", "gotmpl"])) {
        let message = format!("`{}` {OF_ANOTHER_GATEWAY}", template.path);
        return Err(refusal::one("400", "file", message));
    }
    let mut found = files
        .iter()
        .filter(|it| ends_with(it, &["yaml", "yml", "json"]));
    let (Some(file), None) = (found.next(), found.next()) else {
        let help = "holds not exactly one specification (`.yaml` or `.json`)";
        return Err(refusal::one("400", "file", help));
    };
    String::from_utf8(file.bytes.clone())
        .map_err(|_| refusal::one("400", "file", format!("`{}` is not UTF-8 text", file.path)))
}

/// `GET /operation-policies/{operationPolicyId}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    match built_in(call) {
        Some(kind) => zipped(
            call.path("operationPolicyId"),
            "json",
            serde_json::to_string_pretty(&kind)?,
        ),
        None => packed(&one(call, EVERY_API).await?),
    }
}

/// `GET /apis/{apiId}/operation-policies/{operationPolicyId}/content`
pub(crate) async fn content_of_api(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    packed(&one(call, &api.id).await?)
}

fn packed(row: &Row) -> Outcome<Response> {
    let is_json = row.source.trim_start().starts_with('{');
    let ending = if is_json { "json" } else { "yaml" };
    zipped(
        &format!("{}_{}", row.name, row.version),
        ending,
        row.source.clone(),
    )
}

/// An archive with one file, as the peer's has it.
fn zipped(name: &str, ending: &str, text: String) -> Outcome<Response> {
    let file = File {
        path: format!("{name}/{name}.{ending}"),
        bytes: text.into_bytes(),
    };
    download::archive(name, &[file])
}

/// A policy of an organization's own in another form than that in which it was uploaded.
fn rendered(row: &Row, format: OutputFormat) -> Outcome<Response> {
    let ending = match format {
        OutputFormat::Yaml => "yaml",
        OutputFormat::Json => "json",
    };
    let tree = openapi::tree(&row.source)
        .map_err(|fault| Failure::Internal(format!("operation policy {}: {fault}", row.id)))?;
    let name = format!("{}_{}", row.name, row.version);
    zipped(&name, ending, openapi::render(&tree, format))
}

/// A specification, and what else somebody may have put beside it.
const BOUNDS: archive::Bounds = archive::Bounds {
    files: 20,
    bytes: 1024 * 1024,
};
