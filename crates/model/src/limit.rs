//! How much of what in how long, by which way of counting, on whose calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How much of what in how long. Made by [`Limit::new`], so that a later field breaks no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// What is counted, and how much of it a window admits.
    pub measure: Measure,
    /// Length of the window in units; at least 1.
    pub unit_time: u32,
    /// The unit.
    pub time_unit: TimeUnit,
    /// How it is counted.
    #[serde(default, skip_serializing_if = "Algorithm::is_default")]
    pub algorithm: Algorithm,
    /// Whose midnights begin a fixed window's days and months; the other ways of counting have no calendar.
    #[serde(default, skip_serializing_if = "Zone::is_utc")]
    pub zone: Zone,
}

impl Limit {
    /// Fixed windows of `unit_time` units, in UTC.
    #[must_use]
    pub const fn new(measure: Measure, unit_time: u32, time_unit: TimeUnit) -> Self {
        Self {
            measure,
            unit_time,
            time_unit,
            algorithm: Algorithm::Fixed,
            zone: Zone::UTC,
        }
    }

    /// The same limit counted by `algorithm`.
    #[must_use]
    pub const fn counted(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// The same limit with the days and months of `zone`.
    #[must_use]
    pub const fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Requests per window.
    Requests(u64),
    /// Bytes both ways per window.
    Bytes(u64),
    /// Events per window (streaming APIs).
    Events(u64),
}

/// WSO2's units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// 1 s (burst limits only).
    Sec,
    /// 60 s.
    Min,
    /// 3,600 s.
    Hour,
    /// A calendar day of the limit's zone: 86,400 s, but for the days on which clocks change.
    Day,
    /// A calendar month of the limit's zone.
    Month,
}

/// How a limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// Windows aligned to the epoch, or to the calendar for days and months: WSO2's way. Around the end of a window a
    /// caller can use the end of one and the beginning of the next.
    #[default]
    Fixed,
    /// Never more than the amount in *any* period of the window's length, wherever it begins.
    Sliding,
    /// A steady rate, the amount per window, with at most `burst` units at once (generic cell rate algorithm): in any
    /// period of length t never more than `burst` + rate * t.
    Gcra {
        /// Units that may come at once; at least 1.
        burst: u64,
    },
}

impl Algorithm {
    /// Whether this need not be said.
    #[must_use]
    pub const fn is_default(&self) -> bool {
        matches!(self, Self::Fixed)
    }
}

/// The name of a time zone in IANA's database, such as `Europe/Berlin`.
///
/// Kept as text, in place: the tables behind the names are a megabyte that only the owners of counters link, and a
/// [`Limit`] is copied about on the hot path. Whether a well-formed name means a zone is for those tables to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone([u8; Self::MAX_BYTES]);

impl Zone {
    /// Coordinated universal time, the default.
    pub const UTC: Self = Self([0; Self::MAX_BYTES]);
    /// The longest name has 32 letters (`America/Argentina/ComodRivadavia`).
    pub const MAX_BYTES: usize = 32;

    /// Whether this is UTC, under that name.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        *self == Self::UTC
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let used = self.0.split(|byte| *byte == 0).next().unwrap_or_default();
        match std::str::from_utf8(used) {
            Ok(name) if !name.is_empty() => name,
            _ => "UTC",
        }
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.as_str())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no name of a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadZone;

impl fmt::Display for BadZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the name of a time zone, such as `Europe/Berlin`")
    }
}

impl std::error::Error for BadZone {}

impl FromStr for Zone {
    type Err = BadZone;

    fn from_str(name: &str) -> Result<Self, BadZone> {
        if name == "UTC" {
            return Ok(Self::UTC);
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_plain) {
            return Err(BadZone);
        }
        let mut bytes = [0; Self::MAX_BYTES];
        let place = bytes.get_mut(..name.len()).ok_or(BadZone)?;
        place.copy_from_slice(name.as_bytes());
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Zone {
    type Error = BadZone;

    fn try_from(name: String) -> Result<Self, BadZone> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Limit = Limit::new(Measure::Requests(5), 1, TimeUnit::Min);

    #[test]
    fn what_is_default_is_not_said() {
        let text = r#"{"measure":{"requests":5},"unit_time":1,"time_unit":"min"}"#;
        assert_eq!(serde_json::to_string(&MINUTE).unwrap(), text);
        assert_eq!(serde_json::from_str::<Limit>(text).unwrap(), MINUTE);
    }

    #[test]
    fn every_way_of_counting_reads_back() {
        let berlin = "Europe/Berlin".parse().unwrap();
        for limit in [
            MINUTE.counted(Algorithm::Sliding),
            MINUTE.counted(Algorithm::Gcra { burst: 7 }).in_zone(berlin),
        ] {
            let text = serde_json::to_string(&limit).unwrap();
            assert_eq!(
                serde_json::from_str::<Limit>(&text).unwrap(),
                limit,
                "{text}"
            );
        }
        let burst = serde_json::to_value(MINUTE.counted(Algorithm::Gcra { burst: 7 })).unwrap();
        assert_eq!(
            burst["algorithm"],
            serde_json::json!({"gcra": {"burst": 7}})
        );
    }

    #[test]
    fn names_of_zones_are_bounded() {
        let longest = "America/Argentina/ComodRivadavia";
        assert_eq!(longest.parse::<Zone>().unwrap().as_str(), longest);
        assert_eq!("UTC".parse::<Zone>().unwrap(), Zone::UTC);
        for bad in [
            "",
            "Europe Berlin",
            "Z\u{0}",
            "America/Argentina/ComodRivadavias",
        ] {
            assert_eq!(bad.parse::<Zone>(), Err(BadZone), "{bad:?}");
        }
    }
}
