//! What is asked for, and by whom.

use model::Fields;

/// A request as a cache sees it.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// What beside the address sets answers apart: the API, its revision, the kind of key, host and scheme. Nothing that
    /// a change of the same address by another method would not have. No part has a line break.
    pub scope: [&'a str; 5],
    /// Method, upper-case.
    pub method: &'a str,
    /// Canonical path.
    pub path: &'a str,
    /// Query without question mark and credentials.
    pub query: &'a str,
    /// Headers as they go upstream.
    pub headers: &'a Fields,
    /// Who asks, in words that no other caller has; `None` when nobody has been asked who they are.
    pub caller: Option<&'a str>,
    /// Names of the headers in which callers show who they are, lower-case.
    pub credentials: [&'a str; 2],
    /// For how long answers may be kept, in seconds; as long as that, where they say nothing else.
    pub seconds: u32,
}

impl Asking<'_> {
    /// Where all answers of the path begin, whatever their query and their caller.
    pub(crate) fn resource(&self) -> String {
        let mut text = String::with_capacity(ROOM);
        for part in self.scope.into_iter().chain([self.path]) {
            text.push_str(part);
            text.push('\n');
        }
        text
    }

    /// Where answers for everybody are.
    pub(crate) fn shared(&self) -> String {
        let mut text = self.resource();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            text.push('&');
            text.push_str(pair);
        }
        text.push('\n');
        text
    }

    /// Where answers for this caller alone are; those who were not asked who they are have one place together.
    pub(crate) fn own(&self) -> String {
        let mut text = self.shared();
        if let Some(caller) = self.caller {
            text.push('=');
            text.push_str(caller);
        } else {
            text.push('?');
        }
        text
    }

    /// May neither be answered from what is kept, nor be kept: what comes back is a part, depends on what a browser holds,
    /// or on a condition that only the upstream can judge.
    pub(crate) fn passes_by(&self) -> bool {
        const REASONS: [&str; 6] = [
            "range",
            "if-match",
            "if-unmodified-since",
            "if-range",
            "cookie",
            "upgrade",
        ];
        REASONS.iter().any(|name| self.headers.get(name).is_some())
    }
}

const ROOM: usize = 256;
