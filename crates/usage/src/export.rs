//! Answers for other programs: CSV for tables, and the text format of Prometheus for scrapes.

use std::fmt::Write as _;

use model::Timestamp;
use serde_json::{Value, json};

use crate::{Answer, Dimension, Figures, Latency, Row};

/// The rows as CSV (RFC 4180), with a heading; columns of dimensions that were not asked for are not there.
#[must_use]
pub fn csv(answer: &Answer) -> String {
    let mut columns: Vec<Column> = Vec::new();
    if answer.list.iter().any(|row| row.at.is_some()) {
        columns.push(("at", |row| text(&row.at)));
    }
    for dimension in &answer.group_by {
        columns.extend(columns_of(*dimension));
    }
    columns.extend(FIGURES);
    let mut csv = String::new();
    let heading: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    push(&mut csv, &heading);
    for row in &answer.list {
        let fields: Vec<String> = columns.iter().map(|(_, field)| field(row)).collect();
        push(&mut csv, &fields);
    }
    csv
}

/// Counters since the beginning of the range, by API, application and class of status (Prometheus text format 0.0.4).
/// Ranges begin with a month: a counter that falls then is what Prometheus takes for a restart.
#[must_use]
pub fn prometheus(answer: &Answer) -> String {
    let mut page = String::new();
    for (name, help, value) in METRICS {
        let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} counter");
        for row in &answer.list {
            let _ = writeln!(page, "{name}{{{}}} {}", labels(row), value(&row.figures));
        }
    }
    let summary = "postern_request_duration_seconds";
    let _ = writeln!(
        page,
        "# HELP {summary} Time until the head of the answer.\n# TYPE {summary} summary"
    );
    for row in &answer.list {
        let Latency {
            p50,
            p95,
            p99,
            mean,
            ..
        } = &row.figures.latency;
        for (quantile, value) in [("0.5", p50), ("0.95", p95), ("0.99", p99)] {
            if let Some(value) = value {
                let _ = writeln!(
                    page,
                    "{summary}{{{},quantile=\"{quantile}\"}} {}",
                    labels(row),
                    value / 1_000.0
                );
            }
        }
        let sum = mean.unwrap_or_default() * row.figures.requests as f64 / 1_000.0;
        let _ = writeln!(page, "{summary}_sum{{{}}} {sum}", labels(row));
        let _ = writeln!(
            page,
            "{summary}_count{{{}}} {}",
            labels(row),
            row.figures.requests
        );
    }
    page
}

/// The same as OpenTelemetry's `ExportMetricsServiceRequest` in its JSON form: sums that begin anew with each month, and a
/// summary of the latencies.
#[must_use]
pub fn otlp(answer: &Answer, organization: &str, from: Timestamp, now: Timestamp) -> Value {
    let nanoseconds = |at: Timestamp| at.0.saturating_mul(1_000_000).to_string();
    let point = |row: &Row, more: Value| {
        let mut point = json!({
            "attributes": attributes(row),
            "startTimeUnixNano": nanoseconds(from),
            "timeUnixNano": nanoseconds(now),
        });
        if let (Some(point), Value::Object(more)) = (point.as_object_mut(), more) {
            point.extend(more);
        }
        point
    };
    let mut metrics: Vec<Value> = METRICS
        .iter()
        .map(|(name, help, value)| {
            let points = answer.list.iter();
            let points: Vec<Value> = points
                .map(|row| point(row, json!({"asInt": value(&row.figures).to_string()})))
                .collect();
            json!({
                "name": name.trim_end_matches("_total").replacen('_', ".", 1),
                "description": help,
                "unit": if name.contains("bytes") { "By" } else { "{call}" },
                "sum": {"aggregationTemporality": CUMULATIVE, "isMonotonic": true, "dataPoints": points},
            })
        })
        .collect();
    let points = answer.list.iter();
    let points: Vec<Value> = points
        .map(|row| {
            let latency = &row.figures.latency;
            let quantiles = [(0.5, latency.p50), (0.95, latency.p95), (0.99, latency.p99)];
            let quantiles: Vec<Value> = quantiles
                .into_iter()
                .filter_map(|(quantile, ms)| {
                    Some(json!({"quantile": quantile, "value": ms? / 1_000.0}))
                })
                .collect();
            let count = row.figures.requests;
            let sum = latency.mean.unwrap_or_default() * count as f64 / 1_000.0;
            point(
                row,
                json!({"count": count.to_string(), "sum": sum, "quantileValues": quantiles}),
            )
        })
        .collect();
    metrics.push(json!({
        "name": "postern.request.duration",
        "description": "Time until the head of the answer.",
        "unit": "s",
        "summary": {"dataPoints": points},
    }));
    let resource = [
        ("service.name", "postern"),
        ("postern.organization", organization),
    ];
    json!({"resourceMetrics": [{
        "resource": {"attributes": resource.map(|(name, value)| attribute(name, value))},
        "scopeMetrics": [{"scope": {"name": "postern"}, "metrics": metrics}],
    }]})
}

fn attributes(row: &Row) -> Vec<Value> {
    [
        ("postern.api.id", &row.api_id),
        ("postern.api.name", &row.api_name),
        ("postern.api.version", &row.api_version),
        ("postern.application.id", &row.application_id),
        ("postern.application.name", &row.application_name),
        ("postern.status.class", &row.status_class),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(attribute(name, value.as_deref()?)))
    .collect()
}

fn attribute(name: &str, value: &str) -> Value {
    json!({"key": name, "value": {"stringValue": value}})
}

/// Since the same moment, as Prometheus counts too.
const CUMULATIVE: u8 = 2;

/// What [`prometheus`] and [`otlp`] are to be made of.
pub const SCRAPED: [Dimension; 3] = [
    Dimension::Api,
    Dimension::Application,
    Dimension::StatusClass,
];

fn labels(row: &Row) -> String {
    let label = |name: &str, value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default();
        let escaped = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        format!("{name}=\"{escaped}\"")
    };
    [
        label("api_id", &row.api_id),
        label("api", &row.api_name),
        label("version", &row.api_version),
        label("application_id", &row.application_id),
        label("application", &row.application_name),
        label("class", &row.status_class),
    ]
    .join(",")
}

fn push(csv: &mut String, fields: &[String]) {
    let quoted: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    csv.push_str(&quoted.join(","));
    csv.push_str("\r\n");
}

/// A spreadsheet would take a text that begins so for a formula, and run it: an apostrophe says that it is none.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

type Column = (&'static str, fn(&Row) -> String);

fn columns_of(dimension: Dimension) -> Vec<Column> {
    match dimension {
        Dimension::Api => vec![
            ("apiId", |row| text(&row.api_id)),
            ("apiName", |row| text(&row.api_name)),
            ("apiVersion", |row| text(&row.api_version)),
        ],
        Dimension::Application => vec![
            ("applicationId", |row| text(&row.application_id)),
            ("applicationName", |row| text(&row.application_name)),
        ],
        Dimension::Operation => vec![
            ("method", |row| text(&row.method)),
            ("template", |row| text(&row.template)),
        ],
        Dimension::Status => vec![("status", |row| number(row.status))],
        Dimension::StatusClass => vec![("statusClass", |row| text(&row.status_class))],
        Dimension::Error => vec![("errorCode", |row| number(row.error_code))],
        Dimension::ErrorType => vec![("errorType", |row| text(&row.error_type))],
        Dimension::Plan => vec![("plan", |row| text(&row.plan))],
        Dimension::KeyType => vec![("keyType", |row| text(&row.key_type))],
        Dimension::Environment => vec![("environment", |row| text(&row.environment))],
        Dimension::Country => vec![("country", |row| text(&row.country))],
        Dimension::Agent => vec![("agent", |row| text(&row.agent))],
        Dimension::Limit => vec![("limit", |row| text(&row.limit))],
    }
}

const FIGURES: [Column; 21] = [
    ("requests", |row| row.figures.requests.to_string()),
    ("successes", |row| row.figures.successes.to_string()),
    ("errors", |row| row.figures.errors.to_string()),
    ("authFailures", |row| row.figures.auth_failures.to_string()),
    ("throttled", |row| row.figures.throttled.to_string()),
    ("upstreamFailures", |row| {
        row.figures.upstream_failures.to_string()
    }),
    ("otherFailures", |row| {
        row.figures.other_failures.to_string()
    }),
    ("latencyMean", |row| number(row.figures.latency.mean)),
    ("latencyP50", |row| number(row.figures.latency.p50)),
    ("latencyP95", |row| number(row.figures.latency.p95)),
    ("latencyP99", |row| number(row.figures.latency.p99)),
    ("upstreamMean", |row| {
        number(row.figures.upstream_latency.mean)
    }),
    ("upstreamP95", |row| {
        number(row.figures.upstream_latency.p95)
    }),
    ("upstreamP99", |row| {
        number(row.figures.upstream_latency.p99)
    }),
    ("requestBytes", |row| row.figures.request_bytes.to_string()),
    ("responseBytes", |row| {
        row.figures.response_bytes.to_string()
    }),
    ("counterCalls", |row| row.figures.counter_calls.to_string()),
    ("retries", |row| row.figures.retries.to_string()),
    ("waitMs", |row| row.figures.wait_ms.to_string()),
    ("cacheHits", |row| row.figures.cache_hits.to_string()),
    ("cacheMisses", |row| row.figures.cache_misses.to_string()),
];

type Metric = (&'static str, &'static str, fn(&Figures) -> u64);

const METRICS: [Metric; 6] = [
    (
        "postern_requests_total",
        "Calls, whatever their outcome.",
        |it| it.requests,
    ),
    (
        "postern_throttled_total",
        "Calls beyond a limit, or blocked.",
        |it| it.throttled,
    ),
    (
        "postern_auth_failures_total",
        "Calls without a good credential or right.",
        |it| it.auth_failures,
    ),
    (
        "postern_upstream_failures_total",
        "Calls whose upstream could not be reached.",
        |it| it.upstream_failures,
    ),
    (
        "postern_response_bytes_total",
        "Bytes out, as far as known.",
        |it| it.response_bytes,
    ),
    (
        "postern_cache_hits_total",
        "Calls that the cache answered.",
        |it| it.cache_hits,
    ),
];

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Parts, Quality, Query, answer, roll_up};

    fn answered(group_by: Vec<Dimension>, application: &str) -> Answer {
        let text = r#"{"t":0,"id":"c","o":"acme","e":"Default","m":"GET","r":"/a,b","st":200,"l":100,
            "p":{"i":"app","n":"app","u":"ann"}}"#;
        let events = [serde_json::from_str(text).unwrap()];
        let query = Query {
            group_by,
            ..Query::of("acme".into(), Timestamp(0), Timestamp(60_000))
        };
        let mut parts = Parts::of_rows(&roll_up(&events), &query);
        parts
            .names
            .applications
            .insert("app".into(), application.to_owned());
        answer(&query, &parts, None, Quality::default())
    }

    #[test]
    fn a_field_never_breaks_out_of_its_column() {
        let csv = csv(&answered(vec![Dimension::Operation], "app"));
        let mut lines = csv.split("\r\n");
        assert!(
            lines
                .next()
                .unwrap()
                .starts_with("method,template,requests,")
        );
        assert!(lines.next().unwrap().starts_with("GET,\"/a,b\",1,1,0,"));
        for (field, expected) in [
            ("=1+1", "'=1+1"),
            ("a\"b", "\"a\"\"b\""),
            ("plain", "plain"),
        ] {
            assert_eq!(quoted(field), expected);
        }
    }

    #[test]
    fn a_collector_is_told_sums_since_the_start_of_the_range() {
        let answer = answered(SCRAPED.to_vec(), "my app");
        let told = otlp(&answer, "acme", Timestamp(0), Timestamp(60_000));
        let metrics = &told["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
        let requests = &metrics[0];
        assert_eq!(requests["name"], "postern.requests");
        let point = &requests["sum"]["dataPoints"][0];
        assert_eq!(point["asInt"], "1");
        assert_eq!(point["startTimeUnixNano"], "0");
        assert_eq!(point["timeUnixNano"], "60000000000");
        let application =
            json!({"key": "postern.application.name", "value": {"stringValue": "my app"}});
        assert!(
            point["attributes"]
                .as_array()
                .unwrap()
                .contains(&application)
        );
        let last = metrics.as_array().unwrap().last().unwrap();
        let latency = &last["summary"]["dataPoints"][0];
        assert_eq!(
            (&latency["count"], &latency["sum"]),
            (&json!("1"), &json!(0.1))
        );
        assert_eq!(latency["quantileValues"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_scrape_has_labels_that_hold() {
        let page = prometheus(&answered(SCRAPED.to_vec(), "my \"app\""));
        let line = r#"postern_requests_total{api_id="",api="",version="",application_id="app",application="my \"app\"",class="2xx"} 1"#;
        assert!(page.contains(line), "{page}");
        assert!(page.contains("quantile=\"0.95\"} 0.1"), "{page}");
        assert!(page.contains("# TYPE postern_requests_total counter\n"));
    }
}
