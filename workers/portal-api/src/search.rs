//! `/search`: APIs, definitions and documents by their words, the best first.

use lifecycle::search::{self, Condition};
use runtime::{Outcome, Value, db::sql};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::search::{Filter, KEYS},
    call::Call,
    devportal::visible,
    documents::{self, Reader},
    etag,
    page::Page,
};

/// `GET /search?query=` of the publisher.
pub(crate) async fn for_publishers(call: &Call) -> Outcome<Response> {
    answer(call, Reader::Publisher).await
}

/// `GET /search?query=` of the developer portal: what the caller may see.
pub(crate) async fn for_consumers(call: &Call) -> Outcome<Response> {
    answer(call, Reader::Consumer).await
}

async fn answer(call: &Call, reader: Reader) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let question = Question::of(call, reader);
    let with = |text: String| {
        question
            .values
            .iter()
            .cloned()
            .fold(sql(text), |query, value| query.bind(value))
    };
    let from = format!(
        "FROM {} WHERE {}",
        question.from,
        question.clauses.join(" AND ")
    );
    let count: Option<Count> = call
        .db
        .first(with(format!("SELECT count(*) AS total {from}")))
        .await?;
    let rows: Vec<Found> = call
        .db
        .all(
            with(format!(
                "SELECT searchable.kind, searchable.subject, api.id, api.name, api.version, api.base_path AS context, \
                 api.provider, api.state, api.kind AS api_kind, api.description, document.name AS document_name, \
                 document.kind AS document_kind, document.source AS document_source, \
                 document.visibility AS document_visibility {from} ORDER BY {}, api.name COLLATE NOCASE, api.version, \
                 searchable.kind, searchable.subject LIMIT ? OFFSET ?",
                question.order
            ))
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    let list = rows.iter().map(Found::shown).collect();
    etag::content(
        call,
        &page.list(call, list, count.map_or(0, |count| count.total)),
    )
}

/// What is asked, as SQL.
struct Question {
    from: String,
    clauses: Vec<String>,
    values: Vec<Value>,
    order: &'static str,
}

impl Question {
    fn of(call: &Call, reader: Reader) -> Self {
        let mut keys = KEYS.to_vec();
        keys.extend(["content", "doc"]);
        let conditions = search::parse(call.query("query").unwrap_or_default(), &keys);
        let (words, others): (Vec<Condition>, Vec<Condition>) = conditions
            .into_iter()
            .partition(|condition| matches!(condition.key.as_str(), "" | "content" | "doc"));
        let documents_only = words.iter().any(|condition| condition.key == "doc");
        let asked = search::full_text(&words);
        let kind = if documents_only { "DOC" } else { "API" };
        let mut question = Self {
            from: format!("searchable {JOINED}"),
            clauses: Vec::new(),
            values: Vec::new(),
            order: "searchable.kind",
        };
        if !asked.is_empty() {
            question.from =
                format!("words JOIN searchable ON searchable.id = words.rowid {JOINED}");
            question.clauses.push("words MATCH ?".to_owned());
            question.values.push(asked.as_str().into());
            question.order = "words.rank";
        }
        // Without a word there is nothing to look for in texts: APIs that meet the other conditions.
        if asked.is_empty() || documents_only {
            question.clauses.push("searchable.kind = ?".to_owned());
            question.values.push(kind.into());
        }
        question.narrow(call, reader, &others);
        question
    }

    /// To what the caller may see, and to the conditions on APIs.
    fn narrow(&mut self, call: &Call, reader: Reader, others: &[Condition]) {
        let mut filter = Filter::meeting(call, others);
        if matches!(reader, Reader::Consumer) {
            let (condition, values) = visible::condition(call);
            filter.and(condition, values);
            self.clauses.push(RUNNING.to_owned());
        }
        let (clause, values) = filter.into_clause();
        self.clauses
            .push(format!("api.id IN (SELECT id FROM api WHERE {clause})"));
        self.values.extend(values);
        let readable = documents::readable(call, reader);
        self.clauses
            .push(format!("(searchable.kind <> 'DOC' OR document.{readable})"));
    }
}

#[derive(Deserialize)]
struct Found {
    kind: String,
    subject: String,
    id: String,
    name: String,
    version: String,
    context: String,
    provider: String,
    state: String,
    api_kind: String,
    description: String,
    document_name: Option<String>,
    document_kind: Option<String>,
    document_source: Option<String>,
    document_visibility: Option<String>,
}

impl Found {
    /// WSO2's `APISearchResult`, `DocumentSearchResult` or that of a definition.
    fn shown(&self) -> serde_json::Value {
        match self.kind.as_str() {
            "DOC" => json!({
                "id": self.subject,
                "name": self.document_name,
                "type": "DOC",
                "docType": self.document_kind,
                "sourceType": self.document_source,
                "visibility": self.document_visibility,
                "apiName": self.name,
                "apiDisplayName": self.name,
                "apiVersion": self.version,
                "apiProvider": self.provider,
                "apiUUID": self.id,
                "associatedType": "API",
            }),
            "DEFINITION" => json!({
                "id": self.subject,
                "name": self.name,
                "type": "DEFINITION",
                "apiName": self.name,
                "apiDisplayName": self.name,
                "apiVersion": self.version,
                "apiContext": self.context,
                "apiProvider": self.provider,
                "apiType": self.api_kind,
                "apiUUID": self.id,
                "associatedType": "API",
            }),
            _ => json!({
                "id": self.id,
                "name": self.name,
                "displayName": self.name,
                "type": "API",
                "transportType": self.api_kind,
                "description": self.description,
                "context": self.context,
                "contextTemplate": self.context,
                "version": self.version,
                "provider": self.provider,
                "status": self.state,
                "thumbnailUri": "",
                "advertiseOnly": false,
            }),
        }
    }
}

const JOINED: &str = "JOIN api ON api.id = searchable.api_id \
    LEFT JOIN document ON document.id = searchable.subject AND searchable.kind = 'DOC'";
/// The words of a definition are those of the draft: consumers find by them while the draft is what runs.
const RUNNING: &str = "(searchable.kind <> 'DEFINITION' OR EXISTS (SELECT 1 FROM deployment \
    JOIN revision ON revision.id = deployment.revision_id WHERE deployment.api_id = api.id \
    AND deployment.display_on_devportal = 1 AND revision.definition = api.definition))";
