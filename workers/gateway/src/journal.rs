//! record: the calls that are under way, and the events that wait to be sent.
//!
//! An event never leaves Wasm by itself: it is written as JSON behind the others, and a batch goes out as bytes.

use std::collections::VecDeque;

use model::Timestamp;
use pipeline::{Outcome, Trace};
use usage::WrittenEvent;

#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// Calls under way, each at its number modulo [`MOST_OPEN`].
    open: Vec<Option<(u32, Trace)>>,
    last: u32,
    /// Full batches first, then the one that is being filled.
    batches: VecDeque<Batch>,
    waiting: u32,
    dropped: u64,
}

/// Events as JSON, separated by commas.
#[derive(Debug, Default)]
struct Batch {
    json: Vec<u8>,
    events: u32,
}

impl Journal {
    /// Remembers a call that goes upstream; its number. The number of a call whose client went away before the reply
    /// comes round again, and the call is then forgotten without an event.
    pub(crate) fn open(&mut self, trace: Trace) -> u32 {
        self.last = self.last.wrapping_add(1);
        let number = self.last;
        let place = place(number);
        if self.open.len() <= place {
            self.open.resize_with(place + 1, || None);
        }
        if let Some(slot) = self.open.get_mut(place) {
            *slot = Some((number, trace));
        }
        number
    }

    /// Writes the event of a call that has its outcome.
    pub(crate) fn settle(&mut self, number: u32, outcome: &Outcome, now: Timestamp) {
        let slot = self.open.get_mut(place(number));
        let open = slot.and_then(|slot| slot.take_if(|(held, _)| *held == number));
        if let Some((_, trace)) = open {
            self.add(&trace.forwarded(outcome, now));
        }
    }

    /// Writes an event behind the others.
    pub(crate) fn add(&mut self, event: &WrittenEvent<'_>) {
        if self.waiting >= MOST_WAITING {
            self.dropped += 1;
            return;
        }
        if self
            .batches
            .back()
            .is_none_or(|batch| batch.events >= BATCH_EVENTS)
        {
            self.batches.push_back(Batch::default());
        }
        if let Some(batch) = self.batches.back_mut() {
            batch.add(event);
            self.waiting += 1;
        }
    }

    /// Events that wait.
    pub(crate) const fn waiting(&self) -> u32 {
        self.waiting
    }

    /// Takes the oldest batch out, as the body that the analytics Worker wants; empty when nothing waits.
    pub(crate) fn take(&mut self, name: &str) -> Vec<u8> {
        let Some(batch) = self.batches.pop_front() else {
            return Vec::new();
        };
        self.waiting -= batch.events;
        if self.dropped > 0 {
            worker::console_warn!("events dropped so far: {}", self.dropped);
        }
        let mut body = format!("{{\"batch\":\"{name}\",\"events\":[").into_bytes();
        body.reserve(batch.json.len() + 2);
        body.extend(batch.json);
        body.extend(b"]}");
        body
    }
}

impl Batch {
    fn add(&mut self, event: &WrittenEvent<'_>) {
        let before = self.json.len();
        if self.events > 0 {
            self.json.push(b',');
        }
        if serde_json::to_writer(&mut self.json, event).is_ok() {
            self.events += 1;
        } else {
            self.json.truncate(before);
        }
    }
}

const fn place(number: u32) -> usize {
    number as usize % MOST_OPEN
}

/// More calls than an isolate has under way at once.
const MOST_OPEN: usize = 8_192;
/// What the shell flushes by.
const BATCH_EVENTS: u32 = 250;
/// Some 5 MB, should statistics be out of reach.
const MOST_WAITING: u32 = 10_000;
