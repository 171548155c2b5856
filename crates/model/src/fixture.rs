//! What tests begin with. Behind a feature, so that no Worker has it.

use crate::{ApiIdentity, ApiState, Conduct, Deployment, Endpoints, SCHEMA_VERSION, Security};

/// A published API without operations and endpoints, which takes tokens and API keys: tests add what they are about.
#[must_use]
pub fn deployment() -> Deployment {
    Deployment {
        schema: SCHEMA_VERSION,
        organization: "default".into(),
        api: ApiIdentity {
            id: "pets".into(),
            name: "Pets".into(),
            version: "1.0.0".into(),
            context: "/pets/1.0.0".into(),
            provider: "admin".into(),
            kind: "HTTP".into(),
        },
        revision: "r-1".into(),
        environment: "Default".into(),
        state: ApiState::Published,
        base_path: "/pets/1.0.0".into(),
        security: Security {
            oauth2: true,
            api_key: true,
            authorization_header: "authorization".into(),
            api_key_header: "apikey".into(),
            ..Security::default()
        },
        subscription_required: true,
        cors: None,
        api_limit: None,
        operations: Vec::new(),
        endpoints: Endpoints {
            production: None,
            sandbox: None,
        },
        contract: None,
        steps: Vec::new(),
        upstreams: Vec::new(),
        conduct: Conduct::default(),
        complexity: None,
    }
}
