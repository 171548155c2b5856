//! The row of an API and the texts that belong to it.

use lifecycle::{Draft, naming::Context};
use model::ApiState;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::Value;

use crate::{blob, call::Call};

/// A row of `api`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ApiRow {
    pub(crate) id: String,
    pub(crate) organization: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) context: String,
    pub(crate) base_path: String,
    pub(crate) provider: String,
    pub(crate) state: String,
    pub(crate) kind: String,
    pub(crate) is_default_version: i64,
    pub(crate) description: String,
    pub(crate) card: String,
    pub(crate) body: String,
    pub(crate) definition: String,
    /// Name of the text that the API was made of beside its definition; empty for none.
    pub(crate) source: String,
    pub(crate) generation: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) updated_by: String,
    pub(crate) has_thumbnail: i64,
    /// Mean of the ratings; none without one.
    pub(crate) rating: Option<f64>,
}

/// What [`ApiRow`] reads.
pub(crate) const COLUMNS: &str = "id, organization, name, version, context, base_path, provider, state, kind, \
    is_default_version, description, card, body, definition, source, generation, created_at, updated_at, updated_by, \
    EXISTS (SELECT 1 FROM thumbnail WHERE thumbnail.api_id = api.id) AS has_thumbnail, \
    (SELECT avg(score) FROM rating WHERE rating.api_id = api.id) AS rating";

/// The API of that id in the caller's organization.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<ApiRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM api WHERE id = ? AND organization = ?"
    ))
    .bind(id)
    .bind(call.organization());
    call.db
        .first(query)
        .await?
        .ok_or_else(|| Failure::code("900308"))
}

/// The API of that name and version in the caller's organization.
pub(crate) async fn named(call: &Call, name: &str, version: &str) -> Outcome<Option<ApiRow>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM api WHERE organization = ? AND name = ? AND version = ?"
    ))
    .bind(call.organization())
    .bind(name)
    .bind(version);
    call.db.first(query).await
}

/// The API of the path's `apiId`, or the product of its `apiProductId`.
pub(crate) async fn of_path(call: &Call) -> Outcome<ApiRow> {
    let noun = Noun::of(call);
    one(call, call.path(noun.parameter()), noun).await
}

/// As [`of_path`], by the query.
pub(crate) async fn of_query(call: &Call) -> Outcome<ApiRow> {
    let noun = Noun::of(call);
    one(call, call.required(noun.parameter())?, noun).await
}

/// The API or product of the path's `apiId`: for what products have no paths of their own.
pub(crate) async fn either(call: &Call) -> Outcome<ApiRow> {
    find(call, call.path("apiId")).await
}

/// What an operation is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Api,
    Product,
}

impl Noun {
    fn of(call: &Call) -> Self {
        if call.request.path().contains("/api-products") {
            Self::Product
        } else {
            Self::Api
        }
    }

    const fn parameter(self) -> &'static str {
        match self {
            Self::Api => "apiId",
            Self::Product => "apiProductId",
        }
    }

    /// Where the publisher API has them.
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Api => "/api/am/publisher/v4/apis",
            Self::Product => "/api/am/publisher/v4/api-products",
        }
    }
}

/// The API or the product of that id.
pub(crate) async fn one(call: &Call, id: &str, noun: Noun) -> Outcome<ApiRow> {
    let row = find(call, id).await?;
    if row.noun() == noun {
        Ok(row)
    } else {
        Err(Failure::code("900308"))
    }
}

impl ApiRow {
    pub(crate) fn noun(&self) -> Noun {
        if self.kind == lifecycle::PRODUCT {
            Noun::Product
        } else {
            Noun::Api
        }
    }

    /// Where the publisher API has it.
    pub(crate) fn address(&self) -> String {
        format!("{}/{}", self.noun().folder(), self.id)
    }

    pub(crate) fn state(&self) -> Outcome<ApiState> {
        ApiState::parse(&self.state)
            .ok_or_else(|| Failure::Internal(format!("API {} is in state {}", self.id, self.state)))
    }

    /// The working copy.
    pub(crate) async fn draft(&self, call: &Call) -> Outcome<Draft> {
        draft(call, &self.body).await
    }

    /// The definition of the working copy.
    pub(crate) async fn document(&self, call: &Call) -> Outcome<Value> {
        document(call, &self.definition).await
    }

    /// The base path of the default version's alias, when there may be one.
    pub(crate) fn alias(&self) -> Option<String> {
        Context::parse(&self.context).ok()?.alias()
    }

    pub(crate) fn card(&self) -> Value {
        serde_json::from_str(&self.card).unwrap_or(Value::Null)
    }
}

/// A definition by the hash of its text.
pub(crate) async fn document(call: &Call, hash: &str) -> Outcome<Value> {
    Ok(serde_json::from_str(&blob::read(&call.db, hash).await?)?)
}

/// A draft by the hash of its text.
pub(crate) async fn draft(call: &Call, hash: &str) -> Outcome<Draft> {
    Ok(Draft::stored(&blob::read(&call.db, hash).await?)?)
}
