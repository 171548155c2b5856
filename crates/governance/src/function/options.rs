//! Options of functions, read into what they mean.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::Function;
use crate::path;

/// The options of a function that is called `name`.
pub(super) struct Options<'o> {
    pub(super) name: &'o str,
    pub(super) options: &'o Map<String, Value>,
}

impl Options<'_> {
    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.options
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    pub(super) fn pattern(&self, name: &str) -> Result<Option<Regex>, String> {
        self.word(name).map(|text| path::regex(&text)).transpose()
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, String> {
        match self.options.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_f64()
                .map(Some)
                .ok_or_else(|| format!("`{name}` of `{}` is no number", self.name)),
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<Vec<Value>, String> {
        let list = self
            .options
            .get(name)
            .and_then(Value::as_array)
            .filter(|list| !list.is_empty());
        list.cloned()
            .ok_or_else(|| format!("`{}` needs `{name}`, a list", self.name))
    }

    pub(super) fn names(&self, name: &str) -> Result<Vec<String>, String> {
        let list = self.list(name)?;
        let names: Vec<String> = list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if names.len() == list.len() {
            Ok(names)
        } else {
            Err(format!("`{name}` of `{}` is no list of names", self.name))
        }
    }

    pub(super) fn casing(&self) -> Result<Function, String> {
        let name = self.word("type").unwrap_or_default();
        let digits = if self.options.get("disallowDigits") == Some(&Value::Bool(true)) {
            ""
        } else {
            "0-9"
        };
        let one = match name.as_str() {
            "flat" => format!("[a-z][a-z{digits}]*"),
            "camel" => format!("[a-z][a-z{digits}]*(?:[A-Z{digits}](?:[a-z{digits}]+|$))*"),
            "pascal" => format!("[A-Z][a-z{digits}]*(?:[A-Z{digits}](?:[a-z{digits}]+|$))*"),
            "kebab" => format!("[a-z][a-z{digits}]*(?:-[a-z{digits}]+)*"),
            "cobol" => format!("[A-Z][A-Z{digits}]*(?:-[A-Z{digits}]+)*"),
            "snake" => format!("[a-z][a-z{digits}]*(?:_[a-z{digits}]+)*"),
            "macro" => format!("[A-Z][A-Z{digits}]*(?:_[A-Z{digits}]+)*"),
            other => {
                return Err(format!(
                    "`casing` knows no type `{other}`; it is one of `{}`",
                    CASES.join("`, `")
                ));
            }
        };
        let separator = self.options.get("separator");
        let character = separator
            .and_then(|it| it.get("char"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let leads = separator.and_then(|it| it.get("allowLeading")) == Some(&Value::Bool(true));
        let whole = if character.is_empty() {
            format!("^{one}$")
        } else {
            let mark = regex_lite::escape(character);
            let first = if leads {
                format!("{mark}?")
            } else {
                String::new()
            };
            // The end of a word is the end of the text or the next separator.
            let word = one.replace("|$)", ")");
            format!("^{first}{word}(?:{mark}{word})*$")
        };
        Ok(Function::Casing {
            pattern: path::regex(&whole)?,
            name,
        })
    }
}

const CASES: &[&str] = &[
    "flat", "camel", "pascal", "kebab", "cobol", "snake", "macro",
];
