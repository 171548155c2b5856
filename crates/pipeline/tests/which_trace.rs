//! Which trace a call belongs to, by which name its client finds it again, and what a collector is told.

mod world;

use model::Timestamp;
use pipeline::Outcome;
use telemetry::{Sampling, SpanKind};
use world::{World, claims, get, token};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn ask() -> world::Ask {
    get("/pets/1.0.0/pet/7")
}

fn forwarded(world: &mut World, ask: world::Ask) -> pipeline::Plan {
    world.forwarded(&ask.bearer(&token(&claims())))
}

fn sent<'a>(plan: &'a pipeline::Plan, name: &str) -> Option<&'a str> {
    let found = plan.edits.set.iter().find(|(it, _)| *it == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn a_call_goes_on_in_the_trace_that_it_came_with() {
    let mut world = World::new();
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let plan = forwarded(
        &mut world,
        ask().with("traceparent", parent).with("tracestate", "a=1"),
    );
    let traceparent = sent(&plan, "traceparent").unwrap();
    assert!(
        traceparent.starts_with(&format!("00-{TRACE}-")),
        "{traceparent}"
    );
    assert!(traceparent.ends_with("-01"), "{traceparent}");
    assert!(!plan.edits.drop.contains(&"tracestate".to_owned()));
    let outcome = Outcome::default();
    let event = plan.trace.forwarded(&outcome, world.now);
    assert_eq!(event.details.trace_id.as_deref(), Some(TRACE));
}

#[test]
fn a_call_without_a_good_trace_starts_one() {
    let mut world = World::new();
    let bad = format!("00-{TRACE}-0000000000000000-01");
    let plan = forwarded(
        &mut world,
        ask().with("traceparent", bad).with("tracestate", "a=1"),
    );
    let traceparent = sent(&plan, "traceparent").unwrap();
    assert!(!traceparent.contains(TRACE), "{traceparent}");
    assert_eq!(plan.edits.drop, ["tracestate", "authorization"]);
    let outcome = Outcome::default();
    let event = plan.trace.forwarded(&outcome, world.now);
    assert_eq!(event.details.trace_id.as_deref(), traceparent.get(3..35));
}

#[test]
fn a_client_finds_its_request_by_its_own_name() {
    let mut world = World::new();
    for name in ["activityid", "x-correlation-id"] {
        let plan = forwarded(&mut world, ask().with(name, "order-7"));
        assert_eq!(sent(&plan, "x-correlation-id"), Some("order-7"));
        let echoed = ("x-correlation-id", "order-7".to_owned());
        assert!(plan.reply_headers.contains(&echoed), "{name}");
        let outcome = Outcome::default();
        let event = plan.trace.forwarded(&outcome, world.now);
        assert_eq!(event.correlation_id, "order-7");
    }
    let refused = world.answered(&ask().with("activityid", "order-7"));
    let echoed = ("x-correlation-id", "order-7".to_owned());
    assert!(refused.headers.contains(&echoed), "{refused:?}");
    let plan = forwarded(&mut world, ask());
    assert_eq!(sent(&plan, "x-correlation-id"), None);
    let outcome = Outcome::default();
    let event = plan.trace.forwarded(&outcome, world.now);
    assert_eq!(Some(event.correlation_id), sent(&plan, "x-request-id"));
}

#[test]
fn a_collector_is_told_of_the_call_and_of_the_call_upstream() {
    let mut world = World::sampling(Sampling::share(1.0));
    let plan = forwarded(&mut world, ask());
    assert!(plan.trace.is_told());
    let outcome = Outcome {
        status: 502,
        fault: Some(101_503),
        upstream_ms: 7,
        response_bytes: None,
        retries: 0,
        ..Outcome::default()
    };
    let end = Timestamp(plan.trace.at.0 + 9);
    let spans = plan.trace.spans(&plan.trace.forwarded(&outcome, end));
    let [server, client] = spans.as_slice() else {
        panic!("{spans:?}");
    };
    assert_eq!(server.name, "GET /pets/1.0.0/pet/{petId}");
    assert_eq!(
        (server.kind, client.kind),
        (SpanKind::Server, SpanKind::Client)
    );
    assert_eq!(server.parent_span_id, None);
    assert_eq!(client.parent_span_id.as_ref(), Some(&server.span_id));
    let traceparent = sent(&plan, "traceparent").unwrap();
    assert_eq!(
        traceparent,
        format!("00-{}-{}-03", server.trace_id, client.span_id)
    );
    assert_eq!(
        (server.started_ms, server.ended_ms),
        (plan.trace.at.0, end.0)
    );
    assert_eq!(client.started_ms, end.0 - 7);
    assert!(server.is_error && client.is_error);
    let refused = world.answered(&ask());
    let trace = refused.trace.unwrap();
    let spans = trace.spans(&trace.answered(refused.status, world.now));
    assert_eq!(spans.len(), 1, "nothing went upstream");
}
