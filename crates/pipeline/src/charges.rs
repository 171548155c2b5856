//! throttle: which limits does the call count against, and is it within them?

use std::rc::Rc;

use model::{
    ApiId, ApplicationId, ApplicationRecord, FailureMode, Limit, Measure, PolicySet, Timestamp,
};
use problem::{NextAccess, Problem};
use throttle::{
    Admitted, Charge, CounterKey, Denied, ObjectName, Refusal, Stage, Verdict, rate_limit,
    rate_limit_policy,
};

use crate::{
    Facts, Need, Request,
    authenticate::{Granted, Principal},
    decision::Stop,
    locate::Located,
    refusal::Rejection,
};

/// Spends the call's charges, all or none.
pub(crate) fn throttle(
    call: &Call<'_>,
    granted: &Granted<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Admitted, Stop> {
    let policies = facts.policies(now)?;
    let charges = match granted {
        Granted::Trial => Ok(Rc::default()),
        Granted::Open => call.open(&policies).map(Rc::from),
        Granted::Plan(plan) => prepared(call, plan, &policies, facts),
    };
    let charges = match charges {
        Ok(charges) => charges,
        Err(unknown) => {
            facts.recheck(Need::Catalog, now)?;
            return Err(unknown.into());
        }
    };
    match facts.book.admit(&charges, now) {
        Verdict::Admitted(admitted) => Ok(admitted),
        Verdict::Denied(denied) => Err(refused(&denied, now)),
        Verdict::Missing(calls) => Err(Stop::Missing(
            calls
                .into_iter()
                .map(|it| Need::Lease(Box::new(it)))
                .collect(),
        )),
    }
}

/// What a subscriber pays, worked out once.
fn prepared(
    call: &Call<'_>,
    plan: &str,
    policies: &Rc<PolicySet>,
    facts: &mut Facts,
) -> Result<Rc<[Charge]>, Unknown> {
    if let Some(charges) = facts.prepared.find(call, plan, policies) {
        return Ok(charges);
    }
    let charges: Rc<[Charge]> = call.under(plan, policies)?.into();
    facts.prepared.keep(call, plan, policies, &charges);
    Ok(charges)
}

/// A call whose operation and caller are known.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) located: &'a Located,
    pub(crate) principal: &'a Principal,
}

/// A policy that enforces and is not known: the call is not let through without it.
struct Unknown(String);

impl From<Unknown> for Stop {
    fn from(Unknown(name): Unknown) -> Self {
        let detail = format!(
            "the throttling policy `{name}` is not known here yet; try again in a few seconds"
        );
        Problem::new("303100").detail(detail).into()
    }
}

impl Call<'_> {
    /// Nobody in particular: the API's own limits, and the plan `Unauthenticated` for each client address.
    fn open(&self, policies: &PolicySet) -> Result<Vec<Charge>, Unknown> {
        let mut charges = self.of_api(policies)?;
        let Some(plan) = policies.subscription.get(UNAUTHENTICATED) else {
            return Err(unknown(UNAUTHENTICATED));
        };
        if let Some(limit) = plan.limit {
            let api = &self.located.deployment.api.id;
            charges.push(Charge {
                enforced: plan.stop_on_quota_reach,
                ..self.charge(
                    (Stage::Subscription, UNAUTHENTICATED, limit, plan.on_failure),
                    self.api_caller_object(self.request.client_address),
                    CounterKey::unauthenticated(api, self.request.client_address),
                )
            });
        }
        Ok(charges)
    }

    /// A subscriber: the API's limits, the plan's, the application's, in WSO2's order of evaluation.
    fn under(&self, plan: &str, policies: &PolicySet) -> Result<Vec<Charge>, Unknown> {
        let mut charges = self.of_api(policies)?;
        let Some(application) = self.principal.application.as_deref() else {
            return Ok(charges);
        };
        self.of_plan(plan, application, policies, &mut charges)?;
        self.of_application(application, policies, &mut charges)?;
        Ok(charges)
    }

    /// The policy of the whole API or else, when it has none, of the operation.
    fn of_api(&self, policies: &PolicySet) -> Result<Vec<Charge>, Unknown> {
        let deployment = &self.located.deployment;
        let operation = self.located.operation();
        let (stage, name) = match (
            &deployment.api_limit,
            operation.and_then(|it| it.limit.as_ref()),
        ) {
            (Some(name), _) => (Stage::Api, name),
            (None, Some(name)) => (Stage::Operation, name),
            (None, None) => return Ok(Vec::new()),
        };
        let policy = policies.advanced.get(name).ok_or_else(|| unknown(name))?;
        let Some(limit) = policy.limit else {
            return Ok(Vec::new());
        };
        let user = policy.per_user.then_some(self.principal.user.name());
        let api = &deployment.api.id;
        let key = match (stage, operation) {
            (Stage::Operation, Some(it)) => {
                CounterKey::operation(api, &it.method, &it.template, user)
            }
            _ => CounterKey::api(api, user),
        };
        let object = user.map_or_else(|| self.api_object(), |user| self.api_caller_object(user));
        Ok(vec![self.charge(
            (stage, name, limit, policy.on_failure),
            object,
            key,
        )])
    }

    fn of_plan(
        &self,
        name: &str,
        application: &ApplicationRecord,
        policies: &PolicySet,
        charges: &mut Vec<Charge>,
    ) -> Result<(), Unknown> {
        let plan = policies
            .subscription
            .get(name)
            .ok_or_else(|| unknown(name))?;
        let (id, api): (&ApplicationId, &ApiId) =
            (&application.id, &self.located.deployment.api.id);
        if let Some(limit) = plan.limit {
            charges.push(Charge {
                enforced: plan.stop_on_quota_reach,
                ..self.charge(
                    (Stage::Subscription, name, limit, plan.on_failure),
                    self.application_object(id),
                    CounterKey::subscription(id, api),
                )
            });
        }
        if let Some(limit) = plan.burst {
            charges.push(self.charge(
                (Stage::SubscriptionBurst, name, limit, plan.on_failure),
                self.application_object(id),
                CounterKey::subscription_burst(id, api),
            ));
        }
        Ok(())
    }

    fn of_application(
        &self,
        application: &ApplicationRecord,
        policies: &PolicySet,
        charges: &mut Vec<Charge>,
    ) -> Result<(), Unknown> {
        let name = &application.policy;
        let policy = policies
            .application
            .get(name)
            .ok_or_else(|| unknown(name))?;
        let (id, user) = (&application.id, self.principal.user.name());
        if let Some(limit) = policy.limit {
            charges.push(self.charge(
                (Stage::Application, name, limit, policy.on_failure),
                self.user_object(application),
                CounterKey::application(id, user),
            ));
        }
        if let Some(limit) = policy.burst {
            charges.push(self.charge(
                (Stage::ApplicationBurst, name, limit, policy.on_failure),
                self.user_object(application),
                CounterKey::application_burst(id, user),
            ));
        }
        Ok(())
    }

    fn charge(
        &self,
        (stage, policy, limit, on_failure): (Stage, &str, Limit, FailureMode),
        object: ObjectName,
        key: CounterKey,
    ) -> Charge {
        let cost = match limit.measure {
            Measure::Requests(_) | Measure::Events(_) => 1,
            Measure::Bytes(_) => self.request.content_length().unwrap_or(0).max(1),
        };
        let policy = policy.into();
        Charge {
            stage,
            object,
            key,
            policy,
            limit,
            cost,
            enforced: true,
            on_failure,
        }
    }

    fn api_object(&self) -> ObjectName {
        let deployment = &self.located.deployment;
        ObjectName::of_api(&deployment.organization, &deployment.api.id)
    }

    fn api_caller_object(&self, caller: &str) -> ObjectName {
        let deployment = &self.located.deployment;
        ObjectName::of_api_caller(&deployment.organization, &deployment.api.id, caller)
    }

    fn user_object(&self, application: &ApplicationRecord) -> ObjectName {
        let organization = &self.located.deployment.organization;
        let user = self.principal.user.name();
        ObjectName::of_application_user(organization, &application.id, &application.owner, user)
    }

    fn application_object(&self, application: &ApplicationId) -> ObjectName {
        ObjectName::of_application(&self.located.deployment.organization, application)
    }
}

fn unknown(name: &str) -> Unknown {
    Unknown(name.to_owned())
}

fn refused(denied: &Denied, now: Timestamp) -> Stop {
    let standing = std::slice::from_ref(&denied.standing);
    let wait_ms = denied.retry_at.ms_since(now).max(0);
    let next = NextAccess {
        retry_after_seconds: u64::try_from(wait_ms.saturating_add(999) / 1000)
            .unwrap_or(1)
            .max(1),
        text: next_access(denied.retry_at),
    };
    let mut headers = vec![("retry-after", next.retry_after_seconds.to_string())];
    if denied.refusal == Refusal::Unreachable {
        let problem = Problem::new("503").detail(
            "the counters of this limit cannot be reached, and its policy refuses calls then",
        );
        return Rejection { problem, headers }.into();
    }
    headers.push(("ratelimit-policy", rate_limit_policy(standing, now)));
    headers.push(("ratelimit", rate_limit(standing, now)));
    let code = denied.standing.stage.code().to_string();
    Rejection {
        problem: Problem::new(&code).retry(next),
        headers,
    }
    .into()
}

/// WSO2's `nextAccessTime`: `2026-Jan-31 10:00:00+0000 UTC`. The next whole second, so that a caller is never early.
fn next_access(moment: Timestamp) -> String {
    let whole = moment.plus_ms(999).seconds();
    chrono::DateTime::from_timestamp(whole, 0)
        .map(|time| time.format("%Y-%b-%d %H:%M:%S+0000 UTC").to_string())
        .unwrap_or_default()
}

/// WSO2's plan of callers without a credential.
const UNAUTHENTICATED: &str = "Unauthenticated";
