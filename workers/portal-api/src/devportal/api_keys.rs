//! `/applications/{applicationId}/api-keys/{keyType}`.

use std::net::IpAddr;

use credential::{ApiKey, sha256_hex};
use lifecycle::Fault;
use model::KeyType;
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::{api_key_told::Told, application_row};
use crate::{apis::write, call::Call, deployments::note, etag, guard, page, refusal};

/// `POST …/api-keys/{keyType}/generate`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let kind = kind(call)?;
    let body: Body = call.json_or_default().await?;
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    let belongs = Belongs {
        application: Some(&application.id),
        api: None,
    };
    body.make(call, kind, &belongs).await
}

/// What a key belongs to.
pub(super) struct Belongs<'a> {
    pub(super) application: Option<&'a str>,
    /// The only API that it opens.
    pub(super) api: Option<&'a str>,
}

impl Body {
    /// Makes a key, which is shown in the answer and never again.
    pub(super) async fn make(
        self,
        call: &Call,
        kind: KeyType,
        belongs: &Belongs<'_>,
    ) -> Outcome<Response> {
        refusal::unless_empty("400", self.faults())?;
        let key = ApiKey::generate(kind, &id::random()?);
        let key_id = id::uuid()?;
        let name = self.key_name.clone().unwrap_or_default();
        let restrictions = self.additional_properties.unwrap_or_default();
        let validity = self.validity_period.filter(|seconds| *seconds > 0);
        let insert = sql(
            "INSERT INTO api_key (id, organization, application_id, api_id, key_type, name, digest, last_four, permitted_ips, \
             permitted_referers, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&key_id)
        .bind(call.organization())
        .bind(belongs.application)
        .bind(belongs.api)
        .bind(kind.as_str())
        .bind(&name)
        .bind(key.digest())
        .bind(key.last_four())
        .bind(json!(split(restrictions.permitted_ip.as_deref())).to_string())
        .bind(json!(split(restrictions.permitted_referer.as_deref())).to_string())
        .bind(call.user()?)
        .bind(call.now)
        .bind(validity.map(|seconds| call.now.0.saturating_add(seconds.saturating_mul(1000))));
        let mut statements = Vec::new();
        if let Some(application) = belongs.application {
            statements.push(
                guard::require("EXISTS (SELECT 1 FROM application WHERE id = ?)").bind(application),
            );
            statements.push(note("application", application, call));
        }
        statements.extend([
            insert,
            note("api-key", &key.digest(), call),
            write::audit(call, "api-key.create", &key_id)?,
        ]);
        guard::or(call.db.batch(statements).await, || Failure::code("900307"))?;
        reply::json(
            200,
            &json!({"keyName": name, "apikey": key.reveal(), "validityPeriod": validity.unwrap_or(-1)}),
        )
    }
}

/// `GET …/api-keys/{keyType}`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT id, name, digest, last_four, created_at, expires_at, last_used_at FROM api_key \
                 WHERE application_id = ? AND api_id IS NULL AND key_type = ? AND revoked_at IS NULL ORDER BY created_at DESC, id")
            .bind(&application.id)
            .bind(kind(call)?.as_str()),
        )
        .await?;
    let list = rows.iter().map(|row| {
        let told = Told {
            id: &row.id,
            name: &row.name,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        };
        told.with([("lastFour", json!(row.last_four))])
    });
    etag::content(call, &page::whole(list.collect()))
}

/// `POST …/api-keys/{keyType}/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let kind = kind(call)?;
    let body: Revocation = call.json().await?;
    let (column, value) = match (body.key_uuid, body.apikey) {
        (Some(key_id), None) => ("id", key_id),
        (None, Some(key)) => ("digest", sha256_hex(&key)),
        (None, None) | (Some(_), Some(_)) => {
            return Err(refusal::one(
                "400",
                "keyUUID",
                "name the key by either `keyUUID` or `apikey`",
            ));
        }
    };
    let found: Option<Row> = call
        .db
        .first(
            sql(format!(
                "SELECT id, name, digest, last_four, created_at, expires_at, last_used_at FROM api_key \
                 WHERE application_id = ? AND api_id IS NULL AND key_type = ? AND {column} = ?"
            ))
            .bind(&application.id)
            .bind(kind.as_str())
            .bind(value),
        )
        .await?;
    let key =
        found.ok_or_else(|| Failure::because("404", "the application has no such API key"))?;
    end(call, &key.id, &key.digest).await
}

/// Ends a key.
pub(crate) async fn end(call: &Call, id: &str, digest: &str) -> Outcome<Response> {
    call.db
        .batch(vec![
            sql("UPDATE api_key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
                .bind(call.now)
                .bind(id),
            note("api-key", digest, call),
            write::audit(call, "api-key.revoke", id)?,
        ])
        .await?;
    reply::empty(200)
}

/// The type of key that the path names.
pub(crate) fn kind(call: &Call) -> Outcome<KeyType> {
    kind_of(call.path("keyType"))
}

/// The type of key of that name.
pub(super) fn kind_of(name: &str) -> Outcome<KeyType> {
    [KeyType::Production, KeyType::Sandbox]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or_else(|| refusal::one("900703", "keyType", "is neither `PRODUCTION` nor `SANDBOX`"))
}

fn split(list: Option<&str>) -> Vec<&str> {
    list.unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// An address, or an address and the length of its network in bits.
fn is_network(text: &str) -> bool {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= longest))
}

/// WSO2's `APIKeyGenerateRequest`.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub(super) struct Body {
    pub(super) key_name: Option<String>,
    pub(super) validity_period: Option<i64>,
    pub(super) additional_properties: Option<Restrictions>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
pub(super) struct Restrictions {
    #[serde(rename = "permittedIP")]
    permitted_ip: Option<String>,
    #[serde(rename = "permittedReferer")]
    permitted_referer: Option<String>,
}

impl Body {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: String| {
            faults.push(Fault {
                place: place.to_owned(),
                message,
            })
        };
        if self
            .key_name
            .as_ref()
            .is_some_and(|name| name.chars().count() > 100)
        {
            add("keyName", "is longer than 100 characters".to_owned());
        }
        if self.validity_period.is_some_and(|seconds| {
            seconds != -1 && !(1..=VALIDITY_LIMIT_SECONDS).contains(&seconds)
        }) {
            add(
                "validityPeriod",
                format!("is neither -1 nor a number of seconds from 1 to {VALIDITY_LIMIT_SECONDS}"),
            );
        }
        let restrictions = self.additional_properties.as_ref();
        let addresses = split(restrictions.and_then(|given| given.permitted_ip.as_deref()));
        for address in addresses.iter().filter(|address| !is_network(address)) {
            add(
                "additionalProperties.permittedIP",
                format!("`{address}` is neither an address nor a CIDR range"),
            );
        }
        if addresses.len() > LIST_LIMIT {
            add(
                "additionalProperties.permittedIP",
                format!("has more than {LIST_LIMIT} entries"),
            );
        }
        let referrers = restrictions.and_then(|given| given.permitted_referer.as_deref());
        if split(referrers).len() > LIST_LIMIT {
            add(
                "additionalProperties.permittedReferer",
                format!("has more than {LIST_LIMIT} entries"),
            );
        }
        faults
    }
}

/// WSO2's `APIKeyRevokeRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Revocation {
    apikey: Option<String>,
    #[serde(rename = "keyUUID")]
    key_uuid: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    digest: String,
    last_four: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// A century: more is a slip of the hand.
const VALIDITY_LIMIT_SECONDS: i64 = 3_155_760_000;
const LIST_LIMIT: usize = 100;

#[cfg(test)]
mod tests {
    use super::is_network;

    #[test]
    fn networks_are_addresses_with_a_length() {
        for (text, good) in [
            ("10.0.0.1", true),
            ("10.0.0.0/8", true),
            ("::1", true),
            ("2001:db8::/32", true),
            ("10.0.0.0/33", false),
            ("10.0.0", false),
            ("anywhere", false),
        ] {
            assert_eq!(is_network(text), good, "{text}");
        }
    }
}
