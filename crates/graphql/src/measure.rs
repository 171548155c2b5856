//! Measures one document: a walk over its words, once.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    Refusal, Values,
    token::{Token, tokens},
};

/// How much is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Levels of fields.
    pub depth: u32,
    /// Sum of the values of all fields, each times the length of the lists that it stands in. Never wraps.
    pub complexity: u64,
}

/// The most that any operation of a document asks: which of them a server runs is for the server to say.
pub(crate) fn measure(
    document: &str,
    variables: &Map<String, Value>,
    values: &Values,
) -> Result<Measure, Refusal> {
    let words = tokens(document)?;
    let mut walk = Walk {
        words: &words,
        at: 0,
        given: variables,
        defaults: HashMap::new(),
        fragments: HashMap::new(),
        values,
    };
    let operations = walk.definitions()?;
    let mut most: Option<Measure> = None;
    for (root, at) in operations {
        walk.at = at;
        let found = walk.selections(values.root(root), 0)?;
        let before = most.unwrap_or_default();
        most = Some(Measure {
            depth: before.depth.max(found.depth),
            complexity: before.complexity.max(found.complexity),
        });
    }
    most.ok_or_else(|| broken("the document has no operation"))
}

struct Walk<'a> {
    words: &'a [Token<'a>],
    at: usize,
    given: &'a Map<String, Value>,
    /// Of all operations together: the greater one where two differ.
    defaults: HashMap<&'a str, u64>,
    fragments: HashMap<&'a str, Fragment>,
    values: &'a Values,
}

#[derive(Clone, Copy)]
enum Fragment {
    /// Where its type stands.
    At(usize),
    /// It is being measured: whoever comes here again comes from itself.
    Open,
    Known(Measure),
}

impl<'a> Walk<'a> {
    /// Finds where the selections of each operation begin, and each fragment.
    fn definitions(&mut self) -> Result<Vec<(&'a str, usize)>, Refusal> {
        let mut operations = Vec::new();
        while let Some(word) = self.peek() {
            match word {
                Token::Mark(b'{') => operations.push(("query", self.at)),
                Token::Text => {
                    self.at = self.at.saturating_add(1);
                    continue;
                }
                Token::Name("fragment") => self.fragment_head()?,
                Token::Name(root @ ("query" | "mutation" | "subscription")) => {
                    self.operation_head()?;
                    operations.push((root, self.at));
                }
                Token::Name(_) | Token::Number(_) | Token::Mark(_) | Token::Spread => {
                    return Err(broken(
                        "the document has something else than operations and fragments",
                    ));
                }
            }
            self.skip_group()?;
        }
        Ok(operations)
    }

    fn operation_head(&mut self) -> Result<(), Refusal> {
        self.next();
        if let Some(Token::Name(_)) = self.peek() {
            self.next();
        }
        if self.takes(b'(') {
            while !self.takes(b')') {
                self.variable()?;
            }
        }
        self.directives()
    }

    /// `$first: Int! = 10 @x`
    fn variable(&mut self) -> Result<(), Refusal> {
        self.wants(b'$')?;
        let name = self.name()?;
        self.wants(b':')?;
        while let Some(Token::Name(_) | Token::Mark(b'[' | b']' | b'!')) = self.peek() {
            self.next();
        }
        if self.takes(b'=') {
            if let Some(Token::Number(number)) = self.peek() {
                let known = self.defaults.entry(name).or_default();
                *known = (*known).max(whole(number));
            }
            self.value()?;
        }
        self.directives()
    }

    fn fragment_head(&mut self) -> Result<(), Refusal> {
        self.next();
        let name = self.name()?;
        if self.name()? != "on" {
            return Err(broken("a fragment says no type"));
        }
        let at = self.at;
        self.name()?;
        self.directives()?;
        match self.fragments.insert(name, Fragment::At(at)) {
            None => Ok(()),
            Some(_) => Err(broken("a fragment stands twice")),
        }
    }

    /// What stands in braces, with the braces.
    fn selections(&mut self, parent: Option<&'a str>, level: u32) -> Result<Measure, Refusal> {
        if level > MOST_LEVELS {
            let why = format!("the query is nested more than {MOST_LEVELS} times");
            return Err(Refusal::Unreadable(why));
        }
        self.wants(b'{')?;
        let mut all = Measure::default();
        while !self.takes(b'}') {
            let one = match self.next() {
                Some(Token::Name(name)) => self.field(name, parent, level)?,
                Some(Token::Spread) => self.spread(parent, level)?,
                Some(Token::Number(_) | Token::Text | Token::Mark(_)) | None => {
                    return Err(broken("something that is no field stands among fields"));
                }
            };
            all.depth = all.depth.max(one.depth);
            all.complexity = all.complexity.saturating_add(one.complexity);
        }
        Ok(all)
    }

    /// A field whose first name was read.
    fn field(
        &mut self,
        first: &'a str,
        parent: Option<&'a str>,
        level: u32,
    ) -> Result<Measure, Refusal> {
        let name = if self.takes(b':') {
            self.name()?
        } else {
            first
        };
        let times = self.arguments()?;
        self.directives()?;
        let known = self.values.field(parent, name);
        let below = match self.peek() {
            Some(Token::Mark(b'{')) => {
                let of = known.map(|it| it.of.as_str());
                self.selections(of, level.saturating_add(1))?
            }
            Some(_) | None => Measure::default(),
        };
        let value = known.map_or(1, |it| u64::from(it.value));
        Ok(Measure {
            depth: below.depth.saturating_add(1),
            complexity: below.complexity.saturating_add(value).saturating_mul(times),
        })
    }

    /// What follows `...`.
    fn spread(&mut self, parent: Option<&'a str>, level: u32) -> Result<Measure, Refusal> {
        let level = level.saturating_add(1);
        let of = match self.peek() {
            Some(Token::Name("on")) => {
                self.next();
                Some(self.name()?)
            }
            Some(Token::Name(name)) => {
                self.next();
                self.directives()?;
                return self.fragment(name, level);
            }
            Some(Token::Number(_) | Token::Text | Token::Mark(_) | Token::Spread) | None => parent,
        };
        self.directives()?;
        self.selections(of, level)
    }

    fn fragment(&mut self, name: &'a str, level: u32) -> Result<Measure, Refusal> {
        let at = match self.fragments.get(name) {
            None => return Err(broken("a fragment is spread that is not there")),
            Some(Fragment::Open) => return Err(broken("a fragment is spread within itself")),
            Some(Fragment::Known(measure)) => return Ok(*measure),
            Some(Fragment::At(at)) => *at,
        };
        self.fragments.insert(name, Fragment::Open);
        let back = std::mem::replace(&mut self.at, at);
        let of = self.name()?;
        self.directives()?;
        let measure = self.selections(Some(of), level)?;
        self.at = back;
        self.fragments.insert(name, Fragment::Known(measure));
        Ok(measure)
    }

    /// The length of the list that is asked for, at least 1.
    fn arguments(&mut self) -> Result<u64, Refusal> {
        let mut times = 1;
        if !self.takes(b'(') {
            return Ok(times);
        }
        while !self.takes(b')') {
            let name = self.name()?;
            self.wants(b':')?;
            if LENGTHS.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                times = times.max(self.number());
            }
            self.value()?;
        }
        Ok(times)
    }

    /// The number that stands here, or that the variable has which stands here.
    fn number(&self) -> u64 {
        match self.peek() {
            Some(Token::Number(number)) => whole(number),
            Some(Token::Mark(b'$')) => match self.words.get(self.at.saturating_add(1)) {
                Some(Token::Name(name)) => self.variable_of(name),
                Some(_) | None => 1,
            },
            Some(_) | None => 1,
        }
    }

    fn variable_of(&self, name: &str) -> u64 {
        match self.given.get(name) {
            Some(Value::Number(number)) => whole(&number.to_string()),
            // Some servers read a number of a text.
            Some(Value::String(text)) => whole(text.trim()),
            Some(_) => 1,
            None => self.defaults.get(name).copied().unwrap_or(1),
        }
    }

    fn directives(&mut self) -> Result<(), Refusal> {
        while self.takes(b'@') {
            self.name()?;
            self.arguments()?;
        }
        Ok(())
    }

    /// Goes by a value, however deep it is.
    fn value(&mut self) -> Result<(), Refusal> {
        match self.peek() {
            Some(Token::Mark(b'[' | b'{')) => self.skip_group(),
            Some(Token::Mark(b'$')) => {
                self.next();
                self.name().map(drop)
            }
            Some(Token::Name(_) | Token::Number(_) | Token::Text) => {
                self.next();
                Ok(())
            }
            Some(Token::Mark(_) | Token::Spread) | None => Err(broken("an argument has no value")),
        }
    }

    /// Goes by brackets and what is in them.
    fn skip_group(&mut self) -> Result<(), Refusal> {
        let mut open = Vec::new();
        loop {
            match self.next() {
                Some(Token::Mark(b'{')) => open.push(b'}'),
                Some(Token::Mark(b'[')) => open.push(b']'),
                Some(Token::Mark(b'(')) => open.push(b')'),
                Some(Token::Mark(mark @ (b'}' | b']' | b')'))) => {
                    if open.pop() != Some(mark) {
                        return Err(broken("its brackets do not match"));
                    }
                }
                Some(_) if !open.is_empty() => {}
                Some(_) | None => return Err(broken("its brackets do not match")),
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let word = self.peek();
        self.at = self.at.saturating_add(1);
        word
    }

    fn takes(&mut self, mark: u8) -> bool {
        let is_there = self.peek() == Some(Token::Mark(mark));
        if is_there {
            self.next();
        }
        is_there
    }

    fn wants(&mut self, mark: u8) -> Result<(), Refusal> {
        if self.takes(mark) {
            return Ok(());
        }
        Err(broken(&format!("`{}` is missing", char::from(mark))))
    }

    fn name(&mut self) -> Result<&'a str, Refusal> {
        match self.next() {
            Some(Token::Name(name)) => Ok(name),
            Some(_) | None => Err(broken("a name is missing")),
        }
    }
}

/// A number as a length: at least 1, and what is too long for a count is the longest.
fn whole(number: &str) -> u64 {
    let length = number.parse::<u64>().ok().or_else(|| {
        let number: f64 = number.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, which is what is meant"
        )]
        Some(number.ceil() as u64)
    });
    length.unwrap_or(1).max(1)
}

fn broken(why: &str) -> Refusal {
    Refusal::Unreadable(format!("the query cannot be read: {why}"))
}

/// Arguments that say how long a list may be, as the peer knows them.
const LENGTHS: [&str; 3] = ["first", "last", "limit"];
/// Selections within one another, fragments included; nothing that anybody writes comes near.
const MOST_LEVELS: u32 = 200;
