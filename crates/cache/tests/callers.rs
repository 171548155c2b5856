//! Whatever happens in whatever order, nobody gets an answer that was somebody else's.

use cache::{Asking, Cache, LookUp, Replied};
use model::{Fields, Timestamp};
use proptest::prelude::*;

const CALLERS: [Option<&str>; 4] = [None, Some("ann"), Some("bob"), Some("cyd")];

#[derive(Clone, Debug)]
struct Step {
    caller: Option<&'static str>,
    method: &'static str,
    path: &'static str,
    request: Vec<(&'static str, &'static str)>,
    status: u16,
    reply: Vec<(&'static str, &'static str)>,
    later: i64,
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = T> + use<T> {
    proptest::sample::select(all.to_vec())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let request = [
        ("cache-control", "no-cache"),
        ("cache-control", "max-stale"),
        ("cache-control", "max-age=0"),
        ("if-none-match", "\"1\""),
        ("accept-language", "fr"),
        ("cookie", "a=1"),
        ("x-none", "1"),
    ];
    let reply = [
        ("cache-control", "public, max-age=60"),
        ("cache-control", "s-maxage=60"),
        (
            "cache-control",
            "max-age=60, stale-while-revalidate=60, stale-if-error=60",
        ),
        ("cache-control", "private, public"),
        ("cache-control", "must-revalidate, max-age=1"),
        ("cache-control", "no-cache"),
        ("etag", "\"1\""),
        ("vary", "accept-language"),
        ("vary", "Authorization"),
        ("set-cookie", "session=1"),
        ("x-none", "1"),
    ];
    let step = (
        one_of(&CALLERS),
        one_of(&["GET", "GET", "GET", "HEAD", "POST"]),
        one_of(&["/a", "/b"]),
        proptest::collection::vec(one_of(&request), 0..3),
        one_of(&[200, 200, 200, 304, 404, 500, 503]),
        proptest::collection::vec(one_of(&reply), 0..3),
        0..90_i64,
    );
    let step = step.prop_map(
        |(caller, method, path, request, status, reply, later)| Step {
            caller,
            method,
            path,
            request,
            status,
            reply,
            later,
        },
    );
    proptest::collection::vec(step, 1..40)
}

/// May the answer with these headers go to others than its caller?
fn is_for_everybody(headers: &[(&str, &str)]) -> bool {
    let says = |name: &str, word: &str| {
        headers
            .iter()
            .any(|(it, value)| *it == name && value.contains(word))
    };
    let is_public = says("cache-control", "public") || says("cache-control", "s-maxage");
    is_public
        && !says("cache-control", "private")
        && !says("vary", "Authorization")
        && !says("set-cookie", "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn nobody_gets_somebody_elses_answer(steps in steps()) {
        let mut cache = Cache::new(32 * 1024);
        let mut now = 1_000_000_i64;
        for step in steps {
            now += step.later;
            let at = Timestamp(now * 1_000);
            let headers: Fields = step.request.iter().copied().collect();
            let asking = Asking {
                scope: ["api", "revision", "PRODUCTION", "host", "https"],
                method: step.method,
                path: step.path,
                query: "",
                headers: &headers,
                caller: step.caller,
                credentials: ["authorization", "apikey"],
            seconds: 300,
            };
            let given = match cache.look_up(&asking, at) {
                LookUp::NotHeld => None,
                LookUp::Answer(reply) => Some(reply),
                LookUp::Ask(ask) => {
                    let fields: Fields = step.reply.iter().copied().collect();
                    match cache.replied(&ask, &asking, (step.status, &fields), (at, at)) {
                        Replied::Answer { reply, .. } => Some(reply),
                        Replied::Pass { ticket, .. } => {
                            if let Some(ticket) = ticket {
                                // Whose answer it is, and whether it may be anybody's.
                                let owner = step.caller.unwrap_or("nobody");
                                let kind = if is_for_everybody(&step.reply) { "all" } else { "own" };
                                cache.keep(ticket, format!("{owner} {kind} {}", step.path).as_bytes());
                            }
                            None
                        }
                    }
                }
            };
            let Some(reply) = given else { continue };
            prop_assert!(reply.headers.get("set-cookie").is_none());
            if reply.status == 304 {
                continue;
            }
            let body = String::from_utf8_lossy(&reply.body).into_owned();
            let words: Vec<&str> = body.split(' ').collect();
            let is_own = words[0] == step.caller.unwrap_or("nobody");
            prop_assert!(is_own || words[1] == "all", "{body} for {:?}", step.caller);
            prop_assert_eq!(words[2], step.path);
            // Bytes that everybody knows stay everybody's only as long as the upstream says so.
            prop_assert!(cache.bytes() <= 32 * 1024);
        }
    }
}
