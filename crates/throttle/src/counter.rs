//! One counter, as its owner keeps it.

mod block;
mod count;
mod flow;
mod slide;

use std::collections::VecDeque;

use model::{Algorithm, Limit, Timestamp};
use serde::{Deserialize, Serialize};

use self::count::Count;
use self::flow::{Flow, Rate};
use self::slide::Slide;
use crate::{Debited, GiveBack, Holder, LeaseRequest, Month, Window, amount, policy_version};

pub(crate) use self::block::{EXACT_UP_TO, Part, block_units, loan_units};
pub(crate) use self::flow::life_ms;

/// The use of one counter by every way of counting that still runs, and the last blocks granted from it.
///
/// Normally one runs; after a change of the limit's window or algorithm the old one runs on beside the new until it has
/// nothing left to remember, and every grant is debited to both, so that changing back and forth refills nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    #[serde(rename = "w")]
    counts: Vec<Count>,
    #[serde(rename = "b")]
    blocks: VecDeque<Block>,
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    slides: Vec<Slide>,
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    flows: Vec<Flow>,
    /// Of a subscription: what is not in the store's sums yet. It is kept here because the row is written anyway, and a sum
    /// of its own would be a second write for every grant.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    debited: Option<Debited>,
}

/// A block granted: what makes a repeated request and a give-back count once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BlockRow", into = "BlockRow")]
struct Block {
    holder: Holder,
    number: u64,
    version: u32,
    units: u64,
    granted_at: Timestamp,
    ends_at: Timestamp,
}

type BlockRow = (Holder, u64, u32, u64, Timestamp, Timestamp);

impl From<Block> for BlockRow {
    fn from(it: Block) -> Self {
        (
            it.holder,
            it.number,
            it.version,
            it.units,
            it.granted_at,
            it.ends_at,
        )
    }
}

impl From<BlockRow> for Block {
    fn from((holder, number, version, units, granted_at, ends_at): BlockRow) -> Self {
        Self {
            holder,
            number,
            version,
            units,
            granted_at,
            ends_at,
        }
    }
}

impl Counter {
    /// Forgets windows and blocks that have ended.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.counts.retain(|count| count.end > now);
        for slide in &mut self.slides {
            slide.settle(now);
        }
        self.slides.retain(|slide| slide.is_running(now));
        self.flows.retain(|flow| flow.is_running(now));
        // What is left of a block that lapsed still counts in a sliding window, and can come back as long as it does.
        let longest = self.slides.iter().map(|slide| slide.length_ms).max();
        let kept_ms = longest.unwrap_or_default();
        self.blocks
            .retain(|block| block.ends_at.plus_ms(kept_ms) > now);
    }

    /// Whether nothing is left to remember.
    pub(crate) fn is_settled(&self, now: Timestamp) -> bool {
        self.counts.iter().all(|count| count.end <= now)
            && !self.slides.iter().any(|slide| slide.is_running(now))
            && !self.flows.iter().any(|flow| flow.is_running(now))
            // A debt may have drained before its block lapses: a late copy of the request still has to find it.
            && self.blocks.iter().all(|block| block.ends_at <= now)
    }

    /// The latest moment that this counter has seen, for a clock that never goes back over it.
    pub(crate) fn last_seen(&self) -> Timestamp {
        let counted = self.counts.iter().map(|count| count.since);
        let slid = self.slides.iter().map(|slide| slide.own_at);
        let flowed = self.flows.iter().map(|flow| flow.at);
        let granted = self.blocks.iter().map(|block| block.granted_at);
        counted
            .chain(slid)
            .chain(flowed)
            .chain(granted)
            .max()
            .unwrap_or_default()
    }

    /// Units that `limit` has left at `now`.
    pub(crate) fn remaining(&self, limit: &Limit, now: Timestamp) -> u64 {
        match limit.algorithm {
            Algorithm::Fixed => {
                let window = Window::at(limit, now);
                let used = self
                    .count_of(window)
                    .map_or_else(|| self.carried(window.start, now), |count| count.used);
                amount(limit).saturating_sub(used)
            }
            Algorithm::Sliding => amount(limit).saturating_sub(self.slid(limit, now).used(now)),
            Algorithm::Gcra { burst } => {
                let rate = Rate::of(limit, burst);
                rate.remaining(self.flowing(rate, now).parts(now))
            }
        }
    }

    /// When `limit` will have `cost` units left, if nobody uses any until then and it ever has so many.
    pub(crate) fn free_at(&self, limit: &Limit, cost: u64, now: Timestamp) -> Timestamp {
        match limit.algorithm {
            Algorithm::Fixed => Window::at(limit, now).end,
            Algorithm::Sliding => {
                let slide = self.slid(limit, now);
                let at = slide.free_at(amount(limit), cost, now);
                // A limit of nothing, or a cost beyond it: a window later is as good as any time.
                if at > now {
                    at
                } else {
                    now.plus_ms(slide.length_ms)
                }
            }
            Algorithm::Gcra { burst } => {
                let rate = Rate::of(limit, burst);
                // Who is refused comes back for more than one unit, or each unit that comes in would cost a message.
                let cost = cost.max(rate.portion(limit, burst));
                let at = rate.free_at(self.flowing(rate, now).parts(now), cost, now);
                // The next unit may be there in a few milliseconds: nobody is served by asking for each.
                at.max(now.plus_ms(DENIED_AT_LEAST_MS))
            }
        }
    }

    /// Whether what is left of a burst is less than what is worth a message.
    pub(crate) fn is_drained(&self, limit: &Limit, now: Timestamp) -> bool {
        match limit.algorithm {
            Algorithm::Fixed | Algorithm::Sliding => false,
            Algorithm::Gcra { burst } => {
                self.remaining(limit, now) < Rate::of(limit, burst).portion(limit, burst)
            }
        }
    }

    /// The units of the block that this very request got before, if it still can be spent, and until when.
    pub(crate) fn granted_before(
        &self,
        request: &LeaseRequest,
        limit: &Limit,
        now: Timestamp,
    ) -> Option<(u64, Timestamp)> {
        let version = policy_version(limit);
        let same = |block: &&Block| {
            block.number == request.number
                && block.version == version
                && block.ends_at > now
                && block.holder == request.holder
        };
        let found = self.blocks.iter().find(same);
        found.map(|block| (block.units, block.ends_at))
    }

    /// Debits `units` to every way of counting that runs, and remembers whose they are.
    pub(crate) fn grant(
        &mut self,
        request: &LeaseRequest,
        limit: &Limit,
        units: u64,
        now: Timestamp,
    ) {
        let ends_at = lapse(limit, now);
        self.debit(limit, units, ends_at, now);
        if self.blocks.len() >= BLOCKS_KEPT {
            self.blocks.pop_front();
        }
        self.blocks.push_back(Block {
            holder: request.holder.clone(),
            number: request.number,
            version: policy_version(limit),
            units,
            granted_at: now,
            ends_at,
        });
    }

    /// Debits `units` that are spent by `spent_by` to every way of counting that runs.
    pub(crate) fn debit(&mut self, limit: &Limit, units: u64, spent_by: Timestamp, now: Timestamp) {
        self.open(limit, now);
        for count in self.counts.iter_mut().filter(|count| count.end > now) {
            count.used = count.used.saturating_add(units);
        }
        for slide in &mut self.slides {
            slide.debit(units, spent_by);
        }
        for flow in &mut self.flows {
            flow.debit(units, now);
        }
    }

    /// Credits unspent units of a remembered block, once, wherever they were debited and still count.
    /// Returns how many were credited; a block that is not remembered changes nothing.
    pub(crate) fn take_back(&mut self, holder: &Holder, given: &GiveBack, now: Timestamp) -> u64 {
        self.settle(now);
        let same = |block: &&mut Block| block.number == given.number && &block.holder == holder;
        let Some(block) = self.blocks.iter_mut().find(same) else {
            return 0;
        };
        let units = given.units.min(block.units);
        // The block stays, empty: a late copy of the request that got it must not get another, and what was not returned
        // is spent, so that a late copy of the return must not credit that.
        block.units = 0;
        for count in &mut self.counts {
            // A window opened later carried an unknown part of this block; it keeps the debit.
            if count.since <= block.granted_at {
                count.used = count.used.saturating_sub(units);
            }
        }
        for slide in &mut self.slides {
            if slide.since <= block.granted_at {
                slide.credit(units, block.ends_at);
            }
        }
        units
    }

    /// Adds to what was debited in the month of `now`. What an earlier month had is returned: its sum is to be stored.
    pub(crate) fn add_debit(&mut self, units: i64, now: Timestamp) -> Option<Debited> {
        let month = Month::of(now);
        match &mut self.debited {
            Some(Debited(of, sum)) if *of == month => {
                *sum = sum.saturating_add(units);
                None
            }
            other => other.replace(Debited(month, units)),
        }
    }

    /// What was debited and is not in the store's sums.
    pub(crate) const fn debited(&self) -> Option<Debited> {
        self.debited
    }

    fn count_of(&self, window: Window) -> Option<&Count> {
        self.counts
            .iter()
            .find(|count| count.start == window.start && count.end == window.end)
    }

    /// The sliding window of `limit`, as it runs or as it would begin.
    fn slid(&self, limit: &Limit, now: Timestamp) -> Slide {
        let length_ms = Window::nominal_ms(limit);
        let same = |slide: &&Slide| slide.length_ms == length_ms;
        let running = self.slides.iter().find(same).cloned();
        running.unwrap_or_else(|| {
            Slide::opened(length_ms, self.carried(now.plus_ms(-length_ms), now), now)
        })
    }

    fn flowing(&self, rate: Rate, now: Timestamp) -> Flow {
        let same = |flow: &&Flow| flow.period_ms == rate.period_ms;
        let running = self.flows.iter().find(same).cloned();
        running.unwrap_or_else(|| Flow::opened(rate, self.carried(now, now), now))
    }

    /// Makes the limit's way of counting run, if it does not.
    fn open(&mut self, limit: &Limit, now: Timestamp) {
        match limit.algorithm {
            Algorithm::Fixed => {
                let window = Window::at(limit, now);
                if self.count_of(window).is_none() {
                    self.counts.push(Count {
                        start: window.start,
                        end: window.end,
                        used: self.carried(window.start, now),
                        since: now,
                        own_at: now,
                    });
                }
                let own =
                    |count: &&mut Count| (count.start, count.end) == (window.start, window.end);
                if let Some(count) = self.counts.iter_mut().find(own) {
                    count.own_at = now;
                }
            }
            Algorithm::Sliding => {
                let mut slide = self.slid(limit, now);
                slide.own_at = now;
                self.slides
                    .retain(|other| other.length_ms != slide.length_ms);
                self.slides.push(slide);
            }
            Algorithm::Gcra { burst } => {
                let rate = Rate::of(limit, burst);
                let mut flow = self.flowing(rate, now);
                flow.turn_to(rate, now);
                self.flows.retain(|other| other.period_ms != flow.period_ms);
                self.flows.push(flow);
            }
        }
    }

    /// What a way of counting that covers the time since `from` starts with: the most that another has counted under
    /// which blocks were granted since. One that only runs on is left out, or a plan's month would fill every minute of
    /// the plan that came after it.
    fn carried(&self, from: Timestamp, now: Timestamp) -> u64 {
        let is_recent = |own_at: Timestamp| own_at.plus_ms(OLD_BLOCKS_SPENT_MS) > from;
        let counts = self.counts.iter();
        let counts = counts
            .filter(|count| count.end > now && is_recent(count.own_at))
            .map(|count| count.used);
        let slides = self.slides.iter();
        let slides = slides
            .filter(|slide| is_recent(slide.own_at))
            .map(|slide| slide.used(now));
        let flows = self.flows.iter();
        let flows = flows
            .filter(|flow| is_recent(flow.own_at))
            .map(|flow| flow.used(now));
        counts.chain(slides).chain(flows).max().unwrap_or_default()
    }
}

/// Until when a block that is granted now may be spent.
pub(crate) fn lapse(limit: &Limit, now: Timestamp) -> Timestamp {
    match limit.algorithm {
        Algorithm::Fixed => Window::at(limit, now).end,
        Algorithm::Sliding => {
            // Ends are shared by all blocks of a span, so that there are few of them to keep.
            let span = span_ms(limit);
            let earliest = now.0.saturating_add(span / 2);
            Timestamp(
                earliest
                    .saturating_sub(earliest.rem_euclid(span))
                    .saturating_add(span),
            )
        }
        Algorithm::Gcra { burst } => now.plus_ms(life_ms(limit, burst)),
    }
}

/// The grain of a sliding window: a block lives for half of this at least.
pub(crate) fn span_ms(limit: &Limit) -> i64 {
    (Window::nominal_ms(limit) / SPANS).max(SHORTEST_SPAN_MS)
}

/// A rate refuses for this long at least; what comes in meanwhile is not lost.
const DENIED_AT_LEAST_MS: i64 = 250;
/// Blocks remembered for repeated requests and give-backs. One that is forgotten stays debited.
const BLOCKS_KEPT: usize = 16;
/// A sliding window counts in so many steps: what was used counts at most one and a half of them too long.
const SPANS: i64 = 32;
/// A reply takes this long at worst.
const SHORTEST_SPAN_MS: i64 = 500;
/// How long blocks of a policy that was replaced are still spent: as long as a gateway may not have heard of it.
const OLD_BLOCKS_SPENT_MS: i64 = 60_000;

#[cfg(test)]
mod tests;
