//! What a call costs, and what came of it.

use std::rc::Rc;

use model::{FailureMode, Limit, Timestamp};

use crate::{CounterKey, LeaseCall, ObjectName};

/// One limit that a call counts against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Which of the call's limits this is.
    pub stage: Stage,
    /// The owner of the counter.
    pub object: ObjectName,
    /// The counter.
    pub key: CounterKey,
    /// Name of the policy, as callers see it in `RateLimit` fields.
    pub policy: Rc<str>,
    /// How much of what in how long.
    pub limit: Limit,
    /// Units that this call uses: 1 where requests are counted.
    pub cost: u64,
    /// `false`: a call beyond the limit passes and is marked (WSO2 `stopOnQuotaReach`).
    pub enforced: bool,
    /// What happens when the owner cannot be reached.
    pub on_failure: FailureMode,
    /// How often the counter was reset, as far as is known: a denial from before another number does not hold.
    pub resets: u32,
}

/// The limits of a call, in WSO2's order of evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Policy over a whole API.
    Api,
    /// Policy over one operation.
    Operation,
    /// The plan of the subscription.
    Subscription,
    /// The plan's burst limit.
    SubscriptionBurst,
    /// The application's policy.
    Application,
    /// The application policy's burst limit.
    ApplicationBurst,
    /// A custom rule.
    Custom,
    /// What the upstream can take.
    Backend,
}

impl Stage {
    /// WSO2's fault code of a refusal at this stage.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Api => 900_800,
            Self::Operation => 900_802,
            Self::Subscription => 900_804,
            Self::SubscriptionBurst => 900_807,
            Self::Application => 900_803,
            Self::ApplicationBurst => 900_809,
            Self::Custom => 900_806,
            Self::Backend => 900_801,
        }
    }
}

/// Whether a call is within its limits, or what it takes to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every charge was spent.
    Admitted(Admitted),
    /// Nothing was spent.
    Denied(Denied),
    /// Nothing was spent: make each call (in parallel), give the book every reply, and ask again.
    Missing(Vec<LeaseCall>),
    /// Nothing was spent, and another call has asked already: wait until [`crate::LeaseBook::is_awaited`] says no more
    /// that its answer is under way, and ask again.
    Awaited(Turn),
}

/// The answer that a call waits for although another one asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who was asked.
    pub object: ObjectName,
    /// About what.
    pub key: CounterKey,
}

/// Proof that a call passed its limits; only [`crate::LeaseBook::admit`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    pub(crate) standings: Vec<Standing>,
    pub(crate) over_usage: Option<Rc<str>>,
    pub(crate) degraded: bool,
}

impl Admitted {
    /// How the caller stands against each limit, in the order of the charges.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// The policy of the first limit that this call is beyond and that does not stop it.
    #[must_use]
    pub fn over_usage(&self) -> Option<&str> {
        self.over_usage.as_deref()
    }

    /// Whether some limit was decided without its owner (see [`FailureMode`]).
    #[must_use]
    pub const fn is_degraded(&self) -> bool {
        self.degraded
    }
}

/// How a caller stands against one limit, as far as this isolate knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which limit.
    pub stage: Stage,
    /// Name of its policy.
    pub policy: Rc<str>,
    /// The limit.
    pub limit: Limit,
    /// Units left in the window: the owner's last word, less what was spent here since. Never more than there are,
    /// unless another isolate was granted some since.
    pub remaining: u64,
    /// When the window ends, by the local clock; early rather than late.
    pub resets_at: Timestamp,
}

/// Why a call is refused, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// How the caller stands against the limit that refused.
    pub standing: Standing,
    /// When it is worth trying again, by the local clock.
    pub retry_at: Timestamp,
    /// Why.
    pub refusal: Refusal,
}

/// Why a limit refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The window's allowance is used up.
    Exhausted,
    /// Its owner cannot be reached, and the policy says to refuse then, or the local share is used up.
    Unreachable,
}
