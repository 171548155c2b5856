//! Patterns by what they defend against. They meet texts that [`super::pattern`] has made plain: decoded, in lower case,
//! without comments, each run of blanks one blank. A pattern is tried only where one of its words occurs.

use std::sync::OnceLock;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

/// What the patterns of a pack defend against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pack {
    /// SQL in values.
    Sql,
    /// Scripts for browsers.
    Script,
    /// Server-side includes.
    Include,
    /// `XPath` in values.
    Xpath,
    /// Paths that climb.
    Traversal,
}

impl Pack {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Sql,
        Self::Script,
        Self::Include,
        Self::Xpath,
        Self::Traversal,
    ];

    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sql => "SQL injection",
            Self::Script => "JavaScript injection",
            Self::Include => "server-side include injection",
            Self::Xpath => "XPath injection",
            Self::Traversal => "path traversal",
        }
    }

    const fn rules(self) -> &'static [Rule] {
        match self {
            Self::Sql => SQL,
            Self::Script => SCRIPT,
            Self::Include => INCLUDE,
            Self::Xpath => XPATH,
            Self::Traversal => TRAVERSAL,
        }
    }

    /// Does a plain text have what this pack looks for?
    #[must_use]
    pub fn finds(self, text: &str) -> bool {
        self.rules()
            .iter()
            .zip(self.compiled())
            .any(|(rule, regex)| {
                rule.words.iter().any(|word| text.contains(word)) && regex.is_match(text)
            })
    }

    fn compiled(self) -> &'static [Regex] {
        static COMPILED: [OnceLock<Vec<Regex>>; 5] = [const { OnceLock::new() }; 5];
        let slot = Self::ALL.iter().position(|it| *it == self);
        slot.and_then(|slot| COMPILED.get(slot))
            .map_or(&[], |slot| {
                slot.get_or_init(|| {
                    let patterns = self.rules().iter();
                    patterns
                        .filter_map(|rule| Regex::new(rule.pattern).ok())
                        .collect()
                })
            })
    }
}

struct Rule {
    words: &'static [&'static str],
    pattern: &'static str,
}

const fn rule(words: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { words, pattern }
}

const SQL: &[Rule] = &[
    rule(&["union"], r"\bunion\b ?(all|distinct)?[ (]*select\b"),
    rule(
        &[";"],
        r"; ?(drop|alter|truncate|delete|insert|update|exec|execute|create|grant|shutdown|declare|merge)\b",
    ),
    rule(
        &["'", "\"", "`"],
        r#"['"`] ?\)* ?(or|and|xor|\|\||&&) ?\(* ?(not )?['"`]?[\w.]+['"`]? ?(=|<|>|!=|like\b|in ?\(|is\b|between\b|regexp\b)"#,
    ),
    rule(
        &["or ", "and "],
        r#"\b(or|and) \(?(\d+|'[^']{0,40}'|"[^"]{0,40}") ?(=|<|>|like\b) ?(\d+|'|")"#,
    ),
    rule(&["'"], r"' ?\)* ?(--|#|;|$)[^']{0,20}$|' ?\)* ?(--|#|;)"),
    rule(
        &[
            "sleep",
            "benchmark",
            "waitfor",
            "xp_",
            "load_file",
            "outfile",
            "dumpfile",
            "information_schema",
            "extractvalue",
            "updatexml",
        ],
        r"\b(pg_)?sleep ?\( ?\d|\bbenchmark ?\( ?\d|\bwaitfor ?(delay|time)\b|\bxp_(cmdshell|reg\w+|dirtree)\b|\bload_file ?\(|\binto (out|dump)file\b|\binformation_schema\b|\b(extractvalue|updatexml) ?\(",
    ),
    rule(
        &["drop ", "alter ", "truncate "],
        r"\b(drop|alter|truncate) (table|database|schema|view|index|user|procedure)\b",
    ),
];

const SCRIPT: &[Rule] = &[
    rule(
        &["<"],
        r"< ?/?(script|iframe|frame|object|embed|applet|svg|math|base|meta|link|style|template)\b",
    ),
    // Without `<` in it: where each letter may begin a match, all that are under way are followed at once.
    rule(&["<"], r"<[^<>]{1,500}[ /'\x22]on[a-z]{3,30} ?="),
    rule(
        &["javascript", "vbscript", "data:text/html"],
        r"\b(java|vb)script ?:|data:text/html",
    ),
    rule(
        &["document", "eval", "window", "settimeout", "fromcharcode"],
        r"\bdocument ?\. ?(cookie|write|domain|location)\b|\b(eval|settimeout|setinterval) ?\(|\bwindow ?\. ?location\b|\bfromcharcode ?\(",
    ),
];

const INCLUDE: &[Rule] = &[rule(
    &["<!--"],
    r"<!-- ?# ?(include|exec|echo|config|printenv|set|fsize|flastmod|if)\b",
)];

const XPATH: &[Rule] = &[
    rule(
        &["::"],
        r"\b(ancestor|ancestor-or-self|attribute|child|descendant|descendant-or-self|following|following-sibling|namespace|parent|preceding|preceding-sibling|self) ?:: ?[a-z*@]",
    ),
    rule(
        &["'", "\""],
        r#"['"] ?\]? ?(or|and|\|) ?(['"]?\w{0,40}['"]? ?=|/|count ?\(|string-length ?\(|substring ?\(|name ?\(|position ?\(|true ?\()"#,
    ),
    rule(&["]"], r"\] ?\| ?/|\[ ?position ?\( ?\)|\[ ?last ?\( ?\)"),
    rule(&["count"], r"\bcount ?\( ?/"),
];

const TRAVERSAL: &[Rule] = &[
    rule(&[".."], r"(^|[/\\=&'\x22 ])\.\.;?([/\\]|$)"),
    rule(
        &["etc", "win.ini", "boot.ini", "proc", "web-inf"],
        r"[/\\]etc[/\\](passwd|shadow|group|hosts)\b|\b(win|boot)\.ini\b|[/\\]proc[/\\]self\b|[/\\]web-inf[/\\]",
    ),
    rule(&["\0"], r"\x00"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pack in Pack::ALL {
            assert_eq!(pack.compiled().len(), pack.rules().len(), "{}", pack.name());
        }
    }
}
