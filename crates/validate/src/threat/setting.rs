//! WSO2's operation policies for threats, as a publisher attaches them: their names, and their parameters as text or as
//! what they are.

use serde_json::{Map, Value};

use super::{Guard, JsonLimits, Patterns, XmlLimits, pack::Pack};
use crate::contract::compile_regex;

/// The guard that a policy means; `None` for a policy of another kind.
///
/// # Errors
/// Names of parameters, and what is wrong with them.
#[must_use]
pub fn read(
    policy: &str,
    parameters: &Map<String, Value>,
) -> Option<Result<Guard, Vec<(String, String)>>> {
    let mut reader = Reader {
        parameters,
        faults: Vec::new(),
    };
    let guard = match policy {
        "jsonValidator" | "JSONThreatProtector" => Guard::Json(JsonLimits {
            properties: reader.count(&["maxPropertyCount"], 100),
            text: reader.count(&["maxStringLength"], 10_000),
            elements: reader.count(&["maxArrayElementCount"], 1_000),
            name: reader.count(&["maxKeyLength"], 200),
            depth: reader.count(&["maxJsonDepth", "maxJSONDepth"], 50),
        }),
        "xmlValidator" | "XMLThreatProtector" => Guard::Xml(XmlLimits {
            dtd: reader.flag("dtdEnabled", false),
            external_entities: reader.flag("externalEntitiesEnabled", false),
            depth: reader.count(&["maxDepth", "maxXMLDepth"], 50),
            elements: reader.count(&["maxElementCount", "elementCount"], 10_000),
            attributes: reader.count(&["maxAttributeCount", "attributeCount"], 100),
            attribute: reader.count(&["maxAttributeLength", "attributeLength"], 10_000),
            expansions: reader.count(&["entityExpansionLimit"], 100),
            children: reader.count(&["maxChildrenPerElement", "childrenPerElement"], 1_000),
        }),
        "regexPolicy" | "regexProtector" | "RegularExpressionProtector" => reader.patterns(),
        _ => return None,
    };
    Some(match reader.faults.is_empty() {
        true => Ok(guard),
        false => Err(reader.faults),
    })
}

struct Reader<'a> {
    parameters: &'a Map<String, Value>,
    faults: Vec<(String, String)>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let given = self.parameters.get(name).filter(|it| !it.is_null())?;
        let text = given
            .as_str()
            .map_or_else(|| given.to_string(), str::to_owned);
        (!text.is_empty()).then_some(text)
    }

    fn count(&mut self, names: &[&str], otherwise: u32) -> u32 {
        let given = names
            .iter()
            .find_map(|name| Some((*name, self.text(name)?)));
        let Some((name, text)) = given else {
            return otherwise;
        };
        text.trim().parse().unwrap_or_else(|_| {
            let reason = "is not a whole number, with 0 for no limit".to_owned();
            self.faults.push((name.to_owned(), reason));
            otherwise
        })
    }

    fn flag(&mut self, name: &str, otherwise: bool) -> bool {
        match self.text(name).as_deref() {
            None => otherwise,
            Some("true") => true,
            Some("false") => false,
            Some(_) => {
                self.faults
                    .push((name.to_owned(), "is neither `true` nor `false`".to_owned()));
                otherwise
            }
        }
    }

    fn patterns(&mut self) -> Guard {
        let pattern = self.text("regex").unwrap_or_default();
        if let Err(reason) = compile_regex(&pattern) {
            self.faults.push((
                "regex".to_owned(),
                format!("cannot be matched in linear time: {reason}"),
            ));
        }
        let threats = self.text("threatType").unwrap_or_default();
        let mut packs = Vec::new();
        for threat in threats
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            match pack(threat) {
                Some(pack) => packs.push(pack),
                // With a pattern of its own it is only the name of it, as in the peer.
                None if !pattern.is_empty() => {}
                None => self.faults.push((
                    "threatType".to_owned(),
                    format!("`{threat}` is none of `{}`", THREATS.join("`, `")),
                )),
            }
        }
        if threats.is_empty() && pattern.is_empty() {
            packs = Pack::ALL.to_vec();
        }
        Guard::Patterns(Patterns {
            packs,
            pattern,
            path: self.flag("enabledCheckPathParams", true),
            headers: self.flag("enabledCheckHeaders", true),
            body: self.flag("enabledCheckBody", true),
            ..Patterns::default()
        })
    }
}

fn pack(threat: &str) -> Option<Pack> {
    let plain = threat.to_ascii_lowercase().replace(['-', '_', ' '], "");
    Some(match plain.as_str() {
        "sqlinjection" => Pack::Sql,
        "javascriptinjection" | "xss" => Pack::Script,
        "serversideincludeinjection" | "serversideincludes" => Pack::Include,
        "xpathinjection" | "xpathabbreviatedsyntaxinjection" | "xpathexpandedsyntaxinjection" => {
            Pack::Xpath
        }
        "pathtraversal" => Pack::Traversal,
        _ => return None,
    })
}

const THREATS: [&str; 5] = [
    "SQL-Injection",
    "JavaScript-Injection",
    "Server-Side-Include-Injection",
    "XPath-Injection",
    "Path-Traversal",
];
