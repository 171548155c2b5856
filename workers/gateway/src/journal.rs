//! record: the calls that are under way, and the events that wait to be sent.
//!
//! An event never leaves Wasm by itself: a batch goes out as bytes, and its events are written as JSON one behind the other
//! when it does, which is cheaper than writing each when its call ends, with everything else having been done in between.

use std::collections::VecDeque;

use model::Timestamp;
use pipeline::{Outcome, Trace, Underway};
use telemetry::{Attribute, Export, Span};
use usage::{MAX_BATCH_EVENTS, WrittenEvent};

/// How a call ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The gateway answered itself, with this status.
    Answered(u16),
    /// It went upstream.
    Forwarded(Outcome),
}

/// A call that is over.
#[derive(Debug)]
struct Ended {
    trace: Trace,
    end: End,
    at: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Journal {
    pub(crate) underway: Underway,
    /// The oldest first.
    ended: VecDeque<Ended>,
    dropped: u64,
    /// What a collector of traces is to be told.
    spans: Vec<Span>,
}

impl Journal {
    /// `room`: see [`Underway::new`].
    pub(crate) fn new(room: &str) -> Self {
        Self {
            underway: Underway::new(room),
            ended: VecDeque::new(),
            dropped: 0,
            spans: Vec::new(),
        }
    }

    /// Notes the outcome of a call that went upstream.
    pub(crate) fn settle(&mut self, number: u32, outcome: Outcome, at: Timestamp) {
        if let Some(trace) = self.underway.take(number) {
            self.add(trace, End::Forwarded(outcome), at);
        }
    }

    /// Notes how a call ended.
    pub(crate) fn add(&mut self, trace: Trace, end: End, at: Timestamp) {
        if self.ended.len() >= MOST_WAITING {
            self.dropped += 1;
            return;
        }
        let ended = Ended { trace, end, at };
        if ended.trace.is_logged()
            && let Some(line) = ended.trace.logged(&ended.event())
        {
            worker::console_log!("{line}");
        }
        self.ended.push_back(ended);
    }

    /// Events that wait.
    pub(crate) fn waiting(&self) -> u32 {
        u32::try_from(self.ended.len()).unwrap_or(u32::MAX)
    }

    /// Takes at most so many of the oldest events out, as the body that the analytics Worker wants; empty when nothing waits.
    pub(crate) fn take(&mut self, name: &str, most: usize) -> Vec<u8> {
        let count = self.ended.len().min(most).min(MAX_BATCH_EVENTS);
        if count == 0 {
            return Vec::new();
        }
        if self.dropped > 0 {
            worker::console_warn!("events dropped so far: {}", self.dropped);
        }
        let mut body = Vec::with_capacity(count * EVENT_BYTES);
        body.extend(format!("{{\"batch\":\"{name}\",\"events\":[").bytes());
        let first = body.len();
        for ended in self.ended.drain(..count) {
            let before = body.len();
            if before > first {
                body.push(b',');
            }
            let event = ended.event();
            if serde_json::to_writer(&mut body, &event).is_err() {
                body.truncate(before);
            }
            if ended.trace.is_told() && self.spans.len() < MOST_SPANS {
                self.spans.extend(ended.trace.spans(&event));
            }
        }
        body.extend(b"]}");
        body
    }

    /// Takes the spans out, as the body that a collector of traces wants; empty when nothing waits.
    pub(crate) fn take_spans(&mut self) -> Vec<u8> {
        let spans = std::mem::take(&mut self.spans);
        if spans.is_empty() {
            return Vec::new();
        }
        let resource = [Attribute::Text("service.name", SERVICE.to_owned())];
        let export = Export {
            resource: &resource,
            spans: &spans,
        };
        serde_json::to_vec(&export).unwrap_or_default()
    }
}

impl Ended {
    fn event(&self) -> WrittenEvent<'_> {
        match &self.end {
            End::Answered(status) => self.trace.answered(*status, self.at),
            End::Forwarded(outcome) => self.trace.forwarded(outcome, self.at),
        }
    }
}

/// Of as many events: those of a batch are taken right behind it, so this is never reached but by mistake.
const MOST_SPANS: usize = 2 * MAX_BATCH_EVENTS;
/// By which a collector knows the gateway.
const SERVICE: &str = "postern-gateway";
/// A little more than most events take.
const EVENT_BYTES: usize = 640;
/// Some 5 MB, should statistics be out of reach.
const MOST_WAITING: usize = 10_000;
