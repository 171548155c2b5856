//! route: which of the upstream's addresses does the call go to, and how does the gateway sign in there?

use model::{Endpoint, KeyType, Login, Timestamp};
use problem::Problem;
use routing::{Caller, Chosen, Tried};

use crate::{
    Facts, Request, authenticate::Principal, decision::Stop, locate::Located, refusal::Rejection,
};

/// The endpoint that the call's kind of key leads to, and the address of it that the call goes to.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) endpoint: &'a Endpoint,
    /// The kind of key that the endpoint is for.
    pub(crate) key_type: KeyType,
    /// The address.
    pub(crate) chosen: Chosen<'a>,
    /// A cookie for the client, that brings it back to this address.
    pub(crate) cookie: Option<String>,
    /// What signs the gateway in, where that is one thing.
    pub(crate) pass: Option<Pass>,
}

/// One thing that signs a call in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// A header, by its lower-case name.
    Header(String, String),
    /// A parameter of the query, encoded.
    Query(String),
}

/// The endpoint for the principal's kind of key, and the address of it that works.
pub(crate) fn find<'a>(
    located: &'a Located,
    principal: &Principal,
    request: &Request<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Target<'a>, Stop> {
    let endpoints = located.deployment.endpoints_of(located.operation_index());
    let found = principal
        .key_types()
        .iter()
        .find_map(|kind| routing::choose(endpoints, *kind).map(|it| (it, *kind)));
    let Some((endpoint, key_type)) = found else {
        return Err(Problem::new("900916").into());
    };
    let pass = match &endpoint.login {
        Some(login) => pass(login, facts)?,
        None => None,
    };
    let caller = Caller {
        api: located.deployment.api.id.as_str(),
        address: request.client_address,
        cookies: request.header("cookie").unwrap_or_default(),
    };
    let none = Tried::default();
    let Some(chosen) = facts.health.choose(endpoint, caller, none, now) else {
        let seconds = facts.health.wait_seconds(caller.api, endpoint, now);
        return Err(Rejection {
            problem: Problem::new("303001"),
            headers: vec![("retry-after", seconds.to_string())],
        }
        .into());
    };
    let path = &located.deployment.base_path;
    let cookie = routing::cookie(endpoint, &chosen, caller, path);
    Ok(Target {
        endpoint,
        key_type,
        chosen,
        cookie,
        pass,
    })
}

/// Opens the secrets of a login, so that no later stage lacks one; what signs in by itself is ready with that.
fn pass(login: &Login, facts: &mut Facts) -> Result<Option<Pass>, Stop> {
    for name in login.secrets() {
        facts.secret(name)?;
    }
    Ok(match login {
        Login::Basic { username, password } => {
            let password = facts.secret(password)?;
            let value = routing::basic(username, &password);
            Some(Pass::Header("authorization".to_owned(), value))
        }
        Login::ApiKey {
            name,
            in_query,
            value,
        } => {
            let value = facts.secret(value)?;
            Some(if *in_query {
                Pass::Query(routing::parameter(name, &value))
            } else {
                Pass::Header(name.clone(), value.to_string())
            })
        }
        Login::OAuth(_) | Login::Aws { .. } => None,
    })
}
