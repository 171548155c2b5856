//! The key managers as publishers and consumers meet them: the one that is built in, and the enabled external ones.

mod external;

pub(crate) use external::{External, chosen};
pub(crate) use lifecycle::external_issuer::RESIDENT;
use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, page};

/// The id of the built-in one.
pub(crate) const RESIDENT_ID: &str = "resident";

/// The grants that its clients may have.
pub(crate) const GRANT_TYPES: &[&str] = &[
    "client_credentials",
    "authorization_code",
    "refresh_token",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
];

/// `GET /key-managers` of the Publisher.
pub(crate) async fn for_publishers(call: &Call) -> Outcome<Response> {
    let mut shown = named();
    add(
        &mut shown,
        json!({"displayName": RESIDENT, "additionalProperties": []}),
    );
    let mut list = vec![shown];
    list.extend(external::enabled(call).await?.iter().map(External::line));
    reply::json(200, &page::whole(list))
}

/// As the Admin portal sees the built-in one.
pub(crate) fn resident_of_admins() -> Value {
    let mut shown = named();
    add(
        &mut shown,
        json!({"isGlobal": true, "isUsed": true, "tokenType": "DIRECT"}),
    );
    shown
}

/// `GET /key-managers` of the Developer Portal.
pub(crate) async fn for_consumers(call: &Call) -> Outcome<Response> {
    let origin = call.variable("ORIGIN");
    let mut shown = named();
    add(
        &mut shown,
        json!({
            "displayName": RESIDENT,
            "availableGrantTypes": GRANT_TYPES,
            "tokenEndpoint": format!("{origin}/oauth2/token"),
            "revokeEndpoint": format!("{origin}/oauth2/revoke"),
            "userInfoEndpoint": format!("{origin}/oauth2/userinfo"),
            "enableTokenGeneration": true,
            "enableTokenEncryption": false,
            "enableTokenHashing": true,
            "enableOAuthAppCreation": true,
            "enableMapOAuthConsumerApps": true,
            "applicationConfiguration": [],
            "additionalProperties": {},
            "tokenType": "DIRECT",
        }),
    );
    let mut list = vec![shown];
    list.extend(external::visible(call).await?.iter().map(External::shown));
    reply::json(200, &page::whole(list))
}

fn named() -> Value {
    json!({
        "id": RESIDENT_ID,
        "name": RESIDENT,
        "type": "default",
        "description": "The key manager of this platform",
        "enabled": true,
    })
}

fn add(shown: &mut Value, more: Value) {
    if let (Value::Object(shown), Value::Object(more)) = (shown, more) {
        shown.extend(more);
    }
}
