//! One alert for each cause: what is found again is no news, and what comes and goes is one alert.

use crate::Finding;

/// An alert that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The alert.
    pub id: String,
    /// What it is about.
    pub cause: String,
    /// When it was found last, in milliseconds since the epoch.
    pub last_seen_ms: i64,
}

/// What becomes of findings and open alerts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// New: somebody is told.
    pub opened: Vec<Finding>,
    /// Found again, by the alert's id: noted, and nobody is told.
    pub kept: Vec<(String, Finding)>,
    /// Not found for long enough, by id: somebody is told.
    pub resolved: Vec<String>,
}

/// Compares what was found with what is open. `holds_ms` is for how long an alert stays open after it was found last.
#[must_use]
pub fn settle(open: &[Open], found: Vec<Finding>, holds_ms: i64, now_ms: i64) -> Changes {
    let mut changes = Changes::default();
    let is_found = |cause: &str| found.iter().any(|finding| finding.cause == cause);
    for alert in open {
        let is_over = now_ms.saturating_sub(alert.last_seen_ms) >= holds_ms;
        if is_over && !is_found(&alert.cause) {
            changes.resolved.push(alert.id.clone());
        }
    }
    for finding in found {
        match open.iter().find(|alert| alert.cause == finding.cause) {
            Some(alert) => changes.kept.push((alert.id.clone(), finding)),
            None if changes.opened.iter().any(|it| it.cause == finding.cause) => {}
            None => changes.opened.push(finding),
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(cause: &str) -> Finding {
        Finding {
            cause: cause.to_owned(),
            summary: String::new(),
            value: 1.0,
            threshold: 0.0,
        }
    }

    fn open(cause: &str, last_seen_ms: i64) -> Open {
        Open {
            id: format!("alert-{cause}"),
            cause: cause.to_owned(),
            last_seen_ms,
        }
    }

    #[test]
    fn a_cause_has_one_alert() {
        let changes = settle(
            &[open("a", 0)],
            vec![finding("a"), finding("b"), finding("b")],
            60,
            100,
        );
        assert_eq!(changes.opened, [finding("b")]);
        assert_eq!(changes.kept, [("alert-a".to_owned(), finding("a"))]);
        assert_eq!(changes.resolved, Vec::<String>::new());
    }

    #[test]
    fn what_comes_and_goes_stays_one_alert() {
        let held = [open("a", 50)];
        assert_eq!(settle(&held, Vec::new(), 60, 100), Changes::default());
        assert_eq!(settle(&held, Vec::new(), 60, 110).resolved, ["alert-a"]);
    }
}
