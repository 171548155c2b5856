//! Entries as they are read: filtered, page by page from the newest backwards, each with its seal.

use audit::{Entry, Link, Reader};
use runtime::{
    Failure, Outcome, Value,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, json};

use super::COLUMNS;
use crate::{
    call::Call,
    page, refusal,
    time::{self, iso},
};

/// What a list is narrowed to.
pub(crate) struct Filter {
    clauses: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    pub(crate) fn everything(call: &Call) -> Self {
        Self {
            clauses: vec!["audit.organization = ?"],
            values: vec![call.organization().into()],
        }
    }

    /// By what the caller asks for, as far as this reader may ask.
    pub(crate) fn of(call: &Call, reader: Reader) -> Outcome<Self> {
        let mut filter = Self::everything(call);
        if let Some(actor) = call.query("actor") {
            filter.and("audit.actor = ?", actor);
        }
        if let Some(subject) = call.query("subject") {
            filter.and("audit.subject = ?", subject);
        }
        if let Some(address) = call.query("address").filter(|_| reader.asks_by_address()) {
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

    pub(crate) fn and(&mut self, clause: &'static str, value: impl Into<Value>) {
        self.clauses.push(clause);
        self.values.push(value.into());
    }

    fn bind(&self, text: String) -> Statement {
        self.values.iter().cloned().fold(sql(text), Statement::bind)
    }
}

/// The list of the entries that are older than `before`, the newest first; `next` leads on to older ones.
pub(crate) async fn page(
    call: &Call,
    mut filter: Filter,
    shown: fn(&Kept) -> serde_json::Value,
) -> Outcome<serde_json::Value> {
    let limit = number(call, "limit", LIMIT_DEFAULT)?.clamp(1, LIMIT_LARGEST);
    if call.query("before").is_some() {
        filter.and("audit.id < ?", number(call, "before", 0)?);
    }
    let mut found = read(call, &filter, "DESC", limit + 1).await?;
    let has_more = page::drop_beyond(&mut found, limit);
    let last = found.last().filter(|_| has_more);
    let next = last.map_or_else(String::new, |kept| {
        let before = kept.entry.id.to_string();
        page::link(call, &[("before", &before)], &["before"])
    });
    let list: Vec<serde_json::Value> = found.iter().map(shown).collect();
    Ok(json!({
        "count": list.len(),
        "list": list,
        "pagination": {"limit": limit, "next": next, "previous": ""},
    }))
}

/// The entry of the path's `entryId`.
pub(crate) async fn of_path(call: &Call, mut filter: Filter) -> Outcome<Kept> {
    let id = call.path("entryId").parse::<i64>();
    filter.and("audit.id = ?", id.map_err(|_| Failure::code("404"))?);
    let found = read(call, &filter, "ASC", 1).await?;
    found.into_iter().next().ok_or_else(|| Failure::code("404"))
}

pub(crate) async fn read(
    call: &Call,
    filter: &Filter,
    direction: &str,
    limit: i64,
) -> Outcome<Vec<Kept>> {
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

/// An entry with its seal, where it has one yet.
#[derive(Deserialize)]
#[serde(from = "Row")]
pub(crate) struct Kept {
    pub(crate) entry: Entry,
    number: Option<i64>,
    previous: Option<String>,
    seal: Option<String>,
}

impl Kept {
    pub(crate) fn link(self) -> Option<Link> {
        Some(Link {
            number: self.number?,
            previous: self.previous?,
            seal: self.seal?,
            entry: self.entry,
        })
    }

    /// As administrators see it in a list: with its place in the chain.
    pub(crate) fn line(&self) -> serde_json::Value {
        self.sealed(self.entry.line(Reader::Administrator))
    }

    /// As administrators see it by itself.
    pub(crate) fn whole(&self) -> serde_json::Value {
        let mut told = self.entry.whole(Reader::Administrator);
        told.insert("previous".to_owned(), json!(self.previous));
        self.sealed(told)
    }

    fn sealed(&self, mut told: Map<String, serde_json::Value>) -> serde_json::Value {
        if let (Some(number), Some(seal)) = (self.number, &self.seal) {
            told.insert("number".to_owned(), json!(number));
            told.insert("seal".to_owned(), json!(seal));
        }
        self.timed(told)
    }

    /// What is told of the entry, with when it was.
    pub(crate) fn timed(&self, mut told: Map<String, serde_json::Value>) -> serde_json::Value {
        told.insert("time".to_owned(), json!(iso(self.entry.at)));
        serde_json::Value::Object(told)
    }
}

/// The columns of an entry and of its seal.
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

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            entry: Entry {
                id: row.id,
                organization: row.organization,
                actor: row.actor,
                action: row.action,
                subject: row.subject,
                at: row.at,
                address: row.address,
                agent: row.agent,
                before: row.before,
                after: row.after,
            },
            number: row.number,
            previous: row.previous,
            seal: row.seal,
        }
    }
}

/// A whole number of the query that JSON can carry.
pub(crate) fn number(call: &Call, name: &str, default: i64) -> Outcome<i64> {
    match call.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number: &i64| (0..=NUMBER_LARGEST).contains(number))
            .ok_or_else(|| refusal::one("900703", name, "is not a whole number")),
    }
}

const LIMIT_DEFAULT: i64 = 25;
/// As of other lists.
const LIMIT_LARGEST: i64 = 500;
const NUMBER_LARGEST: i64 = 9_007_199_254_740_991;
