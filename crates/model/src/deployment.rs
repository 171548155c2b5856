//! The compiled form of an API revision: all that a gateway needs to run it, and nothing that it has to check again.
//!
//! Built by `lifecycle::compile` only. Stored in KV as `deployment/<hash>`, immutable.

use serde::{Deserialize, Serialize};

use crate::{
    ApiId, ApiState, Certificates, Conduct, Endpoints, Flows, Hash, OrganizationId, Upstream,
};

/// One API revision as a gateway runs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// [`crate::SCHEMA_VERSION`] of the compiler that wrote it.
    pub schema: u32,
    /// Owner of the API.
    pub organization: OrganizationId,
    /// Which API this is.
    pub api: ApiIdentity,
    /// The revision's id; `""` never occurs.
    pub revision: String,
    /// Gateway environment, for example `Default`.
    pub environment: String,
    /// State at compile time; a transition compiles anew.
    pub state: ApiState,
    /// Where the operations hang, for example `/petstore/1.0.0`: canonical, no trailing slash. The default version's
    /// alias (`/petstore`) is a second [`crate::Route`] to the same Deployment.
    pub base_path: String,
    /// How callers prove who they are.
    pub security: Security,
    /// `false` for a subscriptionless API: any valid token passes, counted under `DefaultSubscriptionless`.
    pub subscription_required: bool,
    /// Cross-origin rules; `None` when the API leaves them to its upstream.
    pub cors: Option<Cors>,
    /// Advanced policy over the whole API; when set, operation limits are ignored (WSO2's order of evaluation).
    pub api_limit: Option<String>,
    /// What can be called; at least one.
    pub operations: Vec<Operation>,
    /// Where calls go, unless `upstreams` says so.
    pub endpoints: Endpoints,
    /// Where calls go whose operations are those of other APIs; empty for most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upstreams: Vec<Upstream>,
    /// What its definition promises, where calls are held to it: the name of a value of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Hash>,
    /// What operation policies do, by the place of the operation; empty when no operation has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Flows>,
    /// What the gateway does beside passing calls on.
    #[serde(default, skip_serializing_if = "Conduct::is_usual")]
    pub conduct: Conduct,
    /// Complexity values of a GraphQL API, for whoever measures queries: gateways pass them on unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<String>,
}

impl Deployment {
    /// Where calls of an operation go, by its place.
    #[must_use]
    pub fn endpoints_of(&self, operation: usize) -> &Endpoints {
        self.upstream(operation)
            .map_or(&self.endpoints, |upstream| &upstream.endpoints)
    }

    /// The API whose upstream serves an operation.
    #[must_use]
    pub fn served_by(&self, operation: usize) -> &ApiId {
        self.upstream(operation)
            .map_or(&self.api.id, |upstream| &upstream.api)
    }

    fn upstream(&self, operation: usize) -> Option<&Upstream> {
        self.upstreams.iter().find(|it| operation < it.until)
    }

    /// Every scope that one of the operations asks for.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        let operations = self.operations.iter();
        let mut scopes: Vec<String> = operations.flat_map(|it| &it.scopes).cloned().collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}

/// Names that logs, events and tokens use for an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiIdentity {
    /// The API's id.
    pub id: ApiId,
    /// For example `PizzaShack`.
    pub name: String,
    /// For example `1.0.0`.
    pub version: String,
    /// Context with its version filled in, as counters and events name it: `/petstore/1.0.0`.
    pub context: String,
    /// The user who owns it.
    pub provider: String,
    /// `HTTP`, `GRAPHQL`, ...: WSO2's `type`.
    pub kind: String,
}

/// How callers prove who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// `oauth2` among the schemes.
    pub oauth2: bool,
    /// `api_key` among the schemes.
    pub api_key: bool,
    /// Lower-case name of the header that carries the bearer token; `authorization` by default.
    pub authorization_header: String,
    /// Lower-case name of the header that carries the API key; `apikey` by default. The query parameter is `apikey`.
    pub api_key_header: String,
    /// Accepted `aud` values; empty accepts any.
    pub audiences: Vec<String>,
    /// Names of the key managers whose tokens are taken, ours among them or not; empty takes those of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_managers: Vec<String>,
    /// `basic_auth` among the schemes: a user's name and password.
    #[serde(default, skip_serializing_if = "is_false")]
    pub basic: bool,
    /// Client certificates; `None` when `mutualssl` is not among the schemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<Certificates>,
}

impl Security {
    /// Are access tokens of this key manager taken?
    #[must_use]
    pub fn takes_tokens_of(&self, key_manager: &str) -> bool {
        self.key_managers.is_empty() || self.key_managers.iter().any(|name| name == key_manager)
    }
}

/// What the built-in key manager is called, as the peer calls its own.
pub const RESIDENT_KEY_MANAGER: &str = "Resident Key Manager";

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Cross-origin rules of one API (WSO2 `corsConfiguration`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    /// Allowed origins; `*` allows any.
    pub origins: Vec<String>,
    /// Allowed request headers.
    pub headers: Vec<String>,
    /// Allowed methods; the preflight answers with those that the matched template also has.
    pub methods: Vec<String>,
    /// Sends `Access-Control-Allow-Credentials: true` (never together with `*`).
    pub credentials: bool,
}

/// One method on one path template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Upper-case HTTP method.
    pub method: String,
    /// Path template below the base path, for example `/pet/{petId}`; `/*` is a wildcard.
    pub template: String,
    /// Who may call, as far as the kind of credential goes.
    pub security: OperationSecurity,
    /// The token needs any one of these; empty needs none.
    pub scopes: Vec<String>,
    /// Advanced policy; `None` is Unlimited.
    pub limit: Option<String>,
    /// Units that a call takes from each limit that counts requests; at least 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: u32,
}

const fn one() -> u32 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_one(weight: &u32) -> bool {
    *weight == 1
}

/// WSO2's per-operation `authType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationSecurity {
    /// No credential asked for; counted per client address under the `Unauthenticated` plan.
    None,
    /// Application and user tokens alike.
    Any,
    /// Only a token that the application got for itself.
    Application,
    /// Only a token that stands for a user.
    ApplicationUser,
}
