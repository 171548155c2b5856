//! `/rulesets` of the governance API.

use governance::Ruleset;
use lifecycle::Fault;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::write, call::Call, download, etag, guard, page::Page, refusal, time::iso, upload::Upload,
};

/// `GET /rulesets?query=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM ruleset WHERE organization = ? ORDER BY name COLLATE NOCASE"
            ))
            .bind(call.organization()),
        )
        .await?;
    let wanted = call.query("query").unwrap_or_default().to_lowercase();
    let wanted = wanted
        .strip_prefix("name:")
        .unwrap_or(&wanted)
        .trim()
        .to_owned();
    let named = rows
        .iter()
        .filter(|row| row.name.to_lowercase().contains(&wanted));
    etag::content(call, &page.cut(call, named.map(Row::shown).collect()))
}

/// `POST /rulesets`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body = Body::read(call).await?;
    let ruleset = id::uuid()?;
    let user = call.user()?;
    let statements = vec![
        sql("INSERT INTO ruleset (id, organization, name, description, about, artifact, content, link, provider, \
             created_at, created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&ruleset)
        .bind(call.organization())
        .bind(&body.name)
        .bind(&body.description)
        .bind(&body.about)
        .bind(&body.artifact)
        .bind(&body.content)
        .bind(&body.link)
        .bind(&body.provider)
        .bind(call.now)
        .bind(user)
        .bind(call.now)
        .bind(user),
        write::audit(call, "ruleset.create", &ruleset)?,
    ];
    call.db.batch(statements).await.map_err(name_taken)?;
    let row = find(call, &ruleset).await?;
    let response = etag::changed(201, row.generation, &row.shown())?;
    let location = format!("/api/am/governance/v1/rulesets/{ruleset}");
    reply::with_header(response, "location", &location)
}

/// `GET /rulesets/{rulesetId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("rulesetId")).await?;
    etag::generation(call, row.generation, &row.shown())
}

/// `PUT /rulesets/{rulesetId}`: what was found by the old rules is asked for anew.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("rulesetId")).await?;
    etag::require_match(call, row.generation)?;
    let body = Body::read(call).await?;
    let statements = vec![
        unchanged(&row),
        sql("UPDATE ruleset SET name = ?, description = ?, about = ?, artifact = ?, content = ?, link = ?, provider = ?, \
             generation = generation + 1, updated_at = ?, updated_by = ? WHERE id = ?")
        .bind(&body.name)
        .bind(&body.description)
        .bind(&body.about)
        .bind(&body.artifact)
        .bind(&body.content)
        .bind(&body.link)
        .bind(&body.provider)
        .bind(call.now)
        .bind(call.user()?)
        .bind(&row.id),
        write::audit(call, "ruleset.update", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(name_taken)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown())
}

/// `DELETE /rulesets/{rulesetId}`: not while a policy names it.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("rulesetId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        guard::require("NOT EXISTS (SELECT 1 FROM governance_policy_ruleset WHERE ruleset_id = ?)")
            .bind(&row.id),
        sql("DELETE FROM ruleset WHERE id = ?").bind(&row.id),
        write::audit(call, "ruleset.delete", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "a policy names this ruleset; take it out of the policy first",
        )
    })?;
    reply::empty(204)
}

/// `GET /rulesets/{rulesetId}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Content {
        content: String,
    }
    let row = find(call, call.path("rulesetId")).await?;
    let found: Option<Content> = call
        .db
        .first(sql("SELECT content FROM ruleset WHERE id = ?").bind(&row.id))
        .await?;
    let found = found.ok_or_else(missing)?;
    let content = found.content.into_bytes();
    download::bytes("ruleset.yaml", "application/x-yaml", content)
}

/// `GET /rulesets/{rulesetId}/usage`: ids of the policies that name it.
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Policy {
        policy_id: String,
    }
    let row = find(call, call.path("rulesetId")).await?;
    let policies: Vec<Policy> = call
        .db
        .all(
            sql("SELECT policy_id FROM governance_policy_ruleset WHERE ruleset_id = ? ORDER BY policy_id")
                .bind(&row.id),
        )
        .await?;
    let ids: Vec<String> = policies.into_iter().map(|it| it.policy_id).collect();
    reply::json(200, &ids)
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM ruleset WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(missing)
}

fn missing() -> Failure {
    Failure::because("404", "there is no such ruleset")
}

fn unchanged(row: &Row) -> Statement {
    guard::unchanged("ruleset", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    guard::taken(
        failure,
        "ruleset.",
        Failure::because("409", "there is a ruleset of that name"),
    )
}

/// A ruleset without its content.
#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    description: String,
    about: String,
    artifact: String,
    link: String,
    provider: String,
    generation: i64,
    created_at: i64,
    created_by: String,
    updated_at: i64,
    updated_by: String,
}

impl Row {
    /// WSO2's `RulesetInfo`.
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "ruleCategory": "SPECTRAL",
            "ruleType": self.about,
            "artifactType": self.artifact,
            "documentationLink": self.link,
            "provider": self.provider,
            "createdBy": self.created_by,
            "createdTime": iso(self.created_at),
            "updatedBy": self.updated_by,
            "updatedTime": iso(self.updated_at),
        })
    }
}

/// WSO2's `RulesetInput`.
struct Body {
    name: String,
    description: String,
    about: String,
    artifact: String,
    content: String,
    link: String,
    provider: String,
}

impl Body {
    async fn read(call: &Call) -> Outcome<Self> {
        let form = Upload::read(call).await?;
        let mut faults = Vec::new();
        let mut parts = Vec::new();
        for (name, most) in [
            ("name", 256),
            ("description", 1024),
            ("documentationLink", 500),
            ("provider", 100),
        ] {
            let text = form.text(name).await?.unwrap_or_default().trim().to_owned();
            if text.chars().count() > most {
                faults.push(told(name, format!("is longer than {most} characters")));
            }
            parts.push(text);
        }
        let mut words = Vec::new();
        for (name, known, usual) in [
            ("ruleType", ABOUT, ""),
            ("artifactType", ARTIFACTS, ""),
            ("ruleCategory", &["SPECTRAL"][..], "SPECTRAL"),
        ] {
            let word = form.text(name).await?.unwrap_or_else(|| usual.to_owned());
            if !known.contains(&word.as_str()) {
                faults.push(told(
                    name,
                    format!("`{word}` is none of `{}`", known.join("`, `")),
                ));
            }
            words.push(word);
        }
        let content = form.text("rulesetContent").await?.unwrap_or_default();
        faults.extend(content_faults(&content));
        let [name, description, link, provider] =
            <[String; 4]>::try_from(parts).unwrap_or_default();
        if name.is_empty() {
            faults.insert(0, told("name", "is missing".to_owned()));
        }
        let [about, artifact, _] = <[String; 3]>::try_from(words).unwrap_or_default();
        refusal::unless_empty("400", faults)?;
        Ok(Self {
            name,
            description,
            about,
            artifact,
            content,
            link,
            provider: if provider.is_empty() {
                call.user()?.to_owned()
            } else {
                provider
            },
        })
    }
}

/// What is wrong with the rules themselves.
fn content_faults(content: &str) -> Vec<Fault> {
    if content.len() > CONTENT_BYTES {
        let message = format!("is larger than {CONTENT_BYTES} bytes");
        return vec![told("rulesetContent", message)];
    }
    let wrong = Ruleset::read(content).err().unwrap_or_default().into_iter();
    wrong
        .map(|it| told(&format!("rulesetContent.{}", it.place), it.message))
        .collect()
}

fn told(place: &str, message: String) -> Fault {
    Fault {
        place: place.to_owned(),
        message,
    }
}

const COLUMNS: &str = "id, name, description, about, artifact, link, provider, generation, created_at, created_by, \
    updated_at, updated_by";
const ABOUT: &[&str] = &["API_METADATA", "API_DEFINITION", "API_DOCUMENTATION"];
const ARTIFACTS: &[&str] = &["REST_API", "ASYNC_API"];
/// Rulesets in everyday use have some 100 KiB at the most.
const CONTENT_BYTES: usize = 512 * 1024;
