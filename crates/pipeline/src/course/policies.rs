//! transform: what operation policies do to a request, to its reply and to a fault.

use std::net::IpAddr;

use expression::Expression;
use model::{Action, Message, Step as Written};
use problem::Problem;
use transform::policies::{self, Effect};

use super::{Step, Travel, event::Event};
use crate::{Facts, charges::Call, subject::Subject};

/// The steps of one call: those whose conditions it meets.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) request: Vec<Action>,
    pub(super) response: Vec<Action>,
    pub(super) fault: Vec<Action>,
    pub(super) client: Option<IpAddr>,
}

/// Has the operation any policy?
pub(super) fn attends(call: &Call<'_>) -> bool {
    let steps = &call.located.deployment.steps;
    let flows = steps.get(call.located.operation_index());
    flows.is_some_and(|flows| !flows.is_empty())
}

impl Chosen {
    pub(super) fn of(call: &Call<'_>) -> Self {
        let steps = &call.located.deployment.steps;
        let Some(flows) = steps.get(call.located.operation_index()) else {
            return Self::default();
        };
        let subject = Subject { call, plan: None };
        let met = |steps: &[Written]| -> Vec<Action> {
            let is_met = |step: &&Written| {
                let condition = step.condition.as_deref();
                condition.is_none_or(|text| {
                    Expression::read(text).is_ok_and(|condition| condition.is_met(&subject))
                })
            };
            let chosen = steps.iter().filter(is_met);
            chosen.map(|step| step.action.clone()).collect()
        };
        Self {
            request: met(&flows.request),
            response: met(&flows.response),
            fault: met(&flows.fault),
            client: subject.address(),
        }
    }
}

/// Policies on the way there.
pub(super) fn request(travel: &mut Travel, _event: Option<Event>, _facts: &mut Facts) -> Step {
    let client = travel.chosen.client;
    for action in std::mem::take(&mut travel.chosen.request) {
        if policies::answers(&action) {
            let mut answer = Message::default();
            policies::apply(&action, &mut answer, client);
            let body = answer.body.unwrap_or_default();
            travel.answer(answer.status, answer.headers, body);
            return Step::Answered;
        }
        match policies::apply(&action, &mut travel.request, client) {
            Effect::Refused => {
                return Step::Fault(
                    Problem::new("403").detail("this API may not be called from your address"),
                );
            }
            Effect::Done | Effect::Answered => {}
        }
    }
    Step::Done
}

/// Policies on the way back.
pub(super) fn reply(travel: &mut Travel, _event: Option<Event>, _facts: &mut Facts) -> Step {
    if travel.chosen.response.iter().any(policies::reads_body)
        && let Some(step) = travel.reads_reply()
    {
        return step;
    }
    let client = travel.chosen.client;
    for action in std::mem::take(&mut travel.chosen.response) {
        policies::apply(&action, &mut travel.reply, client);
    }
    Step::Done
}

/// Policies on a fault; the travel's reply tells it to the client.
pub(super) fn fault(travel: &mut Travel, _facts: &mut Facts) {
    let client = travel.chosen.client;
    for action in std::mem::take(&mut travel.chosen.fault) {
        policies::apply(&action, &mut travel.reply, client);
    }
}
