//! One request, as statistics see it: WSO2's fields, with short names on the wire because there is one per request.

use std::collections::BTreeMap;

use model::{ApiId, ApplicationId, KeyType, OrganizationId, SubscriptionId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Details, ErrorType, month};

/// What happened to one request, whatever its outcome: served, refused, throttled, broken.
///
/// A newer gateway's extra fields are ignored. Fields that are not known (the request was refused before its API or application was) are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When the request arrived (`requestTimestamp`).
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// `correlationId`.
    #[serde(rename = "id")]
    pub correlation_id: String,
    /// `organizationId`: whose statistics these are.
    #[serde(rename = "o")]
    pub organization: OrganizationId,
    /// `environmentId`.
    #[serde(rename = "e")]
    pub environment: String,
    /// The API.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub api: Option<ApiRef>,
    /// `apiMethod`: the method of the request, upper-case.
    #[serde(rename = "m")]
    pub method: String,
    /// `apiResourceTemplate`: the matched template, never the path itself.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The application.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationRef>,
    /// The subscription that the call was made under.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// Name of its plan.
    #[serde(rename = "pl", default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// `keyType`.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key_type: Option<KeyType>,
    /// `userName`.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `userIp`, as far as the privacy setting lets it be known.
    #[serde(rename = "ip", default, skip_serializing_if = "Option::is_none")]
    pub user_ip: Option<String>,
    /// `userAgentHeader`, cut to 200 bytes by the gateway.
    #[serde(rename = "ua", default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// ISO 3166 code of the client's country.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// `destination`: origin of the upstream, without path or query.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// `proxyResponseCode`: the status that the client got.
    #[serde(rename = "st")]
    pub status: u16,
    /// `targetResponseCode`: the status that the upstream gave.
    #[serde(rename = "us", default, skip_serializing_if = "Option::is_none")]
    pub upstream_status: Option<u16>,
    /// Why the gateway refused or could not serve the request; absent when the upstream answered.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// `responseLatency`: milliseconds from arrival to the head of the answer.
    #[serde(rename = "l")]
    pub total_ms: u32,
    /// `backendLatency`: milliseconds of it that the upstream took.
    #[serde(rename = "ul", default, skip_serializing_if = "Option::is_none")]
    pub upstream_ms: Option<u32>,
    /// `requestSize`: bytes of the request's body, where known.
    #[serde(rename = "qb", default, skip_serializing_if = "Option::is_none")]
    pub request_bytes: Option<u64>,
    /// `responseSize`: bytes of the answer's body, where known.
    #[serde(rename = "rb", default, skip_serializing_if = "Option::is_none")]
    pub response_bytes: Option<u64>,
    /// Calls to counters' owners that this request made, waited for or not; what they cost is ours, not the caller's.
    #[serde(rename = "cc", default, skip_serializing_if = "is_zero")]
    pub counter_calls: u32,
    /// Version of the catalogue that the gateway ran on.
    #[serde(rename = "v", default)]
    pub config_version: u64,
    /// What only some calls have to tell.
    #[serde(rename = "x", default, skip_serializing_if = "Details::is_usual")]
    pub details: Details<'static>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Names of an API (`apiId`, `apiName`, `apiVersion`, `apiContext`, `apiCreator`, `apiType`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRef {
    /// The API.
    #[serde(rename = "i")]
    pub id: ApiId,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// Its version.
    #[serde(rename = "v")]
    pub version: String,
    /// Its context with the version filled in.
    #[serde(rename = "c")]
    pub context: String,
    /// The user who owns it.
    #[serde(rename = "u")]
    pub creator: String,
    /// `HTTP`, ...
    #[serde(rename = "k")]
    pub kind: String,
}

/// Names of an application (`applicationId`, `applicationName`, `applicationOwner`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRef {
    /// The application.
    #[serde(rename = "i")]
    pub id: ApplicationId,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// The user who owns it.
    #[serde(rename = "u")]
    pub owner: String,
}

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `errorCode`: the fault code of the answer, for example 900901; its kind and cause follow from it.
    #[serde(rename = "c")]
    pub code: u32,
}

/// WSO2's two categories of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// The upstream's answer went out (whatever its status).
    Success,
    /// The gateway refused the request or could not serve it.
    Fault,
}

impl Event {
    /// Success or fault.
    #[must_use]
    pub const fn category(&self) -> Category {
        if self.fault.is_some() {
            Category::Fault
        } else {
            Category::Success
        }
    }

    /// The kind of the fault, if it is one.
    #[must_use]
    pub fn error_type(&self) -> Option<ErrorType> {
        self.fault.as_ref().map(|fault| ErrorType::of(fault.code))
    }
}

/// Events on their way to the store: body of `POST /internal/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Name of the batch (a UUID): sent twice, it counts once. 1 to 64 bytes.
    pub batch: String,
    /// At most [`MAX_BATCH_EVENTS`].
    pub events: Vec<Event>,
}

impl Batch {
    /// Why the batch cannot be stored, if so.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if self.batch.is_empty() || self.batch.len() > 64 {
            return Some("`batch` is not 1 to 64 bytes long".to_owned());
        }
        if self.events.len() > MAX_BATCH_EVENTS {
            return Some(format!("`events` has more than {MAX_BATCH_EVENTS} entries"));
        }
        None
    }

    /// The events of each store: that of an organization and a month.
    #[must_use]
    pub fn by_store(self) -> BTreeMap<(OrganizationId, String), Self> {
        let mut parts: BTreeMap<(OrganizationId, String), Self> = BTreeMap::new();
        for event in self.events {
            let part = parts
                .entry((event.organization.clone(), month(event.at)))
                .or_insert_with(|| Self {
                    batch: self.batch.clone(),
                    events: Vec::new(),
                });
            part.events.push(event);
        }
        parts
    }
}

/// Events in one batch, at most. Gateways send fewer: as many as analytics tells them.
pub const MAX_BATCH_EVENTS: usize = 1_000;
