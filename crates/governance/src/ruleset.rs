//! A ruleset: YAML or JSON in Spectral's form.

use serde_json::{Map, Value};

use crate::{Fault, fault, function::Function, path::Path};

/// Rules that were read and cannot fail.
#[derive(Clone, Debug)]
pub struct Ruleset {
    /// The rules that are on.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What its author says to whoever breaks it; may hold `{{error}}`, `{{property}}`, `{{path}}`, `{{value}}`.
    pub message: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Documents that it is about; all when empty.
    pub formats: Vec<Format>,
    pub(crate) given: Vec<Path>,
    pub(crate) then: Vec<Then>,
}

/// What is looked at below a place, and how.
#[derive(Clone, Debug)]
pub(crate) struct Then {
    /// Keys below the place; `@key` for the keys of the place itself.
    pub(crate) field: Option<String>,
    pub(crate) function: Function,
}

/// How bad it is to break a rule, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// `error`
    Error,
    /// `warn`, which is what a rule is that says nothing
    Warn,
    /// `info`, and `hint`
    Info,
}

impl Severity {
    /// As REST shapes write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
        }
    }

    /// Reads what [`Severity::as_str`] writes.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Error, Self::Warn, Self::Info]
            .into_iter()
            .find(|it| it.as_str() == word)
    }
}

/// A family of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Swagger 2.0
    Oas2,
    /// `OpenAPI` 3.0
    Oas30,
    /// `OpenAPI` 3.1 and later
    Oas31,
    /// `AsyncAPI` 2
    AsyncApi2,
    /// `AsyncAPI` 3
    AsyncApi3,
    /// Anything else
    Other,
}

impl Format {
    /// What a document is.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let begins = |name: &str, version: &str| {
            let said = document.get(name).and_then(Value::as_str);
            said.is_some_and(|it| it.starts_with(version))
        };
        if begins("swagger", "2") {
            Self::Oas2
        } else if begins("openapi", "3.0") {
            Self::Oas30
        } else if begins("openapi", "3") {
            Self::Oas31
        } else if begins("asyncapi", "2") {
            Self::AsyncApi2
        } else if begins("asyncapi", "3") {
            Self::AsyncApi3
        } else {
            Self::Other
        }
    }

    fn named(word: &str) -> Option<Vec<Self>> {
        Some(match word {
            "oas2" => vec![Self::Oas2],
            "oas3" => vec![Self::Oas30, Self::Oas31],
            "oas3_0" | "oas3.0" => vec![Self::Oas30],
            "oas3_1" | "oas3.1" => vec![Self::Oas31],
            "asyncapi2" => vec![Self::AsyncApi2],
            "asyncapi3" => vec![Self::AsyncApi3],
            _ => return None,
        })
    }
}

impl Ruleset {
    /// Reads a ruleset.
    ///
    /// # Errors
    /// All that is wrong, each with its place.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let document = openapi::tree(text).map_err(|wrong| {
            let place = match (wrong.line, wrong.column) {
                (Some(line), Some(column)) => format!("line {line}, column {column}"),
                _ => wrong.pointer,
            };
            vec![fault(place, wrong.message)]
        })?;
        let mut faults = Vec::new();
        if document.get("extends").is_some() {
            let message = "is not taken: other rulesets are not fetched; write their rules here";
            faults.push(fault("extends", message));
        }
        if document.get("functions").is_some() {
            faults.push(fault(
                "functions",
                "is not taken: only the core functions are run",
            ));
        }
        let aliases = document
            .get("aliases")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let shared = formats(document.get("formats"), "formats", &mut faults);
        let mut rules = Vec::new();
        match document.get("rules").and_then(Value::as_object) {
            None => faults.push(fault("rules", "is missing, or no object")),
            Some(said) if said.len() > RULES => {
                faults.push(fault("rules", format!("has more than {RULES} rules")));
            }
            Some(said) => {
                for (name, rule) in said {
                    rules.extend(one(name, rule, &shared, &aliases, &mut faults));
                }
                if rules.is_empty() && faults.is_empty() {
                    faults.push(fault("rules", "has no rule that is on"));
                }
            }
        }
        if faults.is_empty() {
            Ok(Self { rules })
        } else {
            Err(faults)
        }
    }
}

fn one(
    name: &str,
    rule: &Value,
    shared: &[Format],
    aliases: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Option<Rule> {
    let place = |part: &str| format!("rules.{name}{part}");
    let Value::Object(said) = rule else {
        if rule != "off" && rule != &Value::Bool(false) {
            faults.push(fault(
                place(""),
                "is no object; switching rules of other rulesets on is not taken",
            ));
        }
        return None;
    };
    let severity = match said.get("severity") {
        None => Severity::Warn,
        Some(word) => match word
            .as_str()
            .map_or_else(|| word.to_string(), str::to_owned)
            .as_str()
        {
            "error" | "0" => Severity::Error,
            "warn" | "1" => Severity::Warn,
            "info" | "hint" | "2" | "3" => Severity::Info,
            "off" | "-1" => return None,
            other => {
                faults.push(fault(
                    place(".severity"),
                    format!("`{other}` is none of `error`, `warn`, `info`, `hint`, `off`"),
                ));
                return None;
            }
        },
    };
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    let own = formats(said.get("formats"), &place(".formats"), faults);
    let given = given(said.get("given"), &place(".given"), aliases, faults);
    let then = then(said.get("then"), &place(".then"), faults);
    Some(Rule {
        name: name.to_owned(),
        description: text("description").unwrap_or_default(),
        message: text("message"),
        severity,
        formats: if own.is_empty() { shared.to_vec() } else { own },
        given,
        then,
    })
}

fn formats(said: Option<&Value>, place: &str, faults: &mut Vec<Fault>) -> Vec<Format> {
    let words = said.and_then(Value::as_array).into_iter().flatten();
    let mut found = Vec::new();
    for word in words {
        match word.as_str().and_then(Format::named) {
            Some(formats) => found.extend(formats),
            None => faults.push(fault(
                place,
                format!(
                    "`{}` is no format that is known",
                    crate::function::word(word)
                ),
            )),
        }
    }
    found
}

/// One path or several; `#Name` is an alias, and may have more after it.
fn given(
    said: Option<&Value>,
    place: &str,
    aliases: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Vec<Path> {
    let mut texts: Vec<String> = match said {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    if texts.is_empty() {
        faults.push(fault(
            place,
            "is missing: the path of what the rule looks at",
        ));
    }
    for _ in 0..ALIASES {
        let open: Vec<String> = std::mem::take(&mut texts);
        for text in open {
            let Some(rest) = text.strip_prefix('#') else {
                texts.push(text);
                continue;
            };
            let end = rest.find(['.', '[', '^', '~']).unwrap_or(rest.len());
            let (name, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let meant = aliases
                .get(name)
                .map(|alias| alias.get("given").unwrap_or(alias));
            let meant: Vec<&str> = match meant {
                Some(Value::String(one)) => vec![one],
                Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            if meant.is_empty() {
                faults.push(fault(place, format!("there is no alias `{name}`")));
            }
            texts.extend(meant.into_iter().map(|path| format!("{path}{tail}")));
        }
        if texts.len() > PATHS {
            faults.push(fault(place, format!("has more than {PATHS} paths")));
            return Vec::new();
        }
    }
    let mut paths = Vec::new();
    for text in texts {
        match Path::parse(&text) {
            Ok(path) => paths.push(path),
            Err(reason) => faults.push(fault(place, format!("`{text}` {reason}"))),
        }
    }
    paths
}

fn then(said: Option<&Value>, place: &str, faults: &mut Vec<Fault>) -> Vec<Then> {
    let several: Vec<&Value> = match said {
        Some(Value::Array(several)) => several.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    if several.is_empty() {
        faults.push(fault(place, "is missing: which function looks at it"));
    }
    let mut found = Vec::new();
    for one in several {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        match Function::read(
            text("function").unwrap_or_default(),
            one.get("functionOptions"),
        ) {
            Ok(function) => found.push(Then {
                field: text("field").map(str::to_owned),
                function,
            }),
            Err(reason) => faults.push(fault(place, reason)),
        }
    }
    found
}

const RULES: usize = 500;
const PATHS: usize = 200;
/// Aliases of aliases.
const ALIASES: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let faults = Ruleset::read(text).unwrap_err().into_iter();
        faults
            .map(|it| format!("{}: {}", it.place, it.message))
            .collect()
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(faults("a: 1"), ["rules: is missing, or no object"]);
        assert_eq!(faults("rules: {}"), ["rules: has no rule that is on"]);
        assert_eq!(
            faults("rules: {a: 'off'}"),
            ["rules: has no rule that is on"]
        );
        let found = faults(
            "extends: spectral:oas\nrules:\n  a: {given: '$.', then: {function: mine}, severity: bad}\n  b: {}\n  c: true\n",
        );
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found[0].starts_with("extends: is not taken"));
        assert_eq!(
            found[1],
            "rules.a.severity: `bad` is none of `error`, `warn`, `info`, `hint`, `off`"
        );
        let found = faults("rules: {a: {given: '$.', then: {function: mine}}}");
        assert!(
            found[0].starts_with("rules.a.given: `$.` has no name"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("rules.a.then: `mine` is none of the functions"),
            "{found:?}"
        );
        assert!(faults("rules: [")[0].starts_with("line "));
    }

    #[test]
    fn aliases_are_written_out() {
        let text = "aliases: {All: ['$.paths[*]'], Ops: ['#All[get,put]']}\nrules: {a: {given: '#Ops.tags', severity: error, then: {function: truthy}}}";
        let rules = Ruleset::read(text).unwrap().rules;
        assert_eq!(rules[0].given.len(), 1);
        assert_eq!(rules[0].severity, Severity::Error);
        assert_eq!(
            faults("aliases: {A: ['#A']}\nrules: {a: {given: '#A', then: {function: truthy}}}")
                .len(),
            1
        );
    }
}
