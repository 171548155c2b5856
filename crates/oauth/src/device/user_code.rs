//! The code that a person reads off one screen and types into another.

/// Eight letters out of twenty: no vowels that could spell a word, nothing that looks like a digit. 34 bits, which last
/// for ten minutes before a limiter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// A code out of 16 random bytes. Their number is so much larger than that of the codes that none is likelier than
    /// another by more than 2^-90.
    #[must_use]
    pub fn generate(random: [u8; 16]) -> Self {
        let mut rest = u128::from_le_bytes(random);
        let letters = (0..LENGTH)
            .filter_map(|_| {
                let letter = ALPHABET.chars().nth((rest % LETTERS) as usize);
                rest /= LETTERS;
                letter
            })
            .collect();
        Self(letters)
    }

    /// Reads what a person typed: small letters, spaces and hyphens do not matter. `None` for what can be no code.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        if text.len() > MAX_TYPED {
            return None;
        }
        let letters: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let is_code = letters.len() == LENGTH && letters.chars().all(|c| ALPHABET.contains(c));
        is_code.then_some(Self(letters))
    }

    /// The letters alone: what is looked up.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.0
    }

    /// As people read it: in two groups.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second): (Vec<_>, Vec<_>) = self
            .0
            .char_indices()
            .partition(|(index, _)| *index < LENGTH / 2);
        let text = |part: Vec<(usize, char)>| part.into_iter().map(|(_, c)| c).collect::<String>();
        format!("{}-{}", text(first), text(second))
    }
}

const ALPHABET: &str = "BCDFGHJKLMNPQRSTVWXZ";
const LETTERS: u128 = 20;
const LENGTH: usize = 8;
const MAX_TYPED: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_forgiven_and_guessing_is_not() {
        let check = |typed: &str, expected: Option<&str>| {
            let found = UserCode::typed(typed).map(|code| code.shown());
            assert_eq!(found.as_deref(), expected, "{typed}");
        };
        check("BCDF-GHJK", Some("BCDF-GHJK"));
        check(" bcdf ghjk ", Some("BCDF-GHJK"));
        check("bcdfghj", None);
        check("BCDF-GHJKL", None);
        check("ACDF-GHJK", None);
        check("BCDF-GHJ1", None);
        check("", None);
        check(&"-".repeat(40), None);
        check("ſCDFGHJK", None);
    }

    #[test]
    fn every_letter_comes_up() {
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..=255_u8 {
            let code = UserCode::generate([n; 16]);
            assert_eq!(UserCode::typed(&code.shown()), Some(code.clone()));
            seen.extend(code.letters().chars());
        }
        assert_eq!(seen.len(), ALPHABET.len());
    }
}
