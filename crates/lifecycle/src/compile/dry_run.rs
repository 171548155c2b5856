//! A dry run: what operation policies do to a call that somebody makes up. Nobody is called.

mod sample;

use expression::Expression;
use model::{Action, Message, Step};
use serde::Serialize;
use serde_json::{Map, Value};
use transform::policies::{self, Effect, Told};

use super::{
    steps::{self, Around},
    upstream,
};
use crate::{Draft, Fault, draft::Object};
use sample::{Made, reply_of, request_of};

pub use sample::Sample;

/// Whose policies run: those of all operations stand outside.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `apiPolicies`.
    pub of_api: Option<&'a Object>,
    /// `operationPolicies`.
    pub of_operation: Option<&'a Object>,
    /// Name, version and context of the API, the version in it.
    pub api: [&'a str; 3],
    /// Template of the operation.
    pub template: &'a str,
}

/// What a step came to, and the message as it left it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// `request`, `response` or `fault`.
    pub flow: &'static str,
    /// The policy that the step belongs to.
    pub policy_name: String,
    /// What it came to.
    pub came_to: CameTo,
    /// A line for the log, an address, a reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The message after it.
    pub message: Shown,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CameTo {
    /// The message is as it should be.
    Done,
    /// Its condition is not met.
    Skipped,
    /// The call is refused.
    Refused,
    /// It is answered; the upstream is not asked.
    Answered,
    /// Another service would be asked; the dry run takes it that it lets the call go on.
    Asks,
    /// The call goes to another address.
    Led,
    /// A line for the log.
    Noted,
    /// It cannot be carried out on such a message.
    Failed,
}

/// A message, as people read it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    method: String,
    path: String,
    query: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Where the policies of an API may lead calls, for [`Around`].
#[must_use]
pub fn led_to(draft: &Draft) -> Vec<String> {
    upstream::led_to(draft, &mut Vec::new())
}

/// Runs the policies of one operation on a call: on the way there, then on the way back or, when the call is refused, those
/// of the fault.
///
/// # Errors
/// All that is wrong with the policies, with its places.
pub fn dry_run(
    subject: Subject<'_>,
    sample: &Sample,
    around: Around<'_>,
) -> Result<Vec<Taken>, Vec<Fault>> {
    let mut faults = Vec::new();
    steps::flows(subject.of_api, "apiPolicies", around, &mut faults);
    steps::flows(
        subject.of_operation,
        "operationPolicies",
        around,
        &mut faults,
    );
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut run = Run {
        subject,
        sample,
        around,
        met: policies::Around {
            client: sample.address,
            fault: None,
        },
        taken: Vec::new(),
    };
    let mut request = request_of(sample);
    let end = run.flow("request", &mut request);
    let end = match end {
        None => run.flow("response", &mut reply_of(sample, &request)),
        some => some,
    };
    if let Some(End::Fault(status, description)) = end {
        let mut fault = Message {
            status,
            ..Message::default()
        };
        run.met.fault = Some(Told {
            code: "",
            message: "",
            description,
            request_id: String::new(),
        });
        run.flow("fault", &mut fault);
    }
    Ok(run.taken)
}

/// Why a flow goes no further.
enum End {
    Answered,
    /// The status that the client is told, and why.
    Fault(u16, String),
}

impl End {
    fn of(flow: &str, came_to: CameTo, detail: &str) -> Option<Self> {
        match (flow, came_to) {
            ("request", CameTo::Answered) => Some(Self::Answered),
            ("request", CameTo::Refused) => Some(Self::Fault(403, detail.to_owned())),
            ("request", CameTo::Failed) => Some(Self::Fault(400, detail.to_owned())),
            ("response", CameTo::Failed) => Some(Self::Fault(502, detail.to_owned())),
            (_, _) => None,
        }
    }
}

struct Run<'a> {
    subject: Subject<'a>,
    sample: &'a Sample,
    around: Around<'a>,
    met: policies::Around,
    taken: Vec<Taken>,
}

impl Run<'_> {
    fn flow(&mut self, flow: &'static str, message: &mut Message) -> Option<End> {
        for (policy_name, step) in self.steps(flow) {
            let (came_to, detail) = self.step(&step, message);
            let end = End::of(flow, came_to, &detail);
            self.taken.push(Taken {
                flow,
                policy_name,
                came_to,
                detail,
                message: shown(message),
            });
            if end.is_some() {
                return end;
            }
        }
        None
    }

    /// The steps of a flow, each with the policy that it comes from. Those of the API stand first on the way there, and last on
    /// the way back.
    fn steps(&self, flow: &'static str) -> Vec<(String, Step)> {
        let Subject {
            of_api,
            of_operation,
            ..
        } = self.subject;
        let lists = if flow == "request" {
            [of_api, of_operation]
        } else {
            [of_operation, of_api]
        };
        let mut all = Vec::new();
        for policy in lists.into_iter().flat_map(|list| steps::listed(list, flow)) {
            let alone = Map::from_iter([(flow.to_owned(), Value::from(vec![policy.clone()]))]);
            let flows = steps::flows(Some(&alone), "", self.around, &mut Vec::new());
            let own = match flow {
                "request" => flows.request,
                "response" => flows.response,
                _ => flows.fault,
            };
            all.extend(
                own.into_iter()
                    .map(|step| (steps::name_of(policy).to_owned(), step)),
            );
        }
        all
    }

    fn step(&self, step: &Step, message: &mut Message) -> (CameTo, String) {
        let condition = step
            .condition
            .as_deref()
            .and_then(|text| Expression::read(text).ok());
        if step.condition.is_some()
            && !condition.is_some_and(|it| {
                it.is_met(&Made {
                    subject: self.subject,
                    sample: self.sample,
                })
            })
        {
            return (CameTo::Skipped, step.condition.clone().unwrap_or_default());
        }
        if let Action::CallOut { url, .. } = &step.action {
            return (CameTo::Asks, url.clone());
        }
        if policies::waits(&step.action) {
            return match reshaped(&step.action, message) {
                Ok(()) => (CameTo::Done, String::new()),
                Err(fault) => (CameTo::Failed, fault.to_string()),
            };
        }
        match policies::apply(&step.action, message, &self.met) {
            Effect::Done => (CameTo::Done, String::new()),
            Effect::Refused => (CameTo::Refused, "the client's address".to_owned()),
            Effect::Answered => (CameTo::Answered, String::new()),
            Effect::Unreadable => (
                CameTo::Failed,
                "the body says that it is JSON and is none".to_owned(),
            ),
            Effect::Noted(line) => (CameTo::Noted, line),
            Effect::Elsewhere(url) => (CameTo::Led, url),
            Effect::Astray => (
                CameTo::Failed,
                "the call names an address that it may not go to".to_owned(),
            ),
        }
    }
}

/// What the Shaper does for gateways; what is not of the kind that a step means stays as it is.
fn reshaped(action: &Action, message: &mut Message) -> Result<(), shape::Fault> {
    let body = message.body.clone().unwrap_or_default();
    let kind = message
        .headers
        .get("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let says = |word: &str| kind.contains(word) && !body.is_empty();
    let (made, kind) = if let Action::SetBody {
        template,
        media_type,
    } = action
    {
        let text = shape::template::Message {
            method: message.method.clone(),
            path: message.path.clone(),
            query: message.query.clone(),
            status: message.status,
            headers: message
                .headers
                .iter()
                .map(|(name, value)| (name.to_owned(), Value::from(value)))
                .collect(),
            text: String::from_utf8_lossy(&body).into_owned(),
        };
        (
            shape::template::made(template, media_type, &text)?,
            media_type.as_str(),
        )
    } else if let Action::JsonToXml { root } = action
        && says("json")
    {
        (shape::xml::from_json(&body, root)?, "application/xml")
    } else if matches!(action, Action::XmlToJson) && says("xml") {
        (shape::xml::to_json(&body)?, "application/json")
    } else {
        return Ok(());
    };
    message.headers.set("content-type", kind);
    message.body = Some(made);
    Ok(())
}

fn shown(message: &Message) -> Shown {
    let body = message.body.as_deref().unwrap_or_default();
    let headers = message
        .headers
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Shown {
        method: message.method.clone(),
        path: message.path.clone(),
        query: message.query.clone(),
        status: message.status,
        headers: headers.collect(),
        body: String::from_utf8_lossy(body.get(..MOST_SHOWN).unwrap_or(body)).into_owned(),
    }
}

/// Bytes of a body that are shown after each step: templates make long ones, and there are up to a hundred steps.
const MOST_SHOWN: usize = 16 * 1024;

#[cfg(test)]
mod tests;
