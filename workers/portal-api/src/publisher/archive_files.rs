//! An archive in the peer's layout while it is filled: what belongs to an API, and what belongs to a product.

use archive::File;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use openapi::OutputFormat;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::archive_policies;
use crate::{
    apis::ApiRow,
    blob,
    call::Call,
    deployments,
    documents::{self, DocumentRow, Reader},
    download, operation_policies, refusal,
};

/// An archive while it is filled.
pub(super) struct Archive {
    root: String,
    format: OutputFormat,
    files: Vec<File>,
    bytes: usize,
}

impl Archive {
    /// An empty one, in the format that the call asks for.
    pub(super) fn of(call: &Call, row: &ApiRow) -> Outcome<Self> {
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
        Ok(Self {
            root: folder(row),
            format,
            files: Vec::new(),
            bytes: 0,
        })
    }

    /// Everything that goes with an API or a product: what it is, as `kind`, its definition, documents, operation policies of
    /// its own, picture, and where it runs.
    pub(super) async fn all(
        &mut self,
        call: &Call,
        row: &ApiRow,
        kind: &str,
        (described, document): (&Value, &Value),
    ) -> Outcome<()> {
        self.describe(kind, kind, described)?;
        self.tree("Definitions/swagger", document)?;
        for one in documents::every(call, &row.id, Reader::Publisher).await? {
            self.document(call, &one).await?;
        }
        for own in operation_policies::of(call, &row.id).await? {
            let place = archive_policies::place(&own, segment);
            self.add(&place, own.source.into_bytes())?;
        }
        self.picture(call, &row.id).await?;
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
        self.describe(
            "deployment_environments",
            "deployment_environments",
            &json!(places),
        )
    }

    /// What follows goes into the folder of an API that the product bundles.
    pub(super) fn enter(&mut self, row: &ApiRow) {
        let root = self.root.split('/').next().unwrap_or_default();
        self.root = format!("{root}/APIs/{}", folder(row));
    }

    /// As a download.
    pub(super) fn answer(self) -> Outcome<Response> {
        let name = self.root.split('/').next().unwrap_or_default();
        download::archive(name, &self.files)
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Outcome<()> {
        self.bytes += bytes.len();
        if self.bytes > ARCHIVE_BYTES {
            return Err(Failure::because(
                "413",
                "what is to be exported is larger than 24 MiB",
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

/// The folder of an API or a product.
fn folder(row: &ApiRow) -> String {
    format!("{}-{}", segment(&row.name), segment(&row.version))
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
