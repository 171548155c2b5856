//! Attended calls that are under way: what happened goes in as lines, what to do comes out as lines. Bodies cross beside
//! them, as bytes.

use std::collections::BTreeMap;

use model::{Fields, Timestamp};
use pipeline::{Attempt, Body, Course, Event, Facts, Failure, Fetch, Next, Outcome, Read, Reply};

use crate::wire;

/// Courses by the number of their call.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    attended: BTreeMap<u32, Attended>,
    /// Of calls that go by themselves, should they fail.
    reserved: BTreeMap<u32, Box<Course>>,
}

#[derive(Debug)]
struct Attended {
    course: Box<Course>,
    /// Bytes that the shell is to send, until it takes them.
    made: Vec<u8>,
}

/// What a course says.
pub(crate) struct Said {
    /// What to do, as lines.
    pub(crate) lines: String,
    /// The call is over, with this outcome.
    pub(crate) outcome: Option<Outcome>,
}

impl Courses {
    /// Begins to attend a call. One that was under way for longer than very many others is given up.
    pub(crate) fn open(&mut self, number: u32, course: Box<Course>) {
        if self.attended.len() >= MOST {
            self.attended.pop_first();
        }
        let made = Vec::new();
        self.attended.insert(number, Attended { course, made });
    }

    /// Keeps a course, should its call fail.
    pub(crate) fn reserve(&mut self, number: u32, course: Box<Course>) {
        if self.reserved.len() >= MOST_RESERVED {
            self.reserved.pop_first();
        }
        self.reserved.insert(number, course);
    }

    /// The call did not fail.
    pub(crate) fn release(&mut self, number: u32) -> Option<Box<Course>> {
        if self.reserved.is_empty() {
            return None;
        }
        self.reserved.remove(&number)
    }

    /// Tells what happened; `None` when the call is not attended any more.
    pub(crate) fn tell(
        &mut self,
        number: u32,
        event: Event,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Option<Said> {
        if let Some(course) = self.release(number) {
            self.open(number, course);
        }
        let attended = self.attended.get_mut(&number)?;
        let next = attended.course.next(event, facts, now);
        let is_over = matches!(next, Next::Respond(_));
        for report in attended.course.take_reports() {
            worker::console_warn!("{report}");
        }
        Some(Said {
            lines: attended.written(next),
            outcome: is_over.then(|| attended.course.outcome()),
        })
    }

    /// The bytes that go with what was said last.
    pub(crate) fn take_body(&mut self, number: u32) -> Vec<u8> {
        let attended = self.attended.get_mut(&number);
        attended.map_or_else(Vec::new, |it| std::mem::take(&mut it.made))
    }

    /// The body that was passed on as one to be kept has gone by, whole.
    pub(crate) fn gone_by(&mut self, number: u32, body: &[u8], facts: &mut Facts) {
        if let Some(attended) = self.attended.get_mut(&number) {
            attended.course.gone_by(body, facts);
        }
        self.close(number);
    }

    /// The call is over.
    pub(crate) fn close(&mut self, number: u32) {
        self.attended.remove(&number);
    }
}

impl Attended {
    fn written(&mut self, next: Next) -> String {
        match next {
            Next::ReadRequest { limit } => format!("R\n{limit}"),
            Next::ReadReply { limit } => format!("B\n{limit}"),
            Next::Wait { ms } => format!("W\n{ms}"),
            Next::Send(attempt) => self.sent(attempt),
            Next::Fetch(fetch) => self.fetched(fetch),
            Next::Shape(shaping) => {
                self.made = shaping.body;
                format!("T\n{}", shaping.what)
            }
            Next::Respond(reply) => self.responded(reply),
        }
    }

    fn sent(&mut self, attempt: Attempt) -> String {
        let body = self.body(attempt.body);
        let timeout_ms = attempt.timeout_ms.to_string();
        let first = ["S", &attempt.url, &timeout_ms, &attempt.method, body];
        wire::lines(&first, &attempt.headers)
    }

    fn fetched(&mut self, fetch: Fetch) -> String {
        let body = if fetch.body.is_empty() {
            Body::None
        } else {
            Body::Made(fetch.body)
        };
        let body = self.body(body);
        let (timeout_ms, limit) = (fetch.timeout_ms.to_string(), fetch.limit.to_string());
        let first = ["G", &fetch.url, &timeout_ms, &fetch.method, body, &limit];
        wire::lines(&first, &fetch.headers)
    }

    fn responded(&mut self, reply: Reply) -> String {
        let body = self.body(reply.body);
        wire::lines(&["A", &reply.status.to_string(), body], &reply.headers)
    }

    fn body(&mut self, body: Body) -> &'static str {
        match body {
            Body::None => "none",
            Body::Passed => "passed",
            Body::Kept => "kept",
            Body::Made(bytes) => {
                self.made = bytes;
                "made"
            }
        }
    }
}

/// Reads what happened: a word, and for heads of replies a status and headers, a line each.
pub(crate) fn event(text: &str, body: Vec<u8>) -> Option<Event> {
    let mut lines = text.split('\n');
    let word = lines.next()?;
    let mut status = || lines.next().and_then(|it| it.parse().ok());
    Some(match word {
        "begun" => Event::Begun,
        "request" => Event::RequestBody(Read::Whole(body)),
        "request-too-long" => Event::RequestBody(Read::TooLong),
        "request-no-room" => Event::RequestBody(Read::NoRoom),
        "request-broken" => Event::RequestBody(Read::Broken),
        "body" => Event::ReplyBody(Read::Whole(body)),
        "body-too-long" => Event::ReplyBody(Read::TooLong),
        "body-no-room" => Event::ReplyBody(Read::NoRoom),
        "body-broken" => Event::ReplyBody(Read::Broken),
        "waited" => Event::Waited,
        "no-connection" => Event::Failed(Failure::NoConnection),
        "no-reply-in-time" => Event::Failed(Failure::NoReplyInTime),
        "no-reply" => Event::Failed(Failure::NoReply),
        "reply" => Event::Reply {
            status: status()?,
            headers: headers(lines),
        },
        "fetched" => Event::Fetched {
            status: status()?,
            headers: headers(lines),
            body,
        },
        _ => return None,
    })
}

fn headers<'a>(mut lines: impl Iterator<Item = &'a str>) -> Fields {
    let pairs = std::iter::from_fn(|| Some((lines.next()?, lines.next()?)));
    pairs.collect()
}

/// Each may hold a body of 10 MiB, and few do.
const MOST: usize = 1_024;
/// A few KiB each, for calls that are under way.
const MOST_RESERVED: usize = 4_096;
