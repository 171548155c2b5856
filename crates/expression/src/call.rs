//! What is known of a call.

use std::borrow::Cow;

/// A call that rules are asked about.
pub trait Call {
    /// A text of the call; `None` when this call has none.
    fn field(&self, field: Field) -> Option<Cow<'_, str>>;

    /// The first value of a header, by its lower-case name.
    fn header(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The first value of a query parameter, decoded.
    fn query(&self, name: &str) -> Option<Cow<'_, str>>;

    /// A claim of the token.
    fn claim(&self, name: &str) -> Option<&serde_json::Value>;
}

/// A text that calls have one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `request.method`
    Method,
    /// `request.path`: in its one spelling, without the query.
    Path,
    /// `request.host`
    Host,
    /// `request.address`
    Address,
    /// `user`
    User,
    /// `application.id`
    ApplicationId,
    /// `application.name`
    ApplicationName,
    /// `application.owner`
    ApplicationOwner,
    /// `subscription.plan`
    Plan,
    /// `api.id`
    ApiId,
    /// `api.name`
    ApiName,
    /// `api.version`
    ApiVersion,
    /// `api.context`, with the version in it.
    ApiContext,
    /// `api.organization`
    Organization,
    /// `operation.method`
    OperationMethod,
    /// `operation.template`
    OperationTemplate,
}

/// What is looked up by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Headers,
    Query,
    Claims,
}

/// A name that stands for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Field(Field),
    Table(Table),
}

/// What `root` or `root.member` is.
pub(crate) fn known(root: &str, member: Option<&str>) -> Option<Known> {
    NAMES
        .iter()
        .find(|(name, below, _)| *name == root && *below == member)
        .map(|(_, _, known)| *known)
}

/// Is there something below this name?
pub(crate) fn has_members(root: &str) -> bool {
    NAMES
        .iter()
        .any(|(name, below, _)| *name == root && below.is_some())
}

/// Names below `root`, for whoever wrote another.
pub(crate) fn members(root: &str) -> String {
    let below = NAMES.iter().filter(|(name, _, _)| *name == root);
    let names: Vec<&str> = below.filter_map(|(_, below, _)| *below).collect();
    names.join(", ")
}

const NAMES: &[(&str, Option<&str>, Known)] = &[
    ("request", Some("method"), Known::Field(Field::Method)),
    ("request", Some("path"), Known::Field(Field::Path)),
    ("request", Some("host"), Known::Field(Field::Host)),
    ("request", Some("address"), Known::Field(Field::Address)),
    ("request", Some("headers"), Known::Table(Table::Headers)),
    ("request", Some("query"), Known::Table(Table::Query)),
    ("user", None, Known::Field(Field::User)),
    ("claims", None, Known::Table(Table::Claims)),
    (
        "application",
        Some("id"),
        Known::Field(Field::ApplicationId),
    ),
    (
        "application",
        Some("name"),
        Known::Field(Field::ApplicationName),
    ),
    (
        "application",
        Some("owner"),
        Known::Field(Field::ApplicationOwner),
    ),
    ("subscription", Some("plan"), Known::Field(Field::Plan)),
    ("api", Some("id"), Known::Field(Field::ApiId)),
    ("api", Some("name"), Known::Field(Field::ApiName)),
    ("api", Some("version"), Known::Field(Field::ApiVersion)),
    ("api", Some("context"), Known::Field(Field::ApiContext)),
    (
        "api",
        Some("organization"),
        Known::Field(Field::Organization),
    ),
    (
        "operation",
        Some("method"),
        Known::Field(Field::OperationMethod),
    ),
    (
        "operation",
        Some("template"),
        Known::Field(Field::OperationTemplate),
    ),
];
