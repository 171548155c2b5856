//! transform: what operation policies do to a request, to its reply and to a fault.

use std::collections::VecDeque;

use model::{Action, Flows, Message, Step as Written};
use problem::Problem;
use transform::{
    is_plain,
    policies::{self, Around, Effect},
};

use super::{Step, Travel, asking, event::Event};
use crate::{Facts, charges::Call, decision::Outbound, subject::Subject};

/// The steps of one call: those whose conditions it meets.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(super) request: VecDeque<Action>,
    pub(super) response: VecDeque<Action>,
    pub(super) fault: VecDeque<Action>,
    pub(super) around: Around,
    /// What the step under way has asked for.
    pub(super) asked: Option<Action>,
}

/// Has the operation any policy, or have all?
pub(super) fn attends(call: &Call<'_>, facts: &Facts) -> bool {
    own(call).is_some() || facts.flows_of_all().is_some()
}

fn own<'a>(call: &Call<'a>) -> Option<&'a Flows> {
    let steps = &call.located.deployment.steps;
    let flows = steps.get(call.located.operation_index());
    flows.filter(|flows| !flows.is_empty())
}

impl Chosen {
    /// `None` for most calls, whose operations have no policies. Those of all APIs stand outside: first on the way there,
    /// last on the way back.
    pub(super) fn of(call: &Call<'_>, facts: &mut Facts) -> Option<Self> {
        let own = own(call);
        let of_all = facts.flows_of_all();
        if own.is_none() && of_all.is_none() {
            return None;
        }
        let none = Flows::default();
        let own = own.unwrap_or(&none);
        let all = of_all.as_deref().map_or(&none, |it| &it.flows);
        let subject = Subject { call, plan: None };
        let mut met = |first: &[Written], then: &[Written]| -> VecDeque<Action> {
            let steps = first.iter().chain(then);
            let chosen = steps.filter(|it| facts.meets(&subject, it.condition.as_deref()));
            chosen.map(|step| step.action.clone()).collect()
        };
        Some(Self {
            request: met(&all.request, &own.request),
            response: met(&own.response, &all.response),
            fault: met(&own.fault, &all.fault),
            around: Around {
                client: subject.address(),
                fault: None,
            },
            asked: None,
        })
    }

    /// Does nothing but change headers, so that nobody waits for it?
    pub(super) fn is_plain(&self) -> bool {
        self.request.iter().chain(&self.response).all(is_plain)
    }

    pub(super) fn has_fault(&self) -> bool {
        !self.fault.is_empty()
    }

    /// Lets plain steps join what is done to every call that is passed through.
    pub(super) fn join(&mut self, call: &Call<'_>, outbound: &mut Outbound) {
        for action in self.request.drain(..) {
            let incoming = call.request.headers.iter().copied();
            outbound.edits.take_in(&action, incoming);
        }
        for action in &self.response {
            outbound.edits.take_in_reply(action);
        }
    }
}

/// Policies on the way there.
pub(super) fn request(travel: &mut Travel, event: Option<Event>, _facts: &mut Facts) -> Step {
    if let Some(asked) = travel.chosen.asked.take()
        && let Err(problem) = asking::came_of_request(travel, &asked, event)
    {
        return Step::Fault(problem);
    }
    while let Some(action) = travel.chosen.request.pop_front() {
        if policies::answers(&action) {
            let mut answer = Message::default();
            policies::apply(&action, &mut answer, &travel.chosen.around);
            let body = answer.body.unwrap_or_default();
            travel.answer(answer.status, answer.headers, body);
            return Step::Answered;
        }
        if policies::reads_body(&action) {
            if travel.has_packed_request() {
                return Step::Fault(Problem::new("415").detail(
                    "a policy of this API looks into bodies; send it without `Content-Encoding`",
                ));
            }
            if let Some(first) = travel.reads_request() {
                travel.chosen.request.push_front(action);
                return first;
            }
        }
        if policies::waits(&action) {
            let Some(next) = asking::ask(&action, &travel.request) else {
                continue;
            };
            travel.chosen.asked = Some(action);
            return Step::First(next);
        }
        let effect = policies::apply(&action, &mut travel.request, &travel.chosen.around);
        match effect {
            Effect::Done | Effect::Answered => {}
            Effect::Noted(line) => travel.report(line),
            Effect::Elsewhere(url) => travel.lead(url),
            Effect::Refused => {
                return Step::Fault(
                    Problem::new("403").detail("this API may not be called from your address"),
                );
            }
            Effect::Astray => {
                return Step::Fault(
                    Problem::new("400")
                        .detail("the call names an address that this API does not allow"),
                );
            }
            Effect::Unreadable => return Step::Fault(unreadable()),
        }
    }
    Step::Done
}

/// Policies on the way back.
pub(super) fn reply(travel: &mut Travel, event: Option<Event>, _facts: &mut Facts) -> Step {
    if let Some(asked) = travel.chosen.asked.take()
        && let Err(problem) = asking::came_of_reply(travel, &asked, event)
    {
        return Step::Fault(problem);
    }
    if travel.chosen.response.iter().any(policies::reads_body)
        && let Some(step) = travel.reads_reply()
    {
        return step;
    }
    while let Some(action) = travel.chosen.response.pop_front() {
        if policies::waits(&action) {
            let Some(next) = asking::ask(&action, &travel.reply) else {
                continue;
            };
            travel.chosen.asked = Some(action);
            return Step::First(next);
        }
        match policies::apply(&action, &mut travel.reply, &travel.chosen.around) {
            Effect::Noted(line) => travel.report(line),
            Effect::Unreadable => return Step::Fault(unreadable()),
            Effect::Done
            | Effect::Answered
            | Effect::Refused
            | Effect::Elsewhere(_)
            | Effect::Astray => {}
        }
    }
    Step::Done
}

/// Policies on a fault; the travel's reply tells it to the client.
pub(super) fn fault(travel: &mut Travel, _facts: &mut Facts) {
    let steps = std::mem::take(&mut travel.chosen.fault);
    for line in tell(&steps, &mut travel.reply, &travel.chosen.around) {
        travel.report(line);
    }
}

/// Lets steps tell a fault in their way; lines for the log. What cannot be read stays as it is: it is no answer of an
/// upstream's.
pub(crate) fn tell<'a>(
    steps: impl IntoIterator<Item = &'a Action>,
    reply: &mut Message,
    around: &Around,
) -> Vec<String> {
    let mut lines = Vec::new();
    for action in steps {
        match policies::apply(action, reply, around) {
            Effect::Noted(line) => lines.push(line),
            Effect::Unreadable => lines.push("maskFields: the fault's body is no JSON".to_owned()),
            Effect::Done
            | Effect::Answered
            | Effect::Refused
            | Effect::Elsewhere(_)
            | Effect::Astray => {}
        }
    }
    lines
}

fn unreadable() -> Problem {
    Problem::new("101505")
        .detail("the upstream's answer says that it is JSON and is none, so that nothing of it can be masked")
}
