//! `/audit-log`: who did what to what, when and from where; ours, since the peer writes a file.

use audit::{Link, Reader, START};
use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    audit_log::{
        entries::{self, Filter, Kept, number},
        seal_all,
    },
    call::Call,
    refusal,
};

/// `GET /audit-log`: the newest first, page by page from an entry backwards.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    seal_all(&call.db).await?;
    let filter = Filter::of(call, Reader::Administrator)?;
    reply::json(200, &entries::page(call, filter, Kept::line).await?)
}

/// `GET /audit-log/{entryId}`: with what was before and after.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    seal_all(&call.db).await?;
    let kept = entries::of_path(call, Filter::everything(call)).await?;
    reply::json(200, &kept.whole())
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
    let mut filter = Filter::of(call, Reader::Administrator)?;
    filter.and("audit.id > ?", number(call, "after", 0)?);
    seal_all(&call.db).await?;
    let found = entries::read(call, &filter, "ASC", EXPORTED).await?;
    let last = found.last().map(|kept| kept.entry.id);
    let links = found.into_iter().filter_map(Kept::link);
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
    let found: Vec<Kept> = call
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
    let links: Vec<Link> = found.into_iter().filter_map(Kept::link).collect();
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

/// The columns of an entry, of one that is gone too: its seal then does not hold.
const LOST_OR_NOT: &str = "audit_seal.entry AS id, audit_seal.organization, coalesce(actor, '') AS actor, \
    coalesce(action, '') AS action, coalesce(subject, '') AS subject, coalesce(at, 0) AS at, \
    coalesce(address, '') AS address, coalesce(agent, '') AS agent, before, after";
/// Entries of one export; who wants more asks again after the last.
const EXPORTED: i64 = 2_000;
/// Entries that one request looks at.
const VERIFIED: i64 = 2_000;
