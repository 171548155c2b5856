//! Gathers what [`oauth::decide`] decides by.

use oauth::{Agreement, AuthorizationRequest, Situation, Step, covers, decide, grant_scopes};
use runtime::{Outcome, db::sql};
use serde::Deserialize;

use super::interactions::Kept;
use crate::{
    call::Call,
    clients::Registered,
    present::{self, Present},
};

/// A request with all that is known about it now.
pub(super) struct Weighed {
    pub(super) step: Step,
    pub(super) present: Option<Present>,
    /// What the person could be granted of what is asked.
    pub(super) scopes: Vec<String>,
    pub(super) terms: Terms,
}

/// What the client is to the platform and to a person.
pub(crate) struct Terms {
    pub(crate) name: String,
    pub(crate) is_first_party: bool,
    /// What the person has allowed it before.
    pub(crate) allowed: Vec<String>,
}

pub(super) async fn weigh(
    call: &Call,
    registered: &Registered,
    request: &AuthorizationRequest,
    kept: Option<&Kept>,
) -> Outcome<Weighed> {
    let present = present::find(call).await?;
    let user = present
        .as_ref()
        .map_or("", |present| present.person.id.as_str());
    let terms = terms(call, registered.client.id.as_str(), user).await?;
    let scopes = match &present {
        Some(present) => grantable(call, registered, present, &terms, &request.scopes).await?,
        None => request.scopes.clone(),
    };
    let agreement = match kept.and_then(|kept| kept.decision_of(user)) {
        Some(given) => given,
        None if covers(&terms.allowed, &scopes) && !terms.allowed.is_empty() => {
            Agreement::Remembered
        }
        None => Agreement::Missing,
    };
    let situation = Situation {
        presence: present.as_ref().map(|present| &present.presence),
        begun_at: kept.map(|kept| kept.created_at),
        is_account_chosen: kept.is_some_and(|kept| kept.chosen_user.as_deref() == Some(user)),
        agreement,
        is_first_party: terms.is_first_party,
    };
    Ok(Weighed {
        step: decide(request, situation, call.now),
        present,
        scopes,
        terms,
    })
}

/// The part of the scopes that this person may have through this client: what consent is about.
pub(crate) async fn grantable(
    call: &Call,
    registered: &Registered,
    present: &Present,
    terms: &Terms,
    requested: &[String],
) -> Outcome<Vec<String>> {
    let rules = registered.rules_of(call, requested).await?;
    let username = &present.person.username;
    let manages = registered
        .client
        .manages_for(username, terms.is_first_party);
    let whom = present.person.beneficiary(manages);
    Ok(grant_scopes(requested, whom, &rules.rules))
}

/// The terms between a client and a person.
pub(crate) async fn terms(call: &Call, client_id: &str, user_id: &str) -> Outcome<Terms> {
    let statement = sql(
        "SELECT coalesce(json_extract(c.metadata, '$.client_name'), c.name) AS name, c.first_party, \
         (SELECT scopes FROM consent WHERE client_id = c.client_id AND user_id = ?) AS allowed \
         FROM oauth_client c WHERE c.client_id = ?",
    );
    let row: Option<Row> = call
        .db
        .first(statement.bind(user_id).bind(client_id))
        .await?;
    let row = row.unwrap_or_default();
    Ok(Terms {
        name: row.name,
        is_first_party: row.first_party != 0,
        allowed: row
            .allowed
            .unwrap_or_default()
            .split_ascii_whitespace()
            .map(ToOwned::to_owned)
            .collect(),
    })
}

#[derive(Default, Deserialize)]
struct Row {
    name: String,
    first_party: i64,
    allowed: Option<String>,
}
