//! What `edge.js` is told, as lines.

use model::Timestamp;
use pipeline::{Answer, Plan};

/// URL, deadline, arrival and open event, names to drop, number of headers to set, those, headers to set on the reply.
pub(crate) fn plan(plan: Plan) -> String {
    let Plan {
        url,
        timeout_ms,
        edits,
        reply_headers,
        trace,
    } = plan;
    let arrived = trace.at.0;
    let event = serde_json::to_string(&trace.open()).unwrap_or_default();
    let mut text = String::with_capacity(url.len() + event.len() + 1024);
    text.push_str(&url);
    push(&mut text, &timeout_ms.to_string());
    push(&mut text, &arrived.to_string());
    text.push(' ');
    text.push_str(&event);
    push(&mut text, &edits.drop.join(","));
    push(&mut text, &edits.set.len().to_string());
    for (name, value) in edits.set.iter().chain(&reply_headers) {
        push(&mut text, name);
        push(&mut text, value);
    }
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
    for (name, value) in &headers {
        push(&mut text, name);
        push(&mut text, value);
    }
    text
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
