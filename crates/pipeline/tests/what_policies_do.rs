//! Operation policies on whole calls: who waits for them, whom they are for, and what they say of refusals.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that is wrong ends"
)]

mod world;

use model::{Action, Flows, Step};
use pipeline::{Event, Next, Plan};
use serde_json::json;
use world::{Ask, World, claims, get, token};

const PET: &str = "/pets/1.0.0/pet/7";

fn set(name: &str, value: &str) -> Step {
    Step {
        action: Action::SetHeader {
            name: name.into(),
            value: value.into(),
        },
        condition: None,
    }
}

fn when(condition: &str, step: Step) -> Step {
    Step {
        condition: Some(condition.into()),
        ..step
    }
}

fn remove(name: &str) -> Step {
    Step {
        action: Action::RemoveHeader { name: name.into() },
        condition: None,
    }
}

/// A world whose every operation has these policies.
fn with(flows: &Flows) -> World {
    let mut world = World::new();
    let count = world.deployment.operations.len();
    world.deployment.steps = vec![flows.clone(); count];
    world.publish();
    world
}

fn ask() -> Ask {
    get(PET).bearer(&token(&claims()))
}

fn sets(plan: &Plan) -> Vec<(&str, &str)> {
    let more = plan.edits.more.iter();
    more.map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn nobody_waits_for_headers() {
    let flows = Flows {
        request: vec![set("x-tier", "gold"), remove("x-old")],
        response: vec![set("x-back", "1")],
        fault: Vec::new(),
    };
    let plan = with(&flows).forwarded(&ask().with("x-old", "1"));
    assert!(plan.course.is_none());
    assert_eq!(sets(&plan), [("x-tier", "gold")]);
    assert!(plan.edits.drop.contains(&"x-old".to_owned()));
    assert_eq!(plan.edits.reply[0].name, "x-back");
}

#[test]
fn conditions_are_decided_before_anything_is_sent() {
    let flows = Flows {
        request: vec![
            when("claims.sub == 'nobody'", set("x-a", "1")),
            when("request.headers['x-who'] == 'ann'", set("x-b", "1")),
        ],
        ..Flows::default()
    };
    let mut world = with(&flows);
    for _ in 0..2 {
        let plan = world.forwarded(&ask().with("x-who", "ann"));
        assert_eq!(sets(&plan), [("x-b", "1")]);
        assert!(sets(&world.forwarded(&ask())).is_empty());
    }
}

#[test]
fn a_fault_flow_waits_in_reserve() {
    let flows = Flows {
        request: vec![set("x-tier", "gold")],
        response: vec![set("x-back", "1")],
        fault: vec![set("x-fault", "1")],
    };
    let mut world = with(&flows);
    let mut plan = world.forwarded(&ask());
    let course = plan.course.as_mut().expect("a course");
    assert!(course.is_in_reserve());
    let failed = Event::Failed(pipeline::Failure::NoConnection);
    let Next::Respond(reply) = course.next(failed, &mut world.facts, world.now) else {
        panic!("no answer");
    };
    let got = (
        reply.status,
        reply.headers.get("x-fault"),
        reply.headers.get("x-back"),
    );
    assert_eq!(got, (502, Some("1"), None));
}

#[test]
fn what_an_upstream_breaks_passes_the_reply_flow() {
    let flows = Flows {
        response: vec![set("x-back", "1")],
        fault: vec![set("x-fault", "1")],
        ..Flows::default()
    };
    let mut world = with(&flows);
    let mut plan = world.forwarded(&ask());
    let course = plan.course.as_mut().expect("a course");
    let reply = Event::Reply {
        status: 500,
        headers: [("x-a", "1")].into_iter().collect(),
    };
    let Next::Respond(reply) = course.next(reply, &mut world.facts, world.now) else {
        panic!("no answer");
    };
    let got = (
        reply.status,
        reply.headers.get("x-fault"),
        reply.headers.get("x-back"),
    );
    assert_eq!(got, (500, None, Some("1")));
}

#[test]
fn refusals_are_told_by_the_fault_flow() {
    let tell = Step {
        action: Action::TellFault {
            codes: vec![900_902],
            status: Some(418),
            media_type: "text/plain".into(),
            body: "{code}".into(),
        },
        condition: None,
    };
    let flows = Flows {
        fault: vec![
            tell,
            when("user == 'ann'", set("x-ann", "1")),
            when("request.method == 'GET'", set("x-get", "1")),
        ],
        ..Flows::default()
    };
    let mut world = with(&flows);
    let answer = world.answered(&get(PET));
    assert_eq!((answer.status, answer.body.as_str()), (418, "900902"));
    let told = ["x-ann", "x-get", "content-type"].map(|name| answer.more.get(name));
    assert_eq!(told, [None, Some("1"), Some("text/plain")]);
    assert!(answer.more.get("www-authenticate").is_some());
    let forged = world.answered(&get(PET).bearer("a.b.c"));
    assert_ne!(forged.status, 418);
    let elsewhere = world.answered(&get("/pets/1.0.0/none"));
    assert!(
        elsewhere.more.get("x-get").is_none(),
        "no operation was met"
    );
}

#[test]
fn policies_of_all_stand_around_those_of_an_api() {
    let flows = Flows {
        request: vec![set("x-a", "own"), set("x-b", "own")],
        ..Flows::default()
    };
    let mut world = with(&flows);
    world.flows = Flows {
        request: vec![set("x-a", "all"), set("x-c", "all")],
        fault: vec![set("x-fault", "all")],
        ..Flows::default()
    };
    world.publish();
    let plan = world.forwarded(&ask());
    let mut found = sets(&plan);
    found.sort_unstable();
    assert_eq!(found, [("x-a", "own"), ("x-b", "own"), ("x-c", "all")]);
    assert_eq!(world.answered(&get(PET)).more.get("x-fault"), Some("all"));
    world.deployment.steps.clear();
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(
        sets(&world.forwarded(&ask())),
        [("x-a", "all"), ("x-c", "all")]
    );
}

#[test]
fn an_upstream_that_asks_is_told_who_calls() {
    let mut world = World::new();
    world.deployment.conduct.introduces = true;
    world.publish();
    world.write("introduction", &json!({"token": "signed", "seconds": 900}));
    let ask = ask().with("x-jwt-assertion", "forged");
    for _ in 0..2 {
        let plan = world.forwarded(&ask);
        assert_eq!(sets(&plan), [("x-jwt-assertion", "signed")]);
        assert!(plan.edits.drop.contains(&"x-jwt-assertion".to_owned()));
    }
    let asked = |world: &World| {
        world
            .fetched
            .iter()
            .filter(|it| **it == "introduction")
            .count()
    };
    assert_eq!(asked(&world), 1, "one lasts for all calls of a caller");
    world.wait_ms(800_000);
    world.forwarded(&ask);
    assert_eq!(asked(&world), 2, "and no longer than it is good");
}

#[test]
fn a_script_shows_its_token_among_protocols() {
    let mut world = World::new();
    world.deployment.api.kind = "WS".into();
    world.publish();
    let ask = |offered: String| {
        get(PET)
            .with("upgrade", "websocket")
            .with("connection", "Upgrade")
            .with("sec-websocket-protocol", offered)
    };
    let token = token(&claims());
    let plan = world.forwarded(&ask(format!("bearer, {token}")));
    assert!(
        plan.edits
            .drop
            .contains(&"sec-websocket-protocol".to_owned())
    );
    assert_eq!(plan.edits.reply[0].value, "bearer");
    let plan = world.forwarded(&ask(format!("chat, Bearer,{token}, superchat")));
    assert_eq!(sets(&plan), [("sec-websocket-protocol", "chat, superchat")]);
    for bad in ["bearer", "chat", "bearer, a.b.c", ""] {
        assert_eq!(world.refused(&ask(bad.into())).0, 401, "{bad}");
    }
}
