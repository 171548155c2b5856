//! GraphQL schemas in the schema definition language.

use std::collections::{BTreeMap, BTreeSet};

use apollo_parser::{
    Parser,
    cst::{self, CstNode, Definition},
};

use ::graphql::{Field, Values};

use crate::{Fault, MOST_FAULTS, MOST_OPERATIONS, Operation, fault, place};

/// A schema that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The fields of the root types, queries first.
    pub operations: Vec<Operation>,
    /// The fields of objects and interfaces, extensions included, each with the type that it is of.
    pub types: BTreeMap<String, Vec<(String, String)>>,
    /// The type of each root: `query`, `mutation`, `subscription`.
    roots: BTreeMap<String, String>,
}

impl Schema {
    /// Has the type this field?
    #[must_use]
    pub fn has(&self, owner: &str, field: &str) -> bool {
        let fields = self.types.get(owner);
        fields.is_some_and(|fields| fields.iter().any(|(name, _)| name == field))
    }

    /// Complexity values with what of the schema it takes to find them. `value` says what a field counts.
    #[must_use]
    pub fn values(&self, value: impl Fn(&str, &str) -> u32) -> Values {
        let types = self.types.iter().map(|(owner, fields)| {
            let fields = fields.iter().map(|(name, of)| {
                let value = value(owner, name);
                let of = of.clone();
                (name.clone(), Field { value, of })
            });
            (owner.clone(), fields.collect())
        });
        Values::of(self.roots.clone(), types.collect())
    }
}

/// Reads a schema.
///
/// # Errors
/// All that is wrong, with line and column: the syntax, types that stand twice or not at all, nothing to ask for.
pub fn read(text: &str) -> Result<Schema, Vec<Fault>> {
    let tree = Parser::new(text)
        .recursion_limit(DEPTH)
        .token_limit(TOKENS)
        .parse();
    let mut faults: Vec<Fault> = tree
        .errors()
        .take(MOST_FAULTS)
        .map(|error| {
            let message = if error.is_limit() {
                format!("is larger than {TOKENS} tokens or nested deeper than {DEPTH} levels")
            } else {
                lower(error.message())
            };
            fault(place(text, error.index()), message)
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut types = Types::default();
    for definition in tree.document().definitions() {
        types.add(text, &definition);
    }
    faults.append(&mut types.faults);
    types.unknown(text, &mut faults);
    let operations = types.operations(&mut faults);
    if faults.is_empty() {
        Ok(Schema {
            operations,
            roots: types.roots(),
            types: types.fields,
        })
    } else {
        faults.truncate(MOST_FAULTS);
        Err(faults)
    }
}

/// What the types of a schema say.
#[derive(Default)]
struct Types {
    /// Every type that is defined.
    names: BTreeSet<String>,
    /// The fields of objects and interfaces, extensions included, with their types.
    fields: BTreeMap<String, Vec<(String, String)>>,
    /// Names of types that something refers to, with where.
    named: Vec<(String, usize)>,
    /// The type of each root that `schema` names.
    roots: BTreeMap<&'static str, String>,
    faults: Vec<Fault>,
}

impl Types {
    fn add(&mut self, text: &str, definition: &Definition) {
        use Definition as It;
        match definition {
            It::ObjectTypeDefinition(it) => {
                self.define(text, it.name().as_ref());
                self.fields_of(text, it.name().as_ref(), it.fields_definition().as_ref());
            }
            It::ObjectTypeExtension(it) => {
                self.fields_of(text, it.name().as_ref(), it.fields_definition().as_ref())
            }
            It::InterfaceTypeDefinition(it) => {
                self.define(text, it.name().as_ref());
                self.fields_of(text, it.name().as_ref(), it.fields_definition().as_ref());
            }
            It::InterfaceTypeExtension(it) => {
                self.fields_of(text, it.name().as_ref(), it.fields_definition().as_ref())
            }
            It::UnionTypeDefinition(it) => self.define(text, it.name().as_ref()),
            It::EnumTypeDefinition(it) => self.define(text, it.name().as_ref()),
            It::ScalarTypeDefinition(it) => self.define(text, it.name().as_ref()),
            It::InputObjectTypeDefinition(it) => self.define(text, it.name().as_ref()),
            It::SchemaDefinition(it) => self.root(it.root_operation_type_definitions()),
            It::SchemaExtension(it) => self.root(it.root_operation_type_definitions()),
            It::OperationDefinition(_) | It::FragmentDefinition(_) => {
                let at = offset(definition.syntax());
                let message = "is a request; a schema has definitions only";
                self.faults.push(fault(place(text, at), message));
                return;
            }
            It::DirectiveDefinition(_)
            | It::ScalarTypeExtension(_)
            | It::UnionTypeExtension(_)
            | It::EnumTypeExtension(_)
            | It::InputObjectTypeExtension(_) => {}
        }
        let inside = definition.syntax().descendants();
        for named in inside.filter_map(cst::NamedType::cast) {
            if let Some(name) = named.name() {
                self.named
                    .push((name.text().to_string(), offset(named.syntax())));
            }
        }
    }

    fn define(&mut self, text: &str, name: Option<&cst::Name>) {
        let Some(name) = name else { return };
        let word = name.text().to_string();
        if !self.names.insert(word.clone()) {
            let at = place(text, offset(name.syntax()));
            self.faults
                .push(fault(at, format!("type `{word}` stands twice")));
        }
    }

    fn fields_of(
        &mut self,
        text: &str,
        name: Option<&cst::Name>,
        fields: Option<&cst::FieldsDefinition>,
    ) {
        let Some(owner) = name.map(|name| name.text().to_string()) else {
            return;
        };
        let known = self.fields.entry(owner.clone()).or_default();
        for field in fields
            .into_iter()
            .flat_map(cst::FieldsDefinition::field_definitions)
        {
            let Some(name) = field.name() else { continue };
            let word = name.text().to_string();
            if known.iter().any(|(it, _)| *it == word) {
                let at = place(text, offset(name.syntax()));
                self.faults
                    .push(fault(at, format!("field `{owner}.{word}` stands twice")));
            } else {
                known.push((word, type_of(&field)));
            }
        }
    }

    fn root(&mut self, roots: impl Iterator<Item = cst::RootOperationTypeDefinition>) {
        for root in roots {
            let Some((kind, name)) = root.operation_type().zip(root.named_type()) else {
                continue;
            };
            let verb = if kind.mutation_token().is_some() {
                "MUTATION"
            } else if kind.subscription_token().is_some() {
                "SUBSCRIPTION"
            } else {
                "QUERY"
            };
            if let Some(name) = name.name() {
                self.roots.insert(verb, name.text().to_string());
            }
        }
    }

    /// Types that are referred to and are not there.
    fn unknown(&self, text: &str, faults: &mut Vec<Fault>) {
        let mut told = BTreeSet::new();
        for (name, at) in &self.named {
            let is_known = self.names.contains(name) || SCALARS.contains(&name.as_str());
            if !is_known && told.insert(name) {
                faults.push(fault(
                    place(text, *at),
                    format!("there is no type `{name}`"),
                ));
            }
        }
    }

    fn roots(&self) -> BTreeMap<String, String> {
        let of = |(verb, usual): (&str, &str)| {
            let named = self.roots.get(verb).map(String::as_str);
            let root = named.or_else(|| self.roots.is_empty().then_some(usual))?;
            Some((verb.to_ascii_lowercase(), root.to_owned()))
        };
        ROOTS.into_iter().filter_map(of).collect()
    }

    fn operations(&self, faults: &mut Vec<Fault>) -> Vec<Operation> {
        let mut found = Vec::new();
        for (verb, usual) in ROOTS {
            let root = if self.roots.is_empty() {
                Some(usual)
            } else {
                self.roots.get(verb).map(String::as_str)
            };
            let fields = root.and_then(|root| self.fields.get(root));
            found.extend(fields.into_iter().flatten().map(|(field, _)| Operation {
                verb,
                target: field.clone(),
            }));
        }
        if found.is_empty() && faults.is_empty() {
            faults.push(fault(
                "",
                "has no field of `Query`, `Mutation` or `Subscription`",
            ));
        }
        if found.len() > MOST_OPERATIONS {
            faults.push(fault(
                "",
                format!("has more than {MOST_OPERATIONS} operations"),
            ));
        }
        found
    }
}

/// The type of a field, without lists.
fn type_of(field: &cst::FieldDefinition) -> String {
    let named = field
        .ty()
        .and_then(|it| it.syntax().descendants().find_map(cst::NamedType::cast));
    let name = named.and_then(|it| it.name());
    name.map(|name| name.text().to_string()).unwrap_or_default()
}

fn offset(node: &apollo_parser::SyntaxNode) -> usize {
    node.text_range().start().into()
}

/// The parser begins with a capital letter where it speaks whole sentences.
fn lower(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

const ROOTS: [(&str, &str); 3] = [
    ("QUERY", "Query"),
    ("MUTATION", "Mutation"),
    ("SUBSCRIPTION", "Subscription"),
];
const SCALARS: &[&str] = &["Int", "Float", "String", "Boolean", "ID"];
/// GitHub's schema, the largest in everyday use, has 160,000.
const TOKENS: usize = 1_000_000;
/// Lists in lists of values; schemas have three or four.
const DEPTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn verbs(text: &str) -> Vec<String> {
        let schema = read(text).unwrap();
        let operations = schema.operations.into_iter();
        operations
            .map(|it| format!("{} {}", it.verb, it.target))
            .collect()
    }

    fn first(text: &str) -> (String, String) {
        let fault = read(text).unwrap_err().remove(0);
        (fault.place, fault.message)
    }

    #[test]
    fn fields_of_root_types_are_operations() {
        let text = "type Query { hero(id: ID!): [Hero!]! }\nextend type Query { heroes: [Hero] }\n\
                    type Mutation { add(name: String): Hero }\ntype Hero { name: String @deprecated }";
        assert_eq!(verbs(text), ["QUERY hero", "QUERY heroes", "MUTATION add"]);
        let named = "schema { query: Root subscription: News }\ntype Root { a: Int }\ntype News { b: Int }\n\
                     type Mutation { c: Int }";
        assert_eq!(verbs(named), ["QUERY a", "SUBSCRIPTION b"]);
    }

    #[test]
    fn values_keep_what_leads_to_them() {
        let text = "schema { query: Root }\ntype Root { hero: [Hero!]! now: Int }\n\
                    interface Hero { name: String }\ntype Other { a: Other }";
        let schema = read(text).unwrap();
        assert!(schema.has("Hero", "name") && schema.has("Root", "now"));
        assert!(!schema.has("Hero", "now") && !schema.has("Query", "now"));
        assert!(schema.values(|_, _| 1).is_usual());
        let values = schema.values(|owner, _| if owner == "Hero" { 5 } else { 1 });
        let kept = serde_json::to_value(&values).unwrap();
        let of_root = serde_json::json!({"hero": {"value": 1, "of": "Hero"}});
        assert_eq!(kept["types"]["Root"], of_root);
        assert_eq!(kept["types"]["Hero"]["name"]["value"], 5);
        assert_eq!(kept["types"].as_object().unwrap().len(), 2);
        assert_eq!(kept["roots"], serde_json::json!({"query": "Root"}));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = |text: &str, place: &str, message: &str| {
            assert_eq!(
                first(text),
                (place.to_owned(), message.to_owned()),
                "{text}"
            );
        };
        told(
            "type Query {\n  a: Missing\n}",
            "line 2, column 6",
            "there is no type `Missing`",
        );
        told(
            "type Query { a: Int }\ntype Query { b: Int }",
            "line 2, column 6",
            "type `Query` stands twice",
        );
        told(
            "type Query { a: Int a: Int }",
            "line 1, column 21",
            "field `Query.a` stands twice",
        );
        told(
            "type Hero { a: Int }",
            "",
            "has no field of `Query`, `Mutation` or `Subscription`",
        );
        told(
            "query { a }",
            "line 1, column 1",
            "is a request; a schema has definitions only",
        );
        assert_eq!(first("type Query { a: }").0, "line 1, column 17");
        assert!(read("").is_err());
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!(
            "type Query {{ a: {}Int{} }}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(
            first(&deep).1.contains("nested deeper"),
            "{:?}",
            first(&deep)
        );
    }
}
