//! Names, versions and contexts: what an API may be called and where it may hang.

use crate::Fault;

/// Checks an API's name: 1 to 200 characters, none that a path, a query or a log line would trip over.
#[must_use]
pub fn name_fault(name: &str) -> Option<Fault> {
    text_fault("name", name, NAME_LIMIT, |character| {
        character.is_control() || NAME_FORBIDDEN.contains(character)
    })
}

/// Checks an API's version: 1 to 30 characters without spaces.
#[must_use]
pub fn version_fault(version: &str) -> Option<Fault> {
    if version == "." || version == ".." {
        return Some(fault("version", "`.` and `..` are not versions"));
    }
    text_fault("version", version, VERSION_LIMIT, |character| {
        !(character.is_ascii_alphanumeric() || "-._".contains(character))
    })
}

/// Whether a scope may be called that: RFC 6749 section 3.3, and of a length that a row and a token bear.
#[must_use]
pub fn is_scope(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name
            .chars()
            .all(|one| one.is_ascii_graphic() && one != '"' && one != '\\')
}

/// A name made of a definition's title: what is forbidden becomes a space.
#[must_use]
pub fn name_from(title: &str) -> String {
    let replaced: String = title
        .chars()
        .map(|character| {
            if character.is_control() || NAME_FORBIDDEN.contains(character) {
                ' '
            } else {
                character
            }
        })
        .collect();
    let words: Vec<&str> = replaced.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .take(NAME_LIMIT)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A version made of a definition's version: what is forbidden becomes `-`.
#[must_use]
pub fn version_from(version: &str) -> String {
    let replaced: String = version
        .trim()
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || "-._".contains(character) {
                character
            } else {
                '-'
            }
        })
        .take(VERSION_LIMIT)
        .collect();
    if replaced.is_empty() {
        "1.0.0".to_owned()
    } else {
        replaced
    }
}

/// A context made of a name: lower-case letters, digits and dashes.
#[must_use]
pub fn context_from(name: &str) -> String {
    let mut context = String::from("/");
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            context.push(character.to_ascii_lowercase());
        } else if !context.ends_with(['-', '/']) {
            context.push('-');
        }
    }
    let trimmed = context.trim_end_matches('-');
    let cut: String = trimmed.chars().take(100).collect();
    if cut.len() > 1 {
        cut
    } else {
        "/api-1".to_owned()
    }
}

/// Where an API hangs: its context with `{version}` where the version stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context(String);

impl Context {
    /// Reads a context: a path of letters, digits, `-`, `.`, `_` and `~`, in which one segment may be `{version}`. A
    /// leading slash is added, a trailing one refused.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let path = if text.starts_with('/') {
            text.to_owned()
        } else {
            format!("/{text}")
        };
        if path.len() > CONTEXT_LIMIT {
            return Err(fault(
                "context",
                &format!("is longer than {CONTEXT_LIMIT} characters"),
            ));
        }
        let mut versions = 0;
        for segment in path.split('/').skip(1) {
            match segment {
                VERSION => versions += 1,
                "" => return Err(fault("context", "has an empty segment or a trailing slash")),
                "." | ".." => return Err(fault("context", "has a `.` or `..` segment")),
                other if other.chars().all(is_context_character) => {}
                other => {
                    return Err(fault(
                        "context",
                        &format!(
                            "segment `{other}` has more than letters, digits, `-`, `.`, `_`, `~`"
                        ),
                    ));
                }
            }
        }
        if versions > 1 {
            return Err(fault("context", "has `{version}` more than once"));
        }
        Ok(Self(path))
    }

    /// The context as given, with its leading slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The base path of one version: `{version}` filled in, or the version appended.
    #[must_use]
    pub fn base_path(&self, version: &str) -> String {
        if self.0.contains(VERSION) {
            self.0.replace(VERSION, version)
        } else {
            format!("{}/{version}", self.0)
        }
    }

    /// The base path of the default version: without the version. `None` when nothing would be left.
    #[must_use]
    pub fn alias(&self) -> Option<String> {
        let path = self.0.replace(&format!("/{VERSION}"), "");
        (!path.is_empty()).then_some(path)
    }

    /// What is wrong with hanging `version` here: first segments that the platform itself serves are taken.
    #[must_use]
    pub fn reserved_fault(&self, version: &str) -> Option<Fault> {
        let taken = |path: &str| {
            let first = model::first_segment(path).to_ascii_lowercase();
            RESERVED.contains(&first.as_str()).then_some(first)
        };
        let first = taken(&self.base_path(version))
            .or_else(|| self.alias().and_then(|path| taken(&path)))?;
        Some(fault(
            "context",
            &format!("`/{first}` belongs to the platform itself; choose another first segment"),
        ))
    }
}

fn is_context_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~".contains(character)
}

fn text_fault(
    place: &str,
    text: &str,
    limit: usize,
    forbidden: impl Fn(char) -> bool,
) -> Option<Fault> {
    if text.trim().is_empty() {
        return Some(fault(place, "is empty"));
    }
    if text.chars().count() > limit {
        return Some(fault(place, &format!("is longer than {limit} characters")));
    }
    text.chars()
        .find(|character| forbidden(*character))
        .map(|character| {
            fault(
                place,
                &format!("must not have `{}`", character.escape_debug()),
            )
        })
}

fn fault(place: &str, message: &str) -> Fault {
    Fault {
        place: place.to_owned(),
        message: message.to_owned(),
    }
}

/// Stands in a context where the version goes.
const VERSION: &str = "{version}";

/// WSO2's limits, so that its clients meet no new ones.
const NAME_LIMIT: usize = 200;
const VERSION_LIMIT: usize = 30;
const CONTEXT_LIMIT: usize = 232;

/// WSO2's pattern for names, turned round.
const NAME_FORBIDDEN: &str = "~!@#;:%^*()+={}|\\<>\"',&$[]/";

/// What the front door serves itself.
const RESERVED: &[&str] = &[
    "",
    "internal",
    "cdn-cgi",
    "assets",
    "docs",
    "publisher",
    "devportal",
    "admin",
    "sign-in",
    "consent",
    "device",
    "account",
    "sign-up",
    "recovery",
    "signed-out",
    "session",
    "oauth2",
    "oidc",
    ".well-known",
    "client-registration",
    "setup",
    "api",
    "sample",
    "favicon.svg",
    "robots.txt",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_plain_paths() {
        for (text, expected) in [
            ("/petstore", Some("/petstore")),
            ("petstore", Some("/petstore")),
            ("/{version}/pets", Some("/{version}/pets")),
            ("/a/{version}/b", Some("/a/{version}/b")),
            ("/pets/", None),
            ("/pets//x", None),
            ("/pets/../x", None),
            ("/{id}/x", None),
            ("/{version}/{version}", None),
            ("/pe ts", None),
            ("/pets?x=1", None),
            ("/pets%2f", None),
            ("", None),
            ("/", None),
        ] {
            let parsed = Context::parse(text).ok();
            assert_eq!(parsed.as_ref().map(Context::as_str), expected, "{text}");
        }
    }

    #[test]
    fn versions_go_where_the_context_says() {
        let at = |context: &str| {
            let context = Context::parse(context).unwrap();
            (context.base_path("1.0.0"), context.alias())
        };
        assert_eq!(at("/pets"), ("/pets/1.0.0".into(), Some("/pets".into())));
        assert_eq!(
            at("/{version}/pets"),
            ("/1.0.0/pets".into(), Some("/pets".into()))
        );
        assert_eq!(
            at("/a/{version}/b"),
            ("/a/1.0.0/b".into(), Some("/a/b".into()))
        );
        assert_eq!(at("/{version}"), ("/1.0.0".into(), None));
    }

    #[test]
    fn platform_paths_are_taken() {
        for (context, version, taken) in [
            ("/api", "1", true),
            ("/Publisher/x", "1", true),
            ("/{version}/x", "oauth2", true),
            ("/{version}/admin", "1", true),
            ("/apis", "1", false),
        ] {
            let fault = Context::parse(context).unwrap().reserved_fault(version);
            assert_eq!(fault.is_some(), taken, "{context} {version}");
        }
    }

    #[test]
    fn titles_become_names() {
        assert_eq!(
            name_from("Swagger Petstore - OpenAPI 3.1"),
            "Swagger Petstore - OpenAPI 3.1"
        );
        assert_eq!(name_from("A/B: the (real) API"), "A B the real API");
        assert_eq!(version_from("2024-01 beta"), "2024-01-beta");
        assert_eq!(
            context_from("Swagger Petstore - 3.1"),
            "/swagger-petstore-3-1"
        );
        assert_eq!(context_from("日本"), "/api-1");
    }

    #[test]
    fn names_and_versions_are_limited() {
        assert!(name_fault("Pizza Shack").is_none());
        assert!(name_fault("a/b").is_some());
        assert!(name_fault(" ").is_some());
        assert!(name_fault(&"a".repeat(201)).is_some());
        assert!(version_fault("1.0.0-rc.1").is_none());
        assert!(version_fault("1 0").is_some());
        assert!(version_fault("..").is_some());
    }
}
