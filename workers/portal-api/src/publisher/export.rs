//! `/apis/export`: an API as an archive in the peer's layout, which `/apis/import` reads.

use archive::File;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use openapi::OutputFormat;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Headers, Response};

use super::revision_row;
use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
    },
    blob,
    call::Call,
    deployments,
    documents::{self, DocumentRow, Reader},
    refusal,
};

/// `GET /apis/export?apiId=`, or by `name` and `version`; `revisionNumber` or `latestRevision` for a frozen one.
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let row = named(call).await?;
    let format = match call.query("format").unwrap_or("YAML") {
        "YAML" => OutputFormat::Yaml,
        "JSON" => OutputFormat::Json,
        _ => {
            return Err(refusal::one(
                "900703",
                "format",
                "is neither `YAML` nor `JSON`",
            ));
        }
    };
    let root = format!("{}-{}", segment(&row.name), segment(&row.version));
    let mut archive = Archive {
        root,
        format,
        files: Vec::new(),
        bytes: 0,
    };
    let (body, definition) = texts(call, &row).await?;
    archive.describe("api", "api", &described(call, &row, &body).await?)?;
    let document: Value = serde_json::from_str(&blob::read(&call.db, &definition).await?)?;
    archive.tree("Definitions/swagger", &document)?;
    for one in documents::every(call, &row.id, Reader::Publisher).await? {
        archive.document(call, &one).await?;
    }
    archive.picture(call, &row.id).await?;
    let places: Vec<Value> = deployments::of_api(call, &row.id)
        .await?
        .iter()
        .map(|one| {
            json!({
                "deploymentEnvironment": one.environment,
                "deploymentVhost": one.vhost,
                "displayOnDevportal": one.display_on_devportal == 1,
            })
        })
        .collect();
    archive.describe(
        "deployment_environments",
        "deployment_environments",
        &json!(places),
    )?;
    let headers = Headers::new();
    headers.set("content-type", "application/zip")?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set(
        "content-disposition",
        &format!("attachment; filename=\"{}.zip\"", archive.root),
    )?;
    Ok(Response::from_bytes(archive::write(&archive.files))?.with_headers(headers))
}

async fn named(call: &Call) -> Outcome<ApiRow> {
    if let Some(id) = call.query("apiId") {
        return row::one(call, id, Noun::Api).await;
    }
    let (name, version) = (call.required("name")?, call.required("version")?);
    row::named(call, name, version)
        .await?
        .filter(|row| row.noun() == Noun::Api)
        .ok_or_else(|| Failure::code("900308"))
}

/// The hashes of body and definition: of the working copy, or of a revision.
async fn texts(call: &Call, row: &ApiRow) -> Outcome<(String, String)> {
    let revision = match call.query("revisionNumber") {
        Some(number) => Some(revision_row::numbered(call, &row.id, number).await?),
        None if call.flag("latestRevision")? => {
            let all = revision_row::all(call, &row.id).await?;
            let latest = all.into_iter().max_by_key(|one| one.number);
            Some(latest.ok_or_else(|| Failure::code("900347"))?)
        }
        None => None,
    };
    Ok(revision.map_or_else(
        || (row.body.clone(), row.definition.clone()),
        |revision| (revision.body, revision.definition),
    ))
}

/// The API's object without what only this installation knows, and without credentials.
async fn described(call: &Call, row: &ApiRow, body: &str) -> Outcome<Value> {
    let draft = row::draft(call, body).await?;
    let mut kept = draft.without_secrets().kept();
    if let Value::Object(members) = &mut kept {
        for (name, value) in [
            ("name", json!(row.name)),
            ("version", json!(row.version)),
            ("context", json!(row.context)),
            ("type", json!(row.kind)),
            ("isDefaultVersion", json!(row.is_default_version == 1)),
        ] {
            members.insert(name.to_owned(), value);
        }
        if call.flag("preserveStatus")? {
            members.insert("lifeCycleStatus".to_owned(), json!(row.state));
        }
        if let Some(Value::Object(endpoints)) = members.get_mut("endpointConfig") {
            endpoints.remove("endpoint_security");
        }
    }
    Ok(lifecycle::defaults::without_nulls(kept))
}

struct Archive {
    root: String,
    format: OutputFormat,
    files: Vec<File>,
    bytes: usize,
}

impl Archive {
    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Outcome<()> {
        self.bytes += bytes.len();
        if self.bytes > ARCHIVE_BYTES {
            return Err(Failure::because(
                "413",
                "the API with its documents is larger than 24 MiB",
            ));
        }
        self.files.push(File {
            path: format!("{}/{path}", self.root),
            bytes,
        });
        Ok(())
    }

    fn tree(&mut self, path: &str, tree: &Value) -> Outcome<()> {
        let end = match self.format {
            OutputFormat::Yaml => "yaml",
            OutputFormat::Json => "json",
        };
        self.add(
            &format!("{path}.{end}"),
            openapi::render(tree, self.format).into_bytes(),
        )
    }

    fn describe(&mut self, path: &str, kind: &str, data: &Value) -> Outcome<()> {
        self.tree(
            path,
            &json!({"type": kind, "version": LAYOUT, "data": data}),
        )
    }

    async fn document(&mut self, call: &Call, row: &DocumentRow) -> Outcome<()> {
        let folder = format!("Docs/{}", segment(&row.name));
        let mut data = row.shown();
        if let Value::Object(members) = &mut data {
            for own in [
                "documentId",
                "createdTime",
                "createdBy",
                "lastUpdatedTime",
                "lastUpdatedBy",
            ] {
                members.remove(own);
            }
        }
        self.describe(&format!("{folder}/document"), "document", &data)?;
        if row.content.is_empty() {
            return Ok(());
        }
        let text = blob::read(&call.db, &row.content).await?;
        if row.source == "FILE" {
            self.add(
                &format!("{folder}/{}", segment(&row.file_name)),
                decoded(&text)?,
            )
        } else {
            self.add(
                &format!("{folder}/{}", segment(&row.name)),
                text.into_bytes(),
            )
        }
    }

    async fn picture(&mut self, call: &Call, api: &str) -> Outcome<()> {
        #[derive(Deserialize)]
        struct Row {
            content: String,
            content_type: String,
        }
        let query = sql("SELECT content, content_type FROM thumbnail WHERE api_id = ?").bind(api);
        let Some(row) = call.db.first::<Row>(query).await? else {
            return Ok(());
        };
        let end = row
            .content_type
            .rsplit('/')
            .next()
            .unwrap_or("png")
            .to_owned();
        let text = blob::read(&call.db, &row.content).await?;
        self.add(&format!("Image/icon.{end}"), decoded(&text)?)
    }
}

fn decoded(text: &str) -> Outcome<Vec<u8>> {
    STANDARD
        .decode(text)
        .map_err(|error| Failure::Internal(format!("a kept file is no base64: {error}")))
}

/// A name as one segment of a path.
fn segment(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|one| {
            if one.is_alphanumeric() || "._- ".contains(one) {
                one
            } else {
                '_'
            }
        })
        .collect();
    if kept.chars().all(|one| one == '.') {
        format!("_{kept}")
    } else {
        kept
    }
}

/// The peer's layout that this follows.
const LAYOUT: &str = "v4.5.0";
const ARCHIVE_BYTES: usize = 24 * 1024 * 1024;
