//! `/oauth2/register/{client_id}` (RFC 7592): a client reads, changes and ends its registration, by the token that it was
//! given for that. A change gives it another token, and the old one ends.

use credential::Secret;
use oauth::{ClientMetadata, ClientRegistration, RegisteredClient};
use runtime::{
    Failure,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use worker::Response;

use super::{address, fresh_secret, invalid_token, wish};
use crate::{
    call::Call,
    guard, revocations, revoke,
    stop::{Step, Stop},
    users::audit_by,
};

/// `GET`: what is registered, without the secret, which nobody can tell again.
pub(super) async fn read(call: &Call, client_id: &str) -> Step<Response> {
    let opened = Opened::find(call, client_id).await?;
    let registration = ClientRegistration {
        grants: serde_json::from_str(&opened.row.grant_types).map_err(Failure::from)?,
        metadata: ClientMetadata::stored(&opened.row.metadata),
    };
    opened.answer(call, &registration, None, &opened.shown)
}

/// `PUT`: replaces all that was registered.
pub(super) async fn change(call: &Call, client_id: &str) -> Step<Response> {
    let opened = Opened::find(call, client_id).await?;
    opened.require_own()?;
    let registration = wish(call, |text| {
        ClientRegistration::parse_change(text, client_id)
    })
    .await?;
    let before = ClientMetadata::stored(&opened.row.metadata);
    let after = &registration.metadata;
    let token = Secret::generate(&id::random()?);
    let mut batch = vec![
        opened.unless_changed(),
        sql("UPDATE oauth_client SET grant_types = ?, metadata = ?, registration_token = ? WHERE client_id = ?")
            .bind(serde_json::to_string(&registration.grants).map_err(Failure::from)?)
            .bind(serde_json::to_string(after).map_err(Failure::from)?)
            .bind(token.digest())
            .bind(client_id),
        audit_by(call, "", "client.change-registration", client_id),
    ];
    let mut told = None;
    if !after.has_secret() {
        batch.push(sql("DELETE FROM client_secret WHERE client_id = ?").bind(client_id));
    } else if !before.has_secret() {
        let (secret, keep) = fresh_secret(call, client_id)?;
        batch.push(keep);
        told = Some(secret);
    }
    // People allowed something to a client of that name, at those addresses.
    if before.looks_other(after) {
        batch.push(sql("DELETE FROM consent WHERE client_id = ?").bind(client_id));
    }
    call.db.batch(batch).await.map_err(overtaken)?;
    revocations::forget();
    let secret = told.as_ref().map(Secret::reveal);
    opened.answer(call, &registration, secret, token.reveal())
}

/// `DELETE`: the client is gone, with all that it was given.
pub(super) async fn delete(call: &Call, client_id: &str) -> Step<Response> {
    let opened = Opened::find(call, client_id).await?;
    opened.require_own()?;
    let mut batch = vec![opened.unless_changed()];
    batch.extend(revoke::revoking_client(call, client_id));
    batch.push(sql("DELETE FROM oauth_client WHERE client_id = ?").bind(client_id));
    batch.push(audit_by(call, "", "client.end-registration", client_id));
    revoke::publish_with(call, batch).await.map_err(overtaken)?;
    Ok(reply::empty(204)?)
}

/// A registration before whoever holds its token.
struct Opened {
    client_id: String,
    shown: String,
    row: Row,
}

impl Opened {
    /// # Errors
    /// `invalid_token`, the same for a client that is not there and for a wrong token.
    async fn find(call: &Call, client_id: &str) -> Step<Self> {
        let shown = call.bearer()?.ok_or_else(refused)?;
        let find = sql(
            "SELECT grant_types, metadata, registration_token, application_id, created_at FROM oauth_client \
             WHERE client_id = ? AND registration_token IS NOT NULL",
        );
        let row: Option<Row> = call.db.first(find.bind(client_id)).await?;
        let row = row.filter(|row| Secret::matches(&shown, &row.registration_token));
        Ok(Self {
            client_id: client_id.to_owned(),
            shown,
            row: row.ok_or_else(refused)?,
        })
    }

    fn require_own(&self) -> Step<()> {
        if self.row.application_id.is_none() {
            return Ok(());
        }
        let why = "an application uses this client; its owner changes it in the developer portal";
        Err(Failure::because("403", why).into())
    }

    /// Of two changes at once, one is made: the other's token is spent by then.
    fn unless_changed(&self) -> Statement {
        guard::unless_found(
            "SELECT 1 FROM oauth_client WHERE client_id = ? AND registration_token = ? AND application_id IS NULL",
        )
        .bind(&self.client_id)
        .bind(&self.row.registration_token)
    }

    fn answer(
        &self,
        call: &Call,
        registration: &ClientRegistration,
        secret: Option<&str>,
        token: &str,
    ) -> Step<Response> {
        let made = RegisteredClient {
            id: &self.client_id,
            issued_at_seconds: self.row.created_at / 1000,
            secret,
            token,
            address: &address(call, &self.client_id),
        };
        let response = reply::json(200, &registration.answer(&made))?;
        Ok(reply::with_header(response, "pragma", "no-cache")?)
    }
}

fn refused() -> Stop {
    invalid_token("send the `registration_access_token` of this client as `Authorization: Bearer`")
}

fn overtaken(failure: Failure) -> Stop {
    if guard::has_refused(&failure) {
        refused()
    } else {
        failure.into()
    }
}

#[derive(Deserialize)]
struct Row {
    grant_types: String,
    metadata: String,
    registration_token: String,
    application_id: Option<String>,
    created_at: i64,
}
