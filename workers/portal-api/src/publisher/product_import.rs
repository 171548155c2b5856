//! `/api-products/import`: a product from an archive in the peer's layout, with the APIs that it bundles where that is wanted.

use archive::File;
use lifecycle::Draft;
use runtime::{Failure, Outcome, db::Statement, reply};
use serde_json::{Map, Value, json};
use worker::Response;

use super::{
    apis,
    archive_import::{Belongings, Incoming, Package, described, files, root_of},
    products::{Api, Bundled, Text, body},
};
use crate::{
    apis::{
        row::{self, Noun},
        write,
    },
    call::Call,
    governance::gate::Step,
    guard, refusal,
};

/// `POST /api-products/import?importAPIs=&overwriteAPIProduct=&overwriteAPIs=&dryRun=`: drafts, all of them or none.
pub(crate) async fn take(call: &Call) -> Outcome<Response> {
    let (overwrite, dry) = (call.flag("overwriteAPIProduct")?, call.flag("dryRun")?);
    // Revisions have no cap, so that there is none to make room for; and who imports is the provider.
    for name in ["rotateRevision", "preserveProvider"] {
        call.flag(name)?;
    }
    let files = files(call).await?;
    let root = root_of(&files, "api_product")
        .ok_or_else(|| refusal::one("400", "file", "holds no `api_product.yaml`"))?;
    let mut incoming = incoming(call, &files, &root).await?;
    let mut told: Map<String, Value> = described(&files, &format!("{root}api_product"))?;
    let members = members(call, &mut told, &incoming).await?;
    let (draft, wishes) = body::read(told)?;
    let bundled = Bundled::from(call, &wishes, members).await?;
    let (draft, document) = bundled.into_product(draft)?;
    let belongings = Belongings::at(&files, &root)?;
    let product = Product::of(call, draft, &document, &belongings).await?;
    if product.is_there && !overwrite {
        let detail = "the product is there; `overwriteAPIProduct=true` replaces its draft";
        return Err(Failure::because("900300", detail));
    }
    if dry {
        return reply::json(
            200,
            &json!({"message": "the archive can be imported", "overwrites": product.is_there}),
        );
    }
    let mut statements = Vec::new();
    for api in &mut incoming {
        statements.append(&mut api.statements);
    }
    statements.extend(product.statements);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::json(200, &json!({"message": "the API product was imported"}))
}

/// The APIs of the archive that are to be written.
async fn incoming(call: &Call, files: &[File], root: &str) -> Outcome<Vec<Incoming>> {
    let (wanted, overwrite) = (call.flag("importAPIs")?, call.flag("overwriteAPIs")?);
    if !wanted {
        return Ok(Vec::new());
    }
    let folder = format!("{root}APIs/");
    let roots: Vec<&str> = files
        .iter()
        .filter_map(|file| {
            let rest = file.path.strip_prefix(&folder)?;
            let (name, "api.yaml" | "api.json") = rest.split_once('/')? else {
                return None;
            };
            file.path.get(..folder.len() + name.len() + 1)
        })
        .collect();
    if roots.len() > MOST_APIS {
        let message = format!("holds more than {MOST_APIS} APIs; import them one by one before");
        return Err(refusal::one("400", "file", message));
    }
    let mut found = Vec::new();
    for root in roots {
        let package = Package::at(files, root)?;
        let api = Incoming::of(call, package).await?;
        if overwrite || !api.is_there {
            found.push(api);
        }
    }
    Ok(found)
}

/// The APIs that the product names, by name and version, here or in the archive; their ids are those of this installation.
async fn members(
    call: &Call,
    told: &mut Map<String, Value>,
    incoming: &[Incoming],
) -> Outcome<Vec<Option<Api>>> {
    let mut found = Vec::new();
    let wishes = told.get_mut("apis").and_then(Value::as_array_mut);
    for wish in wishes.into_iter().flatten().take(MOST_NAMED) {
        let word = |name: &str| wish.get(name).and_then(Value::as_str).map(str::to_owned);
        let (name, version) = (
            word("name").unwrap_or_default(),
            word("version").unwrap_or_default(),
        );
        let same = |api: &&Incoming| {
            api.draft.name.as_deref() == Some(&name)
                && api.draft.version.as_deref() == Some(&version)
        };
        let api = match incoming.iter().find(same) {
            Some(api) => Some(Api {
                id: api.id.clone(),
                name: name.clone(),
                version,
                draft: api.draft.clone(),
                document: Text::Here(api.document.clone()),
            }),
            None => match row::named(call, &name, &version).await? {
                Some(row) if row.noun() == Noun::Api => Some(Api::of(call, row).await?),
                _ => None,
            },
        };
        if let Some(wish) = wish.as_object_mut() {
            // Named as the archive does where there is none, because its id says nothing here.
            let id = api.as_ref().map_or(&name, |api| &api.id);
            wish.insert("apiId".to_owned(), json!(id));
        }
        found.push(api);
    }
    Ok(found)
}

/// The product itself, looked at, and not yet written.
struct Product {
    is_there: bool,
    statements: Vec<Statement>,
}

impl Product {
    async fn of(
        call: &Call,
        draft: Draft,
        document: &Value,
        belongings: &Belongings,
    ) -> Outcome<Self> {
        let (name, version) = (
            write::text(draft.name.as_ref()),
            write::text(draft.version.as_ref()),
        );
        let Some(row) = row::named(call, &name, &version).await? else {
            let new = write::New::of(call, draft, document).await?;
            let mut statements = new.statements;
            statements.extend(belongings.statements(call, &new.id)?);
            return Ok(Self {
                is_there: false,
                statements,
            });
        };
        apis::require_identity(&row, &draft)?;
        let draft = draft.with_defaults();
        write::check(call, &draft).await?;
        write::govern(call, Step::Update, Some(&row), (&draft, document)).await?;
        let mut statements = write::replace(call, &row, &draft, document)?;
        statements.extend(belongings.statements(call, &row.id)?);
        Ok(Self {
            is_there: true,
            statements,
        })
    }
}

/// They are written in one batch, whose statements the database bounds.
const MOST_APIS: usize = 20;
/// One more than a product may have, so that it is told of that.
const MOST_NAMED: usize = 51;
