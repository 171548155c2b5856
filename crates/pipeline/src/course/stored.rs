//! respond: answers that are kept for others who ask the same.

use model::Timestamp;

use super::{Step, Travel};
use crate::{Facts, charges::Call};

/// May the answer to this call be kept, or be one that was?
pub(super) const fn attends(_call: &Call<'_>) -> bool {
    false
}

/// Is there an answer already?
pub(super) const fn look_up(_travel: &mut Travel, _facts: &mut Facts, _now: Timestamp) -> Step {
    Step::Done
}

/// Keeps the reply, when it may be.
pub(super) const fn keep(_travel: &mut Travel, _facts: &mut Facts, _now: Timestamp) -> Step {
    Step::Done
}
