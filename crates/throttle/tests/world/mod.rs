//! A small world in memory: isolates with skewed clocks, owners that keep only what was persisted, and a network that
//! delays, loses, repeats and reorders. Everything comes from one seed; nothing sleeps.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "test code that clippy does not know as such; each test file uses its own part of the world"
)]

pub(crate) mod chance;
pub(crate) mod owner;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use model::{FailureMode, Limit, Timestamp};
use throttle::{
    Charge, Holder, LeaseBook, LeaseCall, LeaseReply, ObjectName, Verdict, Window, amount,
};

use self::chance::Chance;
use self::owner::Owner;

/// How bad the world is; percentages are per message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    pub(crate) isolates: u64,
    pub(crate) skew_ms: i64,
    pub(crate) delay_ms: (i64, i64),
    pub(crate) lost: u64,
    pub(crate) repeated: u64,
    /// Of requests processed: the owner dies before the reply leaves, and restarts from its rows.
    pub(crate) owner_dies: u64,
    /// Of calls: the isolate dies with all that it holds.
    pub(crate) isolate_dies: u64,
}

pub(crate) const CALM: Weather = Weather {
    isolates: 4,
    skew_ms: 2_000,
    delay_ms: (2, 30),
    lost: 0,
    repeated: 0,
    owner_dies: 0,
    isolate_dies: 0,
};

/// What happened, as far as callers can see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) offered: u64,
    pub(crate) admitted: u64,
    pub(crate) denied: u64,
    pub(crate) calls: u64,
    /// Offered and admitted by (object, counter, window start by the owner's clock).
    pub(crate) by_window: BTreeMap<(String, String, i64), (u64, u64)>,
    /// The most that any limit in force allowed for that window.
    pub(crate) allowed: BTreeMap<(String, String, i64), u64>,
    pub(crate) trace: u64,
}

pub(crate) struct World {
    pub(crate) now: i64,
    pub(crate) tally: Tally,
    weather: Weather,
    chance: Chance,
    isolates: Vec<Isolate>,
    owners: BTreeMap<ObjectName, Owner>,
    events: BTreeMap<(i64, u64), Event>,
    tasks: BTreeMap<u64, Task>,
    next: u64,
}

struct Isolate {
    book: LeaseBook,
    skew_ms: i64,
    life: u64,
}

struct Task {
    isolate: usize,
    charges: Vec<Charge>,
    open: BTreeSet<u64>,
    rounds: u32,
}

#[derive(Clone, Debug)]
enum Event {
    Arrive {
        isolate: usize,
        charges: Vec<Charge>,
    },
    AtOwner(Letter),
    AtIsolate(Letter, LeaseReply),
    Deadline(Letter),
}

#[derive(Clone, Debug)]
struct Letter {
    isolate: usize,
    life: u64,
    task: Option<u64>,
    call: LeaseCall,
    sent_at: Timestamp,
    attempt: u32,
}

impl World {
    pub(crate) fn new(seed: u64, weather: Weather) -> Self {
        let mut chance = Chance::new(seed);
        let isolates = (0..weather.isolates)
            .map(|_| Isolate {
                book: LeaseBook::new(Holder::from_random(chance.bits()), 1_000),
                skew_ms: chance.between(-weather.skew_ms, weather.skew_ms),
                life: 0,
            })
            .collect();
        Self {
            now: START_MS,
            tally: Tally::default(),
            weather,
            chance,
            isolates,
            owners: BTreeMap::new(),
            events: BTreeMap::new(),
            tasks: BTreeMap::new(),
            next: 0,
        }
    }

    /// A call with these charges arrives at an isolate in `in_ms`.
    pub(crate) fn arrive(&mut self, in_ms: i64, isolate: usize, charges: Vec<Charge>) {
        self.schedule(in_ms, Event::Arrive { isolate, charges });
    }

    /// Runs until nothing is left to happen.
    pub(crate) fn run(&mut self) {
        while let Some(((at, _), event)) = self.events.pop_first() {
            self.now = at;
            match event {
                Event::Arrive { isolate, charges } => self.begin(isolate, charges),
                Event::AtOwner(letter) => self.at_owner(letter),
                Event::AtIsolate(letter, reply) => self.at_isolate(letter, &reply),
                Event::Deadline(letter) => self.deadline(letter),
            }
        }
        assert!(self.tasks.is_empty(), "every call got its answer");
    }

    fn begin(&mut self, isolate: usize, charges: Vec<Charge>) {
        self.tally.offered += 1;
        for charge in &charges {
            let place = self.place(charge);
            self.tally.by_window.entry(place).or_default().0 += 1;
        }
        if self.chance.percent(self.weather.isolate_dies) {
            let holder = Holder::from_random(self.chance.bits());
            self.isolates[isolate].book = LeaseBook::new(holder, 1_000);
            self.isolates[isolate].life += 1;
            // Whoever waited in the dead isolate gets no answer.
            self.tasks.retain(|_, task| task.isolate != isolate);
        }
        self.next += 1;
        let task = self.next;
        self.tasks.insert(
            task,
            Task {
                isolate,
                charges,
                open: BTreeSet::new(),
                rounds: 0,
            },
        );
        self.attempt(task);
    }

    fn attempt(&mut self, id: u64) {
        let task = self.tasks.get_mut(&id).expect("the task is open");
        task.rounds += 1;
        let (isolate, rounds) = (task.isolate, task.rounds);
        let charges = task.charges.clone();
        let local = self.local(isolate);
        match self.isolates[isolate].book.admit(&charges, local) {
            Verdict::Admitted(_) => {
                self.tasks.remove(&id);
                self.admitted(isolate, &charges);
            }
            Verdict::Denied(denied) => {
                assert!(denied.retry_at > local, "a denial says when to come back");
                self.tasks.remove(&id);
                self.tally.denied += 1;
            }
            Verdict::Missing(calls) if rounds > 3 => {
                for call in calls {
                    self.isolates[isolate].book.unreachable(&call, local);
                }
                assert!(rounds < 6, "an unreachable owner decides the call");
                self.attempt(id);
            }
            Verdict::Missing(calls) => {
                assert!(!calls.is_empty(), "something to ask for");
                for call in calls {
                    self.tasks
                        .get_mut(&id)
                        .expect("open")
                        .open
                        .insert(call.request.number);
                    self.send(isolate, Some(id), call, 0);
                }
            }
        }
    }

    fn admitted(&mut self, isolate: usize, charges: &[Charge]) {
        self.tally.admitted += 1;
        for charge in charges {
            let place = self.place(charge);
            let allowed = self.tally.allowed.entry(place.clone()).or_default();
            *allowed = (*allowed).max(amount(&charge.limit));
            let (allowed, count) = (*allowed, self.tally.by_window.entry(place).or_default());
            count.1 += charge.cost;
            // I1: never over, in any window of the owner's clock.
            if charge.on_failure == FailureMode::Closed {
                assert!(
                    count.1 <= allowed,
                    "{} admitted {} of {allowed}",
                    charge.key,
                    count.1
                );
            }
        }
        let local = self.local(isolate);
        for call in self.isolates[isolate].book.refill_due(local) {
            self.send(isolate, None, call, 0);
        }
    }

    fn send(&mut self, isolate: usize, task: Option<u64>, call: LeaseCall, attempt: u32) {
        self.tally.calls += 1;
        let (life, sent_at) = (self.isolates[isolate].life, self.local(isolate));
        let letter = Letter {
            isolate,
            life,
            task,
            call,
            sent_at,
            attempt,
        };
        self.post(Event::AtOwner(letter.clone()));
        self.schedule(DEADLINE_MS, Event::Deadline(letter));
    }

    /// Sends over the network: perhaps lost, perhaps twice, each time with its own delay.
    fn post(&mut self, event: Event) {
        let copies = 1 + u64::from(self.chance.percent(self.weather.repeated));
        for _ in 0..copies {
            let (least, most) = self.weather.delay_ms;
            let delay = self.chance.between(least, most);
            if !self.chance.percent(self.weather.lost) {
                self.schedule(delay, event.clone());
            }
        }
    }

    fn at_owner(&mut self, letter: Letter) {
        let skew_ms = self.owner_skew(&letter.call.object);
        let owner = self.owners.entry(letter.call.object.clone()).or_default();
        let reply = owner.grant(&letter.call.request, Timestamp(self.now + skew_ms));
        let mut trace = DefaultHasher::new();
        (self.tally.trace, self.now, format!("{reply:?}")).hash(&mut trace);
        self.tally.trace = trace.finish();
        if self.chance.percent(self.weather.owner_dies) {
            owner.restart();
            return;
        }
        self.post(Event::AtIsolate(letter, reply));
    }

    fn at_isolate(&mut self, letter: Letter, reply: &LeaseReply) {
        if self.isolates[letter.isolate].life != letter.life {
            return;
        }
        let local = self.local(letter.isolate);
        let book = &mut self.isolates[letter.isolate].book;
        book.receive(&letter.call, reply, letter.sent_at, local);
        self.close(&letter);
    }

    fn deadline(&mut self, letter: Letter) {
        let is_open = |id: u64| {
            self.tasks
                .get(&id)
                .is_some_and(|task| task.open.contains(&letter.call.request.number))
        };
        if self.isolates[letter.isolate].life != letter.life || !letter.task.is_some_and(is_open) {
            return;
        }
        if letter.attempt == 0 {
            return self.send(letter.isolate, letter.task, letter.call, 1);
        }
        let local = self.local(letter.isolate);
        self.isolates[letter.isolate]
            .book
            .unreachable(&letter.call, local);
        self.close(&letter);
    }

    fn close(&mut self, letter: &Letter) {
        let Some(id) = letter.task else { return };
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
        if task.open.remove(&letter.call.request.number) && task.open.is_empty() {
            self.attempt(id);
        }
    }

    fn place(&self, charge: &Charge) -> (String, String, i64) {
        let owner = Timestamp(self.now + self.owner_skew(&charge.object));
        let window = Window::at(&charge.limit, owner);
        (
            charge.object.to_string(),
            charge.key.to_string(),
            window.start.0,
        )
    }

    /// An owner keeps its skew over restarts.
    fn owner_skew(&self, object: &ObjectName) -> i64 {
        let mut hash = DefaultHasher::new();
        object.as_str().hash(&mut hash);
        let span = 2 * self.weather.skew_ms + 1;
        (hash.finish() % span.unsigned_abs()) as i64 - self.weather.skew_ms
    }

    fn local(&self, isolate: usize) -> Timestamp {
        Timestamp(self.now + self.isolates[isolate].skew_ms)
    }

    fn schedule(&mut self, in_ms: i64, event: Event) {
        self.next += 1;
        self.events.insert((self.now + in_ms, self.next), event);
    }
}

/// A charge against `key` of `object`, one unit, refused when its owner is out of reach.
pub(crate) fn charge(object: &ObjectName, key: &str, limit: Limit) -> Charge {
    Charge {
        stage: throttle::Stage::Subscription,
        object: object.clone(),
        key: key.to_owned().into(),
        policy: "Plan".into(),
        limit,
        cost: 1,
        enforced: true,
        on_failure: FailureMode::Closed,
    }
}

/// 40 s before a minute begins, so that every story crosses a window.
pub(crate) const START_MS: i64 = 1_763_949_980_000 / 60_000 * 60_000 + 20_000;
/// How long a call waits for an owner before it asks again, and then before it gives up.
const DEADLINE_MS: i64 = 100;
