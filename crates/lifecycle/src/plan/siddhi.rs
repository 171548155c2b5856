//! The common Siddhi forms of custom rules, said as a condition in CEL and a limit.
//!
//! WSO2's rules are two statements: the first picks the calls that are eligible and names their key, the second counts
//! them in windows. What they cannot be in our words is refused with the part that is not understood, never guessed.

mod cel;
mod token;

use super::{Quantity, ThrottleLimit};
use crate::Fault;
use cel::Node;
use token::{Reader, Token};

/// What a query means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// In CEL; `None` meets every call.
    pub(super) condition: Option<String>,
    pub(super) limit: ThrottleLimit,
}

/// Reads a query.
pub(super) fn read(query: &str) -> Result<Meaning, Fault> {
    let mut reader = Reader::new(query)?;
    let (eligible, stream) = picked(&mut reader)?;
    let limit = counted(&mut reader, &stream)?;
    if !reader.is_at_end() {
        return Err(reader.not_understood("there are two statements"));
    }
    let condition = if eligible == Node::Bool(true) {
        None
    } else {
        Some(eligible.cel()?)
    };
    Ok(Meaning { condition, limit })
}

/// `FROM RequestStream SELECT userId, ( .. ) AS isEligible, .. AS throttleKey INSERT INTO EligibilityStream;`
fn picked(reader: &mut Reader<'_>) -> Result<(Node, String), Fault> {
    reader.word("from")?;
    reader.word("requeststream")?;
    reader.word("select")?;
    let mut eligible = None;
    let mut has_key = false;
    loop {
        let at = reader.place();
        let node = cel::node(reader)?;
        let name = reader.take_word("as").then(|| reader.name()).transpose()?;
        match name.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("iseligible") => eligible = Some(node),
            Some("throttlekey") => {
                // What calls share a count is for the key template to say; here it only has to be made of known things.
                node.cel()?;
                has_key = true;
            }
            None if node.is_attribute() => {}
            _ => {
                return Err(reader.not_understood_at(
                    at,
                    "only attributes, `isEligible` and `throttleKey` are selected",
                ));
            }
        }
        if !reader.take(&Token::Mark(",")) {
            break;
        }
    }
    if !has_key {
        return Err(reader.not_understood("`.. AS throttleKey` is missing"));
    }
    let eligible =
        eligible.ok_or_else(|| reader.not_understood("`.. AS isEligible` is missing"))?;
    reader.word("insert")?;
    reader.word("into")?;
    let stream = reader.name()?;
    reader.mark(";")?;
    Ok((eligible, stream))
}

/// `FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min) SELECT throttleKey, (count(userId) >= 5) as
/// isThrottled, expiryTimeStamp group by throttleKey INSERT ALL EVENTS into ResultStream;`
fn counted(reader: &mut Reader<'_>, stream: &str) -> Result<ThrottleLimit, Fault> {
    reader.word("from")?;
    reader.word(stream)?;
    reader.mark("[")?;
    reader.word("iseligible")?;
    reader.mark("==")?;
    reader.word("true")?;
    reader.mark("]")?;
    reader.mark("#")?;
    reader.word("throttler:timebatch")?;
    reader.mark("(")?;
    let unit_time = reader.number()?;
    let at = reader.place();
    let unit = reader.name()?.to_ascii_lowercase();
    let time_unit = match unit.as_str() {
        "min" | "minute" | "minutes" => "min",
        "hour" | "hours" => "hour",
        "day" | "days" => "day",
        "month" | "months" => "month",
        _ => {
            let help = "windows are of minutes, hours, days or months";
            return Err(reader.not_understood_at(at, help));
        }
    };
    if reader.take(&Token::Mark(",")) {
        let at = reader.place();
        if reader.number()? != 0 {
            return Err(reader.not_understood_at(at, "windows begin at the epoch"));
        }
    }
    reader.mark(")")?;
    reader.word("select")?;
    reader.word("throttlekey")?;
    reader.mark(",")?;
    let count = count(reader)?;
    reader.mark(",")?;
    reader.word("expirytimestamp")?;
    for word in ["group", "by", "throttlekey", "insert"] {
        reader.word(word)?;
    }
    if reader.take_word("all") {
        reader.word("events")?;
    }
    reader.word("into")?;
    reader.word("resultstream")?;
    reader.take(&Token::Mark(";"));
    let quantity = Quantity {
        time_unit: Some(time_unit.to_owned()),
        unit_time: Some(unit_time),
        request_count: Some(count),
        ..Quantity::default()
    };
    Ok(ThrottleLimit {
        kind: "REQUESTCOUNTLIMIT".to_owned(),
        request_count: Some(quantity),
        ..ThrottleLimit::default()
    })
}

/// `(count(userId) >= 5) as isThrottled`
fn count(reader: &mut Reader<'_>) -> Result<i64, Fault> {
    let is_wrapped = reader.take(&Token::Mark("("));
    reader.word("count")?;
    reader.mark("(")?;
    if !reader.take(&Token::Mark(")")) {
        reader.name()?;
        reader.mark(")")?;
    }
    let one_more = i64::from(!reader.take(&Token::Mark(">=")));
    if one_more == 1 {
        reader.mark(">")?;
    }
    let count = reader.number()?.saturating_add(one_more);
    if is_wrapped {
        reader.mark(")")?;
    }
    reader.word("as")?;
    reader.word("isthrottled")?;
    Ok(count)
}

#[cfg(test)]
mod tests;
