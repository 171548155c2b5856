//! The call that somebody makes up, as messages and as conditions see it.

use std::{borrow::Cow, collections::BTreeMap, net::IpAddr};

use expression::{Call, Field};
use model::{Fields, Message};
use serde::Deserialize;
use serde_json::{Map, Value};
use transform::policies::{self, Flow};

use super::Subject;

/// A call, and what its upstream would answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    default,
    deny_unknown_fields,
    expecting = "an object"
)]
pub struct Sample {
    /// Upper-case.
    pub method: String,
    /// Below the API's own path, with its leading slash.
    pub path: String,
    /// Names and values, not encoded.
    pub query: BTreeMap<String, String>,
    /// Names in any case.
    pub headers: BTreeMap<String, String>,
    /// A text; empty for none.
    pub body: String,
    /// The client's address.
    pub address: Option<IpAddr>,
    /// Of its token.
    pub claims: Map<String, Value>,
    /// What the upstream answers; 200 without anything when it is not said.
    pub reply: Option<Reply>,
}

/// An answer of an upstream.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct Reply {
    /// 100 to 599.
    pub status: u16,
    /// Names in any case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A text; empty for none.
    #[serde(default)]
    pub body: String,
}

pub(super) fn request_of(sample: &Sample) -> Message {
    let mut message = Message {
        method: sample.method.to_ascii_uppercase(),
        path: sample.path.clone(),
        headers: fields(&sample.headers),
        body: body(&sample.body),
        ..Message::default()
    };
    for (name, value) in &sample.query {
        // As the policy writes one; what it takes for no name is none here either.
        let given = [("paramKey", name), ("paramValue", value)];
        let given = given.map(|(key, text)| (key.to_owned(), text.clone()));
        if let Ok(action) = policies::read("addQueryParam", Flow::Request, given.into()) {
            policies::apply(&action, &mut message, &policies::Around::default());
        }
    }
    message
}

pub(super) fn reply_of(sample: &Sample, request: &Message) -> Message {
    let reply = sample.reply.clone();
    let reply = reply.unwrap_or(Reply {
        status: 200,
        headers: BTreeMap::new(),
        body: String::new(),
    });
    Message {
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        status: reply.status,
        headers: fields(&reply.headers),
        body: body(&reply.body),
    }
}

fn fields(headers: &BTreeMap<String, String>) -> Fields {
    headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .collect()
}

fn body(text: &str) -> Option<Vec<u8>> {
    (!text.is_empty()).then(|| text.as_bytes().to_vec())
}

/// The call as it was made up, which conditions are about.
#[derive(Clone, Copy)]
pub(super) struct Made<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) sample: &'a Sample,
}

impl Call for Made<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        let Self { subject, sample } = *self;
        let [name, version, context] = subject.api;
        Some(match field {
            Field::Method | Field::OperationMethod => sample.method.to_ascii_uppercase().into(),
            Field::Path => format!("{context}{}", sample.path).into(),
            Field::Address => sample.address?.to_string().into(),
            Field::ApiName => name.into(),
            Field::ApiVersion => version.into(),
            Field::ApiContext => context.into(),
            Field::OperationTemplate => subject.template.into(),
            Field::Host
            | Field::User
            | Field::ApplicationId
            | Field::ApplicationName
            | Field::ApplicationOwner
            | Field::Plan
            | Field::ApiId
            | Field::Organization => return None,
        })
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut headers = self.sample.headers.iter();
        let found = headers.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.into())
    }

    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.sample.query.get(name).map(Into::into)
    }

    fn claim(&self, name: &str) -> Option<&Value> {
        self.sample.claims.get(name)
    }
}
