//! The letters of a query as tokens, and a reader that says what it does not understand.

use crate::{Fault, draft::fault};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `userId`, `str:concat`
    Name(String),
    /// `'in quotes'`
    Text(String),
    Number(i64),
    /// An operator or a bracket.
    Mark(&'static str),
}

/// Tokens from the first to the last.
pub(super) struct Reader<'a> {
    query: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(query: &'a str) -> Result<Self, Fault> {
        if query.len() > QUERY_BYTES {
            return Err(fault(
                "siddhiQuery",
                format!("is longer than {QUERY_BYTES} bytes"),
            ));
        }
        let mut tokens = Vec::new();
        let mut rest = query.trim_start();
        while !rest.is_empty() {
            let at = query.len() - rest.len();
            let (token, after) = token(rest).ok_or_else(|| {
                not_understood(query, at, "it is no word, number, text or operator")
            })?;
            tokens.push((at, token));
            rest = after.trim_start();
        }
        Ok(Self {
            query,
            tokens,
            next: 0,
            depth: 0,
        })
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    pub(super) fn advance(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    /// The token that is next when it is this one.
    pub(super) fn take(&mut self, wanted: &Token) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.next += usize::from(is_next);
        is_next
    }

    /// Keywords and names of streams have no case.
    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        let is_next =
            matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(wanted));
        self.next += usize::from(is_next);
        is_next
    }

    pub(super) fn word(&mut self, wanted: &str) -> Result<(), Fault> {
        if self.take_word(wanted) {
            Ok(())
        } else {
            Err(self.not_understood(&format!("`{wanted}` is expected")))
        }
    }

    pub(super) fn mark(&mut self, wanted: &'static str) -> Result<(), Fault> {
        if self.take(&Token::Mark(wanted)) {
            Ok(())
        } else {
            Err(self.not_understood(&format!("`{wanted}` is expected")))
        }
    }

    pub(super) fn name(&mut self) -> Result<String, Fault> {
        match self.peek().cloned() {
            Some(Token::Name(name)) => {
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.not_understood("a name is expected")),
        }
    }

    pub(super) fn number(&mut self) -> Result<i64, Fault> {
        match self.peek() {
            Some(Token::Number(number)) => {
                let number = *number;
                self.next += 1;
                Ok(number)
            }
            _ => Err(self.not_understood("a whole number is expected")),
        }
    }

    /// One level deeper, within bounds.
    pub(super) fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.not_understood("it is nested too deeply"));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Where the next token is.
    pub(super) fn place(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.query.len(), |(at, _)| *at)
    }

    pub(super) fn not_understood(&self, why: &str) -> Fault {
        self.not_understood_at(self.place(), why)
    }

    pub(super) fn not_understood_at(&self, at: usize, why: &str) -> Fault {
        not_understood(self.query, at, why)
    }
}

fn not_understood(query: &str, at: usize, why: &str) -> Fault {
    let part: String = query
        .get(at..)
        .unwrap_or_default()
        .chars()
        .take(PART_LETTERS)
        .collect();
    let part = if part.is_empty() {
        "the end".to_owned()
    } else {
        format!(
            "`{}`",
            part.split_whitespace().collect::<Vec<_>>().join(" ")
        )
    };
    let help = format!("{part} is not understood: {why}; say it as `condition` and `defaultLimit`");
    fault("siddhiQuery", help)
}

/// The first token of a text, and what follows it.
fn token(text: &str) -> Option<(Token, &str)> {
    let first = text.chars().next()?;
    if first == '\'' || first == '"' {
        let inside = text.get(1..)?;
        let (words, after) = inside.split_once(first)?;
        return Some((Token::Text(words.to_owned()), after));
    }
    if first.is_ascii_digit() {
        let end = text
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(text.len());
        let (digits, after) = text.split_at_checked(end)?;
        let after = after.strip_prefix(['l', 'L']).unwrap_or(after);
        return Some((Token::Number(digits.parse().ok()?), after));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let end = text
            .find(|letter: char| {
                !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':')
            })
            .unwrap_or(text.len());
        let (name, after) = text.split_at_checked(end)?;
        return Some((Token::Name(name.to_owned()), after));
    }
    MARKS
        .iter()
        .find_map(|mark| Some((Token::Mark(mark), text.strip_prefix(mark)?)))
}

/// The longer ones first.
const MARKS: &[&str] = &[
    "==", "!=", ">=", "<=", ">", "<", "(", ")", "[", "]", ",", ";", "#",
];

const QUERY_BYTES: usize = 4_096;
const DEPTH: usize = 20;
const PART_LETTERS: usize = 40;
