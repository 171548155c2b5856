//! `POST /internal/token-tests`: whose a token is, what it says, and whether it would be believed now. The token is neither
//! kept nor logged.

use credential::{Claims, Jwt, ReferenceToken, TokenFault, check_external, claimed_issuer};
use model::RESIDENT_KEY_MANAGER;
use runtime::{Outcome, body, db::sql, reply};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use crate::{call::Call, external_issuers, external_tokens, introspect, verify};

/// Answers a test.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        token: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    let text = wish.token.trim();
    let said = Jwt::parse(text);
    let verdict = verdict(call, text, &said).await?;
    let application = match &verdict.outcome {
        Ok(claims) => application(call, claims).await?,
        Err(_) => None,
    };
    let reason = verdict.outcome.as_ref().err();
    let claims = verdict
        .claims
        .or_else(|| said.as_ref().ok().map(|token| token.claims.clone()));
    reply::json(
        200,
        &json!({
            "valid": verdict.outcome.is_ok(),
            "reason": reason,
            "opaque": ReferenceToken::is_meant(text),
            "keyManager": verdict.key_manager.map(|(id, name)| json!({"id": id, "name": name})),
            "goodAt": verdict.good_at,
            "keyId": said.as_ref().ok().and_then(Jwt::kid),
            "claims": claims.unwrap_or_default(),
            "application": application,
        }),
    )
}

struct Verdict {
    /// Id and name of whose rules it was read by; none where no key manager is its issuer.
    key_manager: Option<(String, String)>,
    /// Where a token of this key manager is taken.
    good_at: Vec<&'static str>,
    /// What a token stands for that does not say it itself.
    claims: Option<Map<String, Value>>,
    outcome: Result<Claims, String>,
}

impl Verdict {
    const fn nobodys(reason: String) -> Self {
        Self {
            key_manager: None,
            good_at: Vec::new(),
            claims: None,
            outcome: Err(reason),
        }
    }
}

async fn verdict(call: &Call, text: &str, said: &Result<Jwt<'_>, TokenFault>) -> Outcome<Verdict> {
    if ReferenceToken::is_meant(text) {
        return resident(call, text).await;
    }
    let token = match said {
        Ok(token) => token,
        Err(fault) => return Ok(Verdict::nobodys(fault.to_string())),
    };
    match claimed_issuer(token) {
        None => Ok(Verdict::nobodys(TokenFault::Claim("iss").to_string())),
        Some(name) if name == call.issuer => resident(call, text).await,
        Some(name) => external(call, token, name).await,
    }
}

/// By our own rules, and by what was taken back.
async fn resident(call: &Call, text: &str) -> Outcome<Verdict> {
    let verified = match verify::access_token(call, text).await? {
        Ok(verified) if !introspect::holds(call, &verified.claims).await? => {
            Err(TokenFault::Revoked)
        }
        verified => verified,
    };
    let (claims, outcome) = match verified {
        Ok(verified) => (Some(verified.raw), Ok(verified.claims)),
        Err(fault) => (None, Err(fault.to_string())),
    };
    Ok(Verdict {
        key_manager: Some(("resident".to_owned(), RESIDENT_KEY_MANAGER.to_owned())),
        good_at: vec![GATEWAY, TOKEN_ENDPOINT],
        claims,
        outcome,
    })
}

/// By the rules of the issuer that it names.
async fn external(call: &Call, token: &Jwt<'_>, name: &str) -> Outcome<Verdict> {
    let Some(row) = external_issuers::enabled(call, name).await? else {
        return Ok(Verdict::nobodys(format!(
            "no enabled key manager has the issuer `{name}`"
        )));
    };
    let places = [
        (row.is_direct(), GATEWAY),
        (row.is_exchanged(), TOKEN_ENDPOINT),
    ];
    let good_at = places
        .into_iter()
        .filter_map(|(is_good, place)| is_good.then_some(place))
        .collect();
    let key_manager = Some(row.named());
    let outcome = match external_tokens::verified(call, token, row).await? {
        Ok(signed) => check_external(token, signed.issuer(), call.now),
        Err(fault) => Err(fault),
    };
    Ok(Verdict {
        key_manager,
        good_at,
        claims: None,
        outcome: outcome.map_err(|fault| fault.to_string()),
    })
}

/// Whose client it is, if an application has it.
async fn application(call: &Call, claims: &Claims) -> Outcome<Option<Value>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
    }
    let client = claims.client.as_ref().map_or("", |client| client.as_str());
    let find = sql(
        "SELECT a.id, a.name FROM key_mapping m JOIN application a ON a.id = m.application_id WHERE m.client_id = ?",
    );
    let row: Option<Row> = call.db.first(find.bind(client)).await?;
    Ok(row.map(|row| json!({"applicationId": row.id, "name": row.name})))
}

const GATEWAY: &str = "GATEWAY";
const TOKEN_ENDPOINT: &str = "TOKEN_ENDPOINT";
