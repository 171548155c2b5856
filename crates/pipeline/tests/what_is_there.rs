//! Paths, methods, preflights, and what the upstream gets to see.

mod world;

use world::{World, claims, get, token};

fn good() -> String {
    token(&claims())
}

#[test]
fn unknown_paths_and_methods_are_told_apart() {
    let mut world = World::new();
    for path in [
        "/",
        "/nowhere",
        "/pets",
        "/pets/1.0.00/pet/7",
        "/pets/1.0.0/toys",
        "/PETS/1.0.0/pet/7",
    ] {
        assert_eq!(
            world.refused(&get(path).bearer(&good())),
            (404, "404".to_owned()),
            "{path}"
        );
    }
    let answer = world.answered(&get("/pets/1.0.0/pet/7").method("DELETE").bearer(&good()));
    assert_eq!(answer.status, 405);
    assert!(
        answer.headers.contains(&("allow", "GET, HEAD".to_owned())),
        "{:?}",
        answer.headers
    );
}

#[test]
fn head_is_served_by_get_and_its_refusal_has_no_body() {
    let mut world = World::new();
    world.forwarded(&get("/pets/1.0.0/pet/7").method("HEAD").bearer(&good()));
    let answer = world.answered(&get("/pets/1.0.0/pet/7").method("HEAD"));
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
}

#[test]
fn no_spelling_leads_out_of_what_a_rule_allows() {
    let mut world = World::new();
    let dots = [
        "..",
        "%2e%2e",
        ".%2e",
        "%2E.",
        "%252e%252e",
        "..;",
        "..;a=b",
        ".",
        "%2e",
        "..%00",
        "%c0%ae%c0%ae",
    ];
    let separators = ["/", "//", "%2f", "%2F", "%5c", "\\", "%252f", "/./", "/;/"];
    for dot in dots {
        for by in separators {
            for path in [
                format!("/pets/1.0.0/public{by}{dot}{by}admin"),
                format!("/pets/1.0.0/public/a{by}{dot}{by}{dot}{by}admin"),
                format!("/pets/1.0.0/{dot}{by}public/{dot}{by}admin"),
            ] {
                let (status, _) = world.refused(&get(&path).bearer(&good()));
                assert_eq!(status, 400, "{path}");
            }
        }
    }
}

#[test]
fn the_upstream_gets_the_spelling_that_was_decided_on() {
    let mut world = World::new();
    for (sent, below) in [
        ("/pets/1.0.0//public///a/", "/public/a"),
        ("/%70ets/1%2E0.0/public/%7ea", "/public/~a"),
        ("/pets/1.0.0/public/caf%c3%a9", "/public/caf%C3%A9"),
        ("/pets/1.0.0/public/a;v=1", "/public/a;v=1"),
    ] {
        let plan = world.forwarded(&get(sent).bearer(&good()));
        assert_eq!(plan.url, format!("http://up.example/v1{below}"), "{sent}");
    }
}

#[test]
fn malformed_requests_are_refused_before_anything_is_fetched() {
    let mut world = World::new();
    let long = format!("/pets/{}", "a".repeat(17_000));
    let mut crowded = get("/pets/1.0.0/pet/7");
    crowded
        .headers
        .extend((0..201).map(|_| ("x-many", "1".to_owned())));
    let mut odd_host = get("/pets/1.0.0/pet/7");
    odd_host.headers = vec![("host", "gw/evil".to_owned())];
    for (ask, status) in [
        (get("/pets/1.0.0/pet/7").method("TRACE"), 501),
        (get("/pets/1.0.0/pet/7").method("get"), 501),
        (get(&long), 414),
        (crowded, 431),
        (odd_host, 400),
        (get("/pets/1.0.0/pet/7").with("content-length", "3"), 400),
        (
            get("/pets/1.0.0/pet/7").with("transfer-encoding", "chunked"),
            400,
        ),
        (get("/pets/1.0.0/pet/7#x"), 400),
        (get("/pets/1.0.0/pet/7").with("x-postern-hops", "4"), 508),
    ] {
        assert_eq!(world.refused(&ask).0, status, "{} {}", ask.method, ask.url);
    }
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn a_preflight_asks_nobody_who_they_are() {
    let mut world = World::new();
    let ask = get("/pets/1.0.0/pet/7")
        .method("OPTIONS")
        .with("origin", "https://shop.example")
        .with("access-control-request-method", "GET");
    let answer = world.answered(&ask);
    let value = |name: &str| {
        let found = answer.headers.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(answer.status, 200);
    assert_eq!(
        value("access-control-allow-origin"),
        Some("https://shop.example")
    );
    assert_eq!(value("access-control-allow-methods"), Some("GET"));
    assert!(value("access-control-allow-headers").is_some_and(|it| it.contains("authorization")));
    assert!(answer.trace.is_none() && !world.fetched.contains(&"lease"));
}

#[test]
fn a_blocked_api_still_answers_preflights() {
    let mut world = World::new();
    world.deployment.state = model::ApiState::Blocked;
    world.publish();
    let ask = get("/pets/1.0.0/pet/7").with("origin", "https://shop.example");
    let preflight = ask
        .clone()
        .method("OPTIONS")
        .with("access-control-request-method", "GET");
    assert_eq!(world.answered(&preflight).status, 200);
    assert_eq!(
        world.refused(&ask),
        (503, "700700".to_owned()),
        "a caller without a credential is told of the block first"
    );
}

#[test]
fn a_foreign_origin_gets_no_cross_origin_headers() {
    let mut world = World::new();
    let ask = get("/pets/1.0.0/pet/7").bearer(&good());
    let ours = world.forwarded(&ask.clone().with("origin", "https://shop.example"));
    assert!(
        ours.reply_headers
            .iter()
            .any(|(name, _)| *name == "access-control-allow-origin")
    );
    let foreign = world.forwarded(&ask.with("origin", "https://evil.example"));
    assert!(
        !foreign
            .reply_headers
            .iter()
            .any(|(name, _)| name.starts_with("access-control"))
    );
}

#[test]
fn problem_documents_are_for_those_who_ask() {
    let mut world = World::new();
    let answer =
        world.answered(&get("/pets/1.0.0/pet/7").with("accept", "application/problem+json"));
    assert!(
        answer.body.contains(r#""type":"/docs/errors/900902""#),
        "{}",
        answer.body
    );
    assert!(
        answer
            .headers
            .contains(&("content-type", "application/problem+json".to_owned()))
    );
}

#[test]
fn refusals_never_repeat_a_credential() {
    let mut world = World::new();
    let secret = token(&world::but(serde_json::json!({"jti": "taken-back"})));
    let answer = world.answered(&get("/pets/1.0.0/pet/7").bearer(&secret));
    let event = answer
        .trace
        .map(|trace| trace.answered(answer.status, world.now).to_event());
    let told = format!("{:?} {} {event:?}", answer.headers, answer.body);
    assert!(
        !told.contains(&secret) && !told.contains("taken-back"),
        "{told}"
    );
}

#[test]
fn a_caller_may_ask_which_configuration_it_ran_on() {
    let mut world = World::new();
    let ask = get("/pets/1.0.0/pet/7").bearer(&good());
    let tag = |headers: &[(&'static str, String)]| {
        let found = headers.iter().find(|(name, _)| *name == "x-postern-config");
        found.map(|(_, value)| value.clone())
    };
    assert_eq!(tag(&world.forwarded(&ask).reply_headers), None);
    let asked = world.forwarded(&ask.with("x-postern-debug", "1"));
    assert_eq!(tag(&asked.reply_headers).as_deref(), Some("1.1"));
}

#[test]
fn a_tenants_address_leads_to_its_apis_only() {
    let mut world = World::new();
    let plan = world.forwarded(&get("/t/default/pets/1.0.0/pet/7").bearer(&good()));
    assert_eq!(plan.url, "http://up.example/v1/pet/7");
    for path in [
        "/t/Default/pets/1.0.0/pet/7",
        "/T/default/pets/1.0.0/pet/7",
        "/t/other/pets/1.0.0/pet/7",
        "/t/default/t/default/pets/1.0.0/pet/7",
        "/t/default",
        "/t",
    ] {
        let refused = world.refused(&get(path).bearer(&good()));
        assert_eq!(refused, (404, "404".to_owned()), "{path}");
    }
}

#[test]
fn an_api_is_served_on_its_own_host_only() {
    let mut world = World::new();
    world.host = Some("shop.example");
    world.publish();
    let at = |host: &str| {
        let mut ask = get("/pets/1.0.0/pet/7").bearer(&good());
        for (name, value) in &mut ask.headers {
            if *name == "host" {
                *value = host.to_owned();
            }
        }
        ask
    };
    for host in ["shop.example", "SHOP.example", "shop.example:8443"] {
        world.forwarded(&at(host));
    }
    for host in ["api.example", "shop.example.evil", "evil.shop.example"] {
        assert_eq!(world.refused(&at(host)).0, 404, "{host}");
    }
}
