//! One request as endpoints see it: who calls, with which parameters, and what the Worker holds.

use lifecycle::door;
use model::Timestamp;
use runtime::{Db, Failure, Outcome, body, clock};
use serde::de::DeserializeOwned;
use worker::{Env, Request};

use crate::{principal::Principal, refusal};

/// A request whose route is known and whose caller may call it.
pub(crate) struct Call {
    pub(crate) request: Request,
    pub(crate) env: Env,
    pub(crate) db: Db,
    pub(crate) now: Timestamp,
    pub(crate) principal: Option<Principal>,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
}

impl Call {
    pub(crate) fn new(request: Request, env: Env) -> Outcome<Self> {
        let query = request
            .url()?
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Ok(Self {
            db: Db::of(&env)?,
            now: clock::now(),
            principal: None,
            parameters: Vec::new(),
            request,
            env,
            query,
        })
    }

    /// The organization whose objects are meant. Who is not signed in sees those of the first.
    pub(crate) fn organization(&self) -> &str {
        self.principal
            .as_ref()
            .map_or(DEFAULT_ORGANIZATION, |principal| {
                principal.organization.as_str()
            })
    }

    /// The caller's user name.
    pub(crate) fn user(&self) -> Outcome<&str> {
        self.principal
            .as_ref()
            .map(|principal| principal.username.as_str())
            .ok_or_else(|| Failure::code("401"))
    }

    /// A parameter of the path; the route has it, so it is there.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// A parameter of the query, when it is there and not empty.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A parameter of the query that has to be there.
    pub(crate) fn required(&self, name: &str) -> Outcome<&str> {
        self.query(name)
            .ok_or_else(|| refusal::one("900700", name, "is missing"))
    }

    /// A `true` or `false` of the query.
    pub(crate) fn flag(&self, name: &str) -> Outcome<bool> {
        match self.query(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(refusal::one(
                "900703",
                name,
                "is neither `true` nor `false`",
            )),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Outcome<Option<String>> {
        Ok(self.request.headers().get(name)?)
    }

    /// A variable of the Worker; empty when it is not set.
    pub(crate) fn variable(&self, name: &str) -> String {
        self.env
            .var(name)
            .map_or_else(|_| String::new(), |value| value.to_string())
    }

    /// Whether the operator lets upstreams be on the local network.
    pub(crate) fn allow_private(&self) -> bool {
        self.variable("ALLOW_PRIVATE_UPSTREAMS") == "on"
    }

    /// The JSON body in a known shape.
    pub(crate) async fn json<T: DeserializeOwned>(&self) -> Outcome<T> {
        body::require_content_type(&self.request, "application/json")?;
        let text = body::text(&self.request, body::UPLOAD_LIMIT).await?;
        door::parse(&text).map_err(|fault| refusal::several("400", vec![fault]))
    }

    /// As [`Call::json`]; no body at all is the shape's default.
    pub(crate) async fn json_or_default<T: DeserializeOwned + Default>(&self) -> Outcome<T> {
        let text = body::text(&self.request, body::UPLOAD_LIMIT).await?;
        if text.trim().is_empty() {
            return Ok(T::default());
        }
        body::require_content_type(&self.request, "application/json")?;
        door::parse(&text).map_err(|fault| refusal::several("400", vec![fault]))
    }
}

/// The organization of a single-tenant installation, and of the public catalogue.
pub(crate) const DEFAULT_ORGANIZATION: &str = "default";
