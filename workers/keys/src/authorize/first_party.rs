//! `/oauth2/clients/{id}/first-party`: an administrator says that a client is the platform's own, so that nobody is asked
//! whether they allow it. No client can say that of itself.

use runtime::{Failure, Outcome, db::sql, reply};
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    people::{self, Person},
    present, session, verify,
};

/// `PUT` makes the client a first party, `DELETE` makes it one like any other.
pub(crate) async fn set(call: &Call, client_id: &str, is_first_party: bool) -> Outcome<Response> {
    let administrator = administrator(call).await?;
    let action = if is_first_party {
        "client.first-party"
    } else {
        "client.third-party"
    };
    let change =
        sql("UPDATE oauth_client SET first_party = ? WHERE client_id = ? AND organization = ?")
            .bind(is_first_party)
            .bind(client_id)
            .bind(ORGANIZATION);
    let audit = sql(
        "INSERT INTO audit (organization, actor, action, subject, at) \
         SELECT ?, ?, ?, client_id, ? FROM oauth_client WHERE client_id = ? AND organization = ?",
    )
    .bind(ORGANIZATION)
    .bind(&administrator.username)
    .bind(action)
    .bind(call.now)
    .bind(client_id)
    .bind(ORGANIZATION);
    if call.db.batch(vec![change, audit]).await?.first() != Some(&1) {
        return Err(Failure::because("404", "there is no such client"));
    }
    reply::empty(204)
}

/// By a token with the scope `apim:admin`, or by the session; today's role counts in both cases.
async fn administrator(call: &Call) -> Outcome<Person> {
    let person = match call.bearer()? {
        Some(token) => by_token(call, &token).await?,
        None => {
            let here = present::required(call).await?;
            session::own_page(call)?;
            here.person
        }
    };
    if person.is_admin() {
        return Ok(person);
    }
    Err(Failure::because("403", "only an administrator may do this"))
}

async fn by_token(call: &Call, token: &str) -> Outcome<Person> {
    let claims = match verify::bearer_token(call, token).await? {
        Ok(verified) => verified.claims,
        Err(fault) => return Err(Failure::because("401", fault.to_string())),
    };
    if !claims.scopes.iter().any(|scope| scope == "apim:admin") {
        return Err(Failure::because(
            "403",
            "the token needs the scope `apim:admin`",
        ));
    }
    people::by_name(call, &claims.subject)
        .await?
        .filter(|person| claims.issued_at >= person.tokens_valid_from)
        .ok_or_else(|| Failure::because("401", "the user may no longer act"))
}
