//! GraphQL queries, as they are measured.

use graphql::{Call, Limits, Values, judge};

use super::{Target, holds, text};

pub(super) const QUERY: Target = Target {
    name: "query",
    seeds: &[
        "{a{b(first:2){c}}}",
        "query Q($n:Int=3){a(first:$n){...F}}fragment F on T{b ...on U{c}}",
        "mutation @x(y:{z:[1]}){a:b(c:\"d\",e:\"\"\"f\"\"\")}",
        "subscription{a} #c\nfragment G on T{...F}fragment F on T{x:y}",
    ],
    words: &[
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "=",
        "$",
        "@",
        "!",
        "...",
        "on ",
        "fragment ",
        "F ",
        "first:",
        "last:",
        "\"",
        "\"\"\"",
        "\\",
        "#",
        ",",
        "9999999999",
        "-1",
        "1e9",
        "query ",
    ],
    run: |input| {
        let document = text(input);
        let call = Call {
            kind: "application/graphql",
            body: &document,
            query: "",
        };
        let Ok(alone) = judge(&call, &Values::default(), &Limits::default()) else {
            return Ok(false);
        };
        holds(
            alone.depth > 0 || alone.complexity == 0,
            "fields without a level",
        )?;
        let most = u64::from(alone.depth) <= alone.complexity;
        holds(most, "more levels than fields")?;
        Ok(true)
    },
};
