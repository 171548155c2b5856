//! transform: what policies do to a request and to its reply, when it takes a body or another service.

use super::{Step, Travel, event::Event};
use crate::{Facts, charges::Call};

/// Is there a policy that cannot run at once?
pub(super) const fn attends(_call: &Call<'_>) -> bool {
    false
}

/// Policies on the way there.
pub(super) fn request(_travel: &mut Travel, _event: Option<Event>, _facts: &mut Facts) -> Step {
    Step::Done
}

/// Policies on the way back.
pub(super) fn reply(_travel: &mut Travel, _event: Option<Event>, _facts: &mut Facts) -> Step {
    Step::Done
}

/// Policies on a fault; the travel's reply tells it to the client.
pub(super) const fn fault(_travel: &mut Travel, _facts: &mut Facts) {}
