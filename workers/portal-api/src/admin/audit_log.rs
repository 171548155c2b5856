//! `/audit-log`: who did what to what, when and from where; ours, since the peer writes a file.

use audit::{Link, START};
use runtime::{
    Failure, Outcome, Value,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    audit_log::{COLUMNS, seal_all},
    call::Call,
    refusal,
    time::{self, iso},
};

/// `GET /audit-log`: the newest first, page by page from an entry backwards.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let limit = number(call, "limit", 25)?.clamp(1, 500);
    let mut filter = Filter::of(call)?;
    if call.query("before").is_some() {
        filter.and("audit.id < ?", number(call, "before", 0)?);
    }
    seal_all(&call.db).await?;
    let mut rows = read(call, &filter, "DESC", limit + 1).await?;
    let has_more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    let next = rows
        .last()
        .filter(|_| has_more)
        .map_or_else(String::new, |row| link(call, row.id));
    let list: Vec<serde_json::Value> = rows.iter().map(Row::line).collect();
    let body = json!({
        "count": list.len(),
        "list": list,
        "pagination": {"limit": limit, "next": next, "previous": ""},
    });
    reply::json(200, &body)
}

/// `GET /audit-log/{entryId}`: with what was before and after.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let mut filter = Filter::everything(call);
    let id: i64 = call
        .path("entryId")
        .parse()
        .map_err(|_| Failure::code("404"))?;
    filter.and("audit.id = ?", id);
    seal_all(&call.db).await?;
    let rows = read(call, &filter, "ASC", 1).await?;
    let row = rows.first().ok_or_else(|| Failure::code("404"))?;
    reply::json(200, &row.whole())
}

/// `GET /audit-log/export?format=`: the oldest first, sealed, so that it can be verified elsewhere.
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let format = call.query("format").unwrap_or("jsonl");
    if !["jsonl", "csv"].contains(&format) {
        return Err(refusal::one(
            "900703",
            "format",
            "is neither `jsonl` nor `csv`",
        ));
    }
    let mut filter = Filter::of(call)?;
    filter.and("audit.id > ?", number(call, "after", 0)?);
    seal_all(&call.db).await?;
    let rows = read(call, &filter, "ASC", EXPORTED).await?;
    let last = rows.last().map(|row| row.id);
    let links = rows.into_iter().filter_map(Row::link);
    let (kind, text) = if format == "csv" {
        let lines: String = links.map(|link| audit::row(&link)).collect();
        (
            "text/csv; charset=utf-8",
            format!("{}{lines}", audit::HEADINGS),
        )
    } else {
        let lines: String = links
            .map(|link| {
                let line = json!({
                    "number": link.number, "entry": link.entry, "previous": link.previous, "seal": link.seal,
                });
                format!("{line}\n")
            })
            .collect();
        ("application/x-ndjson", lines)
    };
    let response = reply::text(200, kind, text)?;
    let name = format!("attachment; filename=\"audit-log.{format}\"");
    let response = reply::with_header(response, "content-disposition", &name)?;
    match last {
        Some(last) => reply::with_header(response, "x-last-entry", &last.to_string()),
        None => Ok(response),
    }
}

/// `GET /audit-log/verification?from=`: a part of the chain, with the number to go on from.
pub(crate) async fn verify(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Seal {
        seal: String,
    }
    let first = number(call, "from", 1)?.max(1);
    seal_all(&call.db).await?;
    let previous = if first == 1 {
        START.to_owned()
    } else {
        let seal: Option<Seal> = call
            .db
            .first(
                sql("SELECT seal FROM audit_seal WHERE organization = ? AND number = ?")
                    .bind(call.organization())
                    .bind(first - 1),
            )
            .await?;
        seal.ok_or_else(|| refusal::one("900703", "from", "is beyond the last entry"))?
            .seal
    };
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {LOST_OR_NOT}, number, previous, seal FROM audit_seal \
                 LEFT JOIN audit ON audit.id = audit_seal.entry \
                 WHERE audit_seal.organization = ? AND number >= ? ORDER BY number LIMIT {VERIFIED}",
            ))
            .bind(call.organization())
            .bind(first),
        )
        .await?;
    let links: Vec<Link> = rows.into_iter().filter_map(Row::link).collect();
    let verdict = audit::verify(&previous, first, &links);
    let next = first + verdict.whole;
    let has_more = verdict.broken.is_none() && verdict.whole == VERIFIED;
    let broken = verdict
        .broken
        .map(|(number, reason)| json!({"number": number, "reason": reason}));
    let body = json!({
        "isIntact": broken.is_none(),
        "from": first,
        "verified": verdict.whole,
        "head": verdict.head,
        "broken": broken,
        "next": has_more.then_some(next),
    });
    reply::json(200, &lifecycle::defaults::without_nulls(body))
}

/// What a list is narrowed to.
struct Filter {
    clauses: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    fn everything(call: &Call) -> Self {
        Self {
            clauses: vec!["audit.organization = ?"],
            values: vec![call.organization().into()],
        }
    }

    fn of(call: &Call) -> Outcome<Self> {
        let mut filter = Self::everything(call);
        if let Some(actor) = call.query("actor") {
            filter.and("audit.actor = ?", actor);
        }
        if let Some(subject) = call.query("subject") {
            filter.and("audit.subject = ?", subject);
        }
        if let Some(address) = call.query("address") {
            filter.and("audit.address = ?", address);
        }
        if let Some(action) = call.query("action") {
            // `api` is every `api.…`.
            if action.contains('.') {
                filter.and("audit.action = ?", action);
            } else {
                filter.and("instr(audit.action, ?) = 1", format!("{action}."));
            }
        }
        for (name, clause) in [("from", "audit.at >= ?"), ("to", "audit.at < ?")] {
            if let Some(text) = call.query(name) {
                let moment = time::parse(text).ok_or_else(|| {
                    refusal::one(
                        "900703",
                        name,
                        "is no moment, such as `2026-11-24T02:00:00Z`",
                    )
                })?;
                filter.and(clause, moment);
            }
        }
        Ok(filter)
    }

    fn and(&mut self, clause: &'static str, value: impl Into<Value>) {
        self.clauses.push(clause);
        self.values.push(value.into());
    }

    fn bind(&self, text: String) -> Statement {
        self.values.iter().cloned().fold(sql(text), Statement::bind)
    }
}

async fn read(call: &Call, filter: &Filter, direction: &str, limit: i64) -> Outcome<Vec<Row>> {
    let text = format!(
        "SELECT {}, number, previous, seal FROM audit LEFT JOIN audit_seal ON entry = audit.id \
         WHERE {} ORDER BY audit.id {direction} LIMIT ?",
        qualified(),
        filter.clauses.join(" AND ")
    );
    call.db.all(filter.bind(text).bind(limit)).await
}

fn qualified() -> String {
    COLUMNS
        .split(", ")
        .map(|column| format!("audit.{column}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// An entry with its seal.
#[derive(Deserialize)]
struct Row {
    id: i64,
    organization: String,
    actor: String,
    action: String,
    subject: String,
    at: i64,
    address: String,
    agent: String,
    before: Option<String>,
    after: Option<String>,
    number: Option<i64>,
    previous: Option<String>,
    seal: Option<String>,
}

impl Row {
    fn link(self) -> Option<Link> {
        Some(Link {
            number: self.number?,
            previous: self.previous?,
            seal: self.seal?,
            entry: audit::Entry {
                id: self.id,
                organization: self.organization,
                actor: self.actor,
                action: self.action,
                subject: self.subject,
                at: self.at,
                address: self.address,
                agent: self.agent,
                before: self.before,
                after: self.after,
            },
        })
    }

    fn states(&self) -> (serde_json::Value, serde_json::Value) {
        let read = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default()
        };
        (read(&self.before), read(&self.after))
    }

    fn line(&self) -> serde_json::Value {
        let (before, after) = self.states();
        // An object that is called something.
        let name = ["name", "username", "number"]
            .iter()
            .find_map(|key| after.get(key).or_else(|| before.get(key)));
        lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "time": iso(self.at),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "subjectName": name,
            "address": self.address,
            "userAgent": self.agent,
            "number": self.number,
            "seal": self.seal,
        }))
    }

    fn whole(&self) -> serde_json::Value {
        let (before, after) = self.states();
        let mut shown = self.line();
        let more = json!({
            "changes": audit::changes(&before, &after),
            "before": before,
            "after": after,
            "previous": self.previous,
        });
        if let (serde_json::Value::Object(shown), serde_json::Value::Object(more)) =
            (&mut shown, more)
        {
            shown.extend(more);
        }
        shown
    }
}

fn number(call: &Call, name: &str, default: i64) -> Outcome<i64> {
    match call.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number: &i64| (0..=NUMBER_LARGEST).contains(number))
            .ok_or_else(|| refusal::one("900703", name, "is not a whole number")),
    }
}

/// The path of the next page, with the other parameters kept.
fn link(call: &Call, before: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("before", &before.to_string());
    for (name, value) in &call.query {
        if name != "before" {
            query.append_pair(name, value);
        }
    }
    format!("{}?{}", call.request.path(), query.finish())
}

/// The columns of an entry, of one that is gone too: its seal then does not hold.
const LOST_OR_NOT: &str = "audit_seal.entry AS id, audit_seal.organization, coalesce(actor, '') AS actor, \
    coalesce(action, '') AS action, coalesce(subject, '') AS subject, coalesce(at, 0) AS at, \
    coalesce(address, '') AS address, coalesce(agent, '') AS agent, before, after";
const NUMBER_LARGEST: i64 = 9_007_199_254_740_991;
/// Entries of one export; who wants more asks again after the last.
const EXPORTED: i64 = 2_000;
/// Entries that one request looks at.
const VERIFIED: i64 = 2_000;
