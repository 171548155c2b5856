//! What a collector of traces is told of a call: the gateway's span, and that of the call upstream.
//!
//! Names and values are those of OpenTelemetry's semantic conventions for HTTP; no path, no query and no credential.

use telemetry::{Attribute, Span, SpanKind};
use usage::WrittenEvent;

use crate::Trace;

impl Trace {
    /// Is a collector told of this call?
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.context.is_told()
    }

    /// The spans of a call, which its event tells the rest of.
    #[must_use]
    pub fn spans(&self, event: &WrittenEvent<'_>) -> Vec<Span> {
        let ended_ms = event.at.0 + i64::from(event.total_ms);
        let route = event.api.zip(event.template);
        let route = route.map(|(api, template)| format!("{}{template}", api.context));
        let name = match &route {
            Some(route) => format!("{} {route}", event.method),
            None => event.method.to_owned(),
        };
        let is_error = event.status >= 500;
        let mut spans = vec![Span {
            trace_id: self.context.trace_id(),
            span_id: self.context.span_id(),
            parent_span_id: self.context.parent_id(),
            name,
            kind: SpanKind::Server,
            started_ms: event.at.0,
            ended_ms,
            attributes: attributes(event, route),
            is_error,
        }];
        if let Some(upstream_ms) = event.upstream_ms {
            spans.push(Span {
                trace_id: self.context.trace_id(),
                span_id: self.context.outbound_id(),
                parent_span_id: Some(self.context.span_id()),
                name: event.method.to_owned(),
                kind: SpanKind::Client,
                started_ms: ended_ms - i64::from(upstream_ms),
                ended_ms,
                attributes: outbound(event),
                is_error,
            });
        }
        spans
    }
}

fn attributes(event: &WrittenEvent<'_>, route: Option<String>) -> Vec<Attribute> {
    let text = |name, value: Option<&str>| value.map(|it| Attribute::Text(name, it.to_owned()));
    let all = [
        text("http.request.method", Some(event.method)),
        route.map(|route| Attribute::Text("http.route", route)),
        Some(Attribute::Number(
            "http.response.status_code",
            i64::from(event.status),
        )),
        event
            .fault
            .map(|code| Attribute::Text("error.type", code.to_string())),
        text("postern.api.name", event.api.map(|api| api.name.as_str())),
        text(
            "postern.api.version",
            event.api.map(|api| api.version.as_str()),
        ),
        text(
            "postern.application.id",
            event.application.map(|it| it.id.as_str()),
        ),
        text("postern.correlation.id", Some(event.correlation_id)),
    ];
    all.into_iter().flatten().collect()
}

fn outbound(event: &WrittenEvent<'_>) -> Vec<Attribute> {
    let number = |name, value: Option<u16>| value.map(|it| Attribute::Number(name, i64::from(it)));
    let text = |name, value: Option<&str>| value.map(|it| Attribute::Text(name, it.to_owned()));
    let address = event.destination.map(|origin| {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    });
    let all = [
        text("http.request.method", Some(event.method)),
        text("server.address", address),
        number("http.response.status_code", event.upstream_status),
        event
            .fault
            .map(|code| Attribute::Text("error.type", code.to_string())),
    ];
    all.into_iter().flatten().collect()
}
