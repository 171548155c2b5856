//! Functions, methods and the two loops.

use super::Parser;
use crate::{
    Fault, Pattern,
    node::{Conversion, Node, TextTest},
    token::Token,
};

impl Parser<'_> {
    /// `name(`, just read, to its end.
    pub(super) fn function(&mut self, name: &str) -> Result<Node, Fault> {
        if name == "has" {
            return self.has();
        }
        let conversion = match name {
            "size" => Conversion::Size,
            "int" => Conversion::Int,
            "double" => Conversion::Double,
            "string" => Conversion::Text,
            _ => {
                let known = "size, int, double, string and has are functions; startsWith, endsWith, contains, matches, lowerAscii, upperAscii, size, exists and all come after a value";
                return Err(self.fault(&format!("`{name}` is not a function; {known}")));
            }
        };
        let of = self.expression()?;
        self.expect(")")?;
        Ok(Node::Convert(conversion, Box::new(of)))
    }

    /// `of.name(`, just read, to its end.
    pub(super) fn method(&mut self, of: Node, name: &str) -> Result<Node, Fault> {
        if matches!(of, Node::Table(_)) {
            return Err(self.fault("look a value up by its name first"));
        }
        let of = Box::new(of);
        let node = match name {
            "startsWith" => Node::Test(TextTest::StartsWith, of, self.argument()?),
            "endsWith" => Node::Test(TextTest::EndsWith, of, self.argument()?),
            "contains" => Node::Test(TextTest::Contains, of, self.argument()?),
            "matches" => Node::Matches(of, self.pattern()?),
            "size" => Node::Convert(Conversion::Size, of),
            "lowerAscii" => Node::Convert(Conversion::Lower, of),
            "upperAscii" => Node::Convert(Conversion::Upper, of),
            "exists" => return self.each(true, of),
            "all" => return self.each(false, of),
            _ => return Err(self.fault(&format!("`.{name}()` is not known"))),
        };
        self.expect(")")?;
        Ok(node)
    }

    fn argument(&mut self) -> Result<Box<Node>, Fault> {
        self.expression().map(Box::new)
    }

    /// Patterns are compiled once, so they are written out.
    fn pattern(&mut self) -> Result<Pattern, Fault> {
        let Some((at, Token::Text(text))) = self.tokens.get(self.at) else {
            return Err(self.fault("`matches` wants a pattern that is written out as a text"));
        };
        let pattern = Pattern::anywhere(text).map_err(|fault| Fault::new(*at, fault.help))?;
        self.at += 1;
        Ok(pattern)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are no names")]
    fn has(&mut self) -> Result<Node, Fault> {
        let asked = self.member()?;
        let node = match asked {
            Node::Field(field) => Node::HasField(field),
            Node::Entry(table, key) => Node::HasEntry(table, key),
            Node::Member(of, key) => Node::HasMember(of, key),
            _ => return Err(self.fault("`has` asks for a name: `has(claims.department)`")),
        };
        self.expect(")")?;
        Ok(node)
    }

    fn each(&mut self, exists: bool, list: Box<Node>) -> Result<Node, Fault> {
        let name = self.name()?;
        self.expect(",")?;
        self.locals.push(name);
        let asked = self.expression();
        self.locals.pop();
        self.expect(")").and(asked).map(|asked| Node::Each {
            exists,
            list,
            asked: Box::new(asked),
        })
    }
}
