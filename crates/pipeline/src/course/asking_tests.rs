use model::Action;

use super::{
    tests::{course, fields, reply},
    *,
};

const NOW: Timestamp = Timestamp(1_000);

fn call_out(is_vital: bool) -> Action {
    Action::CallOut {
        url: "http://other/ask".into(),
        method: "GET".into(),
        sends: vec!["x-request-id".into()],
        takes: vec!["x-who".into()],
        timeout_ms: 700,
        is_vital,
    }
}

fn fetched(status: u16, body: &str) -> Event {
    Event::Fetched {
        status,
        headers: fields(&[("x-who", "ann"), ("x-other", "1")]),
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn a_service_is_asked_before_the_upstream() {
    let (mut course, mut facts) = course();
    course.travel.chosen.request = vec![call_out(true)].into();
    let Next::Fetch(fetch) = course.next(Event::Begun, &mut facts, NOW) else {
        panic!("not asked");
    };
    assert_eq!(
        (fetch.url.as_str(), fetch.timeout_ms),
        ("http://other/ask", 700)
    );
    assert_eq!(fetch.headers, fields(&[("x-request-id", "r1")]));
    let Next::Send(attempt) = course.next(fetched(204, ""), &mut facts, NOW) else {
        panic!("not sent");
    };
    assert_eq!(attempt.headers.get("x-who"), Some("ann"));
    assert_eq!(attempt.headers.get("x-other"), None);
}

#[test]
fn without_a_good_answer_a_call_is_refused_unless_told_otherwise() {
    for (event, status) in [
        (fetched(403, ""), 403),
        (fetched(500, ""), 503),
        (Event::Failed(Failure::NoConnection), 503),
    ] {
        let (mut course, mut facts) = course();
        course.travel.chosen.request = vec![call_out(true)].into();
        course.next(Event::Begun, &mut facts, NOW);
        let Next::Respond(answer) = course.next(event, &mut facts, NOW) else {
            panic!("not answered");
        };
        assert_eq!(answer.status, status);
    }
    let (mut course, mut facts) = course();
    course.travel.chosen.request = vec![call_out(false)].into();
    course.next(Event::Begun, &mut facts, NOW);
    let next = course.next(Event::Failed(Failure::NoReplyInTime), &mut facts, NOW);
    assert!(matches!(next, Next::Send(_)), "{next:?}");
}

#[test]
fn a_body_is_read_made_anew_and_sent() {
    let (mut course, mut facts) = course();
    let template = Action::SetBody {
        template: "{{ body.a }}".into(),
        media_type: "text/plain".into(),
    };
    course.travel.chosen.request = vec![template].into();
    let next = course.next(Event::Begun, &mut facts, NOW);
    assert!(matches!(next, Next::ReadRequest { .. }), "{next:?}");
    let body = Event::RequestBody(Read::Whole(br#"{"a":1}"#.to_vec()));
    let Next::Shape(shaping) = course.next(body, &mut facts, NOW) else {
        panic!("not made anew");
    };
    assert_eq!(shaping.what, "template");
    let told: serde_json::Value = serde_json::from_slice(&shaping.body).unwrap();
    assert_eq!(told["message"]["text"], r#"{"a":1}"#);
    let Next::Send(attempt) = course.next(fetched(200, "1"), &mut facts, NOW) else {
        panic!("not sent");
    };
    assert_eq!(attempt.body, Body::Made(b"1".to_vec()));
    assert_eq!(attempt.headers.get("content-type"), Some("text/plain"));
    assert_eq!(attempt.headers.get("content-length"), None);
}

#[test]
fn a_body_that_cannot_be_made_ends_the_call() {
    for (is_reply, event, status) in [
        (false, fetched(422, "no such name"), 400),
        (false, Event::Failed(Failure::NoReplyInTime), 503),
        (true, fetched(422, "no such name"), 502),
    ] {
        let (course, mut facts) = course();
        let mut course = Course {
            travel: course.travel.with_body(false),
            ..course
        };
        let template = || Action::SetBody {
            template: "x".into(),
            media_type: "text/plain".into(),
        };
        if is_reply {
            course.travel.chosen.response = vec![template()].into();
            course.next(Event::Begun, &mut facts, NOW);
            course.next(reply(200, &[]), &mut facts, NOW);
            course.next(Event::ReplyBody(Read::Whole(Vec::new())), &mut facts, NOW);
        } else {
            course.travel.chosen.request = vec![template()].into();
            course.next(Event::Begun, &mut facts, NOW);
        }
        let Next::Respond(answer) = course.next(event, &mut facts, NOW) else {
            panic!("not answered");
        };
        assert_eq!(answer.status, status);
    }
}

#[test]
fn what_is_no_xml_is_left_alone() {
    let (mut course, mut facts) = course();
    course.travel.chosen.response = vec![Action::XmlToJson].into();
    course.next(Event::Begun, &mut facts, NOW);
    course.next(
        reply(200, &[("content-type", "text/plain")]),
        &mut facts,
        NOW,
    );
    let body = Event::ReplyBody(Read::Whole(b"<a/>".to_vec()));
    let Next::Respond(answer) = course.next(body, &mut facts, NOW) else {
        panic!("not answered");
    };
    assert_eq!(answer.body, Body::Made(b"<a/>".to_vec()));
}

#[test]
fn a_call_that_is_led_elsewhere_goes_there() {
    let (mut course, mut facts) = course();
    course.travel.chosen.request = vec![Action::SetEndpoint {
        url: Some("http://other/v1".into()),
        header: None,
        allowed: vec!["http://other/v1".into()],
    }]
    .into();
    let Next::Send(attempt) = course.next(Event::Begun, &mut facts, NOW) else {
        panic!("not sent");
    };
    assert_eq!(attempt.url, "http://other/v1/pet?a=1");
    course.next(reply(204, &[]), &mut facts, NOW);
    assert_eq!(
        course.outcome().destination.as_deref(),
        Some("http://other")
    );
}
