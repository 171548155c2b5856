//! What schemas say of objects.

use serde_json::{Map, Value};

use super::{Evaluation, Spot};
use crate::contract::Direction;

impl<'a> Evaluation<'a> {
    pub(super) fn object(
        &mut self,
        keyword: &str,
        said: &'a Value,
        object: &Map<String, Value>,
        spot: Spot<'a, '_>,
    ) {
        let count = object.len() as u64;
        match keyword {
            "properties" => {
                for (name, schema) in said.as_object().into_iter().flatten() {
                    if let Some(value) = object.get(name) {
                        self.value(schema, value, &spot.place.name(name), spot.depth + 1);
                    }
                }
            }
            "patternProperties" => {
                for (pattern, schema) in said.as_object().into_iter().flatten() {
                    for (name, value) in object {
                        if self.contract.matches(pattern, name) {
                            self.value(schema, value, &spot.place.name(name), spot.depth + 1);
                        }
                    }
                }
            }
            "additionalProperties" => self.additional(said, object, spot),
            "propertyNames" => {
                for name in object.keys() {
                    let name = Value::String(name.clone());
                    let spot = Spot {
                        instance: &name,
                        ..spot
                    };
                    let found = self.trial(said, spot, 1);
                    self.found.extend(found);
                }
            }
            "required" => self.required(said, object, spot),
            "dependentRequired" => {
                for (name, wanted) in said.as_object().into_iter().flatten() {
                    if object.contains_key(name) {
                        self.required(wanted, object, spot);
                    }
                }
            }
            "dependentSchemas" => {
                for (name, schema) in said.as_object().into_iter().flatten() {
                    if object.contains_key(name) {
                        self.value(schema, spot.instance, spot.place, spot.depth + 1);
                    }
                }
            }
            "minProperties" if count < said.as_u64().unwrap_or_default() => {
                self.report(spot.place, format!("must have at least {said} properties"));
            }
            "maxProperties" if count > said.as_u64().unwrap_or(u64::MAX) => {
                self.report(spot.place, format!("must have at most {said} properties"));
            }
            _ => {}
        }
    }

    /// Properties that neither `properties` nor `patternProperties` beside it names.
    fn additional(&mut self, said: &'a Value, object: &Map<String, Value>, spot: Spot<'a, '_>) {
        if *said == true {
            return;
        }
        let named = self.sibling("properties", spot).and_then(Value::as_object);
        let patterns = self
            .sibling("patternProperties", spot)
            .and_then(Value::as_object);
        for (name, value) in object {
            let is_named = named.is_some_and(|it| it.contains_key(name))
                || patterns
                    .into_iter()
                    .flat_map(Map::keys)
                    .any(|pattern| self.contract.matches(pattern, name));
            if is_named {
                continue;
            }
            let place = spot.place.name(name);
            if *said == false {
                self.report(&place, "is not a property that the contract knows");
            } else {
                self.value(said, value, &place, spot.depth + 1);
            }
            if self.found.len() >= self.most {
                return;
            }
        }
    }

    fn required(&mut self, said: &Value, object: &Map<String, Value>, spot: Spot<'a, '_>) {
        for name in said
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !object.contains_key(name) && !self.is_exempt(name, spot) {
                self.report(&spot.place.name(name), "is missing");
            }
        }
    }

    /// A property that travels the other way only is not missed.
    fn is_exempt(&self, name: &str, spot: Spot<'a, '_>) -> bool {
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Reply => "writeOnly",
        };
        let named = self.sibling("properties", spot);
        let mut schema = named.and_then(|it| it.get(name));
        for _ in 0..10 {
            let Some(at) = schema else { return false };
            if at.get(keyword) == Some(&Value::Bool(true)) {
                return true;
            }
            let number = at.get("$ref").and_then(Value::as_u64);
            schema = number.and_then(|number| self.contract.numbered(number));
        }
        false
    }
}
