//! What gateways say of themselves, as the analytics Worker keeps it: which serve an environment, and how far they are.

use runtime::{Outcome, call as service};
use serde_json::{Value, json};
use usage::roster::{Gateway, Standing};

use crate::{call::Call, deployments::DeploymentRow};

/// How far the gateways of an environment are with a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    /// Gateways that said something lately.
    live: usize,
    /// Of those, how many have taken it up.
    deployed: usize,
    /// Those that could not take it up, each with the reason.
    failures: Vec<(String, String)>,
}

/// The gateways of an environment, by name, those that went silent within the last hour included.
pub(crate) async fn of_environment(call: &Call, environment: &str) -> Outcome<Vec<Gateway>> {
    let wish = json!({"environment": environment});
    let answer = service::post(&call.env, "ANALYTICS", "/internal/gateways", &wish).await?;
    service::expect_json(answer).await
}

/// Adds to each Deployment how far gateways are with it. Where they cannot be asked about, nothing is said of them.
pub(crate) async fn acknowledge(call: &Call, running: &mut [DeploymentRow]) {
    let mut known: Vec<(String, Vec<Gateway>)> = Vec::new();
    for one in running {
        if !known.iter().any(|(name, _)| *name == one.environment) {
            match of_environment(call, &one.environment).await {
                Ok(gateways) => known.push((one.environment.clone(), gateways)),
                Err(failure) => {
                    worker::console_warn!("gateways are not known: {failure:?}");
                    return;
                }
            }
        }
        let here = known.iter().find(|(name, _)| *name == one.environment);
        let gateways = here.map(|(_, gateways)| gateways.as_slice());
        one.acknowledgement = gateways.map(|gateways| Acknowledgement::of(one, gateways));
    }
}

impl Acknowledgement {
    fn of(deployment: &DeploymentRow, gateways: &[Gateway]) -> Self {
        let names = [
            format!("deployment/{}", deployment.hash),
            format!("contract/{}", deployment.contract),
        ];
        let version = u64::try_from(deployment.catalog_version).unwrap_or_default();
        let mut counted = Self::default();
        for gateway in gateways.iter().filter(|gateway| gateway.is_live()) {
            counted.live += 1;
            match gateway.standing(version, &names) {
                Standing::Deployed => counted.deployed += 1,
                Standing::Pending => {}
                Standing::Failed(reason) => counted
                    .failures
                    .push((gateway.name.clone(), reason.to_owned())),
            }
        }
        counted
    }

    /// WSO2's counts, and which gateways failed and why.
    pub(crate) fn add_to(&self, shown: &mut Value) {
        let failures = self.failures.iter();
        let failures: Vec<Value> = failures
            .map(|(name, reason)| json!({"gatewayId": name, "reason": reason}))
            .collect();
        let counts = [
            ("liveGatewayCount", json!(self.live)),
            ("deployedGatewayCount", json!(self.deployed)),
            ("failedGatewayCount", json!(self.failures.len())),
            ("failedGateways", json!(failures)),
        ];
        if let Value::Object(members) = shown {
            members.extend(counts.map(|(name, value)| (name.to_owned(), value)));
        }
    }
}
