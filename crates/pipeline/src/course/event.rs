//! What the shell tells a course, and what it is told to do.

use model::Fields;

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The call was admitted.
    Begun,
    /// The request's body, as asked for.
    RequestBody(Read),
    /// The head of the upstream's reply is there.
    Reply {
        /// HTTP status, from 200 to 599, or 101.
        status: u16,
        /// Its headers, names in lower case.
        headers: Fields,
    },
    /// The reply's body, as asked for.
    ReplyBody(Read),
    /// The upstream gave no reply, or what was fetched could not be.
    Failed(Failure),
    /// The time is over that was to be waited for.
    Waited,
    /// What was to be fetched.
    Fetched {
        /// HTTP status.
        status: u16,
        /// Headers, names in lower case.
        headers: Fields,
        /// The whole body.
        body: Vec<u8>,
    },
}

/// What came of reading a body.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// All of it.
    Whole(Vec<u8>),
    /// It is longer than the limit; the rest was not read.
    TooLong,
    /// Bodies of other calls take all the room that there is; the rest was not read.
    NoRoom,
    /// It broke off.
    Broken,
}

/// Why there is no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection, or it broke before the head of the reply.
    NoConnection,
    /// No head of a reply in time.
    NoReplyInTime,
    /// A reply that is none: a status that cannot be passed on.
    NoReply,
}

impl Failure {
    /// The code that the client is told.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoConnection => "101503",
            Self::NoReplyInTime => "101504",
            Self::NoReply => "101505",
        }
    }
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Read the request's body, up to so many bytes.
    ReadRequest {
        /// Bytes.
        limit: usize,
    },
    /// Send the request upstream.
    Send(Attempt),
    /// Read the reply's body, up to so many bytes.
    ReadReply {
        /// Bytes.
        limit: usize,
    },
    /// Wait.
    Wait {
        /// Milliseconds.
        ms: u32,
    },
    /// Ask another service: a token for the upstream, or what a policy calls out to.
    Fetch(Fetch),
    /// Have a body made anew: by the Worker for that, not by this one.
    Shape(Shaping),
    /// Answer the client. The course is over.
    Respond(Reply),
}

/// One attempt to get a reply of the upstream.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Absolute URL.
    pub url: String,
    /// HTTP method.
    pub method: String,
    /// Headers.
    pub headers: Fields,
    /// Body.
    pub body: Body,
    /// Deadline for the head of the reply, in milliseconds.
    pub timeout_ms: u32,
}

/// A request beside the call, whose answer is read whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Absolute URL; whether it may be called was judged when it was configured.
    pub url: String,
    /// HTTP method.
    pub method: String,
    /// Headers.
    pub headers: Fields,
    /// Body; empty for none.
    pub body: Vec<u8>,
    /// Deadline for all of it, in milliseconds.
    pub timeout_ms: u32,
    /// Most bytes of its body.
    pub limit: usize,
}

/// A body that is to be made anew; what comes of it is [`Event::Fetched`]: 200 with the body, or 422 with the reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Shaping {
    /// Path and query that say what is to be done.
    pub what: String,
    /// What it is made of.
    pub body: Vec<u8>,
}

/// What a message is sent with.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// The stream that the platform holds and nobody has read.
    Passed,
    /// The same, and what goes by is wanted once it has gone by whole: see [`crate::Course::gone_by`].
    Kept,
    /// These bytes.
    Made(Vec<u8>),
}

/// What the client gets.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Fields,
    /// Body.
    pub body: Body,
}
