//! route: attempts to get a reply, at one address or at several, until there is one or no other attempt is allowed.

mod sign_in;

use std::rc::Rc;

use model::{Care, Endpoint, KeyType, Timestamp};
use problem::Problem;
use routing::{Caller, Tried};

use super::{
    Body, Step, Travel,
    event::{Attempt, Event, Next},
};
use crate::{Facts, charges::Call};
use sign_in::SignIn;

/// What is known of the attempts.
#[derive(Debug)]
pub(super) struct State {
    key_type: KeyType,
    client: String,
    /// The address that is asked: its place among the members, and its name in the isolate's health.
    member: usize,
    address: u64,
    tried: Tried,
    /// How often this address was asked again.
    repeats: u32,
    /// How often any was, and when the first attempt was made.
    pub(super) retries: u32,
    began: Option<Timestamp>,
    /// The request's body went by unread, and can't be sent again.
    body_is_gone: bool,
    sign_in: Option<SignIn>,
}

/// Does the upstream take more than one attempt, or one that is prepared?
pub(super) fn attends(call: &Call<'_>) -> bool {
    call.target
        .endpoint
        .login
        .as_deref()
        .is_some_and(SignIn::is_course)
}

/// Is something to be done should the call fail?
pub(super) fn is_reserved(call: &Call<'_>) -> bool {
    let endpoint = call.target.endpoint;
    endpoint.pool.is_some() || !endpoint.care.is_none()
}

impl State {
    pub(super) fn of(call: &Call<'_>, facts: &mut Facts) -> Self {
        let target = call.target;
        let login = target.endpoint.login.as_deref();
        Self {
            key_type: target.key_type,
            client: call.request.client_address.to_owned(),
            member: target.chosen.member,
            address: target.chosen.address,
            sign_in: login.and_then(|login| SignIn::new(login, facts)),
            ..Self::new()
        }
    }

    pub(super) const fn new() -> Self {
        Self {
            key_type: KeyType::Production,
            client: String::new(),
            member: 0,
            address: 0,
            tried: Tried::NONE,
            repeats: 0,
            retries: 0,
            began: None,
            body_is_gone: false,
            sign_in: None,
        }
    }

    /// The shell has sent the call by itself.
    pub(super) fn sent(&mut self, travel: &mut Travel, now: Timestamp) {
        self.began = Some(now);
        travel.sent_at = Some(now);
        self.body_is_gone = matches!(travel.request_body(), Body::Passed);
    }

    /// The reply of a call that the shell has sent by itself: it is no failure, and nobody else is told.
    pub(super) fn replied(&self, facts: &mut Facts) {
        if !facts.health.is_calm() {
            facts.health.succeeded(self.address);
        }
    }

    pub(super) fn step(
        &mut self,
        travel: &mut Travel,
        event: Option<&Event>,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Step {
        if let Some(sign_in) = &mut self.sign_in
            && sign_in.is_asking()
        {
            return match sign_in.answered(event, facts, now) {
                Ok(()) => self.send(travel, facts, now),
                Err(problem) => Step::Fault(problem),
            };
        }
        match event {
            Some(Event::Reply { status, .. }) => self.reply(travel, *status, facts, now),
            Some(Event::Failed(failure)) => {
                let code = failure.code();
                let next = self.again(travel, code.parse().unwrap_or(0), facts, now);
                next.unwrap_or_else(|| Step::Fault(Problem::new(code)))
            }
            None | Some(_) => self.send(travel, facts, now),
        }
    }

    fn reply(
        &mut self,
        travel: &mut Travel,
        status: u16,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Step {
        if status == 401
            && let Some(sign_in) = &mut self.sign_in
            && sign_in.renews(facts)
            && !self.body_is_gone
        {
            self.retries += 1;
            return self.send(travel, facts, now);
        }
        let code = u32::from(status);
        if !routing::counts(self.care(travel).unwrap_or(&NO_CARE), code) {
            self.replied(facts);
            return Step::Done;
        }
        self.again(travel, code, facts, now).unwrap_or(Step::Done)
    }

    /// The attempt failed: the next one, if there may be one.
    fn again(
        &mut self,
        travel: &mut Travel,
        code: u32,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Option<Step> {
        let deployment = Rc::clone(&travel.deployment);
        // Another address than the API's own has neither its health nor its fellows.
        if travel.is_led() {
            return None;
        }
        let endpoint = routing::choose(
            deployment.endpoints_of(travel.operation_index()),
            self.key_type,
        )?;
        let care = care_of(endpoint, self.member)?;
        facts.health.failed(self.address, code, care, now);
        let is_late = self
            .began
            .is_some_and(|began| now.ms_since(began) > LATEST_MS);
        if is_late || !routing::is_repeatable(&travel.request.method, self.body_is_gone) {
            return None;
        }
        let is_out = facts.health.is_suspended(self.address, now);
        let pause = routing::pause_ms(care.retry.as_ref(), code, self.repeats);
        if let Some(ms) = pause.filter(|_| !is_out) {
            self.repeats += 1;
            self.retries += 1;
            return Some(match ms {
                0 => self.send(travel, facts, now),
                ms => Step::First(Next::Wait { ms }),
            });
        }
        if !endpoint.pool.as_ref().is_some_and(|pool| pool.moves_on) {
            return None;
        }
        self.move_on(travel, endpoint, facts, now)?;
        Some(self.send(travel, facts, now))
    }

    fn move_on(
        &mut self,
        travel: &mut Travel,
        endpoint: &Endpoint,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Option<()> {
        self.tried.add(self.member);
        let deployment = &travel.deployment;
        let caller = Caller {
            api: deployment.api.id.as_str(),
            address: &self.client,
            cookies: travel.request.headers.get("cookie").unwrap_or_default(),
        };
        let chosen = facts.health.choose(endpoint, caller, self.tried, now)?;
        let cookie = routing::cookie(endpoint, &chosen, caller, &deployment.base_path);
        travel.endpoint = chosen.url.to_owned();
        travel.timeout_ms = chosen.timeout_ms;
        travel.keep_with(cookie);
        self.member = chosen.member;
        self.address = chosen.address;
        self.repeats = 0;
        self.retries += 1;
        Some(())
    }

    fn care<'t>(&self, travel: &'t Travel) -> Option<&'t Care> {
        let endpoints = travel.deployment.endpoints_of(travel.operation_index());
        let endpoint = routing::choose(endpoints, self.key_type)?;
        care_of(endpoint, self.member)
    }

    /// Sends the request, once what signs it in is there.
    fn send(&mut self, travel: &mut Travel, facts: &mut Facts, now: Timestamp) -> Step {
        if let Some(sign_in) = &mut self.sign_in {
            if sign_in.is_of_body()
                && let Some(read) = travel.reads_request()
            {
                return read;
            }
            if let Some(first) = sign_in.prepare(facts, now) {
                return Step::First(first);
            }
        }
        self.began.get_or_insert(now);
        let mut attempt = attempt(travel, now);
        self.body_is_gone |= matches!(attempt.body, Body::Passed);
        if let Some(sign_in) = &self.sign_in {
            sign_in.sign(&mut attempt, now);
        }
        Step::First(Next::Send(attempt))
    }
}

fn care_of(endpoint: &Endpoint, member: usize) -> Option<&Care> {
    match &endpoint.pool {
        None => Some(&endpoint.care),
        Some(pool) => pool.members.get(member).map(|member| &member.care),
    }
}

fn attempt(travel: &mut Travel, now: Timestamp) -> Attempt {
    travel.sent_at = Some(now);
    let body = travel.request_body();
    let request = &travel.request;
    let mut headers = request.headers.clone();
    if !matches!(body, Body::Passed) {
        headers.remove("content-length");
    }
    Attempt {
        url: routing::address(&travel.endpoint, &request.path, &request.query),
        method: request.method.clone(),
        headers,
        body,
        timeout_ms: travel.timeout_ms,
    }
}

const NO_CARE: Care = Care {
    suspension: None,
    retry: None,
};
/// No further attempt is begun so long after the first: the client has long lost patience.
const LATEST_MS: i64 = 120_000;

#[cfg(test)]
mod tests;
