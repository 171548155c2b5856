//! `AsyncAPI` 2 and 3, in JSON or YAML: channels that clients publish to and subscribe to.

use serde_json::{Map, Value};

use crate::{Fault, MOST_FAULTS, MOST_OPERATIONS, Operation, fault};

/// A document that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The document.
    pub document: Value,
    /// `asyncapi` as written.
    pub format_version: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// The protocol of the first server, in lower case; empty when no server names one.
    pub protocol: String,
    /// Addresses of the servers.
    pub servers: Vec<String>,
    /// What clients may do.
    pub operations: Vec<Operation>,
}

/// Reads a document.
///
/// # Errors
/// All that is wrong, each with its place.
pub fn read(text: &str) -> Result<Definition, Vec<Fault>> {
    let document = openapi::tree(text).map_err(|wrong| {
        let place = match (wrong.line, wrong.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}"),
            _ => wrong.pointer,
        };
        vec![fault(place, wrong.message)]
    })?;
    let format_version = word(&document, "asyncapi");
    let major = format_version.split('.').next().unwrap_or_default();
    if !matches!(major, "2" | "3") {
        let message = match format_version.as_str() {
            "" => "is missing; this is no AsyncAPI document".to_owned(),
            other => format!("`{other}` is neither version 2 nor version 3"),
        };
        return Err(vec![fault("/asyncapi", message)]);
    }
    let mut faults = Vec::new();
    let none = Value::Null;
    let info = document.get("info").unwrap_or(&none);
    for name in ["title", "version"] {
        if word(info, name).is_empty() {
            faults.push(fault(format!("/info/{name}"), "is missing"));
        }
    }
    let operations = if major == "2" {
        of_channels(&document, &mut faults)
    } else {
        of_operations(&document, &mut faults)
    };
    if operations.is_empty() && faults.is_empty() {
        faults.push(fault(
            "/channels",
            "has nothing to publish to or to subscribe to",
        ));
    }
    if operations.len() > MOST_OPERATIONS {
        faults.push(fault(
            "/channels",
            format!("has more than {MOST_OPERATIONS} operations"),
        ));
    }
    if !faults.is_empty() {
        faults.truncate(MOST_FAULTS);
        return Err(faults);
    }
    let servers = members(&document, "servers");
    let protocol = servers
        .clone()
        .map(|(_, server)| word(server, "protocol"))
        .find(|it| !it.is_empty());
    Ok(Definition {
        title: word(info, "title"),
        version: word(info, "version"),
        description: Some(word(info, "description")).filter(|it| !it.is_empty()),
        protocol: protocol.unwrap_or_default().to_ascii_lowercase(),
        servers: servers.filter_map(|(_, server)| address(server)).collect(),
        format_version,
        operations,
        document,
    })
}

/// Version 2: `subscribe` and `publish` of a channel are what clients do.
fn of_channels(document: &Value, faults: &mut Vec<Fault>) -> Vec<Operation> {
    let mut found = Vec::new();
    for (name, channel) in members(document, "channels") {
        let Value::Object(channel) = channel else {
            faults.push(fault(
                format!("/channels/{}", escaped(name)),
                "is not an object",
            ));
            continue;
        };
        for (member, verb) in [("subscribe", "SUBSCRIBE"), ("publish", "PUBLISH")] {
            if channel.contains_key(member) {
                add(&mut found, verb, name);
            }
        }
    }
    found
}

/// Version 3: operations are what the application does: clients subscribe to what it sends.
fn of_operations(document: &Value, faults: &mut Vec<Fault>) -> Vec<Operation> {
    let mut found = Vec::new();
    for (name, operation) in members(document, "operations") {
        let at = |part: &str| format!("/operations/{}/{part}", escaped(name));
        let verb = match word(operation, "action").as_str() {
            "send" => "SUBSCRIBE",
            "receive" => "PUBLISH",
            _ => {
                faults.push(fault(at("action"), "is neither `send` nor `receive`"));
                continue;
            }
        };
        let reference = operation
            .get("channel")
            .map(|it| word(it, "$ref"))
            .unwrap_or_default();
        let channel = reference.strip_prefix("#/channels/").map(unescaped);
        let target = channel
            .as_ref()
            .and_then(|id| Some((id, document.get("channels")?.get(id)?)));
        let Some((id, channel)) = target else {
            faults.push(fault(
                at("channel"),
                "refers to no channel of this document",
            ));
            continue;
        };
        let address = word(channel, "address");
        add(
            &mut found,
            verb,
            if address.is_empty() { id } else { &address },
        );
    }
    found
}

fn add(found: &mut Vec<Operation>, verb: &'static str, channel: &str) {
    let operation = Operation {
        verb,
        target: format!("/{}", channel.trim_start_matches('/')),
    };
    if !found.contains(&operation) {
        found.push(operation);
    }
}

/// `url` of version 2; `protocol`, `host` and `pathname` of version 3.
fn address(server: &Value) -> Option<String> {
    let (url, host) = (word(server, "url"), word(server, "host"));
    let protocol = word(server, "protocol");
    let whole = match (url.as_str(), host.as_str()) {
        ("", "") => return None,
        ("", host) => format!("{protocol}://{host}{}", word(server, "pathname")),
        (url, _) if url.contains("://") => url.to_owned(),
        (url, _) => format!("{protocol}://{url}"),
    };
    Some(
        with_defaults(&whole, server)
            .trim_end_matches('/')
            .to_owned(),
    )
}

fn with_defaults(url: &str, server: &Value) -> String {
    let mut whole = url.to_owned();
    for (name, variable) in members(server, "variables") {
        whole = whole.replace(&format!("{{{name}}}"), &word(variable, "default"));
    }
    whole
}

fn members<'a>(
    value: &'a Value,
    name: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + Clone {
    value
        .get(name)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn word(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verbs(definition: &Definition) -> Vec<String> {
        let operations = definition.operations.iter();
        operations
            .map(|it| format!("{} {}", it.verb, it.target))
            .collect()
    }

    #[test]
    fn channels_are_what_clients_do() {
        let two = "asyncapi: 2.6.0\ninfo: {title: News, version: 1.0.0}\nservers:\n  a: {url: '{host}.example.org/feed/', \
                   protocol: wss, variables: {host: {default: news}}}\nchannels:\n  headlines: {subscribe: {}, publish: {}}\n";
        let found = read(two).unwrap();
        assert_eq!(
            verbs(&found),
            ["SUBSCRIBE /headlines", "PUBLISH /headlines"]
        );
        assert_eq!(
            (found.protocol.as_str(), found.servers[0].as_str()),
            ("wss", "wss://news.example.org/feed")
        );
        let three = r##"{"asyncapi": "3.0.0", "info": {"title": "News", "version": "1"}, "servers": {"a": {"host": "n.example.org", "protocol": "ws"}},
            "channels": {"h": {"address": "/headlines/{topic}"}},
            "operations": {"tell": {"action": "send", "channel": {"$ref": "#/channels/h"}}, "hear": {"action": "receive", "channel": {"$ref": "#/channels/h"}}}}"##;
        let found = read(three).unwrap();
        assert_eq!(
            verbs(&found),
            ["SUBSCRIBE /headlines/{topic}", "PUBLISH /headlines/{topic}"]
        );
        assert_eq!(found.servers, ["ws://n.example.org"]);
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let places = |text: &str| -> Vec<String> {
            read(text)
                .unwrap_err()
                .into_iter()
                .map(|it| it.place)
                .collect()
        };
        assert_eq!(places("{}"), ["/asyncapi"]);
        assert_eq!(places("asyncapi: 1.2.0"), ["/asyncapi"]);
        assert_eq!(
            places("asyncapi: 2.0.0\nchannels: {a: {subscribe: {}}}"),
            ["/info/title", "/info/version"]
        );
        assert_eq!(
            places("asyncapi: 2.0.0\ninfo: {title: a, version: 1}"),
            ["/channels"]
        );
        let dangling = "asyncapi: 3.0.0\ninfo: {title: a, version: '1'}\noperations: {a: {action: send, channel: {$ref: '#/channels/b'}}}";
        assert_eq!(places(dangling), ["/operations/a/channel"]);
        assert_eq!(places("a: [").len(), 1);
    }
}
