//! Signing out at a client's wish (`OpenID` Connect RP-Initiated Logout 1.0).

use serde_json::{Map, Value};

use crate::{Form, ID_TOKEN_TYPE, PageFault, authorize::with_query};

/// What a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogoutRequest {
    /// Where the person goes afterwards.
    pub redirect_uri: Option<String>,
    /// Passed back unchanged.
    pub state: Option<String>,
}

/// What an ID token of ours, shown as a hint, says. It may have expired: it tells whose session is meant and opens
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// To whom it was issued.
    pub client: String,
    /// About whom.
    pub subject: String,
    /// In which session.
    pub session: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn<'a> {
    /// The person.
    pub subject: &'a str,
    /// The session's public name.
    pub session: &'a str,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutStep {
    /// End the session, if there is one, and go there; without an address, to our own page.
    SignOut(Option<String>),
    /// Ask the person: nothing proves that the client speaks of this session.
    Confirm,
}

impl Hint {
    /// Reads the claims of a token whose signature is this issuer's; `None` for any other than an ID token. An access
    /// token has another type, and an ID token has no `client_id`.
    #[must_use]
    pub fn of(claims: &Map<String, Value>, kind: Option<&str>, issuer: &str) -> Option<Self> {
        let text = |name: &str| {
            claims
                .get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        if kind != Some(ID_TOKEN_TYPE) || text("iss")? != issuer || claims.contains_key("client_id")
        {
            return None;
        }
        Some(Self {
            client: text("aud")?,
            subject: text("sub")?,
            session: text("sid"),
        })
    }
}

impl LogoutRequest {
    /// Reads the parameters.
    #[must_use]
    pub fn read(form: &Form) -> Self {
        Self {
            redirect_uri: form.get("post_logout_redirect_uri").map(ToOwned::to_owned),
            state: form.get("state").map(ToOwned::to_owned),
        }
    }

    /// Which client speaks: the hint's, or the one named.
    ///
    /// # Errors
    /// When the two are not the same.
    pub fn client(form: &Form, hint: Option<&Hint>) -> Result<Option<String>, PageFault> {
        let named = form.get("client_id");
        match (hint, named) {
            (Some(hint), Some(named)) if hint.client != named => Err(PageFault::UnknownHint),
            (Some(hint), _) => Ok(Some(hint.client.clone())),
            (None, named) => Ok(named.map(ToOwned::to_owned)),
        }
    }

    /// Our page that asks the person, with what it needs to come back here. The hint is not passed on: it was not believed.
    #[must_use]
    pub fn confirmation(&self, client: &str) -> String {
        let mut parameters = vec![("confirm", "1")];
        if let Some(uri) = &self.redirect_uri {
            parameters.extend([("client_id", client), ("post_logout_redirect_uri", uri)]);
            parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        }
        with_query("/signed-out/", &parameters)
    }

    /// Decides. `registered` are the client's post-logout redirect URIs; of no client, there are none.
    ///
    /// # Errors
    /// For an address that is not registered, to be told on a page; nobody is signed out then.
    pub fn decide(
        &self,
        registered: &[String],
        hint: Option<&Hint>,
        present: Option<SignedIn<'_>>,
    ) -> Result<LogoutStep, PageFault> {
        let there = match &self.redirect_uri {
            None => None,
            Some(uri) if registered.contains(uri) => Some(match &self.state {
                Some(state) => with_query(uri, &[("state", state)]),
                None => uri.clone(),
            }),
            Some(_) => return Err(PageFault::UnregisteredLogout),
        };
        let Some(present) = present else {
            return Ok(LogoutStep::SignOut(there));
        };
        let is_meant = hint.is_some_and(|hint| match &hint.session {
            Some(session) => session == present.session,
            None => hint.subject == present.subject,
        });
        Ok(if is_meant {
            LogoutStep::SignOut(there)
        } else {
            LogoutStep::Confirm
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(session: Option<&str>) -> Hint {
        Hint {
            client: "c".into(),
            subject: "ann".into(),
            session: session.map(ToOwned::to_owned),
        }
    }

    const ANN: SignedIn<'_> = SignedIn {
        subject: "ann",
        session: "s",
    };

    fn request(uri: Option<&str>, state: Option<&str>) -> LogoutRequest {
        LogoutRequest {
            redirect_uri: uri.map(ToOwned::to_owned),
            state: state.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn only_the_meant_session_ends_unasked() {
        let check = |hint: Option<Hint>, present: Option<SignedIn<'_>>, expected: LogoutStep| {
            let step = request(None, None).decide(&[], hint.as_ref(), present);
            assert_eq!(step, Ok(expected), "{hint:?} {present:?}");
        };
        check(None, Some(ANN), LogoutStep::Confirm);
        check(None, None, LogoutStep::SignOut(None));
        check(Some(hint(Some("s"))), Some(ANN), LogoutStep::SignOut(None));
        check(Some(hint(Some("t"))), Some(ANN), LogoutStep::Confirm);
        check(Some(hint(None)), Some(ANN), LogoutStep::SignOut(None));
        let bob = SignedIn {
            subject: "bob",
            session: "s2",
        };
        check(Some(hint(None)), Some(bob), LogoutStep::Confirm);
    }

    #[test]
    fn people_go_to_registered_places_only() {
        let registered = vec!["https://a/out".to_owned()];
        let check = |uri: &str, state, expected: Option<&str>| {
            let step = request(Some(uri), state).decide(&registered, None, None);
            let expected = expected.map(|there| LogoutStep::SignOut(Some(there.to_owned())));
            assert_eq!(step.ok(), expected, "{uri}");
        };
        check("https://a/out", None, Some("https://a/out"));
        check(
            "https://a/out",
            Some("x y"),
            Some("https://a/out?state=x+y"),
        );
        check("https://a/out/", None, None);
        check("https://evil", None, None);
        assert!(
            request(Some("https://a/out"), None)
                .decide(&[], Some(&hint(None)), Some(ANN))
                .is_err()
        );
    }

    #[test]
    fn confirmation_leads_back_where_it_may() {
        assert_eq!(
            request(None, Some("s")).confirmation("c"),
            "/signed-out/?confirm=1"
        );
        let back = request(Some("https://a/out"), Some("s")).confirmation("c");
        let expected = "/signed-out/?confirm=1&client_id=c&post_logout_redirect_uri=https%3A%2F%2Fa%2Fout&state=s";
        assert_eq!(back, expected);
    }

    #[test]
    fn only_id_tokens_of_ours_are_hints() {
        let claims = |value: Value| value.as_object().unwrap().clone();
        let good = serde_json::json!({"iss": "i", "aud": "c", "sub": "ann", "sid": "s"});
        assert_eq!(
            Hint::of(&claims(good.clone()), Some("JWT"), "i"),
            Some(hint(Some("s")))
        );
        assert_eq!(Hint::of(&claims(good.clone()), Some("at+jwt"), "i"), None);
        assert_eq!(Hint::of(&claims(good), Some("JWT"), "j"), None);
        let access = serde_json::json!({"iss": "i", "aud": "c", "sub": "ann", "client_id": "c"});
        assert_eq!(Hint::of(&claims(access), Some("JWT"), "i"), None);
    }

    #[test]
    fn hint_and_client_have_to_agree() {
        let client = |query: &str, hint: Option<Hint>| {
            LogoutRequest::client(&Form::parse(query).unwrap(), hint.as_ref()).ok()
        };
        assert_eq!(client("client_id=c", None), Some(Some("c".into())));
        assert_eq!(
            client("client_id=c", Some(hint(None))),
            Some(Some("c".into()))
        );
        assert_eq!(client("client_id=d", Some(hint(None))), None);
        assert_eq!(client("", Some(hint(None))), Some(Some("c".into())));
        assert_eq!(client("", None), Some(None));
    }
}
