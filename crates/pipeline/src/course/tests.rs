use std::rc::Rc;

pub(super) use model::fixture::deployment;
use model::{Action, Fields, Message, OrganizationId, Timestamp};
use throttle::Holder;

use super::*;
use crate::Settings;

/// A call on its way, with a body that the platform holds.
pub(super) fn course() -> (Course, Facts) {
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
        has_peer_statuses: false,
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

#[test]
fn a_body_that_there_is_no_room_for_ends_the_call() {
    for event in [
        Event::RequestBody(Read::NoRoom),
        Event::ReplyBody(Read::NoRoom),
    ] {
        let (mut course, mut facts) = course();
        let Next::Respond(answer) = course.next(event, &mut facts, SENT) else {
            panic!("not answered");
        };
        assert_eq!(answer.status, 503);
        assert!(answer.headers.get("retry-after").is_some());
    }
}

fn mask() -> Action {
    Action::MaskFields {
        fields: vec![vec!["card".into()]],
        mask: "*".into(),
    }
}

fn set(name: &str) -> Action {
    Action::SetHeader {
        name: name.into(),
        value: "set".into(),
    }
}

#[test]
fn policies_change_request_and_reply_in_order() {
    let (mut course, mut facts) = course();
    let rewrite = Action::RewritePath {
        path: "/v2".into(),
        keeps_query: false,
    };
    let query = Action::AddQueryParam {
        name: "b".into(),
        value: "2".into(),
    };
    course.travel.chosen.request = vec![set("x-a"), rewrite, query].into();
    course.travel.chosen.response = vec![mask(), set("x-b")].into();
    let Next::Send(attempt) = course.next(Event::Begun, &mut facts, SENT) else {
        panic!("not sent");
    };
    assert_eq!(attempt.url, "http://up/api/v2?b=2");
    assert_eq!(attempt.headers.get("x-a"), Some("set"));
    assert_eq!(attempt.body, Body::Passed);
    let head = [
        ("content-type", "application/json"),
        ("content-length", "99"),
    ];
    let next = course.next(reply(200, &head), &mut facts, REPLIED);
    assert!(matches!(next, Next::ReadReply { .. }), "{next:?}");
    let body = Event::ReplyBody(Read::Whole(br#"{"card":1,"id":2}"#.to_vec()));
    let Next::Respond(answer) = course.next(body, &mut facts, REPLIED) else {
        panic!("not answered");
    };
    let masked = br#"{"card":"*","id":2}"#.to_vec();
    assert_eq!(answer.headers.get("x-b"), Some("set"));
    assert_eq!(answer.headers.get("content-length"), Some("19"));
    assert_eq!(answer.body, Body::Made(masked));
}

#[test]
fn an_answer_of_a_policy_asks_no_upstream() {
    let (mut course, mut facts) = course();
    let respond = Action::Respond {
        status: 202,
        media_type: "text/plain".into(),
        body: "later".into(),
    };
    course.travel.chosen.request = vec![respond].into();
    course.travel.chosen.response = vec![set("x-b")].into();
    let Next::Respond(answer) = course.next(Event::Begun, &mut facts, SENT) else {
        panic!("not answered");
    };
    assert_eq!(
        (answer.status, answer.body),
        (202, Body::Made(b"later".to_vec()))
    );
    assert_eq!(answer.headers.get("x-b"), Some("set"));
}

#[test]
fn policies_on_faults_tell_every_fault() {
    let filter = Action::FilterAddress {
        allows: false,
        ranges: vec!["192.0.2.7".into()],
    };
    for (policies, event, status) in [
        (vec![filter], Event::Begun, 403),
        (Vec::new(), Event::Failed(Failure::NoReply), 502),
    ] {
        let (mut course, mut facts) = course();
        course.travel.chosen.around.client = "192.0.2.7".parse().ok();
        course.travel.chosen.request = policies.into();
        course.travel.chosen.fault = vec![set("x-fault")].into();
        if !matches!(event, Event::Begun) {
            course.next(Event::Begun, &mut facts, SENT);
        }
        let Next::Respond(answer) = course.next(event, &mut facts, REPLIED) else {
            panic!("not answered");
        };
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers.get("x-fault"), Some("set"));
    }
}
