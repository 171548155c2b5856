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

use super::{
    apis, archive_policies, archive_policies::Packed, documents as written, import,
    operation_policies::require_room_for,
};
use crate::{
    apis::{row, secrets, write},
    call::Call,
    documents,
    governance::{compliance, gate::Step},
    guard, policies, refusal, thumbnails,
    upload::Upload,
};

/// `POST /apis/import?overwrite=&dryRun=`: a draft; deploying and publishing it are steps of their own.
pub(crate) async fn take(call: &Call) -> Outcome<Response> {
    let (overwrite, dry) = (call.flag("overwrite")?, call.flag("dryRun")?);
    let package = Package::read(call).await?;
    let mut incoming = Incoming::of(call, package).await?;
    if incoming.is_there && !overwrite {
        let name = write::text(incoming.draft.name.as_ref());
        let detail = format!("`{name}` is there; `overwrite=true` replaces its draft");
        return Err(Failure::because("900300", detail));
    }
    if dry {
        return reply::json(
            200,
            &json!({"message": "the archive can be imported", "overwrites": incoming.is_there}),
        );
    }
    let statements = std::mem::take(&mut incoming.statements);
    if let Err(failure) = call.db.batch(statements).await {
        return Err(incoming.overtaken(call, failure).await?);
    }
    compliance::renew(call, &row::find(call, &incoming.id).await?).await?;
    reply::json(200, &json!({"message": "the API was imported"}))
}

/// An API of an archive, looked at, and not yet written.
pub(super) struct Incoming {
    pub(super) id: String,
    pub(super) draft: Draft,
    pub(super) document: Value,
    /// Whether it replaces the draft of one that is there.
    pub(super) is_there: bool,
    pub(super) statements: Vec<Statement>,
}

impl Incoming {
    /// Refuses what cannot become an API, or the draft of the one that has the name and the version.
    pub(super) async fn of(call: &Call, package: Package) -> Outcome<Self> {
        let advanced = policies::names(call, lifecycle::PolicyKind::Advanced).await?;
        let definition = package.definition;
        let draft = import::draft(package.draft, &definition, &advanced, call.allow_private());
        let document = definition.document;
        write::check(call, &draft).await?;
        require_room_for(call, package.policies.len()).await?;
        let name = write::text(draft.name.as_ref());
        let existing = row::named(call, &name, &write::text(draft.version.as_ref())).await?;
        let Some(row) = existing else {
            let mut new = write::New::of(call, draft, &document).await?;
            new.statements
                .extend(package.belongings.statements(call, &new.id)?);
            new.statements.extend(archive_policies::statements(
                call,
                &new.id,
                &package.policies,
            )?);
            return Ok(Self {
                id: new.id,
                draft: new.draft,
                document,
                is_there: false,
                statements: new.statements,
            });
        };
        apis::require_identity(&row, &draft)?;
        let before = row.draft(call).await?;
        let mut draft = draft.with_defaults();
        // Archives leave out how the gateway signs in to endpoints, so it stays as it is.
        draft.keep_sign_in(&before);
        write::govern(call, Step::Update, Some(&row), (&draft, &document)).await?;
        let secrets = secrets::take(call, &row.id, &mut draft, Some(&before)).await?;
        let mut statements = write::replace(call, &row, &draft, &document)?;
        statements.extend(secrets);
        statements.extend(package.belongings.statements(call, &row.id)?);
        statements.extend(archive_policies::statements(
            call,
            &row.id,
            &package.policies,
        )?);
        Ok(Self {
            id: row.id,
            draft,
            document,
            is_there: true,
            statements,
        })
    }

    async fn overtaken(&self, call: &Call, failure: Failure) -> Outcome<Failure> {
        if self.is_there && guard::refused(&failure) {
            return Ok(guard::changed_meanwhile());
        }
        write::overtaken(call, &self.draft, failure).await
    }
}

/// What an archive says.
pub(super) struct Package {
    pub(super) draft: Draft,
    pub(super) definition: openapi::Definition,
    pub(super) belongings: Belongings,
    /// Operation policies of its own.
    policies: Vec<Packed>,
}

impl Package {
    async fn read(call: &Call) -> Outcome<Self> {
        let files = files(call).await?;
        let root = root_of(&files, "api")
            .ok_or_else(|| refusal::one("400", "file", "holds no `api.yaml` or `api.json`"))?;
        Self::at(&files, &root)
    }

    /// What stands in a folder, which ends in `/` or is empty.
    pub(super) fn at(files: &[archive::File], root: &str) -> Outcome<Self> {
        let draft: Draft = described(files, &format!("{root}api"))?;
        let definition = find(files, &format!("{root}Definitions/swagger"))
            .ok_or_else(|| refusal::one("400", "file", "holds no `Definitions/swagger.yaml`"))?;
        let definition = openapi::read(&text(definition)?).map_err(refusal::of_definition)?;
        Ok(Self {
            draft,
            definition,
            belongings: Belongings::at(files, root)?,
            policies: archive_policies::read(files, root)?,
        })
    }
}

/// The documents and the picture of an API or a product.
pub(super) struct Belongings {
    documents: Vec<(Document, Option<archive::File>)>,
    picture: Option<Vec<u8>>,
}

impl Belongings {
    pub(super) fn at(files: &[archive::File], root: &str) -> Outcome<Self> {
        let mut documents = Vec::new();
        let docs = format!("{root}Docs/");
        for file in files {
            let Some((folder, "document.yaml" | "document.json")) = file.path.rsplit_once('/')
            else {
                continue;
            };
            if !folder.starts_with(&docs) {
                continue;
            }
            let said: Document = described(files, &format!("{folder}/document"))?;
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
        let picture = files.iter().find(|file| file.path.starts_with(&image));
        Ok(Self {
            documents,
            picture: picture.map(|file| file.bytes.clone()),
        })
    }

    /// The statements that give an API the documents and the picture.
    pub(super) fn statements(&self, call: &Call, api: &str) -> Outcome<Vec<Statement>> {
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

/// The files of the archive that came.
pub(super) async fn files(call: &Call) -> Outcome<Vec<archive::File>> {
    let form = Upload::read(call).await?;
    let file = form
        .file("file")
        .await?
        .ok_or_else(|| refusal::one("900700", "file", "is missing"))?;
    let bounds = archive::Bounds {
        files: 500,
        bytes: 32 * 1024 * 1024,
    };
    archive::read(&file.bytes, bounds)
        .map_err(|fault| refusal::one("400", "file", fault.to_string()))
}

/// The folder that `name.yaml` or `name.json` stands in, which ends in `/` or is empty; it is the archive itself, or the one
/// folder in it.
pub(super) fn root_of(files: &[archive::File], name: &str) -> Option<String> {
    files.iter().find_map(|file| {
        let (folder, file) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let is_it = file.strip_suffix(".yaml").or(file.strip_suffix(".json")) == Some(name);
        (is_it && !folder.contains('/')).then(|| {
            if folder.is_empty() {
                String::new()
            } else {
                format!("{folder}/")
            }
        })
    })
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
