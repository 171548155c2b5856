//! The audit log of the management APIs: who did what to what; sealed after each change, and once more by the clock.

pub(crate) mod entries;

use audit::{Entry, START, seal};
use runtime::{
    Db, Failure, Outcome,
    audit::Trail,
    db::{Statement, sql},
};
use serde::Deserialize;
use worker::Env;

use crate::call::Call;

/// The statement that writes down a change of the caller's; it goes after the change.
pub(crate) fn entry(call: &Call, action: &str, subject: &str) -> Outcome<Statement> {
    let trail = Trail {
        organization: call.organization(),
        actor: call.user()?,
        address: &call.header("cf-connecting-ip")?.unwrap_or_default(),
        agent: &call.header("user-agent")?.unwrap_or_default(),
        at: call.now,
    };
    Ok(runtime::audit::entry(&trail, action, subject))
}

/// Seals what is not sealed yet. The entries of a transaction get their ids when it is committed, one transaction after
/// the other, so that nothing comes in later below an id that is sealed.
pub(crate) async fn seal_all(db: &Db) -> Outcome<()> {
    for _ in 0..ROUNDS {
        let entries: Vec<Entry> = db
            .all(sql(format!(
                "SELECT {COLUMNS} FROM audit WHERE id > (SELECT coalesce(max(entry), 0) FROM audit_seal) \
                 ORDER BY id LIMIT {ENTRIES}"
            )))
            .await?;
        if entries.is_empty() {
            return Ok(());
        }
        let last = heads(db).await?;
        match db.batch(links(&entries, last)).await {
            // Somebody else sealed the same at the same time.
            Ok(_) | Err(Failure::Problem(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// As [`seal_all`]; a failure is for the log, since the next one to come tries again.
pub(crate) async fn seal_or_log(env: &Env) {
    let done = match Db::of(env) {
        Ok(db) => seal_all(&db).await,
        Err(failure) => Err(failure),
    };
    if let Err(failure) = done {
        worker::console_error!("audit log: {failure:?}");
    }
}

/// The last seal of each organization.
async fn heads(db: &Db) -> Outcome<Vec<Head>> {
    // One step by the index for each organization, however long its log is: CROSS keeps this order.
    db.all(sql(
        "SELECT organization.id AS organization, number, seal FROM organization CROSS JOIN audit_seal \
         ON audit_seal.organization = organization.id AND number = \
         (SELECT max(number) FROM audit_seal AS last WHERE last.organization = organization.id)",
    ))
    .await
}

fn links(entries: &[Entry], mut heads: Vec<Head>) -> Vec<Statement> {
    let mut statements = Vec::with_capacity(entries.len());
    for entry in entries {
        let known = heads
            .iter()
            .position(|head| head.organization == entry.organization);
        let (number, previous) = known
            .and_then(|place| heads.get(place))
            .map_or((1, START.to_owned()), |head| {
                (head.number + 1, head.seal.clone())
            });
        let made = seal(&previous, number, entry);
        statements.push(
            sql("INSERT INTO audit_seal (organization, number, entry, previous, seal) VALUES (?, ?, ?, ?, ?)")
                .bind(&entry.organization)
                .bind(number)
                .bind(entry.id)
                .bind(previous)
                .bind(&made),
        );
        let head = Head {
            organization: entry.organization.clone(),
            number,
            seal: made,
        };
        match known.and_then(|place| heads.get_mut(place)) {
            Some(place) => *place = head,
            None => heads.push(head),
        }
    }
    statements
}

#[derive(Deserialize)]
struct Head {
    organization: String,
    number: i64,
    seal: String,
}

/// What [`Entry`] reads.
pub(crate) const COLUMNS: &str =
    "id, organization, actor, action, subject, at, address, agent, before, after";

/// Entries that are sealed at once; a change makes one or two.
const ENTRIES: usize = 100;
/// Bounds the work of one request; what is left waits for the next one or for the clock.
const ROUNDS: usize = 20;
