//! Drafts into the database: checked at the door, one batch, one note for gateways.

use std::collections::BTreeSet;

use lifecycle::{Draft, Fault, naming::Context};
use openapi::Operation;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id,
};
use serde_json::Value;
use worker::Response;

pub(crate) use crate::audit_log::entry as audit;

use super::{ApiRow, names, row, scopes, secrets, shape};
use crate::{
    blob,
    call::Call,
    etag,
    governance::{
        compliance,
        gate::{self, Step},
        subject::Subject,
    },
    guard, nouns, organizations, policies,
    publisher::{products, shared_scopes},
    refusal, searchable,
};

/// Creates an API from a draft and a definition; 201 with the object.
pub(crate) async fn create(call: &Call, draft: Draft, document: &Value) -> Outcome<Response> {
    create_with(call, draft, document, |_| Ok(Vec::new())).await
}

/// As [`create`], with more statements in its batch, which are told the new id.
pub(crate) async fn create_with(
    call: &Call,
    draft: Draft,
    document: &Value,
    more: impl FnOnce(&str) -> Outcome<Vec<Statement>>,
) -> Outcome<Response> {
    let mut new = New::of(call, draft, document).await?;
    new.statements.extend(more(&new.id)?);
    new.keep(call).await
}

/// An API that is about to be made: looked at, and not yet written.
pub(crate) struct New {
    pub(crate) id: String,
    pub(crate) draft: Draft,
    pub(crate) statements: Vec<Statement>,
}

impl New {
    /// Refuses a draft that cannot become an API.
    pub(crate) async fn of(call: &Call, draft: Draft, document: &Value) -> Outcome<Self> {
        let mut draft = draft.with_defaults();
        check(call, &draft).await?;
        if let Some(clash) = clash(call, &draft).await? {
            return Err(clash);
        }
        govern(call, Step::Create, None, (&draft, document)).await?;
        let id = id::uuid()?;
        let secrets = secrets::take(call, &id, &mut draft, None).await?;
        let mut statements = insert(call, &id, &draft, document)?;
        statements.extend(secrets);
        Ok(Self {
            id,
            draft,
            statements,
        })
    }

    /// Writes it; 201 with the object.
    pub(crate) async fn keep(self, call: &Call) -> Outcome<Response> {
        if let Err(failure) = call.db.batch(self.statements).await {
            return Err(overtaken(call, &self.draft, failure).await?);
        }
        let row = row::find(call, &self.id).await?;
        compliance::renew(call, &row).await?;
        let location = row.address();
        let response = etag::changed(201, row.generation, &shape::whole(&row, self.draft))?;
        runtime::reply::with_header(response, "location", &location)
    }
}

/// Someone was faster: what they took.
pub(crate) async fn overtaken(call: &Call, draft: &Draft, failure: Failure) -> Outcome<Failure> {
    let fallback = if guard::refused(&failure) {
        Failure::code("900300")
    } else {
        failure
    };
    Ok(clash(call, draft).await?.unwrap_or(fallback))
}

async fn clash(call: &Call, draft: &Draft) -> Outcome<Option<Failure>> {
    let (name, version) = (text(draft.name.as_ref()), text(draft.version.as_ref()));
    names::clash(call, &name, &text(draft.context.as_ref()), &version).await
}

/// The statements that make a draft (complete and checked) the API of that id.
fn insert(call: &Call, api_id: &str, draft: &Draft, document: &Value) -> Outcome<Vec<Statement>> {
    let organization = call.organization();
    let user = call.user()?;
    let (name, version) = (text(draft.name.as_ref()), text(draft.version.as_ref()));
    let context = text(draft.context.as_ref());
    let base_path = Context::parse(&context)
        .map(|context| context.base_path(&version))
        .map_err(|fault| refusal::several("900253", vec![fault]))?;
    let mut statements = vec![names::require_free(organization, &name, &context)];
    let (body, kept) = blob::keep(&draft.clone().kept().to_string());
    statements.extend(kept);
    let (definition, kept) = blob::keep(&document.to_string());
    statements.extend(kept);
    if draft.is_default_version == Some(true) {
        statements.push(no_default(organization, &name, api_id));
    }
    statements.push(
        sql("INSERT INTO api (id, organization, name, version, context, base_path, provider, state, kind, \
             is_default_version, visibility, description, tags, card, body, definition, visible_to, created_at, updated_at, updated_by) \
             VALUES (?, ?, ?, ?, ?, ?, ?, 'CREATED', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(api_id)
        .bind(organization)
        .bind(&name)
        .bind(&version)
        .bind(&context)
        .bind(base_path)
        .bind(user)
        .bind(text(draft.kind.as_ref()))
        .bind(draft.is_default_version == Some(true))
        .bind(text(draft.visibility.as_ref()))
        .bind(text(draft.description.as_ref()))
        .bind(serde_json::to_string(&draft.tags)?)
        .bind(draft.card().to_string())
        .bind(body.as_str())
        .bind(definition.as_str())
        .bind(visible_to(draft)?)
        .bind(call.now)
        .bind(call.now)
        .bind(user),
    );
    statements.push(
        sql("INSERT INTO lifecycle_event (api_id, previous_state, post_state, user, at) VALUES (?, NULL, 'CREATED', ?, ?)")
            .bind(api_id)
            .bind(user)
            .bind(call.now),
    );
    statements.extend(scopes::of_draft(organization, api_id, draft));
    statements.extend(products::bundles(api_id, draft));
    statements.extend(searchable::api(api_id, user, draft, document));
    statements.push(audit(call, "api.create", api_id)?);
    Ok(statements)
}

/// The statements that make `draft` and `document` the working copy of `row`, unless it was changed since it was read.
pub(crate) fn replace(
    call: &Call,
    row: &ApiRow,
    draft: &Draft,
    document: &Value,
) -> Outcome<Vec<Statement>> {
    let user = call.user()?;
    let mut statements = vec![unchanged(row)];
    let (body, kept) = blob::keep(&draft.clone().kept().to_string());
    statements.extend(kept);
    let (definition, kept) = blob::keep(&document.to_string());
    statements.extend(kept);
    if draft.is_default_version == Some(true) {
        statements.push(no_default(&row.organization, &row.name, &row.id));
    }
    statements.push(
        sql("UPDATE api SET is_default_version = ?, visibility = ?, description = ?, tags = ?, card = ?, body = ?, \
             definition = ?, visible_to = ?, generation = generation + 1, updated_at = ?, updated_by = ? WHERE id = ?")
        .bind(draft.is_default_version == Some(true))
        .bind(text(draft.visibility.as_ref()))
        .bind(text(draft.description.as_ref()))
        .bind(serde_json::to_string(&draft.tags)?)
        .bind(draft.card().to_string())
        .bind(body.as_str())
        .bind(definition.as_str())
        .bind(visible_to(draft)?)
        .bind(call.now)
        .bind(user)
        .bind(&row.id),
    );
    statements.extend(scopes::of_draft(&row.organization, &row.id, draft));
    let named = Draft {
        name: Some(row.name.clone()),
        version: Some(row.version.clone()),
        context: Some(row.context.clone()),
        ..draft.clone()
    };
    statements.extend(products::bundles(&row.id, draft));
    statements.extend(searchable::api(&row.id, &row.provider, &named, document));
    statements.push(audit(call, "api.update", &row.id)?);
    statements.push(blob::sweep(&[&row.body, &row.definition]));
    Ok(statements)
}

/// Which organizations see it, as the column has it.
fn visible_to(draft: &Draft) -> Outcome<String> {
    let named = draft.visible_organizations.as_deref();
    Ok(serde_json::to_string(named.unwrap_or_default())?)
}

/// Refuses a draft that breaks a rule by which a policy blocks the step.
pub(crate) async fn govern(
    call: &Call,
    step: Step,
    row: Option<&ApiRow>,
    (draft, document): (&Draft, &Value),
) -> Outcome<()> {
    gate::pass_as(call, step, async || {
        Subject::before(call, row, (draft, document)).await
    })
    .await
}

/// Undoes the batch when the row was changed since it was read.
pub(crate) fn unchanged(row: &ApiRow) -> Statement {
    guard::unchanged("api", &row.id, row.generation)
}

/// At most one version of an API is the default one.
fn no_default(organization: &str, name: &str, except: &str) -> Statement {
    sql(
        "UPDATE api SET is_default_version = 0, generation = generation + 1 \
         WHERE organization = ? AND name = ? AND id <> ? AND is_default_version = 1",
    )
    .bind(organization)
    .bind(name)
    .bind(except)
}

/// Refuses a draft with all that is wrong with it, the names of policies included.
pub(crate) async fn check(call: &Call, draft: &Draft) -> Outcome<()> {
    let mut faults = draft.faults(call.allow_private());
    if !call.allow_private() {
        faults.extend(draft.own_addresses(&call.variable("ORIGIN")));
    }
    faults.extend(policies::unknown(call, draft).await?);
    faults.extend(nouns::unknown_categories(call, draft).await?);
    faults.extend(shared_scopes::faults(call, draft).await?);
    faults.extend(organizations::unknown(call, draft).await?);
    refusal::unless_empty(code_of(&faults), faults)
}

/// The peer's code for the first fault.
fn code_of(faults: &[Fault]) -> &'static str {
    let place = faults.first().map_or("", |fault| fault.place.as_str());
    match place {
        "context" => "900253",
        "policies" | "apiThrottlingPolicy" => "900305",
        _ if place.starts_with("scopes[") => "900981",
        _ if place.ends_with("throttlingPolicy") => "900305",
        _ if place.starts_with("endpointConfig") => "900346",
        _ => "400",
    }
}

/// The operations of a draft in the words of `crates/openapi`: those of other kinds as the calls that they are, each once.
pub(crate) fn operations(draft: &Draft) -> Vec<Operation> {
    // What is wrong with them is said when a revision is deployed.
    let calls = lifecycle::calls(draft, &mut Vec::new());
    let mut seen = BTreeSet::new();
    calls
        .iter()
        .filter(|it| lifecycle::is_http(draft) || seen.insert((it.verb.clone(), it.target.clone())))
        .map(|operation| Operation {
            method: text(operation.verb.as_ref()).to_ascii_uppercase(),
            template: text(operation.target.as_ref()),
            operation_id: None,
            summary: None,
            scopes: operation.scopes.clone().unwrap_or_default(),
            security: operation
                .auth_type
                .as_deref()
                .and_then(openapi::parse_auth_type),
            throttling_tier: operation.throttling_policy.clone(),
            throttling_weight: operation.throttling_weight,
        })
        .collect()
}

pub(crate) fn text(field: Option<&String>) -> String {
    field.cloned().unwrap_or_default()
}
