//! Siddhi's expressions over the request stream, and how CEL says them.

use std::net::Ipv4Addr;

use super::token::{Reader, Token};
use crate::{Fault, draft::fault};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Attribute(String),
    Text(String),
    Number(i64),
    Bool(bool),
    Call(String, Vec<Self>),
    Not(Box<Self>),
    Both(&'static str, Box<(Self, Self)>),
}

/// Reads an expression: `or`, then `and`, then comparisons.
pub(super) fn node(reader: &mut Reader<'_>) -> Result<Node, Fault> {
    let mut left = all_of(reader)?;
    while reader.take_word("or") {
        left = Node::Both("||", Box::new((left, all_of(reader)?)));
    }
    Ok(left)
}

fn all_of(reader: &mut Reader<'_>) -> Result<Node, Fault> {
    let mut left = compared(reader)?;
    while reader.take_word("and") {
        left = Node::Both("&&", Box::new((left, compared(reader)?)));
    }
    Ok(left)
}

fn compared(reader: &mut Reader<'_>) -> Result<Node, Fault> {
    if reader.take_word("not") {
        reader.enter()?;
        let inner = compared(reader)?;
        reader.leave();
        return Ok(Node::Not(Box::new(inner)));
    }
    let left = single(reader)?;
    for mark in COMPARISONS {
        if reader.take(&Token::Mark(mark)) {
            return Ok(Node::Both(mark, Box::new((left, single(reader)?))));
        }
    }
    Ok(left)
}

fn single(reader: &mut Reader<'_>) -> Result<Node, Fault> {
    let at = reader.place();
    match reader.advance() {
        Some(Token::Mark("(")) => {
            reader.enter()?;
            let inner = node(reader)?;
            reader.leave();
            reader.mark(")")?;
            Ok(inner)
        }
        Some(Token::Text(text)) => Ok(Node::Text(text)),
        Some(Token::Number(number)) => Ok(Node::Number(number)),
        Some(Token::Name(name)) if name.eq_ignore_ascii_case("true") => Ok(Node::Bool(true)),
        Some(Token::Name(name)) if name.eq_ignore_ascii_case("false") => Ok(Node::Bool(false)),
        Some(Token::Name(name)) if reader.take(&Token::Mark("(")) => {
            reader.enter()?;
            let mut arguments = Vec::new();
            if !reader.take(&Token::Mark(")")) {
                loop {
                    arguments.push(node(reader)?);
                    if !reader.take(&Token::Mark(",")) {
                        break;
                    }
                }
                reader.mark(")")?;
            }
            reader.leave();
            Ok(Node::Call(name.to_ascii_lowercase(), arguments))
        }
        Some(Token::Name(name)) => Ok(Node::Attribute(name)),
        _ => Err(reader.not_understood_at(at, "a value is expected")),
    }
}

impl Node {
    pub(super) const fn is_attribute(&self) -> bool {
        matches!(self, Self::Attribute(_))
    }

    /// The same in CEL.
    pub(super) fn cel(&self) -> Result<String, Fault> {
        Ok(match self {
            Self::Attribute(name) => attribute(name)?.to_owned(),
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Bool(is) => is.to_string(),
            Self::Not(inner) => format!("!({})", inner.cel()?),
            Self::Call(name, arguments) => call(name, arguments)?,
            Self::Both(mark @ ("==" | "!="), sides) => equal(mark, sides)?,
            Self::Both(mark @ ("&&" | "||"), sides) => {
                format!("({} {mark} {})", sides.0.cel()?, sides.1.cel()?)
            }
            Self::Both(mark, sides) => {
                if is_address(&sides.0) || is_address(&sides.1) {
                    return Err(unknown("addresses are compared by `==` and `!=` only"));
                }
                format!("{} {mark} {}", sides.0.cel()?, sides.1.cel()?)
            }
        })
    }
}

/// `==` and `!=`, with what the two products write differently: user names without the tenant of the installation,
/// that tenant itself, and addresses as text instead of as a number.
fn equal(mark: &str, sides: &(Node, Node)) -> Result<String, Fault> {
    let (left, right) = match sides {
        (literal @ (Node::Text(_) | Node::Number(_)), other) => (other, literal),
        (left, right) => (left, right),
    };
    let said = match (left, right) {
        (Node::Attribute(name), Node::Text(text)) => {
            quoted(match name.to_ascii_lowercase().as_str() {
                "userid" => text.strip_suffix("@carbon.super").unwrap_or(text),
                "apptenant" | "apitenant" if text == "carbon.super" => "default",
                _ => text,
            })
        }
        (address, Node::Number(number)) if is_address(address) => {
            let number = u32::try_from(*number)
                .map_err(|_| unknown("an address is a number of 32 bits here"))?;
            quoted(&Ipv4Addr::from(number).to_string())
        }
        (_, right) => right.cel()?,
    };
    Ok(format!("{} {mark} {said}", left.cel()?))
}

fn is_address(node: &Node) -> bool {
    match node {
        Node::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            ("cast", [inner, Node::Text(_)]) => is_address(inner),
            ("map:get", [Node::Attribute(of), Node::Text(key)]) => {
                of.eq_ignore_ascii_case("propertiesMap") && (key == "ip" || key == "ipv6")
            }
            _ => false,
        },
        Node::Attribute(_)
        | Node::Text(_)
        | Node::Number(_)
        | Node::Bool(_)
        | Node::Not(_)
        | Node::Both(..) => false,
    }
}

fn attribute(name: &str) -> Result<&'static str, Fault> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "userid" => "user",
        "apicontext" => "api.context",
        "apiversion" => "api.version",
        "apiname" => "api.name",
        "appid" => "application.id",
        "subscriptiontier" => "subscription.plan",
        "apptenant" | "apitenant" => "api.organization",
        "apikey" => "(api.context + ':' + api.version)",
        "resourcekey" => "(api.context + operation.template + ':' + operation.method)",
        _ => return Err(unknown(&format!("there is no attribute `{name}`"))),
    })
}

fn call(name: &str, arguments: &[Node]) -> Result<String, Fault> {
    if let ("map:get" | "cast", Some(_)) = (name, arguments.first()) {
        let whole = Node::Call(name.to_owned(), arguments.to_vec());
        if is_address(&whole) {
            return Ok("request.address".to_owned());
        }
    }
    Ok(match (name, arguments) {
        ("str:concat", parts @ [_, _, ..]) => {
            let parts: Vec<String> = parts.iter().map(Node::cel).collect::<Result<_, _>>()?;
            format!("({})", parts.join(" + "))
        }
        ("str:contains", [text, part]) => format!("{}.contains({})", text.cel()?, part.cel()?),
        ("str:equalsignorecase", [a, b]) => {
            format!("{}.lowerAscii() == {}.lowerAscii()", a.cel()?, b.cel()?)
        }
        ("str:lower", [text]) => format!("{}.lowerAscii()", text.cel()?),
        ("str:upper", [text]) => format!("{}.upperAscii()", text.cel()?),
        ("regex:matches", [Node::Text(pattern), text]) => {
            let whole = quoted(&format!("^(?:{pattern})$"));
            format!("{}.matches({whole})", text.cel()?)
        }
        ("regex:find", [Node::Text(pattern), text]) => {
            format!("{}.matches({})", text.cel()?, quoted(pattern))
        }
        ("cast", [inner, Node::Text(kind)]) if kind.eq_ignore_ascii_case("string") => {
            inner.cel()?
        }
        _ => {
            let count = arguments.len();
            return Err(unknown(&format!(
                "there is no function `{name}` of {count} such arguments"
            )));
        }
    })
}

fn unknown(why: &str) -> Fault {
    fault(
        "siddhiQuery",
        format!("{why}; say it as `condition` and `defaultLimit`"),
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

const COMPARISONS: &[&str] = &["==", "!=", ">=", "<=", ">", "<"];
