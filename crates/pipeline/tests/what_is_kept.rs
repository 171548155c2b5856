//! Answers that are kept for those who ask again, and what replies of an API on its way out say.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a story that goes otherwise ends here"
)]

mod world;

use model::{ApiState, Fields, Timestamp};
use pipeline::{Body, Event, Next, Plan, Reply};
use serde_json::json;
use usage::CacheState;
use world::{Ask, World, but, claims, get, token};

fn world() -> World {
    let mut world = World::new();
    world.deployment.conduct.cache_seconds = Some(60);
    world.publish();
    world
}

fn by(user: &str) -> Ask {
    let claims = but(json!({"sub": user, "aut": "APPLICATION_USER"}));
    get("/pets/1.0.0/pet/7?a=1").bearer(&token(&claims))
}

/// The answer out of the cache, or nothing when the upstream is asked.
fn kept(world: &mut World, plan: &mut Plan) -> Option<Reply> {
    let course = plan.course.as_mut().expect("the call is attended");
    match course.next(Event::Begun, &mut world.facts, world.now) {
        Next::Respond(reply) => Some(reply),
        Next::Send(_) => None,
        other => panic!("{other:?}"),
    }
}

/// Lets the upstream answer so; what the client gets.
fn replied(world: &mut World, plan: &mut Plan, headers: &[(&str, &str)], body: &str) -> Reply {
    let course = plan.course.as_mut().expect("the call is attended");
    let headers: Fields = headers.iter().copied().collect();
    let event = Event::Reply {
        status: 200,
        headers,
    };
    let Next::Respond(reply) = course.next(event, &mut world.facts, world.now) else {
        panic!("there is nothing else to do");
    };
    if reply.body == Body::Kept {
        course.gone_by(body.as_bytes(), &mut world.facts);
    }
    reply
}

#[test]
fn an_answer_is_kept_for_its_caller_alone() {
    let mut world = world();
    let mut first = world.forwarded(&by("ann"));
    assert!(kept(&mut world, &mut first).is_none());
    let reply = replied(&mut world, &mut first, &[("etag", "\"1\"")], "ann's");
    assert_eq!(reply.body, Body::Kept, "it is passed on while it is kept");
    assert_eq!(
        reply.headers.get("cache-status"),
        Some("Postern; fwd=uri-miss; stored")
    );
    world.wait_ms(5_000);
    let mut again = world.forwarded(&by("ann"));
    let answer = kept(&mut world, &mut again).expect("it is kept");
    assert_eq!(answer.body, Body::Made(b"ann's".to_vec()));
    assert_eq!(answer.headers.get("age"), Some("5"));
    assert_eq!(
        answer.headers.get("cache-status"),
        Some("Postern; hit; ttl=55")
    );
    assert!(answer.headers.get("ratelimit").is_some(), "a hit counts");
    let outcome = again.course.as_ref().unwrap().outcome();
    let event = again.trace.forwarded(&outcome, world.now);
    assert_eq!(event.details.cache, Some(CacheState::Hit));
    assert_eq!((event.upstream_ms, event.upstream_status), (None, None));
    let mut other = world.forwarded(&by("bob"));
    assert!(kept(&mut world, &mut other).is_none(), "it is not bob's");
}

#[test]
fn another_revision_asks_anew() {
    let mut world = world();
    let mut first = world.forwarded(&by("ann"));
    kept(&mut world, &mut first);
    replied(
        &mut world,
        &mut first,
        &[("cache-control", "public")],
        "old",
    );
    world.deployment.revision = "r-2".into();
    world.publish();
    world.wait_ms(61_000);
    let mut second = world.forwarded(&by("ann"));
    assert!(kept(&mut world, &mut second).is_none());
}

#[test]
fn what_a_call_changes_is_forgotten() {
    let mut world = world();
    let mut operation = world.deployment.operations[1].clone();
    operation.template = "/open".into();
    world.deployment.operations.push(operation);
    world.publish();
    let mut first = world.forwarded(&get("/pets/1.0.0/open"));
    kept(&mut world, &mut first);
    replied(&mut world, &mut first, &[], "old");
    let mut again = world.forwarded(&get("/pets/1.0.0/open"));
    assert!(kept(&mut world, &mut again).is_some());
    // By another operation, on the same address.
    let posted = get("/pets/1.0.0/open").method("POST");
    let mut changed = world.forwarded(&posted.bearer(&token(&but(json!({"scope": "write"})))));
    assert!(kept(&mut world, &mut changed).is_none());
    replied(&mut world, &mut changed, &[], "");
    let mut later = world.forwarded(&get("/pets/1.0.0/open"));
    assert!(kept(&mut world, &mut later).is_none());
    let only = get("/pets/1.0.0/pet/9").bearer(&token(&claims()));
    let mut only = world.forwarded(&only.with("cache-control", "only-if-cached"));
    let answer = kept(&mut world, &mut only).expect("refused");
    assert_eq!(answer.status, 504);
}

#[test]
fn an_api_on_its_way_out_says_so() {
    let mut world = World::new();
    let plan = world.forwarded(&get("/pets/1.0.0/open"));
    assert!(plan.course.is_none());
    assert!(
        plan.reply_headers
            .iter()
            .all(|(name, _)| *name != "deprecation")
    );
    world.deployment.state = ApiState::Deprecated;
    world.deployment.conduct.deprecated_at = Some(Timestamp(1_688_169_599_000));
    world.deployment.conduct.sunset_at = Some(Timestamp(1_814_313_600_000));
    world.publish();
    world.wait_ms(61_000);
    let plan = world.forwarded(&get("/pets/1.0.0/open"));
    for header in [
        ("deprecation", "@1688169599".to_owned()),
        ("sunset", "Wed, 30 Jun 2027 00:00:00 GMT".to_owned()),
    ] {
        assert!(plan.reply_headers.contains(&header), "{header:?}");
    }
}

#[test]
fn a_sockets_token_comes_in_the_query_and_stays_here() {
    let mut world = World::new();
    world.deployment.api.kind = "WS".into();
    world.publish();
    let token = token(&claims());
    let ask = get(&format!("/pets/1.0.0/pet/7?a=1&access_token={token}&b=2"));
    assert_eq!(
        world.refused(&ask),
        (401, "900902".to_owned()),
        "no handshake"
    );
    let handshake = ask
        .with("connection", "Upgrade")
        .with("upgrade", "websocket");
    let plan = world.forwarded(&handshake);
    assert_eq!(plan.url, "http://up.example/v1/pet/7?a=1&b=2");
}
