use model::{
    Choice, Deployment, Endpoint, Fields, Login, Member, Message, OAuth, OrganizationId, Pool,
    Retry, Suspension, Timestamp,
};
use throttle::Holder;

use super::*;
use crate::{
    Fetched, Need, Settings,
    course::{
        Course, Failure, Fetch, Reply, Stage,
        tests::{deployment, fields, reply},
    },
};

const NOW: Timestamp = Timestamp(1_000);

fn facts() -> Facts {
    let settings = Settings {
        environment: "Default".into(),
        refresh_ms: 1,
        organization: OrganizationId::from("o"),
        sampling: telemetry::Sampling::off(),
        has_peer_statuses: false,
    };
    Facts::new(settings, Holder::from_random(1))
}

fn suspension() -> Option<Suspension> {
    Some(Suspension {
        codes: Vec::new(),
        first_ms: 1_000,
        factor_percent: 200,
        longest_ms: 60_000,
    })
}

fn pool(choice: Choice, moves_on: bool) -> Endpoint {
    let member = |name: &str| Member {
        url: format!("http://{name}"),
        timeout_ms: 1_000,
        weight: 1,
        care: Care {
            suspension: suspension(),
            retry: None,
        },
    };
    Endpoint {
        url: "http://a".into(),
        timeout_ms: 1_000,
        pool: Some(Box::new(Pool {
            choice,
            moves_on,
            members: ["a", "b", "c"].map(member).into(),
        })),
        ..Endpoint::default()
    }
}

/// A call that the shell has sent to the endpoint's first address.
fn sent(endpoint: Endpoint, method: &str, facts: &mut Facts) -> Course {
    let mut course = begun(endpoint, method, facts);
    course.stage = Stage::Upstream;
    course.upstream.sent(&mut course.travel, NOW);
    course
}

fn begun(endpoint: Endpoint, method: &str, facts: &mut Facts) -> Course {
    let request = Message {
        method: method.into(),
        path: "/pet".into(),
        headers: fields(&[("x-request-id", "r1")]),
        ..Message::default()
    };
    let mut deployment: Deployment = deployment();
    let url = endpoint.url.clone();
    let sign_in = endpoint.login.as_deref();
    let sign_in = sign_in.and_then(|login| SignIn::new(login, facts));
    deployment.endpoints.production = Some(endpoint);
    let has_body = method != "GET";
    let travel = Travel::over(Rc::new(deployment), &url, request).with_body(has_body);
    let mut course = Course::new(travel);
    course.upstream.sign_in = sign_in;
    course.upstream.address = routing::place("a", &url);
    course
}

fn url(next: &Next) -> &str {
    let Next::Send(attempt) = next else {
        panic!("not sent: {next:?}");
    };
    &attempt.url
}

fn answer(next: Next) -> Reply {
    let Next::Respond(answer) = next else {
        panic!("not answered");
    };
    answer
}

const LOST: Event = Event::Failed(Failure::NoConnection);

#[test]
fn a_failed_call_moves_on_until_one_answers() {
    let mut facts = facts();
    let mut course = sent(pool(Choice::Order, true), "GET", &mut facts);
    assert_eq!(url(&course.next(LOST, &mut facts, NOW)), "http://b/pet");
    let late = Event::Failed(Failure::NoReplyInTime);
    assert_eq!(url(&course.next(late, &mut facts, NOW)), "http://c/pet");
    let last = answer(course.next(reply(200, &[]), &mut facts, NOW));
    assert_eq!(last.status, 200);
    assert_eq!(course.outcome().retries, 2);
    let mut next = sent(pool(Choice::Order, true), "GET", &mut facts);
    assert_eq!(
        url(&next.next(LOST, &mut facts, NOW)),
        "http://c/pet",
        "b is suspended"
    );
}

#[test]
fn when_all_fail_the_client_is_told_the_last() {
    let mut facts = facts();
    let mut course = sent(pool(Choice::Order, true), "GET", &mut facts);
    course.next(LOST, &mut facts, NOW);
    course.next(LOST, &mut facts, NOW);
    let late = Event::Failed(Failure::NoReplyInTime);
    assert_eq!(answer(course.next(late, &mut facts, NOW)).status, 504);
}

#[test]
fn what_may_have_been_done_is_not_done_again() {
    for (method, moves_on) in [("POST", true), ("PUT", true), ("GET", false)] {
        let mut facts = facts();
        let mut course = sent(pool(Choice::Order, moves_on), method, &mut facts);
        let told = answer(course.next(LOST, &mut facts, NOW));
        assert_eq!(told.status, 502, "{method}");
        assert!(
            facts
                .health
                .is_suspended(routing::place("a", "http://a"), NOW)
        );
    }
}

#[test]
fn one_address_is_asked_again_after_growing_pauses() {
    let endpoint = Endpoint {
        url: "http://a".into(),
        timeout_ms: 1_000,
        care: Care {
            suspension: None,
            retry: Some(Retry {
                codes: vec![101_503, 503],
                times: 2,
                delay_ms: 10,
            }),
        },
        ..Endpoint::default()
    };
    let mut facts = facts();
    let mut course = sent(endpoint, "GET", &mut facts);
    for (event, ms) in [(LOST, 10), (reply(503, &[]), 20)] {
        assert_eq!(course.next(event, &mut facts, NOW), Next::Wait { ms });
        assert_eq!(
            url(&course.next(Event::Waited, &mut facts, NOW)),
            "http://a/pet"
        );
    }
    let last = answer(course.next(reply(503, &[]), &mut facts, NOW));
    assert_eq!(last.status, 503, "the reply is passed on");
    assert_eq!(course.outcome().fault, None);
}

fn with_oauth(facts: &mut Facts) -> Endpoint {
    let secret = Need::Secret("s1".into());
    facts
        .put(&secret, Fetched::Value("pssst".into()), NOW)
        .unwrap();
    Endpoint {
        url: "http://a".into(),
        timeout_ms: 1_000,
        login: Some(Box::new(Login::OAuth(OAuth {
            token_url: "http://issuer/token".into(),
            client_id: "us".into(),
            client_secret: "s1".into(),
            user: None,
            parameters: Vec::new(),
        }))),
        ..Endpoint::default()
    }
}

fn asked(next: Next) -> Fetch {
    let Next::Fetch(fetch) = next else {
        panic!("not asked");
    };
    fetch
}

fn token(text: &str) -> Event {
    Event::Fetched {
        status: 200,
        headers: Fields::default(),
        body: format!(r#"{{"access_token":"{text}","expires_in":100}}"#).into_bytes(),
    }
}

fn bearer(next: &Next) -> &str {
    let Next::Send(attempt) = next else {
        panic!("not sent: {next:?}");
    };
    attempt.headers.get("authorization").unwrap()
}

#[test]
fn a_token_is_got_once_and_renewed_when_refused() {
    let mut facts = facts();
    let endpoint = with_oauth(&mut facts);
    let mut first = begun(endpoint.clone(), "GET", &mut facts);
    let fetch = asked(first.next(Event::Begun, &mut facts, NOW));
    assert_eq!(fetch.url, "http://issuer/token");
    assert_eq!(fetch.body, b"grant_type=client_credentials");
    assert_eq!(
        fetch.headers.get("authorization"),
        Some("Basic dXM6cHNzc3Q=")
    );
    let mut second = begun(endpoint.clone(), "GET", &mut facts);
    let waits = second.next(Event::Begun, &mut facts, NOW);
    assert!(matches!(waits, Next::Wait { .. }), "{waits:?}");
    assert_eq!(
        bearer(&first.next(token("one"), &mut facts, NOW)),
        "Bearer one"
    );
    assert_eq!(
        bearer(&second.next(Event::Waited, &mut facts, NOW)),
        "Bearer one"
    );
    asked(second.next(reply(401, &[]), &mut facts, NOW));
    assert_eq!(
        bearer(&second.next(token("two"), &mut facts, NOW)),
        "Bearer two"
    );
    let refused = answer(second.next(reply(401, &[]), &mut facts, NOW));
    assert_eq!(refused.status, 401, "once only");
    assert_eq!(
        answer(first.next(reply(200, &[]), &mut facts, NOW)).status,
        200
    );
}

#[test]
fn without_a_token_the_call_is_not_sent() {
    let mut facts = facts();
    let endpoint = with_oauth(&mut facts);
    for event in [
        Event::Failed(Failure::NoConnection),
        Event::Fetched {
            status: 400,
            headers: Fields::default(),
            body: b"{}".to_vec(),
        },
        token("not one\\n"),
    ] {
        let mut course = begun(endpoint.clone(), "GET", &mut facts);
        asked(course.next(Event::Begun, &mut facts, NOW));
        let told = answer(course.next(event, &mut facts, NOW));
        assert_eq!(told.status, 502);
    }
}

#[test]
fn a_body_is_read_before_it_is_signed() {
    let mut facts = facts();
    let secret = Need::Secret("s1".into());
    facts
        .put(&secret, Fetched::Value("key".into()), NOW)
        .unwrap();
    let endpoint = Endpoint {
        url: "http://a".into(),
        timeout_ms: 1_000,
        login: Some(Box::new(Login::Aws {
            access_key: "AKID".into(),
            secret_key: "s1".into(),
            region: "us-east-1".into(),
            service: "execute-api".into(),
        })),
        ..Endpoint::default()
    };
    let mut course = begun(endpoint, "POST", &mut facts);
    let next = course.next(Event::Begun, &mut facts, NOW);
    assert!(matches!(next, Next::ReadRequest { .. }), "{next:?}");
    let body = Event::RequestBody(crate::course::Read::Whole(b"hello".to_vec()));
    let sent = course.next(body, &mut facts, NOW);
    assert!(bearer(&sent).starts_with("AWS4-HMAC-SHA256 Credential=AKID/19700101/us-east-1"));
    assert!(matches!(sent, Next::Send(Attempt { body: Body::Made(body), .. }) if body == b"hello"));
}
