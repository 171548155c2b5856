//! May this principal call this operation?
//!
//! Decided from four things that are already known to be true: who calls ([`Caller`]), what the application may do
//! ([`ApplicationRecord`]), what the API is ([`Deployment`]) and which operation is meant. The answer is a [`Grant`] with
//! the subscription that it rests on, or the reason why not.

#![warn(missing_docs)]

use model::{
    ApiId, ApiState, ApplicationRecord, ApplicationStatus, Deployment, KeyType, Operation,
    OperationSecurity, SubscriptionRecord, SubscriptionStatus,
};

/// Who calls, as far as rights go.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'a> {
    /// Nobody in particular: only operations without security serve them.
    Anonymous,
    /// A holder of the publisher's trial key for one API; needs no subscription and is not counted.
    Trial(&'a ApiId),
    /// A user, by name and password, with those of the operation's scopes that are theirs; needs no subscription.
    Person {
        /// The user's.
        scopes: &'a [String],
    },
    /// A holder of a certificate that the API takes; needs no subscription.
    Certified,
    /// An application, with a token or an API key.
    Application {
        /// Production or sandbox.
        key_type: KeyType,
        /// The token's scopes; `None` for an API key, which has the application's rights without scopes.
        scopes: Option<&'a [String]>,
        /// Whether the token stands for a user; `None` for an API key.
        for_user: Option<bool>,
    },
}

/// The right to call, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant<'a> {
    /// The operation is open to everybody.
    Open,
    /// The publisher tries the API.
    Trial,
    /// A subscription.
    Subscribed(&'a SubscriptionRecord),
    /// The certificate's own plan.
    Certified,
    /// The API asks for no subscription (subscriptionless, or not yet published).
    Subscriptionless,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The API is blocked: 700700.
    ApiBlocked,
    /// The API is retired: 404.
    ApiRetired,
    /// The API is not published; only the trial key opens it: 900908.
    NotPublished,
    /// The trial key is for another API: 900901.
    OtherApi,
    /// The operation takes the other kind of token: 900905.
    WrongTokenUse,
    /// The application waits for approval or was rejected: 900909.
    ApplicationInactive,
    /// No subscription: 900908.
    NotSubscribed,
    /// The subscription is blocked, for this kind of key at least: 900907.
    SubscriptionBlocked,
    /// The subscription waits for approval or was rejected: 900909.
    SubscriptionInactive,
    /// None of the operation's scopes: 900910.
    ScopeMissing,
}

impl Refusal {
    /// Could a fresh copy of the application's record change the answer?
    #[must_use]
    pub const fn is_about_the_record(self) -> bool {
        matches!(
            self,
            Self::ApplicationInactive
                | Self::NotSubscribed
                | Self::SubscriptionBlocked
                | Self::SubscriptionInactive
        )
    }
}

/// Decides. `application` is the caller's; `None` for callers that have none.
///
/// # Errors
/// The first reason in the peer's order: state of the API, subscription, kind of token, scope.
pub fn authorize<'a>(
    caller: Caller<'_>,
    application: Option<&'a ApplicationRecord>,
    deployment: &Deployment,
    operation: &Operation,
) -> Result<Grant<'a>, Refusal> {
    state_allows(deployment.state, &caller)?;
    match caller {
        Caller::Trial(api) if *api == deployment.api.id => Ok(Grant::Trial),
        Caller::Trial(_) => Err(Refusal::OtherApi),
        Caller::Anonymous => Ok(Grant::Open),
        Caller::Person { scopes } => {
            scopes_allow(&operation.scopes, Some(scopes))?;
            Ok(Grant::Open)
        }
        Caller::Certified => Ok(Grant::Certified),
        Caller::Application {
            key_type,
            scopes,
            for_user,
        } => {
            let application = application.ok_or(Refusal::NotSubscribed)?;
            let grant = subscribed(application, deployment, key_type)?;
            token_use_allows(operation.security, for_user)?;
            scopes_allow(&operation.scopes, scopes)?;
            Ok(grant)
        }
    }
}

fn state_allows(state: ApiState, caller: &Caller<'_>) -> Result<(), Refusal> {
    match state {
        ApiState::Blocked => Err(Refusal::ApiBlocked),
        ApiState::Retired => Err(Refusal::ApiRetired),
        ApiState::Created if !matches!(caller, Caller::Trial(_)) => Err(Refusal::NotPublished),
        ApiState::Created | ApiState::Prototyped | ApiState::Published | ApiState::Deprecated => {
            Ok(())
        }
    }
}

fn subscribed<'a>(
    application: &'a ApplicationRecord,
    deployment: &Deployment,
    key_type: KeyType,
) -> Result<Grant<'a>, Refusal> {
    if application.status != ApplicationStatus::Approved {
        return Err(Refusal::ApplicationInactive);
    }
    let mut subscriptions = application.subscriptions.iter();
    let Some(found) = subscriptions.find(|it| it.api == deployment.api.id) else {
        let needed = deployment.subscription_required && deployment.state != ApiState::Prototyped;
        return if needed {
            Err(Refusal::NotSubscribed)
        } else {
            Ok(Grant::Subscriptionless)
        };
    };
    match (found.status, key_type) {
        (SubscriptionStatus::Blocked, _)
        | (SubscriptionStatus::ProdOnlyBlocked, KeyType::Production) => {
            Err(Refusal::SubscriptionBlocked)
        }
        (SubscriptionStatus::OnHold | SubscriptionStatus::Rejected, _) => {
            Err(Refusal::SubscriptionInactive)
        }
        (SubscriptionStatus::ProdOnlyBlocked, KeyType::Sandbox)
        | (
            SubscriptionStatus::Unblocked
            | SubscriptionStatus::TierUpdatePending
            | SubscriptionStatus::DeletePending,
            _,
        ) => Ok(Grant::Subscribed(found)),
    }
}

/// An API key stands for its application and passes either way, as it does in the peer.
fn token_use_allows(security: OperationSecurity, for_user: Option<bool>) -> Result<(), Refusal> {
    match (security, for_user) {
        (OperationSecurity::Application, Some(true))
        | (OperationSecurity::ApplicationUser, Some(false)) => Err(Refusal::WrongTokenUse),
        (
            OperationSecurity::None
            | OperationSecurity::Any
            | OperationSecurity::Application
            | OperationSecurity::ApplicationUser,
            _,
        ) => Ok(()),
    }
}

/// Any one of the operation's scopes is enough; an API key has no scopes and is not asked for any.
fn scopes_allow(wanted: &[String], held: Option<&[String]>) -> Result<(), Refusal> {
    let Some(held) = held else { return Ok(()) };
    if wanted.is_empty() || wanted.iter().any(|scope| held.contains(scope)) {
        return Ok(());
    }
    Err(Refusal::ScopeMissing)
}

#[cfg(test)]
mod tests;
