//! Clients whose id is the address of a document about themselves. A document is fetched when such a client asks for
//! something and what is known of it is too old; it is kept as the client's row, so that consents, codes and tokens can
//! name it.

use std::cell::RefCell;

use model::Timestamp;
use oauth::{
    ClientMetadata, ClientRegistration, check_document_address, document_life_ms, parse_document,
};
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

use super::policy;
use crate::{
    call::{Call, ORGANIZATION},
    clients::{self, Registered},
    federated, limits,
};

/// The client at this address; `None` where administrators do not allow such clients, and for whatever is wrong with the
/// document. No old document stands in for one that cannot be had.
pub(crate) async fn client(call: &Call, address: &str) -> Outcome<Option<Registered>> {
    if check_document_address(address).is_err()
        || !policy::current(call).await?.client_id_metadata_documents
    {
        return Ok(None);
    }
    let find = sql("SELECT metadata, document_until FROM oauth_client \
         WHERE client_id = ? AND registered_by = 'document'");
    let known: Option<Row> = call.db.first(find.bind(address)).await?;
    if known
        .as_ref()
        .is_some_and(|row| Timestamp(row.document_until) > call.now)
    {
        return clients::known(call, address).await;
    }
    if has_failed(address, call.now) {
        return Ok(None);
    }
    limits::by_address(call, "client-document", FETCHES_A_MINUTE).await?;
    match fetch(call, address).await {
        Ok((registration, life_ms)) => {
            let batch = kept(call, address, &registration, life_ms, known)?;
            call.db.batch(batch).await?;
            clients::known(call, address).await
        }
        Err(fault) => {
            worker::console_warn!("the document of a client is not believed: {fault}");
            note_failure(address, call.now);
            Ok(None)
        }
    }
}

async fn fetch(call: &Call, address: &str) -> Result<(ClientRegistration, i64), String> {
    let outbound = federated::outbound(&call.env);
    let document = outbound
        .within(LIMIT)
        .get_document(address)
        .await
        .map_err(|fault| fault.to_string())?;
    let registration = parse_document(&document.text, address)?;
    if let Some(keys) = &registration.metadata.jwks_uri {
        outbound
            .permits(keys)
            .map_err(|fault| format!("`jwks_uri` {fault}"))?;
    }
    let life_ms = document_life_ms(document.cache_control.as_deref());
    Ok((registration, life_ms))
}

/// The statements that keep a document. A client that changed its name or its addresses has to be allowed again.
fn kept(
    call: &Call,
    address: &str,
    registration: &ClientRegistration,
    life_ms: i64,
    known: Option<Row>,
) -> Outcome<Vec<Statement>> {
    let keep = sql(
        "INSERT INTO oauth_client (client_id, organization, name, owner, grant_types, metadata, created_at, \
         registered_by, document_until) VALUES (?, ?, ?, '', ?, ?, ?, 'document', ?) \
         ON CONFLICT (client_id) DO UPDATE SET grant_types = excluded.grant_types, metadata = excluded.metadata, \
         document_until = excluded.document_until WHERE registered_by = 'document'",
    )
    .bind(address)
    .bind(ORGANIZATION)
    .bind(address)
    .bind(serde_json::to_string(&registration.grants)?)
    .bind(serde_json::to_string(&registration.metadata)?)
    .bind(call.now)
    .bind(call.now.plus_ms(life_ms));
    let mut batch = vec![keep];
    let before = known.map(|row| ClientMetadata::stored(&row.metadata));
    if before.is_some_and(|before| before.looks_other(&registration.metadata)) {
        batch.push(sql("DELETE FROM consent WHERE client_id = ?").bind(address));
    }
    Ok(batch)
}

/// The statement that forgets clients whose document is old and that nobody has allowed anything: anybody can make one be
/// fetched.
pub(crate) fn forgotten(now: Timestamp) -> Statement {
    sql(
        "DELETE FROM oauth_client WHERE registered_by = 'document' AND document_until < ? \
         AND NOT EXISTS (SELECT 1 FROM consent n WHERE n.client_id = oauth_client.client_id) \
         AND NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.client_id = oauth_client.client_id)",
    )
    .bind(now.plus_ms(-FORGOTTEN_MS))
}

thread_local! {
    /// Addresses without a good document, with the time of the last look.
    static FAILED: RefCell<Vec<(String, Timestamp)>> = const { RefCell::new(Vec::new()) };
}

fn has_failed(address: &str, now: Timestamp) -> bool {
    FAILED.with_borrow(|failed| {
        failed
            .iter()
            .any(|(known, at)| known == address && now.ms_since(*at) < REFETCH_MS)
    })
}

fn note_failure(address: &str, now: Timestamp) {
    FAILED.with_borrow_mut(|failed| {
        failed.retain(|(known, at)| known != address && now.ms_since(*at) < REFETCH_MS);
        if failed.len() >= MOST_FAILED {
            failed.remove(0);
        }
        failed.push((address.to_owned(), now));
    });
}

#[derive(Deserialize)]
struct Row {
    metadata: String,
    document_until: i64,
}

/// Room for twenty addresses and a few keys; the draft speaks of 5 KiB.
const LIMIT: usize = 16 * 1024;
/// Documents that one caller can make be fetched.
const FETCHES_A_MINUTE: i64 = 30;
/// A document that is not good is looked at again after this.
const REFETCH_MS: i64 = 10_000;
const MOST_FAILED: usize = 200;
const FORGOTTEN_MS: i64 = 24 * 60 * 60_000;
