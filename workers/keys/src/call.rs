//! One request with what answering it needs.

use std::{cell::RefCell, pin::Pin};

use model::Timestamp;
use oauth::Endpoints;
use runtime::{Db, Failure, Outcome, clock, crypto::KeyEncryptionKeys};
use worker::{Env, Request};

/// A single-tenant install has one organization.
pub(crate) const ORGANIZATION: &str = "default";

/// A request, the Worker's bindings, and the one moment at which it is judged.
pub(crate) struct Call {
    pub(crate) request: Request,
    pub(crate) env: Env,
    pub(crate) db: Db,
    pub(crate) issuer: String,
    pub(crate) now: Timestamp,
    /// What is done when the answer is out.
    pub(crate) later: RefCell<Vec<Work>>,
}

/// Something that nobody waits for.
type Work = Pin<Box<dyn Future<Output = ()>>>;

impl Call {
    /// Refuses with 909001 while a secret is missing.
    pub(crate) fn new(request: Request, env: Env) -> Outcome<Self> {
        secret(&env, KEK)?;
        secret(&env, SETUP_TOKEN)?;
        Ok(Self {
            db: Db::of(&env)?,
            issuer: env.var("ISSUER")?.to_string(),
            now: clock::now(),
            later: RefCell::default(),
            request,
            env,
        })
    }

    /// Does something when the answer is out: the caller learns nothing of how long it takes.
    pub(crate) fn later(&self, work: impl Future<Output = ()> + 'static) {
        self.later.borrow_mut().push(Box::pin(work));
    }

    pub(crate) fn header(&self, name: &str) -> Outcome<Option<String>> {
        Ok(self.request.headers().get(name)?)
    }

    /// The credential of an `Authorization: Bearer` header.
    pub(crate) fn bearer(&self) -> Outcome<Option<String>> {
        self.credential("bearer")
    }

    /// The credential of an `Authorization` header of this scheme.
    pub(crate) fn credential(&self, wanted: &str) -> Outcome<Option<String>> {
        let header = self.header("authorization")?.unwrap_or_default();
        let (scheme, token) = header.trim().split_once(' ').unwrap_or_default();
        Ok(scheme
            .eq_ignore_ascii_case(wanted)
            .then(|| token.trim().to_owned()))
    }

    /// Where the caller is, as the platform says.
    pub(crate) fn address(&self) -> Outcome<String> {
        Ok(self
            .header("cf-connecting-ip")?
            .unwrap_or_else(|| "unknown".to_owned()))
    }

    /// One query parameter.
    pub(crate) fn query(&self, name: &str) -> Outcome<Option<String>> {
        let url = self.request.url()?;
        let found = url.query_pairs().find(|(key, _)| key == name);
        Ok(found.map(|(_, value)| value.into_owned()))
    }

    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints::of(&self.issuer)
    }

    pub(crate) fn setup_token(&self) -> Outcome<String> {
        secret(&self.env, SETUP_TOKEN)
    }
}

/// The key-encryption keys, as the secrets have them.
pub(crate) fn kek(env: &Env) -> Outcome<KeyEncryptionKeys> {
    Ok(KeyEncryptionKeys {
        current: secret(env, KEK)?,
        previous: optional(env, PREVIOUS_KEK),
    })
}

/// A setting or secret that may be absent; stock workerd says `null` then.
pub(crate) fn optional(env: &Env, name: &str) -> Option<String> {
    let value = js_sys::Reflect::get(env.as_ref(), &name.into()).ok()?;
    value.as_string().filter(|secret| !secret.is_empty())
}

fn secret(env: &Env, name: &str) -> Outcome<String> {
    env.secret(name)
        .map(|secret| secret.to_string())
        .ok()
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| Failure::because("909001", format!("the secret `{name}` is not set")))
}

const KEK: &str = "POSTERN_KEK";
/// Set while what was sealed under it is sealed anew.
const PREVIOUS_KEK: &str = "POSTERN_KEK_PREVIOUS";
const SETUP_TOKEN: &str = "POSTERN_SETUP_TOKEN";
