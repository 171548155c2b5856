//! Which limits a call counts against, in WSO2's order of evaluation.

use std::rc::Rc;

use model::{
    ApiId, ApplicationId, ApplicationRecord, ClientCertificate, FailureMode, Limit, Measure,
};
use throttle::{Charge, CounterKey, ObjectName, Stage};

use super::{BACKEND, Call, UNAUTHENTICATED, Unusable};
use crate::{
    policies::{Policies, Unreadable},
    socket,
    subject::Subject,
};

impl Call<'_> {
    /// Nobody in particular: the API's own limits, and the plan `Unauthenticated` for each client address.
    pub(super) fn open(&self, policies: &Policies) -> Result<Vec<Charge>, Unusable> {
        let mut charges = self.of_api(policies, UNAUTHENTICATED)?;
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
        charges.extend(self.backend());
        Ok(charges)
    }

    /// The publisher's trial, which counts for the upstream only.
    pub(super) fn trial(&self) -> Rc<[Charge]> {
        self.backend().into_iter().collect()
    }

    /// A subscriber: the API's limits, the plan's, the application's, in WSO2's order of evaluation.
    pub(super) fn under(&self, plan: &str, policies: &Policies) -> Result<Vec<Charge>, Unusable> {
        let mut charges = self.of_api(policies, plan)?;
        if let Some(application) = self.principal.application.as_deref() {
            self.of_plan(plan, application, policies, &mut charges)?;
            self.of_application(application, policies, &mut charges)?;
        }
        if let Some(certificate) = self.principal.user.certificate() {
            self.of_certificate(plan, certificate, policies, &mut charges)?;
        }
        charges.extend(self.backend());
        Ok(charges)
    }

    /// What the upstream can take, of all callers with keys of one type together.
    fn backend(&self) -> Option<Charge> {
        let limit = self.target.endpoint.cap?;
        let deployment = &self.located.deployment;
        let api = deployment.served_by(self.located.operation_index());
        let key = CounterKey::backend(api, self.target.key_type);
        let policy = (Stage::Backend, BACKEND, limit, FailureMode::Local);
        let object = ObjectName::of_api(&deployment.organization, api);
        Some(self.charge(policy, object, key))
    }

    /// The policy of the whole API or else, when it has none, of the operation.
    pub(crate) fn advanced(&self) -> Option<(Stage, &str)> {
        let of_api = self.located.deployment.api_limit.as_deref();
        let of_operation = || self.located.operation()?.limit.as_deref();
        of_api
            .map(|name| (Stage::Api, name))
            .or_else(|| of_operation().map(|name| (Stage::Operation, name)))
    }

    /// The limit of the first condition group that the call meets, or else the policy's own.
    fn of_api(&self, policies: &Policies, plan: &str) -> Result<Vec<Charge>, Unusable> {
        let Some((stage, name)) = self.advanced() else {
            return Ok(Vec::new());
        };
        let policy = policies.advanced.get(name).ok_or_else(|| unknown(name))?;
        let subject = Subject {
            call: self,
            plan: Some(plan),
        };
        let group = policies
            .group(name, &subject)
            .map_err(|Unreadable| Unusable::Unreadable(name.to_owned()))?;
        let Some(limit) = group.map_or(policy.limit, |group| group.limit) else {
            return Ok(Vec::new());
        };
        let user = policy.per_user.then_some(self.principal.user.name());
        let api = &self.located.deployment.api.id;
        let key = match (stage, self.located.operation()) {
            (Stage::Operation, Some(it)) => {
                CounterKey::operation(api, &it.method, &it.template, user)
            }
            _ => CounterKey::api(api, user),
        };
        let key = group.map_or_else(|| key.clone(), |group| key.in_group(&group.id));
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
        policies: &Policies,
        charges: &mut Vec<Charge>,
    ) -> Result<(), Unusable> {
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

    /// As a subscription's, of whoever comes with the certificate.
    fn of_certificate(
        &self,
        name: &str,
        certificate: &ClientCertificate,
        policies: &Policies,
        charges: &mut Vec<Charge>,
    ) -> Result<(), Unusable> {
        let plan = policies
            .subscription
            .get(name)
            .ok_or_else(|| unknown(name))?;
        let (api, holder) = (
            &self.located.deployment.api.id,
            certificate.thumbprint.as_str(),
        );
        let limits = [
            (
                plan.limit,
                Stage::Subscription,
                CounterKey::certificate(api, holder),
            ),
            (
                plan.burst,
                Stage::SubscriptionBurst,
                CounterKey::certificate_burst(api, holder),
            ),
        ];
        for (limit, stage, key) in limits {
            let Some(limit) = limit else { continue };
            charges.push(Charge {
                enforced: plan.stop_on_quota_reach || stage == Stage::SubscriptionBurst,
                ..self.charge(
                    (stage, name, limit, plan.on_failure),
                    self.api_caller_object(holder),
                    key,
                )
            });
        }
        Ok(())
    }

    fn of_application(
        &self,
        application: &ApplicationRecord,
        policies: &Policies,
        charges: &mut Vec<Charge>,
    ) -> Result<(), Unusable> {
        let name = &application.policy;
        let policy = policies
            .application
            .get(name)
            .ok_or_else(|| unknown(name))?;
        let (id, user) = (&application.id, self.principal.user.name());
        let charge = |stage, limit, key| Charge {
            resets: application.throttle_resets,
            ..self.charge(
                (stage, name, limit, policy.on_failure),
                self.user_object(application),
                key,
            )
        };
        if let Some(limit) = policy.limit {
            let key = CounterKey::application(id, user);
            charges.push(charge(Stage::Application, limit, key));
        }
        if let Some(limit) = policy.burst {
            let key = CounterKey::application_burst(id, user);
            charges.push(charge(Stage::ApplicationBurst, limit, key));
        }
        Ok(())
    }

    pub(super) fn charge(
        &self,
        (stage, policy, limit, on_failure): (Stage, &str, Limit, FailureMode),
        object: ObjectName,
        key: CounterKey,
    ) -> Charge {
        let cost = match limit.measure {
            Measure::Requests(_) => self
                .located
                .operation()
                .map_or(1, |it| u64::from(it.weight.max(1))),
            // The events of a socket are its frames.
            Measure::Events(_) => u64::from(!socket::is_of(self.located)),
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
            resets: 0,
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

fn unknown(name: &str) -> Unusable {
    Unusable::Unknown(name.to_owned())
}
