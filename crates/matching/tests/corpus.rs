//! Spellings by which gateways were got past: dot segments in every disguise, between every kind of separator.
//!
//! A lax upstream decodes twice, cuts at `;`, reads `\` as `/` and folds `//`. Whatever canonical path we let through
//! must mean the same to it as to us.

use matching::Path;

#[test]
fn no_spelling_means_another_path_upstream() {
    let mut spellings = 0;
    let mut passed = 0;
    for dot in DOTS {
        for by in SEPARATORS {
            for raw in [
                format!("/public{by}{dot}{by}admin"),
                format!("/public/a{by}{dot}{by}{dot}{by}admin"),
                format!("/{dot}{by}public/{dot}{by}admin"),
                format!("/public/a{dot}{by}b"),
            ] {
                spellings += 1;
                let Ok(path) = Path::parse(&raw) else {
                    continue;
                };
                passed += 1;
                let canonical = path.as_str();
                assert_eq!(
                    Path::parse(canonical),
                    Ok(path.clone()),
                    "{raw} is not stable"
                );
                assert_eq!(
                    lax(canonical).starts_with("/public"),
                    canonical.starts_with("/public"),
                    "{raw} became {canonical}, which means {}",
                    lax(canonical)
                );
            }
        }
    }
    assert!(spellings >= 402, "{spellings} spellings");
    assert!(passed > 0, "some are honest, for example `/public/a..;/b`");
}

#[test]
fn honest_paths_pass_as_they_are() {
    for path in [
        "/a.b",
        "/a..b",
        "/...",
        "/..a",
        "/a;v=1",
        "/a,b",
        "/a:b@c",
        "/a'(b)*",
        "/a%20b",
        "/%E2%82%AC",
        "/a&b=c",
        "/a+b",
        "/a$b!c",
        "/a%3Fb",
        "/a%23b",
        "/a%25b",
        "/~user",
        "/pet/7.json",
    ] {
        assert_eq!(
            Path::parse(path).map(|it| it.as_str().to_owned()),
            Ok(path.to_owned())
        );
    }
}

/// What a careless upstream makes of a path.
fn lax(path: &str) -> String {
    let twice = decode(&decode(path)).replace('\\', "/");
    let mut segments: Vec<&str> = Vec::new();
    for segment in twice.split('/') {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    format!("/{}", segments.join("/"))
}

fn decode(text: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        (rest, _) = match code {
            Some(code) if *first == b'%' => {
                (after.get(2..).unwrap_or_default(), decoded.push(code))
            }
            _ => (after, decoded.push(*first)),
        };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

const DOTS: [&str; 15] = [
    "..",
    ".",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "%2e",
    "%252e%252e",
    "..;",
    "..;a=b",
    "%2e%2e;",
    "..%00",
    "%c0%ae%c0%ae",
    "..%5c",
    "..\\",
];
const SEPARATORS: [&str; 9] = ["/", "//", "%2f", "%2F", "%5c", "\\", "%252f", "/./", "/;/"];
