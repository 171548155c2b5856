//! Which of several addresses a call goes to: at once, on what the isolate knows.

use std::hash::{Hash, Hasher};

use model::{Care, Choice, Endpoint, Member, Pool, Timestamp};
use rustc_hash::FxHasher;

use crate::health::{Health, mixed, place};

/// Who calls what, as far as that decides where the call goes.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Id of the API.
    pub api: &'a str,
    /// The client's address.
    pub address: &'a str,
    /// The `Cookie` header; empty for none.
    pub cookies: &'a str,
}

/// One address for one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// Absolute URL.
    pub url: &'a str,
    /// Deadline for the head of its reply, in milliseconds.
    pub timeout_ms: u32,
    /// What is done when it fails.
    pub care: &'a Care,
    /// Its place among the members; 0 without a pool.
    pub member: usize,
    /// Its name in [`Health`].
    pub address: u64,
}

/// Members that a call has been sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried(u32);

impl Tried {
    /// None yet.
    pub const NONE: Self = Self(0);

    /// And this one.
    pub fn add(&mut self, member: usize) {
        self.0 |= bit(member);
    }

    const fn has(self, member: usize) -> bool {
        self.0 & bit(member) != 0
    }
}

impl Health {
    /// The address for a call, and not one that it has tried; `None` when all that are left are suspended.
    pub fn choose<'e>(
        &mut self,
        endpoint: &'e Endpoint,
        caller: Caller<'_>,
        tried: Tried,
        now: Timestamp,
    ) -> Option<Chosen<'e>> {
        let chosen = match &endpoint.pool {
            None => single(caller.api, endpoint, tried)
                .filter(|chosen| !self.is_suspended(chosen.address, now)),
            Some(pool) => self.of_pool(pool, caller, tried, now),
        }?;
        if !self.is_calm() {
            self.chosen(chosen.address, now);
        }
        Some(chosen)
    }

    /// Whole seconds until the first of an endpoint's addresses may be tried again, where all are suspended; at least 1.
    #[must_use]
    pub fn wait_seconds(&self, api: &str, endpoint: &Endpoint, now: Timestamp) -> i64 {
        let until = |url: &str| self.suspended_until(place(api, url));
        let first = match &endpoint.pool {
            None => until(&endpoint.url),
            Some(pool) => pool.members.iter().filter_map(|it| until(&it.url)).min(),
        };
        let ms = first.map_or(0, |until| until.ms_since(now));
        ms.saturating_add(999).div_euclid(1_000).max(1)
    }

    fn of_pool<'e>(
        &mut self,
        pool: &'e Pool,
        caller: Caller<'_>,
        tried: Tried,
        now: Timestamp,
    ) -> Option<Chosen<'e>> {
        let api = caller.api;
        let named = |(index, member): (usize, &'e Member)| Chosen {
            url: &member.url,
            timeout_ms: member.timeout_ms,
            care: &member.care,
            member: index,
            address: place(api, &member.url),
        };
        let is_calm = self.is_calm();
        let members = pool.members.iter().enumerate();
        let usable: Vec<(Chosen<'e>, u32)> = members
            .filter(|(index, _)| !tried.has(*index))
            .map(|(index, member)| (named((index, member)), member.weight.max(1)))
            .filter(|(chosen, _)| is_calm || !self.is_suspended(chosen.address, now))
            .collect();
        let turn = match pool.choice {
            Choice::Order => return usable.first().map(|(chosen, _)| *chosen),
            Choice::Address => return by_address(&usable, caller.address),
            Choice::Turns => self.turn(api, pool),
            Choice::Cookie { .. } => {
                let named = sent_back(caller.cookies, api);
                let held = named.and_then(|name| {
                    usable
                        .iter()
                        .find(|(chosen, _)| mark(chosen.address) == name)
                });
                match held {
                    Some((chosen, _)) => return Some(*chosen),
                    None => self.turn(api, pool),
                }
            }
        };
        in_turn(&usable, turn)
    }

    /// The number of this call among the pool's.
    fn turn(&mut self, api: &str, pool: &Pool) -> u32 {
        let first = pool
            .members
            .first()
            .map_or("", |member| member.url.as_str());
        let name = place(api, first);
        if self.turns.len() >= MOST_POOLS && !self.turns.contains_key(&name) {
            self.turns.clear();
        }
        let turn = self.turns.entry(name).or_default();
        *turn = turn.wrapping_add(1);
        *turn
    }
}

/// The cookie that keeps a browser with its member; `None` when it has one that names this member, or needs none.
#[must_use]
pub fn cookie(
    endpoint: &Endpoint,
    chosen: &Chosen<'_>,
    caller: Caller<'_>,
    path: &str,
) -> Option<String> {
    let Choice::Cookie { seconds } = endpoint.pool.as_ref()?.choice else {
        return None;
    };
    let mark = mark(chosen.address);
    if sent_back(caller.cookies, caller.api) == Some(mark.as_str()) {
        return None;
    }
    let name = cookie_name(caller.api);
    let life = if seconds == 0 {
        String::new()
    } else {
        format!("; Max-Age={seconds}")
    };
    Some(format!(
        "{name}={mark}; Path={path}{life}; HttpOnly; SameSite=Lax"
    ))
}

/// The name of the cookie, which is another for each API.
fn cookie_name(api: &str) -> String {
    format!("postern-upstream-{}", mark(place(api, "")))
}

fn sent_back<'c>(cookies: &'c str, api: &str) -> Option<&'c str> {
    if cookies.is_empty() {
        return None;
    }
    let name = cookie_name(api);
    cookies.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// What tells members apart and nothing about them.
fn mark(address: u64) -> String {
    format!("{:08x}", address >> 32)
}

fn single<'e>(api: &str, endpoint: &'e Endpoint, tried: Tried) -> Option<Chosen<'e>> {
    (!tried.has(0)).then(|| Chosen {
        url: &endpoint.url,
        timeout_ms: endpoint.timeout_ms,
        care: &endpoint.care,
        member: 0,
        address: if endpoint.care.is_none() {
            0
        } else {
            place(api, &endpoint.url)
        },
    })
}

/// Steps through all shares before one comes again, and never long through those of one member.
fn in_turn<'e>(usable: &[(Chosen<'e>, u32)], turn: u32) -> Option<Chosen<'e>> {
    let total: u32 = usable.iter().map(|(_, weight)| weight).sum();
    if total == 0 {
        return None;
    }
    let step = step(total);
    let share = u64::from(turn) * u64::from(step) % u64::from(total);
    let mut before = 0;
    usable
        .iter()
        .find(|(_, weight)| {
            before += u64::from(*weight);
            share < before
        })
        .map(|(chosen, _)| *chosen)
}

/// About 0.618 of `total`, without a divisor in common with it.
fn step(total: u32) -> u32 {
    let near = (u64::from(total) * 618 / 1_000).max(1);
    let near = u32::try_from(near).unwrap_or(1);
    (near..=total)
        .find(|step| divisor(*step, total) == 1)
        .unwrap_or(1)
}

const fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The same member for the same client while it works, and when it does not, only its own clients move (rendezvous
/// hashing: each share of a member draws a number, and the highest wins).
fn by_address<'e>(usable: &[(Chosen<'e>, u32)], client: &str) -> Option<Chosen<'e>> {
    let mut hasher = FxHasher::default();
    client.hash(&mut hasher);
    let client = mixed(hasher.finish());
    let drawn = |(chosen, weight): &(Chosen<'e>, u32)| {
        (0..u64::from(*weight))
            .map(|share| mixed(client ^ chosen.address.wrapping_add(mixed(share))))
            .max()
    };
    usable
        .iter()
        .max_by_key(|it| drawn(it))
        .map(|(chosen, _)| *chosen)
}

const fn bit(member: usize) -> u32 {
    if member < 32 { 1 << member } else { 0 }
}

const MOST_POOLS: usize = 1_000;

#[cfg(test)]
mod tests;
