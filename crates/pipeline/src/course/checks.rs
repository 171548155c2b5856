//! validate: what is checked against the API's contract, or for threats, when it takes a body.

use super::{Step, Travel};
use crate::{Facts, charges::Call};

/// Is there something to check?
pub(super) const fn attends(_call: &Call<'_>) -> bool {
    false
}

/// Looks at the request.
pub(super) const fn request(_travel: &mut Travel, _facts: &mut Facts) -> Step {
    Step::Done
}

/// Looks at the reply.
pub(super) const fn reply(_travel: &mut Travel, _facts: &mut Facts) -> Step {
    Step::Done
}
