//! The story of a request at a cache: looked up, asked, kept.

use std::rc::Rc;

use model::{Fields, Timestamp};

use crate::{
    asking::Asking,
    condition::{self, CONDITIONS},
    directives::Directives,
    entry::{Entry, Fitness},
    shelf::Shelf,
    status::{self, Why},
    storing::{self, Came},
};

/// What one isolate keeps.
#[derive(Debug)]
pub struct Cache {
    shelf: Shelf,
}

/// What a look into the cache comes to.
#[derive(Debug)]
pub enum LookUp {
    /// Answer so.
    Answer(Reply),
    /// Ask the upstream, and say what it replied.
    Ask(Ask),
    /// The client wants what is kept or nothing, and nothing fit is kept.
    NotHeld,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Fields,
    /// The whole body.
    pub body: Rc<[u8]>,
    /// It is older than it should be.
    pub is_stale: bool,
}

/// A request on its way upstream.
#[derive(Clone, Debug)]
pub struct Ask {
    why: Why,
    /// Headers to set in the place of the client's own conditions; none when nothing is kept that could be asked about.
    pub conditions: Vec<(&'static str, String)>,
    /// The client's own conditions.
    client: Fields,
    /// Its answer may be kept.
    keeps: bool,
    /// Where the stale answer is that it was sent for.
    stale: Option<String>,
    request: Directives,
}

/// What a reply of the upstream comes to.
#[derive(Debug)]
pub enum Replied {
    /// Pass it on, with this header beside; and keep it, once its body is there.
    Pass {
        /// For [`Cache::keep`].
        ticket: Option<Ticket>,
        /// `Cache-Status`, to be added.
        status: Fields,
    },
    /// Answer so in its place.
    Answer {
        /// What was kept.
        reply: Reply,
        /// The upstream has said that it still holds; otherwise the upstream failed.
        is_confirmed: bool,
    },
}

/// An answer whose body is still to come.
#[derive(Clone, Debug)]
pub struct Ticket {
    key: String,
    entry: Entry,
}

impl Cache {
    /// Nothing yet, and never more than about so many bytes.
    #[must_use]
    pub const fn new(most_bytes: usize) -> Self {
        Self {
            shelf: Shelf::new(most_bytes),
        }
    }

    /// Bytes that are taken, more or less.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.shelf.bytes()
    }

    /// Is there an answer to this already?
    pub fn look_up(&mut self, asking: &Asking<'_>, now: Timestamp) -> LookUp {
        let request = Directives::of(asking.headers);
        let mut ask = Ask {
            why: Why::UriMiss,
            conditions: Vec::new(),
            client: conditions(asking.headers),
            keeps: asking.method == "GET" && !request.no_store && !asking.passes_by(),
            stale: None,
            request,
        };
        if !matches!(asking.method, "GET" | "HEAD") {
            ask.why = Why::Method;
            return ask.or_not_held();
        }
        if asking.passes_by() {
            ask.why = Why::Bypass;
            return ask.or_not_held();
        }
        let now = seconds(now);
        let Some(key) = self.place(asking) else {
            let has_others = self.shelf.has_variants(&asking.shared());
            ask.why = if has_others {
                Why::VaryMiss
            } else {
                Why::UriMiss
            };
            return ask.or_not_held();
        };
        let Some(entry) = self.shelf.find(&key, asking) else {
            return ask.or_not_held();
        };
        match entry.fitness(&ask.request, now) {
            Fitness::Good | Fitness::GoodMeanwhile => {
                return LookUp::Answer(answer(entry, &ask.client, now, status::hit));
            }
            Fitness::Unwanted => ask.why = Why::Request,
            Fitness::Stale => ask.why = Why::Stale,
        }
        if asking.method == "GET" && !ask.request.only_if_cached {
            entry.asked_until = now + ASKED_SECONDS;
            ask.conditions = validators(entry);
            ask.stale = Some(key);
        }
        ask.or_not_held()
    }

    /// What comes of the upstream's reply. `sent` is when it was asked.
    pub fn replied(
        &mut self,
        ask: &Ask,
        asking: &Asking<'_>,
        head: (u16, &Fields),
        (sent, now): (Timestamp, Timestamp),
    ) -> Replied {
        let came = Came {
            sent: seconds(sent),
            now: seconds(now),
            ttl: i64::from(asking.seconds),
        };
        let (status, headers) = head;
        if !matches!(asking.method, "GET" | "HEAD" | "OPTIONS" | "TRACE") {
            if matches!(status, 200..=399) {
                self.shelf.forget(&asking.resource());
            }
            return pass(ask, None);
        }
        if status == 304
            && !ask.conditions.is_empty()
            && let Some(reply) = self.confirm(ask, asking, headers, came)
        {
            return Replied::Answer {
                reply,
                is_confirmed: true,
            };
        }
        if matches!(status, 500 | 502..=504)
            && let Some(reply) = self.failed(ask, asking, now)
        {
            return Replied::Answer {
                reply,
                is_confirmed: false,
            };
        }
        if !ask.keeps {
            return pass(ask, None);
        }
        let terms = storing::terms(&ask.request, status, headers, came);
        let is_answer = matches!(status, 200..=499);
        if is_answer && let Some(key) = &ask.stale {
            self.shelf.remove(key, asking);
        }
        let ticket = terms.map(|terms| {
            let key = if terms.is_public && !differs_by_credential(asking, headers) {
                asking.shared()
            } else {
                asking.own()
            };
            let head = (status, headers.clone());
            let entry = Entry::new(asking, head, terms, came.now);
            Ticket { key, entry }
        });
        pass(ask, ticket)
    }

    /// What answers in the place of an upstream that could not be reached; `None` when nothing may.
    pub fn failed(&mut self, ask: &Ask, asking: &Asking<'_>, now: Timestamp) -> Option<Reply> {
        let key = ask.stale.as_ref()?;
        let now = seconds(now);
        let entry = self.shelf.find(key, asking)?;
        entry.asked_until = 0;
        let mends = entry.mends(&ask.request, now);
        mends.then(|| answer(entry, &ask.client, now, status::mended))
    }

    /// Keeps an answer, now that its whole body is there. One that is too large is not kept.
    pub fn keep(&mut self, ticket: Ticket, body: &[u8]) {
        let Ticket { key, mut entry } = ticket;
        if body.len() <= MOST_BODY {
            entry.body = Rc::from(body);
            self.shelf.put(&key, entry);
        }
    }

    /// Where the answer is that this request selects: among those for everybody, or among the caller's own.
    fn place(&mut self, asking: &Asking<'_>) -> Option<String> {
        let shared = asking.shared();
        if self.shelf.find(&shared, asking).is_some() {
            return Some(shared);
        }
        let own = asking.own();
        self.shelf.find(&own, asking).is_some().then_some(own)
    }

    /// The upstream says that what is kept still holds: its headers are renewed (RFC 9111 section 3.2).
    fn confirm(
        &mut self,
        ask: &Ask,
        asking: &Asking<'_>,
        headers: &Fields,
        came: Came,
    ) -> Option<Reply> {
        let key = ask.stale.as_ref()?;
        let mut entry = self.shelf.find(key, asking)?.clone();
        for (name, value) in headers.iter() {
            if !UNCHANGED.contains(&name) {
                entry.headers.set(name, value);
            }
        }
        let note = |headers: &mut Fields, left| status::revalidated(headers, ask.why, left);
        let reply = |entry: &Entry| answer(entry, &ask.client, came.now, note);
        let terms = storing::terms(&ask.request, entry.status, &entry.headers, came);
        let was_public = entry.terms.is_public;
        // Its caller may have it, since the upstream says so; whether it is kept is another matter.
        self.shelf.remove(key, asking);
        match terms {
            Some(terms) if headers.get("set-cookie").is_none() => {
                let stays = terms.is_public == was_public;
                let (body, head) = (
                    Rc::clone(&entry.body),
                    (entry.status, entry.headers.clone()),
                );
                entry = Entry::new(asking, head, terms, came.now);
                entry.body = body;
                let reply = reply(&entry);
                if stays {
                    self.shelf.put(key, entry);
                }
                Some(reply)
            }
            _ => Some(reply(&entry)),
        }
    }
}

impl Ask {
    fn or_not_held(self) -> LookUp {
        if self.request.only_if_cached && matches!(self.why, Why::Method) {
            return LookUp::Ask(self);
        }
        if self.request.only_if_cached {
            return LookUp::NotHeld;
        }
        LookUp::Ask(self)
    }

    /// Requests of this kind are never answered from what is kept.
    #[must_use]
    pub const fn is_bypass(&self) -> bool {
        matches!(self.why, Why::Method | Why::Bypass)
    }
}

fn pass(ask: &Ask, ticket: Option<Ticket>) -> Replied {
    let mut status = Fields::default();
    status::forwarded(&mut status, ask.why, ticket.is_some());
    Replied::Pass { ticket, status }
}

fn answer(entry: &Entry, client: &Fields, now: i64, note: impl FnOnce(&mut Fields, i64)) -> Reply {
    let left = entry.left(now);
    let mut headers = entry.headers.clone();
    headers.set("age", entry.age(now).to_string());
    note(&mut headers, left);
    let holds = entry.status == 200 && condition::holds(client, &entry.headers);
    if !holds {
        return Reply {
            status: entry.status,
            headers,
            body: Rc::clone(&entry.body),
            is_stale: left <= 0,
        };
    }
    for name in OF_CONTENT {
        headers.remove(name);
    }
    Reply {
        status: 304,
        headers,
        body: Rc::from([]),
        is_stale: left <= 0,
    }
}

fn conditions(headers: &Fields) -> Fields {
    headers
        .iter()
        .filter(|(name, _)| CONDITIONS.contains(name))
        .collect()
}

fn validators(entry: &Entry) -> Vec<(&'static str, String)> {
    let etag = entry.headers.get("etag");
    let etag = etag.map(|it| ("if-none-match", it.to_owned()));
    let modified = entry.headers.get("last-modified");
    let modified = modified.map(|it| ("if-modified-since", it.to_owned()));
    [etag, modified].into_iter().flatten().collect()
}

/// An answer that differs by who shows which credential is not for everybody, whatever else it says.
fn differs_by_credential(asking: &Asking<'_>, headers: &Fields) -> bool {
    headers
        .all("vary")
        .flat_map(|field| field.split(','))
        .any(|name| {
            let name = name.trim().to_ascii_lowercase();
            CREDENTIALS.contains(&name.as_str()) || asking.credentials.contains(&name.as_str())
        })
}

const fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

/// One isolate has 128 MiB for everything; what is larger is better kept by whoever stands before us.
const MOST_BODY: usize = 1024 * 1024;
/// How long others are answered with what is stale while one asks.
const ASKED_SECONDS: i64 = 30;
/// Headers that a 304 does not renew: they are about content that it does not have.
const UNCHANGED: [&str; 5] = [
    "content-length",
    "content-encoding",
    "content-type",
    "content-range",
    "set-cookie",
];
/// Headers that a 304 has no use for.
const OF_CONTENT: [&str; 4] = [
    "content-type",
    "content-language",
    "content-disposition",
    "last-modified",
];
const CREDENTIALS: [&str; 5] = [
    "authorization",
    "cookie",
    "apikey",
    "internal-key",
    "x-jwt-assertion",
];
