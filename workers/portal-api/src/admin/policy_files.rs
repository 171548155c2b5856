//! `/throttling/policies/export` and `/import`: one policy as a document that other installations take.

use lifecycle::{PolicyKind, door, plan::PolicyBody};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::policies as noun;
use crate::{
    call::Call,
    etag,
    policies::{self, PolicyRow},
    refusal,
    upload::Upload,
};

/// `GET /throttling/policies/export?policyId=` or `?name=&type=`
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let row = named(call).await?;
    let kind = PolicyKind::parse(&row.kind).ok_or_else(|| Failure::code("900961"))?;
    noun::require_allowed(call, kind)?;
    let document = json!({
        "type": TYPE,
        "subtype": kind.as_str(),
        "version": VERSION,
        "data": noun::shown(&row)?,
    });
    etag::content(call, &document)
}

/// `POST /throttling/policies/import?overwrite=true`
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let overwrite = call.flag("overwrite")?;
    let upload = Upload::read(call).await?;
    let (_, text) = upload.only(&["file"]).await?;
    let document: Document =
        door::parse(&text).map_err(|fault| refusal::several("400", vec![fault]))?;
    let kind = document.kind()?;
    noun::require_allowed(call, kind)?;
    let body: PolicyBody = door::parse(&document.data.to_string()).map_err(|mut fault| {
        fault.place = format!("data.{}", fault.place)
            .trim_end_matches('.')
            .to_owned();
        refusal::several("400", vec![fault])
    })?;
    let body = noun::checked(kind, body)?;
    let name = body.policy_name.clone().unwrap_or_default();
    let known = policies::all(call, kind).await?;
    let row = match known.iter().find(|row| row.name == name) {
        None => noun::insert(call, kind, body).await?,
        Some(_) if !overwrite => return Err(Failure::code("903001")),
        Some(row) => noun::replace(call, kind, row, body).await?,
    };
    etag::changed(200, row.generation, &noun::shown(&row)?)
}

/// WSO2's `ExportThrottlePolicy`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    subtype: String,
    #[serde(rename = "version", default)]
    _version: Option<String>,
    data: Value,
}

impl Document {
    /// The kind by the document's own word, `application` or `application policy`.
    fn kind(&self) -> Outcome<PolicyKind> {
        if self.kind != TYPE && self.kind != "throttling policy" {
            let help = format!("is neither `{TYPE}` nor `throttling policy`");
            return Err(refusal::one("400", "type", help));
        }
        let word = self.subtype.split(' ').next().unwrap_or_default();
        PolicyKind::parse(word).ok_or_else(|| {
            let help = "is none of `subscription`, `application`, `advanced`, `custom`";
            refusal::one("400", "subtype", help)
        })
    }
}

/// The policy that the query names, by its id or by name and kind.
async fn named(call: &Call) -> Outcome<PolicyRow> {
    let wanted = call.query("type");
    let kind = wanted
        .map(|word| {
            PolicyKind::ALL
                .into_iter()
                .find(|kind| kind.short() == word)
                .ok_or_else(|| {
                    refusal::one("900703", "type", "is none of `sub`, `app`, `api`, `global`")
                })
        })
        .transpose()?;
    if let Some(id) = call.query("policyId") {
        return policies::by_id(call, id).await;
    }
    let name = call.required("name")?;
    match kind {
        Some(kind) => policies::by_name(call, kind, name).await,
        None => Err(refusal::one("900700", "type", "is missing")),
    }
}

const TYPE: &str = "rate-limiting policy";

/// The version of the peer whose documents these are.
const VERSION: &str = "v4.1.0";
