//! What the gateway does beside passing calls on, from the draft's words for it.

use model::{ApiState, Conduct, LogLevel, Timestamp};

use super::Target;
use crate::{
    Draft, Fault,
    draft::{Property, fault},
};

/// The conduct, or what is wrong with the words for it.
pub(super) fn conduct(draft: &Draft, target: &Target, faults: &mut Vec<Fault>) -> Conduct {
    let deprecated = target.state == ApiState::Deprecated;
    Conduct {
        cache_seconds: cache_seconds(draft, faults),
        deprecated_at: target.deprecated_at.filter(|_| deprecated),
        sunset_at: sunset(draft, faults),
        introduces: introduces(draft, faults),
        log: log(draft, faults),
    }
}

/// `responseCachingEnabled` with `cacheTimeout`, in seconds.
fn cache_seconds(draft: &Draft, faults: &mut Vec<Fault>) -> Option<u32> {
    if draft.response_caching_enabled != Some(true) {
        return None;
    }
    let seconds = draft.cache_timeout.unwrap_or(CACHE_SECONDS);
    let seconds = u32::try_from(seconds).ok();
    let good = seconds.filter(|seconds| (1..=MOST_CACHE_SECONDS).contains(seconds));
    if good.is_none() {
        let words = format!("is not a number of seconds from 1 to {MOST_CACHE_SECONDS}");
        faults.push(fault("cacheTimeout", words));
    }
    good
}

/// The additional property `sunset`: a date, or a date and a time with their zone (RFC 3339).
fn sunset(draft: &Draft, faults: &mut Vec<Fault>) -> Option<Timestamp> {
    let text = additional(draft, SUNSET)?;
    let at = moment(text.trim());
    if at.is_none() {
        faults.push(fault(
            "additionalProperties",
            format!("`{SUNSET}` is not a date such as `2027-06-30`, nor a date and time such as `2027-06-30T12:00:00Z`"),
        ));
    }
    at
}

/// The additional property `backendJwt`: `true` or `false`.
fn introduces(draft: &Draft, faults: &mut Vec<Fault>) -> bool {
    match additional(draft, BACKEND_JWT).map(str::trim) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            let words = format!("`{BACKEND_JWT}` is neither `true` nor `false`");
            faults.push(fault("additionalProperties", words));
            false
        }
    }
}

/// The additional property `logLevel`: `OFF`, `BASIC` or `STANDARD`.
fn log(draft: &Draft, faults: &mut Vec<Fault>) -> LogLevel {
    let word = additional(draft, LOG_LEVEL).map(|it| it.trim().to_ascii_uppercase());
    match word.as_deref() {
        None | Some("OFF") => LogLevel::Off,
        Some("BASIC") => LogLevel::Basic,
        Some("STANDARD") => LogLevel::Standard,
        Some(_) => {
            let words = format!("`{LOG_LEVEL}` is none of `OFF`, `BASIC`, `STANDARD`");
            faults.push(fault("additionalProperties", words));
            LogLevel::Off
        }
    }
}

fn additional<'a>(draft: &'a Draft, name: &str) -> Option<&'a str> {
    let properties = draft.additional_properties.iter().flatten();
    let mut found = properties.filter(|it| it.name.as_deref() == Some(name));
    found.find_map(|Property { value, .. }| value.as_deref())
}

fn moment(text: &str) -> Option<Timestamp> {
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = day.and_then(|day| day.and_hms_opt(0, 0, 0));
    let at = match day {
        Some(midnight) => midnight.and_utc().timestamp_millis(),
        None => chrono::DateTime::parse_from_rfc3339(text)
            .ok()?
            .timestamp_millis(),
    };
    Some(Timestamp(at))
}

/// WSO2's.
const CACHE_SECONDS: i64 = 300;
/// A day: what may be older is better kept by whoever asks.
const MOST_CACHE_SECONDS: u32 = 86_400;
/// Names of additional properties.
const SUNSET: &str = "sunset";
const BACKEND_JWT: &str = "backendJwt";
const LOG_LEVEL: &str = "logLevel";
