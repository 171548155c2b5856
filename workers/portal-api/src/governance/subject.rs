//! What rulesets look at: an API's object, its definition, its documents.

use governance::{Report, Ruleset, evaluate};
use lifecycle::Draft;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    apis::{ApiRow, shape},
    blob,
    call::Call,
    documents::{self, DocumentRow, Reader},
};

/// An API as rulesets see it.
pub(crate) struct Subject {
    pub(crate) kind: String,
    /// Ids and names of its labels.
    pub(crate) labels: Vec<String>,
    pub(crate) metadata: Value,
    pub(crate) definition: Value,
    pub(crate) documents: Value,
}

impl Subject {
    /// The working copy of an API.
    pub(crate) async fn of(call: &Call, row: &ApiRow) -> Outcome<Self> {
        let draft = row.draft(call).await?;
        let definition = match super::standing::artifact(&row.kind) {
            // An AsyncAPI document says more than what was made of it.
            Some("ASYNC_API") if !row.source.is_empty() => {
                serde_json::from_str(&blob::read(&call.db, &row.source).await?)?
            }
            _ => row.document(call).await?,
        };
        let written = documents::every(call, &row.id, Reader::Publisher).await?;
        let written: Vec<Value> = written.iter().map(DocumentRow::shown).collect();
        Ok(Self {
            kind: row.kind.clone(),
            labels: labels(call, &row.id).await?,
            metadata: shape::whole(row, draft),
            definition,
            documents: json!({"documents": written}),
        })
    }

    /// An API as it is about to be; `row` is what it is now, if it is there.
    pub(crate) async fn before(
        call: &Call,
        row: Option<&ApiRow>,
        (draft, document): (&Draft, &Value),
    ) -> Outcome<Self> {
        let kind = draft.kind.clone().unwrap_or_default();
        let (labels, written) = match row {
            None => (Vec::new(), Vec::new()),
            Some(row) => (
                labels(call, &row.id).await?,
                documents::every(call, &row.id, Reader::Publisher).await?,
            ),
        };
        let written: Vec<Value> = written.iter().map(DocumentRow::shown).collect();
        // What an AsyncAPI document says more than this is looked at when the API is deployed.
        let is_made = super::standing::artifact(&kind) == Some("ASYNC_API");
        Ok(Self {
            labels,
            metadata: draft.clone().without_secrets().kept(),
            definition: if is_made {
                Value::Null
            } else {
                document.clone()
            },
            documents: json!({"documents": written}),
            kind,
        })
    }

    /// Holds it to a ruleset.
    pub(crate) async fn held_to(&self, call: &Call, id: &str, about: &str) -> Outcome<Report> {
        #[derive(Deserialize)]
        struct Content {
            content: String,
        }
        let query = sql("SELECT content FROM ruleset WHERE id = ?").bind(id);
        let Some(found) = call.db.first::<Content>(query).await? else {
            return Ok(Report::default());
        };
        let ruleset = Ruleset::read(&found.content)
            .map_err(|_| Failure::Internal(format!("ruleset {id} cannot be read any more")))?;
        let document = match about {
            "API_METADATA" => &self.metadata,
            "API_DOCUMENTATION" => &self.documents,
            _ => &self.definition,
        };
        if document.is_null() {
            return Ok(Report::default());
        }
        Ok(evaluate(&ruleset, document))
    }
}

/// Ids and names of an API's labels.
pub(crate) async fn labels(call: &Call, api: &str) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
    }
    let query = "SELECT label.id, label.name FROM api_label JOIN label ON label.id = label_id WHERE api_id = ?";
    let rows: Vec<Row> = call.db.all(sql(query).bind(api)).await?;
    Ok(rows
        .into_iter()
        .flat_map(|row| [row.id, row.name])
        .collect())
}
