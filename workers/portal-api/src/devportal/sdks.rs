//! `/sdk-gen/languages` and `/apis/{apiId}/sdks/{language}`: a client of an API as an archive. TypeScript is written here; for other
//! languages the refusal names the command that makes one from the definition.

use archive::File;
use openapi::client;
use runtime::{Failure, Outcome};
use serde_json::{Value, json};
use worker::Response;

use super::{apis, visible};
use crate::{call::Call, download, etag, refusal};

/// `GET /sdk-gen/languages`
pub(crate) async fn languages(call: &Call) -> Outcome<Response> {
    etag::content(call, &json!([TYPESCRIPT]))
}

/// `GET /apis/{apiId}/sdks/{language}`
pub(crate) async fn download(call: &Call) -> Outcome<Response> {
    let api = visible::find(call, call.path("apiId")).await?;
    let language = call.path("language");
    if language != TYPESCRIPT {
        return Err(elsewhere(call, &api.id, language));
    }
    let document = apis::defined(call, &api).await?;
    let address = document.pointer("/servers/0/url").and_then(Value::as_str);
    let ours = format!("{}{}", call.variable("ORIGIN"), api.base_path);
    let files: Vec<File> = client::typescript(&document, address.unwrap_or(&ours))
        .into_iter()
        .map(|part| File {
            path: part.path,
            bytes: part.text.into_bytes(),
        })
        .collect();
    let name: String = format!("{}-{}-typescript", api.name, api.version)
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() || "._-".contains(one) {
                one
            } else {
                '_'
            }
        })
        .collect();
    download::archive(&name, &files)
}

/// What makes a client in another language: not here, because generators need a JVM.
fn elsewhere(call: &Call, api: &str, language: &str) -> Failure {
    let known: String = language
        .chars()
        .filter(|one| one.is_ascii_alphanumeric() || "-_".contains(*one))
        .take(40)
        .collect();
    let address = format!(
        "{}/api/am/devportal/v3/apis/{api}/swagger",
        call.variable("ORIGIN")
    );
    refusal::one(
        "900703",
        "language",
        format!(
            "is `{TYPESCRIPT}`, which is made here; for another one run `npx @openapitools/openapi-generator-cli generate -g {known} -i {address} -o sdk`"
        ),
    )
}

const TYPESCRIPT: &str = "typescript";
