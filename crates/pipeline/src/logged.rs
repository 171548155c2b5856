//! record: the line for the log, for an API whose owner wants one for each call.

use std::fmt::Write as _;

use model::{Deployment, LogLevel};
use transform::redacted;
use usage::WrittenEvent;

use crate::{Request, Trace};

/// The request's headers as the log may be told them; nothing for most APIs.
pub(crate) fn headers(request: &Request<'_>, deployment: &Deployment) -> String {
    let mut line = String::new();
    if deployment.conduct.log != LogLevel::Standard {
        return line;
    }
    // An owner may have credentials sent under a name that does not sound like it.
    let security = &deployment.security;
    let own = [&security.authorization_header, &security.api_key_header];
    for (name, value) in &request.headers {
        // What the shell adds for itself is no header.
        if !name.starts_with(':') && line.len() < MOST_BYTES {
            let sounds = if own.iter().any(|it| it == name) {
                "authorization"
            } else {
                name
            };
            let _ = write!(line, " {name}={}", redacted(sounds, value).escape_debug());
        }
    }
    line
}

impl Trace {
    /// The line for a call that made this event; `None` for most, whose APIs want none.
    #[must_use]
    pub fn logged(&self, event: &WrittenEvent<'_>) -> Option<String> {
        self.is_logged().then(|| {
            let api = event.api.map_or("", |it| it.context.as_str());
            let mut line = format!("call {} {api}", event.method);
            line.push_str(event.template.unwrap_or_default());
            let _ = write!(line, ": {} in {} ms", event.status, event.total_ms);
            if let Some(fault) = event.fault {
                let _ = write!(line, ", fault {fault}");
            }
            if let Some(ms) = event.upstream_ms {
                let _ = write!(line, ", upstream {ms} ms");
            }
            let _ = write!(line, ", request {}", event.correlation_id.escape_debug());
            line.push_str(self.heard());
            line
        })
    }
}

/// Enough to see what came; a log line is no archive.
const MOST_BYTES: usize = 4_096;
