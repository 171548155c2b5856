//! Tokens to a [`Node`].

mod calls;

use crate::{
    Fault,
    call::{Known, Table, has_members, known, members},
    node::{Arithmetic, Comparison, Node},
    token::{Token, tokens},
};

pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    let tokens = tokens(text)?;
    if tokens.len() > MOST_TOKENS {
        return Err(Fault::new(
            0,
            format!("more than {MOST_TOKENS} names, values and signs"),
        ));
    }
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        end: text.len(),
        depth: 0,
        locals: Vec::new(),
        is_searched: false,
    };
    let node = parser.expression()?;
    match parser.tokens.get(parser.at) {
        None => Ok(node),
        Some(_) => Err(parser.fault("the expression ends before this")),
    }
}

struct Parser<'t> {
    tokens: &'t [(usize, Token)],
    at: usize,
    end: usize,
    depth: usize,
    /// Names that `exists` and `all` give to the value that they are at.
    locals: Vec<String>,
    /// What comes next stands right of `in`, where a table is searched rather than read.
    is_searched: bool,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Node, Fault> {
        self.deeper(|parser| {
            let condition = parser.either()?;
            if !parser.takes("?") {
                return Ok(condition);
            }
            let then = parser.either()?;
            parser.expect(":")?;
            let otherwise = parser.expression()?;
            Ok(Node::If(Box::new([condition, then, otherwise])))
        })
    }

    fn either(&mut self) -> Result<Node, Fault> {
        let mut left = self.both()?;
        while self.takes("||") {
            left = Node::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Node, Fault> {
        let mut left = self.relation()?;
        while self.takes("&&") {
            left = Node::And(Box::new(left), Box::new(self.relation()?));
        }
        Ok(left)
    }

    fn relation(&mut self) -> Result<Node, Fault> {
        let mut left = self.sum()?;
        loop {
            if self.takes_name("in") {
                left = self.search(left)?;
            } else if let Some(comparison) = self.one_of(COMPARISONS) {
                left = Node::Compare(comparison, Box::new(left), Box::new(self.sum()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn search(&mut self, left: Node) -> Result<Node, Fault> {
        self.is_searched = true;
        let right = self.sum();
        self.is_searched = false;
        let (left, right) = (Box::new(left), right?);
        if let Node::Table(table) = right {
            return Ok(Node::HasEntry(table, left));
        }
        Ok(Node::In(left, Box::new(right)))
    }

    fn sum(&mut self) -> Result<Node, Fault> {
        let mut left = self.product()?;
        while let Some(operator) = self.one_of(SUMS) {
            left = Node::Compute(operator, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, Fault> {
        let mut left = self.unary()?;
        while let Some(operator) = self.one_of(PRODUCTS) {
            left = Node::Compute(operator, Box::new(left), Box::new(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Fault> {
        if self.takes("!") {
            return self.deeper(Self::unary).map(|it| Node::Not(Box::new(it)));
        }
        if self.takes("-") {
            return self
                .deeper(Self::unary)
                .map(|it| Node::Negative(Box::new(it)));
        }
        self.member()
    }

    fn member(&mut self) -> Result<Node, Fault> {
        let is_searched = std::mem::take(&mut self.is_searched);
        let at = self.at;
        let mut node = self.primary()?;
        loop {
            if self.takes(".") {
                let name = self.name()?;
                node = if self.takes("(") {
                    self.method(node, &name)?
                } else {
                    self.below(node, Node::Text(name.into()))?
                };
            } else if self.takes("[") {
                let key = self.expression()?;
                self.expect("]")?;
                node = self.below(node, key)?;
            } else if matches!(node, Node::Table(_)) && !is_searched {
                self.at = at;
                return Err(self.fault(
                    "this is looked up by name: `request.headers['x-name']`, `'name' in claims`",
                ));
            } else {
                return Ok(node);
            }
        }
    }

    /// What `of` has under `key`.
    fn below(&self, of: Node, key: Node) -> Result<Node, Fault> {
        Ok(match (of, key) {
            (Node::Table(Table::Headers), Node::Text(name)) => Node::Entry(
                Table::Headers,
                Box::new(Node::Text(name.to_ascii_lowercase().into())),
            ),
            (Node::Table(table), key) => Node::Entry(table, Box::new(key)),
            (Node::Field(_), _) => return Err(self.fault("a text has nothing below it")),
            (of, key) => Node::Member(Box::new(of), Box::new(key)),
        })
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let Some((_, token)) = self.tokens.get(self.at) else {
            return Err(self.fault("the expression ends too early"));
        };
        self.at += 1;
        match token {
            Token::Int(number) => self.int(*number),
            Token::Double(number) => Ok(Node::Double(*number)),
            Token::Text(text) => Ok(Node::Text(text.as_str().into())),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("[") => self.list().map(Node::List),
            Token::Name(name) => self.named(name),
            Token::Sign(_) => {
                self.at -= 1;
                Err(self.fault("a value is missing before this"))
            }
        }
    }

    fn int(&self, number: u64) -> Result<Node, Fault> {
        let number = i64::try_from(number);
        number
            .map(Node::Int)
            .map_err(|_| self.fault("the number before this is too large"))
    }

    fn list(&mut self) -> Result<Vec<Node>, Fault> {
        let mut values = Vec::new();
        while !self.takes("]") {
            values.push(self.expression()?);
            if !self.takes(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(values)
    }

    fn named(&mut self, name: &str) -> Result<Node, Fault> {
        match name {
            "true" => return Ok(Node::Bool(true)),
            "false" => return Ok(Node::Bool(false)),
            "null" => return Ok(Node::Null),
            _ => {}
        }
        if let Some(local) = self.locals.iter().rposition(|it| it == name) {
            return Ok(Node::Local(local));
        }
        if self.takes("(") {
            return self.function(name);
        }
        if has_members(name) {
            self.expect(".")?;
            let member = self.name()?;
            return known(name, Some(&member)).map(node).ok_or_else(|| {
                self.at -= 1;
                self.fault(&format!(
                    "`{name}` has no `{member}`; it has {}",
                    members(name)
                ))
            });
        }
        known(name, None).map(node).ok_or_else(|| {
            self.at -= 1;
            self.fault(&format!("`{name}` is not known; there are request, user, claims, application, subscription, api and operation"))
        })
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= DEEPEST {
            return Err(self.fault(&format!("nested deeper than {DEEPEST}")));
        }
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        outcome
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let is_next =
            matches!(self.tokens.get(self.at), Some((_, Token::Sign(sign))) if *sign == wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn takes_name(&mut self, wanted: &str) -> bool {
        let is_next =
            matches!(self.tokens.get(self.at), Some((_, Token::Name(name))) if name == wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn one_of<T: Copy>(&mut self, signs: &[(&str, T)]) -> Option<T> {
        signs
            .iter()
            .find(|(sign, _)| self.takes(sign))
            .map(|(_, meaning)| *meaning)
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Fault> {
        if self.takes(wanted) {
            return Ok(());
        }
        Err(self.fault(&format!("`{wanted}` is missing before this")))
    }

    fn name(&mut self) -> Result<String, Fault> {
        let Some((_, Token::Name(name))) = self.tokens.get(self.at) else {
            return Err(self.fault("a name is missing before this"));
        };
        self.at += 1;
        Ok(name.clone())
    }

    fn fault(&self, help: &str) -> Fault {
        let at = self.tokens.get(self.at).map_or(self.end, |(at, _)| *at);
        Fault::new(at, help)
    }
}

const fn node(known: Known) -> Node {
    match known {
        Known::Field(field) => Node::Field(field),
        Known::Table(table) => Node::Table(table),
    }
}

const COMPARISONS: &[(&str, Comparison)] = &[
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];
const SUMS: &[(&str, Arithmetic)] = &[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)];
const PRODUCTS: &[(&str, Arithmetic)] = &[
    ("*", Arithmetic::Multiply),
    ("/", Arithmetic::Divide),
    ("%", Arithmetic::Remainder),
];
/// So that neither reading nor answering needs a deep stack.
const DEEPEST: usize = 24;
/// A chain of operators is as deep as it is long.
const MOST_TOKENS: usize = 400;
