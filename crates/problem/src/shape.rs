//! In which words a refusal is written, by what the client speaks.

use crate::{Problem, prefers_problem_json, table::Family};

/// The words of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// WSO2's JSON body.
    Gateway,
    /// `application/problem+json` (RFC 9457).
    ProblemDocument,
    /// A fault of SOAP 1.1.
    Soap11,
    /// A fault of SOAP 1.2.
    Soap12,
}

impl Shape {
    /// What a request asks for: `accept` and `content_type` are its headers, `has_action` whether it has a `SOAPAction`.
    /// A SOAP call gets a SOAP fault whatever it accepts, because that is what its client can read.
    #[must_use]
    pub fn asked_by(accept: &str, content_type: &str, has_action: bool) -> Self {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case(SOAP_12) {
            Self::Soap12
        } else if has_action && kind.eq_ignore_ascii_case("text/xml") {
            Self::Soap11
        } else if prefers_problem_json(accept) {
            Self::ProblemDocument
        } else {
            Self::Gateway
        }
    }
}

impl Problem {
    /// Content type and body in this shape.
    #[must_use]
    pub fn written(&self, shape: Shape, request_id: &str) -> (&'static str, String) {
        match shape {
            Shape::Gateway => ("application/json; charset=UTF-8", self.gateway_body()),
            Shape::ProblemDocument => ("application/problem+json", self.problem_json(request_id)),
            Shape::Soap11 => ("text/xml; charset=UTF-8", self.soap_11()),
            Shape::Soap12 => ("application/soap+xml; charset=UTF-8", self.soap_12()),
        }
    }

    /// SOAP 1.1 section 4.4, with WSO2's `fault` as its detail.
    fn soap_11(&self) -> String {
        format!(
            "{DECLARATION}<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\
             <soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>{}</faultstring><detail>{}</detail>\
             </soapenv:Fault></soapenv:Body></soapenv:Envelope>",
            escaped(self.entry.title),
            self.soap_detail(),
        )
    }

    /// SOAP 1.2 section 5.4, with WSO2's `fault` as its detail.
    fn soap_12(&self) -> String {
        format!(
            "{DECLARATION}<soapenv:Envelope xmlns:soapenv=\"http://www.w3.org/2003/05/soap-envelope\"><soapenv:Body>\
             <soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:Receiver</soapenv:Value></soapenv:Code>\
             <soapenv:Reason><soapenv:Text xml:lang=\"en\">{}</soapenv:Text></soapenv:Reason>\
             <soapenv:Detail>{}</soapenv:Detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>",
            escaped(self.entry.title),
            self.soap_detail(),
        )
    }

    fn soap_detail(&self) -> String {
        let (prefix, name) = match self.entry.family {
            Family::Access => ("ams", "/security"),
            Family::Throttle => ("amt", "/throttling"),
            Family::Blocked | Family::Runtime | Family::Management => ("am", ""),
        };
        let mut description = self.description().to_owned();
        if let Some(next) = &self.next_access {
            description.push_str(". You can access the API after ");
            description.push_str(&next.text);
        }
        format!(
            "<{prefix}:fault xmlns:{prefix}=\"http://wso2.org/apimanager{name}\"><{prefix}:code>{}</{prefix}:code>\
             <{prefix}:message>{}</{prefix}:message><{prefix}:description>{}</{prefix}:description></{prefix}:fault>",
            self.entry.code,
            escaped(self.entry.title),
            escaped(&description),
        )
    }
}

/// A text as XML has it; what no XML may hold becomes a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\t' => escaped.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push(' ');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

const SOAP_12: &str = "application/soap+xml";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_answered_in_what_it_speaks() {
        for (accept, kind, action, shape) in [
            ("", "", false, Shape::Gateway),
            (
                "application/problem+json",
                "",
                false,
                Shape::ProblemDocument,
            ),
            ("", "text/xml; charset=utf-8", true, Shape::Soap11),
            ("application/problem+json", "Text/XML", true, Shape::Soap11),
            ("", "text/xml", false, Shape::Gateway),
            ("", "application/json", true, Shape::Gateway),
            (
                "",
                "application/soap+xml; action=\"urn:a\"",
                false,
                Shape::Soap12,
            ),
        ] {
            assert_eq!(
                Shape::asked_by(accept, kind, action),
                shape,
                "{accept} {kind}"
            );
        }
    }

    #[test]
    fn faults_hold_the_code_and_no_markup_of_a_client() {
        let problem = Problem::new("404").detail("the resource `/a<b>&\u{1}` is not there");
        for (shape, kind, namespace) in [
            (
                Shape::Soap11,
                "text/xml; charset=UTF-8",
                "http://schemas.xmlsoap.org/soap/envelope/",
            ),
            (
                Shape::Soap12,
                "application/soap+xml; charset=UTF-8",
                "http://www.w3.org/2003/05/soap-envelope",
            ),
        ] {
            let (found, body) = problem.written(shape, "r-1");
            assert_eq!(found, kind);
            assert!(
                body.contains(namespace) && body.contains("<am:code>404</am:code>"),
                "{body}"
            );
            assert!(body.contains("`/a&lt;b&gt;&amp; ` is not there"), "{body}");
        }
    }
}
