//! What operation policies do to a call, compiled: nothing here has to be checked again.

use serde::{Deserialize, Serialize};

/// Steps of one operation, each flow in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flows {
    /// On the way there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<Step>,
    /// On the way back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response: Vec<Step>,
    /// When the call ends in a fault, the gateway's or the upstream's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fault: Vec<Step>,
}

impl Flows {
    /// Is there nothing to do?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.request.is_empty() && self.response.is_empty() && self.fault.is_empty()
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// Done only for calls that meet this condition, in CEL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// What a step does. Names of headers are in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "camelCase")]
pub enum Action {
    /// Replaces a header.
    SetHeader {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Adds a header beside those of its name.
    AddHeader {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Removes a header.
    RemoveHeader {
        /// Its name.
        name: String,
    },
    /// Adds a query parameter; both parts are encoded.
    AddQueryParam {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Removes a query parameter, by its decoded name.
    RemoveQueryParam {
        /// Its name.
        name: String,
    },
    /// Replaces the path below the endpoint.
    RewritePath {
        /// The new one, with its leading slash.
        path: String,
        /// Passes on the call's query.
        keeps_query: bool,
    },
    /// Replaces the method.
    ChangeMethod {
        /// The new one, upper-case.
        method: String,
    },
    /// Lets in by the client's address, or keeps out.
    FilterAddress {
        /// Those in the ranges are let in, and nobody else; otherwise they are kept out.
        allows: bool,
        /// Addresses and networks: `192.0.2.7`, `2001:db8::/32`.
        ranges: Vec<String>,
    },
    /// Answers, or replaces the answer.
    Respond {
        /// HTTP status.
        status: u16,
        /// Media type of the body.
        media_type: String,
        /// The body.
        body: String,
    },
    /// Sends the client elsewhere.
    Redirect {
        /// HTTP status.
        status: u16,
        /// Where to.
        location: String,
    },
    /// Masks fields of a JSON body.
    MaskFields {
        /// Where they are: names and `*`, outermost first.
        fields: Vec<Vec<String>>,
        /// What is put in their place.
        mask: String,
    },
    /// Writes a line for the log.
    Log {
        /// What it says.
        text: String,
        /// Names of headers that are told with it; those that may hold a secret without their values.
        headers: Vec<String>,
    },
    /// Tells a fault in other words.
    TellFault {
        /// The gateway's codes that it is for; empty for all.
        codes: Vec<u32>,
        /// HTTP status; none leaves the fault's.
        status: Option<u16>,
        /// Media type of the body.
        media_type: String,
        /// The body, with `{code}`, `{message}`, `{description}` and `{requestId}` where those are to stand.
        body: String,
    },
    /// Sends the call to another address than the API's endpoint.
    SetEndpoint {
        /// The address; none when the call names it.
        url: Option<String>,
        /// Header of the call that names the address.
        header: Option<String>,
        /// Where addresses that a call names may lead; each with all that is below it.
        allowed: Vec<String>,
    },
    /// Asks another service before the call goes on.
    CallOut {
        /// Its address.
        url: String,
        /// HTTP method.
        method: String,
        /// Headers of the call that it is sent.
        sends: Vec<String>,
        /// Headers of its answer that the call takes over.
        takes: Vec<String>,
        /// Deadline, in milliseconds.
        timeout_ms: u32,
        /// Without a good answer the call is refused; otherwise it goes on.
        is_vital: bool,
    },
    /// Makes the body from a template.
    SetBody {
        /// The template.
        template: String,
        /// Media type of what comes of it.
        media_type: String,
    },
    /// Writes a JSON body as XML.
    JsonToXml {
        /// Name of the outermost element.
        root: String,
    },
    /// Writes an XML body as JSON.
    XmlToJson,
}
