//! Operation policies: each kind is one file with its parameters, what it does to a message, and its tests.
//!
//! [`read`] turns what an API's owner wrote into an [`Action`] that cannot be wrong; [`apply`] carries it out.

use std::{collections::BTreeMap, net::IpAddr};

use model::{Action, Message};

mod add_header;
mod add_query_param;
mod call_out;
mod change_http_method;
mod custom_fault;
mod ip_filter;
mod json_to_xml;
mod log_message;
mod mask_fields;
mod redirect;
mod remove_header;
mod remove_query_param;
mod respond;
mod rewrite_resource_path;
mod set_body;
mod set_dynamic_endpoint;
mod set_header;
mod words;
mod xml_to_json;

pub use set_dynamic_endpoint::is_below;

/// A kind of policy.
#[derive(Debug)]
pub struct Kind {
    /// What drafts call it.
    pub name: &'static str,
    /// What people call it.
    pub display_name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Where it may stand.
    pub flows: &'static [Flow],
    /// Its parameters.
    pub attributes: &'static [Attribute],
    read: fn(&Given) -> Result<Action, Wrong>,
}

/// A parameter of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub display_name: &'static str,
    /// Must it be there?
    pub required: bool,
    /// What holds when it is not there.
    pub default: Option<&'static str>,
    /// All that it may be; empty for anything.
    pub allowed: &'static [&'static str],
}

/// A way that a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the upstream.
    Request,
    /// Back to the client.
    Response,
    /// Back to the client, when the call failed.
    Fault,
}

/// Parameters as they were written, defaults filled in.
pub type Given = BTreeMap<String, String>;
/// Which parameter is wrong (empty: the policy as a whole), and how.
pub type Wrong = (&'static str, String);

/// What is known of a call beside its messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The caller's address, when it is one.
    pub client: Option<IpAddr>,
    /// The fault that the reply tells, when it does.
    pub fault: Option<Told>,
}

/// A fault, as the gateway tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its code.
    pub code: &'static str,
    /// What all faults of this code are called.
    pub message: &'static str,
    /// What happened.
    pub description: String,
    /// Name of the request.
    pub request_id: String,
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The message is as it should be now.
    Done,
    /// The client may not call from where it is.
    Refused,
    /// The message has become the answer.
    Answered,
    /// The body says that it is JSON and is none, so that its fields cannot be masked.
    Unreadable,
    /// A line for the log.
    Noted(String),
    /// The call goes to this address.
    Elsewhere(String),
    /// The call names an address that it may not go to.
    Astray,
}

/// All kinds, by name.
pub const CATALOGUE: &[Kind] = &[
    add_header::KIND,
    add_query_param::KIND,
    call_out::KIND,
    change_http_method::KIND,
    custom_fault::KIND,
    ip_filter::KIND,
    json_to_xml::KIND,
    log_message::KIND,
    mask_fields::KIND,
    redirect::KIND,
    remove_header::KIND,
    remove_query_param::KIND,
    respond::KIND,
    rewrite_resource_path::KIND,
    set_body::KIND,
    set_dynamic_endpoint::KIND,
    set_header::KIND,
    xml_to_json::KIND,
];

/// Reads a policy that is to stand in this flow.
///
/// # Errors
/// All that is wrong with it.
pub fn read(name: &str, flow: Flow, mut given: Given) -> Result<Action, Vec<Wrong>> {
    let Some(kind) = CATALOGUE.iter().find(|kind| kind.name == name) else {
        return Err(vec![("", format!("there is no policy `{name}`"))]);
    };
    let mut wrong = Vec::new();
    if !kind.flows.contains(&flow) {
        wrong.push(("", format!("`{name}` cannot stand in this flow")));
    }
    for attribute in kind.attributes {
        attribute.complete(&mut given, &mut wrong);
    }
    for unknown in given
        .keys()
        .filter(|key| kind.attributes.iter().all(|it| it.name != key.as_str()))
    {
        wrong.push(("", format!("`{name}` has no parameter `{unknown}`")));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    (kind.read)(&given).map_err(|it| vec![it])
}

impl Attribute {
    const fn required(name: &'static str, display_name: &'static str) -> Self {
        Self {
            name,
            display_name,
            required: true,
            default: None,
            allowed: &[],
        }
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.required = false;
        self.default = Some(default);
        self
    }

    const fn of(mut self, allowed: &'static [&'static str]) -> Self {
        self.allowed = allowed;
        self
    }

    fn complete(&self, given: &mut Given, wrong: &mut Vec<Wrong>) {
        match (given.get(self.name), self.default) {
            (None, Some(default)) => drop(given.insert(self.name.to_owned(), default.to_owned())),
            (None, None) if self.required => wrong.push((self.name, "is missing".to_owned())),
            (Some(value), _)
                if !self.allowed.is_empty() && !self.allowed.contains(&value.as_str()) =>
            {
                let allowed = self.allowed.join("`, `");
                wrong.push((self.name, format!("is none of `{allowed}`")));
            }
            (None | Some(_), _) => {}
        }
    }
}

/// Does the step look into the body?
#[must_use]
pub const fn reads_body(action: &Action) -> bool {
    matches!(
        action,
        Action::MaskFields { .. }
            | Action::SetBody { .. }
            | Action::JsonToXml { .. }
            | Action::XmlToJson
    )
}

/// Does the step wait for somebody else? [`apply`] leaves it undone.
#[must_use]
pub const fn waits(action: &Action) -> bool {
    matches!(
        action,
        Action::CallOut { .. }
            | Action::SetBody { .. }
            | Action::JsonToXml { .. }
            | Action::XmlToJson
    )
}

/// Does the step answer the call?
#[must_use]
pub const fn answers(action: &Action) -> bool {
    matches!(action, Action::Respond { .. } | Action::Redirect { .. })
}

/// Carries a step out.
pub fn apply(action: &Action, message: &mut Message, around: &Around) -> Effect {
    match action {
        Action::SetHeader { name, value } => message.headers.set(name, value.as_str()),
        Action::AddHeader { name, value } => message.headers.add(name, value.as_str()),
        Action::RemoveHeader { name } => {
            message.headers.remove(name);
        }
        Action::AddQueryParam { name, value } => add_query_param::apply(message, name, value),
        Action::RemoveQueryParam { name } => remove_query_param::apply(message, name),
        Action::RewritePath { path, keeps_query } => {
            rewrite_resource_path::apply(message, path, *keeps_query);
        }
        Action::ChangeMethod { method } => change_http_method::apply(message, method),
        Action::FilterAddress { allows, ranges } => {
            return ip_filter::apply(*allows, ranges, around.client);
        }
        Action::Respond {
            status,
            media_type,
            body,
        } => return respond::apply(message, *status, media_type, body),
        Action::Redirect { status, location } => {
            return redirect::apply(message, *status, location);
        }
        Action::MaskFields { fields, mask } => {
            return mask_fields::apply(message, fields, mask);
        }
        Action::Log { text, headers } => return log_message::apply(message, text, headers),
        Action::TellFault {
            codes,
            status,
            media_type,
            body,
        } => {
            if let Some(told) = &around.fault {
                return custom_fault::apply(message, told, (codes, *status), (media_type, body));
            }
        }
        Action::SetEndpoint {
            url,
            header,
            allowed,
        } => {
            let (url, header) = (url.as_deref(), header.as_deref());
            return set_dynamic_endpoint::apply(message, url, header, allowed);
        }
        Action::CallOut { .. }
        | Action::SetBody { .. }
        | Action::JsonToXml { .. }
        | Action::XmlToJson => {}
    }
    Effect::Done
}

const ANY_FLOW: &[Flow] = &[Flow::Request, Flow::Response, Flow::Fault];
const ANSWERS: &[Flow] = &[Flow::Response, Flow::Fault];
const REQUEST: &[Flow] = &[Flow::Request];
const FAULT: &[Flow] = &[Flow::Fault];
const PASSING: &[Flow] = &[Flow::Request, Flow::Response];

#[cfg(test)]
mod tests;
