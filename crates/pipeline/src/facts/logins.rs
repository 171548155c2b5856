//! Names and passwords that the Key Manager has compared: what came of it is remembered for a while, by the digest of the
//! pair and for the scopes that were asked about.

use std::rc::Rc;

use credential::Basic;
use model::Timestamp;

use super::Facts;
use crate::{Need, decision::Stop, shelf::Shelf};

/// A name and a password, with what is asked about whoever they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// What was shown.
    pub basic: Basic,
    /// Address of the client, by which guessing is slowed down.
    pub address: String,
    /// Which of these scopes does the user have?
    pub scopes: Vec<String>,
}

/// Whose a name and a password are.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Person {
    /// The user.
    pub user: String,
    /// Those of the scopes that were asked about which the user has.
    pub scopes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Logins {
    people: Shelf<String, (Rc<Person>, Timestamp)>,
    /// Apart, so that guesses push nobody out.
    nobody: Shelf<String, Timestamp>,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            people: Shelf::new(LOGINS),
            nobody: Shelf::new(LOGINS),
        }
    }
}

impl Logins {
    /// Was it somebody's when it was last compared, however long ago?
    pub(super) fn has_person(&mut self, login: &Login) -> bool {
        self.people.get(&name(login)).is_some()
    }
}

impl Facts {
    /// Whose the pair is; `None` for nobody's.
    pub(crate) fn person(
        &mut self,
        login: Login,
        now: Timestamp,
    ) -> Result<Option<Rc<Person>>, Stop> {
        let taken_back = self.trust(now)?;
        let before = taken_back.revocations.users.before(login.basic.user());
        let counts = |at: &Timestamp| {
            let is_young = (0..REMEMBERED_MS).contains(&now.ms_since(*at));
            is_young && before.is_none_or(|before| before <= *at)
        };
        let name = name(&login);
        if let Some((person, _)) = self.logins.people.get(&name).filter(|it| counts(&it.1)) {
            return Ok(Some(Rc::clone(person)));
        }
        if self.logins.nobody.get(&name).is_some_and(|at| counts(at)) {
            return Ok(None);
        }
        Err(Stop::missing(Need::Login(Box::new(login))))
    }

    pub(super) fn put_login(&mut self, login: &Login, person: Option<Person>, now: Timestamp) {
        let name = name(login);
        if let Some(person) = person {
            self.logins.nobody.remove(&name);
            self.logins.people.put(name, (Rc::new(person), now));
        } else {
            self.logins.people.remove(&name);
            self.logins.nobody.put(name, now);
        }
    }
}

fn name(login: &Login) -> String {
    format!("{} {}", login.basic.digest(), login.scopes.join(" "))
}

/// For how long a password that was changed still opens an API, and how often one that is wrong is compared.
const REMEMBERED_MS: i64 = 30_000;
const LOGINS: usize = 1_000;
