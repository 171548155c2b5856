//! Signing in to the upstream where that takes more than a header that is there already: a token that has to be got, or
//! a signature over the whole request.

use std::rc::Rc;

use model::{Fields, Login, OAuth, Timestamp};
use problem::Problem;
use routing::aws::{Signed, Signer};
use serde::Deserialize;

use super::super::{
    Body,
    event::{Attempt, Event, Fetch, Next},
};
use crate::{Facts, facts::Standing};

/// How this call signs in.
#[derive(Debug)]
pub(super) enum SignIn {
    OAuth(Box<ByToken>),
    Aws(Box<BySignature>),
}

#[derive(Debug)]
pub(super) struct ByToken {
    oauth: OAuth,
    secret: Rc<str>,
    password: Option<Rc<str>>,
    /// What names the token: whoever signs in alike may use it.
    name: String,
    token: Option<Rc<str>>,
    asking: Asking,
    asked_at: Option<Timestamp>,
    is_renewed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    No,
    /// This call asks.
    Yes,
    /// Another does.
    Waiting,
}

#[derive(Debug)]
pub(super) struct BySignature {
    access_key: String,
    secret_key: Rc<str>,
    region: String,
    service: String,
}

impl SignIn {
    /// Does the login need a course?
    pub(super) const fn is_course(login: &Login) -> bool {
        matches!(login, Login::OAuth(_) | Login::Aws { .. })
    }

    /// `None` for a login without a course. Its secrets are there: the call was not admitted without.
    pub(super) fn new(login: &Login, facts: &mut Facts) -> Option<Self> {
        Some(match login {
            Login::Basic { .. } | Login::ApiKey { .. } => return None,
            Login::OAuth(oauth) => {
                let password = oauth.user.as_ref().map(|(_, password)| password);
                let password = password.and_then(|name| facts.secret(name).ok());
                Self::OAuth(Box::new(ByToken {
                    secret: facts.secret(&oauth.client_secret).ok()?,
                    password,
                    name: name(oauth),
                    oauth: oauth.clone(),
                    token: None,
                    asking: Asking::No,
                    asked_at: None,
                    is_renewed: false,
                }))
            }
            Login::Aws {
                access_key,
                secret_key,
                region,
                service,
            } => Self::Aws(Box::new(BySignature {
                access_key: access_key.clone(),
                secret_key: facts.secret(secret_key).ok()?,
                region: region.clone(),
                service: service.clone(),
            })),
        })
    }

    /// Is the body part of what is signed?
    pub(super) const fn is_of_body(&self) -> bool {
        matches!(self, Self::Aws(_))
    }

    /// Is a token waited for?
    pub(super) fn is_asking(&self) -> bool {
        matches!(self, Self::OAuth(it) if it.asking != Asking::No)
    }

    /// What to do before the request can be sent; `None` when it can.
    pub(super) fn prepare(&mut self, facts: &mut Facts, now: Timestamp) -> Option<Next> {
        match self {
            Self::Aws(_) => None,
            Self::OAuth(it) => it.prepare(facts, now),
        }
    }

    /// What came of asking for a token.
    pub(super) fn answered(
        &mut self,
        event: Option<&Event>,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Result<(), Problem> {
        match self {
            Self::Aws(_) => Ok(()),
            Self::OAuth(it) => it.answered(event, facts, now),
        }
    }

    /// The upstream refused what signed the call in. Is there to be another token, once?
    pub(super) fn renews(&mut self, facts: &mut Facts) -> bool {
        let Self::OAuth(it) = self else {
            return false;
        };
        if let Some(token) = it.token.take() {
            facts.upstreams.drop_token(&it.name, Some(&token));
        }
        !std::mem::replace(&mut it.is_renewed, true)
    }

    /// Signs the attempt in.
    pub(super) fn sign(&self, attempt: &mut Attempt, now: Timestamp) {
        match self {
            Self::OAuth(it) => {
                let token = it.token.as_deref().unwrap_or_default();
                attempt
                    .headers
                    .set("authorization", format!("Bearer {token}"));
            }
            Self::Aws(it) => {
                let body = match &attempt.body {
                    Body::Made(body) => body.as_slice(),
                    Body::None | Body::Passed | Body::Kept => &[],
                };
                let request = Signed {
                    method: &attempt.method,
                    url: &attempt.url,
                    headers: &[],
                    body,
                };
                let signer = Signer {
                    access_key: &it.access_key,
                    secret_key: &it.secret_key,
                    region: &it.region,
                    service: &it.service,
                };
                for (name, value) in routing::aws::sign(&request, &signer, now) {
                    attempt.headers.set(name, value);
                }
            }
        }
    }
}

impl ByToken {
    fn prepare(&mut self, facts: &mut Facts, now: Timestamp) -> Option<Next> {
        match facts.upstreams.token(&self.name, now) {
            Standing::Held(token) => {
                self.token = Some(token);
                self.asking = Asking::No;
                None
            }
            Standing::Asked => {
                self.asking = Asking::Waiting;
                self.asked_at.get_or_insert(now);
                Some(Next::Wait { ms: LOOK_AGAIN_MS })
            }
            Standing::Absent => {
                self.asking = Asking::Yes;
                Some(Next::Fetch(self.question()))
            }
        }
    }

    fn question(&self) -> Fetch {
        let headers: Fields = [
            (
                "authorization",
                routing::client(&self.oauth.client_id, &self.secret),
            ),
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("accept", "application/json".to_owned()),
        ]
        .into_iter()
        .collect();
        Fetch {
            url: self.oauth.token_url.clone(),
            method: "POST".to_owned(),
            headers,
            body: routing::token_form(&self.oauth, self.password.as_deref()).into_bytes(),
            timeout_ms: TOKEN_TIMEOUT_MS,
            limit: TOKEN_LIMIT,
        }
    }

    fn answered(
        &mut self,
        event: Option<&Event>,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let was = std::mem::replace(&mut self.asking, Asking::No);
        if was == Asking::Waiting {
            let waited = self.asked_at.map_or(0, |at| now.ms_since(at));
            return if waited > i64::from(TOKEN_TIMEOUT_MS) {
                Err(Problem::new("101504").detail("the upstream's token endpoint does not answer"))
            } else {
                Ok(())
            };
        }
        let got = match event {
            Some(Event::Fetched { status, body, .. }) => read(*status, body),
            _ => None,
        };
        match got {
            Some(got) => {
                let token: Rc<str> = Rc::from(got.access_token);
                let seconds = got.expires_in.unwrap_or(UNTOLD_SECONDS);
                facts.upstreams.keep_token(&self.name, token, seconds, now);
                Ok(())
            }
            None => {
                facts.upstreams.drop_token(&self.name, None);
                Err(Problem::new("101503").detail("the upstream's token endpoint gave no token"))
            }
        }
    }
}

/// What of a token response matters (RFC 6749 section 5.1).
#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    expires_in: Option<u64>,
}

fn read(status: u16, body: &[u8]) -> Option<TokenResponse> {
    let response: TokenResponse = serde_json::from_slice(body).ok()?;
    let is_sendable = !response.access_token.is_empty()
        && response
            .access_token
            .bytes()
            .all(|byte| byte.is_ascii_graphic());
    (status == 200 && is_sendable && response.expires_in != Some(0)).then_some(response)
}

/// Secrets go in by their names, so that a changed one gives another token.
fn name(oauth: &OAuth) -> String {
    let user = oauth.user.as_ref();
    let (user, password) = user.map_or(("", ""), |(user, password)| (user, password));
    let mut name = [
        &oauth.token_url,
        &oauth.client_id,
        &oauth.client_secret,
        user,
        password,
    ]
    .join("\n");
    for (parameter, value) in &oauth.parameters {
        name.push('\n');
        name.push_str(&routing::parameter(parameter, value));
    }
    name
}

const TOKEN_TIMEOUT_MS: u32 = 10_000;
const TOKEN_LIMIT: usize = 64 * 1024;
const LOOK_AGAIN_MS: u32 = 20;
/// What the specification leaves to be told elsewhere; short, because a refused token is renewed anyway.
const UNTOLD_SECONDS: u64 = 300;
