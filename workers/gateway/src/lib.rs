//! The API Gateway: a thin shell around [`pipeline::admit`].
//!
//! `entry.js` has the fetch event. The usual call crosses into Wasm once and out once, as text, and waits for nothing but
//! the upstream: what it is decided on is held by the isolate. Only when something is missing does a future run here
//! ([`complete`]), which fetches it and asks again. When the reply is there, its outcome comes in as numbers ([`settle`]).

mod courses;
mod intake;
mod isolate;
mod journal;
mod meters;
mod needs;
mod sources;
mod wire;

use model::Timestamp;
use pipeline::{Frame, Need, Outcome};
use runtime::clock;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use intake::Intake;
use isolate::Decided;
use journal::Journal;
use needs::Patience;

/// Sets the isolate up, before its first request; its name. `share`: of the traces that start here, how many a collector
/// is told of; empty when there is no collector. `statuses`: `peer` for those that WSO2's gateways give to upstreams' faults.
/// `room`: how many calls may wait for upstreams at once.
#[wasm_bindgen]
pub fn start(
    environment: String,
    refresh_ms: &str,
    share: &str,
    statuses: &str,
    room: &str,
) -> String {
    isolate::start(environment, refresh_ms, share, statuses, room)
}

/// Decides a call on what the isolate holds: a plan as [`wire`] writes it.
#[wasm_bindgen]
pub fn decide(text: Vec<u8>) -> String {
    let intake = Intake::new(text);
    match isolate::decide(&intake, intake.at()) {
        Decided::Plan(plan) => plan,
        Decided::Missing(needs) => {
            isolate::with_facts(|facts| facts.unsent(&needs));
            wire::MISSING.to_owned()
        }
    }
}

/// Fetches what the decision lacks and asks again, until the call is decided; the plan.
#[wasm_bindgen]
pub async fn complete(text: Vec<u8>, env: JsValue) -> String {
    let intake = Intake::new(text);
    let mut lease_rounds = 0;
    for _ in 0..ROUNDS {
        let needs = match isolate::decide(&intake, clock::now()) {
            Decided::Plan(plan) => return plan,
            Decided::Missing(needs) => needs,
        };
        lease_rounds += usize::from(needs.iter().any(is_lease));
        if lease_rounds > LEASE_ROUNDS {
            needs::give_up(&needs);
        } else if let Err(reason) = needs::ask(&env, &needs, intake.client_address()).await {
            worker::console_error!("cannot decide {}: {reason}", intake.id());
            break;
        }
    }
    isolate::unavailable(&intake)
}

/// Fetches what was used although it is no longer fresh, and the next blocks of leases, and tells which API keys were
/// used, while nobody waits.
#[wasm_bindgen]
pub async fn refresh(env: JsValue) {
    // A new catalogue names what is to be taken up ahead of calls.
    for _ in 0..2 {
        isolate::is_due(clock::now());
        let due = isolate::take_due();
        if let Err(reason) = needs::fetch(&env, &due, Patience::OfNobody).await {
            worker::console_warn!("not refreshed: {reason}");
        }
    }
    if let Err(reason) = needs::tell_uses(&env).await {
        worker::console_warn!("{reason}");
    }
}

/// What of the configuration this isolate has taken up, and what it could not: an object in JSON.
#[wasm_bindgen]
pub fn standing() -> String {
    isolate::with_facts(|facts| facts.standing()).unwrap_or_default()
}

/// Records what came of a forwarded call: the status that the client gets, when (milliseconds since the epoch), how long
/// the upstream took, and the length of the body, negative when it is not known. Tells how many events wait.
#[wasm_bindgen]
pub fn settle(number: u32, status: u16, now: f64, upstream_ms: u32, response_bytes: f64) -> u32 {
    let outcome = Outcome {
        status,
        fault: None,
        upstream_ms,
        response_bytes: (response_bytes >= 0.0).then_some(response_bytes as u64),
        ..Outcome::default()
    };
    isolate::settle(number, outcome, Timestamp(now as i64))
}

/// Counts bytes of a metered call, as they go by. Is [`refresh`] to be called, while nobody waits?
#[wasm_bindgen]
pub fn meter(number: u32, bytes: f64, now: f64) -> bool {
    isolate::meter(number, bytes.max(0.0) as u64, Timestamp(now as i64))
}

/// Counts a frame of a watched socket: 0, it passes; 1, it passes, and [`refresh`] is to be called; 2, ask
/// [`frame_late`]; else the fault code by which the socket is at its end.
#[wasm_bindgen]
pub fn frame(number: u32, bytes: f64, now: f64) -> u32 {
    match isolate::frame(number, bytes.max(0.0) as u64, Timestamp(now as i64)) {
        (Frame::Passes, due) => u32::from(due),
        (Frame::Missing(needs), _) => {
            isolate::with_facts(|facts| facts.unsent(&needs));
            2
        }
        (Frame::Refused(by), _) => by.code,
    }
}

/// As [`frame`], fetching what it takes to say so.
#[wasm_bindgen]
pub async fn frame_late(number: u32, bytes: f64, env: JsValue) -> u32 {
    let mut lease_rounds = 0;
    for _ in 0..ROUNDS {
        let needs = match isolate::frame(number, bytes.max(0.0) as u64, clock::now()) {
            (Frame::Passes, due) => return u32::from(due),
            (Frame::Missing(needs), _) => needs,
            (Frame::Refused(by), _) => return by.code,
        };
        lease_rounds += usize::from(needs.iter().any(is_lease));
        if lease_rounds > LEASE_ROUNDS {
            needs::give_up(&needs);
        } else if let Err(reason) = needs::fetch(&env, &needs, Patience::OfCall).await {
            worker::console_error!("cannot count a frame: {reason}");
        }
    }
    503
}

/// A watched call is over. Is [`is_due`] to be asked in a while?
#[wasm_bindgen]
pub fn close(number: u32) -> bool {
    isolate::close(number)
}

/// Is [`refresh`] to be called, while nobody waits?
#[wasm_bindgen]
pub fn is_due(now: f64) -> bool {
    isolate::is_due(Timestamp(now as i64))
}

/// Records a call whose upstream gave nothing that can be passed on; status, content type and body, as lines. `speaks`: see
/// [`pipeline::upstream_failure`].
#[wasm_bindgen]
pub fn fail(number: u32, code: u32, speaks: &str, now: f64, upstream_ms: u32) -> String {
    let (status, kind, body) = isolate::failure(code, speaks);
    let outcome = Outcome {
        status,
        fault: Some(code),
        upstream_ms,
        response_bytes: None,
        ..Outcome::default()
    };
    isolate::with_journal(|journal| journal.settle(number, outcome, Timestamp(now as i64)));
    format!("{status}\n{kind}\n{body}")
}

/// Tells an attended call what happened, with the body that was read; what to do next, as lines (`attend.js`).
#[wasm_bindgen]
pub fn attend(number: u32, event: &str, body: Vec<u8>, now: f64) -> String {
    isolate::attend(number, event, body, Timestamp(now as i64))
}

/// The bytes that go with what an attended call was last told to do.
#[wasm_bindgen]
pub fn body(number: u32) -> Vec<u8> {
    isolate::with_courses(|courses| courses.take_body(number)).unwrap_or_default()
}

/// The platform has given a call up whose client broke its connection off.
#[wasm_bindgen]
pub fn gave_up(number: u32) {
    isolate::with_journal(|journal| journal.underway.gave_up(number));
}

/// An attended call has been answered.
#[wasm_bindgen]
pub fn forget(number: u32) {
    isolate::with_courses(|courses| courses.close(number));
}

/// The body of an attended call's reply, which is to be kept, has gone by, whole.
#[wasm_bindgen]
pub fn gone_by(number: u32, body: &[u8]) {
    isolate::gone_by(number, body);
}

/// How many events wait.
#[wasm_bindgen]
pub fn waiting() -> u32 {
    isolate::with_journal(|journal| journal.waiting()).unwrap_or_default()
}

/// Takes a batch of at most so many events out under this name, as the body that the analytics Worker wants; empty when none
/// waits.
#[wasm_bindgen]
pub fn batch(name: &str, most: u32) -> Vec<u8> {
    isolate::with_journal(|journal| journal.take(name, most as usize)).unwrap_or_default()
}

/// Takes the spans of the calls that [`batch`] took out, as the body that a collector of traces wants; empty for none.
#[wasm_bindgen]
pub fn spans() -> Vec<u8> {
    isolate::with_journal(Journal::take_spans).unwrap_or_default()
}

const fn is_lease(need: &Need) -> bool {
    matches!(need, Need::Lease(_))
}

/// A cold isolate needs about ten things one after the other.
const ROUNDS: usize = 20;
/// Calls that interleave may spend each other's blocks; after this many rounds the limit's policy decides.
const LEASE_ROUNDS: usize = 3;
