//! Asking an expression about a call.

use std::borrow::Cow;

use crate::{
    Call,
    call::Table,
    node::{Arithmetic, Comparison, Conversion, Node, TextTest},
    value::Value,
};

/// An expression has no answer for a call: something is not there, does not fit, or takes too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided;

pub(crate) fn decide(node: &Node, call: &dyn Call) -> Result<bool, Undecided> {
    let mut run = Run {
        call,
        steps: MOST_STEPS,
        locals: Vec::new(),
    };
    run.truth(node)
}

struct Run<'a> {
    call: &'a dyn Call,
    /// Steps that are left.
    steps: usize,
    locals: Vec<Value<'a>>,
}

type Answer<'a> = Result<Value<'a>, Undecided>;

impl<'a> Run<'a> {
    fn value(&mut self, node: &'a Node) -> Answer<'a> {
        self.pay(1)?;
        let value = match node {
            Node::Null => Value::Null,
            Node::Bool(it) => Value::Bool(*it),
            Node::Int(number) => Value::Int(*number),
            Node::Double(number) => Value::Double(*number),
            Node::Text(text) => Value::Text(Cow::Borrowed(text)),
            Node::List(nodes) => Value::List(
                nodes
                    .iter()
                    .map(|it| self.value(it))
                    .collect::<Result<_, _>>()?,
            ),
            Node::Field(field) => Value::Text(self.call.field(*field).ok_or(Undecided)?),
            Node::Table(_) => return Err(Undecided),
            Node::Entry(table, key) => self.entry(*table, key)?.ok_or(Undecided)?,
            Node::Member(of, key) => {
                let of = self.value(of)?;
                of.member(&self.value(key)?).ok_or(Undecided)?
            }
            Node::Local(index) => self.locals.get(*index).cloned().ok_or(Undecided)?,
            Node::Negative(of) => negative(&self.value(of)?)?,
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let chosen = if self.truth(condition)? {
                    then
                } else {
                    otherwise
                };
                self.value(chosen)?
            }
            Node::Compute(operator, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                compute(*operator, left, right)?
            }
            Node::Convert(conversion, of) => convert(*conversion, self.value(of)?)?,
            Node::HasField(_)
            | Node::HasEntry(..)
            | Node::HasMember(..)
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Compare(..)
            | Node::In(..)
            | Node::Test(..)
            | Node::Matches(..)
            | Node::Each { .. } => Value::Bool(self.judge(node)?),
        };
        self.pay(value.steps())?;
        Ok(value)
    }

    fn truth(&mut self, node: &'a Node) -> Result<bool, Undecided> {
        let Value::Bool(it) = self.value(node)? else {
            return Err(Undecided);
        };
        Ok(it)
    }

    /// What is true or false by its kind.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`value` lists those that come here"
    )]
    fn judge(&mut self, node: &'a Node) -> Result<bool, Undecided> {
        Ok(match node {
            Node::HasField(field) => self.call.field(*field).is_some(),
            Node::HasEntry(table, key) => self.entry(*table, key)?.is_some(),
            Node::HasMember(of, key) => {
                let of = self.value(of)?;
                of.member(&self.value(key)?).is_some()
            }
            Node::Not(of) => !self.truth(of)?,
            Node::And(left, right) => self.either(left, right, false)?,
            Node::Or(left, right) => self.either(left, right, true)?,
            Node::Compare(comparison, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                compare(*comparison, &left, &right)?
            }
            Node::In(left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                self.is_in(&left, &right)?
            }
            Node::Test(test, of, what) => {
                let (of, what) = (self.text(of)?, self.text(what)?);
                match test {
                    TextTest::StartsWith => of.starts_with(what.as_ref()),
                    TextTest::EndsWith => of.ends_with(what.as_ref()),
                    TextTest::Contains => of.contains(what.as_ref()),
                }
            }
            Node::Matches(of, pattern) => {
                let of = self.text(of)?;
                self.pay(of.len())?;
                pattern.matches(&of).ok_or(Undecided)?
            }
            Node::Each {
                exists,
                list,
                asked,
            } => self.each(*exists, list, asked)?,
            _ => return self.truth(node),
        })
    }

    /// `deciding` on either side decides, whatever the other side is.
    fn either(
        &mut self,
        left: &'a Node,
        right: &'a Node,
        deciding: bool,
    ) -> Result<bool, Undecided> {
        match self.truth(left) {
            Ok(it) if it == deciding => Ok(deciding),
            Ok(_) => self.truth(right),
            Err(Undecided) => match self.truth(right) {
                Ok(it) if it == deciding => Ok(deciding),
                _ => Err(Undecided),
            },
        }
    }

    fn each(&mut self, exists: bool, list: &'a Node, asked: &'a Node) -> Result<bool, Undecided> {
        let list = self.value(list)?;
        let length = list.length().ok_or(Undecided)?;
        let mut outcome = Ok(!exists);
        for index in 0..length {
            self.locals.push(list.at(index).ok_or(Undecided)?);
            let answer = self.truth(asked);
            self.locals.pop();
            self.pay(1)?;
            match answer {
                Ok(it) if it == exists => return Ok(exists),
                Ok(_) => {}
                Err(Undecided) => outcome = Err(Undecided),
            }
        }
        outcome
    }

    fn is_in(&mut self, value: &Value<'a>, within: &Value<'a>) -> Result<bool, Undecided> {
        if let (Value::Text(name), Value::Json(serde_json::Value::Object(object))) = (value, within)
        {
            return Ok(object.contains_key(name.as_ref()));
        }
        let length = within.length().ok_or(Undecided)?;
        self.pay(length)?;
        Ok((0..length).any(|index| within.at(index).is_some_and(|it| it.equals(value))))
    }

    fn entry(&mut self, table: Table, key: &'a Node) -> Result<Option<Value<'a>>, Undecided> {
        let name = self.text(key)?;
        Ok(match table {
            Table::Headers => self
                .call
                .header(&name.to_ascii_lowercase())
                .map(Value::Text),
            Table::Query => self.call.query(&name).map(Value::Text),
            Table::Claims => self.call.claim(&name).map(Value::of),
        })
    }

    fn text(&mut self, node: &'a Node) -> Result<Cow<'a, str>, Undecided> {
        let Value::Text(text) = self.value(node)? else {
            return Err(Undecided);
        };
        Ok(text)
    }

    fn pay(&mut self, steps: usize) -> Result<(), Undecided> {
        let left = self.steps.checked_sub(steps);
        // Spent is spent: what catches the first failure must not go on for free.
        self.steps = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Undecided)
    }
}

fn negative<'a>(value: &Value<'_>) -> Answer<'a> {
    if let Value::Int(number) = value {
        return number.checked_neg().map(Value::Int).ok_or(Undecided);
    }
    value
        .as_double()
        .map(|number| Value::Double(-number))
        .ok_or(Undecided)
}

fn compare(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> Result<bool, Undecided> {
    let order = || left.order(right).ok_or(Undecided);
    Ok(match comparison {
        Comparison::Equal => left.equals(right),
        Comparison::NotEqual => !left.equals(right),
        Comparison::Less => order()?.is_lt(),
        Comparison::LessOrEqual => order()?.is_le(),
        Comparison::Greater => order()?.is_gt(),
        Comparison::GreaterOrEqual => order()?.is_ge(),
    })
}

fn compute<'a>(operator: Arithmetic, left: Value<'a>, right: Value<'a>) -> Answer<'a> {
    let number = match (left, right) {
        (Value::Int(left), Value::Int(right)) => {
            let whole = match operator {
                Arithmetic::Add => left.checked_add(right),
                Arithmetic::Subtract => left.checked_sub(right),
                Arithmetic::Multiply => left.checked_mul(right),
                Arithmetic::Divide => left.checked_div(right),
                Arithmetic::Remainder => left.checked_rem(right),
            };
            return whole.map(Value::Int).ok_or(Undecided);
        }
        (Value::Text(left), Value::Text(right)) if operator == Arithmetic::Add => {
            return Ok(Value::Text(Cow::Owned(left.into_owned() + right.as_ref())));
        }
        (Value::Double(left), Value::Double(right)) => (left, right),
        _ => return Err(Undecided),
    };
    Ok(Value::Double(match operator {
        Arithmetic::Add => number.0 + number.1,
        Arithmetic::Subtract => number.0 - number.1,
        Arithmetic::Multiply => number.0 * number.1,
        Arithmetic::Divide => number.0 / number.1,
        Arithmetic::Remainder => return Err(Undecided),
    }))
}

fn convert(conversion: Conversion, value: Value<'_>) -> Answer<'_> {
    let count = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    Ok(match (conversion, value) {
        (Conversion::Size, Value::Text(text)) => count(text.chars().count()),
        (Conversion::Size, list) => count(list.length().ok_or(Undecided)?),
        (Conversion::Int, Value::Int(number)) => Value::Int(number),
        (Conversion::Int, Value::Double(number)) if number.abs() < 9e18 => {
            Value::Int(number as i64)
        }
        (Conversion::Int, Value::Text(text)) => Value::Int(text.parse().map_err(|_| Undecided)?),
        (Conversion::Double, Value::Text(text)) => {
            Value::Double(text.parse().map_err(|_| Undecided)?)
        }
        (Conversion::Double, number) => Value::Double(number.as_double().ok_or(Undecided)?),
        (Conversion::Text, Value::Text(text)) => Value::Text(text),
        (Conversion::Text, Value::Int(number)) => Value::Text(number.to_string().into()),
        (Conversion::Text, Value::Double(number)) => Value::Text(number.to_string().into()),
        (Conversion::Text, Value::Bool(it)) => Value::Text(it.to_string().into()),
        (Conversion::Lower, Value::Text(text)) => Value::Text(text.to_ascii_lowercase().into()),
        (Conversion::Upper, Value::Text(text)) => Value::Text(text.to_ascii_uppercase().into()),
        _ => return Err(Undecided),
    })
}

/// Some tenths of a millisecond.
const MOST_STEPS: usize = 20_000;
