//! Path templates: whether requests can match one, and when two match the same requests.

/// Why no request can match a template; the sentence for the author.
pub(crate) fn flaw(template: &str) -> Option<&'static str> {
    if !template.starts_with('/') {
        return Some("a path begins with `/`");
    }
    if template.chars().any(|c| c.is_control() || c == ' ') {
        return Some("a path has neither spaces nor control characters; write them as `%20`");
    }
    let mut inside = false;
    let mut named = false;
    for character in template.chars() {
        match (character, inside) {
            ('{', true) => return Some("`{` stands inside of a parameter; close the first one"),
            ('}', false) => return Some("`}` closes no parameter; open it with `{`"),
            ('}', true) if !named => return Some("`{}` is a parameter without a name"),
            ('/', true) => return Some("a parameter ends within its segment; close it with `}`"),
            ('{', false) => (inside, named) = (true, false),
            ('}', true) => inside = false,
            _ => named = true,
        }
    }
    inside.then_some("a parameter is not closed; add `}`")
}

/// The template without the names of its parameters: equal texts match the same requests.
pub(crate) fn nameless(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut inside = false;
    for character in template.chars() {
        match character {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}

/// The names of the parameters, in order.
pub(crate) fn parameters(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_that_requests_can_match_pass() {
        for template in [
            "/",
            "/*",
            "/pets/{petId}",
            "/pets/{petId}.json",
            "/{a}/{b}:{c}",
            "/{a}{b}",
            "/files/{path*}",
            "/{+name}",
            "/ünï",
            "/a?b={c}",
            "/#Action=A",
        ] {
            assert_eq!(flaw(template), None, "{template}");
        }
    }

    #[test]
    fn templates_that_match_nothing_are_named() {
        for template in [
            "", "pets", "/a b", "/a\n", "/{a", "/a}", "/{}", "/{a{b}}", "/{a/b}", "/{a}}",
        ] {
            assert!(flaw(template).is_some(), "{template}");
        }
    }

    #[test]
    fn names_of_parameters_do_not_tell_apart() {
        for (template, expected) in [
            ("/a/{b}", "/a/{}"),
            ("/a/{b}.json", "/a/{}.json"),
            ("/{a}{b}/c", "/{}{}/c"),
            ("/{a", "/{}"),
        ] {
            assert_eq!(nameless(template), expected);
        }
        assert!(parameters("/a/{b}/{c}.{d}").eq(["b", "c", "d"]));
    }
}
