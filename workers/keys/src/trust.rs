//! KV `trust`: whose tokens gateways believe, and what was taken back. This Worker is its one writer.
//!
//! A change writes its rows, the next version and a note in the outbox in one batch ([`noted`]), and [`publish`] then
//! carries the state of the database to KV within the same request. Should KV fail, the note stays, and the next
//! housekeeping publishes.

use model::{
    ClientId, Revocations, RevokedClient, RevokedToken, RevokedUser, Timestamp, Trust,
    VerificationKey,
};
use runtime::{
    Db, Failure, Outcome, clock,
    db::{Statement, sql},
};
use serde::Deserialize;
use worker::Env;

use crate::{
    call::ORGANIZATION,
    external_issuers::{self, COLUMNS},
    revocations,
};

/// The statements that belong into the batch of every change of keys or revocations.
pub(crate) fn noted(now: Timestamp) -> [Statement; 2] {
    [
        sql("INSERT INTO publication (pointer, version) VALUES ('trust', 1) \
             ON CONFLICT (pointer) DO UPDATE SET version = version + 1"),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) VALUES ('keys', 'trust', ?, ?)")
            .bind(ORGANIZATION)
            .bind(now),
    ]
}

/// As [`publish`], after a change that is already in the database: a failure is for the log, since the note stays.
pub(crate) async fn publish_or_log(env: &Env, db: &Db, issuer: &str, now: Timestamp) {
    if let Err(failure) = publish(env, db, issuer, now).await {
        worker::console_error!("trust is published later: {failure:?}");
    }
}

/// Writes `trust` to KV as the database has it. Two isolates may do so at once, and the older may write last; so each
/// looks again after its write, and writes again when the database has moved on.
///
/// # Errors
/// When the database or KV fails; the note stays.
pub(crate) async fn publish(env: &Env, db: &Db, issuer: &str, now: Timestamp) -> Outcome<()> {
    revocations::forget();
    let kv = env.kv("CONFIG")?;
    let mut snapshot = read(db, now).await?;
    for _ in 0..ROUNDS {
        let trust = snapshot.trust(issuer)?;
        let text = serde_json::to_string(&trust)?;
        kv.put("trust", text)
            .map_err(|error| refused(&error))?
            .execute()
            .await
            .map_err(|error| refused(&error))?;
        let written = snapshot.version;
        let last_note = snapshot.last_note;
        snapshot = read(db, now).await?;
        if snapshot.version == written {
            let done =
                sql("DELETE FROM outbox WHERE writer = 'keys' AND topic = 'trust' AND id <= ?");
            db.batch(vec![done.bind(last_note), published(&trust, clock::now())?])
                .await?;
            return Ok(());
        }
    }
    Err(Failure::Internal(
        "trust changes faster than it can be published".into(),
    ))
}

/// The trust value as the database has it now.
pub(crate) async fn current(db: &Db, issuer: &str, now: Timestamp) -> Outcome<Trust> {
    read(db, now).await?.trust(issuer)
}

/// From now on gateways know these keys; their turn comes when they have done so for long enough.
fn published(trust: &Trust, now: Timestamp) -> Outcome<Statement> {
    let names: Vec<&str> = trust.keys.iter().map(|key| key.kid.as_str()).collect();
    let statement = sql("UPDATE signing_key SET published_at = ? \
         WHERE published_at IS NULL AND kid IN (SELECT value FROM json_each(?))");
    Ok(statement.bind(now).bind(serde_json::to_string(&names)?))
}

/// What is taken back by now, and which version of `trust` has it.
pub(crate) async fn revocations(db: &Db, now: Timestamp) -> Outcome<(i64, Revocations)> {
    let statement = sql(format!("SELECT {VERSION}, {TAKEN_BACK}"));
    let row: Option<Taken> = db.first(with_moments(statement, now)).await?;
    let row = row.ok_or_else(nothing)?;
    Ok((row.version, row.lists.revocations()?))
}

/// One statement, so that version, keys and revocations are of one moment.
async fn read(db: &Db, now: Timestamp) -> Outcome<Snapshot> {
    let statement = sql(format!(
        "SELECT {VERSION}, \
         coalesce((SELECT max(id) FROM outbox WHERE writer = 'keys' AND topic = 'trust'), 0) AS last_note, \
         (SELECT json_group_array(json_object('kid', kid, 'alg', alg, 'jwk', json(public_jwk))) FROM \
          (SELECT * FROM signing_key WHERE organization = ? AND state IN ('ANNOUNCED', 'SIGNING', 'RETIRING') \
           ORDER BY active_from DESC)) AS keys, {TAKEN_BACK}, \
         (SELECT json_group_array({COLUMNS}) FROM (SELECT * FROM key_manager WHERE enabled = 1 ORDER BY id)) AS external"
    ));
    let statement = with_moments(statement.bind(ORGANIZATION), now);
    let row: Option<Snapshot> = db.first(statement).await?;
    row.ok_or_else(nothing)
}

/// Binds what [`TAKEN_BACK`] asks for.
fn with_moments(statement: Statement, now: Timestamp) -> Statement {
    let statement = statement.bind(now).bind(now);
    statement.bind(ORGANIZATION).bind(now)
}

fn nothing() -> Failure {
    Failure::Internal("the database has no state of trust".into())
}

#[derive(Deserialize)]
struct Taken {
    version: i64,
    #[serde(flatten)]
    lists: Lists,
}

/// What was taken back, as the database lists it.
#[derive(Deserialize)]
struct Lists {
    tokens: String,
    clients: String,
    users: String,
}

impl Lists {
    fn revocations(&self) -> Outcome<Revocations> {
        let tokens: Vec<(String, i64)> = serde_json::from_str(&self.tokens)?;
        let clients: Vec<(String, i64)> = serde_json::from_str(&self.clients)?;
        let users: Vec<RevokedUser> = serde_json::from_str(&self.users)?;
        Ok(Revocations {
            tokens: tokens
                .into_iter()
                .map(|(jti, expires_at)| RevokedToken {
                    jti,
                    expires_at: Timestamp(expires_at),
                })
                .collect(),
            clients: clients
                .into_iter()
                .map(|(client, before)| RevokedClient {
                    client: ClientId(client),
                    before: Timestamp(before),
                })
                .collect(),
            users: users.into(),
        })
    }
}

#[derive(Deserialize)]
struct Snapshot {
    version: i64,
    last_note: i64,
    keys: String,
    #[serde(flatten)]
    lists: Lists,
    external: String,
}

impl Snapshot {
    fn trust(&self, issuer: &str) -> Outcome<Trust> {
        let keys: Vec<VerificationKey> = serde_json::from_str(&self.keys)?;
        let external: Vec<external_issuers::Row> = serde_json::from_str(&self.external)?;
        let external = external
            .into_iter()
            .filter(external_issuers::Row::is_direct)
            .map(external_issuers::Row::trusted)
            .filter(|it| it.issuer != issuer);
        Ok(Trust {
            external: external.collect(),
            schema: model::SCHEMA_VERSION,
            version: self.version.unsigned_abs(),
            issuer: issuer.to_owned(),
            keys,
            revocations: self.lists.revocations()?,
        })
    }
}

fn refused(error: &impl std::fmt::Debug) -> Failure {
    Failure::Internal(format!("KV refuses `trust`: {error:?}"))
}

const VERSION: &str =
    "coalesce((SELECT version FROM publication WHERE pointer = 'trust'), 0) AS version";
const TAKEN_BACK: &str = "(SELECT json_group_array(json_array(jti, expires_at)) FROM revoked_token WHERE expires_at > ?) AS tokens, \
    (SELECT json_group_array(json_array(client_id, before)) FROM revoked_client WHERE expires_at > ?) AS clients, \
    (SELECT json_group_array(json_object('user', username, 'before', before)) FROM revoked_user \
     WHERE organization = ? AND expires_at > ?) AS users";
/// More than the isolates that could change trust within one write.
const ROUNDS: usize = 5;
