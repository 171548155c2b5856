//! What this isolate holds between requests: plain Rust, nothing that belongs to a request.

use std::cell::RefCell;

use model::{Measure, OrganizationId, Timestamp};
use pipeline::{
    Answer, Decision, Event, Facts, Frame, Need, Outcome, Plan, Request, Settings, Stopped,
};
use runtime::clock;
use telemetry::Sampling;
use throttle::Holder;

use crate::{
    courses::{self, Courses},
    intake::Intake,
    journal::{End, Journal},
    meters::{Meters, Watched},
    wire::{self, Forward},
};

struct Isolate {
    facts: Facts,
    journal: Journal,
    meters: Meters,
    courses: Courses,
    /// What should be fetched while nobody waits.
    due: Vec<Need>,
}

thread_local! {
    static ISOLATE: RefCell<Option<Isolate>> = const { RefCell::new(None) };
}

/// What came of asking.
pub(crate) enum Decided {
    /// What to do, as lines.
    Plan(String),
    /// These first.
    Missing(Vec<Need>),
}

/// Sets the isolate up; its random name, which makes its requests' names unique.
pub(crate) fn start(
    environment: String,
    refresh_ms: &str,
    share: &str,
    statuses: &str,
    room: &str,
) -> String {
    let random: [u8; 24] = runtime::id::random().unwrap_or_default();
    let (holder, name) = random.split_at(16);
    let holder = holder
        .iter()
        .fold(0, |bits, byte| bits << 8 | u128::from(*byte));
    let name = name
        .iter()
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    let settings = Settings {
        environment,
        refresh_ms: refresh_ms.parse().unwrap_or(REFRESH_MS),
        organization: OrganizationId::from(ORGANIZATION),
        sampling: sampling(share),
        has_peer_statuses: statuses.eq_ignore_ascii_case("peer"),
    };
    ISOLATE.set(Some(Isolate {
        facts: Facts::new(settings, Holder::from_random(holder)),
        journal: Journal::new(room),
        meters: Meters::default(),
        courses: Courses::default(),
        due: Vec::new(),
    }));
    format!("{name:016x}")
}

/// Which traces a collector is told of; `share` is empty when there is none.
fn sampling(share: &str) -> Sampling {
    if share.is_empty() {
        return Sampling::off();
    }
    Sampling::share(share.parse().unwrap_or(SHARE))
}

/// Status, content type and body for a failure of the upstream: see [`pipeline::upstream_failure`].
pub(crate) fn failure(code: u32, speaks: &str) -> (u16, &'static str, String) {
    let told = with_facts(|facts| pipeline::upstream_failure(code, speaks, facts.settings()));
    told.unwrap_or((500, "text/plain", String::new()))
}

/// Decides a call on what is held now.
pub(crate) fn decide(intake: &Intake, now: Timestamp) -> Decided {
    let request = intake.request();
    let decided = with(
        |isolate| match pipeline::admit(&request, &mut isolate.facts, now) {
            Decision::Forward(plan) => Decided::Plan(isolate.forward(*plan, &request, now)),
            Decision::Answer(answer) => Decided::Plan(isolate.answer(*answer, now)),
            Decision::Missing(needs) => Decided::Missing(needs),
        },
    );
    decided.unwrap_or(Decided::Missing(Vec::new()))
}

/// The answer when what is needed cannot be had.
pub(crate) fn unavailable(intake: &Intake) -> String {
    let request = intake.request();
    let now = clock::now();
    with(|isolate| {
        let answer = pipeline::unavailable(&request, &isolate.facts);
        isolate.answer(answer, now)
    })
    .unwrap_or_default()
}

/// What should be fetched while nobody waits.
pub(crate) fn take_due() -> Vec<Need> {
    with(|isolate| std::mem::take(&mut isolate.due)).unwrap_or_default()
}

/// Name of the gateway's environment.
pub(crate) fn environment() -> String {
    with(|isolate| isolate.facts.environment().to_owned()).unwrap_or_default()
}

/// Lends the facts out; no borrow ever lives over an await.
pub(crate) fn with_facts<T>(use_facts: impl FnOnce(&mut Facts) -> T) -> Option<T> {
    with(|isolate| use_facts(&mut isolate.facts))
}

/// Lends the journal out.
pub(crate) fn with_journal<T>(use_journal: impl FnOnce(&mut Journal) -> T) -> Option<T> {
    with(|isolate| use_journal(&mut isolate.journal))
}

/// Counts bytes of a call against its limits of bytes. Is something to be fetched while nobody waits?
pub(crate) fn meter(number: u32, bytes: u64, now: Timestamp) -> bool {
    with(|isolate| {
        let metered = isolate.meters.metered(number).iter();
        for charge in metered.filter(|it| matches!(it.limit.measure, Measure::Bytes(_))) {
            isolate.facts.book.settle(charge, bytes, now);
        }
        isolate.is_due(now)
    })
    .unwrap_or_default()
}

/// Counts a frame of a socket; with it, whether something is to be fetched while nobody waits. A socket that is no longer
/// watched is at its end.
pub(crate) fn frame(number: u32, bytes: u64, now: Timestamp) -> (Frame, bool) {
    with(|isolate| {
        let Some(metered) = isolate.meters.of_socket(number) else {
            return (Frame::Refused(NOT_COUNTED), false);
        };
        let frame = pipeline::frame(metered, bytes, &mut isolate.facts, now);
        if let Frame::Refused(by) = &frame
            && let Some(trace) = isolate.meters.take_trace(number)
        {
            let end = End::Answered(by.status());
            isolate.journal.add(trace.stopped(by, now), end, now);
        }
        (frame, isolate.is_due(now))
    })
    .unwrap_or((Frame::Refused(NOT_COUNTED), false))
}

/// Tells an attended call what happened; what to do next, as lines, and empty when it is not attended any more.
pub(crate) fn attend(number: u32, event: &str, body: Vec<u8>, now: Timestamp) -> String {
    with(|isolate| isolate.attend(number, courses::event(event, body)?, now))
        .flatten()
        .unwrap_or_default()
}

/// Lends the attended calls out.
pub(crate) fn with_courses<T>(use_courses: impl FnOnce(&mut Courses) -> T) -> Option<T> {
    with(|isolate| use_courses(&mut isolate.courses))
}

/// Notes the outcome of a call that went upstream; how many events wait.
pub(crate) fn settle(number: u32, outcome: Outcome, now: Timestamp) -> u32 {
    with(|isolate| isolate.settle(number, outcome, now)).unwrap_or_default()
}

/// A watched call is over. Is its slot to be given back in a while, if no other call takes it?
pub(crate) fn close(number: u32) -> bool {
    with(|isolate| {
        let slot = isolate.meters.close(number).and_then(|call| call.slot);
        slot.is_some_and(|slot| isolate.facts.slots.close(&slot))
    })
    .unwrap_or_default()
}

/// Is something to be fetched, or given back, while nobody waits?
pub(crate) fn is_due(now: Timestamp) -> bool {
    with(|isolate| isolate.is_due(now)).unwrap_or_default()
}

/// The body of an attended call's reply, which is to be kept, has gone by.
pub(crate) fn gone_by(number: u32, body: &[u8]) {
    with(|isolate| {
        isolate.courses.gone_by(number, body, &mut isolate.facts);
    });
}

fn with<T>(use_isolate: impl FnOnce(&mut Isolate) -> T) -> Option<T> {
    ISOLATE.with_borrow_mut(|slot| slot.as_mut().map(use_isolate))
}

impl Isolate {
    fn forward(&mut self, plan: Plan, request: &Request<'_>, now: Timestamp) -> String {
        if !self.journal.underway.has_room(&plan.trace, now) {
            let answer = pipeline::no_room(request, plan, &mut self.facts);
            return self.answer(answer, now);
        }
        let due = self.is_due(now);
        let trace = (!plan.metered.is_empty()).then(|| plan.trace.clone());
        let is_crowded = self.journal.underway.is_crowded();
        let attempts = plan.course.as_ref().map_or(1, |_| ATTEMPTS);
        let within_ms = i64::from(plan.timeout_ms) * attempts;
        let number = self.journal.underway.open(plan.trace, within_ms, now);
        let (is_metered, has_slot) = (!plan.metered.is_empty(), plan.slot.is_some());
        let watched = Watched {
            metered: plan.metered,
            slot: plan.slot,
            trace,
        };
        if let Some(slot) = self.meters.open(number, watched).and_then(|it| it.slot) {
            self.facts.slots.close(&slot);
        }
        let forward = Forward {
            number,
            is_metered,
            has_slot,
            is_crowded,
            url: &plan.url,
            timeout_ms: plan.timeout_ms,
            method: request.method,
            edits: &plan.edits,
            pass: plan.pass.as_ref(),
            has_reserve: plan.course.as_ref().is_some_and(|it| it.is_in_reserve()),
            reply_headers: &plan.reply_headers,
        };
        match plan.course {
            None => wire::plan(&forward, due),
            Some(course) if course.is_in_reserve() => {
                self.courses.reserve(number, course);
                wire::plan(&forward, due)
            }
            Some(course) => {
                self.courses.open(number, course);
                wire::course(&forward, due)
            }
        }
    }

    fn settle(&mut self, number: u32, outcome: Outcome, now: Timestamp) -> u32 {
        if let Some(course) = self.courses.release(number) {
            course.was_not_needed(&mut self.facts);
        }
        self.journal.settle(number, outcome, now);
        self.journal.waiting()
    }

    fn attend(&mut self, number: u32, event: Event, now: Timestamp) -> Option<String> {
        let said = self.courses.tell(number, event, &mut self.facts, now)?;
        if let Some(outcome) = said.outcome {
            self.journal.settle(number, outcome, now);
        }
        Some(said.lines)
    }

    fn answer(&mut self, mut answer: Answer, now: Timestamp) -> String {
        let due = self.is_due(now);
        for note in answer.notes.drain(..) {
            worker::console_warn!("{note}");
        }
        if let Some(trace) = answer.trace.take() {
            self.journal.add(trace, End::Answered(answer.status), now);
        }
        wire::answer(&answer, due)
    }

    fn is_due(&mut self, now: Timestamp) -> bool {
        self.due.extend(self.facts.take_due(now));
        !self.due.is_empty() || self.facts.has_uses()
    }
}

/// A socket of which this isolate knows nothing any more.
const NOT_COUNTED: Stopped = Stopped {
    code: 503,
    policy: None,
};
/// Of the traces that start here, when the variable is no number.
const SHARE: f64 = 0.01;
/// For how many deadlines a call may wait that is sent again when it fails, or whose body is read before.
const ATTEMPTS: i64 = 4;
/// Production's, when the variable is not set.
const REFRESH_MS: i64 = 30_000;
/// Gets the statistics of requests that meet no API.
const ORGANIZATION: &str = "default";
