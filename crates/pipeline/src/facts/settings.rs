//! What does not change while an isolate lives.

use model::OrganizationId;
use problem::Problem;
use telemetry::Sampling;

/// What does not change while an isolate lives.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Gateway environment, for example `Default`.
    pub environment: String,
    /// How long configuration is fresh, in milliseconds.
    pub refresh_ms: i64,
    /// Organization whose statistics get the requests that meet no API.
    pub organization: OrganizationId,
    /// Which traces a collector is told of.
    pub sampling: Sampling,
    /// Faults of upstreams have the statuses that WSO2's gateways give them.
    pub has_peer_statuses: bool,
}

impl Settings {
    /// The status of a fault.
    #[must_use]
    pub fn status(&self, problem: &Problem) -> u16 {
        match self.has_peer_statuses {
            true => problem.peer_status(),
            false => problem.status(),
        }
    }
}
