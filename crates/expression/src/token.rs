//! Text to tokens.

use crate::Fault;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Int(u64),
    Double(f64),
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// The longer before those that they begin with.
const SIGNS: &[&str] = &[
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", ",", ".",
];

/// Tokens with their places.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Fault> {
    let mut reader = Reader { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(letter) = reader.peek() {
        let at = reader.at;
        if letter.is_ascii_whitespace() {
            reader.at += 1;
            continue;
        }
        let token = match letter {
            'a'..='z' | 'A'..='Z' | '_' => reader.word()?,
            '0'..='9' => reader.number()?,
            '\'' | '"' => reader.quoted(false)?,
            _ => reader.sign()?,
        };
        tokens.push((at, token));
    }
    Ok(tokens)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn word(&mut self) -> Result<Token, Fault> {
        let at = self.at;
        let word = self.take_while(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        match (word, self.peek()) {
            ("r" | "R", Some('\'' | '"')) => self.quoted(true),
            ("b" | "B", Some('\'' | '"')) => {
                Err(Fault::new(at, "bytes are not offered; write a text"))
            }
            _ => Ok(Token::Name(word.to_owned())),
        }
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let at = self.at;
        let malformed = |help: &str| Fault::new(at, help);
        let mut digits = self.take_while(|letter| letter.is_ascii_digit()).to_owned();
        let mut after = self.rest().chars();
        let is_double =
            after.next() == Some('.') && after.next().is_some_and(|it| it.is_ascii_digit());
        if is_double {
            self.at += 1;
            digits.push('.');
            digits.push_str(self.take_while(|letter| letter.is_ascii_digit()));
        }
        if self
            .peek()
            .is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        {
            return Err(malformed(
                "a number is digits, with or without `.` and more digits",
            ));
        }
        if is_double {
            let number = digits.parse().map_err(|_| malformed("not a number"))?;
            return Ok(Token::Double(number));
        }
        let number = digits
            .parse()
            .map_err(|_| malformed("the number is too large"))?;
        Ok(Token::Int(number))
    }

    fn quoted(&mut self, raw: bool) -> Result<Token, Fault> {
        let at = self.at;
        let quote = self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                None | Some('\n') => return Err(Fault::new(at, "the text is not closed")),
                letter if letter == quote => return Ok(Token::Text(text)),
                Some('\\') if !raw => text.push(self.escaped()?),
                Some(letter) => text.push(letter),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Fault> {
        let at = self.at;
        let unknown = || {
            Fault::new(
                at,
                "an unknown escape; `\\\\`, `\\'`, `\\\"`, `\\n`, `\\t`, `\\r` and `\\u` with four digits are known",
            )
        };
        match self.next() {
            Some(letter @ ('\\' | '\'' | '"' | '`' | '?')) => Ok(letter),
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('u') => {
                let digits = self.rest().get(..4).ok_or_else(unknown)?;
                let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
                self.at += 4;
                number.and_then(char::from_u32).ok_or_else(unknown)
            }
            _ => Err(unknown()),
        }
    }

    fn sign(&mut self) -> Result<Token, Fault> {
        let rest = self.rest();
        let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
            let letter = self.peek().unwrap_or_default();
            return Err(Fault::new(
                self.at,
                format!("`{letter}` does not belong here"),
            ));
        };
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }
}
