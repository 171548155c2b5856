//! What `edge.js` is told, as lines.

use model::Timestamp;
use pipeline::{Answer, Plan};

/// URL, deadline, arrival and open event, names to drop, number of headers to set, those, method, headers to set on the
/// reply.
pub(crate) fn plan(plan: Plan) -> String {
    let Plan {
        url,
        timeout_ms,
        edits,
        reply_headers,
        trace,
    } = plan;
    let arrived = trace.at.0;
    let open = trace.open();
    let event = serde_json::to_string(&open).unwrap_or_default();
    let mut text = String::with_capacity(url.len() + event.len() + 1024);
    text.push_str(&url);
    push(&mut text, &timeout_ms.to_string());
    push(&mut text, &arrived.to_string());
    text.push(' ');
    text.push_str(&event);
    push(&mut text, &edits.drop.join(","));
    push(&mut text, &edits.set.len().to_string());
    push_headers(&mut text, &edits.set);
    push(&mut text, &open.method);
    push_headers(&mut text, &reply_headers);
    text
}

/// Status, event, body, headers.
pub(crate) fn answer(answer: Answer, now: Timestamp) -> String {
    let Answer {
        status,
        headers,
        body,
        trace,
    } = answer;
    let event = trace.map(|trace| trace.answered(status, now));
    let event = event
        .and_then(|event| serde_json::to_string(&event).ok())
        .unwrap_or_default();
    let mut text = status.to_string();
    push(&mut text, &event);
    push(&mut text, &body);
    push_headers(&mut text, &headers);
    text
}

fn push_headers(text: &mut String, headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        push(text, name);
        push(text, value);
    }
}

fn push(text: &mut String, line: &str) {
    text.push('\n');
    // A value that was taken from a client cannot have a line break; one that somehow had would move every line after it.
    if line.contains('\n') {
        text.extend(line.chars().filter(|letter| *letter != '\n'));
    } else {
        text.push_str(line);
    }
}
