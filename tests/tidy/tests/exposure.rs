//! Who may reach what: only front, and a gateway of its own process, listen where a stranger can come; only gateways and
//! the control plane may send messages to counters.

use tests::{files, read};

#[test]
fn only_front_has_a_public_route() {
    let settings = files("workers", &["wrangler.toml"]);
    assert!(settings.len() >= 5, "each Worker has its settings");
    for path in settings.iter().filter(|path| !path.contains("/front/")) {
        let text = read(path);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert!(
            lines.contains(&"workers_dev = false"),
            "{path} must say `workers_dev = false`"
        );
        let public = [
            "route",
            "workers_dev = true",
            "preview_urls = true",
            "[[routes",
            "[[env.production.routes",
        ];
        for line in lines.iter().filter(|line| !line.starts_with('#')) {
            let opens = public.iter().find(|word| line.starts_with(**word));
            assert!(opens.is_none(), "{path} opens a way in: `{line}`");
        }
    }
}

#[test]
fn strangers_reach_front_and_gateways_only() {
    let mut public = 0;
    for path in files("deploy", &[".capnp"]) {
        for line in read(&path)
            .lines()
            .filter(|line| line.contains("address = \""))
        {
            let is_private = line.contains("address = \"unix:");
            let is_meant = ["service = \"front\"", "service = \"gateway\""]
                .iter()
                .any(|service| line.contains(service));
            assert!(
                is_private || is_meant,
                "{path} listens for strangers: {line}"
            );
            public += usize::from(!is_private);
        }
    }
    assert!(public >= 2, "the check finds the sockets that there are");
}

#[test]
fn only_those_who_count_are_bound_to_counters() {
    let bound = |path: &&String| read(path).contains("class_name = \"LimitShard\"");
    let settings = files("workers", &["wrangler.toml"]);
    let bound: Vec<&str> = settings
        .iter()
        .filter(bound)
        .filter_map(|path| path.split('/').nth(1))
        .collect();
    assert_eq!(bound, ["gateway", "portal-api", "traffic"]);
    let platform = read("deploy/postern.capnp");
    let holders: Vec<&str> = platform
        .split("\nconst ")
        .filter(|part| part.contains("\"LimitShard\""))
        .filter_map(|part| part.split_whitespace().next())
        .collect();
    assert_eq!(holders, ["gateway", "traffic", "portalApi"]);
}

/// RFC 9700 section 4.17: what is handed over in the browser by messages goes to whoever holds the window. A broadcast channel
/// reaches pages of the same origin alone; the console's sign-in takes one, whose name is the state of the request, for a code that
/// is worth nothing without the verifier.
#[test]
fn no_page_hands_anything_over_by_message() {
    let mut pages = files("pages", &[".ts", ".tsx", ".html", ".mjs"]);
    pages.retain(|path| !path.contains("/node_modules/") && !path.contains("/dist/"));
    pages.extend(files("workers", &[".rs", ".js"]));
    assert!(
        pages.len() > 100,
        "the check finds the pages that there are"
    );
    for path in pages {
        let mut text = read(&path);
        if path.ends_with("pages/devportal/console/sign-in.ts") {
            assert!(text.contains("const channel = new BroadcastChannel("));
            for own in ["channel.postMessage(answer)", "channel.onmessage ="] {
                text = text.replacen(own, "", 1);
            }
        }
        for word in ["postMessage(", "web_message", "onmessage"] {
            assert!(!text.contains(word), "{path} has `{word}`");
        }
    }
}
