//! The chain of seals.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Entry;

/// What the first seal of a log is chained to.
pub const START: &str = "";

/// An entry with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// 1, 2, ...: without gaps.
    pub number: i64,
    /// What is sealed.
    pub entry: Entry,
    /// The seal of the link before.
    pub previous: String,
    /// This one's.
    pub seal: String,
}

/// What became of a look at a part of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Links that were looked at and found whole.
    pub whole: i64,
    /// Number and reason of the first one that is not.
    pub broken: Option<(i64, &'static str)>,
    /// The last seal that holds.
    pub head: String,
}

/// The seal of an entry: SHA-256, in lower-case hexadecimal, of the JSON array of the seal before, the number, and the
/// fields of the entry in the order of [`Entry`].
#[must_use]
pub fn seal(previous: &str, number: i64, entry: &Entry) -> String {
    let text = serde_json::json!([
        previous,
        number,
        entry.id,
        entry.organization,
        entry.actor,
        entry.action,
        entry.subject,
        entry.at,
        entry.address,
        entry.agent,
        entry.before,
        entry.after,
    ])
    .to_string();
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Looks at links in their order, the first of which follows `previous` as the link with the number `first`.
#[must_use]
pub fn verify(previous: &str, first: i64, links: &[Link]) -> Verdict {
    let mut verdict = Verdict {
        whole: 0,
        broken: None,
        head: previous.to_owned(),
    };
    for link in links {
        let number = first + verdict.whole;
        let reason = if link.number != number {
            Some("an entry is missing")
        } else if link.previous != verdict.head {
            Some("it does not follow the seal before it")
        } else if seal(&verdict.head, number, &link.entry) != link.seal {
            Some("its content is not what was sealed")
        } else {
            None
        };
        if let Some(reason) = reason {
            verdict.broken = Some((number, reason));
            return verdict;
        }
        verdict.whole += 1;
        verdict.head.clone_from(&link.seal);
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Vec<Link> {
        let mut previous = START.to_owned();
        (1..=4)
            .map(|number| {
                let entry = Entry {
                    id: number * 3,
                    organization: "default".into(),
                    actor: "ann".into(),
                    action: "api.update".into(),
                    subject: "7".into(),
                    at: 1_700_000_000_000 + number,
                    address: "192.0.2.1".into(),
                    agent: "curl".into(),
                    before: Some("{\"state\":\"CREATED\"}".into()),
                    after: Some(format!("{{\"state\":\"{number}\"}}")),
                };
                let seal = seal(&previous, number, &entry);
                let previous = std::mem::replace(&mut previous, seal.clone());
                Link {
                    number,
                    entry,
                    previous,
                    seal,
                }
            })
            .collect()
    }

    #[test]
    fn untouched_chain_is_whole() {
        let links = chain();
        let verdict = verify(START, 1, &links);
        assert_eq!((verdict.whole, verdict.broken), (4, None));
        assert_eq!(Some(&verdict.head), links.last().map(|link| &link.seal));
        let tail = links.get(2..).unwrap();
        assert_eq!(verify(&links[1].seal, 3, tail).whole, 2);
    }

    #[test]
    fn every_kind_of_tampering_is_found() {
        type Tampering = fn(&mut Vec<Link>);
        let tampering: [(&str, Tampering); 5] = [
            ("altered", |links| links[1].entry.actor = "eve".into()),
            ("resealed", |links| {
                links[1].entry.actor = "eve".into();
                links[1].seal = seal(&links[1].previous, 2, &links[1].entry);
            }),
            ("taken out", |links| drop(links.remove(1))),
            ("put in", |links| {
                let twice = links[1].clone();
                links.insert(1, twice);
            }),
            ("exchanged", |links| links.swap(1, 2)),
        ];
        for (what, tamper) in tampering {
            let mut links = chain();
            tamper(&mut links);
            assert!(verify(START, 1, &links).broken.is_some(), "{what}");
        }
    }

    #[test]
    fn absent_state_differs_from_empty_state() {
        let mut entry = chain().remove(0).entry;
        entry.before = None;
        let absent = seal(START, 1, &entry);
        entry.before = Some(String::new());
        assert_ne!(seal(START, 1, &entry), absent);
    }
}
