//! A platform in memory around one gateway isolate: KV, owners of limits, a signature oracle and a clock moved by hand.

#![allow(dead_code, reason = "each story uses a part of the world")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::wildcard_enum_match_arm,
    reason = "a world that is wrong ends its story"
)]

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credential::ReferenceToken;
use model::{
    ApplicationRecord, ApplicationStatus, Catalog, ClientRecord, Cors, Deployment, Endpoint,
    Endpoints, Hash, KeyType, Limit, Measure, Operation, OperationSecurity, PolicySet,
    RevokedToken, Route, Shard, SubscriptionPolicy, SubscriptionRecord, SubscriptionStatus,
    TimeUnit, Timestamp, Trust, VerificationKey, shard_of,
};
use pipeline::{Answer, Decision, Facts, Fetched, Need, Plan, Request, Settings, admit};
use serde_json::{Value, json};
use throttle::{Holder, LimitShardState, ObjectName, Slots};

pub(crate) const START: Timestamp = Timestamp(1_795_000_020_000);
pub(crate) const ISSUER: &str = "https://gateway.example/oauth2/token";

/// What came of a call.
#[derive(Debug)]
pub(crate) enum Came {
    Forwarded(Plan),
    Answered(Answer),
}

pub(crate) struct World {
    pub(crate) kv: HashMap<String, String>,
    pub(crate) now: Timestamp,
    /// Names of what was fetched, in order.
    pub(crate) fetched: Vec<&'static str>,
    /// KV does not answer.
    pub(crate) is_down: bool,
    /// What is fetched while nobody waits does not come.
    pub(crate) hangs: bool,
    /// Name of the request to come.
    pub(crate) request_id: &'static str,
    /// The client's.
    pub(crate) address: &'static str,
    pub(crate) deployment: Deployment,
    pub(crate) policies: PolicySet,
    /// The virtual host that the API is served on; every one, unless told otherwise.
    pub(crate) host: Option<&'static str>,
    /// Steps around those of every API.
    pub(crate) flows: model::Flows,
    /// The Deployments that the catalogue says were put there last.
    pub(crate) latest: Vec<Hash>,
    pub(crate) trust: Trust,
    /// What the Key Manager answers when it is asked for an issuer's keys.
    pub(crate) trust_to_come: Option<Trust>,
    pub(crate) facts: Facts,
    owners: HashMap<ObjectName, LimitShardState>,
    slots: Slots,
    version: u64,
}

/// A request to be; `GET /pets/1.0.0/pet/7` unless told otherwise.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

pub(crate) fn get(path: &str) -> Ask {
    Ask {
        method: "GET",
        url: format!("https://api.example{path}"),
        headers: vec![("host", "api.example".to_owned())],
    }
}

impl Ask {
    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// The same of another path.
    pub(crate) fn url(mut self, path: &str) -> Self {
        self.url = format!("https://api.example{path}");
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }
}

impl World {
    /// One published API `/pets/1.0.0`, an application `shop` subscribed to it under `Gold`, and its client `shop-client`.
    pub(crate) fn new() -> Self {
        Self::sampling(telemetry::Sampling::off())
    }

    /// The same, with a collector of traces.
    pub(crate) fn sampling(sampling: telemetry::Sampling) -> Self {
        let settings = Settings {
            environment: "Default".into(),
            refresh_ms: 30_000,
            organization: "default".into(),
            sampling,
            has_peer_statuses: false,
        };
        let mut world = Self {
            kv: HashMap::new(),
            now: START,
            fetched: Vec::new(),
            is_down: false,
            hangs: false,
            request_id: "r-1",
            address: "192.0.2.7",
            deployment: deployment(),
            policies: policies(),
            flows: model::Flows::default(),
            latest: Vec::new(),
            host: None,
            trust: trust(),
            trust_to_come: None,
            facts: Facts::new(settings, Holder::from_random(1)),
            owners: HashMap::new(),
            slots: Slots::default(),
            version: 0,
        };
        world.publish();
        world.subscribe(&[("pets", SubscriptionStatus::Unblocked)]);
        world.client("shop-client", "shop", KeyType::Production);
        world
    }

    /// Writes policies, Deployment, shard and pointer, as portal-api does.
    pub(crate) fn publish(&mut self) {
        self.version += 1;
        let deployment = self.store("deployment", &self.deployment.clone());
        let route = Route {
            base_path: self.deployment.base_path.clone(),
            host: self.host.map(str::to_owned),
            api: self.deployment.api.id.clone(),
            deployment,
        };
        let number = shard_of(&route.base_path);
        let shard = Shard {
            schema: 1,
            routes: vec![route],
        };
        let catalog = Catalog {
            schema: 1,
            version: self.version,
            policies: self.store("policies", &self.policies.clone()),
            shards: [(number, self.store("shard", &shard))].into(),
            flows: self.flows.clone(),
            latest: self.latest.clone(),
        };
        self.write("catalog/Default", &catalog);
        self.trust.version += 1;
        self.write("trust", &self.trust.clone());
    }

    pub(crate) fn subscribe(&mut self, subscriptions: &[(&str, SubscriptionStatus)]) {
        let record = ApplicationRecord {
            throttle_resets: 0,
            schema: 1,
            organization: "default".into(),
            id: "shop".into(),
            name: "Shop".into(),
            owner: "ann".into(),
            policy: "Unlimited".into(),
            status: ApplicationStatus::Approved,
            subscriptions: subscriptions
                .iter()
                .map(|(api, status)| SubscriptionRecord {
                    id: "sub-1".into(),
                    api: (*api).into(),
                    plan: "Gold".into(),
                    status: *status,
                })
                .collect(),
        };
        self.write("application/shop", &record);
    }

    pub(crate) fn client(&mut self, id: &str, application: &str, key_type: KeyType) {
        let record = ClientRecord {
            schema: 1,
            organization: "default".into(),
            client: id.into(),
            application: application.into(),
            key_type,
        };
        self.write(&format!("client/{id}"), &record);
    }

    pub(crate) fn write(&mut self, key: &str, value: &impl serde::Serialize) {
        let text = serde_json::to_string(value).expect("a value");
        self.kv.insert(key.to_owned(), text);
    }

    pub(crate) fn store(&mut self, kind: &str, value: &impl serde::Serialize) -> Hash {
        let text = serde_json::to_string(value).expect("a value");
        let hash = Hash::of(text.as_bytes());
        self.kv.insert(format!("{kind}/{hash}"), text);
        hash
    }

    pub(crate) fn wait_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// Calls as the shell does: decides, fetches what is missing, decides again; then fetches what is due.
    pub(crate) fn call(&mut self, ask: &Ask) -> Came {
        let at = self.now;
        for _ in 0..20 {
            let request = Request {
                method: ask.method,
                url: &ask.url,
                headers: ask
                    .headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect(),
                client_address: self.address,
                country: "CH",
                request_id: self.request_id,
                at,
            };
            let mut decision = admit(&request, &mut self.facts, self.now);
            if let Decision::Missing(needs) = &decision {
                self.facts.unsent(needs);
                // The shell's first decision waits for nothing, and is not told what it lacks: it asks again.
                decision = admit(&request, &mut self.facts, self.now);
            }
            let came = match decision {
                Decision::Forward(plan) => Came::Forwarded(*plan),
                Decision::Answer(answer) => Came::Answered(*answer),
                Decision::Missing(needs) => {
                    let inquiry = self.facts.ask(&needs, self.address, self.now);
                    let fetched: Result<Vec<()>, String> =
                        needs.iter().map(|need| self.fetch(need)).collect();
                    self.facts.found(inquiry, self.address);
                    match fetched {
                        Ok(_) => continue,
                        Err(_) => Came::Answered(pipeline::unavailable(&request, &self.facts)),
                    }
                }
            };
            for need in self.facts.take_due(self.now) {
                if self.hangs {
                    continue;
                }
                let _ = self.fetch(&need);
            }
            return came;
        }
        panic!("never decided: {:?}", self.fetched);
    }

    pub(crate) fn fetch(&mut self, need: &Need) -> Result<(), String> {
        self.fetched.push(need.name());
        let fetched = match need {
            Need::Lease(call) => {
                let fresh = || {
                    LimitShardState::restore(Vec::<(String, String)>::new(), None).expect("no rows")
                };
                let owner = self.owners.entry(call.object.clone()).or_insert_with(fresh);
                let granting = owner.grant(&call.request, self.now);
                self.facts
                    .book
                    .receive(call, &granting.reply, self.now, self.now);
                return Ok(());
            }
            // Whoever asked has its answer: the world delivers at once.
            Need::Turn(_) => return Ok(()),
            Need::Slots(call) => {
                let reply = self.slots.lend(&call.request, self.now);
                self.facts
                    .slots
                    .receive(call, Some(reply), self.now, self.now);
                return Ok(());
            }
            Need::Signature { token, key, .. } => Fetched::Signature(
                token.ends_with(&good()) || token.ends_with(&format!(".{}", signature_by(key))),
            ),
            _ if self.is_down => Fetched::Failed,
            Need::IssuerKeys(_) => match self.kv.get("trust") {
                Some(_) if self.trust_to_come.is_none() => Fetched::Absent,
                _ => Fetched::Value(serde_json::to_string(&self.trust_to_come).expect("a value")),
            },
            Need::Login(login) => {
                let basic = &login.basic;
                match self
                    .kv
                    .get(&format!("login/{}:{}", basic.user(), basic.password()))
                {
                    Some(text) => Fetched::Value(text.clone()),
                    None => Fetched::Absent,
                }
            }
            Need::Introduction(_) => match self.kv.get("introduction") {
                Some(text) => Fetched::Value(text.clone()),
                None => Fetched::Failed,
            },
            Need::Reference(token) => match self.kv.get(&reference_of(token)) {
                Some(text) => Fetched::Value(text.clone()),
                None => Fetched::Absent,
            },
            _ => match self.kv.get(&need.kv_key("Default").expect("a key")) {
                Some(text) => Fetched::Value(text.clone()),
                None => Fetched::Absent,
            },
        };
        self.facts.put(need, fetched, self.now)
    }

    /// The plan of a call that is forwarded.
    pub(crate) fn forwarded(&mut self, ask: &Ask) -> Plan {
        match self.call(ask) {
            Came::Forwarded(plan) => plan,
            Came::Answered(answer) => panic!("{} {}", answer.status, answer.body),
        }
    }

    /// Status and code of a call that is refused.
    pub(crate) fn refused(&mut self, ask: &Ask) -> (u16, String) {
        let answer = self.answered(ask);
        let body: Value = serde_json::from_str(&answer.body).expect(&answer.body);
        (
            answer.status,
            body["code"].as_str().unwrap_or_default().to_owned(),
        )
    }

    pub(crate) fn answered(&mut self, ask: &Ask) -> Answer {
        match self.call(ask) {
            Came::Answered(answer) => answer,
            Came::Forwarded(plan) => panic!("forwarded to {}", plan.url),
        }
    }
}

/// The claims of a good access token of `shop-client`.
pub(crate) fn claims() -> Value {
    let now = START.seconds();
    json!({
        "iss": ISSUER, "sub": "shop-client", "aud": "shop-client", "client_id": "shop-client", "jti": "t-1",
        "iat": now - 60, "exp": now + 3_600, "scope": "read", "aut": "APPLICATION", "organization": "default",
    })
}

pub(crate) fn token(claims: &Value) -> String {
    signed("at+jwt", claims, "good")
}

pub(crate) fn signed(kind: &str, claims: &Value, signature: &str) -> String {
    let header = json!({"alg": "ES256", "typ": kind, "kid": "k1"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.{}",
        part(&header),
        part(claims),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

/// The claims with some changed.
pub(crate) fn but(changes: Value) -> Value {
    let mut claims = claims();
    let all = claims.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        all.insert(name.clone(), value.clone());
    }
    claims
}

/// Where the world keeps what the Key Manager knows of an opaque token.
pub(crate) fn reference_of(token: &ReferenceToken) -> String {
    format!("reference/{}", token.digest())
}

fn good() -> String {
    format!(".{}", URL_SAFE_NO_PAD.encode("good"))
}

fn operation(
    method: &str,
    template: &str,
    security: OperationSecurity,
    scopes: &[&str],
) -> Operation {
    Operation {
        method: method.to_owned(),
        template: template.to_owned(),
        security,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        limit: None,
        weight: 1,
    }
}

fn deployment() -> Deployment {
    let any = OperationSecurity::Any;
    Deployment {
        cors: Some(Cors {
            origins: vec!["https://shop.example".into()],
            headers: vec!["content-type".into()],
            methods: vec!["GET".into(), "POST".into()],
            credentials: false,
        }),
        operations: vec![
            operation("GET", "/pet/{petId}", any, &[]),
            operation("POST", "/pet", any, &["write"]),
            operation("GET", "/open", OperationSecurity::None, &[]),
            operation("GET", "/mine", OperationSecurity::ApplicationUser, &[]),
            operation("GET", "/public/*", any, &[]),
        ],
        endpoints: Endpoints {
            production: Some(Endpoint {
                url: "http://up.example/v1".into(),
                timeout_ms: 5_000,
                ..Endpoint::default()
            }),
            sandbox: None,
        },
        ..model::fixture::deployment()
    }
}

fn policies() -> PolicySet {
    let plan = |amount: Option<u64>| SubscriptionPolicy {
        limit: amount.map(|amount| Limit::new(Measure::Requests(amount), 1, TimeUnit::Min)),
        burst: None,
        stop_on_quota_reach: true,
        concurrency: None,
        graphql_depth: None,
        graphql_complexity: None,
        on_failure: model::FailureMode::Local,
    };
    let unlimited = model::ApplicationPolicy {
        limit: None,
        burst: None,
        on_failure: model::FailureMode::Local,
    };
    PolicySet {
        schema: 1,
        subscription: [
            ("Gold".to_owned(), plan(Some(5_000))),
            ("Unlimited".to_owned(), plan(None)),
            ("Unauthenticated".to_owned(), plan(Some(3))),
            ("DefaultSubscriptionless".to_owned(), plan(Some(100_000))),
        ]
        .into(),
        application: [("Unlimited".to_owned(), unlimited)].into(),
        ..PolicySet::default()
    }
}

fn trust() -> Trust {
    let coordinate = "A".repeat(43);
    Trust {
        schema: 1,
        version: 0,
        issuer: ISSUER.to_owned(),
        keys: vec![VerificationKey {
            kid: "k1".into(),
            alg: "ES256".into(),
            jwk: json!({"kty": "EC", "crv": "P-256", "x": coordinate, "y": coordinate, "kid": "k1"}),
        }],
        revocations: model::Revocations {
            tokens: vec![RevokedToken {
                jti: "taken-back".into(),
                expires_at: START.plus_ms(3_600_000),
            }],
            ..model::Revocations::default()
        },
        external: Vec::new(),
    }
}

/// A key of the signature oracle; `letter` makes it one of its own.
pub(crate) fn key(kid: &str, letter: &str) -> VerificationKey {
    let coordinate = letter.repeat(43);
    VerificationKey {
        kid: kid.into(),
        alg: "ES256".into(),
        jwk: json!({"kty": "EC", "crv": "P-256", "x": coordinate, "y": coordinate}),
    }
}

/// The signature that only this key makes.
pub(crate) fn signature_by(key: &VerificationKey) -> String {
    URL_SAFE_NO_PAD.encode(format!("by {}", key.jwk["x"]))
}
