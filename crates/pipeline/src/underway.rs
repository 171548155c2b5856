//! The calls that wait for upstreams: which, how many, and whether there is room for one more.
//!
//! On stock workerd a call holds four file handles while it waits, and a process that has none left ends with all its calls.
//! A client that closes its connection does not end its call: over TCP that may mean no more than that nothing else is sent.
//! So what waits is bounded, and no API has more than half of the room: one that hangs leaves the other half to the rest.

use model::Timestamp;
use problem::Problem;

use crate::{Answer, Facts, Plan, Request, Trace, faulted, refusal, refusal::Rejection};

/// Calls under way, each by its number.
#[derive(Debug)]
pub struct Underway {
    /// Each at its number modulo [`PLACES`].
    open: Vec<Option<Open>>,
    last: u32,
    /// Of those that are open, the ones that count as waiting.
    waiting: usize,
    room: usize,
    swept_at: Timestamp,
}

#[derive(Debug)]
struct Open {
    number: u32,
    trace: Trace,
    /// By then it is over, or nobody hears of it any more.
    until: Timestamp,
    waits: bool,
}

impl Underway {
    /// Room for so many calls that wait; as many as [`MOST_ROOM`] where the text says no number.
    #[must_use]
    pub fn new(room: &str) -> Self {
        Self {
            open: Vec::new(),
            last: 0,
            waiting: 0,
            room: room.parse().unwrap_or(MOST_ROOM).clamp(1, MOST_ROOM),
            swept_at: Timestamp(0),
        }
    }

    /// May one more call of this API wait?
    pub fn has_room(&mut self, trace: &Trace, now: Timestamp) -> bool {
        let share = self.room.div_ceil(2);
        if self.waiting < share {
            return true;
        }
        if now.ms_since(self.swept_at) >= SWEEP_EVERY_MS {
            self.swept_at = now;
            self.sweep(now);
        }
        self.waiting < self.room && self.of_api(trace) < share
    }

    /// Is there so little room that a call whose client breaks its connection off should not count until its time is over?
    #[must_use]
    pub const fn is_crowded(&self) -> bool {
        self.waiting >= self.room / 4
    }

    /// Remembers a call that goes upstream; its number. `within_ms`: how long it may wait there.
    pub fn open(&mut self, trace: Trace, within_ms: i64, now: Timestamp) -> u32 {
        let number = self.free_number(now);
        let place = place(number);
        if self.open.len() <= place {
            self.open.resize_with(place + 1, || None);
        }
        if let Some(slot) = self.open.get_mut(place) {
            self.waiting -= usize::from(slot.as_ref().is_some_and(|it| it.waits));
            self.waiting += 1;
            *slot = Some(Open {
                number,
                trace,
                until: now.plus_ms(within_ms.saturating_add(SETTLED_WITHIN_MS)),
                waits: true,
            });
        }
        number
    }

    /// Takes a call out that has its reply, or none; `None` when it is not known any more.
    pub fn take(&mut self, number: u32) -> Option<Trace> {
        let slot = self.open.get_mut(place(number))?;
        let open = slot.take_if(|it| it.number == number)?;
        self.waiting -= usize::from(open.waits);
        Some(open.trace)
    }

    /// The platform has given a call up, since its client broke the connection off: it does not wait any more. Its reply may
    /// have been under way.
    pub fn gave_up(&mut self, number: u32) {
        let open = self.open.get_mut(place(number)).and_then(Option::as_mut);
        if let Some(open) = open.filter(|it| it.number == number && it.waits) {
            open.waits = false;
            self.waiting -= 1;
        }
    }

    /// The next number whose place is free: of those that do not wait, the client went away before the reply, and they are
    /// forgotten, without an event.
    fn free_number(&mut self, now: Timestamp) -> u32 {
        for _ in 0..PLACES {
            self.last = self.last.wrapping_add(1);
            let held = self.open.get(place(self.last)).and_then(Option::as_ref);
            if held.is_none_or(|it| !it.waits || it.until < now) {
                break;
            }
        }
        self.last
    }

    fn sweep(&mut self, now: Timestamp) {
        for open in self.open.iter_mut().flatten() {
            open.waits &= open.until >= now;
        }
        self.waiting = self.open.iter().flatten().filter(|it| it.waits).count();
    }

    fn of_api(&self, trace: &Trace) -> usize {
        let waiting = self.open.iter().flatten().filter(|it| it.waits);
        waiting.filter(|it| it.trace.is_of_api(trace)).count()
    }
}

/// The answer to a call for which there is no room: 503, and nothing is sent upstream. Its limits have counted it.
#[must_use]
pub fn no_room(request: &Request<'_>, plan: Plan, facts: &mut Facts) -> Answer {
    if let Some(slot) = &plan.slot {
        facts.slots.close(slot);
    }
    let rejection = Rejection {
        problem: Problem::new("303101"),
        headers: Vec::new(),
    };
    let answer = refusal::answer(&rejection, request, plan.trace);
    faulted::told(answer, &rejection.problem, request, facts).tagged(request, facts)
}

const fn place(number: u32) -> usize {
    number as usize % PLACES
}

/// Twice the room, so that a free place is near.
const PLACES: usize = 8_192;
/// An isolate has 128 MiB for all its calls.
const MOST_ROOM: usize = PLACES / 2;
/// Between the end of a call's time and the news of it, on a busy machine.
const SETTLED_WITHIN_MS: i64 = 2_000;
/// All places are looked at to find what is over, which takes some tens of microseconds.
const SWEEP_EVERY_MS: i64 = 100;
