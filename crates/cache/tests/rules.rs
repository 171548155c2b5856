//! What a shared cache does, request by request.

use cache::{Ask, Asking, Cache, LookUp, Replied, Reply};
use model::{Fields, Timestamp};

struct World {
    cache: Cache,
    now: i64,
    /// Requests that went upstream.
    asked: u32,
}

/// A request to be.
#[derive(Clone)]
struct Request {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    caller: Option<&'static str>,
}

const ANN: Request = Request {
    method: "GET",
    path: "/pets",
    query: "",
    headers: Vec::new(),
    caller: Some("ann"),
};

impl Request {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn by(self, caller: &'static str) -> Self {
        Self {
            caller: Some(caller),
            ..self
        }
    }
}

impl World {
    fn new() -> Self {
        Self {
            cache: Cache::new(64 * 1024),
            now: 1_000_000,
            asked: 0,
        }
    }

    /// The answer, whoever gives it; the upstream would give this one.
    fn get(
        &mut self,
        request: &Request,
        status: u16,
        upstream: &[(&str, &str)],
        body: &str,
    ) -> (u16, String, String) {
        let headers: Fields = request.headers.iter().copied().collect();
        let asking = Asking {
            scope: ["api", "revision", "PRODUCTION", "host", "https"],
            method: request.method,
            path: request.path,
            query: request.query,
            headers: &headers,
            caller: request.caller,
            credentials: ["authorization", "x-pets-key"],
            seconds: 300,
        };
        let now = Timestamp(self.now * 1_000);
        let ask = match self.cache.look_up(&asking, now) {
            LookUp::Answer(reply) => return shown(&reply),
            LookUp::NotHeld => return (504, String::new(), String::new()),
            LookUp::Ask(ask) => ask,
        };
        self.asked += 1;
        self.replied(&ask, &asking, (status, upstream), body)
    }

    fn replied(
        &mut self,
        ask: &Ask,
        asking: &Asking<'_>,
        head: (u16, &[(&str, &str)]),
        body: &str,
    ) -> (u16, String, String) {
        let now = Timestamp(self.now * 1_000);
        let fields: Fields = head.1.iter().copied().collect();
        match self
            .cache
            .replied(ask, asking, (head.0, &fields), (now, now))
        {
            Replied::Answer { reply, .. } => shown(&reply),
            Replied::Pass { ticket, status } => {
                if let Some(ticket) = ticket {
                    self.cache.keep(ticket, body.as_bytes());
                }
                let status = status.get("cache-status").unwrap_or_default();
                (head.0, body.to_owned(), status.to_owned())
            }
        }
    }
}

fn shown(reply: &Reply) -> (u16, String, String) {
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    let status = reply.headers.get("cache-status").unwrap_or_default();
    (reply.status, body, status.to_owned())
}

const PUBLIC: &[(&str, &str)] = &[("cache-control", "public, max-age=60")];

#[test]
fn a_callers_answer_is_nobody_elses() {
    let mut world = World::new();
    assert_eq!(
        world.get(&ANN, 200, &[], "ann's").2,
        "Postern; fwd=uri-miss; stored"
    );
    assert_eq!(world.get(&ANN, 200, &[], "new").1, "ann's");
    assert_eq!(world.get(&ANN.by("bob"), 200, &[], "bob's").1, "bob's");
    let nobody = Request {
        caller: None,
        ..ANN
    };
    assert_eq!(world.get(&nobody, 200, &[], "nobody's").1, "nobody's");
    assert_eq!(world.get(&ANN, 200, &[], "new").1, "ann's");
}

#[test]
fn what_is_for_everybody_is_shared() {
    let mut world = World::new();
    for control in ["public", "s-maxage=60"] {
        world.get(&ANN, 200, &[("cache-control", control)], control);
        let (_, body, status) = world.get(&ANN.by("bob"), 200, &[], "new");
        assert_eq!(body, control);
        assert!(status.starts_with("Postern; hit; ttl="), "{status}");
        world.now += 1_000;
    }
    let varied = [("cache-control", "public"), ("vary", "X-Pets-Key")];
    world.get(&ANN, 200, &varied, "ann's");
    assert_eq!(world.get(&ANN.by("bob"), 200, &[], "bob's").1, "bob's");
}

#[test]
fn what_answers_differ_by_is_compared() {
    let mut world = World::new();
    let english = ANN.with("accept-language", "en");
    let french = ANN.with("accept-language", "fr");
    let varied = [("vary", "Accept-Language")];
    world.get(&english, 200, &varied, "hello");
    let (_, body, status) = world.get(&french, 200, &varied, "bonjour");
    assert_eq!(
        (body.as_str(), status.as_str()),
        ("bonjour", "Postern; fwd=uri-miss; stored")
    );
    assert_eq!(world.get(&english, 200, &varied, "new").1, "hello");
    assert_eq!(world.get(&french, 200, &varied, "new").1, "bonjour");
    assert_eq!(world.get(&ANN, 200, &varied, "none").1, "none");
    let asked = Request {
        query: "a=1",
        ..english
    };
    assert_eq!(world.get(&asked, 200, &varied, "other").1, "other");
}

#[test]
fn the_owners_time_is_when_it_ends() {
    let mut world = World::new();
    world.get(&ANN, 200, PUBLIC, "first");
    world.now += 59;
    assert_eq!(world.get(&ANN, 200, PUBLIC, "new").1, "first");
    world.now += 1;
    let (_, body, status) = world.get(&ANN, 200, PUBLIC, "second");
    assert_eq!(
        (body.as_str(), status.as_str()),
        ("second", "Postern; fwd=stale; stored")
    );
    world.now += 59;
    assert_eq!(world.get(&ANN, 200, PUBLIC, "new").1, "second");
}

#[test]
fn a_stale_answer_is_asked_about() {
    let mut world = World::new();
    let tagged = [("cache-control", "public, max-age=60"), ("etag", "\"1\"")];
    world.get(&ANN, 200, &tagged, "first");
    world.now += 60;
    let renewed = [("cache-control", "public, max-age=10"), ("etag", "\"1\"")];
    let (status, body, told) = world.get(&ANN.with("if-none-match", "\"0\""), 304, &renewed, "");
    assert_eq!((status, body.as_str()), (200, "first"));
    assert_eq!(told, "Postern; hit; fwd=stale; fwd-status=304; ttl=10");
    assert_eq!(world.get(&ANN, 200, PUBLIC, "new").1, "first");
    world.now += 10;
    let (status, body, _) = world.get(&ANN.with("if-none-match", "\"1\""), 304, &renewed, "");
    assert_eq!(
        (status, body.as_str()),
        (304, ""),
        "the client holds it as well"
    );
    assert_eq!(world.asked, 3);
}

#[test]
fn what_is_confirmed_as_somebodys_own_is_kept_no_longer() {
    let mut world = World::new();
    let tagged = [("cache-control", "public, max-age=60"), ("etag", "\"1\"")];
    world.get(&ANN, 200, &tagged, "first");
    world.now += 60;
    let private = [("cache-control", "private"), ("etag", "\"1\"")];
    assert_eq!(world.get(&ANN, 304, &private, "").1, "first");
    assert_eq!(world.get(&ANN.by("bob"), 200, &private, "bob's").1, "bob's");
}

#[test]
fn a_client_that_holds_it_is_told_so() {
    let mut world = World::new();
    let tagged = [("etag", "\"1\""), ("content-type", "text/plain")];
    world.get(&ANN, 200, &tagged, "first");
    let (status, body, _) = world.get(&ANN.with("if-none-match", "W/\"1\""), 200, &[], "");
    assert_eq!((status, body.as_str()), (304, ""));
    assert_eq!(
        world
            .get(&ANN.with("if-none-match", "\"2\""), 200, &[], "")
            .1,
        "first"
    );
    let head = Request {
        method: "HEAD",
        ..ANN
    };
    assert_eq!(world.get(&head, 200, &[], "").0, 200);
    assert_eq!(world.asked, 1);
}

#[test]
fn a_client_may_ask_for_more_than_is_kept() {
    let mut world = World::new();
    world.get(&ANN, 200, PUBLIC, "first");
    world.now += 30;
    for (control, expected) in [
        ("max-age=30", "first"),
        ("max-age=29", "new"),
        ("min-fresh=30", "first"),
        ("no-cache", "new"),
    ] {
        world.cache = Cache::new(64 * 1024);
        world.now -= 30;
        world.get(&ANN, 200, PUBLIC, "first");
        world.now += 30;
        let (_, body, _) = world.get(&ANN.with("cache-control", control), 200, PUBLIC, "new");
        assert_eq!(body, expected, "{control}");
    }
    let only = ANN.with("cache-control", "only-if-cached");
    assert_eq!(world.get(&only, 200, PUBLIC, "new").0, 200);
    let other = Request {
        path: "/other",
        ..only
    };
    assert_eq!(world.get(&other, 200, PUBLIC, "new").0, 504);
    world.now += 600;
    let stale = ANN.with("cache-control", "max-stale");
    assert_eq!(world.get(&stale, 200, PUBLIC, "newer").1, "new");
    let never = ANN.by("cyd").with("cache-control", "no-store");
    let (_, _, status) = world.get(&never, 200, PUBLIC, "own");
    assert!(!status.ends_with("stored"), "{status}");
}

#[test]
fn a_change_forgets_every_answer_of_its_address() {
    let mut world = World::new();
    let one = Request {
        query: "a=1",
        ..ANN
    };
    let other = Request {
        path: "/pets/7",
        ..ANN
    };
    world.get(&ANN, 200, &[], "ann's");
    world.get(&one, 200, PUBLIC, "one");
    world.get(&other, 200, PUBLIC, "seven");
    let post = Request {
        method: "POST",
        ..ANN.by("bob")
    };
    world.get(&post, 400, &[], "");
    assert_eq!(
        world.get(&ANN, 200, &[], "new").1,
        "ann's",
        "nothing was changed"
    );
    world.get(&post, 201, &[], "");
    assert_eq!(world.get(&ANN, 200, &[], "new").1, "new");
    assert_eq!(world.get(&one, 200, &[], "new").1, "new");
    assert_eq!(world.get(&other, 200, &[], "new").1, "seven");
}

#[test]
fn one_asks_while_others_get_what_is_stale() {
    let mut world = World::new();
    let lenient = [(
        "cache-control",
        "public, max-age=60, stale-while-revalidate=60",
    )];
    world.get(&ANN, 200, &lenient, "first");
    world.now += 70;
    let headers = Fields::default();
    let asking = Asking {
        scope: ["api", "revision", "PRODUCTION", "host", "https"],
        method: "GET",
        path: "/pets",
        query: "",
        headers: &headers,
        caller: Some("ann"),
        credentials: ["authorization", "apikey"],
        seconds: 300,
    };
    let LookUp::Ask(ask) = world.cache.look_up(&asking, Timestamp(world.now * 1_000)) else {
        panic!("somebody has to ask");
    };
    let (_, body, status) = world.get(&ANN.by("bob"), 200, &[], "bob's");
    assert_eq!(
        (body.as_str(), status.as_str()),
        ("first", "Postern; hit; ttl=-10")
    );
    world.replied(&ask, &asking, (200, &lenient), "second");
    assert_eq!(world.get(&ANN.by("bob"), 200, &[], "bob's").1, "second");
}

#[test]
fn a_stale_answer_is_better_than_none_where_it_says_so() {
    for (control, expected) in [
        ("public, max-age=60, stale-if-error=60", (200, "first")),
        ("public, max-age=60", (503, "down")),
        (
            "public, max-age=60, must-revalidate, stale-if-error=60",
            (503, "down"),
        ),
    ] {
        let mut world = World::new();
        world.get(
            &ANN,
            200,
            &[("cache-control", control), ("etag", "\"1\"")],
            "first",
        );
        world.now += 100;
        let (status, body, _) = world.get(&ANN, 503, &[], "down");
        assert_eq!((status, body.as_str()), expected, "{control}");
        world.now += 100;
        assert_eq!(world.get(&ANN, 503, &[], "down").0, 503, "{control}");
    }
}

#[test]
fn memory_is_bounded_and_the_least_useful_goes() {
    let mut world = World::new();
    let body = "x".repeat(4_000);
    world.get(
        &Request {
            query: "kept",
            ..ANN
        },
        200,
        PUBLIC,
        "kept",
    );
    for _ in 0..100 {
        for query in [
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q",
            "r",
        ] {
            world.get(&Request { query, ..ANN }, 200, PUBLIC, &body);
            assert_eq!(
                world
                    .get(
                        &Request {
                            query: "kept",
                            ..ANN
                        },
                        200,
                        PUBLIC,
                        "new"
                    )
                    .1,
                "kept"
            );
            assert!(world.cache.bytes() <= 64 * 1024, "{}", world.cache.bytes());
        }
    }
    let large = "x".repeat(1024 * 1024 + 1);
    world.get(
        &Request {
            query: "large",
            ..ANN
        },
        200,
        PUBLIC,
        &large,
    );
    assert_eq!(
        world
            .get(
                &Request {
                    query: "large",
                    ..ANN
                },
                200,
                PUBLIC,
                "new"
            )
            .1,
        "new"
    );
}
