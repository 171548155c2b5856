//! Keys that wait for somebody's decision. What is approved is the right to have them made: whoever asked sends
//! `generate-keys` once more, and so the secret is shown once, to its owner, and lies nowhere meanwhile.

use runtime::{
    Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{application_row::ApplicationRow, client_row, key_request::Request};
use crate::{
    apis::write,
    call::Call,
    guard,
    workflows::{self, Step},
};

/// Whether keys may be made now.
pub(crate) enum Registration {
    /// They may: these statements belong into the batch that keeps them.
    Open(Vec<Statement>),
    /// Somebody has to decide first; the answer that says so.
    Waits(Response),
}

/// Looks whether somebody decides about keys of this type, and has them asked when they were not.
pub(crate) async fn open(
    call: &Call,
    application: &ApplicationRow,
    body: &Request,
    key_manager: &str,
) -> Outcome<Registration> {
    let step = Step::keys(&body.key_type);
    let Some(waits) = workflows::waits(call, step).await? else {
        return Ok(Registration::Open(Vec::new()));
    };
    let own = client_row::of_application(call, &application.id).await?;
    let is_there = |row: &client_row::ClientRow| {
        row.key_type == body.key_type && row.key_manager == key_manager
    };
    if own.iter().any(is_there) {
        // Whoever makes keys refuses those that are there.
        return Ok(Registration::Open(Vec::new()));
    }
    let asked = of_application(call, &application.id).await?;
    let asked = asked.into_iter().find(|one| one.is_for(step, key_manager));
    match asked {
        Some(one) if one.status == "APPROVED" => Ok(Registration::Open(vec![
            sql("UPDATE workflow SET status = 'REGISTERED', updated_at = ? WHERE id = ? AND status = 'APPROVED'")
                .bind(call.now)
                .bind(&one.id),
        ])),
        Some(one) if one.status == "CREATED" => {
            Ok(Registration::Waits(reply::json(200, &one.shown())?))
        }
        _ => {
            let about = json!({
                "applicationName": application.name, "userName": call.user()?, "keyType": body.key_type,
                "keyManager": key_manager,
            });
            let what = format!(
                "`{}` wants {} keys for `{}`",
                call.user()?,
                body.key_type.to_lowercase(),
                application.name
            );
            let mut statements = vec![
                guard::require(
                    "NOT EXISTS (SELECT 1 FROM workflow WHERE subject = ? AND kind = ? AND status = 'CREATED' \
                     AND json_extract(properties, '$.keyManager') = ?)",
                )
                .bind(&application.id)
                .bind(step.kind())
                .bind(key_manager),
            ];
            statements.extend(waits.ask(call, &application.id, (&what, &about))?);
            statements.push(write::audit(call, "application.ask-keys", &application.id)?);
            guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
            let asked = of_application(call, &application.id).await?;
            let asked = asked.iter().find(|one| one.is_for(step, key_manager));
            Ok(Registration::Waits(reply::json(
                200,
                &asked.map(Asked::shown),
            )?))
        }
    }
}

/// Keys that were asked for and are not made, as WSO2's `ApplicationKey`: those that wait, and those whose turn it is.
pub(crate) async fn pending(call: &Call, application: &str) -> Outcome<Vec<Value>> {
    let asked = of_application(call, application).await?;
    Ok(asked.iter().map(Asked::shown).collect())
}

/// The newest question about each type of key and key manager, unless its keys were made.
async fn of_application(call: &Call, application: &str) -> Outcome<Vec<Asked>> {
    let query = sql(
        "SELECT id, kind, status, json_extract(properties, '$.keyType') AS key_type, \
         json_extract(properties, '$.keyManager') AS key_manager FROM workflow WHERE subject = ? \
         AND kind IN ('APPLICATION_REGISTRATION_PRODUCTION', 'APPLICATION_REGISTRATION_SANDBOX') \
         ORDER BY created_at DESC, rowid DESC",
    );
    let rows: Vec<Asked> = call.db.all(query.bind(application)).await?;
    let mut newest: Vec<Asked> = Vec::new();
    for row in rows {
        if !newest
            .iter()
            .any(|one| one.kind == row.kind && one.key_manager == row.key_manager)
        {
            newest.push(row);
        }
    }
    newest.retain(|one| matches!(one.status.as_str(), "CREATED" | "APPROVED" | "REJECTED"));
    Ok(newest)
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    kind: String,
    status: String,
    key_type: String,
    key_manager: String,
}

impl Asked {
    fn is_for(&self, step: Step, key_manager: &str) -> bool {
        self.kind == step.kind() && self.key_manager == key_manager
    }

    /// Without a consumer key: there is none yet.
    fn shown(&self) -> Value {
        json!({
            "keyMappingId": self.id,
            "keyManager": self.key_manager,
            "supportedGrantTypes": [],
            "callbackUrl": "",
            "keyState": self.status,
            "keyType": self.key_type,
            "mode": "CREATED",
        })
    }
}
