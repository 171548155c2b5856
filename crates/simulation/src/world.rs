//! The world: isolates, owners, and what is between them.

mod messages;
mod relays;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use model::{FailureMode, Limit, Timestamp};
use throttle::{Charge, CounterKey, Holder, LeaseBook, ObjectName, Verdict};

use self::relays::Station;
use crate::owner::Owner;
use crate::parts::{Ear, Event, Isolate, Letter, Task};
use crate::{Chance, Tally, Weather};

/// Isolates, owners and messages, driven by one seed.
pub struct World {
    /// Milliseconds since the epoch, by nobody's clock.
    now: i64,
    tally: Tally,
    weather: Weather,
    chance: Chance,
    isolates: Vec<Isolate>,
    owners: BTreeMap<ObjectName, Owner>,
    relays: BTreeMap<ObjectName, Station>,
    ears: BTreeMap<ObjectName, Ear>,
    skews: BTreeMap<ObjectName, i64>,
    events: BTreeMap<(i64, u64), Event>,
    tasks: BTreeMap<u64, Task>,
    next: u64,
}

type Checked = Result<(), String>;

impl World {
    /// A world in which nothing has happened.
    #[must_use]
    pub fn new(seed: u64, weather: Weather) -> Self {
        let mut chance = Chance::new(seed);
        let isolates = (0..weather.isolates.max(1)).map(|_| Isolate {
            book: LeaseBook::new(Holder::from_random(chance.bits()), BOOK),
            skew_ms: chance.between(-weather.skew_ms, weather.skew_ms),
            life: 0,
        });
        Self {
            now: START_MS,
            tally: Tally {
                waits: vec![0; WAITS],
                ..Tally::default()
            },
            weather,
            isolates: isolates.collect(),
            chance,
            owners: BTreeMap::new(),
            relays: BTreeMap::new(),
            ears: BTreeMap::new(),
            skews: BTreeMap::new(),
            events: BTreeMap::new(),
            tasks: BTreeMap::new(),
            next: 0,
        }
    }

    /// A call with these charges arrives at an isolate in `in_ms`; isolates beyond the last begin again at the first.
    pub fn arrive(&mut self, in_ms: i64, isolate: usize, charges: Rc<[Charge]>) {
        let isolate = isolate % self.isolates.len().max(1);
        self.schedule(in_ms, Event::Arrive(isolate, charges));
    }

    /// A counter is reset in `in_ms`.
    pub fn reset(&mut self, in_ms: i64, charge: &Charge) {
        let event = Event::Reset(charge.object.clone(), charge.key.clone(), charge.limit);
        self.schedule(in_ms, event);
    }

    /// Units of a limit turn out to have been used in `in_ms`: its counter may pass the limit by them.
    pub fn settle(&mut self, in_ms: i64, isolate: usize, charge: Charge, units: u64) {
        let isolate = isolate % self.isolates.len().max(1);
        self.schedule(in_ms, Event::Settle(isolate, charge, units));
    }

    /// Runs until nothing is left to happen.
    ///
    /// # Errors
    /// Says which promise was broken.
    pub fn run(self) -> Result<Tally, String> {
        self.run_with(std::iter::empty())
    }

    /// Runs with further calls, in order of when they arrive, until nothing is left to happen.
    ///
    /// # Errors
    /// Says which promise was broken.
    pub fn run_with(
        mut self,
        calls: impl Iterator<Item = (i64, usize, Rc<[Charge]>)>,
    ) -> Result<Tally, String> {
        for (in_ms, isolate, charges) in calls {
            let at = START_MS + in_ms;
            self.run_until(at)?;
            self.now = self.now.max(at);
            self.begin(isolate % self.isolates.len().max(1), charges)?;
        }
        self.run_until(i64::MAX)?;
        if self.tasks.is_empty() {
            Ok(self.tally)
        } else {
            Err("a call never got its answer".to_owned())
        }
    }

    fn run_until(&mut self, end: i64) -> Checked {
        while let Some(next) = self.events.first_entry() {
            let (at, _) = *next.key();
            if at > end {
                break;
            }
            let event = next.remove();
            self.now = at;
            match event {
                Event::Arrive(isolate, charges) => self.begin(isolate, charges)?,
                Event::AtOwner(letter) => self.at_owner(letter)?,
                Event::AtIsolate(letter, reply) => self.at_isolate(&letter, &reply)?,
                Event::Deadline(letter) => self.deadline(&letter)?,
                Event::Reset(object, key, limit) => self.at_reset(&object, &key, &limit)?,
                Event::Settle(isolate, charge, units) => self.at_settle(isolate, &charge, units),
                Event::Wake(id) => self.wake(id)?,
                Event::AtRelay(letter) => self.at_relay(letter),
                Event::OfRelayAtOwner(errand) => self.of_relay_at_owner(errand)?,
                Event::AtRelayOfOwner(errand, reply) => self.at_relay_of_owner(&errand, &reply),
                Event::DeadlineOfRelay(errand) => self.deadline_of_relay(&errand),
            }
        }
        Ok(())
    }

    fn begin(&mut self, isolate: usize, charges: Rc<[Charge]>) -> Checked {
        self.tally.offered += 1;
        for charge in charges.iter() {
            let at = self.owner_time(&charge.object);
            self.tally.ledger.offer(charge, at);
        }
        if self.chance.percent(self.weather.isolate_dies) {
            let holder = Holder::from_random(self.chance.bits());
            if let Some(dead) = self.isolates.get_mut(isolate) {
                dead.book = LeaseBook::new(holder, BOOK);
                dead.life += 1;
            }
            // Whoever waited in the dead isolate gets no answer.
            self.tasks.retain(|_, task| task.isolate != isolate);
        }
        self.next += 1;
        let task = Task {
            isolate,
            charges,
            open: BTreeSet::new(),
            rounds: 0,
            since: self.now,
        };
        self.attempt(self.next, task)
    }

    fn attempt(&mut self, id: u64, mut task: Task) -> Checked {
        let isolate = task.isolate;
        let local = self.local(isolate);
        for _ in 0..ROUNDS {
            task.rounds += 1;
            let verdict = self.book(isolate)?.admit(&task.charges, local);
            let calls = match verdict {
                Verdict::Admitted(_) => return self.admitted(&task),
                Verdict::Denied(denied) if denied.retry_at > local => {
                    self.tally.denied += 1;
                    self.answered(&task);
                    self.send_due(isolate);
                    return Ok(());
                }
                Verdict::Denied(_) => return Err("a denial must say when to come back".to_owned()),
                Verdict::Missing(calls) => calls,
                Verdict::Awaited(_) => {
                    task.rounds -= 1;
                    self.tasks.insert(id, task);
                    self.schedule(LOOKS_EVERY_MS, Event::Wake(id));
                    return Ok(());
                }
            };
            if task.rounds <= LEASE_ROUNDS {
                if calls.is_empty() {
                    return Err("nothing to ask for".to_owned());
                }
                for call in calls {
                    task.open.insert(call.request.number);
                    self.send(isolate, Some(id), call, 0);
                }
                self.tasks.insert(id, task);
                return Ok(());
            }
            for call in calls {
                self.book(isolate)?.unreachable(&call, local);
            }
        }
        Err("an owner out of reach must decide the call".to_owned())
    }

    fn admitted(&mut self, task: &Task) -> Checked {
        self.tally.admitted += 1;
        for charge in task.charges.iter() {
            // A count that was settled after the fact, or decided without its owner, may be beyond its limit.
            if charge.on_failure == FailureMode::Closed && charge.cost > 0 {
                let at = self.owner_time(&charge.object);
                self.tally.ledger.admit(charge, at)?;
            }
        }
        self.answered(task);
        self.send_due(task.isolate);
        Ok(())
    }

    fn answered(&mut self, task: &Task) {
        let waited = usize::try_from(self.now - task.since).unwrap_or(WAITS);
        if let Some(count) = self.tally.waits.get_mut(waited.min(WAITS - 1)) {
            *count += 1;
        }
    }

    fn wake(&mut self, id: u64) -> Checked {
        match self.tasks.remove(&id) {
            Some(task) => self.attempt(id, task),
            None => Ok(()),
        }
    }

    fn close(&mut self, letter: &Letter) -> Checked {
        let Some(id) = letter.task else { return Ok(()) };
        let Some(task) = self.tasks.get_mut(&id) else {
            return Ok(());
        };
        if !task.open.remove(&letter.call.request.number) || !task.open.is_empty() {
            return Ok(());
        }
        self.wake(id)
    }

    fn at_reset(&mut self, object: &ObjectName, key: &CounterKey, limit: &Limit) -> Checked {
        let now = self.owner_time(object);
        self.tally.ledger.reset(object, key, limit, now);
        match self.owners.get_mut(object) {
            Some(owner) => owner.reset(key, now),
            None => Ok(()),
        }
    }

    fn at_settle(&mut self, isolate: usize, charge: &Charge, units: u64) {
        let local = self.local(isolate);
        if let Some(it) = self.isolates.get_mut(isolate) {
            it.book.settle(charge, units, local);
        }
        self.send_due(isolate);
    }

    fn lives(&self, letter: &Letter) -> bool {
        let isolate = self.isolates.get(letter.isolate);
        isolate.is_some_and(|it| it.life == letter.life)
    }

    fn book(&mut self, isolate: usize) -> Result<&mut LeaseBook, String> {
        let found = self.isolates.get_mut(isolate);
        found
            .map(|it| &mut it.book)
            .ok_or_else(|| "no such isolate".to_owned())
    }

    /// The owner's clock; it keeps its skew over restarts.
    fn owner_time(&mut self, object: &ObjectName) -> Timestamp {
        let skew_ms = match self.skews.get(object) {
            Some(skew_ms) => *skew_ms,
            None => {
                let mut hash = DefaultHasher::new();
                object.as_str().hash(&mut hash);
                let skew = Chance::new(hash.finish());
                let skew_ms = skew
                    .clone()
                    .between(-self.weather.skew_ms, self.weather.skew_ms);
                self.skews.insert(object.clone(), skew_ms);
                skew_ms
            }
        };
        Timestamp(self.now + skew_ms)
    }

    fn local(&self, isolate: usize) -> Timestamp {
        let skew_ms = self.isolates.get(isolate).map_or(0, |it| it.skew_ms);
        Timestamp(self.now + skew_ms)
    }

    fn schedule(&mut self, in_ms: i64, event: Event) {
        self.next += 1;
        self.events.insert((self.now + in_ms, self.next), event);
    }
}

/// 40 s before a minute begins, so that every story crosses a window.
const START_MS: i64 = 1_763_949_980_000 / 60_000 * 60_000 + 20_000;
/// How long a call waits for an owner before it asks again, and then before it gives up.
const DEADLINE_MS: i64 = 250;
/// How often a call looks whether what another one asked has come.
const LOOKS_EVERY_MS: i64 = 5;
/// After so many rounds a call leaves it to its policy, as a gateway does.
const LEASE_ROUNDS: u32 = 3;
/// Far more than it takes.
const ROUNDS: u32 = 8;
/// Waits are told apart up to one second.
pub(crate) const WAITS: usize = 1_001;
/// Counters that an isolate remembers.
const BOOK: usize = 50_000;
