//! `/services/import` and `/services/export`: a folder for each service, with `metadata.yaml` and `definition.yaml`.

use archive::File;
use openapi::OutputFormat;
use runtime::{Failure, Outcome, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{
    content::{Content, Said, within},
    insert, replace,
    row::{self, ServiceRow},
    taken,
};
use crate::{apis::write, blob, call::Call, download, guard, page, refusal, upload::Upload};

/// `POST /services/import?overwrite=`: all services of an archive, or none.
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let overwrite = call.flag("overwrite")?;
    let form = Upload::read(call).await?;
    let file = form
        .file("file")
        .await?
        .ok_or_else(|| refusal::one("900700", "file", "is missing"))?;
    let bounds = archive::Bounds {
        files: 500,
        bytes: 32 * 1024 * 1024,
    };
    let files = archive::read(&file.bytes, bounds)
        .map_err(|fault| refusal::one("400", "file", fault.to_string()))?;
    let contents = contents(&files, call.allow_private())?;
    let unchanged = verified(form.text("verifier").await?)?;
    let mut statements = Vec::new();
    let mut ids = Vec::new();
    for content in &contents {
        let known = row::named(call, &content.said.name, &content.said.version).await?;
        match known {
            // Who sends the digest that is here already wants nothing done.
            Some(row)
                if unchanged
                    .iter()
                    .any(|it| it.key == row.key && it.md5 == row.digest) =>
            {
                ids.push(row.id)
            }
            Some(row) if overwrite => {
                content.require_identity(&row)?;
                statements.extend(replace(&row, content, call));
                statements.push(write::audit(call, "service.update", &row.id)?);
                ids.push(row.id);
            }
            Some(row) => {
                let detail = format!(
                    "`{}` {} is there; `overwrite=true` replaces it",
                    row.name, row.version
                );
                return Err(Failure::because("409", detail));
            }
            None => {
                let service = id::uuid()?;
                statements.extend(insert(call, &service, content)?);
                statements.push(write::audit(call, "service.create", &service)?);
                ids.push(service);
            }
        }
    }
    if !statements.is_empty() {
        guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(taken)?;
    }
    let mut list = Vec::new();
    for id in ids {
        let row = row::find(call, &id).await?;
        list.push(json!({"id": row.id, "name": row.name, "key": row.key, "version": row.version, "md5": row.digest}));
    }
    reply::json(200, &page::whole(list))
}

/// `GET /services/export?name=&version=`
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let (name, version) = (call.required("name")?, call.required("version")?);
    let row = row::named(call, name, version)
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such service"))?;
    let definition = blob::read(&call.db, &row.definition).await?;
    let metadata = openapi::render(&described(&row), OutputFormat::Yaml);
    let folder: String = format!("{}-{}", row.name, row.version)
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() || "._-".contains(one) {
                one
            } else {
                '_'
            }
        })
        .collect();
    let file = |name: &str, text: String| File {
        path: format!("{folder}/{name}"),
        bytes: text.into_bytes(),
    };
    let end = match row.definition_type.as_str() {
        "WSDL1" | "WSDL2" => "wsdl",
        "GRAPHQL_SDL" => "graphql",
        _ => "yaml",
    };
    let files = [
        file("metadata.yaml", metadata),
        file(&format!("definition.{end}"), definition),
    ];
    download::archive(&folder, &files)
}

fn described(row: &ServiceRow) -> Value {
    json!({
        "key": row.key,
        "name": row.name,
        "version": row.version,
        "serviceUrl": row.url,
        "description": row.description,
        "definitionType": row.definition_type,
        "securityType": row.security_type,
        "mutualSSLEnabled": row.mutual_tls == 1,
    })
}

/// The services of an archive.
fn contents(files: &[File], allow_private: bool) -> Outcome<Vec<Content>> {
    let mut found = Vec::new();
    for file in files {
        let Some(folder) = folder_of(&file.path, &["metadata.yaml", "metadata.json"]) else {
            continue;
        };
        let definition = files.iter().find(|it| {
            let (place, name) = it.path.rsplit_once('/').unwrap_or(("", &it.path));
            place == folder && name.starts_with("definition.")
        });
        let definition = definition.ok_or_else(|| {
            refusal::one("400", "file", format!("`{folder}` holds no `definition.…`"))
        })?;
        let metadata = openapi::tree(&text(file)?)
            .map_err(|fault| refusal::one("400", "file", fault.to_string()))?;
        let said: Said = lifecycle::door::parse(&metadata.to_string()).map_err(|fault| {
            refusal::one(
                "400",
                "file",
                format!("`{}`: {} {}", file.path, fault.place, fault.message),
            )
        })?;
        let content = Content::checked(said, text(definition)?, allow_private);
        found.push(content.map_err(|failure| within(folder, failure))?);
    }
    if found.is_empty() || found.len() > MOST {
        return Err(refusal::one(
            "400",
            "file",
            format!("holds not 1 to {MOST} folders with a `metadata.yaml`"),
        ));
    }
    Ok(found)
}

fn folder_of<'p>(path: &'p str, names: &[&str]) -> Option<&'p str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    names.contains(&name).then_some(folder)
}

fn text(file: &File) -> Outcome<String> {
    String::from_utf8(file.bytes.clone())
        .map_err(|_| refusal::one("400", "file", format!("`{}` is not UTF-8 text", file.path)))
}

/// What the sender knows of services that may be here already.
#[derive(Deserialize)]
struct Verifier {
    key: String,
    md5: String,
}

fn verified(given: Option<String>) -> Outcome<Vec<Verifier>> {
    match given {
        None => Ok(Vec::new()),
        Some(text) => lifecycle::door::parse(&text).map_err(|fault| {
            let place = format!("verifier{}", fault.place);
            refusal::one("400", &place, fault.message)
        }),
    }
}

const MOST: usize = 50;
