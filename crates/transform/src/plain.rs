//! Steps that change nothing but headers, on a call that is passed through: they join the edits that every call has, so
//! that nothing waits for them.

use model::Action;

use crate::Edits;

/// What becomes of one header of a reply that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyEdit {
    /// What is done.
    pub change: Change,
    /// Name of the header, in lower case.
    pub name: String,
    /// The value; empty for a header that is removed.
    pub value: String,
}

/// What is done to a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its values are replaced by one.
    Set,
    /// One more value.
    Add,
    /// It goes.
    Remove,
}

/// Does the step change a header only, and one that edits can change? Cookies are joined in their own way, and `Vary` is
/// added to, where others are replaced.
#[must_use]
pub fn is_plain(action: &Action) -> bool {
    parts(action).is_some_and(|(_, name, _)| !matches!(name, "cookie" | "vary"))
}

impl Edits {
    /// Takes a plain step of the request's way in, behind those that are in. `incoming`: the headers as the client sent
    /// them, which an added value stands beside.
    pub fn take_in<'h>(
        &mut self,
        action: &Action,
        incoming: impl Iterator<Item = (&'h str, &'h str)>,
    ) {
        let Some((change, name, value)) = parts(action) else {
            return;
        };
        let value = match change {
            Change::Set => value.to_owned(),
            Change::Add => self.beside(name, value, incoming),
            Change::Remove => return self.remove(name),
        };
        self.more.retain(|(it, _)| it != name);
        self.more.push((name.to_owned(), value));
    }

    /// Takes a plain step of the reply's way in, behind those that are in.
    pub fn take_in_reply(&mut self, action: &Action) {
        if let Some((change, name, value)) = parts(action) {
            self.reply.push(ReplyEdit {
                change,
                name: name.to_owned(),
                value: value.to_owned(),
            });
        }
    }

    /// One header has all its values in one line (RFC 9110 section 5.3).
    fn beside<'h>(
        &self,
        name: &str,
        value: &str,
        incoming: impl Iterator<Item = (&'h str, &'h str)>,
    ) -> String {
        let more = self.more.iter().find(|(it, _)| it == name);
        let set = self.set.iter().find(|(it, _)| *it == name);
        let made = more
            .map(|(_, value)| value)
            .or_else(|| set.map(|(_, value)| value));
        let mut line = String::new();
        if let Some(made) = made {
            line.push_str(made);
        } else if !self.drop.iter().any(|it| it == name) {
            for (_, old) in incoming.filter(|(it, _)| *it == name) {
                join(&mut line, old);
            }
        }
        join(&mut line, value);
        line
    }

    fn remove(&mut self, name: &str) {
        self.more.retain(|(it, _)| it != name);
        self.set.retain(|(it, _)| *it != name);
        self.drop.push(name.to_owned());
    }
}

fn join(line: &mut String, value: &str) {
    if !line.is_empty() {
        line.push_str(", ");
    }
    line.push_str(value);
}

fn parts(action: &Action) -> Option<(Change, &str, &str)> {
    match action {
        Action::SetHeader { name, value } => Some((Change::Set, name, value)),
        Action::AddHeader { name, value } => Some((Change::Add, name, value)),
        Action::RemoveHeader { name } => Some((Change::Remove, name, "")),
        Action::AddQueryParam { .. }
        | Action::RemoveQueryParam { .. }
        | Action::RewritePath { .. }
        | Action::ChangeMethod { .. }
        | Action::FilterAddress { .. }
        | Action::Respond { .. }
        | Action::Redirect { .. }
        | Action::MaskFields { .. }
        | Action::Log { .. }
        | Action::TellFault { .. }
        | Action::SetEndpoint { .. }
        | Action::CallOut { .. }
        | Action::SetBody { .. }
        | Action::JsonToXml { .. }
        | Action::XmlToJson => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{Fields, Message};

    use super::*;
    use crate::policies;

    /// What the shell makes of edits.
    fn edited(edits: &Edits, incoming: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut headers = Fields::default();
        for (name, value) in incoming {
            if !edits.drop.iter().any(|it| it == name) {
                match headers.get(name).map(str::to_owned) {
                    Some(old) => headers.set(name, format!("{old}, {value}")),
                    None => headers.add(name, *value),
                }
            }
        }
        for (name, value) in &edits.set {
            headers.set(name, value.as_str());
        }
        for (name, value) in &edits.more {
            headers.set(name, value.as_str());
        }
        sorted(&headers)
    }

    /// Names with all their values in one line.
    fn sorted(headers: &Fields) -> Vec<(String, String)> {
        let mut names: Vec<&str> = headers.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let line = |name: &&str| headers.all(name).collect::<Vec<_>>().join(", ");
        names
            .iter()
            .map(|name| ((*name).to_owned(), line(name)))
            .collect()
    }

    #[test]
    fn edits_do_what_the_steps_would() {
        let set = |name: &str| Action::SetHeader {
            name: name.into(),
            value: "set".into(),
        };
        let add = |name: &str| Action::AddHeader {
            name: name.into(),
            value: "added".into(),
        };
        let remove = |name: &str| Action::RemoveHeader { name: name.into() };
        let incoming = [
            ("x-a", "1"),
            ("x-b", "2"),
            ("authorization", "secret"),
            ("x-c", "3"),
        ];
        let names = ["x-a", "authorization", "x-request-id", "x-new"];
        let kinds: [&dyn Fn(&str) -> Action; 3] = [&set, &add, &remove];
        for first in names {
            for second in names {
                for (before, after) in (0..9).map(|at| (kinds[at / 3], kinds[at % 3])) {
                    let steps = [before(first), after(second)];
                    let mut edits = Edits {
                        drop: vec!["authorization".into()],
                        set: vec![("x-request-id", "r1".into())],
                        ..Edits::default()
                    };
                    let headers = incoming
                        .into_iter()
                        .filter(|(name, _)| *name != "authorization")
                        .collect();
                    let mut message = Message {
                        headers,
                        ..Message::default()
                    };
                    message.headers.set("x-request-id", "r1");
                    for step in &steps {
                        assert!(is_plain(step));
                        edits.take_in(step, incoming.into_iter());
                        policies::apply(step, &mut message, &policies::Around::default());
                    }
                    assert_eq!(
                        edited(&edits, &incoming),
                        sorted(&message.headers),
                        "{steps:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn cookies_and_vary_are_no_plain_headers() {
        for name in ["cookie", "vary"] {
            assert!(!is_plain(&Action::RemoveHeader { name: name.into() }));
        }
    }
}
