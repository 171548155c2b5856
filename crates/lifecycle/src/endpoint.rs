//! The endpoints of an API as a list (WSO2's `/apis/{apiId}/endpoints`).
//!
//! The first of each stage is what `endpointConfig` itself says, and its id is fixed. Others are kept beside it, in
//! `endpointConfig.named_endpoints`, so that revisions and archives have them; one of them is called in its place when
//! `primaryProductionEndpointId` or `primarySandboxEndpointId` names it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Draft, Fault,
    draft::{Addresses, EndpointConfig, fault},
};

/// Whose calls an endpoint gets: those with production keys, or those with sandbox keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Stage {
    /// Calls with production keys.
    Production,
    /// Calls with sandbox keys.
    Sandbox,
}

/// WSO2's `APIEndpoint`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct ApiEndpoint {
    /// Given by the platform.
    #[serde(default)]
    pub id: String,
    /// For people; each once.
    pub name: String,
    /// Production unless told otherwise.
    #[serde(default = "production")]
    pub deployment_stage: Stage,
    /// As the API's own, for one stage.
    #[serde(default)]
    pub endpoint_config: EndpointConfig,
}

impl Stage {
    const BOTH: [Self; 2] = [Self::Production, Self::Sandbox];

    /// Its word in the names of properties.
    pub(crate) const fn keys(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Production => Self::Sandbox,
            Self::Sandbox => Self::Production,
        }
    }

    /// The id of what `endpointConfig` itself says.
    const fn default_id(self) -> &'static str {
        match self {
            Self::Production => "default_production_endpoint",
            Self::Sandbox => "default_sandbox_endpoint",
        }
    }

    fn of_default(id: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|it| it.default_id() == id)
    }

    fn primary(self, draft: &Draft) -> Option<&str> {
        let id = match self {
            Self::Production => &draft.primary_production_endpoint_id,
            Self::Sandbox => &draft.primary_sandbox_endpoint_id,
        };
        id.as_deref()
            .filter(|id| !id.is_empty() && Self::of_default(id).is_none())
    }

    const fn primary_place(self) -> &'static str {
        match self {
            Self::Production => "primaryProductionEndpointId",
            Self::Sandbox => "primarySandboxEndpointId",
        }
    }
}

/// Every endpoint: those of `endpointConfig` itself, as far as they have an address, and the named ones.
#[must_use]
pub fn all(draft: &Draft) -> Vec<ApiEndpoint> {
    let Some(config) = &draft.endpoint_config else {
        return Vec::new();
    };
    let own = Stage::BOTH
        .into_iter()
        .filter(|stage| config.addresses(*stage).is_some())
        .map(|stage| ApiEndpoint {
            id: stage.default_id().to_owned(),
            name: match stage {
                Stage::Production => "Default production endpoint".to_owned(),
                Stage::Sandbox => "Default sandbox endpoint".to_owned(),
            },
            deployment_stage: stage,
            endpoint_config: config.of(stage),
        });
    own.chain(named(config).unwrap_or_default()).collect()
}

/// Puts an endpoint in the place of the one with its id; one of the fixed ids changes `endpointConfig` itself.
///
/// # Errors
/// Why it does not fit. What is wrong with it by itself is said by [`Draft::faults`].
pub fn put(draft: &mut Draft, endpoint: ApiEndpoint) -> Result<(), Fault> {
    let config = draft.endpoint_config.get_or_insert_default();
    if let Some(stage) = Stage::of_default(&endpoint.id) {
        if endpoint.deployment_stage != stage {
            let message = "is fixed for this endpoint; add another one for the other stage";
            return Err(fault("deploymentStage", message));
        }
        return config.take(stage, endpoint.endpoint_config);
    }
    let mut named = named(config)?;
    match named.iter_mut().find(|it| it.id == endpoint.id) {
        Some(known) => *known = endpoint,
        None => named.push(endpoint),
    }
    config.keep(&named);
    Ok(())
}

/// Takes an endpoint away; `false` when there is none of that id.
///
/// # Errors
/// When calls go to it.
pub fn remove(draft: &mut Draft, id: &str) -> Result<bool, Fault> {
    if !all(draft).iter().any(|it| it.id == id) {
        return Ok(false);
    }
    for stage in Stage::BOTH {
        if stage.primary(draft) == Some(id) {
            let message = format!("is `{id}`; name another one before");
            return Err(fault(stage.primary_place(), message));
        }
    }
    let config = draft.endpoint_config.get_or_insert_default();
    if let Some(stage) = Stage::of_default(id) {
        config.clear(stage);
        return Ok(true);
    }
    let mut named = named(config)?;
    named.retain(|it| it.id != id);
    config.keep(&named);
    Ok(true)
}

/// The named endpoint that gets the calls of a stage; none where `endpointConfig` itself says where they go.
pub(crate) fn primary(draft: &Draft, stage: Stage) -> Result<Option<ApiEndpoint>, Fault> {
    let Some(id) = stage.primary(draft) else {
        return Ok(None);
    };
    let config = draft.endpoint_config.clone().unwrap_or_default();
    let found = named(&config)?.into_iter().find(|it| it.id == id);
    match found {
        Some(found) if found.deployment_stage == stage => Ok(Some(found)),
        Some(_) => {
            let message = format!("`{id}` is an endpoint of the other stage");
            Err(fault(stage.primary_place(), message))
        }
        None => {
            let message = format!("there is no endpoint `{id}`");
            Err(fault(stage.primary_place(), message))
        }
    }
}

/// What is wrong with the named endpoints.
pub(crate) fn faults(config: &EndpointConfig) -> Vec<Fault> {
    let named = match named(config) {
        Ok(named) => named,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    if named.len() > MOST {
        faults.push(fault(PLACE, format!("has more than {MOST} endpoints")));
    }
    for (index, one) in named.iter().enumerate() {
        let mut add = |name: &str, message: &str| {
            faults.push(fault(&format!("{PLACE}[{index}].{name}"), message));
        };
        let before = || named.iter().take(index);
        if one.id.is_empty() || before().any(|it| it.id == one.id) {
            add("id", "is missing or stands twice");
        }
        if !(1..=100).contains(&one.name.chars().count()) || one.name.chars().any(char::is_control)
        {
            add(
                "name",
                "is not 1 to 100 characters without control characters",
            );
        } else if before().any(|it| it.name == one.name) {
            add("name", "stands twice");
        }
        let (stage, config) = (one.deployment_stage, &one.endpoint_config);
        if config.addresses(stage).is_none() {
            let keys = stage.keys();
            add(
                "endpointConfig",
                &format!("has no `{keys}_endpoints` with a `url`"),
            );
        }
        if config.rest.contains_key(SECURITY) {
            let message =
                "is what the API's own `endpointConfig` says; named endpoints sign in nowhere";
            add("endpointConfig.endpoint_security", message);
        }
    }
    faults
}

/// The named endpoints, or that they are none.
pub(crate) fn named(config: &EndpointConfig) -> Result<Vec<ApiEndpoint>, Fault> {
    match config.rest.get(KEPT) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(kept) => Vec::deserialize(kept)
            .map_err(|error| fault(PLACE, format!("is no list of endpoints: {error}"))),
    }
}

impl EndpointConfig {
    /// The addresses of a stage, if there is any.
    fn addresses(&self, stage: Stage) -> Option<&Addresses> {
        let addresses = match stage {
            Stage::Production => &self.production_endpoints,
            Stage::Sandbox => &self.sandbox_endpoints,
        };
        let has_one = |it: &&Addresses| {
            it.iter()
                .any(|one| one.url.as_deref().is_some_and(|url| !url.is_empty()))
        };
        addresses.as_ref().filter(has_one)
    }

    fn addresses_mut(&mut self, stage: Stage) -> &mut Option<Addresses> {
        match stage {
            Stage::Production => &mut self.production_endpoints,
            Stage::Sandbox => &mut self.sandbox_endpoints,
        }
    }

    /// What it says of one stage.
    fn of(&self, stage: Stage) -> Self {
        let mut one = self.clone();
        one.rest.remove(KEPT);
        one.clear(stage.other());
        one
    }

    fn clear(&mut self, stage: Stage) {
        *self.addresses_mut(stage) = None;
        self.rest.remove(&format!("{}_failovers", stage.keys()));
        if let Some(Value::Object(security)) = self.rest.get_mut(SECURITY) {
            security.remove(stage.keys());
        }
    }

    /// Takes over what `given` says of a stage. What both stages share is shared still.
    fn take(&mut self, stage: Stage, mut given: Self) -> Result<(), Fault> {
        given.rest.remove(KEPT);
        let word = |config: &Self| {
            config
                .endpoint_type
                .clone()
                .unwrap_or_else(|| "http".to_owned())
        };
        let shares = self.addresses(stage.other()).is_some();
        if shares && word(self) != word(&given) {
            let message = format!(
                "is `{}` for both stages; add an endpoint of its own for another type",
                word(self)
            );
            return Err(fault("endpointConfig.endpoint_type", message));
        }
        let mut security = self.rest.remove(SECURITY).unwrap_or_else(|| json!({}));
        self.clear(stage);
        self.endpoint_type = given
            .endpoint_type
            .take()
            .or_else(|| self.endpoint_type.take());
        *self.addresses_mut(stage) = given.addresses_mut(stage).take();
        let others = format!("{}_failovers", stage.other().keys());
        if let Some(Value::Object(mut given)) = given.rest.remove(SECURITY)
            && let (Some(one), Some(all)) = (given.remove(stage.keys()), security.as_object_mut())
        {
            all.insert(stage.keys().to_owned(), one);
        }
        for (name, value) in given.rest {
            if name != others {
                self.rest.insert(name, value);
            }
        }
        if security.as_object().is_some_and(|all| !all.is_empty()) {
            self.rest.insert(SECURITY.to_owned(), security);
        }
        Ok(())
    }

    fn keep(&mut self, named: &[ApiEndpoint]) {
        if named.is_empty() {
            self.rest.remove(KEPT);
        } else {
            self.rest.insert(KEPT.to_owned(), json!(named));
        }
    }
}

const fn production() -> Stage {
    Stage::Production
}

const KEPT: &str = "named_endpoints";
const PLACE: &str = "endpointConfig.named_endpoints";
const SECURITY: &str = "endpoint_security";
/// Nobody chooses among more.
const MOST: usize = 20;

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
mod tests;
