//! What all stages of a course share: the request as it goes upstream, the reply as it goes back, and what is known of
//! the call.

use std::rc::Rc;

use model::{Deployment, Fields, Message, Operation, Timestamp};
use problem::{Problem, Shape};
use transform::policies::Told;
use validate::Contract;

use super::{
    Step,
    event::{Body, Event, Next, Read, Reply},
    outset, policies, reply, stored,
};
use crate::{
    Outcome,
    charges::{Call, QueryLimits},
    contract::too_long,
    cors::origin_of,
    decision::Outbound,
    refusal,
};

/// A call on its way.
#[derive(Debug)]
pub(crate) struct Travel {
    pub(crate) deployment: Rc<Deployment>,
    operation: usize,
    /// What the API's definition promises, where that is looked at.
    pub(crate) contract: Option<Rc<Contract>>,
    /// What is for the log: promises that were not kept and are only reported.
    reports: Vec<String>,
    /// Absolute address of the endpoint, without the request's path.
    pub(crate) endpoint: String,
    /// The one that was decided when the call was admitted.
    decided: String,
    /// A policy has led the call there.
    is_led: bool,
    /// Promises that were not kept.
    violations: u32,
    /// Deadline for the head of the upstream's reply, in milliseconds.
    pub(crate) timeout_ms: u32,
    pub(crate) request: Message,
    /// What policies do to this call.
    pub(super) chosen: policies::Chosen,
    /// The reply, once there is one.
    pub(crate) reply: Message,
    /// The request has a body that the platform still holds.
    request_waits: bool,
    /// The reply has a body that the platform still holds.
    reply_waits: bool,
    /// The client asked by `HEAD`.
    is_head: bool,
    /// The words in which the client wants to be refused.
    speaks: Shape,
    /// Headers of ours on every answer: cross-origin ones, `RateLimit`.
    reply_headers: Vec<(&'static str, String)>,
    /// What is still to be measured of its query.
    pub(super) query: Option<QueryLimits>,
    fault: Option<u32>,
    /// When the last attempt was sent.
    pub(crate) sent_at: Option<Timestamp>,
    /// Milliseconds that all attempts took together.
    upstream_ms: u32,
    /// What the cache knows of the call; nothing where answers are not kept.
    pub(super) stored: Option<Box<stored::State>>,
}

impl Travel {
    pub(super) fn begin(
        call: &Call<'_>,
        outbound: &Outbound,
        chosen: policies::Chosen,
        stored: Option<Box<stored::State>>,
    ) -> Self {
        let request = call.request;
        Self {
            deployment: Rc::clone(&call.located.deployment),
            operation: call.located.operation_index(),
            contract: call.contract.cloned(),
            reports: Vec::new(),
            endpoint: call.target.chosen.url.to_owned(),
            decided: call.target.chosen.url.to_owned(),
            is_led: false,
            violations: 0,
            timeout_ms: call.target.chosen.timeout_ms,
            request: Message {
                method: request.method.to_owned(),
                path: call.located.below.clone(),
                query: outset::query(call),
                status: 0,
                headers: outset::headers(&request.headers, outbound),
                body: None,
            },
            chosen,
            reply: Message::default(),
            request_waits: request.has_body(),
            reply_waits: false,
            is_head: request.method == "HEAD",
            speaks: refusal::shape(request),
            reply_headers: outbound.reply_headers.clone(),
            query: outbound.query,
            fault: None,
            sent_at: None,
            upstream_ms: 0,
            stored,
        }
    }

    /// A call with a body that the platform holds, without a world around it.
    #[cfg(test)]
    pub(super) fn over(deployment: Rc<Deployment>, endpoint: &str, request: Message) -> Self {
        Self {
            deployment,
            operation: 0,
            contract: None,
            reports: Vec::new(),
            endpoint: endpoint.to_owned(),
            decided: endpoint.to_owned(),
            is_led: false,
            violations: 0,
            timeout_ms: 1_000,
            request,
            chosen: policies::Chosen::default(),
            reply: Message::default(),
            request_waits: true,
            reply_waits: false,
            is_head: false,
            speaks: Shape::Gateway,
            reply_headers: Vec::new(),
            query: None,
            fault: None,
            sent_at: None,
            upstream_ms: 0,
            stored: None,
        }
    }

    #[cfg(test)]
    pub(super) const fn with_body(mut self, has_body: bool) -> Self {
        self.request_waits = has_body;
        self
    }

    /// One more header for the client, whatever the answer will be.
    pub(super) fn tell(&mut self, headers: impl Iterator<Item = (&'static str, String)>) {
        self.reply_headers.extend(headers);
    }

    /// Its place among the Deployment's.
    pub(crate) const fn operation_index(&self) -> usize {
        self.operation
    }

    /// The operation that was called.
    pub(crate) fn operation(&self) -> Option<&Operation> {
        self.deployment.operations.get(self.operation)
    }

    /// Takes in what every stage takes in alike; what is left is for the stage that asked.
    pub(super) fn receive(
        &mut self,
        event: Event,
        now: Timestamp,
    ) -> Result<Option<Event>, Problem> {
        match event {
            Event::Begun => Ok(None),
            Event::RequestBody(Read::Whole(body)) => {
                self.request_waits = false;
                self.request.body = Some(body);
                Ok(None)
            }
            Event::RequestBody(Read::TooLong) => Err(too_long(self.request_limit() as u64)),
            Event::RequestBody(Read::Broken) => {
                Err(Problem::new("400").detail("the body broke off before its end"))
            }
            Event::RequestBody(Read::NoRoom) | Event::ReplyBody(Read::NoRoom) => Err(Problem::new(
                "503",
            )
            .detail(
                "the gateway holds as many bodies as it has room for; try again in a few seconds",
            )),
            Event::Reply { status, headers } => {
                self.took(now);
                self.reply_waits = !self.is_head && !matches!(status, 101 | 204 | 205 | 304);
                self.reply = Message {
                    method: self.request.method.clone(),
                    path: self.request.path.clone(),
                    query: self.request.query.clone(),
                    status,
                    headers: reply::passed_on(&headers),
                    body: None,
                };
                Ok(Some(Event::Reply {
                    status,
                    headers: Fields::default(),
                }))
            }
            Event::ReplyBody(Read::Whole(body)) => {
                self.reply_waits = false;
                reply::read(&mut self.reply, body);
                Ok(None)
            }
            Event::ReplyBody(Read::TooLong | Read::Broken) => Err(Problem::new("101505")
                .detail("the upstream's answer broke off, or is too long to be looked into")),
            Event::Failed(failure) => {
                self.took(now);
                Ok(Some(Event::Failed(failure)))
            }
            other @ (Event::Waited | Event::Fetched { .. }) => Ok(Some(other)),
        }
    }

    fn took(&mut self, now: Timestamp) {
        let Some(sent_at) = self.sent_at.take() else {
            return;
        };
        let ms = u32::try_from(now.ms_since(sent_at).max(0)).unwrap_or(u32::MAX);
        self.upstream_ms = self.upstream_ms.saturating_add(ms);
    }

    /// Before a stage looks into the request's body: is there something to do first?
    pub(crate) fn reads_request(&self) -> Option<Step> {
        let limit = self.request_limit();
        self.request_waits
            .then_some(Step::First(Next::ReadRequest { limit }))
    }

    /// Most bytes of the request's body that are read: the API's own limit, or ours.
    fn request_limit(&self) -> usize {
        let promised = self.contract.as_ref().zip(self.operation());
        let promised =
            promised.and_then(|(contract, it)| contract.operation(&it.method, &it.template));
        match promised.map_or(0, |it| it.body_limit) {
            0 => BODY_LIMIT,
            limit => usize::try_from(limit).map_or(BODY_LIMIT, |limit| limit.min(BODY_LIMIT)),
        }
    }

    /// Is the request's body packed, so that nothing can be read of it?
    pub(super) fn has_packed_request(&self) -> bool {
        let encoding = self.request.headers.get("content-encoding");
        encoding.is_some_and(|it| !it.trim().eq_ignore_ascii_case("identity"))
    }

    /// Leads the call to another address than the API's endpoint.
    pub(super) fn lead(&mut self, url: String) {
        self.endpoint = url;
        self.is_led = true;
    }

    pub(super) const fn is_led(&self) -> bool {
        self.is_led
    }

    /// Notes promises that were not kept, and tells the log.
    pub(super) fn broken(&mut self, count: usize, line: String) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.violations = self.violations.saturating_add(count);
        self.report(line);
    }

    /// Notes a line for the log.
    pub(crate) fn report(&mut self, line: String) {
        self.reports.push(line);
    }

    /// The lines for the log, once.
    pub(super) fn take_reports(&mut self) -> Vec<String> {
        std::mem::take(&mut self.reports)
    }

    /// Is the reply a fault of ours?
    pub(crate) const fn is_fault(&self) -> bool {
        self.fault.is_some()
    }

    /// Before a stage looks into the reply's body: is there something to do first?
    pub(crate) const fn reads_reply(&self) -> Option<Step> {
        if self.reply_waits {
            return Some(Step::First(Next::ReadReply { limit: BODY_LIMIT }));
        }
        None
    }

    /// The body to send upstream. What the platform holds can be sent once; what was read, again.
    pub(crate) fn request_body(&mut self) -> Body {
        match &self.request.body {
            Some(body) if body.is_empty() => Body::None,
            Some(body) => Body::Made(body.clone()),
            None if std::mem::take(&mut self.request_waits) => Body::Passed,
            None => Body::None,
        }
    }

    /// Has the reply a body that the platform still holds?
    pub(super) const fn has_body_to_come(&self) -> bool {
        self.reply_waits
    }

    /// Milliseconds that all attempts took together.
    pub(super) const fn upstream_ms(&self) -> u32 {
        self.upstream_ms
    }

    /// The cookie that keeps the client with the address that is asked now, or none.
    pub(super) fn keep_with(&mut self, cookie: Option<String>) {
        self.reply_headers.retain(|(name, _)| *name != "set-cookie");
        self.reply_headers
            .extend(cookie.map(|it| ("set-cookie", it)));
    }

    /// An answer of a stage's own in place of the upstream's.
    pub(crate) fn answer(&mut self, status: u16, headers: Fields, body: Vec<u8>) {
        self.reply = Message {
            method: self.request.method.clone(),
            path: self.request.path.clone(),
            query: self.request.query.clone(),
            status,
            headers,
            body: Some(body),
        };
        self.reply_waits = false;
    }

    /// A fault in place of a reply.
    pub(super) fn fail(&mut self, problem: &Problem, status: u16) {
        self.fault = problem.entry.code.parse().ok();
        let id = self.request.headers.get("x-request-id").unwrap_or_default();
        self.chosen.around.fault = Some(Told {
            code: problem.entry.code,
            message: problem.entry.title,
            description: problem.description().to_owned(),
            request_id: id.to_owned(),
        });
        let (kind, body) = problem.written(self.speaks, id);
        let mut headers = Fields::default();
        headers.set("content-type", kind);
        headers.set("cache-control", "no-store");
        headers.set("x-request-id", id);
        if problem.status() == 503 {
            headers.set("retry-after", RETRY_SECONDS);
        }
        self.answer(status, headers, body.into_bytes());
    }

    /// What the client gets.
    pub(super) fn respond(&mut self) -> Reply {
        let mut headers = std::mem::take(&mut self.reply.headers);
        for (name, value) in self.reply_headers.drain(..) {
            if matches!(name, "vary" | "set-cookie") {
                headers.add(name, value);
            } else {
                headers.set(name, value);
            }
        }
        let body = match self.reply.body.take() {
            Some(body) if body.is_empty() || self.is_head => Body::None,
            Some(body) => Body::Made(body),
            None if self.reply_waits && stored::waits(self) => Body::Kept,
            None if self.reply_waits || self.reply.status == 101 => Body::Passed,
            None => Body::None,
        };
        if let Body::Made(body) = &body {
            headers.set("content-length", body.len().to_string());
        }
        let announced = headers.get("content-length").map(str::to_owned);
        self.reply.headers = announced
            .into_iter()
            .map(|length| ("content-length", length))
            .collect();
        Reply {
            status: self.reply.status,
            headers,
            body,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let length = self.reply.headers.get("content-length");
        Outcome {
            status: self.reply.status,
            fault: self.fault,
            upstream_ms: self.upstream_ms,
            retries: 0,
            response_bytes: length.and_then(|it| it.parse().ok()),
            cache: self.stored.as_ref().and_then(|it| it.told),
            destination: (self.endpoint != self.decided)
                .then(|| origin_of(&self.endpoint).to_owned()),
            violations: self.violations,
        }
    }
}

/// When to come back after what passes by itself.
const RETRY_SECONDS: &str = "5";
/// What is read into memory to be looked into, at most: an isolate has 128 MiB for all its calls.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
