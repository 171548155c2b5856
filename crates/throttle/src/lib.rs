//! Throttling by leases: never over, almost never asking.
//!
//! A limit has one owner, a Durable Object, whose state is [`LimitShardState`]. A gateway isolate keeps a [`LeaseBook`]:
//! it takes *blocks* of a limit's remaining allowance from the owner, which debits them when it grants them; the isolate
//! spends a block locally and gives back what it did not need. So a request costs no call as long as a block lasts, and
//! whatever is lost on the way (a reply, an isolate, a whole region) was already debited: it can make a window admit
//! fewer calls than its limit, never more.
//!
//! ```text
//! gateway                                   Durable Object
//! LeaseBook::admit -> Missing(calls) -----> LimitShardState::grant -> rows to persist, then the reply
//! LeaseBook::receive(reply)             <--
//! LeaseBook::admit -> Admitted | Denied
//! ```
//!
//! # Rules
//! - **Windows** are fixed and aligned to the epoch or the calendar ([`Window`]), sliding, or a rate with bursts
//!   ([`model::Algorithm`]), by the *owner's* clock. A gateway's clock is used for
//!   durations only: a block granted for 7 s is spent within 7 s of the moment at which it was asked for, so that a
//!   constant skew between the two clocks changes nothing.
//! - **Debit at grant.** A block is tied to (counter, window, policy version, holder) and to the number of the request
//!   that asked for it; a repeated request gets the same block, not another.
//! - **Policy changes give no refill.** A counter's name does not contain its policy, so what was used stays used: a
//!   new amount for the same window is measured against the same count; a new length of window starts from what the
//!   windows still running have counted. Blocks and denials remember the version ([`policy_version`]) they were given
//!   under, and are dropped when the policy in force is another.
//! - **Small limits are exact**: up to 100 per window, and near exhaustion, blocks are of one unit.
//! - **A denial is remembered** until the window ends: an exhausted counter costs no calls. One that lasts for more than a
//!   minute is asked about again every five seconds, off the call's way, because an administrator may have reset it.
//! - **Calls that wait for the same counter** in one isolate wait for one message: the first asks, the others wait for its
//!   answer ([`Verdict::Awaited`]), and ask for themselves when it did not do.
//! - **A crowd of holders** is told to ask one of several relays ([`Relay`]), which take larger blocks from the owner and
//!   lend them on. The owner's debit stays the truth; what a relay loses was debited.
//! - **When the owner cannot be reached**, the policy's [`model::FailureMode`] decides: refuse, admit a bounded local
//!   share (a tenth of the limit per isolate and window), or admit.

#![warn(missing_docs)]

mod book;
mod calendar;
mod charge;
mod counter;
mod crowd;
mod fields;
mod key;
mod month;
mod shard;
mod slots;
mod window;
mod wire;

pub use book::{LeaseBook, Relay, Relayed};
pub use calendar::is_known_zone;
pub use charge::{Admitted, Charge, Denied, Refusal, Stage, Standing, Turn, Verdict};
pub use counter::Counter;
pub use fields::{rate_limit, rate_limit_policy};
pub use key::{CounterKey, ObjectName};
pub use month::{Debited, Month};
pub use shard::{Granting, LimitShardState, Persist, UnreadableRow};
pub use slots::{Slot, SlotBook, SlotCall, SlotCharge, SlotReply, SlotRequest, Slots, Taken};
pub use window::{Window, amount, policy_version};
pub use wire::{
    Ask, GiveBack, Holder, LeaseCall, LeaseReply, LeaseRequest, Malformed, Outcome, ResetRequest,
};
