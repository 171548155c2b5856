//! Does what was observed of a subject meet a condition?

use crate::{Condition, Unseen, Usual};

/// Whom an alert is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Names it for good: `api:<id>`.
    pub cause: String,
    /// As people know it: ``the API `Pets` 1.0.0``.
    pub name: String,
}

/// What was observed of a subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Calls in the window.
    pub requests: u64,
    /// Of them, those that ended in an error.
    pub errors: u64,
    /// The percentile of the latency that the condition names, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Calls in the same window of former weeks.
    pub weeks: Vec<u64>,
    /// Calls in the same window of former days.
    pub days: Vec<u64>,
    /// What is used of an allowance, of a hundred.
    pub used_percent: Option<f64>,
    /// From where it was used, for the first time.
    pub place: Option<String>,
    /// Days until it ends.
    pub ends_in_days: Option<f64>,
    /// Rules that it breaks, of those that are to be told of.
    pub broken: Vec<String>,
}

/// What somebody is to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is the same about it as long as it is the same alert.
    pub cause: String,
    /// In a sentence.
    pub summary: String,
    /// What was measured.
    pub value: f64,
    /// What it was measured by.
    pub threshold: f64,
}

impl Condition {
    /// What is to be told of a subject, if anything.
    #[must_use]
    pub fn judge(&self, subject: &Subject, seen: &Observed) -> Option<Finding> {
        let name = &subject.name;
        let (value, threshold, summary) = match self {
            Self::ErrorRate {
                percent,
                min_requests,
                classes,
                window_minutes,
            } => {
                let rate = 100.0 * seen.errors as f64 / seen.requests.max(1) as f64;
                let is_met = seen.requests >= *min_requests && rate > *percent;
                let what = format!(
                    "{rate:.1} % of {} calls to {name} were answered with {} in the last {}, more than {percent} %",
                    seen.requests,
                    classes.join(" or "),
                    minutes(*window_minutes),
                );
                is_met.then_some((rate, *percent, what))?
            }
            Self::Latency {
                percentile,
                milliseconds,
                min_requests,
                window_minutes,
            } => {
                let what = format!("the {percentile}th percentile of {name}");
                latency(&what, seen, *milliseconds, *min_requests, *window_minutes)?
            }
            Self::Traffic {
                deviation,
                min_requests,
                window_minutes,
            } => traffic(name, seen, *deviation, *min_requests, *window_minutes)?,
            Self::QuotaUsed { percent } => {
                let used = seen.used_percent?;
                let what = format!("{name} has used {used:.0} % of its allowance");
                (used >= *percent).then_some((used, *percent, what))?
            }
            Self::Unseen { what } => {
                let place = seen.place.as_ref()?;
                let kind = match what {
                    Unseen::Country => "country",
                    Unseen::Address => "address",
                };
                let told = format!("{name} was used from the {kind} `{place}` for the first time");
                (1.0, 0.0, told)
            }
            Self::KeyExpiry { days } | Self::CertificateExpiry { days } => {
                ending(name, seen.ends_in_days?, *days)?
            }
            Self::Governance {} => broken(name, &seen.broken)?,
        };
        Some(Finding {
            cause: subject.cause.clone(),
            summary,
            value,
            threshold,
        })
    }
}

fn broken(name: &str, rules: &[String]) -> Option<(f64, f64, String)> {
    let named: Vec<String> = rules
        .iter()
        .take(NAMED)
        .map(|it| format!("`{it}`"))
        .collect();
    let more = rules.len().saturating_sub(named.len());
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let what = format!("{name} breaks {}{rest}", named.join(", "));
    (!rules.is_empty()).then_some((rules.len() as f64, 0.0, what))
}

fn ending(name: &str, left: f64, days: u32) -> Option<(f64, f64, String)> {
    let threshold = f64::from(days);
    let what = if left > 0.0 {
        format!("{name} ends in {left:.1} days")
    } else {
        format!("{name} has ended")
    };
    (left <= threshold).then_some((left, threshold, what))
}

fn latency(
    what: &str,
    seen: &Observed,
    milliseconds: u32,
    min_requests: u64,
    window_minutes: u32,
) -> Option<(f64, f64, String)> {
    let latency_ms = seen.latency_ms?;
    let threshold = f64::from(milliseconds);
    let told = format!(
        "{what} was {latency_ms:.0} ms over the last {}, more than {milliseconds} ms",
        minutes(window_minutes),
    );
    let is_met = seen.requests >= min_requests && latency_ms > threshold;
    is_met.then_some((latency_ms, threshold, told))
}

fn traffic(
    name: &str,
    seen: &Observed,
    deviation: f64,
    min_requests: u64,
    window_minutes: u32,
) -> Option<(f64, f64, String)> {
    let usual = Usual::of(&seen.weeks, &seen.days)?;
    let found = usual.deviation(seen.requests);
    let is_enough = usual.count.max(seen.requests as f64) >= min_requests as f64;
    let what = format!(
        "{} calls to {name} in the last {}, where {:.0} are usual",
        seen.requests,
        minutes(window_minutes),
        usual.count,
    );
    (is_enough && found.abs() > deviation).then_some((found, deviation, what))
}

fn minutes(number: u32) -> String {
    match number {
        1 => "minute".to_owned(),
        more => format!("{more} minutes"),
    }
}

/// A summary is one sentence; all rules are in the compliance of the API.
const NAMED: usize = 5;

#[cfg(test)]
mod tests {
    #[test]
    fn broken_rules_are_named() {
        let subject = Subject {
            cause: "governance:1".to_owned(),
            name: "the API `Pets` 1.0.0, by the policy `House`,".to_owned(),
        };
        let rules = |count: usize| Observed {
            broken: (1..=count).map(|it| format!("r{it}")).collect(),
            ..Observed::default()
        };
        let condition: Condition = serde_json::from_str(r#"{"kind":"governance"}"#).unwrap();
        let told = |count| {
            condition
                .judge(&subject, &rules(count))
                .map(|it| it.summary)
        };
        assert_eq!(told(0), None);
        let one = "the API `Pets` 1.0.0, by the policy `House`, breaks `r1`";
        assert_eq!(told(1).as_deref(), Some(one));
        let seven = "the API `Pets` 1.0.0, by the policy `House`, breaks `r1`, `r2`, `r3`, `r4`, `r5` and 2 more";
        assert_eq!(told(7).as_deref(), Some(seven));
    }

    use super::*;

    fn judge(condition: &str, seen: &Observed) -> Option<String> {
        let condition: Condition = serde_json::from_str(condition).unwrap();
        let subject = Subject {
            cause: "api:pets".to_owned(),
            name: "the API `Pets` 1.0.0".to_owned(),
        };
        condition.judge(&subject, seen).map(|found| found.summary)
    }

    #[test]
    fn says_what_was_measured_and_by_what() {
        let seen = Observed {
            requests: 40,
            errors: 10,
            latency_ms: Some(812.0),
            weeks: vec![400, 410, 390],
            used_percent: Some(91.0),
            place: Some("KP".to_owned()),
            ends_in_days: Some(2.5),
            ..Observed::default()
        };
        for (condition, expected) in [
            (
                r#"{"kind":"errorRate","percent":20}"#,
                "25.0 % of 40 calls to the API `Pets` 1.0.0 were answered with 5xx in the last 5 minutes, more than 20 %",
            ),
            (
                r#"{"kind":"latency","percentile":95,"milliseconds":800,"windowMinutes":1}"#,
                "the 95th percentile of the API `Pets` 1.0.0 was 812 ms over the last minute, more than 800 ms",
            ),
            (
                r#"{"kind":"traffic"}"#,
                "40 calls to the API `Pets` 1.0.0 in the last 15 minutes, where 400 are usual",
            ),
            (
                r#"{"kind":"quotaUsed","percent":90}"#,
                "the API `Pets` 1.0.0 has used 91 % of its allowance",
            ),
            (
                r#"{"kind":"unseen","what":"country"}"#,
                "the API `Pets` 1.0.0 was used from the country `KP` for the first time",
            ),
            (
                r#"{"kind":"keyExpiry","days":3}"#,
                "the API `Pets` 1.0.0 ends in 2.5 days",
            ),
            (
                r#"{"kind":"certificateExpiry","days":3}"#,
                "the API `Pets` 1.0.0 ends in 2.5 days",
            ),
        ] {
            assert_eq!(judge(condition, &seen).as_deref(), Some(expected));
        }
    }

    #[test]
    fn little_traffic_and_what_is_within_says_nothing() {
        let few = Observed {
            requests: 19,
            errors: 19,
            latency_ms: Some(9_000.0),
            weeks: vec![2, 3, 2],
            ..Observed::default()
        };
        for condition in [
            r#"{"kind":"errorRate","percent":20}"#,
            r#"{"kind":"latency","percentile":95,"milliseconds":800}"#,
            r#"{"kind":"traffic"}"#,
            r#"{"kind":"quotaUsed","percent":90}"#,
            r#"{"kind":"keyExpiry","days":3}"#,
        ] {
            assert_eq!(judge(condition, &few), None, "{condition}");
        }
        let exact = Observed {
            requests: 100,
            errors: 20,
            ..Observed::default()
        };
        assert_eq!(judge(r#"{"kind":"errorRate","percent":20}"#, &exact), None);
    }
}
