//! What `entry.js` is told, as lines.

use model::Fields;
use pipeline::{Answer, Change, Edits, ReplyEdit};

/// Something has to be fetched before the call can be decided: `core.complete` does so.
pub(crate) const MISSING: &str = "M";

/// A call that may go upstream, as [`plan`] writes it down.
pub(crate) struct Forward<'a> {
    /// The call's number in the journal.
    pub(crate) number: u32,
    /// The call's bytes are counted.
    pub(crate) is_metered: bool,
    /// The call has a slot.
    pub(crate) has_slot: bool,
    /// `core.gave_up` is to be told when its client breaks the connection off.
    pub(crate) is_crowded: bool,
    pub(crate) url: &'a str,
    pub(crate) timeout_ms: u32,
    pub(crate) method: &'a str,
    pub(crate) edits: &'a Edits,
    /// A header by which the gateway signs in upstream.
    pub(crate) pass: Option<&'a (String, String)>,
    /// What is to be done should it fail waits for that.
    pub(crate) has_reserve: bool,
    pub(crate) reply_headers: &'a [(&'static str, String)],
}

/// Kind, number, URL, deadline, method, names to drop, number of headers to set, those, headers to set on the reply.
/// `due`: something is to be fetched while nobody waits. The kind has a `B` when bytes are
/// counted, an `S` when the call's end is waited for, and before those an `R` when a failure is not the end and a `G` when it
/// is to be told that the platform gave the call up.
pub(crate) fn plan(forward: &Forward<'_>, due: bool) -> String {
    let edits = forward.edits;
    let mut text = String::with_capacity(forward.url.len() + ROOM);
    push_kind(&mut text, 'F', forward, due);
    push(&mut text, forward.url);
    push_number(&mut text, u64::from(forward.timeout_ms));
    push(&mut text, forward.method);
    push(&mut text, &edits.drop.join(","));
    push_number(
        &mut text,
        (edits.set.len() + edits.more.len()) as u64 + u64::from(forward.pass.is_some()),
    );
    push_headers(&mut text, &edits.set);
    for (name, value) in &edits.more {
        push(&mut text, name);
        push(&mut text, value);
    }
    if let Some((name, value)) = forward.pass {
        push(&mut text, name);
        push(&mut text, value);
    }
    for edit in &edits.reply {
        push_edit(&mut text, edit);
    }
    push_headers(&mut text, forward.reply_headers);
    text
}

/// The name has a mark before it that no name begins with, and what is done to it.
fn push_edit(text: &mut String, edit: &ReplyEdit) {
    text.push_str(match edit.change {
        Change::Set => "\n:=",
        Change::Add => "\n:+",
        Change::Remove => "\n:-",
    });
    text.push_str(&edit.name);
    push(text, &edit.value);
}

/// A call that is attended: kind and number; what to do is asked for with `core.attend`.
pub(crate) fn course(forward: &Forward<'_>, due: bool) -> String {
    let mut text = String::new();
    push_kind(&mut text, 'C', forward, due);
    text
}

/// Lines, then names and values of headers.
pub(crate) fn lines(first: &[&str], headers: &Fields) -> String {
    let mut text = String::with_capacity(ROOM);
    for line in first {
        push(&mut text, line);
    }
    for (name, value) in headers.iter() {
        push(&mut text, name);
        push(&mut text, value);
    }
    text.split_off(1)
}

fn push_kind(text: &mut String, kind: char, forward: &Forward<'_>, due: bool) {
    text.push(kind);
    if due {
        text.push('+');
    }
    if forward.is_crowded {
        text.push('G');
    }
    if forward.has_reserve {
        text.push('R');
    }
    if forward.is_metered {
        text.push('B');
    }
    if forward.has_slot {
        text.push('S');
    }
    push_number(text, u64::from(forward.number));
}

/// Kind, status, body, headers.
pub(crate) fn answer(answer: &Answer, due: bool) -> String {
    let mut text = String::with_capacity(answer.body.len() + ROOM);
    text.push_str(if due { "A+" } else { "A" });
    push_number(&mut text, u64::from(answer.status));
    // A body may have lines of its own; no text of ours has the letter that stands for their ends.
    push(&mut text, &answer.body.replace('\n', "\0"));
    push_headers(&mut text, &answer.headers);
    for (name, value) in answer.more.iter() {
        push(&mut text, name);
        push(&mut text, value);
    }
    text
}

fn push_headers(text: &mut String, headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        push(text, name);
        push(text, value);
    }
}

fn push_number(text: &mut String, number: u64) {
    text.push('\n');
    text.push_str(itoa::Buffer::new().format(number));
}

fn push(text: &mut String, line: &str) {
    text.push('\n');
    // A value that was taken from a client cannot have a line break; one that somehow had would move every line after it.
    if line.as_bytes().contains(&b'\n') {
        text.extend(line.chars().filter(|letter| *letter != '\n'));
    } else {
        text.push_str(line);
    }
}

/// More than the headers of most plans take.
const ROOM: usize = 768;
