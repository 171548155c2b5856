//! Which gateways serve, and what configuration each has taken up.
//!
//! Isolates of a gateway come and go; each says now and then what it holds ([`Report`]). A [`Gateway`] is all isolates of
//! one name (a place on Cloudflare, a process elsewhere) that said something lately.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// What an isolate says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Name of the environment that it serves.
    pub environment: String,
    /// Name of the gateway that it is one of.
    pub gateway: String,
    /// Its own, random name.
    pub isolate: String,
    /// Which build it runs.
    pub release: String,
    /// Version of the catalogue that it has taken up; 0 for none.
    pub catalog: u64,
    /// Version of keys and revocations that it has taken up; 0 for none.
    pub trust: u64,
    /// What of the configuration it could not take up.
    pub refused: Vec<Refused>,
}

/// Something that could not be taken up; what was there before serves on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refused {
    /// What it is, as `deployment/<hash>` or `catalog/<environment>`.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// All isolates of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// Its name.
    pub name: String,
    /// When one of them last said something.
    pub last_active: Timestamp,
    /// How many said something within [`LIVE_MS`]; 0 for a gateway that went silent.
    pub isolates: u32,
    /// Which builds they run.
    pub releases: Vec<String>,
    /// The newest catalogue that one of them has taken up.
    pub catalog: u64,
    /// The oldest that one of them still holds.
    pub oldest_catalog: u64,
    /// The newest keys and revocations that one of them has taken up.
    pub trust: u64,
    /// What any of them could not take up.
    pub refused: Vec<Refused>,
}

/// The last that an isolate said, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Name of the gateway that it is one of.
    pub gateway: String,
    /// Which build it runs.
    pub release: String,
    /// Version of the catalogue that it has taken up; 0 for none.
    pub catalog: u64,
    /// Version of keys and revocations that it has taken up; 0 for none.
    pub trust: u64,
    /// What of the configuration it could not take up.
    pub refused: Vec<Refused>,
    /// When it said so.
    pub at: Timestamp,
}

/// How far a gateway is with a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It has taken up a catalogue that names it.
    Deployed,
    /// It has not yet.
    Pending,
    /// It could not take it up, for this reason.
    Failed(&'a str),
}

impl Report {
    /// What is wrong with it, if anything is: names and reasons are bounded.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let names = [
            &self.environment,
            &self.gateway,
            &self.isolate,
            &self.release,
        ];
        if names
            .iter()
            .any(|name| name.is_empty() || name.len() > NAME_BYTES)
        {
            return Some("names have 1 to 255 bytes");
        }
        if self.refused.len() > MOST_REFUSED {
            return Some("more than 16 things are refused");
        }
        let is_long =
            |one: &Refused| one.name.len() > NAME_BYTES || one.reason.len() > REASON_BYTES;
        if self.refused.iter().any(is_long) {
            return Some("a reason has at most 2048 bytes");
        }
        None
    }
}

/// The gateways that isolates are of, by name. What was said more than [`NAMED_MS`] ago is forgotten; what was said more
/// than [`LIVE_MS`] ago counts for no more than that there was such a gateway, and what it held last.
#[must_use]
pub fn gateways(said: impl IntoIterator<Item = Said>, now: Timestamp) -> Vec<Gateway> {
    let mut by_name: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for one in said {
        if now.0 - one.at.0 <= NAMED_MS {
            by_name.entry(one.gateway.clone()).or_default().push(one);
        }
    }
    let named = by_name.into_iter();
    named
        .map(|(name, said)| Gateway::of(name, &said, now))
        .collect()
}

impl Gateway {
    fn of(name: String, said: &[Said], now: Timestamp) -> Self {
        let is_live = |one: &&Said| now.0 - one.at.0 <= LIVE_MS;
        let live: Vec<&Said> = said.iter().filter(is_live).collect();
        // Where all are silent, the most that any of them held is what is known.
        let newest = |version: fn(&Said) -> u64| {
            let of_live = live.iter().map(|one| version(one)).max();
            of_live
                .or_else(|| said.iter().map(version).max())
                .unwrap_or_default()
        };
        let catalog = newest(|one| one.catalog);
        let refused: BTreeSet<&Refused> = live.iter().flat_map(|one| &one.refused).collect();
        let releases: BTreeSet<&String> = live.iter().map(|one| &one.release).collect();
        Self {
            name,
            last_active: said.iter().map(|one| one.at).max().unwrap_or(now),
            isolates: u32::try_from(live.len()).unwrap_or(u32::MAX),
            releases: releases.into_iter().cloned().collect(),
            catalog,
            oldest_catalog: live.iter().map(|one| one.catalog).min().unwrap_or(catalog),
            trust: newest(|one| one.trust),
            refused: refused.into_iter().take(MOST_REFUSED).cloned().collect(),
        }
    }

    /// Has it said something lately?
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.isolates > 0
    }

    /// How far it is with a Deployment that is in catalogues from `version` on and made of values of these names.
    ///
    /// Values of KV are cached by place: where one isolate has the newer catalogue the others have it within two refresh
    /// intervals, or look for it before they serve again. So the newest counts, and a refusal of any.
    #[must_use]
    pub fn standing(&self, version: u64, names: &[String]) -> Standing<'_> {
        let refused = self.refused.iter().find(|one| names.contains(&one.name));
        match refused {
            Some(one) => Standing::Failed(&one.reason),
            None if self.catalog >= version => Standing::Deployed,
            None => Standing::Pending,
        }
    }
}

/// For how long a report counts: two and a half times as long as an isolate that serves is silent at the most.
pub const LIVE_MS: i64 = 150_000;
/// For how long a gateway that went silent is still named.
pub const NAMED_MS: i64 = 3_600_000;
const NAME_BYTES: usize = 255;
const REASON_BYTES: usize = 2_048;
const MOST_REFUSED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            environment: "Default".to_owned(),
            gateway: "FRA".to_owned(),
            isolate: "0123".to_owned(),
            release: "0.1.0".to_owned(),
            catalog: 7,
            trust: 1,
            refused: Vec::new(),
        }
    }

    fn gateway(refused: &[(&str, &str)]) -> Gateway {
        let refused = refused.iter().map(|(name, reason)| Refused {
            name: (*name).to_owned(),
            reason: (*reason).to_owned(),
        });
        Gateway {
            name: "FRA".to_owned(),
            last_active: Timestamp(0),
            isolates: 2,
            releases: vec!["0.1.0".to_owned()],
            catalog: 7,
            oldest_catalog: 5,
            trust: 1,
            refused: refused.collect(),
        }
    }

    /// Of an isolate in Frankfurt that said so many milliseconds ago what it holds.
    fn said(ago_ms: i64, catalog: u64) -> Said {
        Said {
            gateway: "FRA".to_owned(),
            release: format!("0.{catalog}.0"),
            catalog,
            trust: catalog,
            refused: Vec::new(),
            at: Timestamp(NOW.0 - ago_ms),
        }
    }

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn gateway_is_live_for_150_seconds_and_named_for_an_hour() {
        for (ago_ms, expected) in [
            (0, Some(true)),
            (150_000, Some(true)),
            (150_001, Some(false)),
            (3_600_000, Some(false)),
            (3_600_001, None),
        ] {
            let found = gateways([said(ago_ms, 7)], NOW);
            let is_live = found.first().map(Gateway::is_live);
            assert_eq!(is_live, expected, "{ago_ms} ms ago");
        }
    }

    #[test]
    fn silent_isolates_do_not_count_beside_live_ones() {
        let broken = Refused {
            name: "deployment/a".to_owned(),
            reason: "broken".to_owned(),
        };
        let silent = Said {
            refused: vec![broken],
            ..said(200_000, 9)
        };
        let found = gateways([silent.clone(), said(10, 7), said(20, 5)], NOW);
        let [gateway] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(gateway.isolates, 2);
        assert_eq!((gateway.catalog, gateway.oldest_catalog), (7, 5));
        assert_eq!(gateway.releases, ["0.5.0", "0.7.0"]);
        assert_eq!(gateway.last_active, Timestamp(NOW.0 - 10));
        assert!(gateway.refused.is_empty());
        let alone = gateways([silent], NOW);
        assert_eq!(
            alone.first().map(|one| (one.catalog, one.oldest_catalog)),
            Some((9, 9))
        );
    }

    #[test]
    fn gateways_come_by_name() {
        let elsewhere = Said {
            gateway: "AMS".to_owned(),
            ..said(0, 7)
        };
        let found = gateways([said(0, 7), elsewhere], NOW);
        assert_eq!(
            found
                .iter()
                .map(|one| one.name.as_str())
                .collect::<Vec<_>>(),
            ["AMS", "FRA"]
        );
    }

    #[test]
    fn newest_catalogue_of_a_place_counts() {
        let names = ["deployment/a".to_owned()];
        assert_eq!(gateway(&[]).standing(7, &names), Standing::Deployed);
        assert_eq!(gateway(&[]).standing(8, &names), Standing::Pending);
    }

    #[test]
    fn refusal_of_its_own_values_fails_a_deployment() {
        let names = ["deployment/a".to_owned(), "contract/b".to_owned()];
        let other = gateway(&[("deployment/z", "broken")]);
        assert_eq!(other.standing(7, &names), Standing::Deployed);
        let own = gateway(&[("deployment/z", "broken"), ("contract/b", "no contract")]);
        assert_eq!(own.standing(7, &names), Standing::Failed("no contract"));
    }

    #[test]
    fn names_and_reasons_are_bounded() {
        assert_eq!(report().fault(), None);
        let refused = Refused {
            name: "deployment/a".to_owned(),
            reason: "x".repeat(REASON_BYTES),
        };
        let full = Report {
            refused: vec![refused.clone(); MOST_REFUSED],
            ..report()
        };
        assert_eq!(full.fault(), None);
        let nameless = Report {
            gateway: String::new(),
            ..report()
        };
        let long = Refused {
            reason: "x".repeat(REASON_BYTES + 1),
            ..refused.clone()
        };
        for faulty in [
            nameless,
            Report {
                isolate: "i".repeat(NAME_BYTES + 1),
                ..report()
            },
            Report {
                refused: vec![refused; MOST_REFUSED + 1],
                ..report()
            },
            Report {
                refused: vec![long],
                ..report()
            },
        ] {
            assert!(faulty.fault().is_some(), "{faulty:?}");
        }
    }
}
