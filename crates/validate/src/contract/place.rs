//! Where in a message something stands: a chain on the stack, written out only when something is wrong there.

use std::fmt::Write;

/// A step from what surrounds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    outer: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root(&'a str),
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(super) const fn body() -> Self {
        Self::root("body")
    }

    /// A parameter, for example `query.limit`.
    pub(super) const fn root(name: &'a str) -> Self {
        Self {
            outer: None,
            step: Step::Root(name),
        }
    }

    pub(super) const fn name(&'a self, name: &'a str) -> Self {
        Self {
            outer: Some(self),
            step: Step::Name(name),
        }
    }

    pub(super) const fn index(&'a self, index: usize) -> Self {
        Self {
            outer: Some(self),
            step: Step::Index(index),
        }
    }

    /// The root's name, and a JSON pointer (RFC 6901).
    pub(super) fn written(&self) -> String {
        let mut text = self.outer.map_or_else(String::new, Place::written);
        match self.step {
            Step::Root(name) => text.push_str(name),
            Step::Name(name) => {
                text.push('/');
                // A name may be the caller's own, and as long as the body.
                for character in name.chars().take(100) {
                    match character {
                        '~' => text.push_str("~0"),
                        '/' => text.push_str("~1"),
                        other => text.push(other),
                    }
                }
            }
            Step::Index(index) => {
                let _ = write!(text, "/{index}");
            }
        }
        text
    }
}
