use proptest::prelude::*;

use super::{Path, PathFault};

#[test]
fn spellings_of_one_path_become_one() {
    for (raw, canonical) in [
        ("/", "/"),
        ("//", "/"),
        ("/pet/7/", "/pet/7"),
        ("//pet///7", "/pet/7"),
        ("/%70et/%37", "/pet/7"),
        ("/a%2db%7e", "/a-b~"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/café", "/caf%C3%A9"),
        ("/a b", "/a%20b"),
        ("/a%3bb;c", "/a%3Bb;c"),
        ("/a%2525", "/a%2525"),
    ] {
        assert_eq!(
            Path::parse(raw).map(|path| path.0),
            Ok(canonical.to_owned()),
            "{raw}"
        );
    }
}

#[test]
fn what_two_parsers_read_differently_is_refused() {
    for (raw, fault) in [
        ("pet", PathFault::NotAbsolute),
        ("", PathFault::NotAbsolute),
        ("/a/../b", PathFault::DotSegment),
        ("/a/%2e%2E/b", PathFault::DotSegment),
        ("/a/.%2e;x=y/b", PathFault::DotSegment),
        ("/a/%252e%252e/b", PathFault::DotSegment),
        ("/a/./b", PathFault::DotSegment),
        ("/a%2fb", PathFault::EncodedSlash),
        ("/a%252Fb", PathFault::EncodedSlash),
        ("/a\\b", PathFault::Backslash),
        ("/a%5cb", PathFault::Backslash),
        ("/a%255cb", PathFault::Backslash),
        ("/a%00", PathFault::Control),
        ("/a%0d%0ab", PathFault::Control),
        ("/a%", PathFault::BrokenPercent),
        ("/a%zz", PathFault::BrokenPercent),
        ("/a%e9", PathFault::NotText),
        ("/%c0%ae%c0%ae/", PathFault::NotText),
    ] {
        assert_eq!(Path::parse(raw), Err(fault), "{raw}");
    }
}

proptest! {
    #[test]
    fn canonical_is_its_own_canonical(raw in "/[a-c./;%2eEfF5\\\\ é]{0,24}") {
        if let Ok(path) = Path::parse(&raw) {
            prop_assert_eq!(Path::parse(path.as_str()), Ok(path.clone()));
            prop_assert!(!path.as_str().contains("//") && !path.as_str().contains("/../"));
        }
    }

    #[test]
    fn no_spelling_makes_the_parser_fall(raw in ".{0,64}") {
        let _ = Path::parse(&raw);
    }
}
