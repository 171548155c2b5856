//! `/endpoint-certificates`: certificates of upstreams, with what they say, which APIs call there, and when they end. Whom the
//! runtime believes is not said here but where it runs: docs/upstreams.md.

use credential::ReadCertificate;
use lifecycle::upstream_certificate;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{
        ApiRow,
        row::{self, COLUMNS},
        write,
    },
    call::Call,
    certificates, etag, guard,
    page::Page,
    refusal,
    upload::Upload,
};

/// `GET /endpoint-certificates?alias=&endpoint=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {ROW} FROM endpoint_certificate WHERE organization = ? AND (? = '' OR alias = ?) \
                 AND (? = '' OR instr(lower(endpoint), lower(?)) > 0) ORDER BY alias"
            ))
            .bind(call.organization())
            .bind(call.query("alias").unwrap_or_default())
            .bind(call.query("alias").unwrap_or_default())
            .bind(call.query("endpoint").unwrap_or_default())
            .bind(call.query("endpoint").unwrap_or_default()),
        )
        .await?;
    let list = rows.iter().map(Row::shown).collect();
    let mut body = Page::of(call)?.cut(call, list);
    // The peer's name for this one list.
    if let Some(body) = body.as_object_mut()
        && let Some(list) = body.remove("list")
    {
        body.insert("certificates".to_owned(), list);
    }
    etag::content(call, &body)
}

/// `POST /endpoint-certificates`
pub(crate) async fn add(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let alias = upload.text("alias").await?.unwrap_or_default();
    certificates::require_alias(&alias)?;
    let endpoint = upload
        .text("endpoint")
        .await?
        .ok_or_else(|| refusal::one("400", "endpoint", "is missing"))?;
    let endpoint = endpoint.trim().to_owned();
    if endpoint.len() > LONGEST {
        return Err(refusal::one("400", "endpoint", "is longer than 512 bytes"));
    }
    upstream_certificate::endpoint(&endpoint, call.allow_private())
        .map_err(|reason| refusal::one("400", "endpoint", reason))?;
    let read = certificate(call, &upload).await?;
    let row = Row::of(read, alias, endpoint);
    let statements = vec![
        guard::require("(SELECT count(*) FROM endpoint_certificate WHERE organization = ?) < ?")
            .bind(call.organization())
            .bind(MOST),
        row.insert(call),
        write::audit(call, "endpoint-certificate.add", &row.alias)?,
    ];
    keep(call, &row, statements).await?;
    let location = format!("/api/am/publisher/v4/endpoint-certificates/{}", row.alias);
    reply::with_header(reply::json(200, &row.shown())?, "location", &location)
}

/// `GET /endpoint-certificates/{alias}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    let validity = (row.not_before, row.not_after);
    let told = certificates::told(call, validity, row.version, &row.subject);
    reply::json(200, &told)
}

/// `PUT /endpoint-certificates/{alias}`: another certificate for the same address.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let before = find(call).await?;
    let upload = Upload::read(call).await?;
    let read = certificate(call, &upload).await?;
    let row = Row::of(read, before.alias, before.endpoint);
    let statements = vec![
        guard::require(
            "EXISTS (SELECT 1 FROM endpoint_certificate WHERE organization = ? AND alias = ? AND thumbprint = ?)",
        )
        .bind(call.organization())
        .bind(&row.alias)
        .bind(&before.thumbprint),
        sql("UPDATE endpoint_certificate SET der = ?, thumbprint = ?, subject = ?, version = ?, not_before = ?, not_after = ? \
             WHERE organization = ? AND alias = ?")
        .bind(&row.der)
        .bind(&row.thumbprint)
        .bind(&row.subject)
        .bind(row.version)
        .bind(row.not_before)
        .bind(row.not_after)
        .bind(call.organization())
        .bind(&row.alias),
        write::audit(call, "endpoint-certificate.update", &row.alias)?,
    ];
    keep(call, &row, statements).await?;
    reply::json(200, &row.shown())
}

/// `DELETE /endpoint-certificates/{alias}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    let statements = vec![
        sql("DELETE FROM endpoint_certificate WHERE organization = ? AND alias = ?")
            .bind(call.organization())
            .bind(&row.alias),
        write::audit(call, "endpoint-certificate.delete", &row.alias)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

/// `GET /endpoint-certificates/{alias}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    certificates::file(&row.alias, &row.der)
}

/// `GET /endpoint-certificates/{alias}/usage`: the APIs whose drafts call the address, or one below it.
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let certificate = find(call).await?;
    let endpoint = upstream_certificate::endpoint(&certificate.endpoint, true)
        .map_err(|reason| Failure::Internal(format!("a kept endpoint {reason}")))?;
    let host = endpoint.host_str().unwrap_or_default();
    // Drafts are texts: those that name the host are read, and those that do not are not.
    let candidates: Vec<ApiRow> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM api WHERE organization = ? AND EXISTS (SELECT 1 FROM blob \
                 WHERE hash = api.body AND instr(lower(content), ?) > 0) ORDER BY name COLLATE NOCASE, version LIMIT ?"
            ))
            .bind(call.organization())
            .bind(host)
            .bind(MOST_READ),
        )
        .await?;
    let mut list = Vec::new();
    for api in candidates {
        let draft = row::draft(call, &api.body).await?;
        if upstream_certificate::is_called(&endpoint, &draft) {
            list.push(json!({
                "id": api.id,
                "name": api.name,
                "context": api.context,
                "version": api.version,
                "provider": api.provider,
            }));
        }
    }
    reply::json(200, &page.cut(call, list))
}

async fn certificate(call: &Call, upload: &Upload) -> Outcome<ReadCertificate> {
    certificates::uploaded(call, upload)
        .await?
        .ok_or_else(|| refusal::one("400", "certificate", "is missing"))
}

async fn keep(call: &Call, row: &Row, statements: Vec<Statement>) -> Outcome<()> {
    let kept = call.db.batch(statements).await;
    let kept = kept.map_err(|failure| {
        let same = "this certificate is there already, for the same endpoint";
        let failure = guard::taken(failure, ".endpoint", Failure::because("409", same));
        let alias = format!("there is a certificate `{}` already", row.alias);
        guard::taken(failure, ".alias", Failure::because("409", alias))
    });
    guard::or(kept, || {
        Failure::because(
            "409",
            format!("there are {MOST} certificates already, or this one was changed meanwhile"),
        )
    })?;
    Ok(())
}

async fn find(call: &Call) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {ROW} FROM endpoint_certificate WHERE organization = ? AND alias = ?"
    ));
    call.db
        .first(query.bind(call.organization()).bind(call.path("alias")))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such certificate"))
}

#[derive(Deserialize)]
struct Row {
    alias: String,
    endpoint: String,
    der: String,
    thumbprint: String,
    subject: String,
    version: i64,
    not_before: i64,
    not_after: i64,
}

impl Row {
    fn of(read: ReadCertificate, alias: String, endpoint: String) -> Self {
        Self {
            subject: read.subject.unwrap_or_else(|| alias.clone()),
            alias,
            endpoint,
            der: read.der,
            thumbprint: read.thumbprint,
            version: i64::from(read.version),
            not_before: read.not_before.0,
            not_after: read.not_after.0,
        }
    }

    fn insert(&self, call: &Call) -> Statement {
        sql("INSERT INTO endpoint_certificate (organization, alias, endpoint, der, thumbprint, subject, version, \
             not_before, not_after, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(call.organization())
        .bind(&self.alias)
        .bind(&self.endpoint)
        .bind(&self.der)
        .bind(&self.thumbprint)
        .bind(&self.subject)
        .bind(self.version)
        .bind(self.not_before)
        .bind(self.not_after)
        .bind(call.now)
    }

    /// WSO2's `CertMetadata`.
    fn shown(&self) -> Value {
        json!({"alias": self.alias, "endpoint": self.endpoint})
    }
}

const ROW: &str = "alias, endpoint, der, thumbprint, subject, version, not_before, not_after";
/// Nobody has more upstreams of their own kind; lists show them all.
const MOST: i64 = 1_000;
/// Drafts that are read to say who uses a certificate.
const MOST_READ: i64 = 500;
const LONGEST: usize = 512;
