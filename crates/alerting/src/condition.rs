//! What a rule looks for.

use serde::{Deserialize, Serialize};

/// What a rule looks for. Windows end now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Condition {
    /// More calls end in an error than this.
    ErrorRate {
        /// Of a hundred calls.
        percent: f64,
        /// Which answers are errors: classes of status, `5xx` when nothing is said.
        #[serde(default = "server_errors")]
        classes: Vec<String>,
        /// Length of the window.
        #[serde(default = "five")]
        window_minutes: u32,
        /// With fewer calls nothing is said.
        #[serde(default = "twenty")]
        min_requests: u64,
    },
    /// A percentile of the latency is above this.
    Latency {
        /// Which, over 0 and below 100.
        percentile: f64,
        /// Milliseconds.
        milliseconds: u32,
        /// Length of the window.
        #[serde(default = "five")]
        window_minutes: u32,
        /// With fewer calls nothing is said.
        #[serde(default = "twenty")]
        min_requests: u64,
    },
    /// There are more or fewer calls than is usual at this time of the week, or of the day.
    Traffic {
        /// How far from the usual, in its spreads: 3 is seldom, 6 hardly ever by chance.
        #[serde(default = "four")]
        deviation: f64,
        /// Length of the window.
        #[serde(default = "fifteen")]
        window_minutes: u32,
        /// With fewer calls, usual ones and now, nothing is said.
        #[serde(default = "twenty")]
        min_requests: u64,
    },
    /// A subscription has used this much of the allowance of its plan.
    QuotaUsed {
        /// Of a hundred.
        percent: f64,
    },
    /// A key is used from where it never was before.
    Unseen {
        /// From where.
        what: Unseen,
    },
    /// A key or a secret ends within this time.
    KeyExpiry {
        /// Days.
        days: u32,
    },
    /// A certificate by which callers of an API prove who they are ends soon, or has ended.
    CertificateExpiry {
        /// Within so many days.
        days: u32,
    },
    /// An API breaks rules, and a policy of the organization wants that told.
    Governance {},
}

/// From where a key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unseen {
    /// A country.
    Country,
    /// An address, as far as the privacy setting keeps it.
    Address,
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: String,
}

impl Condition {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |is_good: bool, field: &'static str, what: &str| {
            if !is_good {
                faults.push(Fault {
                    field,
                    what: what.to_owned(),
                });
            }
        };
        match self {
            Self::ErrorRate {
                percent, classes, ..
            } => {
                check(is_percent(*percent), "percent", PERCENT);
                let known = |class: &String| CLASSES.contains(&class.as_str());
                let is_good = !classes.is_empty() && classes.iter().all(known);
                check(is_good, "classes", "are `4xx` and `5xx`, or one of them");
            }
            Self::Latency {
                percentile,
                milliseconds,
                ..
            } => {
                let is_good = *percentile > 0.0 && *percentile < 100.0;
                check(is_good, "percentile", "is a number over 0 and below 100");
                check(*milliseconds > 0, "milliseconds", "is a number over 0");
            }
            Self::Traffic { deviation, .. } => {
                let is_good = (1.0..=100.0).contains(deviation);
                check(is_good, "deviation", "is a number from 1 to 100");
            }
            Self::QuotaUsed { percent } => check(is_percent(*percent), "percent", PERCENT),
            Self::Unseen { .. } | Self::Governance {} => {}
            Self::KeyExpiry { days } | Self::CertificateExpiry { days } => {
                check(
                    (1..=365).contains(days),
                    "days",
                    "is a number from 1 to 365",
                );
            }
        }
        if let Some(minutes) = self.window_minutes() {
            let is_good = (1..=1_440).contains(&minutes);
            check(is_good, "windowMinutes", "is a number from 1 to 1440");
        }
        faults
    }

    /// Length of its window, where it has one.
    #[must_use]
    pub const fn window_minutes(&self) -> Option<u32> {
        match self {
            Self::ErrorRate { window_minutes, .. }
            | Self::Latency { window_minutes, .. }
            | Self::Traffic { window_minutes, .. } => Some(*window_minutes),
            Self::QuotaUsed { .. }
            | Self::Unseen { .. }
            | Self::KeyExpiry { .. }
            | Self::CertificateExpiry { .. }
            | Self::Governance {} => None,
        }
    }

    /// For how long an alert stays open after it was found last: what comes and goes is one alert. What was seen once is
    /// news for a day.
    #[must_use]
    pub fn holds_ms(&self) -> i64 {
        let minutes = match self {
            Self::Unseen { .. } => 1_440,
            Self::QuotaUsed { .. }
            | Self::KeyExpiry { .. }
            | Self::CertificateExpiry { .. }
            | Self::Governance {} => 1,
            Self::ErrorRate { .. } | Self::Latency { .. } | Self::Traffic { .. } => {
                i64::from(self.window_minutes().unwrap_or(1))
            }
        };
        minutes * 60_000
    }

    /// Its word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ErrorRate { .. } => "errorRate",
            Self::Latency { .. } => "latency",
            Self::Traffic { .. } => "traffic",
            Self::QuotaUsed { .. } => "quotaUsed",
            Self::Unseen { .. } => "unseen",
            Self::KeyExpiry { .. } => "keyExpiry",
            Self::CertificateExpiry { .. } => "certificateExpiry",
            Self::Governance {} => "governance",
        }
    }
}

fn is_percent(percent: f64) -> bool {
    percent > 0.0 && percent <= 100.0
}

fn server_errors() -> Vec<String> {
    vec!["5xx".to_owned()]
}

const fn four() -> f64 {
    4.0
}

const fn five() -> u32 {
    5
}

const fn fifteen() -> u32 {
    15
}

const fn twenty() -> u64 {
    20
}

const PERCENT: &str = "is a number over 0 and up to 100";
const CLASSES: [&str; 2] = ["4xx", "5xx"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_their_field() {
        for (text, field) in [
            (r#"{"kind":"errorRate","percent":0}"#, "percent"),
            (
                r#"{"kind":"errorRate","percent":5,"classes":["2xx"]}"#,
                "classes",
            ),
            (
                r#"{"kind":"errorRate","percent":5,"windowMinutes":0}"#,
                "windowMinutes",
            ),
            (
                r#"{"kind":"latency","percentile":100,"milliseconds":5}"#,
                "percentile",
            ),
            (r#"{"kind":"traffic","deviation":0.5}"#, "deviation"),
            (r#"{"kind":"keyExpiry","days":0}"#, "days"),
            (r#"{"kind":"certificateExpiry","days":400}"#, "days"),
        ] {
            let condition: Condition = serde_json::from_str(text).unwrap();
            let fields: Vec<&str> = condition.faults().iter().map(|it| it.field).collect();
            assert_eq!(fields, [field], "{text}");
        }
    }

    #[test]
    fn what_is_not_said_has_a_sensible_default() {
        let condition: Condition =
            serde_json::from_str(r#"{"kind":"errorRate","percent":5}"#).unwrap();
        let expected = Condition::ErrorRate {
            percent: 5.0,
            classes: vec!["5xx".to_owned()],
            window_minutes: 5,
            min_requests: 20,
        };
        assert_eq!(condition, expected);
        assert_eq!(condition.faults(), []);
        assert!(serde_json::from_str::<Condition>(r#"{"kind":"mood"}"#).is_err());
    }
}
