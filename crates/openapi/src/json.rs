//! JSON text to a tree: order kept, duplicate keys reported with their places, bounded in depth and size.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::fault::{Fault, FaultCode, Listed, MAX_POINTER, clipped, fault};
use crate::limit::{MAX_DEPTH, MAX_LISTED, MAX_VALUES};
use crate::pointer::{Pointer, write_segment};

/// Reads one JSON document. Duplicate keys go to `duplicates`; the last value stands, as in most readers.
pub(crate) fn parse(text: &str, duplicates: &mut Listed) -> Result<Value, Fault> {
    let mut reading = Reading::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        reading: &mut reading,
        depth: 1,
    };
    let value = seed
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    for pointer in reading.duplicates {
        let mut found = fault(FaultCode::DuplicateKey, &Pointer::ROOT, DUPLICATE);
        found.pointer = clipped(pointer.concat_reversed(), MAX_POINTER);
        duplicates.push(found);
    }
    value.map_err(|error| syntax_fault(&error, reading.stopped))
}

/// What a duplicate key is told, in JSON and in YAML.
pub(crate) const DUPLICATE: &str = "this key stands twice in the same object; keep one of them";

fn syntax_fault(error: &serde_json::Error, stopped: Option<FaultCode>) -> Fault {
    let message = match stopped {
        Some(_) => error.to_string(),
        None => format!("not valid JSON: {error}"),
    };
    // The reader's own words end with the place, which has its own fields here.
    let message = message
        .split_once(" at line ")
        .map_or(message.as_str(), |(words, _)| words);
    let mut found = fault(
        stopped.unwrap_or(FaultCode::Syntax),
        &Pointer::ROOT,
        message,
    );
    found.line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    found.column = found
        .line
        .and_then(|_| u32::try_from(error.column().max(1)).ok());
    found
}

/// State of one reading.
#[derive(Default)]
struct Reading {
    values: usize,
    duplicates: Vec<Trail>,
    stopped: Option<FaultCode>,
}

impl Reading {
    fn stop<E: serde::de::Error>(&mut self, code: FaultCode, message: fmt::Arguments<'_>) -> E {
        self.stopped = Some(code);
        E::custom(message)
    }

    fn count<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(self.stop(
                FaultCode::TooManyValues,
                format_args!("more than {MAX_VALUES} values; split the API"),
            ));
        }
        Ok(())
    }
}

/// A pointer that is built while the reader returns from the inside out.
#[derive(Default)]
struct Trail(Vec<String>);

impl Trail {
    fn concat_reversed(&self) -> String {
        let mut pointer = String::new();
        for segment in self.0.iter().rev() {
            // Writing to a String cannot fail.
            let _ = write_segment(&mut pointer, segment);
        }
        pointer
    }
}

struct Seed<'r> {
    reading: &'r mut Reading,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.reading.count::<D::Error>()?;
        if self.depth > MAX_DEPTH {
            return Err(self.reading.stop(
                FaultCode::TooDeep,
                format_args!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let known = self.reading.duplicates.len();
            let seed = Seed {
                reading: &mut *self.reading,
                depth: self.depth + 1,
            };
            let Some(value) = items.next_element_seed(seed)? else {
                return Ok(Value::Array(list));
            };
            for trail in self.reading.duplicates.iter_mut().skip(known) {
                trail.0.push(list.len().to_string());
            }
            list.push(value);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let known = self.reading.duplicates.len();
            let seed = Seed {
                reading: &mut *self.reading,
                depth: self.depth + 1,
            };
            let value = members.next_value_seed(seed)?;
            if map.contains_key(&key) && self.reading.duplicates.len() < MAX_DUPLICATES {
                self.reading.duplicates.push(Trail::default());
            }
            for trail in self.reading.duplicates.iter_mut().skip(known) {
                trail.0.push(key.chars().take(MAX_POINTER).collect());
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Duplicates that are kept with their places: one more than is listed, so that the list says that there are more.
const MAX_DUPLICATES: usize = MAX_LISTED + 1;

#[cfg(test)]
mod tests;
