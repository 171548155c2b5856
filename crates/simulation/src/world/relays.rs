//! Relays: between owners and their crowds.

use std::rc::Rc;

use model::Timestamp;
use throttle::{Holder, LeaseCall, LeaseReply, ObjectName, Relay, Relayed};

use super::{Checked, DEADLINE_MS, World};
use crate::parts::{Errand, Event, Letter};

/// A relay, and the requests that wait in it.
pub(super) struct Station {
    relay: Relay,
    life: u64,
    waiting: Vec<(i64, Rc<Letter>)>,
}

impl World {
    pub(super) fn at_relay(&mut self, letter: Rc<Letter>) {
        let Some(number) = letter.call.relay else {
            return;
        };
        let name = letter.call.object.of_relay(number);
        self.tally.relayed += 1;
        self.hears(&name);
        if !self.relays.contains_key(&name) {
            let station = self.station(&letter.call.object, 0);
            self.relays.insert(name.clone(), station);
        }
        self.serve(&name, letter, self.now);
        if self.chance.percent(self.weather.owner_dies) {
            let life = self.relays.get(&name).map_or(0, |it| it.life + 1);
            let station = self.station(&letter_root(&name), life);
            self.relays.insert(name, station);
        }
    }

    pub(super) fn of_relay_at_owner(&mut self, errand: Rc<Errand>) -> Checked {
        if let Some(reply) = self.granted(&errand.call)? {
            self.post(&Event::AtRelayOfOwner(errand, Rc::new(reply)));
        }
        Ok(())
    }

    pub(super) fn at_relay_of_owner(&mut self, errand: &Errand, reply: &LeaseReply) {
        let now = self.owner_time(&errand.relay);
        if let Some(relay) = self.living(errand) {
            relay.receive(&errand.call, reply, errand.sent_at, now);
            self.serve_waiting(&errand.relay);
        }
    }

    pub(super) fn deadline_of_relay(&mut self, errand: &Errand) {
        let now = self.owner_time(&errand.relay);
        if let Some(relay) = self.living(errand)
            && relay.is_open(&errand.call)
        {
            relay.unreachable(&errand.call, now);
            self.serve_waiting(&errand.relay);
        }
    }

    fn living(&mut self, errand: &Errand) -> Option<&mut Relay> {
        let station = self.relays.get_mut(&errand.relay)?;
        (station.life == errand.life).then_some(&mut station.relay)
    }

    fn station(&mut self, root: &ObjectName, life: u64) -> Station {
        let holder = Holder::from_random(self.chance.bits());
        Station {
            relay: Relay::new(root.clone(), holder),
            life,
            waiting: Vec::new(),
        }
    }

    fn serve_waiting(&mut self, name: &ObjectName) {
        let station = self.relays.get_mut(name);
        let waiting = station.map(|it| std::mem::take(&mut it.waiting));
        for (since, letter) in waiting.unwrap_or_default() {
            if self.now - since < DEADLINE_MS {
                self.serve(name, letter, since);
            }
        }
    }

    fn serve(&mut self, name: &ObjectName, letter: Rc<Letter>, since: i64) {
        let now = self.owner_time(name);
        let Some(station) = self.relays.get_mut(name) else {
            return;
        };
        let (life, relayed) = (
            station.life,
            station.relay.answer(&letter.call.request, now),
        );
        match relayed {
            Relayed::Reply(reply) => {
                let due = station.relay.refill_due(now);
                self.post(&Event::AtIsolate(letter, Rc::new(reply)));
                for call in due {
                    self.send_errand(name, life, call, now);
                }
            }
            Relayed::Missing(call) => {
                station.waiting.push((since, letter));
                self.send_errand(name, life, call, now);
            }
            Relayed::Awaited => station.waiting.push((since, letter)),
            // The holder gives up by itself, and asks the owner.
            Relayed::Lost => {}
        }
    }

    fn send_errand(&mut self, name: &ObjectName, life: u64, call: LeaseCall, sent_at: Timestamp) {
        self.tally.messages += 1;
        let errand = Rc::new(Errand {
            relay: name.clone(),
            life,
            call,
            sent_at,
        });
        self.post(&Event::OfRelayAtOwner(Rc::clone(&errand)));
        self.schedule(DEADLINE_MS, Event::DeadlineOfRelay(errand));
    }
}

fn letter_root(name: &ObjectName) -> ObjectName {
    name.root().unwrap_or_else(|| name.clone())
}
