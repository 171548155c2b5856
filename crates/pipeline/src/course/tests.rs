use std::rc::Rc;

use model::{
    ApiId, ApiIdentity, ApiState, Deployment, Endpoints, Fields, Message, OrganizationId, Security,
    Timestamp,
};
use throttle::Holder;

use super::*;
use crate::Settings;

pub(super) fn deployment() -> Deployment {
    Deployment {
        schema: model::SCHEMA_VERSION,
        organization: OrganizationId::from("o"),
        api: ApiIdentity {
            id: ApiId::from("a"),
            name: "Pets".into(),
            version: "1".into(),
            context: "/pets/1".into(),
            provider: "ann".into(),
            kind: "HTTP".into(),
        },
        revision: "r".into(),
        environment: "Default".into(),
        state: ApiState::Published,
        base_path: "/pets/1".into(),
        security: Security {
            oauth2: true,
            api_key: false,
            authorization_header: "authorization".into(),
            api_key_header: "apikey".into(),
            ..Security::default()
        },
        subscription_required: true,
        cors: None,
        api_limit: None,
        operations: Vec::new(),
        endpoints: Endpoints {
            production: None,
            sandbox: None,
        },
        contract: None,
    }
}

/// A call on its way, with a body that the platform holds.
fn course() -> (Course, Facts) {
    let request = Message {
        method: "POST".into(),
        path: "/pet".into(),
        query: "a=1".into(),
        status: 0,
        headers: fields(&[("content-length", "3"), ("x-request-id", "r1")]),
        body: None,
    };
    let settings = Settings {
        environment: "Default".into(),
        refresh_ms: 1,
        organization: OrganizationId::from("o"),
        sampling: telemetry::Sampling::off(),
    };
    let facts = Facts::new(settings, Holder::from_random(1));
    let travel = Travel::over(Rc::new(deployment()), "http://up/api", request);
    (Course::new(travel), facts)
}

pub(super) fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().copied().collect()
}

pub(super) fn reply(status: u16, headers: &[(&str, &str)]) -> Event {
    Event::Reply {
        status,
        headers: fields(headers),
    }
}

const SENT: Timestamp = Timestamp(1_000);
const REPLIED: Timestamp = Timestamp(1_250);

#[test]
fn without_stages_a_call_is_passed_through() {
    let (mut course, mut facts) = course();
    let Next::Send(attempt) = course.next(Event::Begun, &mut facts, SENT) else {
        panic!("not sent");
    };
    assert_eq!(attempt.url, "http://up/api/pet?a=1");
    assert_eq!(attempt.body, Body::Passed);
    assert_eq!(attempt.headers.get("content-length"), Some("3"));
    let told = reply(
        201,
        &[
            ("connection", "X-Hop"),
            ("x-hop", "1"),
            ("content-length", "2"),
            ("set-cookie", "__Host-postern-session=evil"),
            ("set-cookie", "a=1"),
        ],
    );
    let Next::Respond(answer) = course.next(told, &mut facts, REPLIED) else {
        panic!("not answered");
    };
    assert_eq!((answer.status, answer.body), (201, Body::Passed));
    assert_eq!(
        answer.headers,
        fields(&[("content-length", "2"), ("set-cookie", "a=1")])
    );
    let outcome = course.outcome();
    assert_eq!((outcome.status, outcome.upstream_ms), (201, 250));
    assert_eq!((outcome.response_bytes, outcome.fault), (Some(2), None));
}

#[test]
fn a_failing_upstream_is_told_with_its_code() {
    for (failure, status, code) in [
        (Failure::NoConnection, 502, 101_503),
        (Failure::NoReplyInTime, 504, 101_504),
        (Failure::NoReply, 502, 101_505),
    ] {
        let (mut course, mut facts) = course();
        course.next(Event::Begun, &mut facts, SENT);
        let next = course.next(Event::Failed(failure), &mut facts, REPLIED);
        let Next::Respond(answer) = next else {
            panic!("not answered");
        };
        assert_eq!(answer.status, status, "{failure:?}");
        assert_eq!(answer.headers.get("x-request-id"), Some("r1"));
        assert!(matches!(answer.body, Body::Made(body) if !body.is_empty()));
        assert_eq!(course.outcome().fault, Some(code));
    }
}

#[test]
fn a_body_that_is_too_long_ends_the_call() {
    let (mut course, mut facts) = course();
    let next = course.next(Event::RequestBody(Read::TooLong), &mut facts, SENT);
    let Next::Respond(answer) = next else {
        panic!("not answered");
    };
    assert_eq!(answer.status, 413);
}
