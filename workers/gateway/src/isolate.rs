//! What this isolate holds between requests: plain Rust, nothing that belongs to a request.

use std::cell::RefCell;

use model::{OrganizationId, Timestamp};
use pipeline::{Answer, Decision, Facts, Need, Settings};
use throttle::Holder;
use wasm_bindgen::{JsValue, closure::Closure};

use crate::{edge, intake::Intake};

struct Isolate {
    facts: Facts,
    /// The isolate's random name, which makes its requests' names unique.
    name: String,
    requests: u32,
}

thread_local! {
    static ISOLATE: RefCell<Option<Isolate>> = const { RefCell::new(None) };
}

/// Names the next request; sets the isolate up before its first one.
pub(crate) fn start(env: &JsValue) -> String {
    ISOLATE.with_borrow_mut(|slot| {
        let isolate = slot.get_or_insert_with(|| Isolate::new(env));
        isolate.requests = isolate.requests.wrapping_add(1);
        format!("{}{:08x}", isolate.name, isolate.requests)
    })
}

/// Decides a call on what is held now.
pub(crate) fn admit(intake: &Intake, now: Timestamp) -> Decision {
    let request = intake.request();
    with_facts(|facts| pipeline::admit(&request, facts, now))
        .unwrap_or(Decision::Missing(Vec::new()))
}

/// The answer when what is needed cannot be had.
pub(crate) fn unavailable(intake: &Intake) -> Answer {
    let request = intake.request();
    with_facts(|facts| pipeline::unavailable(&request, facts)).unwrap_or_default()
}

/// What should be fetched while nobody waits.
pub(crate) fn take_due(now: Timestamp) -> Vec<Need> {
    with_facts(|facts| facts.take_due(now)).unwrap_or_default()
}

/// Name of the gateway's environment.
pub(crate) fn environment() -> String {
    with_facts(|facts| facts.environment().to_owned()).unwrap_or_default()
}

/// Lends the facts out; no borrow ever lives over an await.
pub(crate) fn with_facts<T>(use_facts: impl FnOnce(&mut Facts) -> T) -> Option<T> {
    ISOLATE.with_borrow_mut(|slot| slot.as_mut().map(|isolate| use_facts(&mut isolate.facts)))
}

impl Isolate {
    fn new(env: &JsValue) -> Self {
        let random: [u8; 24] = runtime::id::random().unwrap_or_default();
        let (holder, name) = random.split_at(16);
        let holder = holder
            .iter()
            .fold(0, |bits, byte| bits << 8 | u128::from(*byte));
        let name = name
            .iter()
            .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        let settings = Settings {
            environment: edge::variable(env, "ENVIRONMENT"),
            refresh_ms: edge::variable(env, "CONFIG_REFRESH_MS")
                .parse()
                .unwrap_or(REFRESH_MS),
            organization: OrganizationId::from(ORGANIZATION),
        };
        render_failures();
        Self {
            facts: Facts::new(settings, Holder::from_random(holder)),
            name: format!("{name:016x}"),
            requests: 0,
        }
    }
}

/// Gives `edge.js` the words for an upstream that does not answer. One closure for the life of the isolate.
fn render_failures() {
    let render: Closure<edge::RenderProblem> = Closure::new(|code: u32, accept: String| {
        let (status, kind, body) = pipeline::upstream_failure(code, &accept);
        format!("{status}\n{kind}\n{body}")
    });
    edge::on_failure(&render);
    render.forget();
}

/// Production's, when the variable is not set.
const REFRESH_MS: i64 = 30_000;
/// Gets the statistics of requests that meet no API.
const ORGANIZATION: &str = "default";
