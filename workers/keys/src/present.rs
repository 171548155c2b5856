//! Who sits before the browser, as the front channel speaks of them.

use oauth::Presence;
use runtime::{Failure, Outcome};

use crate::{call::Call, people::Person, session};

/// A person who is signed in.
pub(crate) struct Present {
    pub(crate) person: Person,
    pub(crate) presence: Presence,
    /// The session's public name, which clients may know as `sid`.
    pub(crate) session: String,
}

/// The person of the session cookie, if the session is alive and the person may act.
pub(crate) async fn find(call: &Call) -> Outcome<Option<Present>> {
    let signed_in = session::signed_in(call).await?;
    Ok(signed_in.map(|found| Present {
        presence: Presence {
            subject: found.person.username.clone(),
            auth_time: found.auth_time,
            amr: found.amr,
        },
        person: found.person,
        session: found.session,
    }))
}

/// As [`find`], for what nobody may do unnamed.
pub(crate) async fn required(call: &Call) -> Outcome<Present> {
    find(call)
        .await?
        .ok_or_else(|| Failure::because("401", "sign in first"))
}
