//! External key managers as the database has them: who is believed, and asking them for their keys.
//!
//! Keys are asked for once in a while, and when a token names one that is not here; a set that cannot be had, or is none,
//! changes nothing, and after a day without a good one the issuer is no longer believed ([`TrustedIssuer::good_until`]).

use credential::issuer_keys;
use model::{ClaimNames, Timestamp, TrustedIssuer, VerificationKey};
use runtime::{Db, Failure, Outcome, body, clock, db::sql, reply};
use serde::Deserialize;
use worker::{Env, Response};

use crate::{call::Call, federated::outbound, trust};

/// A row as [`COLUMNS`] reads it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    id: String,
    name: String,
    organization: String,
    issuer: String,
    body: Body,
    keys: Vec<VerificationKey>,
    fetched_at: Option<Timestamp>,
}

/// What of the administrator's words counts here.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    token_type: String,
    consumer_key_claim: String,
    scopes_claim: String,
    alias: Option<String>,
    #[serde(default)]
    claim_mapping: Vec<Mapping>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    remote_claim: String,
    local_claim: String,
}

impl Row {
    /// May its tokens be shown at gateways?
    pub(crate) fn is_direct(&self) -> bool {
        self.body.token_type != "EXCHANGED"
    }

    /// May its tokens be exchanged for ours?
    pub(crate) fn is_exchanged(&self) -> bool {
        self.body.token_type != "DIRECT"
    }

    /// Its id and its name.
    pub(crate) fn named(&self) -> (String, String) {
        (self.id.clone(), self.name.clone())
    }

    /// The claim that an administrator has mapped to our usernames; without one, its users are strangers here.
    pub(crate) fn username_claim(&self) -> Option<&str> {
        let mut mappings = self.body.claim_mapping.iter();
        let mapping = mappings.find(|it| it.local_claim == SUBJECT)?;
        Some(&mapping.remote_claim)
    }

    /// As gateways know it.
    pub(crate) fn trusted(self) -> TrustedIssuer {
        let subject = self.username_claim().unwrap_or(SUBJECT).to_owned();
        TrustedIssuer {
            id: self.id,
            name: self.name,
            organization: self.organization.into(),
            issuer: self.issuer,
            audience: self.body.alias,
            claims: ClaimNames {
                client: self.body.consumer_key_claim,
                scopes: self.body.scopes_claim,
                subject,
            },
            keys: self.keys,
            good_until: self
                .fetched_at
                .map_or(FOREVER, |at| at.plus_ms(MAX_STALE_MS)),
        }
    }
}

/// `POST /internal/issuer-keys`: a gateway met a token that names a key which it does not have. The trust value, once the
/// issuer has been asked.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Wish {
        key_manager: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    renew(&call.env, &call.db, &call.issuer, &wish.key_manager).await?;
    let trust = trust::current(&call.db, &call.issuer, call.now).await?;
    if trust.external.iter().any(|it| it.id == wish.key_manager) {
        reply::json(200, &trust)
    } else {
        Err(Failure::code("404"))
    }
}

/// `POST /internal/trust-publications`: what is believed has changed in the database.
pub(crate) async fn publish(call: &Call) -> Outcome<Response> {
    trust::publish(&call.env, &call.db, &call.issuer, call.now).await?;
    reply::empty(204)
}

/// Asks every enabled issuer whose keys have been here for long.
pub(crate) async fn keep(env: &Env, db: &Db) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Old {
        id: String,
    }
    let old: Vec<Old> = db
        .all(
            sql(
                "SELECT id FROM key_manager WHERE enabled = 1 AND keys_fetched_at < ? \
                 ORDER BY coalesce(keys_asked_at, 0) LIMIT 5",
            )
            .bind(clock::now().plus_ms(-RENEW_MS)),
        )
        .await?;
    let own = env.var("ISSUER")?.to_string();
    for issuer in &old {
        renew(env, db, &own, &issuer.id).await?;
    }
    Ok(())
}

/// Asks an issuer for its keys, unless somebody did so within the last half minute.
pub(crate) async fn renew(env: &Env, db: &Db, own: &str, id: &str) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Place {
        address: String,
    }
    let now = clock::now();
    let turn = sql(
        "UPDATE key_manager SET keys_asked_at = ? WHERE id = ? AND enabled = 1 \
         AND body ->> '$.certificates.type' = 'JWKS' AND coalesce(keys_asked_at, 0) <= ?",
    );
    let turn = turn.bind(now).bind(id).bind(now.plus_ms(-ASK_AGAIN_MS));
    if db.run(turn).await? == 0 {
        return Ok(());
    }
    let place =
        sql("SELECT body ->> '$.certificates.value' AS address FROM key_manager WHERE id = ?");
    let Some(Place { address }) = db.first(place.bind(id)).await? else {
        return Ok(());
    };
    let asked = outbound(env).within(KEY_SET_LIMIT).get(&address).await;
    let keys = match asked.map_err(|fault| fault.to_string()) {
        Ok(text) => issuer_keys(&text).map_err(|fault| fault.to_string()),
        Err(fault) => Err(fault),
    };
    match keys {
        Ok(keys) => take(env, db, own, (id, &address), &keys).await,
        Err(fault) => {
            worker::console_warn!("keys of the key manager {id} are not renewed: {fault}");
            Ok(())
        }
    }
}

/// Keeps what an issuer answered, if it is still the one that was asked, and tells the gateways.
async fn take(
    env: &Env,
    db: &Db,
    own: &str,
    (id, address): (&str, &str),
    keys: &[VerificationKey],
) -> Outcome<()> {
    let now = clock::now();
    let keep = sql("UPDATE key_manager SET keys = ?, keys_fetched_at = ? \
         WHERE id = ? AND body ->> '$.certificates.value' = ?");
    let mut batch = vec![
        keep.bind(serde_json::to_string(keys)?)
            .bind(now)
            .bind(id)
            .bind(address),
    ];
    batch.extend(trust::noted(now));
    db.batch(batch).await?;
    trust::publish_or_log(env, db, own, now).await;
    Ok(())
}

/// As [`enabled`], if its tokens are exchanged.
pub(crate) async fn exchanged(call: &Call, issuer: &str) -> Outcome<Option<Row>> {
    Ok(enabled(call, issuer).await?.filter(Row::is_exchanged))
}

/// The enabled issuer of this name, with whether its keys are still good.
pub(crate) async fn enabled(call: &Call, issuer: &str) -> Outcome<Option<Row>> {
    #[derive(Deserialize)]
    struct Found {
        row: String,
    }
    let find = sql(format!(
        "SELECT {COLUMNS} AS row FROM key_manager WHERE enabled = 1 AND organization = ? AND issuer = ?"
    ));
    let found: Option<Found> = call
        .db
        .first(find.bind(crate::call::ORGANIZATION).bind(issuer))
        .await?;
    let Some(found) = found.filter(|_| issuer != call.issuer) else {
        return Ok(None);
    };
    let row: Row = serde_json::from_str(&found.row)?;
    Ok(Some(row))
}

/// A [`Row`] as JSON.
pub(crate) const COLUMNS: &str = "json_object('id', id, 'name', name, 'organization', organization, 'issuer', issuer, 'body', json(body), \
     'keys', json(keys), 'fetched_at', keys_fetched_at)";

const SUBJECT: &str = "sub";
/// A hundred keys with their certificates are less.
const KEY_SET_LIMIT: usize = 256 * 1024;
const ASK_AGAIN_MS: i64 = 30_000;
/// Issuers announce keys for longer before they use them.
const RENEW_MS: i64 = 10 * 60_000;
/// What an issuer withdrew while it could not be asked is believed no longer than this.
const MAX_STALE_MS: i64 = 24 * 3600 * 1000;
/// A certificate is good until an administrator takes it away: 9999-12-31T23:59:59Z.
const FOREVER: Timestamp = Timestamp(253_402_300_799_000);
