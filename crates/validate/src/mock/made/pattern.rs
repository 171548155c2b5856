//! A text that a simple pattern fits: characters, classes, groups of which the first way is gone, and how often each
//! comes. What looks around itself or back is not simple.

use std::{iter::Peekable, str::Chars};

use crate::contract::schema::regex;

/// A text of a length from `least` to `most` characters; `None` when the pattern is not simple.
pub(super) fn made(pattern: &str, least: usize, most: usize) -> Option<String> {
    let regex = regex(pattern).ok()?;
    let fits =
        |text: &String| (least..=most).contains(&text.chars().count()) && regex.is_match(text);
    [0, 1, 3, least.min(MOST_TIMES)]
        .into_iter()
        .find_map(|more| {
            let mut reader = Reader {
                rest: pattern.chars().peekable(),
                more,
                depth: 0,
            };
            let text = reader.ways()?;
            let padded = || {
                let lacking = least.min(MOST_TIMES).saturating_sub(text.chars().count());
                let padding = "text".chars().cycle().take(lacking);
                text.chars().chain(padding).collect::<String>()
            };
            Some(text.clone())
                .filter(fits)
                .or_else(|| Some(padded()).filter(fits))
        })
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    /// How often what may come any number of times comes beyond the least.
    more: usize,
    depth: usize,
}

impl Reader<'_> {
    /// The first of the ways up to the end of the group; the others are read over.
    fn ways(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return None;
        }
        let first = self.way()?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.way()?;
        }
        self.depth -= 1;
        Some(first)
    }

    fn way(&mut self) -> Option<String> {
        let mut made = String::new();
        while let Some(next) = self.rest.next_if(|it| !matches!(it, '|' | ')')) {
            let piece = match next {
                '^' | '$' => continue,
                '(' => self.group()?,
                '[' => self.class()?.to_string(),
                '.' => "a".to_owned(),
                '\\' => match self.escaped()? {
                    Some(piece) => piece.to_string(),
                    None => continue,
                },
                other => other.to_string(),
            };
            let times = self.times()?;
            made.push_str(&piece.repeat(times));
            if made.len() > MOST_LENGTH {
                return None;
            }
        }
        Some(made)
    }

    fn group(&mut self) -> Option<String> {
        if self.rest.next_if_eq(&'?').is_some() {
            // `(?:` only groups; what else begins so looks around, or names what it groups.
            self.rest.next_if_eq(&':')?;
        }
        let made = self.ways()?;
        self.rest.next_if_eq(&')')?;
        Some(made)
    }

    /// What a backslash means outside of classes: `Some(None)` for a place between characters.
    fn escaped(&mut self) -> Option<Option<char>> {
        Some(Some(match self.rest.next()? {
            'd' => '1',
            'w' => 'a',
            's' => ' ',
            'S' | 'D' | 'W' => return None,
            'b' | 'B' | 'A' | 'z' => return Some(None),
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            other if other.is_ascii_alphanumeric() => return None,
            other => other,
        }))
    }

    /// A character of a class: its first, or of one that excludes, the first that is plain and not in it.
    fn class(&mut self) -> Option<char> {
        let is_inverse = self.rest.next_if_eq(&'^').is_some();
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let mut from = match self.rest.next()? {
                ']' if !ranges.is_empty() => break,
                '[' => return None,
                '\\' => match self.rest.next()? {
                    'd' => {
                        ranges.push(('0', '9'));
                        continue;
                    }
                    'w' => {
                        ranges.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);
                        continue;
                    }
                    's' => {
                        ranges.push((' ', ' '));
                        continue;
                    }
                    other if other.is_ascii_alphanumeric() => return None,
                    other => other,
                },
                other => other,
            };
            let mut to = from;
            if self.rest.next_if_eq(&'-').is_some() {
                match self.rest.next()? {
                    ']' => {
                        ranges.extend([(from, from), ('-', '-')]);
                        break;
                    }
                    '\\' => to = self.rest.next()?,
                    other => to = other,
                }
            }
            if to < from {
                (from, to) = (to, from);
            }
            ranges.push((from, to));
        }
        if !is_inverse {
            return ranges.first().map(|(from, _)| *from);
        }
        let is_out = |it: &char| !ranges.iter().any(|(from, to)| (from..=to).contains(&it));
        "a1A_-".chars().find(is_out)
    }

    /// How often a piece comes: what is demanded, and a few more where any number may come.
    fn times(&mut self) -> Option<usize> {
        let Some(sign) = self.rest.next_if(|it| matches!(it, '*' | '+' | '?' | '{')) else {
            return Some(1);
        };
        let times = match sign {
            '*' => self.more,
            '+' => 1 + self.more,
            '?' => self.more.min(1),
            _ => self.counted()?,
        };
        // As few as can be, or as many: the text is the same.
        let _ = self.rest.next_if(|it| matches!(it, '?' | '+'));
        (times <= MOST_TIMES).then_some(times)
    }

    /// `{2}`, `{2,}`, `{2,5}`; the brace is read already.
    fn counted(&mut self) -> Option<usize> {
        let mut said = String::new();
        loop {
            match self.rest.next()? {
                '}' => break,
                other => said.push(other),
            }
        }
        let Some((least, most)) = said.split_once(',') else {
            return said.parse().ok();
        };
        let least: usize = least.parse().unwrap_or_default();
        let most = match most {
            "" => usize::MAX,
            most => most.parse().ok()?,
        };
        Some((least + self.more).min(most))
    }
}

/// Groups inside each other.
const MOST_DEPTH: usize = 20;
const MOST_TIMES: usize = 1_000;
/// Of a text, in bytes.
const MOST_LENGTH: usize = 10_000;
