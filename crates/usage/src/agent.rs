//! Which program called: the few families that statistics tell apart, by what their `User-Agent` says.

/// The family of a program; `other` for a name that is none of those known, empty for none.
#[must_use]
pub fn agent_family(user_agent: &str) -> &'static str {
    if user_agent.is_empty() {
        return "";
    }
    FAMILIES
        .iter()
        .find(|(sign, _)| user_agent.contains(sign))
        .map_or("other", |(_, family)| family)
}

/// The first sign that is met says it, so that a browser which names others for old times' sake is told by its own name.
const FAMILIES: &[(&str, &str)] = &[
    ("bot", "bot"),
    ("Bot", "bot"),
    ("spider", "bot"),
    ("crawler", "bot"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("PostmanRuntime/", "Postman"),
    ("insomnia/", "Insomnia"),
    ("python-requests/", "Python"),
    ("python-httpx/", "Python"),
    ("Python", "Python"),
    ("aiohttp/", "Python"),
    ("axios/", "Node.js"),
    ("node", "Node.js"),
    ("undici", "Node.js"),
    ("okhttp/", "OkHttp"),
    ("Java/", "Java"),
    ("Apache-HttpClient/", "Java"),
    ("Go-http-client/", "Go"),
    ("Dart/", "Dart"),
    ("CFNetwork/", "Apple"),
    ("Ruby", "Ruby"),
    ("GuzzleHttp/", "PHP"),
    ("reqwest/", "Rust"),
    (".NET", ".NET"),
    ("k6/", "k6"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_their_own_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        for (agent, family) in [
            ("curl/8.9.1", "curl"),
            (edge, "Edge"),
            ("Mozilla/5.0 (compatible; Googlebot/2.1)", "bot"),
            (
                "Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML) Version/18.0 Safari/605.1",
                "Safari",
            ),
            ("node", "Node.js"),
            ("my own", "other"),
            ("", ""),
        ] {
            assert_eq!(agent_family(agent), family, "{agent}");
        }
    }
}
