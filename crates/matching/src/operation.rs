//! The most specific template that has the method.
//!
//! Which template wins is a comparison of summaries, segment by segment: a literal beats a template with literal parts,
//! which beats a bare parameter, which beats a wildcard; where one ends, a wildcard goes on. A trailing slash counts as
//! none. `HEAD` is served by `GET` where the API has no `HEAD` of its own.
//!
//! Segments are compared as an upstream reads them, decoded and without what follows a `;`: else `/x%3Acancel` or
//! `/admin;a` would be a wildcard's for us, and for the upstream the operation that asks for more.

use std::borrow::Cow;

use model::Operation;

use crate::path::decode;

/// The operation that a request means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The operation.
    pub operation: &'a Operation,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoOperation {
    /// No template has this path: 404.
    UnknownPath,
    /// A template has the path, but not the method: 405 with these in `Allow`.
    WrongMethod(Vec<String>),
}

/// Finds the operation for an upper-case `method` on the path `below` the base path (canonical, starting with `/`).
///
/// # Errors
/// See [`NoOperation`].
pub fn find<'a>(
    operations: &'a [Operation],
    method: &str,
    below: &str,
) -> Result<Matched<'a>, NoOperation> {
    let read = as_read(below);
    let below = read.as_ref();
    let serving = |wanted: &str| {
        // The method first: it is cheaper to compare than a template.
        let candidates = operations.iter().filter(|it| it.method == wanted);
        candidates
            .filter(|it| has(&it.template, below))
            .max_by(|left, right| {
                summary(&left.template, below).cmp(summary(&right.template, below))
            })
            .map(|operation| Matched { operation })
    };
    let found = serving(method).or_else(|| (method == "HEAD").then(|| serving("GET")).flatten());
    let has_path = |it: &&'a Operation| has(&it.template, below);
    found.ok_or_else(|| refusal(operations.iter().filter(has_path)))
}

/// Every method that the path has, for `Allow`.
fn refusal<'a>(candidates: impl Iterator<Item = &'a Operation>) -> NoOperation {
    let mut methods: Vec<String> = candidates
        .map(|operation| operation.method.clone())
        .collect();
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".to_owned());
    }
    methods.sort();
    methods.dedup();
    if methods.is_empty() {
        NoOperation::UnknownPath
    } else {
        NoOperation::WrongMethod(methods)
    }
}

/// How closely a template names a segment of the path, or that both end; greater is closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Wildcard,
    Parameter,
    Mixed,
    Literal,
    End,
}

/// Does the template have this path?
fn has(template: &str, below: &str) -> bool {
    let mut path = segments(below);
    for part in segments(template) {
        if part == WILDCARD {
            return true;
        }
        let Some(segment) = path.next() else {
            return false;
        };
        if closeness(part, segment).is_none() {
            return false;
        }
    }
    path.next().is_none()
}

/// The summary of a template that has the path. Compared from the left, so the first segment that differs decides.
fn summary(template: &str, below: &str) -> impl Iterator<Item = Closeness> {
    let mut path = segments(below);
    let parts = segments(template).map(Some).chain([None]);
    parts.map(move |part| match part {
        Some(WILDCARD) => Closeness::Wildcard,
        Some(part) => path
            .next()
            .and_then(|segment| closeness(part, segment))
            .unwrap_or(Closeness::Wildcard),
        None => Closeness::End,
    })
}

/// The parts between slashes. Cut byte by byte: setting a search up for each costs more than the few bytes that it reads.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches('/');
        let end = rest.bytes().position(|byte| byte == b'/');
        let (segment, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = after;
        (!segment.is_empty()).then_some(segment)
    })
}

fn closeness(part: &str, segment: &str) -> Option<Closeness> {
    if !part.bytes().any(|byte| matches!(byte, b'{' | b'%' | b';')) {
        return (part == segment).then_some(Closeness::Literal);
    }
    let read = as_read(part);
    let part = read.as_ref();
    if !part.contains('{') {
        return (part == segment).then_some(Closeness::Literal);
    }
    let (before, rest) = part.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    if before.is_empty() && after.is_empty() {
        return Some(Closeness::Parameter);
    }
    // `{name}.json`, `v{version}`, `{a}-{b}`: the literal ends must be there, and something between them.
    let tail = after.rsplit_once('}').map_or(after, |(_, tail)| tail);
    let inner = segment.strip_prefix(before)?.strip_suffix(tail)?;
    (!inner.is_empty()).then_some(Closeness::Mixed)
}

/// A path or a template as an upstream reads it. What cannot be decoded stays as it is: no path that came in is such.
fn as_read(path: &str) -> Cow<'_, str> {
    if !path.bytes().any(|byte| matches!(byte, b'%' | b';')) {
        return Cow::Borrowed(path);
    }
    let mut read = String::with_capacity(path.len());
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            read.push('/');
        }
        let decoded = decode(segment.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let decoded = decoded.as_deref().unwrap_or(segment);
        read.push_str(decoded.split(';').next().unwrap_or_default());
    }
    Cow::Owned(read)
}

/// The rest of a path, or nothing.
const WILDCARD: &str = "*";

#[cfg(test)]
mod tests {
    use model::OperationSecurity;

    use super::*;

    fn operations(list: &[(&str, &str)]) -> Vec<Operation> {
        list.iter()
            .map(|(method, template)| Operation {
                method: (*method).to_owned(),
                template: (*template).to_owned(),
                security: OperationSecurity::Any,
                scopes: Vec::new(),
                limit: None,
                weight: 1,
            })
            .collect()
    }

    #[test]
    fn the_most_specific_template_wins() {
        let all = operations(&[
            ("GET", "/*"),
            ("GET", "/pet/{petId}"),
            ("GET", "/pet/findByStatus"),
            ("GET", "/pet/{petId}.json"),
            ("POST", "/pet/{petId}"),
            ("GET", "/{kind}/7"),
            ("DELETE", "/pet/{petId}/photos/*"),
            ("PUT", "/"),
            ("PUT", "/*"),
            ("PUT", "/pet/*"),
            ("PUT", "/pet"),
        ]);
        for (method, path, expected) in [
            ("GET", "/pet/7", "/pet/{petId}"),
            ("GET", "/pet/7/", "/pet/{petId}"),
            ("HEAD", "/pet/7", "/pet/{petId}"),
            ("GET", "/pet/findByStatus", "/pet/findByStatus"),
            ("GET", "/pet/7.json", "/pet/{petId}.json"),
            ("GET", "/cat/7", "/{kind}/7"),
            ("GET", "/", "/*"),
            ("GET", "/a/b/c", "/*"),
            ("DELETE", "/pet/7/photos/a/b", "/pet/{petId}/photos/*"),
            ("PUT", "/", "/"),
            ("PUT", "/pet", "/pet"),
            ("PUT", "/pet/7", "/pet/*"),
            ("PUT", "/cat", "/*"),
        ] {
            let found = find(&all, method, path).map(|it| it.operation.template.as_str());
            assert_eq!(found, Ok(expected), "{method} {path}");
        }
    }

    #[test]
    fn segments_are_compared_as_an_upstream_reads_them() {
        let all = operations(&[
            ("GET", "/*"),
            ("GET", "/{id}"),
            ("GET", "/x:cancel"),
            ("GET", "/admin"),
            ("GET", "/caf%C3%A9"),
            ("GET", "/thé"),
            ("GET", "/m/{a};v={v}"),
            ("GET", "/100%25"),
        ]);
        for (path, expected) in [
            ("/x%3Acancel", "/x:cancel"),
            ("/admin;a=b", "/admin"),
            ("/admin%3Ba", "/admin"),
            ("/caf%C3%A9", "/caf%C3%A9"),
            ("/th%C3%A9", "/thé"),
            ("/m/7;v=1", "/m/{a};v={v}"),
            ("/100%25", "/100%25"),
            ("/7;v=1", "/{id}"),
        ] {
            let found = find(&all, "GET", path).map(|it| it.operation.template.as_str());
            assert_eq!(found, Ok(expected), "{path}");
        }
    }

    #[test]
    fn a_known_path_says_its_methods() {
        let all = operations(&[("GET", "/pet"), ("POST", "/pet"), ("PUT", "/pet/{id}")]);
        let methods = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            find(&all, "DELETE", "/pet"),
            Err(NoOperation::WrongMethod(methods(&["GET", "HEAD", "POST"])))
        );
        assert_eq!(
            find(&all, "GET", "/pet/7"),
            Err(NoOperation::WrongMethod(methods(&["PUT"])))
        );
        assert_eq!(find(&all, "GET", "/toys"), Err(NoOperation::UnknownPath));
    }
}
