//! Messages: on their way, at owners, and back.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use throttle::{LeaseCall, LeaseReply, ObjectName};

use super::{Checked, DEADLINE_MS, World};
use crate::owner::Owner;
use crate::parts::{Ear, Event, Letter};

impl World {
    pub(super) fn send_due(&mut self, isolate: usize) {
        let local = self.local(isolate);
        let due = self
            .isolates
            .get_mut(isolate)
            .map(|it| it.book.refill_due(local));
        for call in due.unwrap_or_default() {
            self.send(isolate, None, call, 0);
        }
    }

    pub(super) fn send(
        &mut self,
        isolate: usize,
        task: Option<u64>,
        call: LeaseCall,
        attempt: u32,
    ) {
        self.tally.messages += 1;
        let life = self.isolates.get(isolate).map_or(0, |it| it.life);
        let letter = Rc::new(Letter {
            isolate,
            life,
            task,
            call,
            sent_at: self.local(isolate),
            attempt,
        });
        self.post(&match letter.call.relay {
            None => Event::AtOwner(Rc::clone(&letter)),
            Some(_) => Event::AtRelay(Rc::clone(&letter)),
        });
        self.schedule(DEADLINE_MS, Event::Deadline(letter));
    }

    /// Sends over the network: perhaps lost, perhaps twice, each time with its own delay.
    pub(super) fn post(&mut self, event: &Event) {
        let copies = 1 + u64::from(self.chance.percent(self.weather.repeated));
        for _ in 0..copies {
            let (least, most) = self.weather.delay_ms;
            let delay = self.chance.between(least, most);
            if !self.chance.percent(self.weather.lost) {
                self.schedule(delay, event.clone());
            }
        }
    }

    pub(super) fn at_owner(&mut self, letter: Rc<Letter>) -> Checked {
        if let Some(reply) = self.granted(&letter.call)? {
            self.post(&Event::AtIsolate(letter, Rc::new(reply)));
        }
        Ok(())
    }

    /// What the owner answers, if it lives to do so.
    pub(super) fn granted(&mut self, call: &LeaseCall) -> Result<Option<LeaseReply>, String> {
        self.hears(&call.object);
        let now = self.owner_time(&call.object);
        let relayed_from = self.weather.relayed_from;
        if !self.owners.contains_key(&call.object) {
            let owner = Owner::relayed_from(relayed_from);
            self.owners.insert(call.object.clone(), owner);
        }
        let Some(owner) = self.owners.get_mut(&call.object) else {
            return Ok(None);
        };
        let reply = owner.grant(&call.request, now)?;
        let mut trace = DefaultHasher::new();
        (self.tally.trace, self.now).hash(&mut trace);
        for outcome in &reply.outcomes {
            (outcome.units, outcome.remaining, outcome.ends_in_ms).hash(&mut trace);
        }
        self.tally.trace = trace.finish();
        if self.chance.percent(self.weather.owner_dies) {
            owner.restart()?;
            return Ok(None);
        }
        Ok(Some(reply))
    }

    pub(super) fn hears(&mut self, object: &ObjectName) {
        if !self.ears.contains_key(object) {
            self.ears.insert(object.clone(), Ear::default());
        }
        if let Some(ear) = self.ears.get_mut(object) {
            self.tally.busiest = self.tally.busiest.max(ear.hears(self.now));
        }
    }

    pub(super) fn at_isolate(&mut self, letter: &Letter, reply: &LeaseReply) -> Checked {
        if !self.lives(letter) {
            return Ok(());
        }
        let local = self.local(letter.isolate);
        self.book(letter.isolate)?
            .receive(&letter.call, reply, letter.sent_at, local);
        self.close(letter)
    }

    pub(super) fn deadline(&mut self, letter: &Letter) -> Checked {
        let number = letter.call.request.number;
        let is_open = |id: u64| {
            self.tasks
                .get(&id)
                .is_some_and(|task| task.open.contains(&number))
        };
        if !self.lives(letter) || !letter.task.is_some_and(is_open) {
            return Ok(());
        }
        if letter.attempt == 0 {
            // As it is, but past the relay.
            let call = LeaseCall {
                relay: None,
                ..letter.call.clone()
            };
            self.send(letter.isolate, letter.task, call, 1);
            return Ok(());
        }
        let local = self.local(letter.isolate);
        self.book(letter.isolate)?.unreachable(&letter.call, local);
        self.close(letter)
    }
}
