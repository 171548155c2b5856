//! Names of counters and of the objects that own them.
//!
//! A counter's name says *whose* use it counts and not under which policy, so that another plan or another amount in
//! mid-window measures against what was already used. Names never meet across organizations: the object's name has the
//! organization, and counters live inside their object.

use std::borrow::Borrow;
use std::fmt;

use model::{ApiId, ApplicationId, Hash, KeyType, OrganizationId};
use serde::{Deserialize, Serialize};

/// The Durable Object that owns a counter: `idFromName` of this text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectName(String);

impl ObjectName {
    /// Owner of an application's counters (subscription and application limits): `app/{organization}/{application}`.
    #[must_use]
    pub fn of_application(organization: &OrganizationId, application: &ApplicationId) -> Self {
        Self(format!("app/{organization}/{application}"))
    }

    /// Owner of an API's counters (API and operation limits, callers without credential): `api/{organization}/{api}`.
    #[must_use]
    pub fn of_api(organization: &OrganizationId, api: &ApiId) -> Self {
        Self(format!("api/{organization}/{api}"))
    }

    /// Owner of what one user of an application may use. The application's own owner, who is the user of its client
    /// credentials, counts where the subscriptions count, so that the common call asks one object; others count in shards
    /// `app/{organization}/{application}/{0 to 63}`, so that an application of many users has no object that all ask.
    #[must_use]
    pub fn of_application_user(
        organization: &OrganizationId,
        application: &ApplicationId,
        owner: &str,
        user: &str,
    ) -> Self {
        if owner == user {
            return Self::of_application(organization, application);
        }
        let shard = shard_of(user);
        Self(format!("app/{organization}/{application}/{shard}"))
    }

    /// Owner of what one caller (a user, or a client address) may use of an API: `api/{organization}/{api}/{0 to 63}`.
    #[must_use]
    pub fn of_api_caller(organization: &OrganizationId, api: &ApiId, caller: &str) -> Self {
        let shard = shard_of(caller);
        Self(format!("api/{organization}/{api}/{shard}"))
    }

    /// Owner of a counter of a custom rule. Such rules are over all traffic: `custom/{organization}/{0 to 63}`.
    #[must_use]
    pub fn of_custom(organization: &OrganizationId, key: &CounterKey) -> Self {
        Self(format!("custom/{organization}/{}", shard_of(&key.0)))
    }

    /// The object that answers in this one's place as its relay of that number: `{object}~{number}`.
    #[must_use]
    pub fn of_relay(&self, number: u32) -> Self {
        Self(format!("{}~{number}", self.0))
    }

    /// The object for which this one is a relay, if it is one.
    #[must_use]
    pub fn root(&self) -> Option<Self> {
        let (root, number) = self.0.rsplit_once('~')?;
        let is_relay = !root.is_empty() && number.parse::<u32>().is_ok();
        is_relay.then(|| Self(root.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which of the shards counts a caller or a key.
fn shard_of(caller: &str) -> u32 {
    hash_of(caller) % CALLER_SHARDS
}

/// 32-bit FNV-1a, because the answer must be the same for ever.
pub(crate) fn hash_of(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// One object grants some hundreds of blocks a second with ease: this is enough for tens of thousands of new callers in a
/// second, and few enough for an operator to walk through.
const CALLER_SHARDS: u32 = 64;

/// One counter within its object; at most [`CounterKey::MAX_BYTES`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CounterKey(String);

impl CounterKey {
    /// Longer names are replaced by their hash.
    pub const MAX_BYTES: usize = 200;

    /// Use of one API by one application: the plan's limit.
    #[must_use]
    pub fn subscription(application: &ApplicationId, api: &ApiId) -> Self {
        Self::bounded(format!("s:{application}:{api}"))
    }

    /// Does it count calls for a plan's limit?
    #[must_use]
    pub fn is_of_subscription(&self) -> bool {
        self.0.starts_with("s:")
    }

    /// The plan's burst limit.
    #[must_use]
    pub fn subscription_burst(application: &ApplicationId, api: &ApiId) -> Self {
        Self::bounded(format!("sb:{application}:{api}"))
    }

    /// Use of everything by one user of an application: the application policy's limit.
    #[must_use]
    pub fn application(application: &ApplicationId, user: &str) -> Self {
        Self::bounded(format!("a:{application}:{user}"))
    }

    /// The application policy's burst limit.
    #[must_use]
    pub fn application_burst(application: &ApplicationId, user: &str) -> Self {
        Self::bounded(format!("ab:{application}:{user}"))
    }

    /// Use of a whole API; of one user's when `user` is given.
    #[must_use]
    pub fn api(api: &ApiId, user: Option<&str>) -> Self {
        Self::bounded(match user {
            None => format!("p:{api}"),
            Some(user) => format!("pu:{api}:{user}"),
        })
    }

    /// Use of one operation; of one user's when `user` is given.
    #[must_use]
    pub fn operation(api: &ApiId, method: &str, template: &str, user: Option<&str>) -> Self {
        Self::bounded(match user {
            None => format!("o:{api}:{method}:{template}"),
            // A space: neither a method nor a canonical template has one, so that two pairs never make one name.
            Some(user) => format!("ou:{api}:{method}:{template} {user}"),
        })
    }

    /// Use of an API's open operations by one client address.
    #[must_use]
    pub fn unauthenticated(api: &ApiId, client_address: &str) -> Self {
        Self::bounded(format!("u:{api}:{client_address}"))
    }

    /// Use of an API by whoever comes with one certificate: its plan's limit.
    #[must_use]
    pub fn certificate(api: &ApiId, thumbprint: &str) -> Self {
        Self::bounded(format!("c:{api}:{thumbprint}"))
    }

    /// The burst limit of the same plan.
    #[must_use]
    pub fn certificate_burst(api: &ApiId, thumbprint: &str) -> Self {
        Self::bounded(format!("cb:{api}:{thumbprint}"))
    }

    /// The same use, of the calls of one condition group.
    #[must_use]
    pub fn in_group(&self, group: &str) -> Self {
        Self::bounded(format!("g:{group} {}", self.0))
    }

    /// What a custom rule counts for one value of its key.
    #[must_use]
    pub fn custom(rule: &str, value: &str) -> Self {
        Self::bounded(format!("c:{rule}:{value}"))
    }

    /// What goes to an API's upstream, with keys of one type.
    #[must_use]
    pub fn backend(api: &ApiId, key_type: KeyType) -> Self {
        Self::bounded(format!("b:{api}:{}", key_type.as_str()))
    }

    /// Calls of one application to one API that are under way.
    #[must_use]
    pub fn concurrency(application: &ApplicationId, api: &ApiId) -> Self {
        Self::bounded(format!("sc:{application}:{api}"))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn bounded(name: String) -> Self {
        if name.len() <= Self::MAX_BYTES {
            return Self(name);
        }
        // The letters before the first colon stay, so that a person sees what kind of counter it is.
        let kind = name.split(':').next().unwrap_or_default();
        Self(format!("{kind}:#{}", Hash::of(name.as_bytes())))
    }
}

impl From<String> for CounterKey {
    fn from(name: String) -> Self {
        Self::bounded(name)
    }
}

impl Borrow<str> for CounterKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CounterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for ObjectName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_callers_never_share_a_counter() {
        let (api, other) = (ApiId::from("api-1"), ApiId::from("api-2"));
        let application = ApplicationId::from("app-1");
        let keys = [
            CounterKey::subscription(&application, &api),
            CounterKey::subscription(&application, &other),
            CounterKey::subscription_burst(&application, &api),
            CounterKey::application(&application, "api-1"),
            CounterKey::application(&application, "ann"),
            CounterKey::application_burst(&application, "ann"),
            CounterKey::api(&api, None),
            CounterKey::api(&api, Some("ann")),
            CounterKey::operation(&api, "GET", "/pet/{petId}", None),
            CounterKey::operation(&api, "GET", "/pet/{petId}", Some("ann")),
            CounterKey::operation(&api, "POST", "/pet/{petId}", None),
            CounterKey::unauthenticated(&api, "192.0.2.1"),
            CounterKey::api(&api, None).in_group("1"),
            CounterKey::api(&api, None).in_group("2"),
            CounterKey::api(&api, Some("ann")).in_group("1"),
            CounterKey::custom("Ring", "ann"),
            CounterKey::custom("Ring", "bob"),
            CounterKey::backend(&api, KeyType::Production),
            CounterKey::backend(&api, KeyType::Sandbox),
            CounterKey::operation(&api, "GET", &"/long".repeat(100), None),
            CounterKey::operation(&api, "GET", &"/long".repeat(101), None),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "{keys:?}");
        assert!(
            keys.iter()
                .all(|key| key.as_str().len() <= CounterKey::MAX_BYTES)
        );
    }

    #[test]
    fn callers_keep_their_shard_for_ever() {
        let (acme, app, api) = ("acme".into(), "app-1".into(), "api-1".into());
        let user = |user: &str| ObjectName::of_application_user(&acme, &app, "ann", user);
        assert_eq!(user("ann"), ObjectName::of_application(&acme, &app));
        assert_eq!(user("bob").as_str(), "app/acme/app-1/20");
        let address = ObjectName::of_api_caller(&acme, &api, "192.0.2.1");
        assert_eq!(address.as_str(), "api/acme/api-1/24");
        let shards: std::collections::BTreeSet<_> =
            (0..1_000).map(|n| user(&format!("user-{n}"))).collect();
        assert_eq!(shards.len(), 64, "all of them are used");
    }

    #[test]
    fn a_relay_knows_its_root() {
        let object = ObjectName::of_application(&"acme".into(), &"app~1".into());
        assert_eq!(object.of_relay(7).as_str(), "app/acme/app~1~7");
        assert_eq!(object.of_relay(7).root(), Some(object));
        for name in ["app/acme/app", "app/acme/app~x", "~1", "app/acme/app~"] {
            assert_eq!(ObjectName::from(name.to_owned()).root(), None, "{name}");
        }
    }

    #[test]
    fn organizations_never_share_an_object() {
        let application = ApplicationId::from("app-1");
        let first = ObjectName::of_application(&"acme".into(), &application);
        let second = ObjectName::of_application(&"umbrella".into(), &application);
        assert_ne!(first, second);
        assert_eq!(first.as_str(), "app/acme/app-1");
    }
}
