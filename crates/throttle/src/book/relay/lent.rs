//! What a relay has lent: a request that comes again gets the same answer, and what comes back is known.

use std::collections::{HashMap, VecDeque};

use model::Timestamp;

use super::super::blocks::Block;
use crate::{CounterKey, GiveBack, Holder, LeaseRequest, Outcome};

/// Part of a block of the relay's, lent to a holder.
#[derive(Clone, Debug)]
pub(super) struct Lent {
    pub(super) key: CounterKey,
    pub(super) version: u32,
    /// Named by the number of the relay's own request.
    pub(super) block: Block,
}

/// The latest answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Loans {
    order: VecDeque<(Holder, u64)>,
    answers: HashMap<(Holder, u64), Answer>,
}

#[derive(Clone, Debug)]
struct Answer {
    at: Timestamp,
    lent: Vec<(Outcome, Option<Lent>)>,
}

impl Loans {
    /// Remembers an answer; its outcomes.
    pub(super) fn keep(
        &mut self,
        request: &LeaseRequest,
        lent: Vec<(Outcome, Option<Lent>)>,
        now: Timestamp,
    ) -> Vec<Outcome> {
        if self.order.len() >= ANSWERS_KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
        let outcomes = lent.iter().map(|(outcome, _)| *outcome).collect();
        let name = (request.holder.clone(), request.number);
        self.order.push_back(name.clone());
        self.answers.insert(name, Answer { at: now, lent });
        outcomes
    }

    /// What this very request was answered before. Its holder counts from when it asked last, so what is left is shorter.
    pub(super) fn again(&self, request: &LeaseRequest, now: Timestamp) -> Option<Vec<Outcome>> {
        let name = (request.holder.clone(), request.number);
        let answer = self.answers.get(&name)?;
        if answer.lent.len() != request.asks.len() {
            return None;
        }
        let elapsed = now.ms_since(answer.at).max(0);
        let shorter = |(outcome, _): &(Outcome, Option<Lent>)| Outcome {
            ends_in_ms: outcome.ends_in_ms.saturating_sub(elapsed),
            ..*outcome
        };
        Some(answer.lent.iter().map(shorter).collect())
    }

    /// Takes back unspent units of a loan, once: a late copy of the request that got it gets nothing then.
    pub(super) fn take_back(&mut self, holder: &Holder, given: &GiveBack) -> Option<Lent> {
        let name = (holder.clone(), given.number);
        let answer = self.answers.get_mut(&name)?;
        let is_of = |(_, lent): &&mut (Outcome, Option<Lent>)| {
            lent.as_ref().is_some_and(|lent| lent.key == given.key)
        };
        let (outcome, place) = answer.lent.iter_mut().find(is_of)?;
        let mut lent = place.take()?;
        outcome.units = 0;
        lent.block.units = lent.block.units.min(given.units);
        (lent.block.units > 0).then_some(lent)
    }
}

/// What lies idle comes back after ten seconds; a relay answers a few hundred requests in one.
const ANSWERS_KEPT: usize = 4_096;
