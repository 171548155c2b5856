//! The sample: an API, an application, a subscription and a key, made through the public REST APIs as a user would.

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    platform::{Administrator, Site, http},
    say,
};

/// Loads the sample and answers a first call for a shell.
pub(crate) fn load(site: &Site, administrator: &Administrator) -> anyhow::Result<String> {
    say::step("sample", "loading an API, an application and a key");
    let desk = Desk::open(site, administrator).context("the sample cannot be loaded")?;
    let key = desk
        .api()
        .and_then(|api| desk.key(&api))
        .context("the sample cannot be loaded")?;
    Ok(format!(
        "curl -H 'ApiKey: {key}' {}/petstore/1.0.0/pet/7",
        site.origin
    ))
}

/// A signed-in administrator before the management APIs.
pub(crate) struct Desk {
    base: String,
    origin: String,
    bearer: String,
}

impl Desk {
    /// Registers a client and gets a token.
    pub(crate) fn open(site: &Site, administrator: &Administrator) -> anyhow::Result<Self> {
        let base = format!("http://127.0.0.1:{}", site.port);
        let Administrator { username, password } = administrator;
        let client = http::call(
            "POST",
            &format!("{base}/client-registration/v0.17/register"),
            &[("authorization", &basic(username, password)), JSON],
            &json!({ "clientName": "sample", "owner": username, "grantType": "password", "saasApp": true, "callbackUrl": "" }).to_string(),
        )?;
        let (id, secret) = (text(&client, "clientId")?, text(&client, "clientSecret")?);
        let form = format!(
            "grant_type=password&username={}&password={}&scope={}",
            escaped(username),
            escaped(password),
            escaped(SCOPES)
        );
        let token = http::call(
            "POST",
            &format!("{base}/oauth2/token"),
            &[("authorization", &basic(&id, &secret)), FORM],
            &form,
        )?;
        Ok(Self {
            base,
            origin: site.origin.clone(),
            bearer: format!("Bearer {}", text(&token, "access_token")?),
        })
    }

    /// Imports, deploys and publishes the API; answers its id.
    fn api(&self) -> anyhow::Result<String> {
        let (content_type, body) = self.import_form();
        let imported = self.call(
            "POST",
            "publisher/v4/apis/import-openapi",
            &content_type,
            &body,
        )?;
        let api = text(&imported, "id")?;
        self.deploy_and_publish(&api)?;
        Ok(api)
    }

    /// Freezes an API as a revision, deploys it and publishes it.
    pub(crate) fn deploy_and_publish(&self, api: &str) -> anyhow::Result<()> {
        let revision = self.post(
            &format!("publisher/v4/apis/{api}/revisions"),
            &json!({ "description": "The first" }),
        )?;
        let revision = text(&revision, "id")?;
        self.post(
            &format!("publisher/v4/apis/{api}/deploy-revision?revisionId={revision}"),
            &json!([{ "name": "Default", "vhost": "localhost", "displayOnDevportal": true }]),
        )?;
        self.call(
            "POST",
            &format!("publisher/v4/apis/change-lifecycle?action=Publish&apiId={api}"),
            JSON.1,
            "",
        )?;
        Ok(())
    }

    /// Makes an application, subscribes it, and answers an API key of it.
    fn key(&self, api: &str) -> anyhow::Result<String> {
        let application = self.post(
            "devportal/v3/applications",
            &json!({ "name": "Sample", "throttlingPolicy": "Unlimited", "description": "Calls the Sample Petstore" }),
        )?;
        let application = text(&application, "applicationId")?;
        self.post(
            &format!("devportal/v3/applications/{application}/generate-keys"),
            &json!({ "keyType": "PRODUCTION", "grantTypesToBeSupported": ["client_credentials"], "validityTime": 3600 }),
        )?;
        self.post(
            "devportal/v3/subscriptions",
            &json!({ "applicationId": application, "apiId": api, "throttlingPolicy": "Gold" }),
        )?;
        let key = self.post(
            &format!("devportal/v3/applications/{application}/api-keys/PRODUCTION/generate"),
            &json!({ "keyName": "sample", "validityPeriod": -1, "additionalProperties": {} }),
        )?;
        text(&key, "apikey")
    }

    fn import_form(&self) -> (String, String) {
        let settings = json!({
            "name": "SamplePetstore",
            "version": "1.0.0",
            "context": "/petstore",
            "policies": ["Gold", "Bronze", "Unlimited"],
            "securityScheme": ["oauth2", "api_key", "oauth_basic_auth_api_key_mandatory"],
            "endpointConfig": {
                "endpoint_type": "http",
                "production_endpoints": { "url": format!("{}/sample/petstore", self.origin) },
                "sandbox_endpoints": { "url": format!("{}/sample/petstore", self.origin) },
            },
        });
        let body = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"petstore.json\"\r\n\
             content-type: application/json\r\n\r\n{PETSTORE}\r\n--{BOUNDARY}\r\n\
             content-disposition: form-data; name=\"additionalProperties\"\r\n\r\n{settings}\r\n--{BOUNDARY}--\r\n"
        );
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call("GET", path, JSON.1, "")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call("POST", path, JSON.1, &body.to_string())
    }

    fn call(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &str,
    ) -> anyhow::Result<Value> {
        let url = format!("{}/api/am/{path}", self.base);
        http::call(
            method,
            &url,
            &[
                ("authorization", &self.bearer),
                ("content-type", content_type),
            ],
            body,
        )
    }
}

fn basic(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        STANDARD.encode(format!("{username}:{password}"))
    )
}

fn text(value: &Value, name: &str) -> anyhow::Result<String> {
    let found = value.get(name).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("`{name}` is missing in {value}"))
}

/// Percent-encoding of everything but letters and digits.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

const PETSTORE: &str = include_str!("../sample/petstore.json");
const BOUNDARY: &str = "postern-sample-0f6f1f1e";
const SCOPES: &str = "apim:api_view apim:api_create apim:api_publish apim:api_manage apim:api_import_export apim:subscribe apim:api_key apim:app_manage apim:sub_manage apim:admin apim:admin_tier_manage apim:tier_manage";
const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn form_values_keep_every_character() {
        assert_eq!(escaped("a+b &=é"), "a%2Bb%20%26%3D%C3%A9");
    }
}
