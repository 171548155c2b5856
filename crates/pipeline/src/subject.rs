//! A call as rules see it: what they may ask of it, worked out when they do.

use std::{borrow::Cow, net::IpAddr};

use expression::{Call as Asked, Field};

use crate::{Request, charges::Call};

/// A call, and the plan that it is under.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) plan: Option<&'a str>,
}

impl Subject<'_> {
    /// The client's address; one of IPv4 that is written as IPv6 is one of IPv4.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        let address: IpAddr = self.call.request.client_address.parse().ok()?;
        Some(address.to_canonical())
    }
}

impl Asked for Subject<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        let Call {
            request,
            located,
            principal,
            ..
        } = *self.call;
        let deployment = &located.deployment;
        let application = principal.application.as_deref();
        let text = match field {
            Field::Method => request.method,
            Field::Path => {
                return Some(format!("{}{}", deployment.base_path, located.below).into());
            }
            Field::Host => request.host(),
            Field::Address => request.client_address,
            Field::User => principal.user.name(),
            Field::ApplicationId => application?.id.as_str(),
            Field::ApplicationName => &application?.name,
            Field::ApplicationOwner => &application?.owner,
            Field::Plan => self.plan?,
            Field::ApiId => deployment.api.id.as_str(),
            Field::ApiName => &deployment.api.name,
            Field::ApiVersion => &deployment.api.version,
            Field::ApiContext => &deployment.api.context,
            Field::Organization => deployment.organization.as_str(),
            Field::OperationMethod => &located.operation()?.method,
            Field::OperationTemplate => &located.operation()?.template,
        };
        Some(Cow::Borrowed(text))
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        header(self.call.request, name)
    }

    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        query(self.call.request, name)
    }

    fn claim(&self, name: &str) -> Option<&serde_json::Value> {
        self.call.principal.user.claims()?.all.get(name)
    }
}

/// A header as its client sent it. What the shell adds for itself is none.
pub(crate) fn header<'a>(request: &Request<'a>, name: &str) -> Option<Cow<'a, str>> {
    let asked = !name.starts_with(':');
    request.header(name).filter(|_| asked).map(Cow::Borrowed)
}

/// The first value of a query parameter, by its decoded name.
pub(crate) fn query<'a>(request: &Request<'a>, name: &str) -> Option<Cow<'a, str>> {
    let pairs = request.query().split('&');
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| decoded(key) == name)
        .map(|(_, value)| decoded(value))
}

/// A name or value of a query, decoded; what is not UTF-8 then is replaced.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let escaped = (*first == b'%')
            .then(|| after.split_first_chunk())
            .flatten()
            .and_then(|(digits, after): (&[u8; 2], _)| hex(*digits).map(|byte| (byte, after)));
        match (escaped, first) {
            (Some((byte, after)), _) => {
                bytes.push(byte);
                rest = after;
            }
            (None, b'+') => bytes.push(b' '),
            (None, byte) => bytes.push(*byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn queries_are_decoded_whatever_they_hold() {
        for (raw, text) in [
            ("plain", "plain"),
            ("a+b%20c%C3%BC", "a b cü"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz%41", "%zzA"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(decoded(raw), text, "{raw}");
        }
    }
}
