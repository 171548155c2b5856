//! An event as the gateway writes it: borrowed from what the isolate holds, and on the wire the same as [`crate::Event`].

use model::{
    ApiIdentity, ApplicationRecord, KeyType, OrganizationId, SubscriptionRecord, Timestamp,
};
use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{ApiRef, ApplicationRef, Details, Event, Fault};

/// The fields of [`Event`], without a copy of any text: there is one for each request.
#[derive(Clone, Debug)]
#[allow(
    missing_docs,
    reason = "each field is documented at the field of `Event` that it becomes"
)]
pub struct WrittenEvent<'a> {
    pub at: Timestamp,
    pub correlation_id: &'a str,
    pub organization: &'a OrganizationId,
    pub environment: &'a str,
    pub api: Option<&'a ApiIdentity>,
    pub method: &'a str,
    pub template: Option<&'a str>,
    pub application: Option<&'a ApplicationRecord>,
    pub subscription: Option<&'a SubscriptionRecord>,
    pub key_type: Option<KeyType>,
    pub user: Option<&'a str>,
    pub user_ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
    pub country: Option<&'a str>,
    pub destination: Option<&'a str>,
    pub status: u16,
    pub upstream_status: Option<u16>,
    pub fault: Option<u32>,
    pub total_ms: u32,
    pub upstream_ms: Option<u32>,
    pub request_bytes: Option<u64>,
    pub response_bytes: Option<u64>,
    pub counter_calls: u32,
    pub config_version: u64,
    pub details: Details<'a>,
}

impl WrittenEvent<'_> {
    /// The event with texts of its own.
    #[must_use]
    pub fn to_event(&self) -> Event {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Event {
            at: self.at,
            correlation_id: self.correlation_id.to_owned(),
            organization: self.organization.clone(),
            environment: self.environment.to_owned(),
            api: self.api.map(|api| ApiRef {
                id: api.id.clone(),
                name: api.name.clone(),
                version: api.version.clone(),
                context: api.context.clone(),
                creator: api.provider.clone(),
                kind: api.kind.clone(),
            }),
            method: self.method.to_owned(),
            template: owned(self.template),
            application: self.application.map(|it| ApplicationRef {
                id: it.id.clone(),
                name: it.name.clone(),
                owner: it.owner.clone(),
            }),
            subscription: self.subscription.map(|it| it.id.clone()),
            plan: self.subscription.map(|it| it.plan.clone()),
            key_type: self.key_type,
            user: owned(self.user),
            user_ip: owned(self.user_ip),
            user_agent: owned(self.user_agent),
            country: owned(self.country),
            destination: owned(self.destination),
            status: self.status,
            upstream_status: self.upstream_status,
            fault: self.fault.map(|code| Fault { code }),
            total_ms: self.total_ms,
            upstream_ms: self.upstream_ms,
            request_bytes: self.request_bytes,
            response_bytes: self.response_bytes,
            counter_calls: self.counter_calls,
            config_version: self.config_version,
            details: self.details.owned(),
        }
    }
}

/// The names of [`Event`]'s fields on the wire; absent fields are left out.
impl Serialize for WrittenEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Event", FIELDS)?;
        map.serialize_field("t", &self.at)?;
        map.serialize_field("id", self.correlation_id)?;
        map.serialize_field("o", self.organization)?;
        map.serialize_field("e", self.environment)?;
        optional(&mut map, "a", self.api.map(WrittenApi))?;
        map.serialize_field("m", self.method)?;
        optional(&mut map, "r", self.template)?;
        optional(&mut map, "p", self.application.map(WrittenApplication))?;
        optional(&mut map, "s", self.subscription.map(|it| &it.id))?;
        optional(&mut map, "pl", self.subscription.map(|it| &it.plan))?;
        optional(&mut map, "k", self.key_type)?;
        optional(&mut map, "u", self.user)?;
        optional(&mut map, "ip", self.user_ip)?;
        optional(&mut map, "ua", self.user_agent)?;
        optional(&mut map, "c", self.country)?;
        optional(&mut map, "d", self.destination)?;
        map.serialize_field("st", &self.status)?;
        optional(&mut map, "us", self.upstream_status)?;
        optional(&mut map, "f", self.fault.map(|code| Fault { code }))?;
        map.serialize_field("l", &self.total_ms)?;
        optional(&mut map, "ul", self.upstream_ms)?;
        optional(&mut map, "qb", self.request_bytes)?;
        optional(&mut map, "rb", self.response_bytes)?;
        let calls = (self.counter_calls > 0).then_some(self.counter_calls);
        optional(&mut map, "cc", calls)?;
        map.serialize_field("v", &self.config_version)?;
        let told = (!self.details.is_usual()).then_some(&self.details);
        optional(&mut map, "x", told)?;
        map.end()
    }
}

fn optional<S: SerializeStruct>(
    map: &mut S,
    name: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => map.serialize_field(name, &value),
        None => map.skip_field(name),
    }
}

struct WrittenApi<'a>(&'a ApiIdentity);

impl Serialize for WrittenApi<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(api) = self;
        let mut map = serializer.serialize_struct("ApiRef", 6)?;
        map.serialize_field("i", &api.id)?;
        map.serialize_field("n", &api.name)?;
        map.serialize_field("v", &api.version)?;
        map.serialize_field("c", &api.context)?;
        map.serialize_field("u", &api.provider)?;
        map.serialize_field("k", &api.kind)?;
        map.end()
    }
}

struct WrittenApplication<'a>(&'a ApplicationRecord);

impl Serialize for WrittenApplication<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(application) = self;
        let mut map = serializer.serialize_struct("ApplicationRef", 3)?;
        map.serialize_field("i", &application.id)?;
        map.serialize_field("n", &application.name)?;
        map.serialize_field("u", &application.owner)?;
        map.end()
    }
}

const FIELDS: usize = 26;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CacheState;
    use model::{ApplicationStatus, SubscriptionStatus};

    fn api() -> ApiIdentity {
        ApiIdentity {
            id: "pets".into(),
            name: "Pets".into(),
            version: "1.0.0".into(),
            context: "/pets/1.0.0".into(),
            provider: "admin".into(),
            kind: "HTTP".into(),
        }
    }

    fn application() -> ApplicationRecord {
        ApplicationRecord {
            throttle_resets: 0,
            schema: 1,
            organization: "default".into(),
            id: "shop".into(),
            name: "Shop".into(),
            owner: "ann".into(),
            policy: "Unlimited".into(),
            status: ApplicationStatus::Approved,
            subscriptions: vec![SubscriptionRecord {
                id: "sub-1".into(),
                api: "pets".into(),
                plan: "Gold".into(),
                status: SubscriptionStatus::Unblocked,
            }],
        }
    }

    /// All that is known of a request that met no API.
    fn bare(organization: &OrganizationId) -> WrittenEvent<'_> {
        WrittenEvent {
            at: Timestamp(1),
            correlation_id: "r-1",
            organization,
            environment: "Default",
            api: None,
            method: "GET",
            template: None,
            application: None,
            subscription: None,
            key_type: None,
            user: None,
            user_ip: None,
            user_agent: None,
            country: None,
            destination: None,
            status: 404,
            upstream_status: None,
            fault: Some(404),
            total_ms: 0,
            upstream_ms: None,
            request_bytes: None,
            response_bytes: None,
            counter_calls: 0,
            config_version: 7,
            details: Details::default(),
        }
    }

    fn all_details() -> Details<'static> {
        Details {
            limit: Some("Gold".into()),
            over: Some("Bronze".into()),
            wait_ms: 3,
            retries: 1,
            violations: 2,
            cache: Some(CacheState::Miss),
            colo: Some("FRA".into()),
            tls: Some("TLSv1.3".into()),
            http: Some("HTTP/2".into()),
            trace_id: Some("0af7651916cd43dd8448eb211c80319c".into()),
        }
    }

    /// What the schema of events promises is what is written, field by field.
    #[test]
    fn has_the_fields_of_its_schema() {
        let (organization, api, application) = ("default".into(), api(), application());
        let event = WrittenEvent {
            api: Some(&api),
            template: Some("/pet/{id}"),
            application: Some(&application),
            subscription: application.subscriptions.first(),
            key_type: Some(KeyType::Sandbox),
            user: Some("ann"),
            user_ip: Some("203.0.113.7"),
            user_agent: Some("curl/8"),
            country: Some("CH"),
            destination: Some("https://up.example"),
            upstream_status: Some(200),
            upstream_ms: Some(7),
            request_bytes: Some(3),
            response_bytes: Some(4),
            counter_calls: 2,
            details: all_details(),
            ..bare(&organization)
        };
        let written = serde_json::to_value(&event).unwrap();
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../../api/event.v1.schema.json")).unwrap();
        let names = |of: &serde_json::Value| -> Vec<String> {
            let mut names: Vec<String> = of.as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        for (place, part) in [
            ("", ""),
            ("/properties/a", "/a"),
            ("/properties/p", "/p"),
            ("/properties/x", "/x"),
            ("/properties/f", "/f"),
        ] {
            let promised = schema.pointer(&format!("{place}/properties")).unwrap();
            assert_eq!(
                names(promised),
                names(written.pointer(part).unwrap()),
                "{part}"
            );
        }
    }

    /// The two ways to write an event may not drift apart: what one writes is what the other reads and writes.
    #[test]
    fn is_on_the_wire_what_an_event_is() {
        let (organization, api, application) = ("default".into(), api(), application());
        let full = WrittenEvent {
            api: Some(&api),
            template: Some("/pet/{id}"),
            application: Some(&application),
            subscription: application.subscriptions.first(),
            key_type: Some(KeyType::Sandbox),
            user: Some("ann"),
            user_ip: Some("203.0.113.7"),
            user_agent: Some("a \"quoted\" agent"),
            country: Some("CH"),
            destination: Some("https://up.example"),
            status: 200,
            upstream_status: Some(200),
            fault: None,
            total_ms: 9,
            upstream_ms: Some(7),
            request_bytes: Some(3),
            response_bytes: Some(4),
            counter_calls: 2,
            details: all_details(),
            ..bare(&organization)
        };
        for written in [bare(&organization), full] {
            let text = serde_json::to_string(&written).unwrap();
            let event: Event = serde_json::from_str(&text).unwrap();
            assert_eq!(event, written.to_event());
            assert_eq!(serde_json::to_string(&event).unwrap(), text);
        }
    }
}
