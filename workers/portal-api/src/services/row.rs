//! Rows of `service`.

use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{call::Call, time::iso};

/// A service.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ServiceRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) key: String,
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) definition_type: String,
    /// Name of its text.
    pub(crate) definition: String,
    definition_url: String,
    pub(crate) security_type: String,
    pub(crate) mutual_tls: i64,
    pub(crate) digest: String,
    pub(crate) generation: i64,
    created_at: i64,
    updated_at: i64,
    /// How many APIs are made of it.
    uses: i64,
}

pub(crate) const COLUMNS: &str = "id, name, version, key, url, description, definition_type, definition, definition_url, \
    security_type, mutual_tls, digest, generation, created_at, updated_at, \
    (SELECT count(*) FROM service_use WHERE service_id = service.id) AS uses";

/// The service of that id in the caller's organization.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<ServiceRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM service WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such service"))
}

/// The service of that key.
pub(crate) async fn keyed(call: &Call, key: &str) -> Outcome<Option<ServiceRow>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM service WHERE key = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(key).bind(call.organization()))
        .await
}

/// The service of that name and version.
pub(crate) async fn named(call: &Call, name: &str, version: &str) -> Outcome<Option<ServiceRow>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM service WHERE name = ? AND version = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(name).bind(version).bind(call.organization()))
        .await
}

impl ServiceRow {
    /// WSO2's `Service`.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "serviceKey": self.key,
            "serviceUrl": self.url,
            "description": self.description,
            "definitionType": self.definition_type,
            "definitionUrl": self.definition_url,
            "securityType": self.security_type,
            "mutualSSLEnabled": self.mutual_tls == 1,
            "usage": self.uses,
            "md5": self.digest,
            "createdTime": iso(self.created_at),
            "lastUpdatedTime": iso(self.updated_at),
        })
    }

    /// What tells it apart.
    pub(crate) fn line(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "version": self.version, "serviceKey": self.key, "md5": self.digest,
            "serviceUrl": self.url, "definitionType": self.definition_type,
        })
    }
}
