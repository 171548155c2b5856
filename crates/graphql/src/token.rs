//! The words of a GraphQL document (its specification, section 2.1).

use crate::Refusal;

/// A word. Of a text nobody here needs more than that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A name.
    Name(&'a str),
    /// A number, whole or not.
    Number(&'a str),
    /// A string, in one line or as a block.
    Text,
    /// One of ``! $ & ( ) : = @ [ ] { | }``.
    Mark(u8),
    /// `...`
    Spread,
}

/// All words of a document.
///
/// # Errors
/// What is no word of the language, or more than [`MOST_TOKENS`] of them.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Refusal> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = ignored(rest);
        let Some((token, after)) = next(rest)? else {
            return Ok(found);
        };
        if found.len() == MOST_TOKENS {
            let why = format!("the query has more than {MOST_TOKENS} words");
            return Err(Refusal::Unreadable(why));
        }
        found.push(token);
        rest = after;
    }
}

/// What is left after white space, commas and comments.
fn ignored(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
        match text.strip_prefix('#') {
            None => return text,
            Some(comment) => {
                let end = comment.find(['\n', '\r']).unwrap_or(comment.len());
                text = comment.get(end..).unwrap_or_default();
            }
        }
    }
}

fn next(text: &str) -> Result<Option<(Token<'_>, &str)>, Refusal> {
    let Some(first) = text.bytes().next() else {
        return Ok(None);
    };
    let found = match first {
        b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
            let (name, rest) = run(text, |byte| byte == b'_' || byte.is_ascii_alphanumeric());
            (Token::Name(name), rest)
        }
        b'-' | b'0'..=b'9' => {
            let (number, rest) = run(text, |byte| {
                matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')
            });
            (Token::Number(number), rest)
        }
        b'"' => (Token::Text, after_string(text)?),
        b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|'
        | b'}' => (Token::Mark(first), text.get(1..).unwrap_or_default()),
        b'.' => match text.strip_prefix("...") {
            Some(rest) => (Token::Spread, rest),
            None => return Err(strange(text)),
        },
        _ => return Err(strange(text)),
    };
    Ok(Some(found))
}

fn run(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !belongs(byte));
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

/// What is left after a string.
fn after_string(text: &str) -> Result<&str, Refusal> {
    let open = || Refusal::Unreadable("a string of the query has no end".to_owned());
    if let Some(mut block) = text.strip_prefix("\"\"\"") {
        loop {
            let end = block.find("\"\"\"").ok_or_else(open)?;
            let (inside, rest) = block.split_at_checked(end).ok_or_else(open)?;
            let after = rest.get(3..).unwrap_or_default();
            if !inside.ends_with('\\') {
                return Ok(after);
            }
            block = after;
        }
    }
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'\n' | b'\r' => return Err(open()),
            b'"' => return text.get(at.saturating_add(1)..).ok_or_else(open),
            _ => {}
        }
    }
    Err(open())
}

fn strange(text: &str) -> Refusal {
    let letter = text.chars().next().unwrap_or_default();
    Refusal::Unreadable(format!(
        "the query cannot be read at `{}`",
        letter.escape_default()
    ))
}

/// Introspection, the largest query in everyday use, has 250.
const MOST_TOKENS: usize = 50_000;
