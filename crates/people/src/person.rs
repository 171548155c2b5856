//! Rules for people: names, passwords, changes by administrators.

use problem::Problem;
use serde::{Deserialize, Deserializer};

/// A person to be added.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewUser {
    /// See [`require_username`].
    pub username: String,
    /// See [`require_password`].
    pub password: String,
    /// Optional.
    pub email: Option<String>,
    /// Optional.
    pub display_name: Option<String>,
    /// Roles; `Internal/everyone` is added.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// Changes to a person; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserUpdate {
    /// `null` takes it away.
    #[serde(default, deserialize_with = "present")]
    pub email: Option<Option<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "present")]
    pub display_name: Option<Option<String>>,
    /// `ACTIVE` or `DISABLED`.
    pub status: Option<String>,
    /// All roles of the person from now on.
    pub roles: Option<Vec<String>>,
}

impl NewUser {
    /// Is everything in order? Whether the roles exist is for the database to say.
    ///
    /// # Errors
    /// 400 with all faults, or 900606 for the password alone.
    pub fn check(&self) -> Result<(), Problem> {
        let mut problem = Problem::new("400");
        if let Err(fault) = require_username(&self.username) {
            problem = problem.fault("username", fault);
        }
        problem = check_contact(problem, self.email.as_deref(), self.display_name.as_deref());
        if !problem.faults.is_empty() {
            return Err(problem);
        }
        require_password(&self.password, &self.username)
    }
}

impl UserUpdate {
    /// Is everything in order?
    ///
    /// # Errors
    /// 400 with all faults.
    pub fn check(&self) -> Result<(), Problem> {
        let mut problem = Problem::new("400");
        if self
            .status
            .as_deref()
            .is_some_and(|status| !matches!(status, "ACTIVE" | "DISABLED"))
        {
            problem = problem.fault("status", "give `ACTIVE` or `DISABLED`");
        }
        let email = self.email.as_ref().and_then(Option::as_deref);
        let name = self.display_name.as_ref().and_then(Option::as_deref);
        problem = check_contact(problem, email, name);
        if problem.faults.is_empty() {
            Ok(())
        } else {
            Err(problem)
        }
    }
}

/// 3 to 64 ASCII letters, digits and `._@+-`, the first a letter or digit.
///
/// # Errors
/// What would be right.
pub fn require_username(username: &str) -> Result<(), &'static str> {
    let good = (3..=64).contains(&username.len())
        && username.starts_with(|c: char| c.is_ascii_alphanumeric())
        && username
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._@+-".contains(c));
    if good {
        Ok(())
    } else {
        Err("give 3 to 64 letters, digits and `._@+-`, the first a letter or digit")
    }
}

/// 12 to 128 characters that are not guessed first: length does more than rules of composition (NIST SP 800-63B).
///
/// # Errors
/// 900606.
pub fn require_password(password: &str, username: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let weak = |why: &str| Err(Problem::new("900606").detail(why));
    if !(12..=128).contains(&length) {
        return weak("use 12 to 128 characters");
    }
    if distinct(&lower) < 5 || is_run(&lower) {
        return weak("the password repeats or counts; use words that nobody would guess");
    }
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    if lower.contains(&username.to_lowercase()) || COMMON.contains(&core) {
        return weak("the password is among the first that are guessed; choose another");
    }
    Ok(())
}

fn check_contact(mut problem: Problem, email: Option<&str>, name: Option<&str>) -> Problem {
    if email.is_some_and(|email| !is_email(email)) {
        problem = problem.fault("email", "give an address like `ann@example.org`");
    }
    if name.is_some_and(|name| name.chars().count() > 100 || name.chars().any(char::is_control)) {
        problem = problem.fault("displayName", "give at most 100 characters");
    }
    problem
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.len() <= 254
        && !local.is_empty()
        && domain.contains('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn distinct(text: &str) -> usize {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    characters.len()
}

/// `abcdefghijkl`, `123456789012`, `qwertyuiop12`: each character follows the one before in the alphabet, the digits
/// or a row of keys.
fn is_run(text: &str) -> bool {
    RUNS.iter().any(|run| run.contains(text))
}

/// `None` when absent, `Some(None)` for `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

const RUNS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "9876543210987654321098765432109",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Letters of passwords of twelve characters and more that head the lists of leaked ones, digits around taken off.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passwordpassword",
    "administrator",
    "adminadmin",
    "adminadminadmin",
    "letmeinletmein",
    "changeme",
    "changemenow",
    "changemeplease",
    "welcome",
    "welcomewelcome",
    "iloveyou",
    "iloveyouforever",
    "qwerty",
    "qwertyqwerty",
    "qwertyuiop",
    "secretsecret",
    "correcthorsebatterystaple",
    "trustno",
    "superman",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "michaeljackson",
    "unbelievable",
    "blink",
    "liverpool",
    "chelsea",
    "p@ssw0rd",
    "p@ssword",
    "passw0rd",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        let check = |password: &str, good: bool| {
            let verdict = require_password(password, "annika");
            assert_eq!(verdict.is_ok(), good, "{password} {verdict:?}");
        };
        check("tin lamp river 9", true);
        check("Eleven-char", false);
        check(&"x".repeat(13), false);
        check("121212121212", false);
        check("123456789012", false);
        check("qwertyuiopasd", false);
        check("Password12345", false);
        check("!!!passwordpassword", false);
        check("Annika-is-my-name", false);
        check(&"änderung ".repeat(5), true);
        check(&"long enough ".repeat(11), false);
    }

    #[test]
    fn usernames_have_plain_letters() {
        for good in ["ann", "ann@example.org", "a.b-c_d+1"] {
            assert_eq!(require_username(good), Ok(()), "{good}");
        }
        for bad in ["", "ab", ".ann", "ann/bob", "ann bob", "änne", "a\nb"] {
            assert!(require_username(bad).is_err(), "{bad}");
        }
        assert!(require_username(&"a".repeat(65)).is_err());
    }

    #[test]
    fn left_out_is_not_null() {
        let read = |text: &str| serde_json::from_str::<UserUpdate>(text).unwrap();
        assert_eq!(read("{}").email, None);
        assert_eq!(read(r#"{"email":null}"#).email, Some(None));
        assert_eq!(
            read(r#"{"email":"a@b.c"}"#).email,
            Some(Some("a@b.c".into()))
        );
        assert!(serde_json::from_str::<UserUpdate>(r#"{"admin":true}"#).is_err());
    }
}
