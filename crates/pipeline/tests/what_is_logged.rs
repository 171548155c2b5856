//! Lines of the log for APIs whose owners want them.

mod world;

use model::LogLevel;
use world::{World, claims, get, token};

const PET: &str = "/pets/1.0.0/pet/7";

fn line(level: LogLevel) -> Option<String> {
    let mut world = World::new();
    world.deployment.conduct.log = level;
    world.publish();
    let ask = get(PET)
        .bearer(&token(&claims()))
        .with("x-a", "1\u{7f}")
        .with("cookie", "s=t0p");
    let plan = world.forwarded(&ask);
    let outcome = pipeline::Outcome {
        status: 200,
        upstream_ms: 7,
        ..pipeline::Outcome::default()
    };
    let event = plan.trace.forwarded(&outcome, world.now);
    plan.trace.logged(&event)
}

#[test]
fn a_call_is_told_as_far_as_its_owner_wants() {
    assert_eq!(line(LogLevel::Off), None);
    let basic = "call GET /pets/1.0.0/pet/{petId}: 200 in 0 ms, upstream 7 ms, request r-1";
    assert_eq!(line(LogLevel::Basic).as_deref(), Some(basic));
    let standard = format!("{basic} host=api.example authorization=*** x-a=1\\u{{7f}} cookie=***");
    assert_eq!(line(LogLevel::Standard), Some(standard));
}

#[test]
fn credentials_under_names_of_their_own_are_not_told() {
    let mut world = World::new();
    world.deployment.conduct.log = LogLevel::Standard;
    world.deployment.security.authorization_header = "x-ticket".to_owned();
    world.deployment.security.api_key_header = "x-member".to_owned();
    world.publish();
    let ask = get(PET)
        .with("x-ticket", "Bearer forged")
        .with("x-member", "made-up");
    let answer = world.answered(&ask);
    let trace = answer.trace.unwrap();
    let line = trace.logged(&trace.answered(answer.status, world.now));
    let line = line.unwrap();
    assert!(line.ends_with("x-ticket=*** x-member=***"), "{line}");
}

#[test]
fn a_refusal_is_told_too() {
    let mut world = World::new();
    world.deployment.conduct.log = LogLevel::Standard;
    world.publish();
    let answer = world.answered(&get(PET).with("authorization", "Bearer forged"));
    let trace = answer.trace.unwrap();
    let line = trace
        .logged(&trace.answered(answer.status, world.now))
        .unwrap();
    assert!(
        line.starts_with("call GET /pets/1.0.0/pet/{petId}: 401"),
        "{line}"
    );
    assert!(
        line.contains("fault 900901") && !line.contains("forged"),
        "{line}"
    );
}
