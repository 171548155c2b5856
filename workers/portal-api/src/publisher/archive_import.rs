//! `/apis/import`: an API from an archive in the peer's layout.

use lifecycle::{
    Draft,
    document::{self, Document},
    door,
};
use runtime::{Failure, Outcome, db::Statement, id, reply};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use worker::Response;

use super::{apis, documents as written, import};
use crate::{
    apis::{row, write},
    call::Call,
    documents,
    governance::gate::Step,
    guard, policies, refusal, thumbnails,
    upload::Upload,
};

/// `POST /apis/import?overwrite=&dryRun=`: a draft; deploying and publishing it are steps of their own.
pub(crate) async fn take(call: &Call) -> Outcome<Response> {
    let (overwrite, dry) = (call.flag("overwrite")?, call.flag("dryRun")?);
    let package = Package::read(call).await?;
    let advanced = policies::names(call, lifecycle::PolicyKind::Advanced).await?;
    let draft = import::draft(
        package.draft.clone(),
        &package.definition,
        &advanced,
        call.allow_private(),
    );
    write::check(call, &draft).await?;
    let name = write::text(draft.name.as_ref());
    let existing = row::named(call, &name, &write::text(draft.version.as_ref())).await?;
    if let Some(row) = &existing {
        if !overwrite {
            let detail = format!("`{name}` is there; `overwrite=true` replaces its draft");
            return Err(Failure::because("900300", detail));
        }
        apis::require_identity(row, &draft)?;
    }
    if dry {
        return reply::json(
            200,
            &json!({"message": "the archive can be imported", "overwrites": existing.is_some()}),
        );
    }
    let Some(row) = existing else {
        let belongings = &package;
        write::create_with(call, draft, &package.definition.document, |api| {
            belongings.statements(call, api)
        })
        .await?;
        return done();
    };
    let draft = draft.with_defaults();
    let document = &package.definition.document;
    write::govern(call, Step::Update, Some(&row), (&draft, document)).await?;
    let mut statements = write::replace(call, &row, &draft, &package.definition.document)?;
    statements.extend(package.statements(call, &row.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    done()
}

fn done() -> Outcome<Response> {
    reply::json(200, &json!({"message": "the API was imported"}))
}

/// What an archive says.
struct Package {
    draft: Draft,
    definition: openapi::Definition,
    documents: Vec<(Document, Option<archive::File>)>,
    picture: Option<Vec<u8>>,
}

impl Package {
    async fn read(call: &Call) -> Outcome<Self> {
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
        Self::of(files)
    }

    fn of(files: Vec<archive::File>) -> Outcome<Self> {
        let root = files
            .iter()
            .find_map(|file| {
                let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
                let is_it = !folder.contains('/') && matches!(name, "api.yaml" | "api.json");
                is_it.then(|| {
                    if folder.is_empty() {
                        String::new()
                    } else {
                        format!("{folder}/")
                    }
                })
            })
            .ok_or_else(|| refusal::one("400", "file", "holds no `api.yaml` or `api.json`"))?;
        let draft: Draft = described(&files, &format!("{root}api"))?;
        let definition = find(&files, &format!("{root}Definitions/swagger"))
            .ok_or_else(|| refusal::one("400", "file", "holds no `Definitions/swagger.yaml`"))?;
        let definition = openapi::read(&text(definition)?).map_err(refusal::of_definition)?;
        let mut documents = Vec::new();
        let docs = format!("{root}Docs/");
        for file in &files {
            let Some((folder, "document.yaml" | "document.json")) = file.path.rsplit_once('/')
            else {
                continue;
            };
            if !folder.starts_with(&docs) {
                continue;
            }
            let said: Document = described(&files, &format!("{folder}/document"))?;
            refusal::unless_empty("400", said.faults())?;
            let content = files.iter().find(|other| {
                other.path != file.path
                    && other
                        .path
                        .rsplit_once('/')
                        .is_some_and(|(place, _)| place == folder)
            });
            documents.push((said, content.cloned()));
        }
        let image = format!("{root}Image/");
        let picture = files
            .into_iter()
            .find(|file| file.path.starts_with(&image))
            .map(|file| file.bytes);
        Ok(Self {
            draft,
            definition,
            documents,
            picture,
        })
    }

    /// The statements that give an API the documents and the picture.
    fn statements(&self, call: &Call, api: &str) -> Outcome<Vec<Statement>> {
        let mut statements = Vec::new();
        for (said, content) in &self.documents {
            let (text, kind, name) = match (content, said.source_type.as_str()) {
                (Some(file), "FILE") => {
                    let name = file.path.rsplit('/').next().unwrap_or_default();
                    let kind = document::served_as(type_of(name)).to_owned();
                    (
                        Some(documents::encoded(&file.bytes)),
                        kind,
                        document::file_name(name),
                    )
                }
                (Some(file), "INLINE" | "MARKDOWN") => {
                    (Some(text(file)?), String::new(), String::new())
                }
                _ => (said.inline_content.clone(), String::new(), String::new()),
            };
            let content = written::Content { text, kind, name };
            statements.extend(written::replace(call, api, &id::uuid()?, (said, &content))?);
        }
        if let Some(bytes) = &self.picture {
            statements.extend(thumbnails::statements(call, api, bytes)?);
        }
        Ok(statements)
    }
}

/// The `data` of a described file, or all of it where nothing is around it.
pub(crate) fn described<T: DeserializeOwned>(files: &[archive::File], path: &str) -> Outcome<T> {
    let file = find(files, path).ok_or_else(|| refusal::one("400", path, "is missing"))?;
    let fault_in = |mut fault: lifecycle::Fault| {
        fault.place = format!("{}: {}", file.path, fault.place);
        refusal::several("400", vec![fault])
    };
    let mut tree: Value =
        openapi::tree(&text(file)?).map_err(|fault| fault_in(refusal::definition_fault(fault)))?;
    let data = tree.get_mut("data").map(Value::take).unwrap_or(tree);
    door::parse(&data.to_string()).map_err(fault_in)
}

fn find<'a>(files: &'a [archive::File], path: &str) -> Option<&'a archive::File> {
    ["yaml", "yml", "json"].iter().find_map(|end| {
        let path = format!("{path}.{end}");
        files.iter().find(|file| file.path == path)
    })
}

fn text(file: &archive::File) -> Outcome<String> {
    String::from_utf8(file.bytes.clone())
        .map_err(|_| refusal::one("400", &file.path, "is not UTF-8 text"))
}

/// The type of a file by its name; archives say none.
fn type_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "xml" => "application/xml",
        "zip" => "application/zip",
        "txt" => "text/plain",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        _ => "",
    }
}
