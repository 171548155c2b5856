//! Entries as lines of a CSV file (RFC 4180), safe to open in a spreadsheet.

use crate::Link;

/// The first line.
pub const HEADINGS: &str =
    "number,id,at,actor,action,subject,address,agent,before,after,previous,seal\r\n";

/// One entry.
#[must_use]
pub fn row(link: &Link) -> String {
    let entry = &link.entry;
    let fields = [
        link.number.to_string(),
        entry.id.to_string(),
        entry.at.to_string(),
        entry.actor.clone(),
        entry.action.clone(),
        entry.subject.clone(),
        entry.address.clone(),
        entry.agent.clone(),
        entry.before.clone().unwrap_or_default(),
        entry.after.clone().unwrap_or_default(),
        link.previous.clone(),
        link.seal.clone(),
    ];
    let mut line = fields.map(|field| quoted(&field)).join(",");
    line.push_str("\r\n");
    line
}

/// Spreadsheets run a field that begins like a formula; an apostrophe in front makes it text.
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if guard.is_empty() && !field.contains(['"', ',', '\r', '\n']) {
        return field.to_owned();
    }
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stay_one_field_and_text() {
        for (field, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("-1", "\"'-1\""),
        ] {
            assert_eq!(quoted(field), expected, "{field}");
        }
    }
}
